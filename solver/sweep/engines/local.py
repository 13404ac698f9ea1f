"""All cores of this machine: joblib's worker processes (loky).

Processes rather than threads: a fault within the solver, or too little memory, then ends one run
and not the sweep, and what is Python in a solve runs at the same time, too. The executor below
joblib's Parallel is used for its futures: they tell which run a worker died of, and let a sweep be
stopped at once.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from typing import Any

import joblib
from joblib.externals.loky import ProcessPoolExecutor

from solver.sweep.engines.engine import DiedError, LostError

EVERY = 1.0
"""Seconds after which a worker notices that its sweep was killed."""


class Local:
    """So many worker processes, all cores by default."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or self.cores()
        self._executor = self._new()

    @staticmethod
    def cores() -> int:
        """The cores that this process may use."""
        return int(joblib.cpu_count())

    @property
    def slots(self) -> int:
        """One waits for each worker, so that it goes on at once."""
        return 2 * self.workers

    def submit(self, call: Callable[..., Any], *args: Any) -> Future[Any]:
        """Hand a call to the next free worker."""
        found: Future[Any] = self._executor.submit(call, *args)
        return found

    def told(self, error: BaseException) -> BaseException:
        """All that was under way breaks with one worker."""
        if isinstance(error, BrokenExecutor):
            return LostError()
        return DiedError() if isinstance(error, MemoryError) else error

    def restart(self) -> None:
        """New workers."""
        self.close()
        self._executor = self._new()

    def close(self) -> None:
        """End the workers at once: what they had not finished is begun anew another time."""
        self._executor.shutdown(wait=True, kill_workers=True)

    def _new(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, initializer=_begin, initargs=(os.getpid(),))


def _begin(sweep: int) -> None:
    """A worker's first act; `sweep` is the process it works for.

    Ctrl-C reaches every process of a terminal, and only the sweep itself answers it. A sweep that
    is killed can't end its workers, so they look after it themselves.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(sweep,), daemon=True).start()


def _end_with(sweep: int) -> None:
    """End this process when it has got another parent, as it does where the sweep is dead."""
    while os.getppid() == sweep:
        time.sleep(EVERY)
    os._exit(1)
