"""A plan of a settled room that loses the least, traced back through its partial plans."""

from __future__ import annotations

from collections.abc import Iterator

from solver.certificate.groups import Group
from solver.certificate.loss import LOSS, SHIFT, Plans, closed, within
from solver.certificate.room import Moves, Room

Chosen = Iterator[tuple[Group, int]]
"""Groups with the number of the pick that is not their first."""


def best_picks(room: Room) -> Chosen:
    """What a settled room does that loses the least: every group that does not take its first."""
    plans: Plans = closed(room, within(room, room.least), room.least)
    best = min(plans, key=lambda plan: (plan & LOSS, plan))
    return _traced(room, best, room.least, 0)


def _traced(room: Room, seen: int, budget: int, outer: int) -> Chosen:
    """How the room came to a plan, as it is seen outside."""
    layers: list[Plans] = []
    price = outer + room.price
    plans = within(room, budget, outer, layers)
    most = room.limit * room.price
    code = next(p for p in plans if p + most - (p >> SHIFT) * room.price == seen)
    spared = budget - sum(inner.least for inner in room.rooms)
    for inner in reversed(room.rooms):
        layers.pop()
        own = spared + inner.least
        before = set(layers[-1])
        held = closed(inner, within(inner, own, price), own)
        part = next(plan for plan in held if code - plan in before)
        yield from _traced(inner, part, own, price)
        code -= part
    for moves in reversed(room.open_at(spared)):
        layers.pop()
        pick, change = _step(moves, code, set(layers[-1]))
        if pick:
            yield moves.group, pick
        code -= change


def _step(moves: Moves, code: int, before: set[int]) -> tuple[int, int]:
    """Which pick led to a partial plan, and by what change; the first pick changes nothing."""
    if code in before:
        return 0, 0
    for pick, (loss, use) in enumerate(moves.moves, start=1):
        change = (use << SHIFT) + loss
        if code - change in before:
            return pick, change
    msg = "a partial plan that came from nowhere"
    raise AssertionError(msg)
