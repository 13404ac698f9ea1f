"""The list a desk would make by hand: by priority, whatever still fits, at the largest volume."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solver.assess import violations
from solver.case import Case
from solver.instance import Figures
from solver.rules import Usage


@dataclass(frozen=True)
class Baseline:
    """The list made by hand, and the rules it breaks because a desk counts only ceilings."""

    taken: Mapping[int, Figures]
    breaks: Sequence[Usage]


def baseline(case: Case) -> Baseline:
    """The baseline of DESIGN section 4.

    Locks first; then by priority (blank last), score, id. Of each proposal the first option, in
    label order, of which some volume fits, at the largest that does. Gates, upper limits,
    alternatives, requires, together and an enforced order are kept; minimums and shares of the
    whole are ignored and listed in `breaks`; no money moves between lines.
    """
    hand = Hand(case)
    locked = {lock.proposal for lock in case.instance.active_locks if lock.funds}
    last = 1 + max((p.priority or 0 for p in case.instance.proposals), default=0)
    ranked = sorted(
        case.instance.proposals,
        key=lambda p: (p.id not in locked, p.priority or last, -p.points, p.id),
    )
    queue = [proposal.id for proposal in ranked]
    company = companies(case, queue)
    for proposal in queue:
        if proposal not in hand.tried and proposal not in case.space.covered:
            hand.take_all(company.get(proposal, [proposal]))
    return Baseline(hand.taken, violations(case, hand.taken))


class Hand:
    """A desk with its list so far, and how much of every row is used."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.taken: dict[int, Figures] = {}
        self.tried: set[str] = set()
        self.company: frozenset[str] = frozenset()
        self.used = [row.base for row in case.rows]
        self.rows_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, row in enumerate(case.rows):
            for member, factor in row.terms():
                self.rows_of[member].append((index, factor))
        self.meant = {
            row.subject: row.members for row in case.rows if row.rule == "locks" and row.lower == 1
        }

    def take_all(self, proposals: Sequence[str]) -> None:
        """Take every one of these, or none; covered ones are there already."""
        self.tried.update(proposals)
        self.company = frozenset(proposals)
        done: list[int] = []
        for proposal in proposals:
            if proposal in self.case.space.covered:
                continue
            position = self._take(proposal)
            if position is None:
                for earlier in done:
                    self.drop(earlier)
                return
            done.append(position)

    def put(self, position: int, figures: Figures) -> None:
        """Take an option at these figures, whether it fits or not."""
        self.taken[position] = figures
        self._count(position, figures, 1)

    def drop(self, position: int) -> None:
        """Take an option off the list."""
        self._count(position, self.taken.pop(position), -1)

    def _take(self, proposal: str) -> int | None:
        for position in self.meant.get(proposal, self.case.space.positions[proposal]):
            steps = self._fewest_steps(position)
            if steps is not None:
                self.put(position, self.case.space.options[position].cut(steps))
                return position
        return None

    def _count(self, position: int, figures: Figures, sign: int) -> None:
        for index, factor in self.rows_of[position]:
            self.used[index] += sign * factor * figures.of(self.case.rows[index].measure)

    def _has(self, needed: Sequence[str]) -> bool:
        """Whether these are taken, or are being taken in the same company."""
        return all(
            need in self.company
            or need in self.case.space.covered
            or any(i in self.taken for i in self.case.space.positions[need])
            for need in needed
        )

    def _fewest_steps(self, position: int) -> int | None:
        """The fewest cut steps at which the option fits every row a desk keeps; None: never."""
        option = self.case.space.options[position]
        fewest, most = 0, option.steps
        for index, factor in self.rows_of[position]:
            row = self.case.rows[index]
            if row.rule == "together":
                continue
            if factor < 0 and row.lower == 0 and not self._has(row.about):
                return None
            if isinstance(row.upper, int):
                room = row.upper - self.used[index]
                full, step = option.full.of(row.measure), option.step.of(row.measure)
                if step > 0:
                    fewest = max(fewest, -((room - full) // step))
                elif full > room:
                    return None
                elif step < 0:
                    most = min(most, (room - full) // -step)
        return fewest if fewest <= most else None


def companies(case: Case, queue: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Each proposal of a `together` group with its company in turn; overlapping ones are one."""
    turn = {proposal: place for place, proposal in enumerate(queue)}.__getitem__
    company: dict[str, list[str]] = {}
    if case.instance.is_on("together"):
        for group in case.instance.together:
            merged = sorted({m for p in group.proposals for m in company.get(p, [p])}, key=turn)
            company.update(dict.fromkeys(merged, merged))
    return company
