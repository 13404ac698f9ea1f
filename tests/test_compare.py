"""kayuh compare: cells, verdicts, sums and differences, on paper and by the oracle."""

from __future__ import annotations

import json
import random

import openpyxl
import oracle
import pytest
from agreement import plan_of, random_plan, taken_of
from asked import desks, document, proposal
from click.testing import CliRunner

from service.cli import main
from solver.instance import MICRO, Choice
from solver.scenario import variant
from solver.solve import Params, solve
from solver.tradeoffs.compare import by_hand, compare, of_list, of_scenario
from solver.write.comparison.document import letter

CHUNK = 30
SEEDS = range(0, 60, CHUNK)
SOAK = range(40_000, 42_000, 50)


def solved(name, scenario):
    return of_scenario(name, scenario, solve(scenario.instance, Params(time_limit=60)))


def choices_of(plan):
    return [
        Choice(p, label, None if v is None else int(v * MICRO)) for p, (label, v) in plan.items()
    ]


# --- at random -----------------------------------------------------------------------------------


def told(made, plan):
    """By the oracle what a plan decides of each proposal: in, volume, amount, agency, place."""
    case = oracle.Case(made)
    takes = {take.proposal: take for take in oracle.read_plan(case, plan)}
    found = {}
    for pid in case.ids:
        take = takes.get(pid)
        if pid in case.covered:
            found[pid] = (True, 0, 0, None)
        elif take is None:
            found[pid] = (False, 0, 0, None)
        else:
            found[pid] = (True, take.volume or 0, take.amount, take.option)
    return found


def check(seed, made, questions):
    rng = random.Random(f"compare {seed}")
    scenario = questions.scenario
    other = variant(scenario, {"off": {"rules": [rng.choice(["locks", "limits", "locations"])]}})
    plan = random_plan(questions.base.case, rng)
    columns = [
        of_scenario("a", scenario, questions.result),
        solved("b", other),
        by_hand(scenario),
        of_list("daftar.csv", scenario, choices_of(plan)),
    ]
    found = compare(columns)
    plans = [None if c.taken is None else plan_of(c.case, c.taken) for c in columns]
    assert plans[3] == plan_of(questions.base.case, taken_of(questions.base.case, plan)), seed
    expected = [None if p is None else told(made, p) for p in plans]
    planned = [e for e in expected if e is not None]
    for line in found.lines:
        pid = line.proposal.id
        for cell, e in zip(line.cells, expected, strict=True):
            if e is None:
                assert cell is None, seed
                continue
            inside, volume, amount, _ = e[pid]
            assert (cell.kind in ("fund", "fund_changed", "covered")) is inside, (seed, pid)
            assert (cell.figures.volume, cell.figures.amount) == (volume, amount), (seed, pid)
        ins = [e[pid][0] for e in planned]
        verdict = "always" if all(ins) else "sometimes" if any(ins) else "never"
        assert line.verdict == verdict, (seed, pid)
    assert [line.proposal.id for line in found.lines] == sorted(expected[2]), seed
    first = planned[0]
    for column, e, against in zip(columns, expected, found.against, strict=True):
        if e is None:
            assert against is None, seed
        else:
            check_column(seed, column, e, first, against)


def check_column(seed, column, e, first, against):
    ins = {pid for pid in e if e[pid][0]}
    before = {pid for pid in first if first[pid][0]}
    assert set(against.enters) == ins - before, seed
    assert set(against.leaves) == before - ins, seed
    assert set(against.less) == {p for p in ins & before if e[p][2] < first[p][2]}, seed
    assert set(against.more) == {p for p in ins & before if e[p][2] > first[p][2]}, seed
    assert column.amount == sum(what[2] for what in e.values()), seed
    for sums, moved, name in (
        (column.by_agency, against.agencies, lambda o: [o.agency]),
        (column.by_place, against.places, place_names),
    ):
        now, then = total(e, name), total(first, name)
        assert {k: v for k, v in sums.items() if v} == {k: v for k, v in now.items() if v}, seed
        changes = {k: now.get(k, 0) - then.get(k, 0) for k in now.keys() | then.keys()}
        assert moved == {k: v for k, v in changes.items() if v}, seed


def place_names(option):
    return [option.district] + ([f"{option.district}/{option.ward}"] if option.ward else [])


def total(e, names):
    found = {}
    for _, _, amount, option in e.values():
        for name in names(option) if option else ():
            found[name] = found.get(name, 0) + amount
    return found


@pytest.mark.parametrize("first", SEEDS)
def test_cells_verdicts_and_sums_are_those_of_the_plans(first):
    for seed, made, questions in desks(range(first, first + CHUNK), with_points=False):
        check(seed, made, questions)


@pytest.mark.soak
@pytest.mark.parametrize("first", SOAK)
def test_cells_verdicts_and_sums_on_two_thousand_more(first):
    for seed, made, questions in desks(range(first, first + 50), with_points=False):
        check(seed, made, questions)


# --- by hand -------------------------------------------------------------------------------------

ROAD = proposal("A", 6, 6, priority=1, title="Jalan")
DRAIN = proposal("B", 5, 5, priority=2, volume=5, min_volume=1, title="=HYPERLINK(1)")
HOUSE = proposal("C", 4, 5, priority=3, district="Utara", ward="Kuin", title="[b]Rumah[/b]")
DESK = document(ROAD, DRAIN, HOUSE, ceiling=10)


@pytest.fixture
def files(tmp_path):
    base = tmp_path / "kota.json"
    base.write_text(json.dumps(DESK), "utf-8")
    low = tmp_path / "turun.json"
    low.write_text(json.dumps({**DESK, "agencies": [{"code": "PUPR", "ceiling": 5}]}), "utf-8")
    impossible = tmp_path / "mustahil.json"
    floor = [{"name": "lantai", "district": "Barat", "min": 99}]
    impossible.write_text(json.dumps({**DESK, "limits": floor}), "utf-8")
    plan = tmp_path / "daftar.csv"
    plan.write_text("proposal,volume,amount\nA,,6\nB,2,2\nC,,0\n", "utf-8")
    return tmp_path


def run(*words):
    return CliRunner().invoke(main, ["compare", *(str(word) for word in words)])


def test_the_document_is_that_of_the_contract(files):
    paths = files / "kota.json", files / "turun.json"
    result = run(*paths, "--plan", files / "daftar.csv", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    # 10: A and C, 11 points. 5: C and one fifth of B. By hand: A, then 4 of B. The list: 2 of B.
    assert [c["kind"] for c in found["columns"]] == ["scenario", "scenario", "baseline", "list"]
    assert [c["column"] for c in found["columns"]] == ["A", "B", "C", "D"]
    assert [c["title"] for c in found["columns"]] == [
        "desk (kota.json)", "desk (turun.json)", "Daftar buatan tangan menurut prioritas",
        "daftar.csv",
    ]  # fmt: skip
    assert [c["status"] for c in found["columns"]] == ["optimal", "optimal", None, None]
    assert [c["points"] for c in found["columns"]] == [11, 6, 10, 8]
    rows = {row["proposal"]: row for row in found["rows"]}
    assert {p: row["verdict"] for p, row in rows.items()} == {
        "A": "sometimes", "B": "sometimes", "C": "sometimes"
    }  # fmt: skip
    assert rows["B"]["cells"] == [
        {"decision": "not_fund", "volume": 0, "amount": 0},
        {"decision": "fund_changed", "volume": 1, "amount": 1},
        {"decision": "fund_changed", "volume": 4, "amount": 4},
        {"decision": "fund_changed", "volume": 2, "amount": 2},
    ]
    low = found["totals"][1]
    assert (low["enters"], low["leaves"]) == (["B"], ["A"])
    assert low["agencies"] == {"PUPR": {"amount": 5, "moved": -5}}
    assert low["places"]["Utara"] == {"amount": 4, "moved": 0}
    assert low["places"]["Barat/Basirih"] == {"amount": 1, "moved": -5}


def test_a_list_of_ones_own_needs_no_scenario_beside_it(files):
    found = json.loads(run(files / "kota.json", "--plan", files / "daftar.csv", "--json").stdout)
    assert [c["kind"] for c in found["columns"]] == ["scenario", "baseline", "list"]


def test_always_and_never_look_at_every_column_with_a_plan(files):
    found = json.loads(run(files / "mustahil.json", files / "kota.json", "--json").stdout)
    verdicts = {row["proposal"]: row["verdict"] for row in found["rows"]}
    # The impossible one has no say: A is in the other plan and in the list made by hand.
    assert verdicts == {"A": "always", "B": "sometimes", "C": "sometimes"}
    assert found["columns"][0]["status"] == "infeasible"
    assert found["rows"][0]["cells"][0] == {"decision": None, "volume": None, "amount": None}
    assert found["totals"][1]["enters"] == []  # the first with a plan is what others differ from


def test_an_impossible_scenario_ends_with_4_and_is_said_so(files):
    result = run(files / "kota.json", files / "mustahil.json", "--lang", "en")
    assert result.exit_code == 4
    assert "impossible as stated" in result.stdout


def test_another_desks_proposal_has_an_empty_cell(files):
    other = {**DESK, "proposals": [ROAD, proposal("Z", 1, 1)]}
    (files / "lain.json").write_text(json.dumps(other), "utf-8")
    found = json.loads(run(files / "kota.json", files / "lain.json", "--json").stdout)
    rows = {row["proposal"]: row for row in found["rows"]}
    assert [cell["decision"] for cell in rows["Z"]["cells"]] == [None, "fund", None]
    assert [cell["decision"] for cell in rows["B"]["cells"]] == ["not_fund", None, "fund_changed"]
    assert rows["Z"]["verdict"] == "sometimes"


def test_a_list_that_breaks_a_rule_is_told_so(files):
    (files / "semua.csv").write_text("proposal\nA\nB\nC\n", "utf-8")
    result = run(files / "kota.json", "--plan", files / "semua.csv", "--lang", "en")
    assert result.exit_code == 0
    assert "Limits it breaks: 1." in result.stdout
    found = json.loads(run(files / "kota.json", "--plan", files / "semua.csv", "--json").stdout)
    (broken,) = found["columns"][-1]["breaks"]
    assert (broken["rule"], broken["used"], broken["max"]) == ("agency_ceiling", 15, 10)


def test_a_wrong_list_or_path_is_an_error_that_says_where(files):
    (files / "salah.csv").write_text("proposal\nX\n", "utf-8")
    result = run(files / "kota.json", "--plan", files / "salah.csv", "--json")
    assert result.exit_code == 5
    assert json.loads(result.stdout)["errors"][0]["file"] == "salah.csv"
    assert run(files / "nirgends.json").exit_code == 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_files_are_whole_and_nothing_typed_comes_alive(files, language):
    out = files / "keluaran"
    result = run(files / "kota.json", files / "turun.json", "--out", out, "--lang", language)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == [
        "answers.jsonl", "compare.json", "compare.xlsx"
    ]  # fmt: skip
    workbook = openpyxl.load_workbook(out / "compare.xlsx")
    assert len(workbook.sheetnames) == 4
    cells = [
        c for sheet in workbook for row in sheet.iter_rows() for c in row if c.value is not None
    ]
    assert [c for c in cells if c.data_type == "f" or c.hyperlink] == []
    assert any(c.value == "=HYPERLINK(1)" for c in cells)
    assert "[b]Rumah[/b]" in result.stdout
    shown = json.loads((out / "compare.json").read_text("utf-8"))
    assert shown["columns"][0]["points"] == 11


def test_the_screen_fits_120_columns(files):
    rows = [
        proposal(f"U-{n:03}", n, n, title="Peningkatan jalan lingkungan " * 3) for n in range(1, 60)
    ]
    (files / "besar.json").write_text(json.dumps(document(*rows, ceiling=500)), "utf-8")
    paths = [files / "besar.json", files / "kota.json", files / "turun.json", files / "besar.json"]
    result = run(*paths)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 120
    assert "… " in result.stdout  # more rows than the screen shows


def test_what_was_solved_before_is_not_solved_again(files, monkeypatch):
    paths = files / "kota.json", files / "mustahil.json"
    first = run(*paths, "--out", files / "keluaran", "--json")

    def refuse(*_args, **_kwargs):
        raise AssertionError("this was solved before")

    monkeypatch.setattr("solver.tradeoffs.compare.solve", refuse)
    again = run(*paths, "--out", files / "keluaran", "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (4, json.loads(first.stdout))


def test_columns_beyond_z_have_two_letters():
    assert [letter(n) for n in (0, 25, 26, 27, 51, 52)] == ["A", "Z", "AA", "AB", "AZ", "BA"]
