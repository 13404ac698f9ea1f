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
from service.desk.city import desk_of
from service.desk.rights import allow
from service.jobs import Outcome
from service.jobs import Run as Running
from service.pages.shell import language
from service.store import Tx, snapshots
from service.store.models import Desk, Event, Job
from solver.instance import Choice
from solver.recommend import recommend
from solver.reread import plan
from solver.result import Status
from solver.scenario import resolve
from solver.solve import Params
from solver.write import result_document, retold

QUICK = (0.2, 0.8, 3.2)
"""Seconds after which a new list is shown with its distance from the best; the proof follows.

Where a busy or slow machine finds no list in the first time, it is given the next.
"""
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


def tag(tx: Tx, found: Standing) -> str:
    """Names what a desk's list is drawn from: the log but for its jobs, and the desk's own solves.

    Other desks' jobs are many and change nothing here; a list is too dear to be sent for them.
    """
    others = select(Event.seq).where(Event.kind.not_like("job.%"))
    last = tx.scalar(others.order_by(Event.seq.desc()).limit(1))
    now = found.now.job if found.now else None
    return "-".join(str(part) for part in (last, now, found.under_way) if part)


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
        desk = desk_of(tx, desk_id)
        allow(auth.actor(), "recommend", desk.agency)
        old = standing(tx, desk)
    _give_up(old)  # first of all: HiGHS takes a moment to end
    with context.store.session() as tx:
        asked = recommendation.prepare(tx, auth.actor(), desk_id)
        shown = snapshots.read(tx, old.now.result) if old.now else None
    near = plan(shown) if shown else ()
    with _asking:
        with context.store.session() as tx:
            _give_up(standing(tx, asked.desk))  # a proof that was begun meanwhile
        quick = _submit(asked, near)
    if context.waiting.acquire(blocking=False):
        try:
            context.runner.wait(quick, PATIENCE)
        finally:
            context.waiting.release()


_asking = threading.Lock()
"""Held while a desk's question takes its place in the line, so that no older one takes it back."""


def _give_up(old: Standing) -> None:
    if old.under_way is not None:
        here().runner.give_up(old.under_way)


def _submit(asked: recommendation.Asked, near: Sequence[Choice]) -> str:
    """Take the quick list on, and give its job; it takes the proof on when it has ended itself."""
    runner, actor, spoken = here().runner, auth.actor(), language()
    about = {"city": asked.desk.city, "rev": asked.rev}

    def submit(limits: Sequence[float], is_last: bool) -> str:
        question = work.made(asked.scenario, Params(time_limit=limits[0]), spoken, about)

        def solve(run: Running) -> Outcome:
            for seconds in limits:
                params = Params(time_limit=seconds)
                found = recommend(
                    asked.scenario, params, stop=run.stop, watch=run.watch, log=run.tell, near=near
                )
                if run.is_over:
                    return Outcome({})
                if found.result.status is not Status.NO_ANSWER or run.stop.is_set():
                    break
            with _asking:
                if not (is_last or found.result.status in _SETTLED or run.stop.is_set()):
                    submit([PROOF], is_last=True)
            return Outcome(result_document(found, spoken, with_input=False), found.result.stopped)

        return runner.submit(KIND, question.request, solve, actor, asked.desk.id)

    return submit(QUICK, is_last=False)


_SETTLED = (Status.OPTIMAL, Status.INFEASIBLE)
