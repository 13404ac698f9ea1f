"""The time that the questions of a desk may take together, and the way to stop them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

Watch = Callable[[str, int, int], None]
"""Told of progress: the analysis, how many of its questions are answered, and how many it has."""


class Budget:
    """Seconds from now on, an event that ends them early, and who is told of progress.

    Nothing is raised when the time is over: an analysis asks `left()` before every question.
    """

    def __init__(
        self,
        seconds: float = 600.0,
        stop: threading.Event | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.began = time.monotonic()
        self.seconds = seconds
        self.stop = stop or threading.Event()
        self.watch = watch

    @property
    def spent(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds left; 0 when the time is over or someone asked to stop."""
        return 0.0 if self.stop.is_set() else max(0.0, self.seconds - self.spent)

    def tell(self, analysis: str, done: int, whole: int) -> None:
        """Pass progress on to whoever watches."""
        if self.watch is not None:
            self.watch(analysis, done, whole)
