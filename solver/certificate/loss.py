"""What a room loses at least: everything it can do within a budget of loss, group by group.

A choice loses what it is worth less than the best of its group, a limit what is left of it at its
price. So no plan of a room that loses more than the budget need be looked at; and of two partial
plans the one that uses no less, and is worth no more before it pays for what it uses, is not
needed. A partial plan is one whole number: its use above SHIFT bits, its loss below.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from solver.certificate.room import Moves, Room

SHIFT = 72
LOSS = (1 << SHIFT) - 1
"""A loss has less than SHIFT bits; a room with more to lose is left to its price."""

MOST_PLANS = 60_000
"""So many partial plans of one room are kept in view at most."""

MOST_PAIRS = 3_000_000
"""So many pairs of partial plans are looked at where two rooms meet, at most."""

Plans = list[int]
"""Partial plans by rising use."""


class TooManyError(Exception):
    """The partial plans of a room are too many; what is proven of it stays."""


def within(room: Room, budget: int, outer: int = 0, layers: list[Plans] | None = None) -> Plans:
    """The plans of a room within its limit that lose no more than the budget before it is closed.

    Empty: there is none. TooManyError where they grow too many. `outer` is what the rooms around
    take for a unit of use. `layers` is filled with the partial plans before each group and each
    inner room, and after the last.
    """
    if budget.bit_length() >= SHIFT - 1:
        raise TooManyError
    spared = budget - sum(inner.least for inner in room.rooms)
    if spared < 0:
        return []
    price = outer + room.price
    held = []
    for inner in room.rooms:
        own = spared + inner.least
        plans = closed(inner, within(inner, own, price), own)
        if not plans:
            return []
        held.append(plans)
    free = room.open_at(spared)
    low, high = _reach(free, held, spared)
    # Less use than this leaves more unused than the budget pays for.
    need = room.limit - budget // room.price if room.price else None
    plans = [room.base << SHIFT]
    for moves in free:
        if layers is not None:
            layers.append(plans)
        least, most = _span(moves, spared)
        low, high = low - least, high - most
        plans = _cut(_added(plans, moves, price, spared), room.limit - low, need, high)
    for others in held:
        if layers is not None:
            layers.append(plans)
        low, high = low - (others[0] >> SHIFT), high - (others[-1] >> SHIFT)
        plans = _cut(_crossed(plans, others, price, budget), room.limit - low, need, high)
    plans = _cut(plans, room.limit, need, 0)
    if layers is not None:
        layers.append(plans)
    return plans


def closed(room: Room, plans: Plans, budget: int) -> Plans:
    """The plans as the room around sees them: what is left of the limit is lost at its price."""
    price = room.price
    most = room.limit * price
    found = [plan + most - (plan >> SHIFT) * price for plan in plans]
    return [plan for plan in found if plan & LOSS <= budget]


def least_of(plans: Plans) -> int:
    """What the plan loses that loses least."""
    return min(plan & LOSS for plan in plans)


def _span(moves: Moves, budget: int) -> tuple[int, int]:
    """By how much a group can lower and raise the use within the budget."""
    changes = [use for loss, use in moves.moves if loss <= budget]
    return min(0, *changes), max(0, *changes)


def _reach(free: Sequence[Moves], held: Sequence[Plans], budget: int) -> tuple[int, int]:
    spans = [_span(moves, budget) for moves in free]
    spans += [(plans[0] >> SHIFT, plans[-1] >> SHIFT) for plans in held]
    return sum(low for low, _ in spans), sum(high for _, high in spans)


def _added(plans: Plans, moves: Moves, price: int, budget: int) -> Plans:
    """Every plan with every pick of one more group."""
    found = list(plans)
    for loss, use in moves.moves:
        if loss > budget:
            break
        change = (use << SHIFT) + loss
        left = budget - loss
        found += [plan + change for plan in plans if plan & LOSS <= left]
    return _rising(found, price)


def _crossed(plans: Plans, others: Plans, price: int, budget: int) -> Plans:
    """Every plan with every plan of an inner room."""
    few, many = (plans, others) if len(plans) < len(others) else (others, plans)
    many = sorted(many, key=_loss)
    losses = [plan & LOSS for plan in many]
    found: Plans = []
    pairs = 0
    for plan in few:
        count = bisect_right(losses, budget - (plan & LOSS))
        pairs += count
        if pairs > MOST_PAIRS:
            raise TooManyError
        found += [plan + other for other in many[:count]]
        if len(found) > 4 * MOST_PLANS:
            found = _rising(found, price)
    return _rising(found, price)


def _loss(plan: int) -> int:
    return plan & LOSS


def _rising(plans: Plans, price: int) -> Plans:
    """Only plans that are worth more, before they pay for use, than all that use no more."""
    plans.sort()
    best = None
    found = []
    for plan in plans:
        cost = (plan & LOSS) - price * (plan >> SHIFT)
        if best is None or cost < best:
            best = cost
            found.append(plan)
    if len(found) > MOST_PLANS:
        raise TooManyError
    return found


def _cut(plans: Plans, limit: int, need: int | None, high: int) -> Plans:
    """Without plans that end above the limit, or that can no longer use enough of it."""
    end = bisect_right(plans, (limit << SHIFT) | LOSS)
    start = 0 if need is None else bisect_left(plans, (need - high) << SHIFT)
    return plans[start:end]
