"""The scale of a picture's axis: round steps around the values, and where each value stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1, 2, 2.5, 5, 10)
MOST = 5
"""So many steps an axis has at most."""


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` in equal steps, over `begin` to `end` on the paper."""

    low: float
    high: float
    step: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands on the paper."""
        part = (value - self.low) / (self.high - self.low)
        return round(self.begin + part * (self.end - self.begin), 1)

    @property
    def ticks(self) -> list[float]:
        """The values that are written at the axis."""
        number = round((self.high - self.low) / self.step)
        return [round(self.low + place * self.step, 9) for place in range(number + 1)]


def axis(values: Sequence[float], begin: float, end: float, *, whole: bool) -> Axis:
    """An axis of round steps that holds all values; `whole`: steps are whole numbers."""
    low, high = min(values), max(values)
    if low == high:
        low, high = (low - 1, high + 1) if low else (0, 1)
    rough = (high - low) / MOST
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * part for part in STEPS if size * part >= rough * (1 - 1e-9))
    if whole:
        step = max(1.0, float(math.ceil(step)))
    lowest = math.floor(low / step + 1e-9) * step
    highest = math.ceil(high / step - 1e-9) * step
    return Axis(lowest, highest, step, begin, end)
