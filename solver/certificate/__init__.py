"""A certificate: why no plan is better, in whole numbers that anyone can add up again.

Prices say what a unit of each limit is worth; whatever they are, no plan is worth more than the
limits at their prices and all that the choices are worth after paying for them. Where limits are
kept as rooms, each claims a loss that no plan of it avoids, and the claims come off the bound. A
claim is checked by looking for a plan that loses less: in vain, if it is true. Nothing here knows a
solver.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.certificate.loss import TooManyError, closed, within
from solver.certificate.priced import PRECISION, NoLimitError, Prices
from solver.certificate.room import NotNestedError, Room, Rooms, rooms_of
from solver.program import Program, Terms
from solver.rules import Row

Entry = Mapping[str, Any]
"""One limit of a certificate as it is written: its number, names, price, and claim (`least`)."""


class FalseClaimError(Exception):
    """What a certificate claims is not so; `number` is the limit, None where the sum is wrong."""

    def __init__(self, number: object = None) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Certificate:
    """Prices by number of constraint, what each room claims to lose at least, and the bound."""

    prices: Prices
    claims: Mapping[int, int]
    bound: int

    @property
    def level(self) -> str:
        """By rooms, or by prices alone."""
        return "rooms" if any(self.claims.values()) else "prices"

    def entries(self, program: Program) -> Sequence[Entry]:
        """The certificate as it is written: of each limit in it the number, names, price, claim."""
        found = []
        for number in sorted({*self.prices, *self.claims}):
            row = program.constraints[number].row
            names = {} if row is None else _names(row)
            price, least = self.prices.get(number, 0), self.claims.get(number)
            found.append({"number": number, **names, "price": price, "least": least})
        return found

    def check(self, program: Program, terms: Terms) -> None:
        """FalseClaimError where a claim fails, is too large to be checked, or adds up otherwise."""
        try:
            rooms = rooms_of(program, terms, self.prices, self.claims)
        except (NoLimitError, NotNestedError) as error:
            raise FalseClaimError(error.args[0]) from error
        if rooms is None:
            return  # no plan is possible, so none is better
        for room in rooms.rooms:
            self._check(room, 0)
        if best_of(rooms, terms) > self.bound:
            raise FalseClaimError

    def _check(self, room: Room, outer: int) -> None:
        for inner in room.rooms:
            self._check(inner, outer + room.price)
        room.least = sum(inner.least for inner in room.rooms)
        claim = self.claims[room.number]
        if claim <= room.least:
            return
        try:
            plans = closed(room, within(room, claim - 1, outer), claim - 1)
        except TooManyError as error:
            raise FalseClaimError(room.number) from error
        if plans:
            raise FalseClaimError(room.number)
        room.least = claim


def certified(rooms: Rooms, terms: Terms) -> Certificate:
    """The certificate of rooms that are settled."""
    claims = {room.number: room.least for room in rooms.every()}
    return Certificate(rooms.prices, claims, best_of(rooms, terms))


def read(entries: Sequence[Entry], bound: int, program: Program) -> Certificate:
    """A certificate as it was written; FalseClaimError where it is not one of this program."""
    prices: dict[int, int] = {}
    claims: dict[int, int] = {}
    for entry in entries:
        number, price, least = (entry.get(name) for name in ("number", "price", "least"))
        if not isinstance(number, int) or number not in range(len(program.constraints)):
            raise FalseClaimError(number)
        row = program.constraints[number].row
        if row is None or {name: entry.get(name) for name in _names(row)} != _names(row):
            raise FalseClaimError(number)
        if not isinstance(price, int) or not (least is None or isinstance(least, int)):
            raise FalseClaimError(number)
        if price:
            prices[number] = price
        if least is not None:
            claims[number] = least
    return Certificate(prices, claims, bound)


def best_of(rooms: Rooms, terms: Terms) -> int:
    """The bound of rooms that are settled: what no plan passes, in whole units of the aim."""
    unit = math.gcd(*terms.values()) or 1
    bound = (rooms.ceiling - sum(room.least for room in rooms.rooms)) >> PRECISION
    return bound // unit * unit


def _names(row: Row) -> Entry:
    return {"rule": row.rule, "subject": row.subject, "measure": row.measure}


__all__ = ["Certificate", "FalseClaimError", "certified", "read"]
