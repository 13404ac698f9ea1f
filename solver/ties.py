"""Among plans that are equally good the fixed weights choose, and the choice is proven.

The weights steer a solver badly: it has to keep the best points by a constraint that bounds little.
So the equally good plans are counted out first with the last stage's own aim, which is the problem
just solved with that plan taken out; there are seldom more than one or two, but for twins. Only
where there are many are the weights put to the solver directly. On the city of 600 proposals that
took 10 s where the weights alone were not done in 60.
"""

from __future__ import annotations

from fractions import Fraction

from solver.instance import Figures
from solver.model import optimise
from solver.program import Program
from solver.search import TRIES, Search
from solver.stages import TieBreak

FEW = 2
"""So many equally good plans are counted out; with more, the weights are put to the solver."""


Plan = dict[int, Figures]


def break_tie(search: Search) -> bool:
    """Take the plan among equals that the fixed weights choose; whether it is the only one."""
    found = _equals(search)
    if found is None:
        return _choose(search, search.program)
    chosen: list[tuple[Fraction, Plan, bool]] = []
    aim = TieBreak(search.case.space)
    for plan in found:
        trial = search.program.copy()
        trial.fix(plan, search.case.space.twins)
        search.plan = plan
        unique = _choose(search, trial)
        chosen.append((aim.value(search.plan), search.plan, unique))
    best, search.plan, unique = max(chosen, key=lambda choice: choice[0])
    return unique and sum(value == best for value, _, _ in chosen) == 1


def _equals(search: Search) -> list[Plan] | None:
    """Every plan as good as this one, up to twins; None where there are more than a few.

    Asked with the last stage's own aim, which steers the solver far better than the weights do.
    Twins are options of one proposal that add the same, so that swapping them is always a tie.
    """
    aim, terms = search.last
    trial = search.program.copy()
    found = [dict(search.plan or {})]
    trial.exclude(found[0], search.case.space.twins)
    for _ in range(TRIES):
        effort = search.effort(1.0, 0.0, None)
        if effort is None or len(found) > FEW:
            return None
        answer = optimise(trial, terms, aim.sense, effort)
        if answer.outcome == "infeasible":
            return found
        if answer.values is None or answer.outcome != "optimal":
            return None
        taken = trial.taken(answer.values)
        if search.stands(taken, trial):
            found.append(taken)
            trial.exclude(taken, search.case.space.twins)
    return None


def _choose(search: Search, program: Program) -> bool:
    """Take the plan of the program that the weights choose; whether it is the only one."""
    aim = TieBreak(search.case.space)
    terms = aim.expression(program)
    found = search.improve(aim, terms, 1.0, 0.0, program)
    _, proven = search.settle(aim, terms, found, program)
    if not proven:
        return False
    aim.hold(program, terms, aim.value(search.plan or {}))
    program.exclude(search.plan or {}, search.case.space.singles)
    for _ in range(TRIES):
        effort = search.effort(1.0, 0.0, None)
        if effort is None:
            break
        answer = optimise(program, terms, aim.sense, effort)
        if answer.values is None:
            return answer.outcome == "infeasible"
        if search.stands(program.taken(answer.values), program):
            break
    return False
