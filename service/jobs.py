"""Solves under way: threads of this process, each with a handle to stop it and its progress.

HiGHS frees the interpreter while it works, so the service goes on answering. A desk has at most one
solve running and one waiting; a newer one takes the place of the waiting one, so that a key held
down cannot flood the machine. A page that asks something newer gives up what it asked before: HiGHS
may need a second to end, and nobody waits for that. Other solves wait in one line of a given
length.

The job's row is the truth: what is here is only what is too quick for a database.
"""

from __future__ import annotations

import logging
import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from service.store import SYSTEM, Actor, Store, Tx, jobs, snapshots
from service.store.errors import RefusedError
from solver.words import LANGUAGES, say

log = logging.getLogger("kayuh.jobs")

Document = dict[str, Any]

NICE = 10
"""How much the solves stand back behind the requests."""

SAVES = 5
"""How often a result is offered to the database before it is given up."""

LINES = 2000
"""So many lines of what is told of a run are held, the last ones; the store keeps fewer."""


class QueueFull(Exception):  # noqa: N818 (it is told as 429, not raised at a programmer)
    """As many solves wait as may."""


class Closing(Exception):  # noqa: N818
    """The service is on its way out and takes nothing on."""


@dataclass(frozen=True)
class Outcome:
    """What work came to; `stopped`: it was asked to stop, and this is the best so far."""

    document: Document
    stopped: bool = False


Work = Callable[["Run"], Outcome]


@dataclass
class Run:
    """One job in this process: what its work is given, to be stopped by and to tell.

    `is_over`: the job has ended, and nothing that its work still finds is kept. `writing` is held
    while its row is written, so that no older state is written over a newer.
    """

    id: str
    desk: str | None
    work: Work
    stop: threading.Event = field(default_factory=threading.Event)
    is_over: bool = False
    writing: threading.Lock = field(default_factory=threading.Lock)
    finished: threading.Event = field(default_factory=threading.Event)
    progress: Document | None = None
    error: Document | None = None
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LINES))
    began: float = field(default_factory=time.monotonic)

    def watch(self, stage: str, best: float, bound: float) -> None:
        """Take note of what the solver tells."""
        found = best if math.isfinite(best) else None
        limit = bound if math.isfinite(bound) else None
        gap = None
        if found is not None and limit is not None:
            gap = abs(limit - found) / max(1.0, abs(found))
        seconds = round(time.monotonic() - self.began, 1)
        if self.progress is None or (stage, found, limit) != (
            self.progress["stage"],
            self.progress["best"],
            self.progress["bound"],
        ):
            self.tell(f"{seconds:8.1f} s  {stage}  {found}  {limit}\n")
        self.progress = {
            "stage": stage,
            "best": found,
            "bound": limit,
            "gap": gap,
            "seconds": seconds,
        }

    def tell(self, text: str) -> None:
        """Take a line down, of the solver's own log for the most part."""
        self.lines.append(text)

    @property
    def log(self) -> str:
        """What was told so far."""
        return "".join(tuple(self.lines))  # at once: the solver's thread may tell more meanwhile


class Runner:
    """Takes jobs on, works on `workers` of them at a time, and knows how far each is."""

    def __init__(self, store: Store, workers: int, waiting: int) -> None:
        self._store = store
        self._most = waiting
        self._changed = threading.Condition()
        self._line: list[Run] = []
        self._coming = 0
        self._runs: dict[str, Run] = {}
        self._busy: dict[str, Run] = {}
        self._closing = False
        self._threads = [
            threading.Thread(target=self._work, name=f"solve-{n}", daemon=True)
            for n in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(
        self,
        kind: str,
        request: Callable[[Tx], Mapping[str, Any]],
        work: Work,
        actor: Actor = SYSTEM,
        desk: str | None = None,
    ) -> str:
        """Take a job on and give its id; QueueFull or Closing where it can't be taken.

        `request` keeps what the job is about and gives what its row says of it.
        """
        with self._place(desk), self._store.write(actor) as tx:
            job_id = jobs.add(tx, kind, request(tx), desk).id
        self._join(Run(job_id, desk, work))
        return job_id

    def resume(self, job_id: str, work: Work, actor: Actor, desk: str | None) -> None:
        """Take an interrupted job on again."""
        with self._place(desk), self._store.write(actor) as tx:
            jobs.update(tx, job_id, state="waiting")
        self._join(Run(job_id, desk, work))

    @contextmanager
    def _place(self, desk: str | None) -> Iterator[None]:
        """A place in the line, held while the job's row is written; a desk always has one."""
        with self._changed:
            if self._closing:
                raise Closing
            ahead = sum(run.desk is None for run in self._line) + self._coming
            if desk is None and ahead >= self._most:
                raise QueueFull
            self._coming += desk is None
        try:
            yield
        finally:
            with self._changed:
                self._coming -= desk is None

    def _join(self, run: Run) -> None:
        """Put a job in the line, in the place of its desk's waiting one where there is one."""
        with self._changed:
            replaced = [r for r in self._line if run.desk is not None and r.desk == run.desk]
            self._line = [r for r in self._line if r not in replaced]
            self._runs[run.id] = run
            self._line.append(run)
            self._changed.notify()
        for old in replaced:
            self._end(old, "stopped", error=_error("replaced"))

    def load(self) -> tuple[int, int]:
        """How many jobs are worked on, and how many wait."""
        with self._changed:
            return len(self._runs) - len(self._line), len(self._line)

    def get(self, job_id: str) -> Run | None:
        """The job as it goes on in this process; None where it has ended, or is not of it."""
        with self._changed:
            return self._runs.get(job_id)

    def wait(self, job_id: str, seconds: float) -> None:
        """Return when the job has ended, or after so many seconds."""
        run = self.get(job_id)
        if run is not None:
            run.finished.wait(seconds)

    def stop(self, job_id: str) -> None:
        """Ask a job to stop: a running one keeps its best so far, a waiting one never begins."""
        with self._changed:
            run = self._runs.get(job_id)
            waiting = run in self._line
            if run is not None and waiting:
                self._line.remove(run)
        if run is not None and waiting:
            self._end(run, "stopped")
        elif run is not None:
            run.stop.set()

    def give_up(self, job_id: str) -> None:
        """End a job for which a newer one answers; its desk is free at once."""
        with self._changed:
            run = self._runs.get(job_id)
            if run is None:
                return
            run.stop.set()
            if run in self._line:
                self._line.remove(run)
            self._free(run)
        self._end(run, "stopped", error=_error("replaced"))

    def close(self, seconds: float = 30.0) -> None:
        """Stop everything: running jobs keep their best, waiting ones stay to be resumed."""
        with self._changed:
            self._closing = True
            left, self._line = self._line, []
            for run in self._runs.values():
                run.stop.set()
            self._changed.notify_all()
        for run in left:
            self._end(run, "interrupted")
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _work(self) -> None:
        _stand_back()
        while True:
            with self._changed:
                while (run := self._next()) is None:
                    if self._closing:
                        return
                    self._changed.wait()
            try:
                self._do(run)
            finally:
                with self._changed:
                    self._free(run)

    def _free(self, run: Run) -> None:
        """Let the next solve of its desk begin; called under the lock."""
        if run.desk is not None and self._busy.get(run.desk) is run:
            del self._busy[run.desk]
            self._changed.notify()

    def _next(self) -> Run | None:
        """The first job in the line whose desk has none running; called under the lock."""
        for run in self._line:
            if run.desk is None or run.desk not in self._busy:
                self._line.remove(run)
                if run.desk is not None:
                    self._busy[run.desk] = run
                return run
        return None

    def _do(self, run: Run) -> None:
        run.began = time.monotonic()
        log.info("run begins", extra={"run": run.id, "desk": run.desk})
        with run.writing:
            began = not run.is_over and self._save(run, state="running")
        if not began:
            self._end(run, "failed", error=_error("not_kept"))
            return
        try:
            outcome = run.work(run)
        except RefusedError as error:
            told = {language: error.text(language) for language in LANGUAGES}
            self._end(run, "failed", error={"code": error.code, "text": told})
        except Exception:
            log.exception("run failed", extra={"run": run.id, "desk": run.desk})
            self._end(run, "failed", error=_error("internal"))
        else:
            state = "done"
            if outcome.stopped:
                state = "interrupted" if self._closing else "stopped"
            self._end(run, state, outcome.document)

    def _end(
        self,
        run: Run,
        state: str,
        document: Document | None = None,
        error: Document | None = None,
    ) -> None:
        """Write how the job ended, once; till that is done it is kept here."""
        told = {"state": state, "error": error, "progress": run.progress, "log": run.log}
        with run.writing:
            if run.is_over:
                return
            run.is_over = True
            if self._save(run, document, **told):
                with self._changed:
                    self._runs.pop(run.id, None)
            else:
                run.error = _error("not_kept")
        run.finished.set()
        seconds = round(time.monotonic() - run.began, 3)
        log.info("run ends", extra={"run": run.id, "desk": run.desk, "state": state, "s": seconds})

    def _save(self, run: Run, document: Document | None = None, **told: Any) -> bool:
        """Whether the database took it; a busy one is asked again."""
        result = None if document is None else snapshots.sealed(document)
        for attempt in range(SAVES):
            try:
                with self._store.write() as tx:
                    if result is not None:
                        told["result"] = snapshots.keep(tx, "result", result)
                    jobs.update(tx, run.id, **told)
            except RefusedError as refused:
                log.warning("run not kept", extra={"run": run.id, "code": refused.code})
                time.sleep(0.2 * 2**attempt)
            else:
                return True
        return False


def _stand_back() -> None:
    """Let this thread, and those that it starts, leave the machine to requests where it can."""
    if sys.platform == "linux":  # elsewhere a thread has no niceness of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _error(code: str) -> Document:
    """Why there is no result, in every language: the row outlives the request."""
    return {
        "code": code,
        "text": {language: say(f"problem.{code}", language) for language in LANGUAGES},
    }
