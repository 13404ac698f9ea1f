"""Why a scenario is impossible: a set of rules that clash, of which none can be left out.

HiGHS's own conflict finder sees only the relaxation without whole numbers, so the set is found by
asking whether parts of the rules can be met (QuickXplain, Junker 2004).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from solver.case import Case
from solver.model import Effort, optimise
from solver.program import program_of
from solver.result import Conflict
from solver.rules import RULES, Row
from solver.rules.row import Element


def conflict(case: Case, seconds: float, stop: threading.Event | None = None) -> Conflict:
    """A smallest set of rules of an impossible case that no plan meets together.

    Raises nothing where time runs out: what could not be decided is kept and `irreducible` is
    false.
    """
    hopeless = next((row for row in case.rows if _is_out_of_reach(case, row)), None)
    if hopeless is not None:
        return Conflict((hopeless,), True)
    inquiry = _Inquiry(case, time.monotonic() + seconds, stop or threading.Event())
    elements = list(dict.fromkeys(row.element for row in case.rows if _can_be_left_out(row)))
    found = set(inquiry.explain((), (), elements))
    rows = tuple(row for row in case.rows if row.element in found)
    return Conflict(rows, inquiry.decided)


def _can_be_left_out(row: Row) -> bool:
    return row.rule in RULES and RULES[row.rule].can_be_off


def _is_out_of_reach(case: Case, row: Row) -> bool:
    """Whether no choice of options at all meets the row: a floor above what a place asks for."""
    if not _can_be_left_out(row):
        return False
    most, least = row.base, row.base
    reach: dict[str, tuple[int, int]] = {}
    for member, factor in row.terms():
        option = case.space.options[member]
        values = [factor * option.full.of(row.measure), factor * option.smallest.of(row.measure)]
        low, high = reach.get(option.proposal, (0, 0))
        reach[option.proposal] = min(low, *values), max(high, *values)
    most += sum(high for _, high in reach.values())
    least += sum(low for low, _ in reach.values())
    over = isinstance(row.upper, int) and least > row.upper + row.flex
    return over or (isinstance(row.lower, int) and most < row.lower)


class _Inquiry:
    """Questions of whether parts of the rules can be met, within a time."""

    def __init__(self, case: Case, deadline: float, stop: threading.Event) -> None:
        self.case = case
        self.deadline = deadline
        self.stop = stop
        self.decided = True

    def explain(
        self, kept: Sequence[Element], added: Sequence[Element], doubted: Sequence[Element]
    ) -> Sequence[Element]:
        """Of the doubted elements as few as clash with those kept, `added` being the newest."""
        if added and not self._can_be_met(kept):
            return ()
        if len(doubted) <= 1:
            return doubted
        half = len(doubted) // 2
        first, second = doubted[:half], doubted[half:]
        late = self.explain((*kept, *first), first, second)
        early = self.explain((*kept, *late), late, first)
        return (*early, *late)

    def _can_be_met(self, elements: Sequence[Element]) -> bool:
        left = self.deadline - time.monotonic()
        if left <= 0 or self.stop.is_set():
            self.decided = False
            return True
        kept = set(elements)
        rows = [r for r in self.case.rows if r.element in kept or not _can_be_left_out(r)]
        program = program_of(self.case.space, rows)
        for position, lock in self.case.space.variants.items():
            if ("locks", lock.proposal) not in kept:
                program.require({program.fund[position]: 1}, upper=0)
        outcome = optimise(program, {}, "max", Effort(left, stop=self.stop)).outcome
        if outcome not in ("optimal", "infeasible"):
            self.decided = False
        return outcome != "infeasible"
