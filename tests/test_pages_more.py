"""Import, places, trade-offs, comparison, minutes and guides as a browser meets them."""

from __future__ import annotations

import gzip
import html
import io
import re
import time
import zipfile
from contextlib import closing, contextmanager

import openpyxl
import pytest
from desks import AGENCIES, PROPOSALS, PUPR, city_at, document
from docx import Document
from papered import agree, decide, decided
from test_hostile_workbooks import HARMFUL, OTHER_KINDS
from test_intake import book, good

import scenarios as embedded
from service import scenarios
from service.app import create_app
from service.context import KEY
from service.desk import city as cities
from service.desk import decisions, sessions
from service.desk.decisions import Edit
from service.pages.guide import GUIDES
from service.papers import meeting
from service.papers.meeting import Particulars
from service.papers.papers import FORMS
from service.settings import CITY, Settings
from service.store import LOCAL, Store, people
from service.store import scenarios as names
from solver.scenario import read, resolve, variant
from solver.words import LANGUAGES
from solver.write.forms import Attendant, own_template
from solver.write.workbook import workbook

BASE = "http://127.0.0.1:8000"
DESK = f"/desks/{PUPR}"
SCREENS = (
    "/import",
    "/cities/kota/import",
    "/cities/kota/lab",
    f"{DESK}/places",
    f"{DESK}/places?scope=city&measure=amount",
    f"{DESK}/places?measure=head&plan=recommendation",
    f"{DESK}/tradeoffs",
    f"{DESK}/compare",
    f"{DESK}/minutes",
    f"{DESK}/minutes/print",
    "/guide/planner",
    "/guide/facilitator",
)


class Browser:
    """Asks pages in one language and follows where a form leads."""

    def __init__(self, app, language="id", base=BASE):
        self.client = app.test_client()
        self.base = base
        self.host = base.split("/")[2].split(":")[0]
        self.client.set_cookie("kayuh_language", language, domain=self.host)

    def get(self, path, **headers):
        return self.client.get(path, base_url=self.base, headers=headers)

    def post(self, path, follow=True, **form):
        headers = {"Origin": self.base}
        return self.client.post(
            path, base_url=self.base, data=form, follow_redirects=follow, headers=headers
        )

    def send(self, data, name, **form):
        """A file in a form, as bytes: the client's own encoder leaves its temporary files open."""
        head = 'Content-Disposition: form-data; name="'
        parts = [f'--grenze\r\n{head}{key}"\r\n\r\n{value}\r\n' for key, value in form.items()]
        parts.append(f'--grenze\r\n{head}file"; filename="{name}"\r\n\r\n')
        body = "".join(parts).encode() + data + b"\r\n--grenze--\r\n"
        return self.client.post(
            "/imports",
            base_url=self.base,
            data=body,
            content_type="multipart/form-data; boundary=grenze",
            headers={"Origin": self.base},
        )

    def upload(self, data, name="usulan.xlsx", kind="workbook", **form):
        answer = self.send(data, name, kind=kind, **form)
        assert answer.status_code == 303, answer.text
        place = answer.headers["Location"]
        return place, self.get(place)


@contextmanager
def served(store, **settings):
    app = create_app(Settings(database=str(store.url), **settings), store)
    try:
        yield app
    finally:
        app.extensions[KEY].runner.close()


@pytest.fixture
def store(tmp_path):
    with decided(f"sqlite:///{tmp_path / 'kayuh.db'}") as found:
        yield found


@pytest.fixture
def app(store):
    with served(store) as found:
        yield found


def cities_of(store):
    with store.session() as tx:
        return [c.id for c in cities.cities(tx)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_is_there_in_both_languages(app, path, language):
    answer = Browser(app, language).get(path)
    assert answer.status_code == 200, answer.text[:2000]
    assert f'<html lang="{language}">' in answer.text
    assert "<h1" in answer.text
    # The strict policy: nothing inline, and no request to anywhere else.
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?! src=)", answer.text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", answer.text)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "{{" not in answer.text.replace("{{ 7*7 }}", "").replace("&#123;", "")


@pytest.mark.parametrize("path", SCREENS)
def test_the_two_languages_say_the_same_in_other_words(app, path):
    one, other = (Browser(app, language).get(path).text for language in LANGUAGES)
    assert one != other
    # As many rows, headings, fields and buttons.
    for tag in ("<tr", "<h2", "<input", "<button", "<a "):
        assert one.count(tag) == other.count(tag), tag


def weight(app, path, language="id"):
    """Bytes on the way to a browser that has nothing yet: the page and all that it names."""
    browser = Browser(app, language)
    with browser.get(path, **{"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200, path
        page = gzip.decompress(answer.data).decode()
        found = len(answer.data)
    for place in set(re.findall(r'(?:src|href)="(/static/[^"?]+)', page)):
        with browser.get(place, **{"Accept-Encoding": "gzip"}) as answer:
            found += len(answer.data)
    return found


MOST_BYTES = 150_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_whole_city_weighs_much(tmp_path, language):
    """600 proposals, every one of which a desk has decided on, and files to be imported."""
    city = read(embedded.path(CITY))
    desks = [f"/desks/{CITY}.{agency}" for agency in ("PUPR", "DISPERKIM")]
    with closing(Store(f"sqlite:///{tmp_path / 'k.db'}")) as store:
        store.upgrade()
        with store.write(LOCAL) as tx:
            cities.create(tx, CITY, scenarios.keep(tx, CITY, city))
        for agency in ("PUPR", "DISPERKIM"):
            defer_all(store, agency)
        with served(store) as app:
            screens = [f"{desk}/{one}" for desk in desks for one in OF_A_DESK]
            spoilt = [{**p, "agency": f"X{n}"} for n, p in enumerate(city.document["proposals"])]
            for rows in (spoilt, [{**p, "score": 1} for p in city.document["proposals"]]):
                data = workbook({**city.document, "proposals": rows}, language)
                screens.append(Browser(app, language).upload(data, city=CITY)[0])
            for path in ("/import", *screens, *(f"/guide/{name}" for name in GUIDES)):
                assert weight(app, path, language) < MOST_BYTES, path


OF_A_DESK = ("places", "places?scope=city", "tradeoffs", "compare", "minutes", "minutes/print")


def defer_all(store, agency):
    """Every proposal of a desk deferred, so that the minutes list them all with their reasons."""
    desk = f"{CITY}.{agency}"
    with store.write(LOCAL) as tx:
        sessions.open_session(tx, desk)
        for proposal in cities.limits_for(tx, CITY).desks[agency]:
            edit = Edit("deferred", reason="land", note=f"surat tanah {proposal.id} belum ada")
            decisions.edit(tx, desk, proposal.id, edit, 0)


EVIL = '=HYPERLINK("http://x") <b>tebal</b> {{ 7*7 }} {% raw %}'


@pytest.fixture
def typed(tmp_path):
    """A city in which every title is meant to be a formula, markup and a template at once."""
    rows = [{**p, "title": f"{EVIL} {p['id']}"} for p in PROPOSALS]
    agencies = [{**a, "name": f"{EVIL} {a['code']}"} for a in AGENCIES]
    with decided(f"sqlite:///{tmp_path / 'k.db'}", proposals=rows, agencies=agencies) as found:
        yield found


def test_what_was_typed_is_text_on_every_screen(typed):
    with served(typed) as app:
        browser = Browser(app)
        form = {"base": "=city", "title": EVIL, "proposal": "U-5", "decision": "reject"}
        assert browser.post(f"{DESK}/compare/what-if", **form).status_code == 200
        browser.post(f"{DESK}/compare", scenario=["=city", "kota-jika-1"])
        wait_for(browser, f"{DESK}/compare", "compare.xlsx")
        for name in ("replacement", "entry"):
            browser.post(f"{DESK}/tradeoffs/{name}", seconds="30")
        wait_for(browser, f"{DESK}/tradeoffs", "<tbody")
        data = workbook(resolve(document(title=EVIL)).document, "id")
        place, _page = browser.upload(data, name=f"{EVIL}.xlsx", city="kota")
        with typed.write(LOCAL) as tx:
            person = Attendant(EVIL, "opd", EVIL, EVIL)
            meeting.keep(tx, PUPR, Particulars(number=EVIL, place=EVIL, people=[person]))
        for path in (*SCREENS, place):
            page = browser.get(path).text
            assert "<b>tebal" not in page, path
            if path not in ("/import", "/cities/kota/import", "/guide/planner",
                            "/guide/facilitator"):  # fmt: skip
                assert "&lt;b&gt;tebal" in page, path
                assert "{{ 7*7 }}" in page or "7*7" not in page, path
        compared = browser.get(f"{DESK}/compare.xlsx").data
        assert_text_only(compared)


def test_what_was_typed_is_text_in_every_file(typed):
    with served(typed) as app:
        browser = Browser(app)
        for form, ending in FORMS.items():
            data = browser.get(f"{DESK}/minutes/file/{form}").data
            if ending == "xlsx":
                assert_text_only(data)
                continue
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                parts = {name: archive.read(name).decode("utf-8", "replace")
                         for name in archive.namelist()}  # fmt: skip
            whole = parts["word/document.xml"]
            assert html.escape("<b>tebal</b> {{ 7*7 }} {% raw %}", quote=False) in whole
            assert "<b>" not in whole
            assert not any("http://x" in p for name, p in parts.items() if name.endswith(".rels"))


def assert_text_only(data):
    """No typed word stands in a formula, and nothing is a link; what was typed is there as text."""
    found = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in found for row in sheet.iter_rows() for cell in row if cell.value]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert not [one for one in formulas if re.search("HYPERLINK|tebal|http", one)]
    assert not any(cell.hyperlink for cell in cells)
    assert any("tebal" in str(cell.value) and cell.data_type == "s" for cell in cells)


# Import


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_a_workbook_with_problems_to_a_new_city(store, app, language):
    browser = Browser(app, language)
    data = book(**{"OPD:2": "DPU", "OPD:4": "DPU", "Skor:3": "empat"})
    place, page = browser.upload(data)
    assert "DPU" in page.text
    assert "PUPR" in page.text
    assert "empat" in page.text
    marked = browser.get(f"{place}/marked.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.data))["Usulan"]
    assert sheet["D2"].comment is not None
    assert cities_of(store) == ["kota"]

    seen = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    groups = re.findall(r'name="fix-(\d+)"', page.text)
    agency = next(n for n in groups if f'value="{n}:0"' in page.text)
    page = browser.post(place, seen=seen, use=f"{agency}:0")
    assert "DPU" not in page.text
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    page = browser.post(place, seen=seen, **{"fix-0": "78"})
    assert page.status_code == 200
    assert f"{place}/save" in page.text

    refused = browser.post(f"{place}/save", title="Kota Uji", id="kota-uji")
    assert refused.status_code == 422  # the totals were not ticked
    done = browser.post(f"{place}/save", title="Kota <i>Uji</i>", id="kota-uji", agreed="on")
    assert done.status_code == 200, done.text
    assert "Kota &lt;i&gt;Uji&lt;/i&gt;" in done.text
    assert cities_of(store) == ["kota", "kota-uji"]
    assert browser.get(place).status_code == 422  # the draft is gone


def test_an_import_again_is_shown_as_a_difference_and_keeps_what_was_decided(store, app):
    browser = Browser(app)
    rows = [dict(p) for p in document()["proposals"] if p["id"] != "U-3"]
    rows[0]["unit_cost"] = 900_000
    data = workbook(resolve(document(proposals=rows)).document, "id")
    place, page = browser.upload(data, city="kota")
    told = re.sub(r"<[^>]+>", " ", page.text)
    assert "U-3" in told
    assert "1.000.000" in told  # the price before and after
    assert "900.000" in told
    assert "sudah diputuskan desk" in told
    rev = re.search(r'name="rev" value="(\d+)"', page.text)[1]
    refused = browser.post(f"{place}/save", rev=rev, reason=" ", agreed="on")
    assert refused.status_code == 422
    stale = browser.post(f"{place}/save", rev="0", reason="harga turun", agreed="on")
    assert stale.status_code == 409
    assert (
        browser.post(f"{place}/save", rev=rev, reason="harga turun", agreed="on").status_code == 200
    )
    with store.session() as tx:
        assert cities.plan(tx, "kota")[0].proposal == "U-1"
        assert cities.taken(tx, "kota")


def test_a_correction_of_an_older_page_changes_nothing(app):
    browser = Browser(app)
    place, page = browser.upload(book(**{"Skor:3": "empat"}))
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    browser.post(place, seen=seen, **{"fix-0": "78"})
    again = browser.post(place, seen=seen, **{"fix-0": "79"})
    assert "page_more" not in again.text
    assert f"{place}/save" in again.text


HOSTILE = (
    "300 MB of zeros",
    "50,000 parts",
    "says 4 GB",
    "encrypted parts",
    "directory beyond the end",
    "DOCTYPE in UTF-16",
    "a million levels in a sheet",
    "20 MB in a shared text",
    "a million formats",
)
"""A few of each sort; that the reader refuses all of them is test_hostile_workbooks' affair."""


@pytest.mark.parametrize("kind", ["workbook", "sipd"])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_with_a_sentence_and_nothing_is_kept(store, app, name, kind):
    maker, arguments = next((m, a) for n, m, a, _ in HARMFUL if n == name)
    _place, page = Browser(app).upload(maker(*arguments), kind=kind)
    assert page.status_code == 200
    assert 'class="strip bad"' in page.text
    assert "Traceback" not in page.text
    assert cities_of(store) == ["kota"]


@pytest.mark.parametrize("name", sorted(OTHER_KINDS))
def test_another_kind_of_file_is_named_as_such(app, name):
    _place, page = Browser(app).upload(OTHER_KINDS[name][0]())
    assert page.status_code == 200
    assert 'class="strip bad"' in page.text


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.xlsx", "C:\\x\\y.xlsx", "<svg onload=1>.xlsx", ".xlsx"]
)
def test_a_files_name_is_only_a_name(app, name):
    _place, page = Browser(app).upload(good(), name=name)
    assert page.status_code == 200
    assert "<svg onload" not in page.text
    assert "etc/passwd" not in page.text


def test_an_upload_without_a_file_or_kind_and_one_too_large_are_refused(app):
    browser = Browser(app)
    assert browser.post("/imports", kind="workbook").status_code == 422
    assert browser.post("/imports", kind="x").status_code == 422
    answer = browser.send(b"x" * (21 * 1024 * 1024), "a.xlsx", kind="workbook")
    assert answer.status_code == 422
    assert "20 MB" in answer.text


def test_another_sites_page_can_not_upload(app):
    answer = app.test_client().post(
        "/imports",
        base_url=BASE,
        data={"kind": "workbook"},
        headers={"Origin": "http://evil.example"},
    )
    assert answer.status_code == 403


def test_only_a_planner_imports_and_a_draft_is_nobody_elses(tmp_path):
    base = "http://10.0.0.5:8000"
    with city_at(f"sqlite:///{tmp_path / 'k.db'}") as store:
        kept = people.sealed("Ani", "rahasia sekali")
        with store.write(LOCAL) as tx:
            people.add(tx, "Ani", "planner", kept)
            people.add(tx, "Budi", "planner", kept)
            people.add(tx, "Cici", "observer", kept)
        with served(store, host="10.0.0.5", trusted=("10.0.0.5",)) as app:
            ani, budi, cici = (signed_in(app, store, n, base) for n in ("Ani", "Budi", "Cici"))
            place, page = ani.upload(good())
            assert page.status_code == 200
            assert budi.get(place).status_code == 422  # no draft of his
            assert cici.get("/import").status_code == 403
            assert cici.post("/imports", kind="workbook").status_code == 403
            assert cici.get(f"{DESK}/minutes").status_code == 200
            assert cici.post(f"{DESK}/minutes/session", state="closed").status_code == 403
            nobody = Browser(app, base=base).get("/import")
            assert nobody.status_code in (302, 303)


def signed_in(app, store, name, base):
    browser = Browser(app, base=base)
    token = people.sign_in(store, name, "rahasia sekali", "1.2.3.4")
    browser.client.set_cookie("kayuh_session", token, domain=browser.host)
    return browser


def test_the_empty_workbook_is_one_that_can_be_handed_in(app):
    for language in LANGUAGES:
        browser = Browser(app, language)
        answer = browser.get("/import/template.xlsx")
        assert "attachment" in answer.headers["Content-Disposition"]
        _place, page = browser.upload(answer.data)
        assert 'class="strip"' in page.text


# Minutes


def test_the_whole_way_of_the_minutes(store, app):
    browser = Browser(app)
    page = browser.post(f"{DESK}/minutes/meeting", rev="0", place="Aula", day="2018-03-16",
                        begins="09.00", person_name=["Siti", ""], person_party=["opd", "opd"],
                        person_body=["Dinas PUPR", ""], person_office=["Kabid", ""])  # fmt: skip
    assert "Aula" in page.text
    assert "Siti" in page.text
    assert browser.post(f"{DESK}/minutes/session", state="closed").status_code == 200
    assert browser.post(f"{DESK}/minutes/session", state="signed").status_code == 422
    sealed = browser.post(f"{DESK}/minutes/session", state="signed", read="on")
    assert sealed.status_code == 200
    assert "minutes/meeting" not in sealed.text  # nothing to fill in any more
    fingerprint = re.search(r"\d+(?:-[0-9a-f]{4}){4}", sealed.text)[0]
    printed = browser.get(f"{DESK}/minutes/print").text
    assert fingerprint in printed
    assert "Rp 80.000.000" in printed.replace("\N{NO-BREAK SPACE}", " ")
    assert "Jumat, 16 Maret 2018" in printed
    for form, ending in FORMS.items():
        answer = browser.get(f"{DESK}/minutes/file/{form}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].endswith(f"versi-1.{ending}")
        assert answer.data[:2] == b"PK"
    assert browser.get(f"{DESK}/minutes/file/lain").status_code == 422
    assert browser.post(f"{DESK}/minutes/meeting", rev="1", place="Lain").status_code == 409
    assert browser.post(f"{DESK}/minutes/session", state="open", reason="").status_code == 422
    again = browser.post(f"{DESK}/minutes/session", state="open", reason="pagu <b>berubah</b>")
    assert "pagu &lt;b&gt;berubah&lt;/b&gt;" in again.text
    old = browser.get(f"{DESK}/minutes?version=1")
    assert fingerprint in old.text
    assert browser.get(f"{DESK}/minutes?version=9").status_code == 422


def test_a_desk_that_still_has_something_to_do_is_not_sealed(store, app):
    decide(store, "U-2", "declined")
    browser = Browser(app)
    browser.post(f"{DESK}/minutes/session", state="closed")
    answer = browser.post(f"{DESK}/minutes/session", state="signed", read="on")
    assert answer.status_code == 409
    assert "U-2" in answer.text


def test_a_city_hands_in_its_own_template(app):
    browser = Browser(app)
    own = own_template("minutes", "id")
    url = f"{DESK}/minutes/template/minutes"
    assert browser.post(url, file=(io.BytesIO(own.data), "kop kota.docx")).status_code == 200
    assert "kop kota.docx" in browser.get(f"{DESK}/minutes").text
    bad = browser.post(url, file=(io.BytesIO(b"PK nonsense"), "x.docx"))
    assert bad.status_code == 422
    assert browser.post(url).status_code == 422
    assert browser.post(f"{DESK}/minutes/template/td4", own="1").status_code == 422
    assert "kop kota.docx" not in browser.post(url, own="1").text
    answer = browser.get(url)
    assert Document(io.BytesIO(answer.data)).paragraphs


def test_the_log_tells_of_meeting_and_template_in_words(app):
    browser = Browser(app, "en")
    browser.post(f"{DESK}/minutes/meeting", rev="0", place="Aula")
    own = own_template("wards", "en")
    browser.post(f"{DESK}/minutes/template/wards", file=(io.BytesIO(own.data), "kop.docx"))
    page = browser.get("/cities/kota/log").text
    assert "attendance were saved" in page
    assert "Word template was changed" in page


# Places


def test_wards_with_nothing_are_named_once_something_is_decided(store, app):
    page = Browser(app).get(f"{DESK}/places").text
    assert "Mawar" in page
    nothing = page.split('id="nothing"')[1].split("</section>")[0]
    assert "Mawar" in nothing  # U-2 was deferred
    assert "Basirih" not in nothing
    assert "stroke-dasharray" in page


def test_before_the_first_decision_no_ward_is_called_empty(tmp_path):
    with city_at(f"sqlite:///{tmp_path / 'k.db'}") as store, served(store) as app:
        page = Browser(app).get(f"{DESK}/places").text
    assert "stroke-dasharray" not in page
    assert "Belum ada yang diputuskan" in page


def test_sums_of_the_places_are_those_of_the_plan(store, app):
    page = Browser(app, "en").get(f"{DESK}/places").text.replace("\N{NO-BREAK SPACE}", " ")
    foot = page.split("<tfoot>")[1].split("</tfoot>")[0]
    assert "Rp 80,000,000" in foot


# Trade-offs and comparison


def wait_for(browser, path, wanted, seconds=40):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page = browser.get(path).text
        if wanted in page:
            return page
        time.sleep(0.3)
    raise AssertionError(page[-3000:])


@pytest.fixture
def torn(tmp_path):
    """A city in which points and equity pull apart: PUPR can pay for one of its two alone."""
    agencies = [{"code": "PUPR", "name": "Dinas PUPR", "ceiling": 130_000_000},
                {"code": "PERKIM", "ceiling": 100_000_000}]  # fmt: skip
    with (
        city_at(f"sqlite:///{tmp_path / 'torn.db'}", agencies=agencies) as store,
        served(store) as app,
    ):
        yield app


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frontier_is_a_picture_and_a_table(torn, language):
    browser = Browser(torn, language)
    browser.post(f"{DESK}/tradeoffs/frontier", seconds="30")
    page = wait_for(browser, f"{DESK}/tradeoffs?point=2", 'class="scatter"')
    rows = page.split("<tbody>")[1].split("</tbody>")[0].count("<tr")
    picture = page.split('class="scatter"')[1].split("</svg>")[0]
    drawn = sum(picture.count(f"<{shape}") for shape in ("circle", "polygon", "rect"))
    assert rows == drawn >= 2
    assert "<polygon" in picture  # the chosen point
    other = Browser(torn, "en" if language == "id" else "id").get(f"{DESK}/tradeoffs").text
    assert 'class="scatter"' in other


@pytest.mark.parametrize("name", ["replacement", "entry", "rule_prices", "next_rupiah"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_analysis_is_a_sentence_and_a_table(torn, language, name):
    browser = Browser(torn, language)
    browser.post(f"{DESK}/tradeoffs/{name}", seconds="30")
    path = f"{DESK}/tradeoffs/{name}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        part = browser.get(path, **{"HX-Request": "true"}).text
        if "hx-trigger" not in part.split(">")[0]:
            break
        time.sleep(0.3)
    assert "<table" in part, part
    assert 'class="strip"' in part
    # What would change nothing is folded away.
    if name in ("rule_prices", "next_rupiah"):
        assert '<td class="num">0</td>' not in part.split("<details>")[0]
    assert "hx-trigger" not in part.split(">")[0]


def test_an_analysis_asks_of_the_proposals_that_are_named(torn):
    browser = Browser(torn)
    assert browser.post(f"{DESK}/tradeoffs/entry", only="U-3").status_code == 422  # of PERKIM
    browser.post(f"{DESK}/tradeoffs/entry", only="U-2, U-5", seconds="30")
    part = wait_for(browser, f"{DESK}/tradeoffs", 'id="entry"')
    assert part


def test_own_shares_stand_with_the_places(app):
    browser = Browser(app)
    browser.post(f"{DESK}/tradeoffs/own_share", seconds="30")
    assert wait_for(browser, f"{DESK}/places", 'id="own_share"')


def test_an_analysis_that_there_is_not_and_one_of_another_desk(app):
    browser = Browser(app)
    assert browser.post(f"{DESK}/tradeoffs/lain").status_code == 404
    assert browser.get(f"{DESK}/tradeoffs/lain", **{"HX-Request": "true"}).status_code == 404
    assert browser.post(f"{DESK}/tradeoffs/frontier/stop", job="f" * 16).status_code == 404


def last_cell(page, heading):
    """The words of the last column in the row that begins with a heading."""
    row = page.split(f'<th scope="row">{heading}</th>')[1].split("</tr>")[0]
    cell = html.unescape(re.sub(r"<[^>]+>", " ", row.split("<td")[-1].split(">", 1)[1]))
    return " ".join(cell.split())


def test_scenarios_are_compared_and_the_list_made_by_hand_is_always_a_column(store, app):
    browser = Browser(app)
    page = browser.post(f"{DESK}/compare/what-if", title="PUPR <i>turun</i>", base="=city",
                        agency="PUPR", percent="-90")  # fmt: skip
    assert "kota-jika-1" in page.text
    assert "<i>turun" not in page.text
    with store.session() as tx:
        digest = names.digest_of(tx, "kota-jika-1")
        cut = app.extensions[KEY].library.get(digest)
    assert (
        cut.digest
        == variant(
            resolve(document()),
            {"title": "PUPR <i>turun</i>", "set": {"agency.PUPR.ceiling": "-90%"}},
        ).digest
    )
    browser.post(f"{DESK}/compare", scenario=["=city", "kota-jika-1"], decided="on")
    page = wait_for(browser, f"{DESK}/compare?verdict=sometimes", 'id="found"')
    page = wait_for(browser, f"{DESK}/compare", "Daftar tangan")
    assert "Keputusan desk" in page
    # The desks gave Basirih in Barat Rp 80 million, and Mawar and Telawang nothing.
    assert last_cell(page, "Kecamatan dengan anggaran paling kecil") == "Tengah Rp 0"
    assert last_cell(page, "Kelurahan yang meminta tetapi tanpa anggaran") == "2"
    answer = browser.get(f"{DESK}/compare.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames
    english = Browser(app, "en").get(f"{DESK}/compare").text
    assert "List made by hand" in english


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"title": "", "percent": "-10", "agency": "PUPR"}, 422),
        ({"title": "A"}, 422),
        ({"title": "A", "percent": "sepuluh", "agency": "PUPR"}, 422),
        ({"title": "A", "percent": "-200", "agency": "PUPR"}, 422),
        ({"title": "A", "percent": "-10", "agency": "XYZ"}, 422),
        ({"title": "A", "off": "options"}, 422),
        ({"title": "A", "proposal": "U-999", "decision": "fund"}, 422),
        ({"title": "A", "proposal": "U-1", "decision": "maybe"}, 422),
        ({"title": "A", "percent": "5", "agency": "PUPR", "base": "../x"}, 404),
        ({"title": "A", "off": "agency_ceiling"}, 200),
        ({"title": "A", "proposal": "U-1", "decision": "reject"}, 200),
    ],
)
def test_a_what_if_that_makes_no_sense_is_refused_with_a_sentence(app, form, status):
    answer = Browser(app).post(f"{DESK}/compare/what-if", **{"base": "=city", **form})
    assert answer.status_code == status, answer.text
    assert "<h1" in answer.text


def test_too_many_or_no_scenarios_are_not_compared(app):
    browser = Browser(app)
    assert browser.post(f"{DESK}/compare").status_code == 422
    assert browser.post(f"{DESK}/compare", scenario=["=city", "x"]).status_code == 404
    assert browser.get(f"{DESK}/compare.xlsx").status_code == 404


def test_a_comparison_that_was_interrupted_is_taken_up_again(store, app):
    from service import work
    from service.jobs import Run
    from service.store import jobs, models

    browser = Browser(app)
    agree(store)
    browser.post(f"{DESK}/compare", scenario=["=city"], decided="on")
    with store.session() as tx:
        job = tx.query(models.Job).filter(models.Job.kind == "comparison").one()
        library = app.extensions[KEY].library
        question = work.again(job.kind, job.request, tx, library)
        assert jobs.get(tx, job.id).request["asked_at"] == PUPR
    document_ = question.work(Run(job.id, None, question.work)).document
    assert [c["kind"] for c in document_["id"]["columns"]] == ["scenario", "baseline", "list"]


# Guides


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(GUIDES))
def test_every_picture_of_a_guide_was_made(app, name, language):
    browser = Browser(app, language)
    page = browser.get(f"/guide/{name}").text
    pictures = re.findall(r'<img src="([^"?]+)', page)
    assert len(pictures) == sum(bool(picture) for picture in GUIDES[name].values())
    for place in pictures:
        with browser.get(place) as answer:
            data = answer.data
        assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")


def test_a_guide_that_there_is_not(app):
    assert Browser(app).get("/guide/lain").status_code == 404
