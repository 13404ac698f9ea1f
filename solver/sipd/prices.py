"""What one unit of the same thing costs in the other rows: the measure for a slip of the pen."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

FEWEST = 4
"""So many other rows are needed before their price says anything."""

_NEAR = 1.5
"""Prices within this factor count as the same; at least half of the others must be."""

ODD = 8
"""A price this many times higher or lower than the others' is odd."""


@dataclass(frozen=True)
class Price:
    """The usual price of one unit, in rupiah, and in how many other rows it was seen."""

    usual: float
    rows: int

    def times(self, amount: float, volume: float) -> float:
        """How many times the usual price this is."""
        return amount / volume / self.usual

    def fits(self, amount: float, volume: float) -> bool:
        """Whether this is about the usual price."""
        return 1 / _NEAR <= self.times(amount, volume) <= _NEAR

    def is_odd(self, amount: float, volume: float) -> bool:
        """Whether this is far from the usual price."""
        return not 1 / ODD < self.times(amount, volume) < ODD


class Prices:
    """The prices of every kind of thing; a kind is told apart by title and unit."""

    def __init__(self, rows: Iterable[tuple[Hashable, float]]) -> None:
        prices = defaultdict(list)
        for kind, price in rows:
            prices[kind].append(price)
        self._prices = {kind: sorted(found) for kind, found in prices.items()}

    def others(self, kind: Hashable, own: float | None) -> Price | None:
        """The usual price of a kind without one row's own; None where the others do not agree."""
        prices = self._prices.get(kind, [])
        count = len(prices) - (own is not None)
        if count < FEWEST:
            return None
        gone = bisect.bisect_left(prices, own) if own is not None else len(prices)

        def other(place: int) -> float:
            return prices[place if place < gone else place + 1]

        usual = (other((count - 1) // 2) + other(count // 2)) / 2
        near = bisect.bisect_right(prices, usual * _NEAR) - bisect.bisect_left(
            prices, usual / _NEAR
        )
        if own is not None and usual / _NEAR <= own <= usual * _NEAR:
            near -= 1
        return Price(usual, count) if near * 2 >= count else None
