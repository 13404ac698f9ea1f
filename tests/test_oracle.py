"""The oracle itself, on cases small enough to be worked out by hand beside it."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product

import pytest
from oracle import (
    MILLION,
    Case,
    at_volume,
    eligible,
    eligible_options,
    greedy,
    inversions,
    measure_plan,
    menu,
    plans,
    size,
    solve,
    takes_of,
    violations,
)
from random_scenarios import scenario


def row(pid, amount=None, score=1, **cells):
    base = {"id": pid, "agency": "PUPR", "district": "Barat", "ward": "Basirih", "score": score}
    if amount is not None:
        base["amount"] = amount
    return base | cells


def doc(*rows, ceiling="unlimited", **keys):
    agencies = [{"code": "PUPR", "ceiling": ceiling}]
    return {"format": 1, "proposals": list(rows), "agencies": agencies} | keys


def funded(plan):
    return {pid for pid, what in plan.items() if what}


def sets(scenario_doc):
    """The funded sets of all feasible plans, in text order."""
    return sorted("".join(sorted(funded(plan))) for plan in plans(scenario_doc))


def full(*pids):
    return dict.fromkeys(pids, ("", None))


def test_two_small_ones_beat_one_large_one():
    # A costs 6 for 7 points, B and C cost 5 each for 5 and 4. Room 10 takes A (7) or B and C (9).
    case = doc(row("A", 6, 7), row("B", 5, 5), row("C", 5, 4), ceiling=10)
    answer = solve(case)
    assert (answer.status, answer.stages, answer.points) == ("optimal", [9], 9 * MILLION)
    assert [dict(plan) for plan in answer.best_plans] == [
        {"A": None, "B": ("", None), "C": ("", None)}
    ]
    assert answer.best_plans[0].amount == 10
    # Nothing, A, B, C and B with C fit.
    assert sets(case) == ["", "A", "B", "BC", "C"]
    assert violations(case, full("A", "B")) == [("agency_ceiling", "PUPR")]


def test_each_cut_step_rounds_for_itself():
    # Volumes 3, 2, 1. A step takes off floor(100/3) = 33 rupiah, 0.333333 points and
    # floor(10/3) = 3 people: 100, 67, 34 rupiah; 1, 0.666667, 0.333334 points; 10, 7, 4 people.
    case = Case(doc(row("A", 100, 1, volume=3, min_volume=1, beneficiaries=10)))
    takes = takes_of(case, case.options["A"][0])
    assert [(t.volume // MILLION, t.amount, t.points, t.people) for t in takes] == [
        (3, 100, 1_000_000, 10),
        (2, 67, 666_667, 7),
        (1, 34, 333_334, 4),
    ]


def test_unit_cost_with_half_steps_and_a_rest_below_the_grid():
    # 3 a unit and 4 fixed: 3 x 2 + 4 = 10. Steps of 0.5 down from 2 to at least 0.8: 2, 1.5, 1.
    # A step takes off floor(3 x 0.5) = 1 rupiah and 5 x 0.5 / 2 = 1.25 points.
    cells = {"unit_cost": 3, "fixed_cost": 4, "volume": 2, "min_volume": 0.8, "step": 0.5}
    case = Case(doc(row("A", score=5, **cells)))
    takes = takes_of(case, case.options["A"][0])
    assert [(t.volume, t.amount, t.points) for t in takes] == [
        (2_000_000, 10, 5_000_000),
        (1_500_000, 9, 3_750_000),
        (1_000_000, 8, 2_500_000),
    ]
    # An amount beside the unit cost wins: 12 rupiah, 2 more of it fixed, the step still takes 1.
    case = Case(doc(row("A", 12, 5, **cells)))
    assert [t.amount for t in takes_of(case, case.options["A"][0])] == [12, 11, 10]


def test_a_lock_off_the_grid_counts_in_proportion():
    # 50 of 120: floor(1001 x 50 / 120) = floor(417.08) = 417 rupiah, and
    # 10 x 50 / 120 = 4.1666666... -> 4.166667 points.
    lock = [{"proposal": "A", "decision": "fund", "volume": 50}]
    case = doc(row("A", 1001, 10, volume=120), row("B", 5), lock=lock)
    assert {plan["A"] for plan in plans(case)} == {("", Fraction(50))}
    plan = measure_plan(case, {"A": ("", 50)})
    assert (plan.amount, plan.points) == (417, 4_166_667)
    assert violations(case, {"A": ("", 120), "B": None}) == [("locks", "A")]
    assert violations(case, full("B")) == [("locks", "A")]
    # On the grid (120, 80, 40) the grid's figures: 1001 - floor(1001 x 40 / 120) = 1001 - 333,
    # that is 668, while the proportion would be floor(667.3) = 667.
    option = Case(doc(row("A", 1001, 10, volume=120, min_volume=40, step=40))).options["A"][0]
    assert at_volume(option, 80 * MILLION).amount == 668


def test_gates_options_and_what_is_off():
    rows = [
        row("A", 1, option="B"),
        row("A", 2, option="", gate="land"),
        row("B", 3, gate="zoning"),
    ]
    assert sets(doc(*rows)) == ["", "A"]
    assert {plan["A"] for plan in plans(doc(*rows))} == {None, ("B", None)}
    assert (eligible(doc(*rows)), eligible_options(doc(*rows))) == ({"A"}, {("A", "B")})
    # Without gates: A not, as B, or as requested; B or not.
    assert size(doc(*rows, off={"rules": ["gates"]})) == 6
    # A fund lock on a gated one has no plan; switched off it does nothing.
    lock = [{"proposal": "B", "decision": "fund"}]
    assert solve(doc(*rows, lock=lock)).status == "infeasible"
    assert solve(doc(*rows, lock=lock, off={"locks": ["B"]})).status == "optimal"


def test_agency_room_is_less_own_and_lines_committed_money():
    # 100 - 30 - 40 - 20 = 10: B (10) fits, A (11) does not. With 80 the room is zero, not -10.
    lines = [
        {"code": "1", "agency": "PUPR", "committed": 40},
        {"code": "1.1", "parent": "1", "agency": "PUPR", "committed": 20},
    ]
    case = doc(row("A", 11), row("B", 10), lines=lines)
    case["agencies"] = [{"code": "PUPR", "ceiling": 100, "committed": 30}]
    assert sets(case) == ["", "B"]
    assert eligible(case) == {"B"}
    case["agencies"][0]["ceiling"] = 80
    assert sets(case) == [""]


def test_lines_bound_all_below_them():
    # Line 1 has 20 - 3 - 2 = 15 for itself and 1.1, of which 1.1 has 10 - 2 = 8.
    lines = [
        {"code": "1", "agency": "PUPR", "ceiling": 20, "committed": 3},
        {"code": "1.1", "parent": "1", "agency": "PUPR", "ceiling": 10, "committed": 2},
    ]
    case = doc(row("A", 8, line="1"), row("B", 8, line="1.1"), row("C", 9, line="1.1"), lines=lines)
    assert sets(case) == ["", "A", "B"]
    # All three: 17 of 8 below, 25 of 15 above. A with B: 16 of 15 above only.
    assert violations(case, full("A", "B", "C")) == [("line_ceiling", "1"), ("line_ceiling", "1.1")]
    assert violations(case, full("A", "B")) == [("line_ceiling", "1")]


@pytest.mark.parametrize("flexes", [(0, 0, 0), (2, 1, 0), (3, 1, 2), (5, 5, 5), (0, 9, 0)])
def test_moves_of_sisters_are_those_that_add_up_to_zero(flexes):
    # Rooms 3, 2 and 4. Every use up to 6 each, beside a search through all whole moves.
    rooms = (3, 2, 4)
    lines = [
        {"code": str(i), "agency": "PUPR", "ceiling": room, "flex": flex}
        for i, (room, flex) in enumerate(zip(rooms, flexes, strict=True))
    ]
    cells = [row(f"P{i}", 6, line=str(i), volume=6, min_volume=1) for i in range(3)]
    case = doc(*cells, lines=lines)
    moves = [m for m in product(*(range(-f, f + 1) for f in flexes)) if sum(m) == 0]
    for uses in product(range(7), repeat=3):
        plan = {f"P{i}": ("", use) if use else None for i, use in enumerate(uses)}
        fits = any(
            all(use <= room + move for use, room, move in zip(uses, rooms, found, strict=True))
            for found in moves
        )
        assert (violations(case, plan) == []) is fits


def test_targets_count_committed_and_own_volume_only():
    # Line 1 wants 10 to 15 with 5 done: 5 to 10 more on the line itself, so A or B, not both.
    # C lies below and does not count. Full volumes 6, 5 and 7.
    lines = [
        {"code": "1", "agency": "PUPR", "committed_target": 5, "min_target": 10, "max_target": 15},
        {"code": "1.1", "agency": "PUPR", "parent": "1"},
    ]
    rows = [
        row("A", 1, line="1", volume=6),
        row("B", 1, line="1", volume=5),
        row("C", 1, line="1.1", volume=7),
    ]
    case = doc(*rows, lines=lines)
    assert sets(case) == ["A", "AC", "B", "BC"]
    assert violations(case, {"A": ("", 4)}) == [("line_target", "1")]


def test_a_closed_line_funds_its_places_only():
    lines = [{"code": "1", "agency": "PUPR", "closed": "yes", "places": "Utara;Barat/Basirih;Kuin"}]
    case = doc(
        row("A", 1, line="1"),
        row("B", 1, line="1", ward="Telawang"),
        row("C", 1, line="1", ward=""),
        row("D", 1, line="1", district="Utara", ward="Alalak"),
        row("E", 1, line="1", district="Tengah", ward="Kuin"),
        row("F", 1, ward="Telawang"),
        lines=lines,
    )
    assert eligible(case) == {"A", "D", "E", "F"}
    assert violations(case, full("B", "C")) == [("line_target", "1")]
    assert eligible(case | {"off": {"rules": ["line_target"]}}) == set("ABCDEF")


def test_places_with_amounts_shares_and_counts():
    # Barat at most half of the whole: A (6) with B (5) is 6 of 11, with C (6) it is 6 of 12.
    rows = [row("A", 6), row("B", 5, district="Utara", ward=""), row("C", 6, district="Utara")]
    case = doc(*rows, locations=[{"district": "Barat", "ward": "", "max_amount": "50%"}])
    assert sets(case) == ["", "ABC", "AC", "B", "BC", "C"]
    # Alone A is over the share, but a share keeps nobody from being eligible.
    assert eligible(case) == {"A", "B", "C"}
    # Ward Basirih of Utara holds C, not B: at least 1 there, and at most 10 rupiah in Utara.
    case["locations"] = [
        {"district": "Utara", "ward": "Basirih", "min_count": 1},
        {"district": "Utara", "ward": "", "max_amount": 10},
    ]
    assert sets(case) == ["AC", "C"]
    assert violations(case, full("B", "C")) == [("locations", "Utara")]
    assert violations(case, full("B")) == [("locations", "Utara/Basirih")]


def test_limits_select_and_measure():
    lines = [
        {"code": "1", "agency": "PUPR"},
        {"code": "1.1", "agency": "PUPR", "parent": "1"},
    ]
    rows = [
        row("A", 4, 2.5, line="1", volume=1.5, tags="air;jalan", origin="pokir", beneficiaries=9),
        row("B", 4, 1.5, line="1.1", volume=2, min_volume=1, tags="jalan", source="DAK"),
        row("C", 4, 9, district="Utara"),
    ]

    def with_limit(**cells):
        return sets(doc(*rows, lines=lines, limits=[{"name": "x"} | cells]))

    assert with_limit(line="1", max=4) == ["", "A", "AC", "B", "B", "BC", "BC", "C"]  # B at 2 or 1
    assert with_limit(line="1", measure="count", min=2) == ["AB", "AB", "ABC", "ABC"]
    # A brings 1.5: with at most 2.5 B is cut to 1.
    assert with_limit(line="1", measure="volume", min=2.5, max=2.5) == ["AB", "ABC"]
    # A and B bring 2.5 + 1.5 = 4 points, or 2.5 + 0.75 with B cut.
    assert with_limit(tag="jalan", measure="points", min=4) == ["AB", "ABC"]
    assert with_limit(origin="pokir", measure="beneficiaries", min=9, max=9)[0] == "A"
    assert with_limit(district="Utara", max=0) == ["", "A", "AB", "AB", "B", "B"]
    assert all("B" in plan for plan in with_limit(source="DAK", measure="count", min=1))
    assert with_limit(max=0) == [""]


def test_links_count_covered_ones_as_taken():
    rows = [row("A", 1), row("B", 1), row("C", 1, covered_by="1")]
    assert sets(doc(*rows, alternatives=[{"proposals": ["A", "B"], "at_least": 1}])) == ["A", "B"]
    assert sets(doc(*rows, alternatives=[{"proposals": ["A", "C"]}])) == ["", "B"]
    assert sets(doc(*rows, requires=[{"proposal": "A", "needs": ["B", "C"]}])) == ["", "AB", "B"]
    assert sets(doc(*rows, requires=[{"proposal": "C", "needs": ["A"]}])) == ["A", "AB"]
    assert sets(doc(*rows, together=[{"proposals": ["A", "B"]}])) == ["", "AB"]
    assert sets(doc(*rows, together=[{"proposals": ["A", "C"]}])) == ["A", "AB"]
    assert sets(doc(*rows, lock=[{"proposal": "C", "decision": "fund"}]))[-1] == "B"
    assert sets(doc(*rows, lock=[{"proposal": "C", "decision": "reject"}])) == []
    case = doc(*rows, lock=[{"proposal": "C", "decision": "reject"}])
    assert violations(case, full("C")) == [("covered", "C"), ("locks", "C")]


def test_an_enforced_order_binds_within_its_group():
    # Room 10. A (rank 1) costs 12 and never fits, so it binds nobody. B and C share rank 2,
    # D has rank 3, E no rank; F (rank 1) lies in another ward. D needs both B and C.
    rows = [
        row("A", 12, 9, priority=1),
        row("B", 4, 1, priority=2),
        row("C", 4, 1, priority=2),
        row("D", 2, 5, priority=3),
        row("E", 2, 5),
        row("F", 5, 1, priority=1, ward="Telawang"),
    ]
    order = {"within": ["ward", "agency"], "enforce": True}
    case = doc(*rows, ceiling=10, priority_order=order)
    assert [plan for plan in sets(case) if "D" in plan] == ["BCD"]
    assert violations(case, full("B", "D")) == [("priority_order", "D")]
    # Not enforced, D and E (4 rupiah, 10 points) leave 6: with B, C or F 11 points.
    loose = doc(*rows, ceiling=10)
    assert {frozenset(funded(p)) for p in solve(loose).best_plans} == {
        frozenset("BDE"),
        frozenset("CDE"),
        frozenset("DEF"),
    }
    assert inversions(loose, full("D", "E")) == [("B", "D"), ("C", "D")]
    # A lock that skips is exempt, and still reported.
    locked = case | {"lock": [{"proposal": "D", "decision": "fund"}]}
    assert "D" in sets(locked)
    assert inversions(locked, full("D")) == [("B", "D"), ("C", "D")]
    # One that is locked out binds nobody.
    out = case | {"lock": [{"proposal": "B", "decision": "reject"}]}
    assert "CD" in sets(out)


def test_scores_by_rank_and_by_criteria():
    # Halving: 1000, 500, ... and never below 1. Linear with ranks 1, 2, 3 in one ward of 3:
    # 1000, 2000/3, 1000/3. The one in the other ward is the first of one.
    rows = [
        row("A", 1, priority=1),
        row("B", 1, priority=2, gate="land"),
        row("C", 1, priority=3),
        row("D", 1, priority=1, ward="Kuin"),
        row("E", 1, priority=12, ward="Alalak"),
    ]
    case = Case(doc(*rows, objective={"score": "halving"}))
    assert [case.options[pid][0].points for pid in "ABCE"] == [
        1_000_000_000,
        500_000_000,
        250_000_000,
        1_000_000,
    ]
    linear = {"score": "linear", "rank_within": ["district", "ward"]}
    case = Case(doc(*rows[:4], objective=linear))
    assert [case.options[pid][0].points for pid in "ABCD"] == [
        1_000_000_000,
        666_666_667,
        333_333_333,
        1_000_000_000,
    ]
    # 0.5 x 3 + 2 x 1.25 = 4 points.
    criteria = {"score": "criteria", "weights": {"c_need": 0.5, "c_reach": 2}}
    case = Case(doc(row("A", 1, c_need=3, c_reach=1.25), objective=criteria))
    assert case.options["A"][0].points == 4 * MILLION


def test_later_stages_take_what_earlier_ones_give_up():
    # Room 10. A (10 rupiah, 10 points) or B and C (5 and 4 rupiah, 5 and 4 points).
    # Points alone: A with 10. Giving up 1 point, spread prefers B and C in two wards;
    # then thrift finds nothing cheaper with that spread: 9.
    rows = [
        row("A", 10, 10),
        row("B", 5, 5, ward="Telawang"),
        row("C", 4, 4, district="Utara", ward="Kuin"),
    ]
    stages = [{"name": "points", "give_up": "10%"}, "spread", "thrift"]
    answer = solve(doc(*rows, ceiling=10, objective={"stages": stages}))
    assert answer.stages == [10, 2, 9]
    assert [funded(plan) for plan in answer.best_plans] == [{"B", "C"}]
    assert solve(doc(*rows, ceiling=10, objective={"stages": ["points", "spread"]})).stages == [
        10,
        1,
    ]


def test_the_worst_off_place():
    # Asked points: Barat 8 + 2 = 10, Utara 4. Tengah asks for 7, but behind a gate: no place.
    # Room 9: A with C serves 8/10 and 4/4, the least 0.8; B with C 0.2; A with B leaves Utara 0.
    rows = [
        row("A", 6, 8),
        row("B", 3, 2),
        row("C", 3, 4, district="Utara", ward=""),
        row("D", 1, 7, district="Tengah", gate="land"),
    ]
    places = [
        {"district": "Barat", "ward": "", "population": 400},
        {"district": "Utara", "ward": "", "population": 100},
    ]
    stage = {"name": "least_served", "by": "district", "measure": "points", "per": "asked"}
    case = doc(*rows, ceiling=9, locations=places, objective={"stages": [stage]})
    assert solve(case).stages == [Fraction(4, 5)]
    # Rupiah a head: Barat 6/400 with A, 9/400 with A and B; Utara 3/100 with C: A, C give 0.015.
    case["objective"]["stages"] = [stage | {"measure": "amount", "per": "head"}]
    assert solve(case).stages == [Fraction(6, 400)]
    # By ward only Basirih counts (C names none): both A and B serve all that it asks, 10/10.
    case["objective"]["stages"] = [stage | {"by": "ward"}]
    assert solve(case).stages == [Fraction(1)]
    # No shares are known, so no place is left: 0.
    case["objective"]["stages"] = [stage | {"per": "share"}]
    assert solve(case).stages == [Fraction(0)]


def test_few_cuts_few_changes_and_inversions_as_stages():
    # Room 7: A in full (6) or cut to 1 (3), B 4. Points: A cut with B, 3 + 4 = 7.
    rows = [row("A", 6, 6, volume=2, min_volume=1, priority=2), row("B", 4, 4, priority=1)]
    case = doc(*rows, ceiling=7, objective={"stages": ["points", "few_cuts"]})
    assert solve(case).stages == [7, 1]
    case["objective"]["stages"] = ["few_cuts", "points"]
    assert solve(case).stages == [0, 6]
    # A lock at that volume is not counted as a cut.
    lock = [{"proposal": "A", "decision": "fund", "volume": 1}]
    assert solve(case | {"lock": lock}).stages == [0, 7]
    # Against a plan with A in full and not B: that plan itself differs in nothing, and skips B.
    earlier = {"name": "few_changes", "plan": [{"proposal": "A", "option": "", "volume": 2}]}
    case["objective"]["stages"] = [earlier, "inversions"]
    assert solve(case).stages == [0, 1]
    # Without inversions first: nothing, B, or both; of these "nothing" and "A cut with B"
    # differ in one and two, "B" in two.
    case["objective"]["stages"] = ["inversions", earlier]
    assert solve(case).stages == [0, 1]


def test_the_list_made_by_hand():
    # Room 20. L is locked and comes first (4, left 16). A (rank 1, 9): left 7. B (rank 2) as
    # requested costs 9, its other option 6: left 1. C and D go together and cost 1 each: 2 do
    # not fit, so neither comes. E has no rank, costs 1 and comes last: left 0.
    rows = [
        row("L", 4, priority=9),
        row("A", 9, priority=1),
        row("B", 9, priority=2),
        row("B", 6, priority=2, option="K"),
        row("C", 1, priority=3),
        row("D", 1, priority=4),
        row("E", 1),
    ]
    case = doc(
        *rows,
        ceiling=20,
        lock=[{"proposal": "L", "decision": "fund"}],
        together=[{"proposals": ["C", "D"]}],
        limits=[{"name": "floor", "min": 21}],
    )
    baseline = greedy(case)
    assert funded(baseline.plan) == {"L", "A", "B", "E"}
    assert baseline.plan["B"] == ("K", None)
    assert (baseline.plan.amount, baseline.breaks) == (20, [("limits", "floor")])
    # What needs a later one is not taken: the list is gone through once.
    needs = case | {"requires": [{"proposal": "A", "needs": ["E"]}]}
    assert funded(greedy(needs).plan) == {"L", "B", "C", "D", "E"}  # 4 + 9 + 1 + 1 + 1 = 16


def test_the_hand_list_cuts_to_what_fits():
    # Equal ranks: more points first, so B (10, whole) and then A at the largest volume that fits
    # in 5: 9, 6, 3 rupiah at 3, 2, 1 -> 1 at 3 rupiah. Lines pass no money on here, though the
    # flex of 2 would let A have 2 in a room of 5 + 2.
    lines = [
        {"code": "1", "agency": "PUPR", "ceiling": 5, "flex": 2},
        {"code": "2", "agency": "PUPR", "ceiling": 20, "flex": 2},
    ]
    rows = [
        row("A", 9, 5, priority=1, volume=3, min_volume=1, line="1"),
        row("B", 10, 6, priority=1, line="2"),
    ]
    case = doc(*rows, lines=lines)
    assert dict(greedy(case).plan) == {"A": ("", Fraction(1)), "B": ("", None)}
    assert solve(case).best_plans[0]["A"] == ("", Fraction(2))


@pytest.mark.parametrize("seed", [seed for seed in range(60) if size(scenario(seed)) <= 500])
def test_enumeration_and_judgement_agree(seed):
    """A plan of the menu is enumerated just where no rule is said to be broken."""
    made = scenario(seed)
    case = Case(made)
    good = set()
    for takes in product(*(menu(case, pid) for pid in case.ids)):
        plan = {
            take.proposal: (take.option.label, take.volume and Fraction(take.volume, MILLION))
            for take in takes
            if take
        }
        if not violations(made, plan):
            good.add(measure_plan(made, plan))
    assert set(plans(made)) == good


def test_random_scenarios_are_plain_and_well_formed():
    for seed in range(150):
        made = scenario(seed)
        assert json.loads(json.dumps(made)) == made == scenario(seed)
        assert size(made) <= 20_000
        check_references(made)


def check_references(made):
    """Every name stands in its table, and a line, its parent and its proposals share an agency."""
    ids = {row["id"] for row in made["proposals"]}
    agencies = {row["code"]: row["ceiling"] for row in made["agencies"]}
    lines = {row["code"]: row for row in made.get("lines", ())}
    places = {(row["district"], row["ward"]) for row in made["proposals"]}
    places |= {(row["district"], row["ward"]) for row in made.get("locations", ())}
    assert {row["agency"] for row in made["proposals"]} <= set(agencies)
    for line in lines.values():
        assert lines[line.get("parent", line["code"])]["agency"] == line["agency"]
        assert line.get("unit") or not {"min_target", "max_target"} & set(line)
    for proposal in made["proposals"]:
        line = lines.get(proposal.get("line"))
        assert proposal.get("covered_by", "") in {"", *lines}
        assert ("line" in proposal) == (line is not None)
        if line:
            assert line["agency"] == proposal["agency"]
            assert "volume" not in proposal or line.get("unit") in {None, proposal["unit"]}
        if "unit_cost" in proposal and "amount" in proposal:
            built = proposal["unit_cost"] * proposal["volume"] + proposal.get("fixed_cost", 0)
            assert abs(proposal["amount"] - built) <= 1000
        assert proposal.get("amount", 1) > 0
    for limit in made.get("limits", ()):
        assert limit.get("line", "") in {"", *lines}
        assert "district" in limit or "ward" not in limit
        assert {"min", "max"} & set(limit)
        assert limit.get("min", 0) <= limit.get("max", 10**15)
        assert "ward" not in limit or (limit["district"], limit["ward"]) in places
    named = [
        pid
        for kind in ("alternatives", "together")
        for r in made.get(kind, ())
        for pid in r["proposals"]
    ]
    named += [pid for r in made.get("requires", ()) for pid in (r["proposal"], *r["needs"])]
    locks = [lock["proposal"] for lock in made.get("lock", ())]
    assert set(named) | set(locks) <= ids
    assert len(locks) == len(set(locks))
