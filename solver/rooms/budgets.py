"""Each room settled: the least that is lost in it, by budgets that grow until a plan fits."""

from __future__ import annotations

from collections.abc import Callable

from solver.certificate.loss import TooManyError, closed, least_of, within
from solver.certificate.room import Room

FIRST = 64
"""The first budget of a room lets some 64th part of its groups do something else."""


class ImpossibleError(Exception):
    """A room has no plan at all."""


def settle(room: Room, go_on: Callable[[], bool], outer: int = 0) -> None:
    """Find the least loss of a room and of all in it.

    Where the partial plans grow too many, or the time is over, what was proven so far is kept.
    """
    for inner in room.rooms:
        settle(inner, go_on, outer + room.price)
    known = room.least = sum(inner.least for inner in room.rooms)
    if not all(inner.is_settled for inner in room.rooms):
        return
    more = _first(room, known)
    most = _most(room)
    while go_on():
        budget = min(known + more, most)
        try:
            plans = closed(room, within(room, budget, outer), budget)
        except TooManyError:
            return
        if plans:
            room.least = least_of(plans)
            room.is_settled = True
            return
        if budget == most:
            raise ImpossibleError
        room.least = budget + 1
        more += more * 4 // 5 + 1


def _first(room: Room, known: int) -> int:
    """Small, for a budget too large costs far more than some that are too small."""
    gaps = [moves.gap for moves in room.moves]
    return max(known >> 10, gaps[-1 - len(gaps) // FIRST] if gaps else 0) + 1


def _most(room: Room) -> int:
    """No plan of the room loses more."""
    own = sum(moves.moves[-1][0] for moves in room.moves)
    return own + room.limit * room.price + sum(_most(inner) for inner in room.rooms)
