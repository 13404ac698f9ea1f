"""What a question came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solver.case import Case
from solver.instance import Figures


@dataclass(frozen=True)
class Answer:
    """What one question came to.

    `best` are the points of the best plan found, in millionths (None: none was found), and `bound`
    what no plan of the question passes (None: not known). `possible` is False where it is proven
    that no plan exists, None where that is not known. `taken` is a plan of `best` points, by
    position of the asked `case`.
    """

    best: int | None
    bound: int | None
    possible: bool | None
    taken: Mapping[int, Figures] | None
    case: Case

    @property
    def proven(self) -> bool:
        """Whether the value is known exactly, or that there is no plan."""
        return self.possible is False or (self.best is not None and self.best == self.bound)
