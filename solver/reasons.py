"""Why each proposal is funded or not: codes and facts that follow from adding up the rows.

Every fact is true of the plan as it stands: what is left of a limit, what the proposal needs at
least, who uses the limit, which ones must come first. Nothing here is a price or a guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from solver.assess import amount_of
from solver.assess import usages as usages_of
from solver.case import Case
from solver.instance import Figures, Lock, Option, Proposal
from solver.rules import RULES, Row

MOST_BLOCKERS = 2
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code of CONTRACT section 6 and the facts that fill its sentence."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Blocker(NamedTuple):
    """A row that would break, what is left of it, and whether it is its upper limit."""

    row: Row
    room: int
    over: bool


class Takers(NamedTuple):
    """Who uses a row: all of them, and the largest few."""

    members: frozenset[int]
    largest: Sequence[int]


class Reasons:
    """The reasons for one plan of one case."""

    def __init__(self, case: Case, taken: Mapping[int, Figures]) -> None:
        self.case = case
        self.taken = taken
        self.amount = amount_of(taken)
        usages = usages_of(case.rows, taken)
        self.used = [usage.used for usage in usages]
        self.upper = [usage.upper for usage in usages]
        self.rows_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.pools: dict[str, list[int]] = defaultdict(list)
        self.shares: list[int] = []
        for index, row in enumerate(case.rows):
            if row.pool:
                self.pools[row.pool].append(index)
            if isinstance(row.lower, Fraction) or isinstance(row.upper, Fraction):
                self.shares.append(index)
            for member, factor in row.terms():
                self.rows_of[member].append((index, factor))
        self.position = {case.space.options[i].proposal: i for i in taken}
        self.locks: Mapping[str, Lock] = {k.proposal: k for k in case.instance.active_locks}
        self.taken_at: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i in taken:
            self.taken_at[case.space.options[i].district, case.space.options[i].ward].append(i)
        self.takers: dict[int, Takers] = {}
        self.members: dict[int, frozenset[int]] = {}

    def of(self, proposal: Proposal) -> Sequence[Reason]:
        """The reasons for what became of the proposal, the most telling first."""
        if proposal.id in self.case.space.covered:
            return (Reason("covered", {"line": proposal.covered_by}),)
        if proposal.id in self.position:
            return tuple(self._funded(proposal))
        return tuple(self._not_funded(proposal))

    def _funded(self, proposal: Proposal) -> Iterator[Reason]:
        position = self.position[proposal.id]
        option, figures = self.case.space.options[position], self.taken[position]
        lock = self.locks.get(proposal.id)
        if lock is not None:
            yield Reason("locked_in", {"reason": lock.reason, **self._cut_by_lock(option, figures)})
        floor = self._floor(position)
        if floor is not None:
            yield Reason("funded_for_floor", floor)
        if lock is None and floor is None:
            yield Reason("funded_by_points", {"points": figures.points, "amount": figures.amount})
        if option.label != proposal.requested.label:
            yield Reason("options", _where(option))
        if option.steps and figures.volume < option.full.volume:
            yield from self._cut(position, option, figures)

    def _cut_by_lock(self, option: Option, figures: Figures) -> Mapping[str, Any]:
        """The volumes, where a lock settles on less than was asked for."""
        requested = self.case.space.proposals[option.proposal].requested.full.volume
        if figures.volume == requested:
            return {}
        return {"volume": figures.volume, "requested": requested, "unit": option.unit}

    def _floor(self, position: int) -> Mapping[str, Any] | None:
        """The minimum that would be missed without this one."""
        figures = self.taken[position]
        for index, factor in self.rows_of[position]:
            row = self.case.rows[index]
            if row.rule in RULES and RULES[row.rule].measured and row.lower is not None:
                lower, _ = row.bounds(self.amount - figures.amount)
                without = self.used[index] - factor * figures.of(row.measure)
                if lower is not None and without < lower:
                    return {**self._subject(row), "minimum": lower, "without": without}
        return None

    def _cut(self, position: int, option: Option, figures: Figures) -> Iterator[Reason]:
        """The first limit that one more step would break."""
        for blocker in self._blockers(position, option.step):
            facts = {
                **self._subject(blocker.row),
                "room": blocker.room,
                "step": option.step.of(blocker.row.measure),
                "volume": figures.volume,
                "requested": option.full.volume,
                "unit": option.unit,
            }
            yield Reason("cut_to_fit", facts)
            return

    def _not_funded(self, proposal: Proposal) -> Iterator[Reason]:
        lock = self.locks.get(proposal.id)
        if lock is not None and not lock.funds:
            yield Reason("locked_out", {"reason": lock.reason})
            return
        found: dict[str, Reason] = {}
        for position in self.case.space.positions[proposal.id]:
            option = self.case.space.options[position]
            blockers = list(self._blockers(position, option.smallest))
            alone = [b for b in blockers if b.row is self.case.stopped.get(position)]
            for blocker in dict.fromkeys((*alone, *blockers)):
                reason = self._blocked(position, blocker)
                found.setdefault(reason.code, reason)
                if reason.code == "gate":
                    break  # what can't start needs no room
        if found:
            yield from list(found.values())[:MOST_BLOCKERS]
        else:
            yield Reason("lower_points", {"points": proposal.points})

    def _blockers(self, position: int, figures: Figures) -> Iterator[Blocker]:
        """The rows that break when these figures are added."""
        for index, factor in self.rows_of[position]:
            row = self.case.rows[index]
            value = factor * figures.of(row.measure)
            total = self.used[index] + value
            upper = self.upper[index]
            if isinstance(row.upper, int) and upper is not None and value > 0:
                if total > upper and not (row.pool and self._pool_fits(row.pool, index, total)):
                    yield Blocker(row, upper - self.used[index], over=True)
            elif isinstance(row.lower, int) and value < 0 and total < row.lower:
                yield Blocker(row, self.used[index] - row.lower, over=False)
        for index in self.shares:
            yield from self._breaks_share(index, position, figures)

    def _breaks_share(self, index: int, position: int, figures: Figures) -> Iterator[Blocker]:
        row = self.case.rows[index]
        here = position in self._members(index)
        used = self.used[index] + (figures.of(row.measure) if here else 0)
        lower, upper = row.bounds(self.amount + figures.amount)
        if isinstance(row.upper, Fraction) and upper is not None and here and used > upper:
            yield Blocker(row, upper - self.used[index], over=True)
        if isinstance(row.lower, Fraction) and lower is not None and used < lower:
            yield Blocker(row, self.used[index] - (row.bounds(self.amount)[0] or 0), over=False)

    def _pool_fits(self, pool: str, changed: int, total: int) -> bool:
        """Whether sister lines can move money so that the changed one holds `total`."""
        short = 0
        for index in self.pools[pool]:
            row = self.case.rows[index]
            used = total if index == changed else self.used[index]
            over = used - (row.upper if isinstance(row.upper, int) else used)
            if over > row.flex:
                return False
            short += max(over, -row.flex)
        return short <= 0

    def _blocked(self, position: int, blocker: Blocker) -> Reason:
        """The reason that a blocking row gives, in the words of its rule."""
        option, row = self.case.space.options[position], blocker.row
        if row.rule == "gates":
            return Reason("gate", {"gate": option.gate})
        if row.about:
            return Reason(row.rule, {"others": self._others(row, option.proposal)})
        rule = RULES[row.rule]
        facts: dict[str, Any] = {
            **self._subject(row),
            "room": max(blocker.room, 0),
            "need": option.smallest.of(row.measure),
            "taken_by": [self.case.space.options[i].proposal for i in self._takers(row).largest],
            "ahead": self._ahead(position, row),
        }
        if self.case.stopped.get(position) is row and isinstance(row.upper, int):
            facts["limit_alone"] = row.upper + row.flex - row.base
        if not blocker.over and row.rule != "locations":
            facts["under"] = True
        return Reason(rule.over if blocker.over else rule.under, facts)

    def _others(self, row: Row, proposal: str) -> Sequence[str]:
        """The proposals that stand in the way: those taken, or those still missing."""
        wanted = row.rule == "alternatives"
        present = self.position.keys() | self.case.space.covered
        return [p for p in row.about if p != proposal and (p in present) == wanted]

    def _subject(self, row: Row) -> dict[str, Any]:
        rule = RULES[row.rule]
        return {"rule": row.rule, rule.noun: row.subject, "measure": row.measure}

    def _ahead(self, position: int, row: Row) -> Sequence[str]:
        """Better-ranked proposals of the same place that use the limit."""
        options, proposals = self.case.space.options, self.case.space.proposals
        own, takers = options[position], self._takers(row).members
        rank = proposals[own.proposal].priority
        if rank is None:
            return []
        there = self.taken_at[own.district, own.ward]
        ranked = [
            (proposals[options[i].proposal].priority or rank, options[i].proposal)
            for i in there
            if i in takers
        ]
        return [name for other, name in sorted(ranked) if other < rank][:MOST_NAMES]

    def _takers(self, row: Row) -> Takers:
        """Who uses the limit, the largest first."""
        key = id(row)
        if key not in self.takers:
            taken = [i for i in row.members if i in self.taken]
            taken.sort(
                key=lambda i: (
                    -self.taken[i].of(row.measure),
                    self.case.space.options[i].proposal,
                )
            )
            self.takers[key] = Takers(frozenset(taken), taken[:MOST_NAMES])
        return self.takers[key]

    def _members(self, index: int) -> frozenset[int]:
        if index not in self.members:
            self.members[index] = frozenset(self.case.rows[index].members)
        return self.members[index]


def _where(option: Option) -> Mapping[str, Any]:
    return {
        "option": option.label,
        "agency": option.agency,
        "line": option.line,
        "district": option.district,
        "ward": option.ward,
    }
