"""A question becomes a job; its result is waited for, but not for long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from flask import Response, g, url_for

from service import auth
from service.api.common import reply
from service.api.views import job_document, result_document
from service.context import here
from service.jobs import Outcome, Run
from service.store import Tx, jobs, snapshots


class Question(Protocol):
    """What a job is made of: its kind, how its row is written, and the work itself."""

    @property
    def kind(self) -> str:
        """The kind of job."""

    def request(self, tx: Tx, /) -> Mapping[str, Any]:
        """The question as a job's row has it."""

    def work(self, run: Run, /) -> Outcome:
        """Do what was asked for."""


def answer(question: Question, wait: float, desk: str | None = None) -> Response:
    """200 with the result if it is ready in time, else 202 with the place of the job."""
    context = here()
    job_id = context.runner.submit(
        question.kind, question.request, question.work, auth.actor(), desk
    )
    g.run = job_id
    if wait > 0 and context.waiting.acquire(blocking=False):
        try:
            context.runner.wait(job_id, wait)
        finally:
            context.waiting.release()
    with context.store.session() as tx:
        job = jobs.get(tx, job_id)
        result = None if job.result is None else snapshots.read(tx, job.result)
    if job.state == "done" and result is not None:
        return reply(result_document(job, result))
    place = {"Location": url_for("api_jobs.get_job", id=job_id)}
    return reply(job_document(job), 202, place)
