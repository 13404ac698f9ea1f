"""What the desk has settled stays: locked proposals are funded as agreed, or rejected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.instance import Instance, Lock
from solver.rules.row import Row, Space, Usage
from solver.rules.rule import Bends, Fragment, Rule

NAME = "locks"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """A proposal locked in is taken once, in its option and at its volume; one locked out never.

    A covered proposal is taken already: a lock that funds it holds, one that rejects it can't.
    """
    for lock in instance.active_locks:
        members, base = space.among([lock.proposal])
        if not lock.funds:
            yield Row(NAME, lock.proposal, "count", members, upper=0, base=base)
        elif not base:
            meant = tuple(i for i in members if _is_meant(lock, space, i))
            yield Row(NAME, lock.proposal, "count", meant, lower=1)
            if others := tuple(i for i in members if i not in meant):
                yield Row(NAME, lock.proposal, "count", others, upper=0)


def _is_meant(lock: Lock, space: Space, position: int) -> bool:
    if lock.volume is not None and position not in space.variants:
        return False
    return lock.option is None or lock.option == space.options[position].label


def _bend(usage: Usage) -> Fragment:
    return {"off": {"locks": [usage.row.subject]}}


RULE = Rule(
    NAME, rows, over="locked_out", under="locked_in", is_limit=True, bend=_bend, bends=Bends.SUBJECT
)
