"""Random desks with their base plan solved, ready to be asked."""

from __future__ import annotations

import random

import oracle
from random_scenarios import scenario

from solver.errors import InputError
from solver.scenario import resolve
from solver.solve import Params, solve
from solver.tradeoffs import Budget, Questions


def desk(made, seconds=600.0, **budget):
    """The questions to one desk, given as a document."""
    resolved = resolve(made)
    base = solve(resolved.instance, Params(time_limit=60))
    return Questions(resolved, base, Budget(seconds, **budget))


def desks(seeds, *, with_points=True, bent=lambda made, _rng: made):
    """The desks of these seeds: their document, and the questions to them.

    With `with_points` those that have no stage `points` are left out. `bent` may change a document
    before it is asked.
    """
    for seed in seeds:
        made = bent(scenario(seed), random.Random(f"bent {seed}"))
        try:
            questions = desk(made)
        except InputError as error:
            if {issue.code for issue in error.issues} != {"shares_missing"}:
                raise
            continue
        if questions.asks_points or not with_points:
            yield seed, made, questions


def proposal(pid, amount, score, **cells):
    """One indivisible proposal in one place; cells add to it or replace."""
    place = {"agency": "PUPR", "district": "Barat", "ward": "Basirih"}
    return {"id": pid, "amount": amount, "score": score} | place | cells


def document(*proposals, ceiling=10, **keys):
    """A desk of one agency."""
    agencies = [{"code": "PUPR", "ceiling": ceiling}]
    return {"format": 1, "title": "desk", "proposals": list(proposals), "agencies": agencies} | keys


def best_points(made, keeps=lambda _takes: True):
    """V by every plan: the most points with the earlier stages at their best; None without a plan.

    `keeps` says of a plan, as the oracle's list of takes, whether it answers the question.
    """
    case = oracle.Case(made)
    left = [takes for takes in oracle.feasible(case) if keeps(takes)]
    for stage in oracle.stage_list(made):
        sense, build = oracle.STAGES[stage["name"]]
        value = build(case, stage)
        valued = [(value(takes), takes) for takes in left]
        if not valued:
            return None
        best = (max if sense == "max" else min)(worth for worth, _ in valued)
        if stage["name"] == "points":
            return int(best * oracle.MILLION)
        slack = oracle.given_up(stage, best)
        left = [takes for worth, takes in valued if abs(worth - best) <= slack]
    return None
