"""A result with all that the desk is told beside it; nothing here needs a solver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.assess import limits, moved
from solver.decision import Decision, LineUse, decisions, line_uses
from solver.errors import Notice
from solver.result import Conflict, Repair, Result
from solver.rules import RULES, Usage
from solver.scenario import Scenario
from solver.stages import skipped

MOST_NAMED = 10
"""So many proposals are named in one warning; the others are counted."""


@dataclass(frozen=True)
class Recommendation:
    """A result with all that the desk is told beside it.

    `inversions` are pairs of a skipped proposal and the best-ranked one taken after it. The lists
    are empty where there is no plan; `conflict` and `repairs` are there where none is possible.
    """

    scenario: Scenario
    result: Result
    decisions: Sequence[Decision] = ()
    limits: Sequence[Usage] = ()
    lines: Sequence[LineUse] = ()
    inversions: Sequence[tuple[str, str]] = ()
    conflict: Conflict | None = None
    repairs: Sequence[Repair] = ()
    notices: Sequence[Notice] = field(default_factory=tuple)


def described(scenario: Scenario, result: Result, notices: Sequence[Notice]) -> Recommendation:
    """What follows from a plan: decisions with reasons, limits, lines, inversions."""
    case, taken = result.case, result.taken or {}
    funded = {case.space.options[i].proposal for i in taken}
    return Recommendation(
        scenario,
        result,
        decisions(case, taken),
        tuple(limits(case, taken)),
        line_uses(case, taken, moved(case.rows, taken)),
        skipped(case.groups, funded),
        notices=(*notices, *_too_large(result)),
    )


def _too_large(result: Result) -> Sequence[Notice]:
    """Proposals too large for a limit even alone: they bind no order, so they are reported."""
    case = result.case
    found = []
    for proposal, positions in case.space.positions.items():
        stops = [case.stopped.get(i) for i in positions]
        if all(s is not None and s.shown and RULES[s.rule].measured for s in stops):
            found.append(proposal)
    if not found:
        return ()
    return (Notice("too_large", {"proposals": found[:MOST_NAMED], "number": len(found)}),)
