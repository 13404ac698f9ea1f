"""Three parties on one board, people at the door, and the log that tells of all of it."""

from __future__ import annotations

import re

import pytest
from desks import PERKIM, PUPR
from reader import Browser, Page, decide, served, store_of

from service.desk import agreement, city, decisions
from service.desk.state import current
from service.store import LOCAL, Actor, events, people
from service.store.models import DecisionRow, Event
from solver.words import LANGUAGES, catalogue

BOARD = f"/desks/{PUPR}"
HOST = "192.168.7.7"
BASE = f"http://{HOST}:8000"
SECRET = "sangat rahasia"
PEOPLE = {
    "Rina": ("facilitator", ""),
    "Budi": ("agency", "PUPR"),
    "Sari": ("kecamatan", "Barat"),
    "Tono": ("kecamatan", "Tengah"),
    "Dewi": ("planner", ""),
    "Ani": ("observer", ""),
}


@pytest.fixture(scope="module")
def sealed():
    """One sealed password for everybody: sealing takes half a second."""
    return people.sealed("nobody", SECRET)


@pytest.fixture
def app(tmp_path, sealed):
    settings = {"host": HOST, "trusted": (HOST,)}
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", settings=settings) as found:
        with store_of(found).write(LOCAL) as tx:
            for name, (role, scope) in PEOPLE.items():
                people.add(tx, name, role, sealed, scope)
        yield found


@pytest.fixture
def table(tmp_path):
    """The one laptop on the table."""
    with served(f"sqlite:///{tmp_path / 'meja.db'}") as found:
        yield found


def signed_in(app, name, language="id"):
    browser = Browser(app, language, BASE)
    answer = browser.post("/sign-in", part=False, name=name, password=SECRET, back=BOARD)
    assert answer.headers["Location"] == BOARD, answer.text
    return browser


def review(browser, party, district, desk=BOARD):
    return browser.get(f"{desk}/agreement/{party}/{district}", part=True)


def agree(browser, party, district, without=(), desk=BOARD):
    """Open the list, untick what is not agreed to, and send it."""
    page = Page(review(browser, party, district, desk).text)
    listed = [f["value"] for f in page.all("input", name="listed")]
    rev = page.all("input", name="rev")[0]["value"]
    ticked = [name for name in listed if name not in without]
    return browser.post(
        f"{desk}/agreement/{party}/{district}", listed=listed, agreed=ticked, rev=rev
    )


def standing(app, proposal):
    with store_of(app).session() as tx:
        return agreement.standings(tx, city.desk_of(tx, PUPR))[proposal]


def test_a_row_is_agreed_when_all_three_have_said_so(app):
    decide(app, "U-1", "accommodated")
    decide(app, "U-2", "declined", reason="land")
    budi, sari, dewi = (signed_in(app, name) for name in ("Budi", "Sari", "Dewi"))
    agree(budi, "opd", "Barat")
    agree(dewi, "planner", "Barat")
    assert "2/3" in Page(budi.get(f"{BOARD}/list", part=True).text).text
    answer = agree(sari, "kecamatan", "Barat")
    assert "kayuh:changed" in answer.headers["HX-Trigger"]
    assert standing(app, "U-1").agreed
    assert not standing(app, "U-2").agreed
    text = sari.get(f"{BOARD}/list", part=True).text
    assert "agreed" in re.search(r'id="r-U-1".*?data-marks="([^"]*)"', text, re.S)[1].split()


def test_single_rows_are_excepted_and_shown_as_disputed(app):
    decide(app, "U-1", "accommodated")
    decide(app, "U-5", "deferred", reason="land")
    sari = signed_in(app, "Sari")
    text = Page(agree(sari, "kecamatan", "Barat", without=("U-5",)).text).text
    assert "menolak 1" in text
    assert standing(app, "U-5").excepted == [("kecamatan", "Barat")]
    assert standing(app, "U-1").excepted == []
    page = Page(review(sari, "kecamatan", "Barat").text)
    ticked = {f["value"] for f in page.all("input", name="agreed") if "checked" in f}
    assert ticked == {"U-1"}
    assert "Kecamatan Barat: tidak sepakat" in Page(sari.get(f"{BOARD}/rows/U-5").text).text


def test_whoever_changes_a_row_has_to_be_agreed_with_again(app):
    first = decide(app, "U-1", "accommodated")
    for name, party in (("Budi", "opd"), ("Sari", "kecamatan"), ("Dewi", "planner")):
        agree(signed_in(app, name), party, "Barat")
    assert standing(app, "U-1").agreed
    decide(app, "U-1", "accommodated", rev=first.rev, volume=80)
    assert len(standing(app, "U-1").silent) == 3


def test_a_list_that_was_changed_while_it_was_read_is_not_agreed_to(app):
    first = decide(app, "U-1", "accommodated")
    sari = signed_in(app, "Sari")
    page = Page(review(sari, "kecamatan", "Barat").text)
    rev = page.all("input", name="rev")[0]["value"]
    decide(app, "U-1", "declined", rev=first.rev, reason="land", actor=Actor("Rina", "facilitator"))
    answer = sari.post(
        f"{BOARD}/agreement/kecamatan/Barat", listed=["U-1"], agreed=["U-1"], rev=rev
    )
    assert answer.status_code == 409
    assert "Rina" in answer.text
    assert answer.headers["HX-Retarget"] == "#notice"
    assert len(standing(app, "U-1").silent) == 3


@pytest.mark.parametrize(
    ("name", "party", "district", "status"),
    [
        ("Budi", "kecamatan", "Barat", 403),
        ("Sari", "kecamatan", "Tengah", 403),
        ("Sari", "opd", "Barat", 403),
        ("Ani", "opd", "Barat", 403),
        ("Rina", "opd", "Barat", 403),
        ("Dewi", "nobody", "Barat", 422),
        ("Dewi", "planner", "Nowhere", 404),
    ],
)
def test_nobody_speaks_for_another(app, name, party, district, status):
    decide(app, "U-1", "accommodated")
    browser = signed_in(app, name)
    answer = browser.post(
        f"{BOARD}/agreement/{party}/{district}", listed=["U-1"], agreed=["U-1"], rev="99"
    )
    assert answer.status_code == status
    offered = browser.get(f"{BOARD}/agreement", part=True).text
    assert f"/agreement/{party}/{district}" not in offered


def test_the_one_laptop_speaks_for_all_of_them(table):
    decide(table, "U-1", "accommodated")
    browser = Browser(table)
    for party in ("opd", "kecamatan", "planner"):
        agree(browser, party, "Barat")
    assert standing(table, "U-1").agreed
    told = Page(browser.get(f"{BOARD}/agreement", part=True).text).text
    assert "disepakati tiga pihak: 1" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_which_nothing_was_discussed_says_so(table, language):
    text = Page(review(Browser(table, language), "opd", "Barat").text).text
    assert catalogue()["page.nothing_discussed"][language] in text


# --- the door ------------------------------------------------------------------------------------


def code_of(app):
    with store_of(app).session() as tx:
        return current(tx, PUPR).code


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_sign_in_says_so_and_keeps_the_name(app, language):
    browser = Browser(app, language, BASE)
    answer = browser.post("/sign-in", part=False, name="Budi", password="salah salah", back=BOARD)
    assert answer.status_code == 401
    page = Page(answer.text)
    assert catalogue()["desk.wrong_sign_in"][language] in page.text
    assert page.all("input", name="name")[0]["value"] == "Budi"
    assert all("value" not in f for f in page.all("input", type="password"))
    assert browser.get(BOARD).status_code == 303


def test_a_guest_waits_is_admitted_and_led_to_the_desk(app):
    guest = Browser(app, base=BASE)
    answer = guest.post(
        "/join", part=False, code=code_of(app).lower(), name="Pak <b>RT</b>", role="kecamatan",
        district="kecamatan barat",
    )  # fmt: skip
    assert answer.headers["Location"] == "/waiting"
    assert "kecamatan Barat" in Page(guest.get("/waiting").text).text
    assert guest.get(BOARD).status_code == 303  # not yet
    rina = signed_in(app, "Rina")
    page = rina.get(BOARD)
    assert "<b>RT" not in page.text
    assert "Pak <b>RT</b> (kecamatan Barat) menunggu" in Page(page.text).text
    admit = Page(page.text).all("button", name="admit")[0]["value"]
    rina.post(f"{BOARD}/guests", part=False, admit=admit)
    answer = guest.get("/waiting", part=True)
    assert answer.headers["HX-Redirect"] == BOARD
    assert guest.get(BOARD).status_code == 200
    decide(app, "U-1", "accommodated")
    agree(guest, "kecamatan", "Barat")
    assert standing(app, "U-1").silent == [("opd", ""), ("planner", "")]


def test_a_guest_who_is_turned_away_is_back_at_the_door(app):
    guest = Browser(app, base=BASE)
    guest.post("/join", part=False, code=code_of(app), name="Siapa", role="observer")
    rina = signed_in(app, "Rina")
    away = Page(rina.get(BOARD).text).all("button", name="away")[0]["value"]
    rina.post(f"{BOARD}/guests", part=False, away=away)
    assert guest.get("/waiting", part=True).headers["HX-Redirect"] == "/sign-in"


def test_a_wrong_code_is_refused_and_soon_has_to_wait(app):
    browser = Browser(app, base=BASE)
    form = {"part": False, "name": "Siapa", "role": "observer"}
    statuses = [browser.post("/join", code="AAAAAA", **form).status_code for _ in range(6)]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert browser.post("/join", code=code_of(app), **form).status_code == 429


def test_who_is_nobody_sees_nothing_of_the_city(app):
    browser = Browser(app, base=BASE)
    for path in ("/", BOARD, f"{BOARD}/projector", "/cities/kota/log", f"{BOARD}/rows/U-1"):
        answer = browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in?back=")
        part = browser.get(path, part=True)
        assert part.headers["HX-Redirect"].startswith("/sign-in")
        assert part.text == ""
    text = browser.get("/sign-in").text
    for name in ("Kota kecil", "Dinas PUPR", "Barat"):
        assert name not in text


def test_the_room_code_is_for_whoever_presides(app):
    assert code_of(app) in signed_in(app, "Rina").get(BOARD).text
    assert code_of(app) not in signed_in(app, "Ani").get(BOARD).text


def test_signing_out_ends_it(app):
    browser = signed_in(app, "Budi")
    assert browser.get(BOARD).status_code == 200
    browser.post("/sign-out", part=False)
    assert browser.get(BOARD).status_code == 303


# --- the log -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_of_the_log_is_told_in_words(app, language):
    """A day with everything in it; no kind of entry and no blank is left untold."""
    first = decide(app, "U-1", "accommodated", volume=80, actor=Actor("Rina", "facilitator"))
    decide(app, "U-1", "declined", rev=first.rev, reason="land", note="Maaf")
    rina, budi = signed_in(app, "Rina", language), signed_in(app, "Budi", language)
    rina.post(f"{BOARD}/lock", lock="0 U-2")
    agree(budi, "opd", "Barat", without=("U-1",))
    agree(signed_in(app, "Dewi"), "planner", "Barat")
    guest = Browser(app, base=BASE)
    guest.post("/join", part=False, code=code_of(app), name="Tamu", role="observer")
    admit = Page(rina.get(BOARD).text).all("button", name="admit")[0]["value"]
    rina.post(f"{BOARD}/guests", part=False, admit=admit)
    rina.post(f"{BOARD}/session", part=False, state="closed")
    text = Page(rina.get("/cities/kota/log?jobs=1").text).text
    with store_of(app).session() as tx:
        kinds = {e.kind for e in tx.query(Event)}
        mark = events.head(tx).fingerprint
    assert mark in text
    assert len(kinds) >= 10
    for kind in kinds:
        assert "." not in kind or kind not in text, kind
    assert "{" not in text
    assert "None" not in text
    for word in ("Rina", "Maaf", "U-1"):
        assert word in text


def test_the_log_can_be_narrowed_and_leafed_through(table):
    for n in range(130):
        rev = 0 if n == 0 else rev_of(table)
        decide(table, "U-1", "accommodated" if n % 2 else "deferred", rev=rev, note=str(n))
    decide(table, "U-3", "deferred", desk=PERKIM, note="lain")
    browser = Browser(table)
    page = browser.get("/cities/kota/log")
    assert page.text.count("<tr><td") == 100
    older = re.search(r'href="([^"]+before=\d+[^"]*)"', page.text)[1].replace("&amp;", "&")
    rest = browser.get(older).text
    assert 'class="button" href' not in rest
    numbers = [int(n) for n in re.findall(r'<tr><td class="num">(\d+)', page.text + rest)]
    assert numbers == sorted(set(numbers), reverse=True)
    own = browser.get(f"/cities/kota/log?desk={PERKIM}").text
    assert "lain" in own
    assert "U-1:" not in own
    assert browser.get("/cities/kota/log?before=x&desk=nope").status_code == 200


def rev_of(app):
    with store_of(app).session() as tx:
        return decisions.of_city(tx, "kota")["U-1"].rev


def test_the_log_is_checked_on_the_page(table):
    decide(table, "U-1", "deferred", note="asli")
    browser = Browser(table)
    assert "Utuh:" in Page(browser.get("/cities/kota/log?check=1").text).text
    with store_of(table).write(LOCAL) as tx:
        tx.query(DecisionRow).one().note = "palsu"
    text = Page(browser.get("/cities/kota/log?check=1").text).text
    assert "tidak cocok" in text


def test_only_who_arranges_or_presides_checks_the_log(app):
    assert 'name="check"' in signed_in(app, "Rina").get("/cities/kota/log").text
    ani = signed_in(app, "Ani")
    assert 'name="check"' not in ani.get("/cities/kota/log").text
    assert "Utuh:" not in ani.get("/cities/kota/log?check=1").text
