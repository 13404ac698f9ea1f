"""A result document read back, so that questions can be put to a plan without solving it again.

Only what was printed comes back: figures and the bound are as told, the plan is checked by whoever
asks. Where the document is another program's, verify it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.baseline import baseline
from solver.case import Case
from solver.instance import Choice, to_micro
from solver.result import Result, StageResult, Status
from solver.scenario import Scenario

FUNDED = ("fund", "fund_changed")


def plan(found: Mapping[str, Any]) -> tuple[Choice, ...]:
    """The plan of a result document; empty where it has none."""
    return tuple(
        Choice(d["proposal"], d["option"], _micro(d["volume"]))
        for d in found["decisions"]
        if d["decision"] in FUNDED
    )


def result(found: Mapping[str, Any], scenario: Scenario) -> Result:
    """The Result of a document that was made from this scenario."""
    case = Case(scenario.instance)
    taken = case.space.take(plan(found)) if found["decisions"] else None
    stages = [
        _stage(stage, aim.kind) for stage, aim in zip(found["stages"], case.aims, strict=False)
    ]
    return Result(case, Status(found["status"]), baseline(case), stages, taken, found["unique"])


def _stage(found: Mapping[str, Any], kind: str) -> StageResult:
    scale = 1_000_000 if kind == "points" else 1

    def whole(name: str) -> Fraction:
        return Fraction(str(found[name])) * scale

    return StageResult(
        found["name"],
        found["sense"],
        kind,
        whole("best"),
        None if found["bound"] is None else whole("bound"),
        whole("give_up"),
        whole("value"),
        found["proven"],
    )


def _micro(volume: int | float | Decimal | None) -> int | None:
    return None if volume is None else to_micro(Decimal(str(volume)))
