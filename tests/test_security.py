"""Who may call, from where, and what every answer forbids the browser; the roles over HTTP."""

from __future__ import annotations

import pytest
from desks import PERKIM, PUPR, document
from serving import API, Caller, service

from service import auth
from service.context import KEY
from service.settings import Settings, trusted_names
from service.store import SYSTEM, people

LAN = "http://192.168.1.10:8000"
SECRET = "kayuh baimbai bersama"
PEOPLE = {
    "Rahma": ("planner", ""),
    "Fajar": ("facilitator", ""),
    "Budi": ("agency", "PUPR"),
    "Sari": ("kecamatan", "Barat"),
    "Tamu": ("observer", ""),
}


@pytest.fixture
def local(tmp_path):
    """A service for this computer only."""
    with service(f"sqlite:///{tmp_path / 'kayuh.db'}") as app:
        yield app


@pytest.fixture(scope="module")
def lan(tmp_path_factory):
    """A service for a room, with an account for each role; passwords take half a second each."""
    file = tmp_path_factory.mktemp("lan") / "kayuh.db"
    host = "192.168.1.10"
    with service(f"sqlite:///{file}", host=host, trusted=trusted_names(host)) as app:
        store = app.extensions[KEY].store
        kept = people.sealed("siapa", SECRET)
        with store.write(SYSTEM) as tx:
            for name, (role, scope) in PEOPLE.items():
                people.add(tx, name, role, kept, scope)
        app.tokens = {}
        with store.write(SYSTEM) as tx:
            for name in PEOPLE:
                app.tokens[name] = people.add_token(tx, name, "uji")
        yield app


def by_token(app, name):
    return Caller(app, LAN, Authorization=f"Bearer {app.tokens[name]}")


# Host and Origin


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200), ("localhost:8000", 200), ("LOCALHOST", 200), ("[::1]:8000", 200),
        ("127.0.0.1", 200), ("jahat.example", 400), ("127.0.0.1.jahat.example:8000", 400),
        ("192.168.1.10:8000", 400), ("", 400), ("127.0.0.1:8000@jahat.example", 400),
    ],
)  # fmt: skip
def test_only_our_own_names_are_answered_on_loopback_too(local, host, status):
    client = local.test_client()
    found = client.get(f"{API}/rules", headers={"Host": host})
    assert found.status_code == status


@pytest.mark.parametrize(
    ("listens", "host", "trusted"),
    [
        ("0.0.0.0", "192.168.1.10:8000", True),  # an address can't be rebound
        ("0.0.0.0", "[fe80::1]:8000", True),
        ("::", "10.0.0.7", True),
        ("0.0.0.0", "jahat.example", False),
        ("192.168.1.10", "192.168.1.10", True),
        ("192.168.1.10", "192.168.1.11", False),
        ("127.0.0.1", "192.168.1.10", False),
        ("127.0.0.2", "127.0.0.1:8000", True),
    ],
)
def test_the_names_that_are_ours_follow_from_where_we_listen(listens, host, trusted):
    settings = Settings(database="", host=listens, trusted=trusted_names(listens))
    assert settings.trusts(host) is trusted


def test_a_proxys_name_can_be_added(monkeypatch):
    monkeypatch.setenv("KAYUH_HOSTS", "desk.banjarmasin.example, desk2.example")
    settings = Settings(database="", trusted=trusted_names("127.0.0.1"))
    assert settings.trusts("Desk.Banjarmasin.example:443")
    assert not settings.trusts("desk.banjarmasin.example.jahat.example")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 200),
        ("http://127.0.0.1:8000", 200),
        ("https://127.0.0.1:8000", 200),  # a proxy before us speaks TLS
        ("http://127.0.0.1:9000", 403),
        ("http://127.0.0.1", 403),
        ("http://jahat.example", 403),
        ("null", 403),
        ("", 403),
        ("http://[", 403),
        ("://127.0.0.1:8000.jahat.example", 403),
        ("http://jahat.example/127.0.0.1:8000", 403),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_sites_page_is_refused_on_loopback_too(local, origin, status, method):
    headers = {} if origin is None else {"Origin": origin}
    call = Caller(local, **headers)
    found = call(method, "/rules" if method == "GET" else "/recommendations?wait=20", *
                 ([] if method == "GET" else [document()]))  # fmt: skip
    assert found.status == status
    if status == 403:
        assert found.json["type"] == "urn:kayuh:problem:origin_not_allowed"


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)],
)
def test_what_the_browser_says_of_the_site_counts(local, site, status):
    call = Caller(local, **{"Sec-Fetch-Site": site})
    assert call("POST", "/recommendations?wait=20", document()).status == status
    assert call("GET", "/rules").status == 200  # a link from another page may lead here


def test_no_other_site_is_told_that_it_may_call(local):
    call = Caller(local, Origin="http://127.0.0.1:8000")
    for method in ("GET", "OPTIONS"):
        found = call(method, "/rules")
        assert not [name for name, _ in found.headers if name.lower().startswith("access-control")]


# Headers


def test_every_answer_forbids_the_browser_what_it_need_not_do(local):
    call = Caller(local)
    answers = [
        call("GET", "/healthz"), call("GET", "/"), call("GET", "/nix"), call("DELETE", "/rules"),
        call("POST", "/recommendations", {}), call("GET", "/healthz", headers={"Host": "x"}),
        call("GET", "/openapi.json"),
    ]  # fmt: skip
    for found in answers:
        policy = found.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert found.headers["X-Content-Type-Options"] == "nosniff"
        assert found.headers["Referrer-Policy"] == "same-origin"
        assert found.headers["X-Frame-Options"] == "DENY"
        assert "no-cache" in found.headers["Cache-Control"]
        assert "Server" not in found.headers
        assert found.headers["X-Request-Id"]
    assert len({found.headers["X-Request-Id"] for found in answers}) == len(answers)


def test_the_page_of_the_api_asks_nothing_of_any_other_host(local):
    page = Caller(local)("GET", "/").data.decode()
    assert "<script" not in page
    assert "style=" not in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert "https://" not in page


# Signing in


def operations(app):
    document = Caller(app, LAN, Authorization=f"Bearer {app.tokens['Rahma']}")(
        "GET", "/openapi.json"
    ).json
    for path, found in document["paths"].items():
        for method, operation in found.items():
            yield method.upper(), path.removeprefix(API), operation


def test_off_loopback_all_but_health_needs_a_session_or_a_token(lan):
    call = Caller(lan, LAN)
    open_to_all = []
    for method, path, operation in operations(lan):
        found = call(
            method, path.replace("{", "").replace("}", ""), {} if method != "GET" else None
        )
        if operation["security"]:
            assert found.status == 401, (method, path)
            assert found.headers["WWW-Authenticate"] == "Bearer"
        else:
            open_to_all.append((method, path, found.status))
    # Who is nobody can ask for health, sign in, and be told that he is nobody.
    assert sorted(open_to_all) == [
        ("DELETE", "/logins", 401),
        ("GET", "/healthz", 200),
        ("GET", "/me", 401),
        ("POST", "/guests", 422),
        ("POST", "/logins", 422),
    ]
    for path in ("/openapi.json", "/", "/nix"):
        assert call("GET", path).status == 401


@pytest.mark.parametrize(
    "value", ["Bearer x", "Bearer", "bearer ", "Basic eDp5", "x", "Bearer \x80"]
)
def test_a_wrong_token_opens_nothing_on_loopback_too(lan, local, value):
    for call in (Caller(lan, LAN, Authorization=value), Caller(local, Authorization=value)):
        found = call("GET", "/rules")
        assert (found.status, found.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_is_its_accounts_role(lan):
    for name, (role, scope) in PEOPLE.items():
        me = by_token(lan, name)("GET", "/me").json
        assert me == {"name": name, "role": role, "scope": scope, "admitted": True}


def test_signing_in_gives_a_session_that_scripts_on_the_page_never_see(lan):
    call = Caller(lan, LAN, Origin=LAN)
    welcome = call("POST", "/logins", {"name": "rahma", "password": SECRET})
    assert welcome.status == 201
    assert welcome.json["role"] == "planner"
    cookie = welcome.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie  # http in a meeting room
    assert call("GET", "/me").json["name"] == "Rahma"
    assert call("DELETE", "/logins").status == 204
    assert call("GET", "/rules").status == 401


def test_a_cookie_alone_changes_nothing(lan):
    """A form on another site sends the cookie along, and in a room no Sec-Fetch-Site."""
    call = Caller(lan, LAN, Origin=LAN)
    assert call("POST", "/logins", {"name": "Rahma", "password": SECRET}).status == 201
    call.headers = {}
    assert call("GET", "/rules").status == 200
    assert call("POST", "/recommendations", document()).status == 403
    call.headers = {"Origin": "http://jahat.example"}
    assert call("POST", "/recommendations", document()).status == 403
    call.headers = {"Origin": LAN}
    assert call("POST", "/recommendations", document()).status == 202


def test_guessing_is_slowed_down_and_says_nothing(lan):
    call = Caller(lan, LAN, Origin=LAN)
    texts = set()
    for name in ("Budi", "Tidak Ada"):
        found = call("POST", "/logins", {"name": name, "password": "salah salah salah"})
        assert found.status == 401
        texts.add(found.json["detail"])
    assert len(texts) == 1
    for _ in range(5):
        found = call("POST", "/logins", {"name": "Budi", "password": "salah salah salah"})
    assert found.status == 429
    assert int(found.headers["Retry-After"]) > 60
    assert call("POST", "/logins", {"name": "Budi", "password": SECRET}).status == 429


# Roles


@pytest.fixture(scope="module")
def city(lan):
    """Two desks; only the planner may make a city."""
    assert by_token(lan, "Fajar")("PUT", "/scenarios/kota", document()).status == 403
    rahma = by_token(lan, "Rahma")
    assert rahma("PUT", "/scenarios/kota", document()).status == 200
    new = {"id": "kota", "scenario": "kota"}
    assert by_token(lan, "Budi")("POST", "/cities", new).status == 403
    assert rahma("POST", "/cities", new).status == 201
    for desk in (PUPR, PERKIM):
        opened = by_token(lan, "Fajar")("PUT", f"/desks/{desk}/session", {"state": "open"})
        assert opened.status == 200
    return lan


DECIDE = {"code": "deferred", "reason": "land"}
MAY = [
    # who, method, path, body, status
    ("Budi", "PUT", f"/desks/{PUPR}/decisions/U-2", DECIDE, 200),
    ("Budi", "PUT", f"/desks/{PERKIM}/decisions/U-3", DECIDE, 403),
    ("Sari", "PUT", f"/desks/{PUPR}/decisions/U-1", DECIDE, 403),
    ("Tamu", "PUT", f"/desks/{PUPR}/decisions/U-1", DECIDE, 403),
    ("Tamu", "PUT", f"/desks/{PUPR}/locks/U-1", {"decision": "fund"}, 403),
    ("Tamu", "GET", f"/desks/{PUPR}", None, 200),
    ("Tamu", "POST", "/recommendations", document(), 403),
    ("Tamu", "POST", "/assessments", {**document(), "plan": []}, 403),
    ("Tamu", "POST", f"/desks/{PUPR}/recommendations", {}, 403),
    ("Sari", "POST", f"/desks/{PUPR}/recommendations", {}, 403),
    ("Budi", "POST", f"/desks/{PUPR}/recommendations?wait=20", {}, 200),
    ("Budi", "POST", f"/desks/{PERKIM}/recommendations", {}, 403),
    ("Budi", "PUT", f"/desks/{PUPR}/session", {"state": "closed"}, 403),
    ("Tamu", "GET", f"/desks/{PUPR}/guests", None, 403),
    ("Fajar", "GET", f"/desks/{PUPR}/guests", None, 200),
    ("Sari", "POST", "/recommendations?wait=20", document(), 200),
]


@pytest.mark.parametrize(("who", "method", "path", "body", "status"), MAY)
def test_each_role_may_do_its_own(city, who, method, path, body, status):
    if body is not None and ("/decisions/" in path or "/locks/" in path):
        body = {"rev": 0, **body}
    found = by_token(city, who)(method, path, body)
    assert found.status == status, found.json
    if status == 403:
        assert found.headers["Content-Type"] == "application/problem+json"


def test_an_observer_stops_nobodys_work(city):
    job = by_token(city, "Budi")("POST", "/recommendations", document()).json["id"]
    assert by_token(city, "Tamu")("GET", f"/jobs/{job}").status == 200
    assert by_token(city, "Tamu")("DELETE", f"/jobs/{job}").status == 403
    assert by_token(city, "Tamu")("POST", f"/jobs/{job}/resume").status == 403
    assert by_token(city, "Sari")("DELETE", f"/jobs/{job}").status == 403
    assert by_token(city, "Fajar")("DELETE", f"/jobs/{job}").status == 200


def test_the_rooms_code_is_for_who_presides(city):
    assert by_token(city, "Fajar")("GET", f"/desks/{PUPR}").json["session"]["code"]
    for name in ("Budi", "Sari", "Tamu"):
        assert by_token(city, name)("GET", f"/desks/{PUPR}").json["session"]["code"] is None


def test_a_guest_is_nobody_until_the_facilitator_lets_them_in(city):
    fajar = by_token(city, "Fajar")
    code = fajar("GET", f"/desks/{PUPR}").json["session"]["code"]
    guest = Caller(city, LAN, Origin=LAN)
    joined = {"code": code, "name": "Pak Lurah", "role": "kecamatan", "district": "Barat"}
    welcome = guest("POST", "/guests", joined)
    assert (welcome.status, welcome.json["admitted"]) == (201, False)
    assert guest("GET", "/me").json["admitted"] is False
    assert guest("GET", f"/desks/{PUPR}").status == 401
    waiting = fajar("GET", f"/desks/{PUPR}/guests").json["guests"]
    assert [g["name"] for g in waiting] == ["Pak Lurah"]
    path = f"/desks/{PUPR}/guests/{waiting[0]['guest']}"
    assert by_token(city, "Tamu")("PUT", path).status == 403
    assert fajar("PUT", path).json["admitted"] is True
    assert guest("GET", f"/desks/{PUPR}").status == 200
    assert guest("GET", "/me").json["role"] == "kecamatan"
    assert fajar("DELETE", path).status == 204
    assert guest("GET", f"/desks/{PUPR}").status == 401
    wrong = guest("POST", "/guests", {**joined, "code": "ZZZZZZ"})
    assert wrong.status == 401


def test_nothing_secret_is_in_what_is_open(lan):
    assert {"api_health.get_health", "api_logins.sign_in"} <= auth.OPEN
    health = Caller(lan, LAN)("GET", "/healthz").data.decode()
    assert "sqlite" not in health
    assert "/" not in health
