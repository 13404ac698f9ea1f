"""What a question costs in points, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from solver.tradeoffs.answer import Answer

PROVEN, AT_LEAST, AT_MOST = "proven", "at_least", "at_most"


@dataclass(frozen=True)
class Loss:
    """Points (millionths) that the best plan loses by the question; None: nothing is known of it.

    `status` says how `points` are meant: exactly, at least or at most. None with `proven`: no plan
    answers the question.
    """

    points: int | None
    status: str | None

    @property
    def is_sure(self) -> bool:
        """Whether it is known to be no less than `points`: at most so much may be nothing."""
        return self.points is not None and self.status in (PROVEN, AT_LEAST)


UNKNOWN = Loss(None, None)


def loss(base: Answer, asked: Answer) -> Loss:
    """The base's best less the question's.

    With the best between b and B, and the question's between v and V, it lies in [b - V, B - v].
    Exact where both ends meet; else the lower end is told where it says something, else the upper.
    """
    if asked.possible is False:
        return Loss(None, PROVEN)
    least = None if base.best is None or asked.bound is None else base.best - asked.bound
    most = None if base.bound is None or asked.best is None else base.bound - asked.best
    if least is not None and least == most:
        return Loss(least, PROVEN)
    if least is not None and least > 0:
        return Loss(least, AT_LEAST)
    return Loss(most, AT_MOST) if most is not None else UNKNOWN
