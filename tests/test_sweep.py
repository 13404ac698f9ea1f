"""A sweep's parts: paths, lists, keys, the store, rules to accept, verdicts, curves, estimates."""

from __future__ import annotations

import json
import random
import threading
from concurrent.futures import Future
from fractions import Fraction

import pytest
from small import document as small

from solver.errors import InputError, UsageError
from solver.scenario import read
from solver.solve import Params
from solver.sweep import Store, accept, carried_out, lists_of, parsed, planned, reported
from solver.sweep.curves import curves
from solver.sweep.engines import DiedError, LostError, Serial
from solver.sweep.estimate import Estimate
from solver.sweep.paths import scenarios_of
from solver.sweep.source import scenario_in, source_of
from solver.sweep.task import run
from solver.sweep.vary import lists_in, products
from solver.sweep.verdicts import verdicts

CEILING = "agency.PUPR.ceiling"
PARAMS = Params(time_limit=30)


def town(**changes):
    """Three proposals of one agency; 500 million take U-1 and U-3, in two districts with U-2."""
    whole = {
        "format": 1,
        "title": "Kota kecil",
        "agencies": [{"code": "PUPR", "ceiling": 500_000_000}],
        "proposals": [
            {
                "id": f"U-{n}",
                "title": f"Titian {n}",
                "agency": "PUPR",
                "district": district,
                "ward": f"W{n}",
                "priority": n,
                "score": score,
                "amount": amount,
            }
            for n, district, score, amount in (
                (1, "Barat", 60, 300_000_000),
                (2, "Timur", 50, 250_000_000),
                (3, "Barat", 40, 200_000_000),
            )
        ],
    }
    return {**whole, **changes}


def write(path, document):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document), "utf-8")
    return path


def swept(plan, folder, engine=None, known=None):
    """Carry a plan out and give the lines by key, and the keys that were computed now."""
    known = Store(folder).read(plan.keys) if known is None else known
    done = []
    with Store(folder) as store:
        carried_out(
            plan,
            engine or Serial(threading.Event()),
            store,
            known,
            watch=lambda found, _: done.append(found.key) if found else None,
        )
    return known, done


# Paths


def test_a_folder_without_a_scenario_is_a_folder_of_scenarios_and_regions(tmp_path):
    for name in ("b.json", "a.json", ".hidden.json", "~$a.xlsx", "notes.txt"):
        write(tmp_path / name, town())
    write(tmp_path / "kab-2" / "other.json", town())
    (tmp_path / "kab-1").mkdir()
    (tmp_path / "kab-1" / "scenario.toml").write_text("format = 1\n")
    assert [named.name for named in scenarios_of([tmp_path])] == ["a", "b", "kab-1"]
    assert [n.path for n in scenarios_of([tmp_path / "kab-1"])] == [tmp_path / "kab-1"]
    assert [n.name for n in scenarios_of([tmp_path / "kab-1" / "scenario.toml"])] == ["kab-1"]


def test_a_path_named_twice_is_one_scenario_and_equal_names_are_told_apart(tmp_path):
    one, two = write(tmp_path / "x" / "kota.json", town()), write(tmp_path / "y" / "kota.json", {})
    assert len(scenarios_of([one, one, tmp_path / "x"])) == 1
    names = [named.name for named in scenarios_of([one, two])]
    assert names == [one.as_posix(), two.as_posix()]


def test_a_folder_without_any_scenario_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="no_scenarios_in"):
        scenarios_of([tmp_path])


# Lists of values


def test_values_stand_between_commas_or_semicolons():
    assert lists_of(["a.B.c=-10%, 5,+5%"]) == {"a.B.c": ("-10%", "5", "+5%")}
    assert lists_of(["a.B.c=Rp 1,25 M; 2 M"]) == {"a.B.c": ("Rp 1,25 M", "2 M")}
    assert lists_of(["a.B.c=1,1,2"]) == {"a.B.c": ("1", "2")}


@pytest.mark.parametrize("pair", ["a.B.c", "=1,2", "a.B.c=", "a.B.c=1,,2"])
def test_what_is_no_list_of_values_is_wrong_usage(pair):
    with pytest.raises(UsageError, match="bad_vary"):
        lists_of([pair])


def test_a_key_can_be_varied_once():
    with pytest.raises(UsageError, match="vary_twice"):
        lists_of(["a.B.c=1", "a.B.c=2"])


def test_the_product_takes_every_value_with_every_other():
    found = list(products({"a": (1, 2), "b": ("x", "y", "z")}))
    assert len(found) == 6
    assert len({tuple(sorted(f.items())) for f in found}) == 6
    assert list(products({})) == []


def test_a_sweep_table_holds_lists_and_nothing_else():
    assert lists_in(None, None) == ({}, [])
    assert lists_in({CEILING: ["-10%", 5, 5]}, None)[0] == {CEILING: ("-10%", 5)}
    assert lists_in({CEILING: [True, 1]}, None)[0] == {CEILING: (True, 1)}
    for wrong in ("text", 5, [], {"a": 1}, [[1]], [None]):
        assert [issue.code for issue in lists_in({CEILING: wrong}, "f")[1]] == ["wrong_type"]
    assert [issue.code for issue in lists_in(["x"], "f")[1]] == ["wrong_type"]


# Plans and keys


def test_the_scenario_as_it_is_comes_before_its_values(tmp_path):
    path = write(tmp_path / "kota.json", town(sweep={CEILING: ["-10%", "+10%"]}))
    plan = planned([path], {}, PARAMS)
    assert [dict(found.set) for found in plan.runs] == [{}, {CEILING: "-10%"}, {CEILING: "+10%"}]
    assert [found.number for found in plan.runs] == [1, 2, 3]
    # --vary takes the place of the file's list for the same key, and multiplies with others.
    other = planned([path], {CEILING: ("5",), "proposal.U-1.score": ("1", "2")}, PARAMS)
    assert len(other.runs) == 3
    assert {found.set.get(CEILING) for found in other.runs} == {None, "5"}


def test_a_key_is_of_what_the_result_depends_on_and_of_nothing_else(tmp_path):
    def keys(document, lists=None, params=PARAMS, name="kota.json"):
        plan = planned([write(tmp_path / name, document)], lists or {}, params)
        return [found.key for found in plan.runs]

    base = keys(town())
    turned = town(proposals=town()["proposals"][::-1])
    assert keys(turned, name="lain.json") == base  # neither the file nor the order of rows
    assert keys(town(year=2019)) != base
    assert keys(town(), params=Params(time_limit=31)) != base
    assert keys(town(), params=Params(time_limit=30, gap=0.1)) != base
    three = keys(town(), {CEILING: ("-10%", "-5%")})
    assert three[0] == base[0]
    assert len(set(three)) == 3


def test_a_key_is_the_same_in_every_process_and_year(tmp_path):
    """A store of last year is of no use if the keys of the same questions change by themselves."""
    plan = planned([write(tmp_path / "kota.json", town())], {CEILING: ("-10%",)}, PARAMS)
    again = planned([tmp_path / "kota.json"], {CEILING: ("-10%",)}, PARAMS)
    assert [f.key for f in plan.runs] == [f.key for f in again.runs]
    assert all(len(f.key) == 64 for f in plan.runs)


def test_what_travels_is_the_whole_scenario(tmp_path):
    source = source_of("kota", write(tmp_path / "kota.json", small()))
    assert (
        scenario_in(source.document).digest == source.digest == read(tmp_path / "kota.json").digest
    )


def test_one_scenario_with_a_misspelt_key_is_told_at_once_with_every_problem(tmp_path):
    path = write(tmp_path / "kota.json", town())
    with pytest.raises(InputError) as caught:
        planned([path], {"agency.PUPU.ceiling": ("1", "2"), CEILING: ("5", "lima")}, PARAMS)
    assert {issue.code for issue in caught.value.issues} == {"unknown_agency", "money_not_a_number"}
    assert "PUPR" in {issue.suggestion for issue in caught.value.issues}


def test_a_solver_that_is_not_there_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(UsageError, match="unknown_solver"):
        planned([tmp_path / "nowhere.json"], {}, Params(solver="Gurrrobi"))


# Runs


def test_a_run_says_what_the_plan_is(tmp_path):
    plan = planned([write(tmp_path / "kota.json", town())], {CEILING: ("+50%",)}, PARAMS)
    first, second = (run(plan.task(found))["row"] for found in plan.runs)
    assert (first["status"], first["ended"], first["points"]) == ("optimal", "proof", 100)
    assert first["taken"] == {"U-1": 300_000_000, "U-3": 200_000_000}
    assert first["districts"] == {
        "Barat": {"amount": 500_000_000, "points": 100, "count": 2},
        "Timur": {"amount": 0, "points": 0, "count": 0},
    }
    assert first["agencies"]["PUPR"]["amount"] == first["amount"] == 500_000_000
    assert first["worst"] == {"district": "Timur", "share": 0.0}
    assert second["worst"]["share"] == 1.0
    assert second["changes"] == [[CEILING, 500_000_000, 750_000_000]]
    # What is stored comes back just the same.
    assert json.loads(json.dumps(first)) == first


def test_a_run_that_meets_its_limit_says_so(tmp_path):
    plan = planned([write(tmp_path / "kota.json", town())], {}, Params(time_limit=0))
    assert run(plan.task(plan.runs[0]))["row"]["ended"] == "limit"


def test_an_impossible_scenario_is_a_row_that_names_the_rules(tmp_path):
    locked = town(lock=[{"proposal": "U-2", "decision": "fund"}])
    plan = planned([write(tmp_path / "kota.json", locked)], {CEILING: ("100000000",)}, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    row = known[plan.runs[1].key]["row"]
    assert row["status"] == "infeasible"
    assert "PUPR" in row["why"]["id"]
    assert row["why"]["id"] != row["why"]["en"]


def test_scenarios_that_fail_are_rows_with_reasons_and_stop_no_other(tmp_path):
    write(tmp_path / "in" / "1.json", town())
    write(tmp_path / "in" / "2.json", town(agencies=[{"code": "PUPU", "ceiling": 1}]))
    (tmp_path / "in" / "3.toml").write_text("format = 1\ntitle = ", "utf-8")
    write(tmp_path / "in" / "4.json", town(year=2020, agencies=[
        {"code": "PUPR", "ceiling": 1}, {"code": "DLH", "ceiling": 1}]))  # fmt: skip
    plan = planned([tmp_path / "in"], {"agency.DLH.ceiling": ("5",)}, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    report = reported(plan, known, [])
    told = [(t.run.source.name, bool(t.run.set), t.row["status"]) for t in report.runs]
    assert told == [
        ("1", False, "optimal"),
        ("1", True, "failed"),  # it has no agency DLH
        ("2", False, "failed"),
        ("3", False, "failed"),
        ("4", False, "optimal"),
        ("4", True, "optimal"),
    ]
    assert "DLH" in report.runs[1].row["why"]["id"]
    assert "PUPR" in report.runs[2].row["why"]["en"]
    assert "3.toml" in report.runs[3].row["why"]["id"]


def test_a_fault_within_a_run_is_its_row(tmp_path, monkeypatch):
    plan = planned([write(tmp_path / "kota.json", town())], {CEILING: ("5",)}, PARAMS)
    monkeypatch.setattr("solver.sweep.task.variant", lambda *_: 1 / 0)
    known, _ = swept(plan, tmp_path / "out")
    rows = [known[found.key]["row"] for found in plan.runs]
    assert [row["status"] for row in rows] == ["optimal", "failed"]
    assert "ZeroDivisionError" in rows[1]["why"]["en"]


def test_what_says_the_same_twice_is_computed_once(tmp_path):
    write(tmp_path / "in" / "a.json", town())
    write(tmp_path / "in" / "b.json", town(proposals=town()["proposals"][::-1]))
    plan = planned([tmp_path / "in"], {}, PARAMS)
    known, done = swept(plan, tmp_path / "out")
    assert len(plan.runs) == 2
    assert len(done) == len(known) == 1
    assert [t.row["points"] for t in reported(plan, known, []).runs] == [100, 100]


def test_a_sweep_goes_on_where_it_was(tmp_path):
    path, out = write(tmp_path / "kota.json", town()), tmp_path / "out"
    _, done = swept(planned([path], {CEILING: ("-10%", "-5%")}, PARAMS), out)
    assert len(done) == 3
    wider = planned([path], {CEILING: ("-10%", "-5%", "+5%", "+10%")}, PARAMS)
    _, done = swept(wider, out)
    assert done == [wider.runs[3].key, wider.runs[4].key]
    assert swept(wider, out)[1] == []
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len({json.loads(line)["key"] for line in lines}) == 5


# The store


def test_a_torn_last_line_is_no_result_and_the_next_line_stands_whole(tmp_path):
    with Store(tmp_path) as store:
        for key in "ab":
            store.add({"key": key, "row": {"points": 1}, "seconds": 0.5})
    whole = store.path.read_bytes()
    for cut in range(1, len(whole.splitlines(keepends=True)[1])):
        store.path.write_bytes(whole[:-cut])
        assert set(Store(tmp_path).read({"a", "b"})) == {"a"}
        with Store(tmp_path) as again:
            again.add({"key": "c", "row": {}, "seconds": 1})
        assert set(Store(tmp_path).read({"a", "b", "c"})) == {"a", "c"}
        assert all(json.loads(line) for line in store.path.read_bytes().splitlines())


def test_only_half_a_line_in_the_file_is_taken_off(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_bytes(b"x" * 200_000)
    with Store(tmp_path) as store:
        store.add({"key": "a", "row": {}, "seconds": 1})
    assert path.read_bytes() == b'{"key":"a","row":{},"seconds":1}\n'


@pytest.mark.parametrize(
    "damage",
    [b"\xff\xfe\n", b"[]\n", b"{}\n", b'{"key":1,"row":{},"seconds":1}\n', b"\n", b"nul\n"],
)
def test_a_damaged_line_is_passed_over(tmp_path, damage):
    with Store(tmp_path) as store:
        store.add({"key": "a", "row": {}, "seconds": 1})
    with store.path.open("ab") as file:
        file.write(damage)
    with Store(tmp_path) as store:
        store.add({"key": "b", "row": {}, "seconds": 1})
    assert set(Store(tmp_path).read({"a", "b"})) == {"a", "b"}


def test_results_of_other_sweeps_stay_and_are_not_mixed_in(tmp_path):
    with Store(tmp_path) as store:
        store.add({"key": "other", "row": {}, "seconds": 1})
    assert Store(tmp_path).read({"mine"}) == {}
    assert set(Store(tmp_path).read({"other"})) == {"other"}


# Engines that break


class Breaking:
    """An engine whose worker dies of some runs and takes with it whatever is under way."""

    workers = 2
    slots = 4

    def __init__(self, deadly):
        self.deadly = deadly
        self.restarts = 0
        self.computed = []

    def submit(self, call, task):
        future = Future()
        future.task = task
        if task["set"].get(CEILING) in self.deadly:
            future.set_exception(LostError())
        else:
            self.computed.append(task["key"])
            future.set_result(call(task))
        return future

    def told(self, error):
        return error

    def restart(self):
        self.restarts += 1

    def close(self):
        pass


def test_a_run_that_its_worker_dies_of_is_found_and_the_others_are_not_lost(tmp_path):
    path, out = write(tmp_path / "kota.json", town()), tmp_path / "out"
    plan = planned([path], {CEILING: tuple(f"-{n}%" for n in range(1, 9))}, PARAMS)
    engine = Breaking({"-2%", "-7%"})
    known, done = swept(plan, out, engine)
    statuses = [t.row["status"] for t in reported(plan, known, []).runs]
    assert [i for i, status in enumerate(statuses) if status == "failed"] == [2, 7]
    assert len(known) == 9
    assert len(done) == 7
    assert engine.restarts >= 2
    # It says nothing of the scenario, so another time it is tried again, and it alone.
    again, done = swept(plan, out)
    assert [plan.keys[key].set[CEILING] for key in done] == ["-2%", "-7%"]
    assert all(line["row"]["status"] == "optimal" for line in again.values())


def test_too_little_memory_for_one_run_is_its_row_and_is_not_kept(tmp_path, monkeypatch):
    plan = planned([write(tmp_path / "kota.json", town())], {CEILING: ("-5%",)}, PARAMS)

    def short(*_):
        raise MemoryError

    monkeypatch.setattr("solver.sweep.task.variant", short)
    known, done = swept(plan, tmp_path / "out")
    assert known[plan.runs[1].key]["row"]["status"] == "failed"
    assert done == [plan.runs[0].key]
    assert isinstance(Serial(threading.Event()).told(MemoryError()), DiedError)


def test_results_of_another_version_are_refused(tmp_path, monkeypatch):
    plan = planned([write(tmp_path / "kota.json", town())], {}, PARAMS)
    monkeypatch.setattr(
        "solver.sweep.task.versions_of", lambda _: {"kayuh": "9", "solver": "HiGHS 1"}
    )
    with pytest.raises(UsageError, match="cluster_versions"):
        swept(plan, tmp_path / "out")
    assert (tmp_path / "out" / "results.jsonl").read_bytes() == b""


def test_a_run_that_was_stopped_is_not_kept(tmp_path):
    plan = planned([write(tmp_path / "kota.json", town())], {CEILING: ("-5%",)}, PARAMS)
    stop = threading.Event()

    def told(found, _):
        if found is not None:
            stop.set()

    known = {}
    with Store(tmp_path / "out") as store:
        carried_out(plan, Serial(stop), store, known, stop=stop, watch=told)
    assert list(known) == [plan.runs[0].key]


# What a run must keep


def row(points=100, amounts=None, **more):
    amounts = {"Barat": 500, "Timur": 200} if amounts is None else amounts
    districts = {
        name: {"amount": amount, "points": amount / 10, "count": 1}
        for name, amount in amounts.items()
    }
    return {
        "status": "optimal",
        "points": points,
        "amount": sum(amounts.values()),
        "gap": 0.0,
        "inversions": 3,
        "worst": {"district": "Timur", "share": 0.25},
        "taken": {"U-1": 1, "U-2": 2},
        "changed": ["U-2"],
        "covered": [],
        "districts": districts,
        "agencies": {"PUPR": {"amount": 700, "points": 70, "count": 2}},
        **more,
    }


def broken(text, there, base=None):
    rule = parsed(text, ["Barat", "Timur"], ["PUPR"])
    return [(b.subject, b.has, b.needs) for b in accept.breaches([rule], there, base)]


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("points >= 100", True),
        ("points >= 100,5", False),
        ("points<=100", True),
        ("amount <= 700", True),
        ("amount <= 699", False),
        ("amount >= 1 jt", False),
        ("funded >= 2", True),
        ("changed <= 0", False),
        ("inversions <= 3", True),
        ("gap <= 0,1%", True),
        ("worst >= 25%", True),
        ("worst >= 0,26", False),
        ("agency.PUPR.amount <= 700", True),
        ("agency.count >= 3", False),
        ("district.Barat.amount >= 500", True),
        ("district.amount >= 201", False),
        ("district.points >= 20", True),
    ],
)
def test_a_rule_without_a_base(text, keeps):
    assert (broken(text, row()) == []) is keeps


def test_no_kecamatan_loses_more_than_five_percent():
    base = row(amounts={"Barat": 1000, "Timur": 333})
    rule = "district.amount >= 95% of base"
    assert broken(rule, row(amounts={"Barat": 950, "Timur": 317}), base) == []
    # 95 % of 333 is 316.35: to the rupiah, and nothing is rounded in anyone's favour.
    assert broken(rule, row(amounts={"Barat": 949, "Timur": 316}), base) == [
        ("Barat", 949, 950),
        ("Timur", 316, Fraction(31635, 100)),
    ]
    # A kecamatan that is not there at all has lost everything.
    assert broken(rule, row(amounts={"Barat": 1000}), base) == [("Timur", 0, Fraction(31635, 100))]


@pytest.mark.parametrize(
    ("text", "there", "keeps"),
    [
        ("points >= base", 100, True),
        ("points >= base", 99.999999, False),
        ("points >= base - 1", 99, True),
        ("points >= base - 0,5", 99.4, False),
        ("inversions <= base + 2", 100, True),
        ("inversions <= base - 1", 100, False),
        ("points >= 97,5% of base", 97.5, True),
        ("points >= 97,5% of base", 97.499999, False),
    ],
)
def test_a_rule_against_the_base(text, there, keeps):
    assert (broken(text, row(points=there), row()) == []) is keeps


def test_without_a_plan_no_rule_is_kept():
    nothing = {"status": "infeasible"}
    assert broken("points >= 0", nothing) == [(None, None, None)]
    assert broken("points >= 95% of base", row(), nothing) == [(None, None, None)]
    assert broken("points >= 95% of base", row(), None) == [(None, None, None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("points = 5", "accept_form"),
        ("points > 5", "accept_form"),
        (">= 5", "accept_form"),
        ("points >=", "accept_form"),
        ("ponts >= 5", "accept_measure"),
        ("district >= 5", "accept_measure"),
        ("district.Barat >= 5", "accept_measure"),
        ("ward.amount >= 5", "accept_measure"),
        ("points >= lima", "accept_number"),
        ("points >= 95% of bases", "accept_number"),
        ("points >= base + x", "accept_number"),
        ("district.Tmur.amount >= 5", "accept_unknown_near"),
        ("agency.ZZZZZZ.amount >= 5", "accept_unknown"),
    ],
)
def test_what_is_no_rule_is_wrong_usage(text, code):
    with pytest.raises(UsageError) as caught:
        parsed(text, ["Barat", "Timur"], ["PUPR"])
    assert caught.value.code == code


def test_a_scenario_s_own_expectations_count_for_it_and_not_for_its_changes(tmp_path):
    path = write(tmp_path / "kota.json", town(expect={"points_min": 100, "not_fund": ["U-2"]}))
    plan = planned([path], {CEILING: ("-50%",)}, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    assert [told.accepted for told in reported(plan, known, []).runs] == [True, None]
    write(path, town(expect={"points_min": 101, "fund": ["U-2"]}))
    plan = planned([path], {}, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    told = reported(plan, known, []).runs[0]
    assert told.accepted is False
    assert [notice.facts["key"] for notice in told.unmet] == ["points_min", "fund"]


# Verdicts


def test_verdicts_are_what_counting_by_hand_gives():
    lot = random.Random(8)
    names = [f"U-{n}" for n in range(30)]
    rows, known = [], []
    for _ in range(12):
        ids = frozenset(lot.sample(names, 25))
        chosen = lot.sample(sorted(ids), 10)
        covered = lot.sample(sorted(ids - set(chosen)), 2)
        known.append(ids)
        rows.append({"taken": {n: lot.randint(1, 9) for n in chosen}, "changed": chosen[:3],
                     "covered": covered})  # fmt: skip
    rows.append({"status": "infeasible"})
    known.append(frozenset(names))
    found = {v.proposal: v for v in verdicts(rows, known)}
    assert list(found) == sorted(set().union(*known[:-1]))
    for name, verdict in found.items():
        plans = [r for r, ids in zip(rows, known, strict=True) if "taken" in r and name in ids]
        inside = [r for r in plans if name in r["taken"] or name in r["covered"]]
        amounts = [r["taken"][name] for r in plans if name in r["taken"]]
        assert (verdict.plans, verdict.inside) == (len(plans), len(inside))
        assert verdict.changed == sum(name in r["changed"] for r in plans)
        assert (verdict.least, verdict.most) == (
            (min(amounts), max(amounts)) if amounts else (None, None)
        )
        expected = "never" if not inside else "always" if len(inside) == len(plans) else "sometimes"
        assert verdict.verdict == expected


def test_scenarios_of_one_city_are_judged_together_and_regions_apart(tmp_path):
    write(tmp_path / "in" / "1.json", town())
    write(tmp_path / "in" / "2.json", town(agencies=[{"code": "PUPR", "ceiling": 300_000_000}]))
    elsewhere = [{**p, "district": f"Kab {p['district']}"} for p in town()["proposals"]]
    write(tmp_path / "in" / "3.json", town(proposals=elsewhere))
    plan = planned([tmp_path / "in"], {}, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    report = reported(plan, known, [])
    assert [city.runs for city in report.cities] == [[1, 2], [3]]
    assert [told.base for told in report.runs] == [None, 1, None]
    found = {v.proposal: v.verdict for v in report.cities[0].verdicts}
    assert found == {"U-1": "always", "U-2": "never", "U-3": "sometimes"}
    assert report.cities[1].verdicts == ()


# Curves


def test_a_curve_has_the_scenario_as_it_is_and_goes_by_the_values(tmp_path):
    path = write(tmp_path / "kota.json", town(lock=[{"proposal": "U-3", "decision": "fund"}]))
    plan = planned([path], {CEILING: ("+50%", "-10%", "-90%", "+10%")}, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    (curve,) = reported(plan, known, []).curves
    assert [spot.value for spot in curve.spots] == [
        50_000_000, 450_000_000, 500_000_000, 550_000_000, 750_000_000]  # fmt: skip
    assert [spot.set for spot in curve.spots] == ["-90%", "-10%", None, "+10%", "+50%"]
    assert [spot.figures["points"] for spot in curve.spots] == [None, 90, 100, 100, 150]
    assert curve.is_numeric


def test_with_two_keys_each_curve_holds_the_other_fixed(tmp_path):
    path = write(tmp_path / "kota.json", town())
    lists = {CEILING: ("-10%", "+10%"), "proposal.U-2.score": (10, 70)}
    plan = planned([path], lists, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    found = reported(plan, known, []).curves
    assert [(c.key, dict(c.held)) for c in found] == [
        (CEILING, {"proposal.U-2.score": 10}),
        (CEILING, {"proposal.U-2.score": 70}),
        ("proposal.U-2.score", {CEILING: "-10%"}),
        ("proposal.U-2.score", {CEILING: "+10%"}),
    ]
    assert all(len(curve.spots) == 2 for curve in found)
    for curve in found:
        for spot in curve.spots:
            assert plan.runs[spot.run - 1].set == {**curve.held, curve.key: spot.set}


def test_a_key_that_changes_several_options_is_one_curve(tmp_path):
    plan = planned([write(tmp_path / "k.json", small())], {"proposal.U-4.amount": (1, 2)}, PARAMS)
    known, _ = swept(plan, tmp_path / "out")
    (curve,) = reported(plan, known, []).curves
    assert [spot.value for spot in curve.spots] == [1, 2, 100_000_000]


def test_values_that_are_no_numbers_keep_their_order():
    plan_runs = []
    for number, ward in enumerate((None, "Zeta", "Alfa"), 1):
        key = "proposal.U-1.ward"
        values = {} if ward is None else {key: ward}
        changes = [] if ward is None else [[key, "Mawar", ward]]
        found = {**row(), "changes": changes}
        plan_runs.append((type("R", (), {"number": number, "set": values, "source": type(
            "S", (), {"name": "kota"})})(), found))  # fmt: skip
    (curve,) = curves(plan_runs)
    assert not curve.is_numeric
    assert [spot.value for spot in curve.spots] == ["Zeta", "Alfa", "Mawar"]


# Estimates


def test_an_estimate_says_nothing_before_it_knows_something():
    estimate = Estimate.of([100] * 10, 60)
    assert estimate.most(2) == 300
    for _ in range(3):
        assert estimate.range(2) is None
        estimate.add(100, 1.0)
    low, high = estimate.range(2)
    assert low == high == 3.5  # seven runs of a second each, two at a time


def test_an_estimate_is_right_for_most_sweeps():
    """Of sizes as different as those of regions, the true rest lies within four times of five."""
    lot = random.Random(514)
    inside = 0
    for _ in range(300):
        sizes = [round(lot.lognormvariate(7, 1)) for _ in range(60)]
        seconds = [size / 500 * lot.uniform(0.5, 1.5) for size in sizes]
        estimate = Estimate.of(sizes, 60)
        for size, taken in list(zip(sizes, seconds, strict=True))[:20]:
            estimate.add(size, taken)
        low, high = estimate.range(1)
        inside += low <= sum(seconds[20:]) <= high
    assert inside >= 240
