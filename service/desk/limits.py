"""The rows of a city's scenario, and what the decisions of all desks use of them.

Three kinds of rows, by what a single edit can do to them:
- upper limits in whole units, which fill up: an edit is checked against them at once;
- floors, shares of the plan's whole amount, and links between proposals, which one edit can neither
  meet nor break for good: they are checked when the last desk that can still move them signs;
- gates, and whatever an option breaks even alone: no other edit could mend it, so it is refused.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from service.store import Tx, snapshots
from service.store.errors import UnknownError
from solver.assess import usages
from solver.instance import Option, Proposal
from solver.rules import RULES, Row, Space, Taken, Usage, rows_of
from solver.scenario import Scenario, resolve


class CityLimits:
    """The rows of one scenario, with the agencies whose proposals each of them counts."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.space = Space(scenario.instance)
        self.rows: Sequence[Row] = rows_of(scenario.instance, self.space)

    @property
    def proposals(self) -> Mapping[str, Proposal]:
        """Every proposal by its id."""
        return self.space.proposals

    @cached_property
    def desks(self) -> Mapping[str, Sequence[Proposal]]:
        """Each agency that is asked, with what it was asked: the request's agency decides on it."""
        found: dict[str, list[Proposal]] = defaultdict(list)
        for proposal in self.proposals.values():
            found[proposal.requested.agency].append(proposal)
        return found

    @cached_property
    def concerned(self) -> Sequence[frozenset[str]]:
        """For each row the agencies whose desks can move it, sister lines that lend included."""
        pools: dict[str, set[str]] = defaultdict(set)
        own = []
        for row in self.rows:
            there = {self.decided_by(i) for i in row.members}
            own.append(there)
            if row.pool:
                pools[row.pool] |= there
        return [
            frozenset(pools[row.pool] if row.pool else there)
            for row, there in zip(self.rows, own, strict=True)
        ]

    @cached_property
    def _pools(self) -> Mapping[str, Sequence[int]]:
        """The rows of sister lines that lend each other room."""
        found: dict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            if row.pool:
                found[row.pool].append(index)
        return found

    @cached_property
    def _by_proposal(self) -> Mapping[str, Sequence[int]]:
        """The rows that a proposal can move, by their number."""
        found: dict[str, set[int]] = defaultdict(set)
        for index, row in enumerate(self.rows):
            moved = self._pools[row.pool] if row.pool else [index]
            for position in row.members:
                found[self.space.options[position].proposal].update(moved)
        return {proposal: sorted(indexes) for proposal, indexes in found.items()}

    def decided_by(self, position: int) -> str:
        """The agency at whose desk the option's proposal is decided on."""
        return self.proposals[self.space.options[position].proposal].requested.agency

    def option(self, proposal: str, label: str) -> Option | None:
        """The proposal's option of that label."""
        options = self.proposals[proposal].options
        return next((option for option in options if option.label == label), None)

    def worsened(self, proposal: str, before: Taken, after: Taken) -> list[int]:
        """The upper limits that an edit leaves broken by more than they were, by row.

        Where sister lines lend each other room, it is told of the line that the proposal is on.
        """
        numbers = [i for i in self._by_proposal.get(proposal, ()) if fills_up(self.rows[i])]
        rows = [self.rows[index] for index in numbers]
        found = []
        for index, old, new in zip(numbers, usages(rows, before), usages(rows, after), strict=True):
            if _over(new) > _over(old):
                found.append(self._own_line(index, proposal))
        return sorted(set(found))

    def is_shared(self, index: int) -> bool:
        """Whether more than one desk can move the row."""
        return len(self.concerned[index]) > 1

    def _own_line(self, index: int, proposal: str) -> int:
        """The row itself, or the one of its pool that counts the proposal."""
        pool = self.rows[index].pool
        own = set(self.space.positions[proposal])
        if not pool or own & set(self.rows[index].members):
            return index
        return next(i for i in self._pools[pool] if own & set(self.rows[i].members))

    def upper_of(self, index: int, others: Taken) -> int:
        """The upper limit of a row beside the rest of a plan.

        What sister lines lend is added, what they need themselves is taken off.
        """
        row = self.rows[index]
        upper = int(row.upper or 0)
        if not row.pool:
            return upper
        sisters = [self.rows[i] for i in self._pools[row.pool] if i != index]
        least = sum(max(s.used(others) - int(s.upper or 0), -s.flex) for s in sisters)
        return upper + min(row.flex, -least)

    def used_by(self, row: Row, taken: Taken) -> dict[str, int]:
        """What each agency's desk uses of a row, the largest first, where it uses any."""
        used: dict[str, int] = defaultdict(int)
        for position, factor in row.terms():
            if position in taken:
                used[self.decided_by(position)] += factor * taken[position].of(row.measure)
        return dict(sorted(((a, u) for a, u in used.items() if u), key=lambda item: -item[1]))

    def breaches(self, taken: Taken, agency: str, still_open: Iterable[str]) -> list[Usage]:
        """What the plan breaks of the rows that the agency's desk can move.

        Upper limits count always, the others only where no desk that is still open can move them.
        """
        others = frozenset(still_open)
        ours = [(r, d) for r, d in zip(self.rows, self.concerned, strict=True) if agency in d]
        found = []
        for usage, (row, desks) in zip(usages([r for r, _ in ours], taken), ours, strict=True):
            filled = fills_up(row) and usage.is_over
            if usage.breach and (filled or not desks & others):
                found.append(usage)
        return found

    def measured(self, taken: Taken) -> list[Usage]:
        """The limits in numbers, with what all desks together use of them."""
        rows = [row for row in self.rows if row.shown and RULES[row.rule].measured]
        return usages(rows, taken)


def fills_up(row: Row) -> bool:
    """Whether the row has an upper limit of its own that decisions can only fill up."""
    return isinstance(row.upper, int) and all(factor > 0 for factor in row.factors)


def _over(usage: Usage) -> int:
    return max(0, usage.used - usage.upper) if usage.upper is not None else 0


KEPT = 8
_ready: OrderedDict[str, CityLimits] = OrderedDict()
_lock = threading.Lock()


def limits_of(tx: Tx, digest: str) -> CityLimits:
    """The rows of a kept scenario; the last few are held ready, for a digest never changes."""
    with _lock:
        if digest in _ready:
            _ready.move_to_end(digest)
            return _ready[digest]
    document = snapshots.read(tx, digest)
    if document is None:
        raise UnknownError("no_snapshot", {"digest": digest})
    return ready(digest, resolve(document))


def ready(digest: str, scenario: Scenario) -> CityLimits:
    """Hold the rows of a kept scenario ready: with ten thousand proposals it takes a second.

    Done before a transaction begins to write, nobody waits for it.
    """
    found = CityLimits(scenario)
    with _lock:
        _ready[digest] = found
        while len(_ready) > KEPT:
            _ready.popitem(last=False)
    return found
