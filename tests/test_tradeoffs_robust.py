"""What stays in and out when the numbers move: shares, verdicts and the agenda, by every plan."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import pytest
from asked import desk, desks, document, proposal

from solver.assess import violations
from solver.case import Case
from solver.instance import MICRO
from solver.tradeoffs.question import up_to_points
from solver.tradeoffs.robust import Drawn, drawn_case, factor, robust

CHUNK = 25
SEEDS = range(0, 50, CHUNK)
SOAK = range(38_000, 40_000, 50)
LARGEST = 1_500
"""Desks of more plans than this are passed over: each is enumerated once a case."""


def every_plan(case):
    """Each plan that keeps the rules, from the choices of the case; None: too many."""
    menus = []
    for positions in case.space.positions.values():
        choices = [
            (position, case.space.options[position].cut(steps))
            for position in positions
            for steps in range(case.space.options[position].steps + 1)
        ]
        menus.append([None, *choices])
    size = 1
    for menu in menus:
        size *= len(menu)
    if size > LARGEST:
        return None
    plans = (dict(c for c in chosen if c is not None) for chosen in itertools.product(*menus))
    return [plan for plan in plans if not violations(case, plan)]


def best_plans(case):
    """The plans of most points with the earlier stages at their best."""
    left = every_plan(case)
    for spec, aim in zip(case.instance.stages, case.aims, strict=True):
        if not left:
            return left
        best = (max if aim.sense == "max" else min)(aim.value(plan) for plan in left)
        slack = Fraction(0)
        if spec.name != "points":
            give_up = spec.give_up
            scale = MICRO if aim.kind == "points" else 1
            slack = (
                give_up * abs(best) if isinstance(give_up, Fraction) else Fraction(give_up) * scale
            )
        left = [plan for plan in left if abs(aim.value(plan) - best) <= slack]
    return left


def check(seed, questions):
    drawn = Drawn(Fraction(1, 4), Fraction(1, 4), Fraction(1, 4), cases=4, seed=seed)
    if every_plan(questions.base.case) is None:
        return False
    surely, perhaps = Counter(), Counter()
    counted = 0
    for number in range(1, drawn.cases + 1):
        case = Case(up_to_points(drawn_case(questions, drawn, number)))
        plans = best_plans(case)
        if plans:
            counted += 1
            funded = [{case.space.options[i].proposal for i in plan} for plan in plans]
            surely.update(set.intersection(*funded))
            perhaps.update(set.union(*funded))
    found = robust(questions, drawn=drawn)
    assert (found.asked, found.counted, found.impossible, found.unanswered) == (
        4, counted, 4 - counted, 0
    ), seed  # fmt: skip
    assert {s.proposal for s in found.standings} == (
        {p.id for p in questions.scenario.instance.proposals} if counted else set()
    ), seed
    for standing in found.standings:
        name = standing.proposal
        if standing.settled == "covered":
            assert (standing.share, standing.verdict) == (1, "in"), seed
            continue
        assert surely[name] <= standing.times <= perhaps[name], (seed, name)
        assert standing.share == Fraction(standing.times, counted), seed
        words = {0: "out", counted: "in"}
        assert standing.verdict == words.get(standing.times, "discuss"), seed
    check_agenda(questions, found)
    return True


def check_agenda(questions, found):
    """Contested first, then in, then out; more points first, then by id."""
    points = {p.id: p.points for p in questions.scenario.instance.proposals}
    order = ["discuss", "in", "out"]
    keys = [
        (order.index(s.verdict), abs(s.share - Fraction(1, 2)), -points[s.proposal], s.proposal)
        for s in found.standings
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize("first", SEEDS)
def test_the_cases_are_counted_right(first):
    checked = [check(seed, q) for seed, _, q in desks(range(first, first + CHUNK))]
    assert sum(checked) > 3


@pytest.mark.soak
@pytest.mark.parametrize("first", SOAK)
def test_the_cases_are_counted_right_on_two_thousand_more(first):
    for seed, _, questions in desks(range(first, first + 50)):
        check(seed, questions)


# --- by hand -------------------------------------------------------------------------------------


def told(found):
    return [(s.proposal, s.share, s.verdict) for s in found.standings]


AB = document(
    proposal("A", 5, 10), proposal("B", 5, 9), proposal("C", 5, 1), proposal("D", 1, 8), ceiling=6
)


def test_stated_cases_are_counted_each_once():
    # Room 6: A and D. With 10 instead of 9 points B is as good as A and the base plan stays; with
    # 11 it is better. With a ceiling of 5 the best is A alone; with 1, D alone. B and D are as
    # contested, and B has more points.
    cases = [
        {"set": {"proposal.B.score": 10}},
        {"set": {"proposal.B.score": 11}},
        {"set": {"agency.PUPR.ceiling": 5}},
        {"set": {"agency.PUPR.ceiling": 1}},
    ]
    found = robust(desk(AB), cases)
    assert (found.drawn, found.asked, found.counted) == (None, 4, 4)
    assert told(found) == [
        ("A", Fraction(1, 2), "discuss"),
        ("B", Fraction(1, 4), "discuss"),
        ("D", Fraction(3, 4), "discuss"),
        ("C", 0, "out"),
    ]


def test_a_case_without_a_plan_is_no_evidence():
    cases = [
        {"limit": [{"name": "all", "measure": "count", "min": 4}]},
        {"set": {"proposal.B.score": 9}},
    ]
    found = robust(desk(AB), cases)
    assert (found.asked, found.counted, found.impossible, found.unanswered) == (2, 1, 1, 0)
    assert ("A", 1, "in") in told(found)


def test_what_a_lock_a_gate_or_the_renja_settles_is_said_to_be_settled():
    rows = [
        proposal("A", 5, 10),
        proposal("B", 5, 9, gate="land"),
        proposal("C", 5, 1, line="1", covered_by="1"),
        proposal("D", 1, 8),
    ]
    made = document(*rows, ceiling=6, lines=[{"code": "1", "agency": "PUPR"}])
    made["lock"] = [{"proposal": "D", "decision": "reject"}]
    found = robust(desk(made), drawn=Drawn(cases=3))
    assert {s.proposal: (s.verdict, s.settled) for s in found.standings} == {
        "A": ("in", ""),
        "B": ("out", "gates"),
        "C": ("in", "covered"),
        "D": ("out", "locks"),
    }


def test_weights_of_criteria_move_too():
    # A is 10 x need, B 10 x reach; room for one. With the weights 1 and 1.05 B is in; where need
    # is drawn up and reach down, A is. Scores and costs stay here.
    rows = [
        {**proposal("A", 5, None), "c_need": 10, "c_reach": 0},
        {**proposal("B", 5, None), "c_need": 0, "c_reach": 10},
    ]
    for row in rows:
        del row["score"]
    weights = {"c_need": 1, "c_reach": 1.05}
    made = document(*rows, ceiling=5, objective={"score": "criteria", "weights": weights})
    still = Fraction(0)
    found = robust(desk(made), drawn=Drawn(still, still, Fraction(1, 10), cases=20))
    shares = {s.proposal: s.share for s in found.standings}
    assert 0 < shares["A"] < shares["B"] < 1
    assert shares["A"] + shares["B"] == 1
    found = robust(desk(made), drawn=Drawn(still, still, still, cases=2))
    assert told(found) == [("B", 1, "in"), ("A", 0, "out")]


def test_equal_points_keep_the_base_plan():
    made = document(proposal("A", 5, 5), proposal("B", 5, 5), ceiling=5)
    questions = desk(made)
    (base,) = {questions.base.case.space.options[i].proposal for i in questions.base.taken}
    found = robust(questions, [{}, {"title": "the same"}])
    assert next(told(found)[i] for i in range(2) if told(found)[i][0] == base) == (base, 1, "in")


def test_without_points_nothing_is_in_doubt():
    made = document(proposal("A", 5, 0), ceiling=5)
    found = robust(desk(made), drawn=Drawn(cases=3))
    assert [s.verdict for s in found.standings] in (["in"], ["out"])


def test_one_proposal_alone_is_settled_in():
    found = robust(desk(document(proposal("A", 5, 5))), drawn=Drawn(cases=5))
    assert told(found) == [("A", 1, "in")]


def test_an_impossible_desk_has_no_agenda():
    made = document(proposal("A", 5, 5), limits=[{"name": "x", "measure": "count", "min": 2}])
    found = robust(desk(made), drawn=Drawn(cases=3))
    assert (found.standings, found.counted, found.impossible) == ((), 0, 3)


def test_cases_that_ran_out_of_time_are_no_evidence():
    found = robust(desk(AB, seconds=0.0), drawn=Drawn(cases=3))
    assert (found.standings, found.counted, found.impossible, found.unanswered) == ((), 0, 0, 3)


def test_factors_are_spread_evenly_and_hang_on_nothing_else():
    spread = Fraction(1, 10)
    drawn = [factor(spread, 2018, n, "U-001", "score") for n in range(1, 1001)]
    assert min(drawn) >= 1 - spread
    assert max(drawn) <= 1 + spread
    assert abs(sum(drawn) / 1000 - 1) < Fraction(1, 200)
    tenths = Counter(int((value - 1 + spread) * 50) for value in drawn)
    assert min(tenths[i] for i in range(10)) > 60
    assert factor(spread, 2018, 7, "U-001", "score") == drawn[6]
    assert factor(spread, 2019, 7, "U-001", "score") != drawn[6]
    assert factor(spread, 2018, 7, "U-001", "cost") != drawn[6]
    assert factor(Fraction(0), 2018, 7, "U-001", "cost") == 1


def test_money_is_rounded_down_and_points_half_up_step_by_step():
    road = proposal("A", 10, 10, volume=3, min_volume=1)
    questions = desk(document(road))
    drawn = Drawn(cases=1)
    (before,) = questions.scenario.instance.proposals[0].options
    (after,) = drawn_case(questions, drawn, 1).proposals[0].options
    cost = factor(drawn.costs, 2018, 1, "A", "cost")
    score = factor(drawn.scores, 2018, 1, "A", "score")
    assert (before.step.amount, before.step.points) == (3, 3_333_333)
    assert after.full.amount == int(10 * cost)
    assert after.step.amount == int(3 * cost)
    assert abs(after.step.points - 3_333_333 * score) <= Fraction(1, 2)
    assert after.full.volume == before.full.volume


def test_drawn_rupiah_are_round_numbers():
    # A hundred times 10,000 goes into 1.5 million, a hundred times 100,000 does not.
    rows = [proposal("A", 1_500_000, 5), proposal("B", 7_654_321, 5)]
    questions = desk(document(*rows, ceiling=8_000_000))
    drawn = Drawn(cases=1)
    before = questions.scenario.instance.proposals
    after = drawn_case(questions, drawn, 1).proposals
    for old, new in zip(before, after, strict=True):
        exact = old.requested.full.amount * factor(drawn.costs, 2018, 1, old.id, "cost")
        assert new.requested.full.amount == exact // 10_000 * 10_000
    # A cut step of 2,000 is not lost: rupiah are then rounded down to tens.
    road = proposal("C", 2_000_000, 5, volume=1000, min_volume=1)
    (cut,) = drawn_case(desk(document(road, ceiling=10**7)), drawn, 1).proposals
    exact = 2_000 * factor(drawn.costs, 2018, 1, "C", "cost")
    assert cut.requested.step.amount == exact // 10 * 10 > 1_700
    still = drawn_case(questions, Drawn(costs=Fraction(0), cases=1), 1)
    assert [p.requested.full.amount for p in still.proposals] == [1_500_000, 7_654_321]
