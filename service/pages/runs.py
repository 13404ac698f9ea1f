"""A desk's recommendations: the newest, the one before it, and the solve under way."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import Select, exists, select

from service import auth, work
from service.context import here
from service.desk import recommendation
from service.jobs import Outcome, Watch
from service.pages.shell import language
from service.store import Tx, jobs, snapshots
from service.store.models import Desk, Event, Job
from solver.instance import Choice
from solver.recommend import recommend
from solver.reread import plan
from solver.scenario import resolve
from solver.solve import Params
from solver.write import result_document, retold

QUICK = 0.25
"""Seconds after which a new list is shown with its distance from the best; the proof follows."""
PROOF = 60.0
"""Seconds that the proof may take."""
PATIENCE = 4.0
"""Seconds that a request waits for its quick list."""
KIND = "recommendation"
_GOES_ON = ("waiting", "running")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A solve of the desk that has a result; `rev` is the log's head that it was asked at."""

    job: str
    result: str
    scenario: str
    language: str
    rev: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is of recommendations: `before` answers another question than `now` does."""

    now: Run | None = None
    before: Run | None = None
    under_way: str | None = None


def standing(tx: Tx, desk: Desk) -> Standing:
    """The newest recommendation of the desk, the last one of another question, the one coming."""
    rows = tx.execute(_newest(desk.id).where(Job.result.is_not(None)).limit(8)).all()
    runs = [Run(j, r, q["scenario"], q["language"], q["rev"]) for j, r, q in rows]
    now = runs[0] if runs else None
    before = next((run for run in runs if now and run.scenario != now.scenario), None)
    coming = tx.execute(_newest(desk.id).where(Job.state.in_(_GOES_ON)).limit(1)).first()
    return Standing(now, before, coming[0] if coming else None)


def _newest(desk: str) -> Select[tuple[str, str | None, Any]]:
    wanted = select(Job.id, Job.result, Job.request)
    return wanted.where(Job.desk == desk, Job.kind == KIND).order_by(Job.created.desc(), Job.id)


def is_outdated(tx: Tx, desk: Desk, run: Run) -> bool:
    """Whether something that the desk's recommendation stands on was changed since."""
    own_lock = (Event.kind == "lock") & (Event.desk == desk.id)
    others = (Event.kind == "decision") & (Event.desk != desk.id)
    city = Event.kind == "city.scenario"
    return bool(tx.scalar(select(exists().where(Event.seq > run.rev, own_lock | others | city))))


def document(tx: Tx, run: Run, spoken: str | None = None) -> Document:
    """The result of a run, in the reader's language."""
    return result_of(tx, run.result, run.scenario, run.language, spoken or language())


def result_of(tx: Tx, result: str, scenario: str, told_in: str, spoken: str) -> Document:
    """A kept result of a kept scenario in a language; the last few are held ready."""
    key = (result, spoken)
    with _lock:
        if key in _ready:
            _ready.move_to_end(key)
            return _ready[key]
    found = snapshots.read(tx, result) or {}
    if told_in != spoken:
        found = retold(found, resolve(snapshots.read(tx, scenario) or {}), spoken)
    with _lock:
        _ready[key] = found
        while len(_ready) > _KEPT:
            _ready.popitem(last=False)
    return found


_KEPT = 32
_ready: OrderedDict[tuple[str, str], Document] = OrderedDict()
_lock = threading.Lock()


def ask(desk_id: str) -> None:
    """Ask for a new list at once and for its proof after; what this desk was asking is given up.

    The list is waited for, but not for long. Both begin from the list that is shown, so that what
    stands there stays where nothing better is found in time.
    """
    context = here()
    g.desk = desk_id
    with context.store.session() as tx:
        asked = recommendation.prepare(tx, auth.actor(), desk_id)
        old = standing(tx, asked.desk)
        shown = snapshots.read(tx, old.now.result) if old.now else None
    if old.under_way is not None:
        context.runner.stop(old.under_way)
    near = plan(shown) if shown else ()
    quick = _submit(asked, QUICK, near)
    if context.waiting.acquire(blocking=False):
        try:
            context.runner.wait(quick, PATIENCE)
        finally:
            context.waiting.release()
    if not _is_settled(quick):
        _submit(asked, PROOF, near)


def _is_settled(job_id: str) -> bool:
    """Whether a job has ended with all there is to know."""
    with here().store.session() as tx:
        job = jobs.get(tx, job_id)
        found = None if job.result is None else snapshots.read(tx, job.result)
    return found is not None and found["status"] in ("optimal", "infeasible")


def _submit(asked: recommendation.Asked, seconds: float, near: Sequence[Choice]) -> str:
    params, spoken = Params(time_limit=seconds), language()
    about = {"city": asked.desk.city, "rev": asked.rev}
    question = work.made(asked.scenario, params, spoken, about)

    def solve(stop: threading.Event, watch: Watch) -> Outcome:
        found = recommend(asked.scenario, params, stop=stop, watch=watch, near=near)
        return Outcome(result_document(found, spoken, with_input=False), found.result.stopped)

    return here().runner.submit(KIND, question.request, solve, auth.actor(), asked.desk.id)
