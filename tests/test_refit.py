"""A plan made to fit again: it keeps every row, and what was agreed stays where it can."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from random_scenarios import scenario as random_scenario
from small import document

import scenarios
from solver.assess import points_of, violations
from solver.case import Case
from solver.errors import InputError
from solver.instance import Choice, Off
from solver.refit import refit
from solver.result import Status
from solver.scenario import read, resolve, variant
from solver.solve import Params, solve

SEEDS = range(60)


def resolved(seed):
    """A random scenario; seeds of scenarios that miss their shares are left out."""
    try:
        return resolve(random_scenario(seed))
    except InputError:
        pytest.skip("shares are missing")


def plan_of(case, taken):
    return [case.space.choice(position, figures) for position, figures in taken.items()]


def funded(case, taken):
    return {case.space.options[position].proposal for position in taken}


@pytest.fixture(scope="module")
def city():
    """The embedded city with a plan of it that is near the best."""
    scenario = read(scenarios.path("banjarmasin-2018"))
    result = solve(scenario.instance, Params(time_limit=4, gap=0.01))
    return scenario, plan_of(result.case, result.taken), result


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_of_other_numbers_is_made_to_keep_every_row(seed):
    """A plan of the scenario without its limits is no plan of it, but a start for one."""
    scenario = resolved(seed)
    loose = replace(scenario.instance, off=Off(rules=frozenset({"agency_ceiling", "limits"})))
    found = solve(loose, Params(time_limit=5))
    if found.taken is None:
        return
    case = Case(scenario.instance)
    fitted = refit(case, plan_of(found.case, found.taken))
    if fitted is not None:
        assert violations(case, fitted) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_that_fits_loses_nothing(seed):
    scenario = resolved(seed)
    found = solve(scenario.instance, Params(time_limit=5))
    if found.taken is None:
        return
    case = Case(scenario.instance)
    fitted = refit(case, plan_of(found.case, found.taken))
    assert fitted is not None
    assert funded(case, found.taken) <= funded(case, fitted)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_the_search_begins_changes_no_proven_answer(seed):
    scenario = resolved(seed)
    plain = solve(scenario.instance, Params(time_limit=5))
    everything = [Choice(p.id, p.requested.label) for p in scenario.instance.proposals]
    near = solve(scenario.instance, Params(time_limit=5), near=everything)
    if plain.status is near.status is Status.OPTIMAL:
        assert [s.best for s in plain.stages] == [s.best for s in near.stages]
        if plain.unique and near.unique:
            assert plan_of(plain.case, plain.taken) == plan_of(near.case, near.taken)
    else:
        assert (plain.taken is None) == (near.taken is None)


def test_locks_in_the_city_move_few_others(city):
    scenario, plan, result = city
    inside = {choice.proposal for choice in plan}
    case = Case(scenario.instance)
    outside = [
        p.id
        for p in scenario.instance.proposals
        if p.id not in inside
        and not p.covered_by
        and not any(i in case.stopped for i in case.space.positions[p.id])
    ]
    tried = random.Random(4).sample(outside, 12)
    losses = []
    for proposal in tried:
        locked = variant(scenario, {"lock": [{"proposal": proposal, "decision": "fund"}]})
        new = Case(locked.instance)
        fitted = refit(new, plan)
        assert fitted is not None, proposal
        assert violations(new, fitted) == []
        assert proposal in funded(new, fitted)
        assert len(funded(new, fitted) ^ inside) <= 16
        losses.append(1 - points_of(fitted) / points_of(result.taken))
    assert max(losses) < 0.02
    assert sorted(losses)[len(losses) // 2] < 0.005


def test_a_lock_out_leaves_the_rest_as_it_was(city):
    scenario, plan, _ = city
    inside = {choice.proposal for choice in plan}
    for proposal in random.Random(9).sample(sorted(inside), 6):
        locked = variant(scenario, {"lock": [{"proposal": proposal, "decision": "reject"}]})
        case = Case(locked.instance)
        fitted = refit(case, plan)
        assert fitted is not None
        assert proposal not in funded(case, fitted)
        # What hangs on it goes with it, what it leaves room for may come in.
        assert len(inside - funded(case, fitted)) <= 3


def test_what_cannot_be_mended_by_hand_is_given_up():
    """A floor that nothing in the plan meets: the search finds a plan, the hand does not."""
    whole = document(
        proposals=[
            {"id": "A", "agency": "PUPR", "district": "Barat", "score": 10, "amount": 50},
            {"id": "B", "agency": "PUPR", "district": "Timur", "score": 1, "amount": 60},
        ],
        agencies=[{"code": "PUPR", "ceiling": 100}],
        locations=[{"district": "Timur", "min_amount": 60}, {"district": "Barat"}],
    )
    instance = resolve(whole).instance
    assert refit(Case(instance), [Choice("A", "")]) is None
    assert solve(instance, near=[Choice("A", "")]).status is Status.OPTIMAL


def test_choices_that_are_no_more_are_left_out():
    whole = document(
        proposals=[{"id": "A", "agency": "PUPR", "district": "Barat", "score": 1, "amount": 5}],
        agencies=[{"code": "PUPR", "ceiling": 10}],
    )
    case = Case(resolve(whole).instance)
    plan = [Choice("GONE", ""), Choice("A", "X"), Choice("A", "", 10**12)]
    assert funded(case, refit(case, plan)) == {"A"}  # refilled as asked
