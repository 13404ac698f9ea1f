"""Whether the service can do its work: now and then it writes and solves, in a thread of its own.

A database that only answers may still have a full disk under it, and a solver that is installed may
not start. Whoever asks hears what the last look found, so asking often costs nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from service.errors import SOON, Problem
from service.store import Store
from service.store.errors import BusyError
from solver.result import Status
from solver.scenario import resolve
from solver.solve import Params, solve

EVERY = 10.0
"""Seconds that what was found holds."""
PATIENCE = 5.0
"""Seconds after which a look that does not end is an answer too; a busy machine needs some."""

SMALLEST = {
    "format": 1,
    "agencies": [{"code": "A", "ceiling": 1}],
    "proposals": [{"id": "1", "agency": "A", "district": "D", "score": 1, "amount": 1}],
}
"""A scenario with one plan that is worth anything."""


class Probe:
    """Looks every so often, and remembers what went wrong, if anything did."""

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._done.set()
        self._began = self._ended = -EVERY - PATIENCE
        self._met: Exception | None = None

    def check(self) -> None:
        """Raise what the last look met, or BusyError where one goes on for too long."""
        now = time.monotonic()
        with self._lock:
            age = now - self._ended
            if age > EVERY and self._done.is_set():
                self._began = now
                self._done.clear()
                threading.Thread(target=self._run, name="health", daemon=True).start()
            left = self._began + PATIENCE - now
        if age > EVERY + PATIENCE and not self._done.wait(max(0.0, left)):
            raise BusyError("busy")
        if self._met is not None:
            raise self._met.with_traceback(None)

    def _run(self) -> None:
        met = None
        try:
            self._look()
        except Exception as error:  # told to whoever asks, as if it had met them
            met = error
        self._met, self._ended = met, time.monotonic()
        self._done.set()


def of(store: Store) -> Probe:
    """The probe of a service over its store."""

    def look() -> None:
        store.probe()
        found = solve(resolve(SMALLEST).instance, Params(time_limit=PATIENCE))
        if found.status is not Status.OPTIMAL:
            raise Problem(503, "no_solver", headers=SOON)

    return Probe(look)
