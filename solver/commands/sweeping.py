"""Progress of a sweep on standard error: how many runs are done, and how long the rest may take."""

from __future__ import annotations

import math
import sys
import time

import click

from solver.sweep import Run
from solver.sweep.engines import Engine
from solver.sweep.estimate import Estimate
from solver.words import say

EVERY = 0.5
"""Seconds between two lines at least."""


class Sweeping:
    """A line that changes, only where someone watches."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.is_watched = sys.stderr.isatty()
        self.shown = False
        self.last = 0.0
        self.total = 0
        self.estimate: Estimate | None = None
        self.engine: Engine | None = None

    def begin(self, estimate: Estimate, engine: Engine) -> None:
        """The runs begin."""
        self.total, self.estimate, self.engine = estimate.left, estimate, engine

    def __call__(self, run: Run | None, seconds: float) -> None:
        """A run is done, or some time has passed."""
        if self.estimate is None or self.engine is None:
            return
        if run is not None:
            self.estimate.add(run.source.proposals, seconds)
        now = time.monotonic()
        if self.is_watched and now - self.last >= EVERY:
            self.last = now
            self._line(_told(self.estimate, self.engine.workers, self.total, self.language))

    def note(self, code: str) -> None:
        """Say what is being done now: reading, writing."""
        if self.is_watched:
            self._line(say(f"sweep.{code}", self.language))

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            click.echo("\r\033[K", err=True, nl=False)

    def _line(self, text: str) -> None:
        self.shown = True
        click.echo(f"\r\033[K{text}", err=True, nl=False)

    @staticmethod
    def span(seconds: float, language: str) -> str:
        """A time as people say it, rounded up: 40 seconds, 3 minutes, 2 hours."""
        for size, unit in ((3600, "hours"), (60, "minutes")):
            if seconds >= 2 * size:
                return say(f"sweep.{unit}", language, {"number": math.ceil(seconds / size)})
        return say("sweep.seconds", language, {"number": math.ceil(seconds)})


def _told(estimate: Estimate, workers: int, total: int, language: str) -> str:
    facts = {"done": total - estimate.left, "total": total, "workers": workers}
    if not workers:
        return say("sweep.no_workers", language, facts)
    expected = estimate.range(workers)
    if expected is None:
        most = Sweeping.span(estimate.most(workers), language)
        return say("sweep.progress_most", language, {**facts, "most": most})
    low, high = (Sweeping.span(part, language) for part in expected)
    return say("sweep.progress", language, {**facts, "low": low, "high": high})
