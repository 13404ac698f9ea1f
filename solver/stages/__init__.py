"""The stages of the objective, optimised in turn, and the tie-break that always comes last."""

from __future__ import annotations

from collections.abc import Mapping

from solver.instance import Instance, StageSpec
from solver.rules import Row, Space
from solver.rules.eligibility import ranked_groups
from solver.stages.aim import Aim, Total
from solver.stages.few import FewChanges, FewCuts
from solver.stages.inversions import Inversions, skipped
from solver.stages.least_served import LeastServed
from solver.stages.spread import Spread
from solver.stages.tie_break import TieBreak


def aim_of(spec: StageSpec, instance: Instance, space: Space, stopped: Mapping[int, Row]) -> Aim:
    """The aim that a stage of the scenario asks for; `stopped` as in rules.eligibility."""
    match spec.name:
        case "points":
            return Total("points", "max", "points", "points")
        case "least_served":
            return LeastServed(instance, space, stopped, spec)
        case "spread":
            return Spread(space)
        case "inversions":
            return Inversions(space, ranked_groups(instance, space, stopped))
        case "few_cuts":
            return FewCuts(space)
        case "few_changes":
            return FewChanges(space, spec.plan)
        case "thrift":
            return Total("thrift", "min", "amount", "money")
    msg = f"no such stage: {spec.name}"
    raise ValueError(msg)


__all__ = ["Aim", "LeastServed", "TieBreak", "aim_of", "skipped"]
