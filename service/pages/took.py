"""What it would take for a proposal, as the panel shows it: asked of the list that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy import select

from service import auth
from service.context import here
from service.desk.rights import allow
from service.pages import progress, runs
from service.pages.shell import language
from service.store import Tx, snapshots
from service.store.errors import NotNowError, UnknownError
from service.store.models import Desk, Job
from service.takes import KIND, Takes
from solver.scenario import resolve

GOES_ON = ("waiting", "running")
LOOKED_AT = 100
"""So many of the newest questions are looked through for one about the proposal."""


class NoListError(NotNowError):
    """There is no recommendation that could be asked about."""

    topic = "page"


def ask(tx: Tx, desk: Desk, proposal: str) -> str:
    """Ask what it would take, and give the job; one that asks the same already is given instead."""
    allow(auth.actor(), "recommend", desk.agency)
    now = runs.standing(tx, desk).now
    document = None if now is None else snapshots.read(tx, now.result)
    if now is None or not document or not document["decisions"]:
        raise NoListError("no_advice_to_ask")
    if (job := _newest(tx, desk, proposal, now.result)) is not None and job.state != "failed":
        return job.id
    told = next(d for d in document["decisions"] if d["proposal"] == proposal)
    question = Takes(
        proposal,
        "entry" if told["decision"] == "not_fund" else "replacement",
        resolve(snapshots.read(tx, now.scenario) or {}),
        now.result,
        document,
        {"city": desk.city, "asked_at": desk.id, "rev": now.rev},
    )
    return here().runner.submit(KIND, question.request, question.work, auth.actor())


def shown(tx: Tx, desk: Desk, proposal: str) -> dict[str, Any]:
    """The newest answer about the list that is shown: `takes` is its row, None before it is there.

    `asking`: it is worked on; `job` to stop it.
    """
    now = runs.standing(tx, desk).now
    job = None if now is None else _newest(tx, desk, proposal, now.result)
    if job is None:
        return {"takes": None, "asking": None}
    g.run = job.id
    if job.state in GOES_ON:
        return {"takes": None, "asking": progress.of(job.id)}
    found = {} if job.result is None else snapshots.read(tx, job.result) or {}
    told: Mapping[str, Any] = found.get(language(), {"rows": [], "text": ""})
    rows = [row for row in told["rows"] if row["proposal"] == proposal]
    return {"takes": rows[0] if rows else {"text": told["text"]}, "asking": None}


def stop(tx: Tx, desk: Desk, proposal: str) -> None:
    """Let the question end with what it has so far."""
    allow(auth.actor(), "recommend", desk.agency)
    now = runs.standing(tx, desk).now
    job = None if now is None else _newest(tx, desk, proposal, now.result)
    if job is None:
        raise UnknownError("no_job", job=proposal[:16])
    here().runner.stop(job.id)


def _newest(tx: Tx, desk: Desk, proposal: str, base: str) -> Job | None:
    wanted = select(Job).where(Job.kind == KIND).order_by(Job.created.desc(), Job.id)
    for job in tx.scalars(wanted.limit(LOOKED_AT)):
        request = job.request
        if (request["asked_at"], request["proposal"], request["base"]) == (desk.id, proposal, base):
            return job
    return None
