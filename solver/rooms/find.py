"""Rooms found in the data: which limits are kept exactly, and what price each of the others has."""

from __future__ import annotations

from collections.abc import Sequence

from solver.certificate.groups import LINK
from solver.certificate.priced import PRECISION
from solver.certificate.room import Nest, NotNestedError
from solver.program import Constraint, Program


def whole_prices(program: Program, estimates: Sequence[float]) -> dict[int, int]:
    """The estimates as whole prices, where there is a limit for them.

    What ties cut to fund has no price: every pick of a group keeps it anyway.
    """
    found = {}
    for number, (constraint, estimate) in enumerate(
        zip(program.constraints, estimates, strict=True)
    ):
        price = round(estimate * 2**PRECISION)
        limit = constraint.upper if price > 0 else constraint.lower
        if price and limit is not None and constraint.row is not None:
            found[number] = price
    return found


def rooms_in(program: Program, prices: dict[int, int]) -> list[int]:
    """The limits that are rooms: those first that are worth most, then the idle ones that fit in.

    A limit that is worth nothing now is a room only within another or around one: joining rooms for
    it would cost much time and tighten little.
    """
    nest = Nest(program)
    limits = [
        (prices.get(number, 0) * (constraint.upper or 0), number)
        for number, constraint in enumerate(program.constraints)
        if _may_be_room(constraint) and prices.get(number, 0) >= 0
    ]
    for worth, number in sorted(limits, key=lambda limit: (-limit[0], limit[1])):
        try:
            if worth or nest.joins(number) <= 1:
                nest.add(number)
        except NotNestedError:
            continue
    return sorted(nest.uses)


def _may_be_room(constraint: Constraint) -> bool:
    """Upper limits on sums; a count of a few is a link, kept within a group or priced."""
    row = constraint.row
    if row is None or constraint.upper is None or not constraint.terms:
        return False
    return row.measure != "count" or len(row.members) > LINK
