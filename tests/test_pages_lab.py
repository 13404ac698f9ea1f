"""The Lab: its form, a sweep to its end, stopping and going on, who may, and what it weighs."""

from __future__ import annotations

import gzip
import html
import io
import re
import threading
import time
import warnings
from pathlib import Path

import openpyxl
import pytest
from desks import AGENCIES, PROPOSALS, PUPR, document
from reader import Browser, Page, served, store_of

import scenarios as embedded
import service
from service import scenarios
from service.context import KEY
from service.desk import city as cities
from service.jobs import Outcome
from service.pages.lab_form import MOST
from service.settings import CITY
from service.store import LOCAL, jobs, people, snapshots, sweep_runs
from service.sweeps import GAP, SECONDS, Sweeping
from solver.assess import amount_of, points_of
from solver.instance import from_micro
from solver.scenario import read, resolve, variant
from solver.solve import Params, solve
from solver.sweep import work as sweeping
from solver.words import LANGUAGES, catalogue, money_full, number, say

LAB = "/cities/kota/lab"
CEILING = "agency.PUPR.ceiling"
SOON = 30
EVIL = '=HYPERLINK("http://x") <b>tebal</b> {{ 7*7 }}'


@pytest.fixture
def app(tmp_path):
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}") as found:
        yield found


def begun(browser, values, key=CEILING, **form):
    """The place of a sweep that was begun."""
    answer = browser.post(LAB, **{"scenario": "=city", "key": key, "values": values, **form})
    assert answer.status_code == 200, answer.text
    return answer.headers["HX-Redirect"]


def ended(browser, place):
    """The sweep's page once it has ended."""
    browser.wait(f"{place}/found", SOON)
    return browser.get(place).text


def cells(page):
    """The rows of the table of runs, each as the texts of its cells."""
    table = page.split('aria-labelledby="runs"')[1].split("</table>")[0]
    rows = table.split("<tbody>")[1].split("<tr>")[1:]
    return [
        [
            plain(html.unescape(re.sub("<[^>]+>", " ", cell)))
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        ]
        for row in rows
    ]


def plain(text):
    """The text, every blank a simple one."""
    return " ".join(text.split())


def told(error, language, **facts):
    return say(f"lab.{error}", language, facts)


# The sentences

SERVICE = Path(service.__file__).parent
MADE = ("group_", "state_", "what_")
"""How codes begin that are put together when they are needed."""


def test_every_sentence_says_the_same_in_both_languages_and_is_said_somewhere():
    files = [*SERVICE.glob("pages/*.py"), *SERVICE.glob("templates/lab*.html")]
    text = "\n".join(file.read_text("utf-8") for file in files)
    for code, texts in catalogue().items():
        topic, _, name = code.partition(".")
        if topic == "lab":
            assert set(texts) == set(LANGUAGES)
            blanks = [sorted(re.findall(r"{(\w+(?::\w+)?)}", one)) for one in texts.values()]
            assert blanks[0] == blanks[1], code
            assert name.startswith(MADE) or re.search(rf"[\"'](lab\.)?{name}[\"']", text), code


# The form


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("values", "error", "facts"),
    [
        ("", "no_values", {}),
        (" ; \n ;", "no_values", {}),
        ("10%", "value_unsigned", {"typed": "10%"}),
        ("-10%, -5%, +5%", "value_unreadable", {"typed": "-10%, -5%, +5%"}),
        ("sepuluh", "value_unreadable", {"typed": "sepuluh"}),
        ("-5000000", "value_unreadable", {"typed": "-5000000"}),
        ("-10%; <b>x</b>", "value_unreadable", {"typed": "<b>x</b>"}),
        (
            ";".join(f"-{n}%" for n in range(1, MOST + 2)),
            "too_many",
            {"number": MOST + 1, "most": MOST},
        ),
    ],
)
def test_what_can_not_be_meant_is_told_and_nothing_begins(app, language, values, error, facts):
    browser = Browser(app, language)
    answer = browser.post(LAB, scenario="=city", key=CEILING, values=values)
    assert answer.status_code == 422
    assert told(error, language, **facts) in html.unescape(answer.text)
    assert "<b>x</b>" not in answer.text
    with store_of(app).session() as tx:
        assert jobs.listed(tx) == []


@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("id", "-2,5%; +10,25 %; \N{MINUS SIGN}7%", ["-2,5%", "+10,25%", "-7%"]),
        ("en", "-2.5%; +10.25 %; +1,000%", ["-2,5%", "+10,25%", "+1000%"]),
        ("id", "Rp 90.000.000\n95.000.000; 90.000.000", [90_000_000, 95_000_000]),
        ("en", "Rp 90,000,000; 95000000", [90_000_000, 95_000_000]),
    ],
)
def test_values_are_read_in_the_form_of_each_language(app, language, typed, kept):
    place = begun(Browser(app, language), typed)
    with store_of(app).session() as tx:
        assert jobs.get(tx, place.rpartition("/")[2]).request["lists"] == {CEILING: kept}


@pytest.mark.parametrize(
    ("typed", "code"), [("-2.5%", "number_unreadable"), ("1,5; 2", "number_unreadable")]
)
def test_a_number_in_the_other_languages_form_is_refused(app, typed, code):
    answer = Browser(app, "id").post(LAB, scenario="=city", key=CEILING, values=typed)
    assert answer.status_code == 422
    with store_of(app).session() as tx:
        assert jobs.listed(tx) == []


def test_a_percentage_finer_than_a_scenario_can_hold_is_refused(app):
    answer = Browser(app).post(LAB, scenario="=city", key=CEILING, values="-2,125%")
    assert answer.status_code == 422
    assert told("value_fine", "id", typed="-2,125%") in answer.text


@pytest.mark.parametrize(
    "key", ["", "agency.LAIN.ceiling", "proposal.U-1.score", "line.1.03.ceiling"]
)
def test_only_what_the_scenario_has_can_be_varied(app, key):
    answer = Browser(app).post(LAB, scenario="=city", key=key, values="-10%")
    assert answer.status_code == 422
    assert told("no_such_key", "id") in answer.text


def test_a_value_that_the_scenario_can_not_take_is_told_before_anything_begins(app):
    answer = Browser(app).post(LAB, scenario="=city", key=CEILING, values="-10%; -200%")
    assert answer.status_code == 422
    assert "-200%" in answer.text
    answer = Browser(app).post(LAB, scenario="lain", key=CEILING, values="-10%")
    assert answer.status_code == 404
    with store_of(app).session() as tx:
        assert jobs.listed(tx) == []


# A sweep


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_that_of_the_variant_solved_alone(app, language):
    browser = Browser(app, language)
    values = ["-90%", "-88%", "-95%"]
    page = ended(browser, begun(browser, "; ".join(values)))
    rows = cells(page)
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    base = resolve(document())
    for row, value in zip(rows, [None, *values], strict=True):
        changed = base if value is None else variant(base, {"set": {CEILING: value}})
        result = solve(changed.instance, Params(SECONDS, GAP))
        points = from_micro(points_of(result.taken))
        assert row[2] == say("sweep.status_optimal", language)
        assert row[4] == number(points, language, 2)
        assert row[5] == plain(money_full(amount_of(result.taken), language))
        assert row[6] == number(sum(f.amount > 0 for f in result.taken.values()), language)
    # A picture a measure, each with its table; nothing inline, which the browser would refuse.
    assert page.count("<svg xmlns") == 4
    for measure in ("points", "amount", "worst", "inversions"):
        assert f"<caption>{say(f'sweep.curve_{measure}', language)}</caption>" in page
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?! src=)", page)
    assert Page(page).stray == []


def test_the_page_counts_what_is_always_sometimes_and_never_in(app):
    browser = Browser(app)
    page = ended(browser, begun(browser, "-90%; -95%"))
    base = resolve(document())
    plans = []
    for value in (None, "-90%", "-95%"):
        changed = base if value is None else variant(base, {"set": {CEILING: value}})
        result = solve(changed.instance, Params(SECONDS, GAP))
        taken = {result.case.space.options[i].proposal for i in result.taken}
        plans.append(taken | {"U-6"})  # the Renja holds it already
    always, some = set.intersection(*plans), set.union(*plans)
    facts = {"always": len(always), "sometimes": len(some - always), "never": 6 - len(some)}
    assert some - always
    assert told("verdict_counts", "id", plans=3, **facts) in page
    listed = page.split("<details")[1]
    assert set(re.findall(r">(U-\d)</th>", listed)) == some - always


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("location.Barat.max_amount", "-50%; 150.000.000"),
        ("location.Tengah.min_amount", "10%; 20%"),
        ("line.1.04.ceiling", "-50%"),
    ],
)
def test_places_and_lines_can_be_varied_too(tmp_path, key, values):
    lines = [{"code": "1.03", "agency": "PUPR"},
             {"code": "1.04", "agency": "PUPR", "ceiling": 100_000_000}]  # fmt: skip
    with served(f"sqlite:///{tmp_path / 'k.db'}", lines=lines) as app:
        browser = Browser(app)
        assert f'value="{key}"' in browser.get(LAB).text
        page = ended(browser, begun(browser, values, key))
        assert len(cells(page)) == values.count(";") + 2
        assert say("sweep.status_failed", "id") not in page


def test_a_run_without_a_plan_is_a_row_with_its_reason(tmp_path):
    locked = [{"proposal": "U-2", "decision": "fund"}]
    with served(f"sqlite:///{tmp_path / 'k.db'}", lock=locked) as app:
        browser = Browser(app)
        page = ended(browser, begun(browser, "-95%; -5%"))
    rows = cells(page)
    assert len(rows) == 3
    assert rows[1][2].startswith(f"{say('sweep.status_infeasible', 'id')}: ")
    assert "U-2" in rows[1][2]
    assert rows[2][2] == say("sweep.status_optimal", "id")
    assert say("sweep.told_infeasible", "id", {"number": 1}) in page


def test_a_stored_scenario_can_be_swept_and_an_old_answer_says_so(app):
    with store_of(app).write(LOCAL) as tx:
        cut = variant(resolve(document()), {"set": {CEILING: "-90%"}})
        scenarios.keep(tx, "kota-jika-1", cut)
    browser = Browser(app)
    place = begun(browser, "+10%", scenario="kota-jika-1")
    page = ended(browser, place)
    assert money_full(110_000_000, "id") in page
    assert told("is_old", "id") not in page
    with store_of(app).write(LOCAL) as tx:
        scenarios.keep(tx, "kota-jika-1", resolve(document()))
    assert told("is_old", "id") in browser.get(place).text


def test_the_workbook_has_the_same_runs(app):
    browser = Browser(app)
    place = begun(browser, "-90%; -95%")
    ended(browser, place)
    answer = browser.get(f"{place}/sweep.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = opened(answer.data)[say("sweep.sheet_runs", "id")]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in (1, 2, 3)]
    assert len(rows) == 3


def opened(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says that it does not know all that is in it
        return openpyxl.load_workbook(io.BytesIO(data))


# Stopping, going on, and nothing twice


class Counted:
    """Computes as a sweep does, and waits for a stop at the run of a number."""

    def __init__(self, monkeypatch, wait_at=0):
        self.keys = []
        self.wait_at = wait_at
        self.waits = threading.Event()
        self.run = sweeping.run
        monkeypatch.setattr(sweeping, "run", self)

    def __call__(self, task, stop):
        self.keys.append(task["key"])
        if len(self.keys) == self.wait_at:
            self.waits.set()
            assert stop.wait(SOON)
        return self.run(task, stop)


def stored(app, keys):
    with store_of(app).session() as tx:
        return set(sweep_runs.read(tx, keys))


def test_a_stopped_sweep_goes_on_with_what_is_missing_and_computes_nothing_twice(app, monkeypatch):
    browser = Browser(app)
    counted = Counted(monkeypatch, wait_at=3)
    place = begun(browser, "-90%; -80%; -70%; -60%")
    assert counted.waits.wait(SOON)
    assert told("progress", "id", done=2, whole=5) in browser.get(f"{place}/found", part=True).text
    browser.post(f"{place}/stop")
    page = ended(browser, place)
    assert told("state_stopped", "id") in page
    kept = stored(app, counted.keys)
    assert 2 <= len(kept) < 5
    assert len(cells(page)) == 5
    assert say("sweep.status_waiting", "id") in page

    counted = Counted(monkeypatch)
    place = browser.post(f"{place}/again").headers["HX-Redirect"]
    page = ended(browser, place)
    assert told("state_done", "id") in page
    assert len(counted.keys) == 5 - len(kept)
    assert not kept & set(counted.keys)

    counted = Counted(monkeypatch)
    page = ended(browser, begun(browser, "-60%; -70%; -80%; -90%; -50%"))
    assert len(counted.keys) == 1  # only what was never asked before
    assert len(cells(page)) == 6


def test_a_sweep_that_was_interrupted_is_taken_up_again(app, monkeypatch):
    """As after a killed service: the row says interrupted, and the results so far are there."""
    browser = Browser(app)
    place = begun(browser, "-90%; -80%")
    ended(browser, place)
    with store_of(app).write() as tx:
        old = jobs.get(tx, place.rpartition("/")[2])
        job = jobs.add(tx, old.kind, {**old.request, "lists": {CEILING: ["-90%", "-70%"]}})
        jobs.interrupted(tx)
    counted = Counted(monkeypatch)
    place = f"{LAB}/{job.id}"
    assert told("again", "id") in browser.get(place).text
    assert browser.post(f"{place}/again").headers["HX-Redirect"] == place
    page = ended(browser, place)
    assert len(counted.keys) == 1
    assert len(cells(page)) == 3


def test_one_sweep_at_a_time(app, monkeypatch):
    browser = Browser(app)
    counted = Counted(monkeypatch, wait_at=1)
    place = begun(browser, "-90%")
    assert counted.waits.wait(SOON)
    answer = browser.post(LAB, scenario="=city", key=CEILING, values="-80%")
    assert answer.status_code == 409
    assert told("busy", "id") in answer.text
    browser.post(f"{place}/stop")
    ended(browser, place)
    assert begun(browser, "-80%")


def test_a_sweep_over_the_api_has_its_progress_and_its_result(app):
    browser = Browser(app)
    place = begun(browser, "-90%")
    ended(browser, place)
    job = place.rpartition("/")[2]
    found = browser.get(f"/api/v1/jobs/{job}").json
    assert (found["kind"], found["state"]) == ("sweep", "done")
    assert (found["progress"]["done"], found["progress"]["whole"]) == (2, 2)
    result = browser.get(f"/api/v1/jobs/{job}/result").json
    assert result["totals"]["optimal"] == 2
    assert [run["set"] for run in result["runs"]] == [{}, {CEILING: "-90%"}]


# Who, where, and in which words


HOST = "192.168.7.7"
BASE = f"http://{HOST}:8000"
SECRET = "sangat rahasia"


def test_who_may_ask_a_what_if_may_sweep_and_others_may_look(tmp_path):
    roles = {"Rina": ("facilitator", ""), "Budi": ("agency", "PUPR"), "Dewi": ("planner", ""),
             "Sari": ("kecamatan", "Barat"), "Ani": ("observer", "")}  # fmt: skip
    sealed = people.sealed("nobody", SECRET)
    settings = {"host": HOST, "trusted": (HOST,)}
    with served(f"sqlite:///{tmp_path / 'kayuh.db'}", settings=settings) as app:
        browsers = {}
        for name, (role, scope) in roles.items():
            with store_of(app).write(LOCAL) as tx:
                people.add(tx, name, role, sealed, scope)
            token = people.sign_in(store_of(app), name, SECRET, "1.2.3.4")
            browsers[name] = Browser(app, base=BASE)
            browsers[name].client.set_cookie("kayuh_session", token, domain=HOST)
        form = {"scenario": "=city", "key": CEILING, "values": "-90%"}
        for name in ("Sari", "Ani"):
            page = browsers[name].get(LAB)
            assert page.status_code == 200
            assert "<textarea" not in page.text
            assert browsers[name].post(LAB, **form).status_code == 403
        for name in ("Rina", "Budi", "Dewi"):
            assert "<textarea" in browsers[name].get(LAB).text
            place = begun(browsers[name], "-90%")
            ended(browsers[name], place)
        page = browsers["Ani"].get(place)
        assert page.text.count("<svg xmlns") == 4
        assert browsers["Ani"].get(f"{place}/sweep.xlsx").status_code == 200
        for name in ("Sari", "Ani"):
            for action in ("stop", "again"):
                assert browsers[name].post(f"{place}/{action}").status_code == 403
        assert browsers["Budi"].post(f"{place}/stop").status_code == 403  # it is Dewi's
        assert Browser(app, base=BASE).get(LAB).status_code == 303


def test_the_lab_is_found_from_every_desk_and_by_its_short_address(app):
    browser = Browser(app)
    for path in (f"/desks/{PUPR}", f"/desks/{PUPR}/compare", "/"):
        assert f'href="{LAB}"' in browser.get(path).text
    assert browser.get("/lab").headers["Location"] == LAB


def test_an_address_that_leads_nowhere(app):
    browser = Browser(app)
    other = app.extensions[KEY].runner.submit("recommendation", lambda _: {}, lambda _: Outcome({}))
    for path in ("/cities/lain/lab", f"{LAB}/{'f' * 16}", f"{LAB}/{other}", f"{LAB}/x/sweep.xlsx"):
        assert browser.get(path).status_code == 404, path
    assert browser.post(f"{LAB}/{'f' * 16}/again").status_code == 404


def test_the_two_languages_say_the_same_in_other_words(app):
    place = begun(Browser(app), "-90%; -95%")
    ended(Browser(app), place)
    for path in (LAB, place):
        one, other = (Browser(app, language).get(path).text for language in LANGUAGES)
        assert one != other
        for tag in ("<tr", "<h2", "<input", "<button", "<a ", "<svg", "<option"):
            assert one.count(tag) == other.count(tag), tag


def test_what_was_typed_is_text_on_every_page_and_in_the_workbook(tmp_path):
    rows = [{**p, "title": f"{EVIL} {p['id']}"} for p in PROPOSALS]
    agencies = [{**a, "name": f"{EVIL} {a['code']}"} for a in AGENCIES]
    with served(f"sqlite:///{tmp_path / 'k.db'}", proposals=rows, agencies=agencies) as app:
        with store_of(app).write(LOCAL) as tx:
            scenarios.keep(tx, "kota-jika-1", resolve(document(title=EVIL)))
        browser = Browser(app)
        place = begun(browser, "-90%; -95%")
        ended(browser, place)
        for path in (LAB, place):
            page = browser.get(path).text
            assert "<b>tebal" not in page
            assert "&lt;b&gt;tebal" in page
        book = opened(browser.get(f"{place}/sweep.xlsx").data)
        found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
        assert any("tebal" in str(cell.value) and cell.data_type == "s" for cell in found)
        assert not any(c.data_type == "f" and "tebal" in str(c.value) for c in found)
        assert not any(cell.hyperlink for cell in found)


def test_the_page_of_the_largest_sweep_of_a_whole_city_weighs_little(tmp_path):
    """600 proposals and 50 values, their results made up and put where a sweep looks for them."""
    city = read(embedded.path(CITY))
    ids = [proposal.id for proposal in city.instance.proposals]
    values = tuple(f"-{n}%" for n in range(1, MOST + 1))
    with served(f"sqlite:///{tmp_path / 'k.db'}") as app:
        store = store_of(app)
        with store.write(LOCAL) as tx:
            cities.create(tx, CITY, scenarios.keep(tx, CITY, city))
        plan = Sweeping(CITY, city, {CEILING: values}, {}, store).plan
        with store.write() as tx:
            for run in plan.runs:
                line = {"row": made_up(run.number, ids), "seconds": 1.0}
                sweep_runs.keep(tx, run.key, snapshots.sealed(line))
        browser = Browser(app)
        lab = f"/cities/{CITY}/lab"
        form = {"scenario": "=city", "key": CEILING, "values": ";".join(values)}
        began = time.monotonic()
        place = browser.post(lab, **form).headers["HX-Redirect"]
        page = ended(browser, place)
        assert time.monotonic() - began < SOON  # nothing was solved
        assert len(cells(page)) == MOST + 1
        for path in (lab, place):
            assert weight(browser, path) < 150_000, path


def made_up(number, ids):
    """A result as a run gives it: every proposal is in some of the plans and not in others."""
    taken = {name: 100_000_000 + n * 1_000 for n, name in enumerate(ids) if (n * number) % 7 < 4}
    return {
        "status": "optimal", "ended": "proof", "digest": "0" * 64, "proposals": len(ids),
        "changes": [[CEILING, 224_150_000_000, 224_150_000_000 - number * 2_241_500_000]]
        if number > 1 else [],
        "unique": True, "points": 20_000.25 + number, "bound": 20_000.25 + number, "gap": 0.0,
        "amount": sum(taken.values()), "stages": [], "by_hand": 18_000, "inversions": number,
        "worst": {"district": "Banjarmasin Timur", "share": 0.41}, "districts": {},
        "agencies": {}, "taken": taken, "changed": [], "covered": [],
    }  # fmt: skip


def weight(browser, path):
    """Bytes on the way to a browser that has nothing yet: the page and all that it names."""
    answer = browser.get(path, **{"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    page = gzip.decompress(answer.data).decode()
    found = len(answer.data)
    for place in set(re.findall(r'(?:src|href)="(/static/[^"?]+)', page)):
        found += len(browser.get(place, **{"Accept-Encoding": "gzip"}).data)
    return found
