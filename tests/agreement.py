"""Plans of the solver in the oracle's form and back, and plans made at random."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from solver.case import Case
from solver.instance import MICRO, Choice, Figures
from solver.result import StageResult
from solver.rules import Usage

Plan = dict[str, tuple[str, Fraction | None]]


def plan_of(case: Case, taken: Mapping[int, Figures]) -> Plan:
    """What is funded, by id: the label of the option and its volume, None where it has none."""
    plan = {}
    for position, figures in taken.items():
        option = case.space.options[position]
        volume = Fraction(figures.volume, MICRO) if figures.volume else None
        plan[option.proposal] = (option.label, volume)
    return plan


def taken_of(case: Case, plan: Plan) -> dict[int, Figures]:
    """The same plan as the solver's rows read it."""
    return case.space.take(
        [
            Choice(pid, label, None if volume is None else int(volume * MICRO))
            for pid, (label, volume) in plan.items()
        ]
    )


def random_plan(case: Case, rng: random.Random) -> Plan:
    """Any plan, most of them broken somewhere: in full, on the grid, or off it."""
    share = rng.choice([0.2, 0.5, 0.9])
    plan: Plan = {}
    for proposal in case.instance.proposals:
        if proposal.covered_by or rng.random() > share:
            continue
        option = rng.choice(proposal.options)
        volume = option.full.volume
        kind = rng.random()
        if kind < 0.5 and option.steps:
            volume = option.cut(rng.randint(0, option.steps)).volume
        elif kind < 0.65 and volume:
            volume = rng.randint(1, volume)
        lock = next((k for k in case.instance.active_locks if k.proposal == proposal.id), None)
        if lock and lock.volume and lock.volume <= option.full.volume and rng.random() < 0.5:
            volume = lock.volume
        plan[proposal.id] = (option.label, Fraction(volume, MICRO) if volume else None)
    return plan


def printed(stage: StageResult) -> Fraction:
    """The best of a stage in printed units: points, rupiah, a number."""
    return stage.best / stage.scale


def rules_of(broken: Iterable[Usage]) -> set[str]:
    """The names of the rules that are broken."""
    return {usage.row.rule for usage in broken}


def funded(plan: Mapping[str, Any]) -> set[str]:
    """The ids that a plan funds."""
    return {pid for pid, what in plan.items() if what}
