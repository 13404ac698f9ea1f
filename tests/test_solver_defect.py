"""Programs on which HiGHS went wrong: they hold the versions and the settings we use.

A solver that calls a plan optimal that is not can't be found out by adding up: the plan is sound,
only better ones were overlooked. So the cases that were found are kept, with what is right worked
out by trying every plan.
"""

from __future__ import annotations

import random
from itertools import product

import oracle
import pytest
from agreement import plan_of, printed
from random_scenarios import scenario
from test_laws import desk, times, with_whole_cuts

from solver.case import Case
from solver.instance import MICRO
from solver.model import Effort, optimise
from solver.result import Status
from solver.scenario import resolve
from solver.solve import solve


@pytest.mark.parametrize("seed", [468, 699])
def test_highs_finds_the_best_where_tiny_amounts_stand_beside_large_ones(seed):
    # highspy 1.12 to 1.15.1 called a lesser plan optimal here; pyproject.toml holds it to 1.11.
    made = scenario(seed)
    answer = oracle.solve(made)
    case = Case(resolve(made).instance)
    program = case.program()
    aim = case.aims[0]
    terms = aim.expression(program)
    found = optimise(program, terms, aim.sense, Effort(20))
    assert found.outcome == "optimal"
    result = solve(case.instance)
    assert result.status is Status.OPTIMAL
    assert [printed(stage) for stage in result.stages] == answer.stages
    # The solver's own bound lies beyond the best: it may let a sliver too much pass, never too
    # little. That is added up and excluded later.
    sign = 1 if aim.sense == "max" else -1
    assert sign * found.bound * aim.unit >= sign * answer.stages[0] * result.stages[0].scale
    assert plan_of(result.case, result.taken) in [
        {pid: what for pid, what in plan.items() if what} for plan in answer.best_plans
    ]


def close_call(seed):
    """Two agencies, two districts, four to ten proposals, ceilings of some plan or a rupiah less.

    Amounts of a real desk: some Rp 100 million to 300 billion.
    """
    rng = random.Random(seed)
    size = rng.choice([4, 5, 6, 8, 10])
    top = 10 ** rng.uniform(8, 11.5)
    amounts = [rng.randint(int(top / 10), int(top)) | 1 for _ in range(size)]
    rows = [
        {
            "id": f"U-{number}",
            "amount": amount,
            "score": rng.choice([rng.randint(1, 20), round(amount / top * 20, rng.choice([1, 6]))]),
        }
        for number, amount in enumerate(amounts)
    ]
    for column, names in (("agency", "PQ"), ("district", "BU")):
        for row in rows:
            row[column] = rng.choice(names)
    chosen = [row for row in rows if rng.random() < 0.6] or rows[:1]

    def room(column, name):
        used = sum(row["amount"] for row in chosen if row[column] == name)
        return max(0, used - rng.choice([0, 1]))

    return {
        "format": 1,
        "proposals": rows,
        "agencies": [{"code": name, "ceiling": room("agency", name)} for name in "PQ"],
        "locations": [{"district": name, "max_amount": room("district", name)} for name in "BU"],
    }


def best_of_all(made):
    """The most points, in millionths, of all lists within the limits."""
    rows = made["proposals"]
    limits = [("agency", row["code"], row["ceiling"]) for row in made["agencies"]]
    limits += [("district", row["district"], row["max_amount"]) for row in made["locations"]]
    best = 0
    for chosen in product((0, 1), repeat=len(rows)):
        taken = [row for row, inside in zip(rows, chosen, strict=True) if inside]
        points = sum(round(row["score"] * MICRO) for row in taken)
        if points > best and all(
            sum(row["amount"] for row in taken if row[column] == name) <= most
            for column, name, most in limits
        ):
            best = points
    return best


WRONG = [4, 53, 154, 181, 207, 462, 482, 565, 573, 576, 602, 709]
"""Called optimal with too few points with HiGHS's presolve, as 18 of the first 1,500 close calls
were, and 137 stayed unproven. Without it (model.FEW_UNITS) none is wrong and none is unproven."""


def test_no_lesser_plan_is_called_optimal_where_a_ceiling_binds_to_the_rupiah():
    wrong = []
    for seed in WRONG:
        made = close_call(seed)
        result = solve(resolve(made).instance)
        best = best_of_all(made)
        if result.points.bound < best or (
            result.status is Status.OPTIMAL and result.points.best != best
        ):
            wrong.append(seed)
    assert wrong == []


def test_close_calls_are_proven():
    unproven = []
    for seed in range(60):
        result = solve(resolve(close_call(seed)).instance)
        if result.status is not Status.OPTIMAL:
            unproven.append(seed)
    assert unproven == []


def test_close_calls_that_are_proven_are_right():
    for seed in range(60):
        if seed in WRONG:
            continue
        made = close_call(seed)
        result = solve(resolve(made).instance)
        best = best_of_all(made)
        assert result.points.best <= best <= result.points.bound, seed


@pytest.mark.parametrize(
    ("amounts", "scores", "ceiling", "best"),
    [
        # The first, second and third cost 20,981,482,887,861: 6 + 16 + 10 points, where 31 was
        # called the best. The second, third and fourth would have 41, and are 2.7 trillion over.
        (
            [6_886_032_886_471, 4_479_952_138_373, 9_615_497_863_017, 9_691_416_885_685],
            [6, 16, 10, 15],
            21_057_401_910_528,
            32,
        ),
        # All three are one rupiah over, so two: 10 + 9. Only the first was found.
        ([2_500_000_000_001, 4_000_000_000_003, 3_500_000_000_007], [10, 9, 8], 10**13 + 10, 19),
    ],
)
def test_trillions_one_rupiah_short_are_proven(amounts, scores, ceiling, best):
    rows = [
        {"id": f"U-{n}", "agency": "P", "district": "B", "amount": amount, "score": scores[n]}
        for n, amount in enumerate(amounts)
    ]
    made = {"format": 1, "proposals": rows, "agencies": [{"code": "P", "ceiling": ceiling}]}
    result = solve(resolve(made).instance)
    assert result.points.best == best * MICRO
    assert result.status is Status.OPTIMAL


@pytest.mark.parametrize("seed", [11381, 14804])
def test_small_desks_are_proven(seed):
    made = scenario(seed)
    result = solve(resolve(made).instance)
    assert result.status is Status.OPTIMAL
    assert [printed(stage) for stage in result.stages] == oracle.solve(made).stages


@pytest.mark.parametrize("seed", [20_197, 20_264, 20_323, 20_370, 20_371, 20_373, 20_486, 293])
def test_money_moves_between_lines_of_hundreds_of_billions(seed):
    # With a move between -1 and 1 that counts its line's flex, all of these are right; with the
    # move in rupiah a lesser plan was called optimal, or (293) the desk impossible.
    made = times(with_whole_cuts(desk(seed)), 1000)
    result = solve(resolve(made).instance)
    assert result.status is Status.OPTIMAL
    assert result.points.best == oracle.solve(made).points
