"""Jobs: the row is the truth; threads that work on one write here how far they are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from service.store.errors import NotNowError, UnknownError
from service.store.events import record
from service.store.models import Job
from service.store.store import Tx, actor_of, now

STATES = ("waiting", "running", "done", "stopped", "failed", "interrupted")
_ENDS = ("done", "stopped", "failed")
_LEADS_TO = {
    "waiting": ("running", "stopped", "failed", "interrupted"),
    "running": ("done", "stopped", "failed", "interrupted"),
    # An interrupted job is taken up again; or it was not dead at all and reports its end.
    "interrupted": ("waiting", "running", *_ENDS),
}
LOG_KEPT = 65_536
"""So many characters of the solver's own log are kept, the last ones."""


def add(tx: Tx, kind: str, request: Mapping[str, Any], desk: str | None = None) -> Job:
    """A new job, waiting."""
    made = now()
    job = Job(
        id=secrets.token_hex(8),
        kind=kind,
        desk=desk,
        request=dict(request),
        state="waiting",
        by=actor_of(tx).name,
        created=made,
        changed=made,
        log="",
    )
    job.rev = record(tx, "job.waiting", {"job": job.id, "kind": kind, "request": request}, desk).seq
    tx.add(job)
    tx.flush()
    return job


def get(tx: Tx, id: str) -> Job:  # noqa: A002
    """The job; UnknownError where there is none."""
    job = tx.get(Job, id)
    if job is None:
        raise UnknownError("no_job", job=id)
    return job


def update(
    tx: Tx,
    id: str,  # noqa: A002
    *,
    state: str | None = None,
    progress: Mapping[str, Any] | None = None,
    result: str | None = None,
    error: Mapping[str, Any] | None = None,
    log: str | None = None,
) -> Job:
    """Write how far a job is; what is None stays as it was. A job that has ended stays so."""
    job = get(tx, id)
    if state is not None and state != job.state:
        if state not in _LEADS_TO.get(job.state, ()):
            raise NotNowError("job_ended", job=id, state=job.state)
        job.state = state
    elif job.state in _ENDS:
        raise NotNowError("job_ended", job=id, state=job.state)
    else:
        state = None
    if progress is not None:
        job.progress = dict(progress)
    if result is not None:
        job.result = result
    if error is not None:
        job.error = dict(error)
    if log is not None:
        job.log = log[-LOG_KEPT:]
    job.changed = now()
    if state is not None:
        body = {"job": id, "result": job.result, "error": job.error}
        job.rev = record(tx, f"job.{state}", body, job.desk).seq
    tx.flush()
    return job


def interrupted(tx: Tx) -> Sequence[Job]:
    """Mark the jobs that a process that is no more left waiting or running; and give them."""
    left = tx.scalars(select(Job).where(Job.state.in_(("waiting", "running")))).all()
    for job in left:
        update(tx, job.id, state="interrupted")
    return left


def listed(
    tx: Tx, desk: str | None = None, states: Sequence[str] = STATES, most: int | None = None
) -> Sequence[Job]:
    """The jobs, the newest first, so many at most; of one desk where it is named."""
    wanted = select(Job).where(Job.state.in_(states)).order_by(Job.created.desc(), Job.id)
    wanted = wanted.limit(most)
    return tx.scalars(wanted if desk is None else wanted.where(Job.desk == desk)).all()
