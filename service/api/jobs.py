"""Jobs: how far they are, their results, stopping them and taking them up again."""

from __future__ import annotations

import re

from flask import Response, g, url_for

from service import auth, work
from service.api.common import answers, reply, resource
from service.api.models import (
    Assessment,
    Comparison,
    IdPath,
    Job,
    JobLog,
    Jobs,
    JobsQuery,
    Result,
    ResultQuery,
    Sweep,
    Tradeoff,
)
from service.api.views import job_document, result_document
from service.context import here
from service.errors import SOON, Problem, entry
from service.store import Tx, jobs, models, snapshots
from service.store.errors import UnknownError

api = resource("jobs", "The solver's work: progress, results, stopping.")

ID = re.compile(r"[0-9a-f]{16}")
RESULTS = (Result, Assessment, Tradeoff, Comparison, Sweep)
MOST = 100
"""So many jobs are listed at most, the newest."""


@api.get("/jobs", responses=answers({200: Jobs, 304: None}))
def list_jobs(query: JobsQuery) -> Response:
    """The newest jobs, all of them or those of one state."""
    with here().store.session() as tx:
        states = jobs.STATES if query.state is None else (query.state,)
        found = jobs.listed(tx, states=states, most=MOST)
    return reply({"jobs": [job_document(job) for job in found]})


@api.get("/jobs/<id>", responses=answers({200: Job, 304: None}, 404))
def get_job(path: IdPath) -> Response:
    """How far a job is; ask again with If-None-Match and nothing new costs nothing."""
    with here().store.session() as tx:
        found = find(tx, path.id)
    return reply(job_document(found))


@api.get("/jobs/<id>/result", responses=answers({200: RESULTS, 304: None}, 404, 409))
def get_result(path: IdPath, query: ResultQuery) -> Response:
    """The result of a job that has ended, or that was stopped: then the best so far."""
    with here().store.session() as tx:
        found = find(tx, path.id)
        kept = None if found.result is None else snapshots.read(tx, found.result)
        scenario = snapshots.read(tx, found.request["scenario"]) if query.include else None
    if kept is not None:
        document = result_document(found, kept)
        return reply({**document, "input": scenario} if query.include else document)
    told = job_document(found)
    if told["error"] is not None:
        raise Problem(409, "job_without_result", errors=[entry("", **told["error"])])
    if told["state"] in ("waiting", "running"):
        raise Problem(409, "job_goes_on", headers=SOON)
    raise Problem(409, "job_without_result")


@api.get("/jobs/<id>/log", responses=answers({200: JobLog, 304: None}, 404))
def get_log(path: IdPath) -> Response:
    """The solver's own log of a job, its last 64 KB; while it goes on, what there is so far."""
    context = here()
    with context.store.session() as tx:
        kept = find(tx, path.id).log
    run = context.runner.get(path.id)
    return reply({"log": kept if run is None else run.log})


@api.delete("/jobs/<id>", responses=answers({200: Job}, 404))
def stop_job(path: IdPath) -> Response:
    """Stop a job; it keeps the best it has found so far."""
    context = here()
    with context.store.session() as tx:
        auth.require_own(find(tx, path.id).by)
    context.runner.stop(path.id)
    context.runner.wait(path.id, 2)
    with context.store.session() as tx:
        return reply(job_document(find(tx, path.id)))


@api.post("/jobs/<id>/resume", responses=answers({202: Job}, 404, 409, 413, 415))
def resume_job(path: IdPath) -> Response:
    """Take up again a job that was interrupted when the service went down."""
    context = here()
    with context.store.session() as tx:
        found = find(tx, path.id)
        auth.require_own(found.by)
        if found.state != "interrupted":
            raise Problem(409, "not_interrupted")
        question = work.again(found.kind, found.request, tx, context.library)
    context.runner.resume(found.id, question.work, auth.actor(), found.desk)
    with context.store.session() as tx:
        place = {"Location": url_for("api_jobs.get_job", id=found.id)}
        return reply(job_document(find(tx, path.id)), 202, place)


def find(tx: Tx, job_id: str) -> models.Job:
    """The job of an address; UnknownError where there is none."""
    if ID.fullmatch(job_id) is None:
        raise UnknownError("no_job", job=job_id[:16])
    g.run = job_id
    found = jobs.get(tx, job_id)
    g.desk = found.desk
    return found
