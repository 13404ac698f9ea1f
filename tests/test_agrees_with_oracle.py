"""Rows, solver, judge and hand list against the oracle, which reads the same tables without rows.

Random scenarios mix every rule; each seed is an own scenario, so a failure names its seed.
"""

from __future__ import annotations

import random

import oracle
import pytest
from agreement import funded, plan_of, printed, random_plan, rules_of, taken_of
from random_scenarios import scenario

from solver.assess import violations
from solver.baseline import baseline
from solver.case import Case
from solver.scenario import resolve
from solver.solve import Params, solve
from solver.stages import skipped

CHUNK = 20
QUICK = range(0, 520, CHUNK)
SOAK = range(10_000, 15_000, 100)


def check_solve(seed: int) -> None:
    """Status, every stage's best, and a plan that is one of the oracle's best ones."""
    made = scenario(seed)
    answer = oracle.solve(made)
    result = solve(resolve(made).instance, Params(time_limit=60))
    assert result.status == answer.status, seed
    if answer.status == "infeasible":
        assert (result.taken, result.stages, result.unique) == (None, [], False), seed
        return
    assert [printed(stage) for stage in result.stages] == answer.stages, seed
    assert all(stage.proven and stage.bound == stage.best for stage in result.stages), seed
    plan = plan_of(result.case, result.taken)
    assert oracle.violations(made, plan) == [], seed
    # A volume lock off the grid is stated in the plan, and measured as the contract defines it.
    assert oracle.measure_plan(made, plan) in answer.best_plans, seed
    assert result.unique, seed


def check_judgement(seed: int) -> None:
    """Plans made at random break the same rules, and skip the same proposals, by both readings."""
    made = scenario(seed)
    case = Case(resolve(made).instance)
    rng = random.Random(f"plans {seed}")
    for _ in range(4):
        plan = random_plan(case, rng)
        taken = taken_of(case, plan)
        assert plan_of(case, taken) == plan, seed
        told = oracle.violations(made, plan)
        assert rules_of(violations(case, taken)) == {rule for rule, _ in told}, (seed, plan)
        both = oracle.measure_plan(made, plan)
        assert sum(f.amount for f in taken.values()) == both.amount, (seed, plan)
        assert sum(f.points for f in taken.values()) == both.points, (seed, plan)
        # Locked in but not eligible: no plan at all can be right, and the two differ in what
        # they call such a plan's skips.
        if not rules_of(violations(case, taken)) & {"locks", "gates"}:
            assert skipped(case.groups, funded(plan)) == oracle.inversions(made, plan), (seed, plan)


def check_eligibility(seed: int) -> None:
    """The same proposals could be funded if they stood alone."""
    made = scenario(seed)
    case = Case(resolve(made).instance)
    locked = {lock.proposal for lock in case.instance.active_locks}
    told = oracle.eligible_options(made)
    found = {
        (option.proposal, option.label)
        for position, option in enumerate(case.space.options)
        if position not in case.stopped
    }
    # A lock in rules out its proposal's other options and volumes by a minimum, not by a limit.
    assert {x for x in found if x[0] not in locked} == {x for x in told if x[0] not in locked}, seed
    assert {pid for pid, _ in told} <= {pid for pid, _ in found}, seed


def check_hand_list(seed: int) -> None:
    """The list made by hand is the same, and breaks the same rules."""
    made = scenario(seed)
    case = Case(resolve(made).instance)
    hand, told = baseline(case), oracle.greedy(made)
    plan = plan_of(case, hand.taken)
    assert plan == {pid: what for pid, what in told.plan.items() if what}, seed
    assert rules_of(hand.breaks) == {rule for rule, _ in told.breaks}, seed


CHECKS = [check_solve, check_judgement, check_eligibility, check_hand_list]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("check_"))
@pytest.mark.parametrize("first", QUICK)
def test_solver_and_oracle_agree(first, check):
    for seed in range(first, first + CHUNK):
        check(seed)


@pytest.mark.soak
@pytest.mark.parametrize("first", SOAK)
def test_solver_and_oracle_agree_on_five_thousand_more(first):
    for seed in range(first, first + 100):
        for check in CHECKS:
            check(seed)


def test_the_seeds_are_worth_their_time():
    # Plans, impossible ones, ties, every stage: were the generator to go stale, the tests above
    # would agree on nothing much.
    statuses, stages, rules = set(), set(), set()
    for seed in range(0, 120):
        made = scenario(seed)
        instance = resolve(made).instance
        case = Case(instance)
        statuses.add(oracle.solve(made).status)
        stages |= {spec.name for spec in instance.stages}
        rules |= {row.rule for row in case.rows}
    assert statuses == {"optimal", "infeasible"}
    assert stages == set(oracle.STAGES)
    assert rules == {
        "locks", "gates", "options", "agency_ceiling", "line_ceiling", "line_target", "locations",
        "limits", "alternatives", "requires", "together", "priority_order",
    }  # fmt: skip
