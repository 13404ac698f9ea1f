"""What every page shares: language, safety, weight, and how trouble is told."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from desks import PUPR
from markupsafe import Markup
from reader import BASE, Browser, Page, served

from service.pages.entry import inside
from service.pages.shell import gap
from service.pages.stacked import stacked
from solver.words import LANGUAGES, catalogue

SERVICE = Path(__file__).resolve().parents[1] / "service"
TEMPLATES = sorted((SERVICE / "templates").glob("*.html"))
SCREENS = ("/", f"/desks/{PUPR}", f"/desks/{PUPR}/rows/U-1", f"/desks/{PUPR}/projector",
           "/cities/kota/log", "/sign-in")  # fmt: skip
OTHER = {"id": "en", "en": "id"}


@pytest.fixture
def app(tmp_path):
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}") as found:
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_is_well_formed_and_speaks_one_language(app, path, language):
    answer = Browser(app, language).get(path)
    assert answer.status_code == 200
    page = Page(answer.text)
    assert not page.open, page.open
    assert not page.stray, page.stray
    assert page.all("html", lang=language)
    assert len(page.all("h1")) == 1
    labels = {found["for"] for found in page.all("label") if "for" in found}
    ids = [found["id"] for _, found in page.elements if found.get("id")]
    assert labels <= set(ids)
    assert len(ids) == len(set(ids))
    named = {found.get("id") for found in page.all("select")} | {
        found.get("id")
        for found in page.all("input")
        if found.get("type") not in ("hidden", "checkbox")
    }
    assert {name for name in named if name} <= labels


@pytest.mark.parametrize("path", SCREENS)
def test_no_screen_holds_what_the_policy_forbids_or_another_host(app, path):
    answer = Browser(app).get(path)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for tag, found in Page(answer.text).elements:
        assert tag != "style"
        assert "style" not in found
        assert not any(name.startswith(("on", "hx-on")) for name in found)
        assert tag != "script" or found["src"]
        for name in ("src", "href", "action", "hx-get", "hx-post"):
            assert not re.match("(https?:)?//", found.get(name) or ""), found


def test_templates_trust_nothing_that_people_type():
    for file in TEMPLATES:
        text = file.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|Markup|autoescape false", text), file.name
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|js:", text), file.name
    for file in (SERVICE / "static").glob("*.js"):
        text = file.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|Function\(", text)


def test_what_is_not_ours_is_as_it_was_published():
    manifest = (SERVICE / "static" / "VENDOR.md").read_text("utf-8")
    listed = dict(re.findall(r"\| (vendor/\S+) \|.*\| ([0-9a-f]{64}) \|", manifest))
    there = {
        f"vendor/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (SERVICE / "static" / "vendor").glob("*.js")
    }
    assert listed == there != {}


def test_the_scripts_of_ours_stay_small():
    lines = sum(len(f.read_text().splitlines()) for f in (SERVICE / "static").glob("*.js"))
    assert lines <= 200


def test_every_sentence_of_the_pages_is_said_somewhere():
    sources = [*TEMPLATES, *(SERVICE / "pages").glob("*.py")]
    text = "\n".join(file.read_text("utf-8") for file in sources)
    beginnings = (*re.findall(r"page\.(\w+_)(?:[\"'] ~|\{)", text), "code_", "lock_")
    for code in sorted(c for c in catalogue() if c.startswith("page.")):
        name = code.removeprefix("page.")
        assert re.search(rf"[\"']page\.{name}[\"']|[\"']{name}[\"']", text) or (
            name.startswith(beginnings)
        ), code


def test_the_language_is_switched_at_once_and_remembered(app):
    browser = Browser(app)
    assert "Desk tiap OPD" in browser.get("/").text
    answer = browser.post("/language", part=False, language="en", back=f"/desks/{PUPR}?q=Mawar")
    assert answer.headers["Location"] == f"/desks/{PUPR}?q=Mawar"
    assert "The desks, one an agency" in browser.get("/").text
    browser.post("/language", part=False, language="xx", back="/")
    assert "The desks, one an agency" in browser.get("/").text


def test_who_prefers_another_language_still_gets_indonesian_first(app):
    browser = Browser(app, language="")
    assert "Desk tiap OPD" in browser.get("/", **{"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    "place",
    ["https://jahat.example", "//jahat.example", "/\\jahat.example", "jahat", "", "\\\\jahat",
     "javascript:alert(1)", "/\\/jahat"],
)  # fmt: skip
def test_no_form_leads_to_another_place(app, place):
    with app.test_request_context():
        assert inside(place) == "/"
    answer = Browser(app).post("/language", part=False, language="en", back=place)
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_trouble_is_told_on_a_page_and_to_htmx_in_the_notice(app, language):
    browser = Browser(app, language)
    page = browser.get("/desks/kota.NOPE")
    assert page.status_code == 404
    assert page.mimetype == "text/html"
    part = browser.get("/desks/kota.NOPE/list", part=True)
    assert part.status_code == 404
    assert part.headers["HX-Retarget"] == "#notice"
    assert "<html" not in part.text
    sentence = catalogue()["desk.no_desk"][language].split("{")[0]
    assert sentence in Page(page.text).text
    assert sentence in Page(part.text).text


def test_a_name_in_an_address_is_no_markup(app):
    for path in ("/desks/<script>x</script>", f"/desks/{PUPR}/rows/<b>x"):
        answer = Browser(app).get(path)
        assert answer.status_code == 404
        assert "<script>x" not in answer.text
        assert "<b>x" not in answer.text


def test_a_form_from_another_page_is_refused(app):
    client = app.test_client()
    for headers in ({"Origin": "http://jahat.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post(f"/desks/{PUPR}/solve", base_url=BASE, headers=headers)
        assert answer.status_code == 403


def test_pages_and_their_files_travel_in_gzip(app):
    browser = Browser(app)
    for path in (f"/desks/{PUPR}", "/static/kayuh.css", "/static/vendor/htmx-4.0.1.min.js"):
        plain = browser.get(path)
        small = browser.get(path, **{"Accept-Encoding": "gzip"})
        assert small.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in small.headers["Vary"]
        assert len(small.data) < len(plain.data) / 2
        assert gzip.decompress(small.data) == plain.data


def test_the_files_of_a_page_are_not_sent_twice(app):
    browser = Browser(app)
    first = browser.get("/static/kayuh.css", **{"Accept-Encoding": "gzip"})
    again = browser.get(
        "/static/kayuh.css",
        **{"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"},
    )
    assert again.status_code == 304
    assert again.data == b""


def test_a_gap_is_rounded_away_from_the_best(app):
    with app.test_request_context():
        assert gap(0.00051) == "0,051\N{NO-BREAK SPACE}%"
        assert gap(0.000512) == "0,052\N{NO-BREAK SPACE}%"
        assert gap(0.5) == "50\N{NO-BREAK SPACE}%"
        assert gap(0) == gap(None) == "0\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_of_a_desk_bears_the_logs_head(app, language):
    """On paper only; the minutes, whose sheets lie both ways, have it in the heads of tables."""
    browser = Browser(app, language)
    mark = re.search(r'class="code">([^<]+)<', browser.get("/cities/kota/log").text)[1]
    for path in SCREENS[1:5]:
        assert re.search(rf'<p class="printed">[^<]*{mark}', browser.get(path).text), path
    text = browser.get(f"/desks/{PUPR}/minutes/print").text
    assert 'class="printed"' not in text
    assert len(re.findall(rf'<tr class="mark">.*?{mark}', text)) >= 2


def test_an_unknown_address_is_told_on_a_page_to_people_and_as_json_to_programs(app):
    page = Browser(app).get("/nowhere", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert page.status_code == 404
    assert "Tidak ada apa-apa di alamat ini." in Page(page.text).text
    for accept in ({"Accept": "*/*"}, {"Accept": "application/json"}, {}):
        told = Browser(app).get("/api/v1/nowhere", **accept)
        assert (told.status_code, told.mimetype) == (404, "application/problem+json")


def test_cells_of_a_table_for_phones_say_their_columns_name():
    head = "<thead><tr><th>Batas</th><td></td><th>Sisa &amp; <b>lebih</b></th></tr></thead>"
    row = '<tr><th scope="row">U</th><td><svg></svg></td><td class="num">1</td></tr>'
    told = stacked(Markup(f'<table class="stack">{head}<tbody>{row}</tbody></table>'))
    assert '<td data-label="Sisa &amp; lebih" class="num">1</td>' in told
    assert told.count("data-label") == 1
    plain = Markup("<table><tr><td>1</td></tr></table>")
    assert stacked(plain) == plain
