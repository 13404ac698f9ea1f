"""How far a solve is, for the page that waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from service.context import here


@dataclass(frozen=True, slots=True)
class Progress:
    """Seconds so far, and how far the best plan found may be from the best there is (a share)."""

    job: str
    seconds: float = 0.0
    gap: float | None = None


def of(job: str) -> Progress:
    """The progress of a job in this process; nothing is known of one that still waits."""
    run = here().runner.get(job)
    told = run.progress if run is not None else None
    if told is None:
        return Progress(job)
    return Progress(job, told["seconds"], told["gap"])
