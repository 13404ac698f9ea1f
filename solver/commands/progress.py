"""Progress of a solve on standard error: a line that changes, only where someone watches."""

from __future__ import annotations

import math
import sys
import time

import click

from solver.words import number, say

EVERY = 0.5
"""Seconds between two lines at least."""


class Progress:
    """Shows stage, best and distance so far; silent where standard error is no terminal."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.began = self.last = time.monotonic()
        self.shown = False
        self.is_watched = sys.stderr.isatty()

    def __call__(self, stage: str, best: float, bound: float) -> None:
        """Take note of what the solver tells."""
        now = time.monotonic()
        if not self.is_watched or now - self.last < EVERY:
            return
        self.last, self.shown = now, True
        facts = {"stage": stage, "seconds": round(now - self.began)}
        code = "command.searching"
        if math.isfinite(best) and math.isfinite(bound):
            code = "command.found"
            facts["best"] = number(round(best, 2), self.language)
            gap = abs(bound - best) / max(1.0, abs(best))
            facts["gap"] = number(round(100 * gap, 3), self.language)
        click.echo(f"\r\033[K{say(code, self.language, facts)}", err=True, nl=False)

    def note(self, code: str) -> None:
        """Say what is being done now: reading, writing."""
        if self.is_watched:
            self.shown = True
            click.echo(f"\r\033[K{say(f'command.{code}', self.language)}", err=True, nl=False)

    def clear(self) -> None:
        """Take the line away."""
        if self.shown:
            click.echo("\r\033[K", err=True, nl=False)
