"""Analyses and comparisons that a desk has asked for: the newest of each, and the one under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import Select, select

from service import auth
from service.analyses import Comparing, Weighing
from service.context import here
from service.desk.rights import allow
from service.pages import runs
from service.pages.runs import Run
from service.pages.shell import language
from service.store import Tx, jobs, snapshots
from service.store.errors import UnknownError
from service.store.models import Desk, Job

LOOKED_AT = 400
"""So many of the newest jobs of a kind are looked through."""
GOES_ON = ("waiting", "running")
WAIT = 0.6
"""Seconds that a request waits for what may be quick."""


@dataclass(frozen=True)
class Asked:
    """A question that was put: how far it is, or its document in the reader's language.

    `done` of `whole` questions are answered, as far as that is known. `is_old`: something that the
    answer stands on was changed since.
    """

    job: str
    state: str
    request: Mapping[str, Any]
    created: str
    found: Mapping[str, Any] | None = None
    error: str = ""
    is_old: bool = False
    seconds: float = 0.0
    done: int | None = None
    whole: int | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it waits or is worked on."""
        return self.state in GOES_ON


def ask(question: Weighing | Comparing, agency: str) -> str:
    """Take a question on, and give its job."""
    allow(auth.actor(), "recommend", agency)
    context = here()
    job = context.runner.submit(question.kind, question.request, question.work, auth.actor())
    g.run = job
    context.runner.wait(job, WAIT)
    return job


def stop(tx: Tx, desk: Desk, job: str) -> None:
    """Let a question end with what it has so far."""
    allow(auth.actor(), "recommend", desk.agency)
    row = jobs.get(tx, job)
    if row.request.get("asked_at") != desk.id:
        raise UnknownError("no_job", job=job[:16])
    here().runner.stop(job)


def newest(tx: Tx, desk: Desk, kind: str, analysis: str | None = None) -> Asked | None:
    """The newest question of a kind that the desk has asked; None where there is none."""
    for row in tx.execute(_newest(kind)):
        request = row.request
        if request.get("asked_at") == desk.id and request.get("analysis") == analysis:
            return _asked(tx, desk, row)
    return None


def _newest(kind: str) -> Select[Any]:
    wanted = select(Job.id, Job.state, Job.request, Job.result, Job.error, Job.created)
    return wanted.where(Job.kind == kind).order_by(Job.created.desc(), Job.id).limit(LOOKED_AT)


def _asked(tx: Tx, desk: Desk, row: Any) -> Asked:
    found = None if row.result is None else snapshots.read(tx, row.result)
    progress = _progress(row.id)
    run = Run(row.id, row.result or "", row.request["scenario"], "", row.request["rev"])
    return Asked(
        row.id,
        row.state,
        row.request,
        row.created,
        None if found is None else found[language()],
        "" if row.error is None else row.error["text"][language()],
        is_old=runs.is_outdated(tx, desk, run),
        **progress,
    )


def _progress(job: str) -> dict[str, Any]:
    """What the thread that works on it tells; counts are those of an analysis' own questions."""
    run = here().runner.get(job)
    told = run.progress if run is not None else None
    if told is None:
        return {}
    counted = told["stage"] not in ("points",) and told["bound"] and told["best"] is not None
    counts = {"done": int(told["best"]), "whole": int(told["bound"])} if counted else {}
    return {"seconds": told["seconds"], **counts}
