"""How long the rest of a sweep will take, as a range, and at most.

The time of a run is taken to grow with its proposals, and so is how far it is from that. The range
is two standard errors wide to either side: of the rate known so far, and of the runs that are left.
Before three runs are finished nothing is said but the most it can take: every run up to its limit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

FEWEST = 3
"""So many finished runs it takes to say anything."""

ERRORS = 2
"""So many standard errors to either side."""


@dataclass
class Estimate:
    """What is known of a sweep's times: sizes of the runs left, and of those done with seconds."""

    left: int
    size: int
    squares: int
    time_limit: float
    done: list[tuple[int, float]] = field(default_factory=list)

    @classmethod
    def of(cls, sizes: Sequence[int], time_limit: float) -> Estimate:
        """The estimate before any run, for runs of so many proposals each."""
        return cls(len(sizes), sum(sizes), sum(size**2 for size in sizes), time_limit)

    def add(self, size: int, seconds: float) -> None:
        """A run is finished."""
        self.left -= 1
        self.size -= size
        self.squares -= size**2
        self.done.append((size, seconds))

    def most(self, workers: int) -> float:
        """Seconds if every run needs all of its time; the solve alone, not reading and writing."""
        return math.ceil(self.left / max(workers, 1)) * self.time_limit

    def range(self, workers: int) -> tuple[float, float] | None:
        """Seconds at least and at most, as far as the runs so far can tell; None: too few."""
        number, size = len(self.done), sum(size for size, _ in self.done)
        if number < FEWEST or not self.left or not size:
            return None
        squares = sum(size**2 for size, _ in self.done)
        rate = sum(seconds for _, seconds in self.done) / size
        misses = sum((seconds - rate * size) ** 2 for size, seconds in self.done)
        # How far a run's time per proposal is from the rate, squared.
        spread = misses / squares * number / (number - 1)
        error = math.sqrt(spread * (self.squares + self.size**2 * squares / size**2))
        middle = rate * self.size
        low, high = max(0.0, middle - ERRORS * error), middle + ERRORS * error
        return low / max(workers, 1), high / max(workers, 1)
