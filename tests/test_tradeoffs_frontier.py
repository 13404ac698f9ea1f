"""The frontier holds every efficient plan and no other: against every plan there is."""

from __future__ import annotations

import itertools
from fractions import Fraction

import oracle
import pytest
from agreement import plan_of
from asked import desk, desks, document, proposal

from solver.instance import MICRO
from solver.tradeoffs.frontier import frontier

CHUNK = 20
SEEDS = range(0, 60, CHUNK)
SOAK = range(30_000, 32_000, 50)


def second_value(made, found):
    """What the oracle makes of the second aim, turned so that more is better."""
    case = oracle.Case(made)
    rows = [row for row in oracle.stage_list(made) if row["name"] == found.spec.name]
    sense, build = oracle.STAGES[found.spec.name]
    value = build(case, rows[0] if rows else {"name": found.spec.name})
    sign = 1 if sense == "max" else -1
    return lambda takes: sign * value(takes)


def efficient(made, found):
    """Points and second value of every plan that no other one beats in both."""
    case = oracle.Case(made)
    points, second = oracle.points_stage(case, {}), second_value(made, found)
    values = {(points(takes), second(takes)) for takes in oracle.feasible(case)}
    return {
        (p, s)
        for p, s in values
        if not any((q, t) != (p, s) and q >= p and t >= s for q, t in values)
    }


def values(made, found):
    """Points and second value of each row, as the solver adds them up."""
    second = found.aim
    scale = MICRO if second.kind == "points" else 1
    sign = 1 if second.sense == "max" else -1
    return [(Fraction(p.points, MICRO), sign * p.second / scale) for p in found.points]


def check(seed, made, questions):
    found = frontier(questions)
    rows = values(made, found)
    if questions.base.possible is False:
        assert (found.points, found.possible, found.left_out) == ((), False, None), seed
        return
    assert found.left_out == 0, seed
    assert found.open == 0, seed
    assert set(rows) == efficient(made, found), seed
    assert len(rows) == len(set(rows)), seed
    assert rows == sorted(rows, reverse=True), seed
    second = second_value(made, found)
    for point, row in zip(found.points, rows, strict=True):
        plan = plan_of(found.case, point.taken)
        assert oracle.violations(made, plan) == [], seed
        takes = oracle.read_plan(oracle.Case(made), plan)
        assert second(takes) == row[1], seed


@pytest.mark.parametrize("first", SEEDS)
def test_every_efficient_plan_and_no_other(first):
    for seed, made, questions in desks(range(first, first + CHUNK), with_points=False):
        check(seed, made, questions)


@pytest.mark.soak
@pytest.mark.parametrize("first", SOAK)
def test_every_efficient_plan_on_two_thousand_more(first):
    for seed, made, questions in desks(range(first, first + 50), with_points=False):
        check(seed, made, questions)


def test_a_plan_that_no_weights_reach_is_there():
    # Thrift against points: nothing (0, 0), A (4 points for 4), B (5 for 6), C (10 for 9). With any
    # pair of weights C or A or nothing beats B, yet no other plan has 5 points for 6 or less.
    rows = [proposal("A", 4, 4), proposal("B", 6, 5), proposal("C", 9, 10)]
    made = document(*rows, ceiling=9, alternatives=[{"proposals": ["A", "B", "C"]}])
    made["objective"] = {"stages": ["points", "thrift"]}
    found = frontier(desk(made))
    assert [(p.points // MICRO, p.second) for p in found.points] == [
        (10, 9), (5, 6), (4, 4), (0, 0)
    ]  # fmt: skip
    assert found.left_out == 0


def test_without_a_second_stage_the_least_served_district_is_shown():
    rows = [proposal("A", 5, 5), proposal("B", 5, 4, district="Utara", ward="Kuin")]
    found = frontier(desk(document(*rows, ceiling=5)))
    assert found.spec.name == "least_served"
    # One of the two leaves the other district with nothing, so the better one is all there is.
    assert [(p.points // MICRO, p.second) for p in found.points] == [(5, 0)]


def test_of_one_district_money_is_shown():
    found = frontier(desk(document(proposal("A", 5, 5), ceiling=5)))
    assert found.spec.name == "thrift"
    assert [(p.points // MICRO, p.second) for p in found.points] == [(5, 5), (0, 0)]


def test_a_row_is_one_plan_where_several_are_as_good():
    rows = [proposal("A", 5, 5), proposal("B", 5, 5)]
    found = frontier(desk(document(*rows, ceiling=5)))
    assert [(p.points // MICRO, p.second) for p in found.points] == [(5, 5), (0, 0)]


def test_without_points_the_cheapest_plan_is_the_only_one():
    rows = [proposal("A", 5, 0), proposal("B", 3, 0)]
    found = frontier(desk(document(*rows, limits=[{"name": "one", "measure": "count", "min": 1}])))
    assert [(p.points, p.second) for p in found.points] == [(0, 3)]


def test_an_impossible_desk_has_no_frontier():
    made = document(proposal("A", 5, 5), locations=[{"district": "Barat", "min_amount": 8}])
    found = frontier(desk(made))
    assert (found.points, found.possible) == ((), False)


def test_without_time_nothing_is_claimed():
    made = document(proposal("A", 5, 5), ceiling=5)
    found = frontier(desk(made, seconds=0.0))
    assert (found.points, found.possible, found.left_out) == ((), None, None)


class Few:
    """A budget that ends after so many looks at it."""

    def __init__(self, budget, looks):
        self.budget, self.looks = budget, looks

    def __getattr__(self, name):
        return getattr(self.budget, name)

    def left(self):
        self.looks -= 1
        return self.budget.left() if self.looks >= 0 else 0.0


def test_what_is_shown_when_the_time_ends_is_efficient_and_the_rest_is_not_denied():
    rows = [
        proposal(name, amount, amount)
        for name, amount in zip("ABCDE", (1, 2, 4, 8, 16), strict=True)
    ]
    made = document(*rows, ceiling=31)
    questions = desk(made)
    questions.budget = Few(questions.budget, 7)
    found = frontier(questions)
    whole = efficient(made, found)
    assert len(whole) == 32
    assert 2 < len(found.points) < 32
    assert set(values(made, found)) < whole
    assert found.left_out is None
    assert found.open > 0
    # Spread out: the ends are there, and the middle.
    seconds = sorted(point.second for point in found.points)
    assert (seconds[0], seconds[-1]) == (0, 31)
    assert max(b - a for a, b in itertools.pairwise(seconds)) <= 16
