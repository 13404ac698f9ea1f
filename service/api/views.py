"""Rows of the store as the documents of the API."""

from __future__ import annotations

from typing import Any

from flask import url_for

from service import analyses, sweeps, takes
from service.context import here
from service.errors import language
from service.store import models
from solver.tradeoffs import ANALYSES


def result_document(job: models.Job, document: dict[str, Any]) -> dict[str, Any]:
    """A job's result; what was kept in every language is given in the reader's."""
    if job.kind in (*analyses.KINDS, takes.KIND, sweeps.KIND):
        document = document[language()]
    if job.kind == "tradeoff":
        return {job.request["analysis"]: document}
    return document


def job_document(job: models.Job) -> dict[str, Any]:
    """A job; how far it is comes from the thread that works on it, where one does."""
    run = here().runner.get(job.id)
    progress = dict((run.progress if run else None) or job.progress or {})
    error = (run.error if run else None) or job.error
    gap = progress.pop("gap", None)
    if progress.get("stage") in (*ANALYSES, sweeps.KIND):
        progress |= {"done": progress.pop("best"), "whole": progress.pop("bound")}
        gap = None
    return {
        "id": job.id,
        "kind": job.kind,
        "desk": job.desk,
        "state": "failed" if run and run.error else job.state,
        "progress": progress or None,
        "gap": gap,
        "by": job.by,
        "created": job.created,
        "changed": job.changed,
        "result": None if job.result is None else url_for("api_jobs.get_result", id=job.id),
        "error": None
        if error is None
        else {"code": error["code"], "text": error["text"][language()]},
    }
