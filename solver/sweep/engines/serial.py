"""One run after the other, in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from solver.sweep.engines.engine import DiedError


class Serial:
    """Computes at once what is submitted; `stop` also ends the run that is under way."""

    workers = 1
    slots = 1

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop

    def submit(self, call: Callable[..., Any], *args: Any) -> Future[Any]:
        """Call it now, with `stop` as its last argument."""
        future: Future[Any] = Future()
        try:
            future.set_result(call(*args, self.stop))
        except Exception as error:
            future.set_exception(error)
        return future

    def told(self, error: BaseException) -> BaseException:
        """All that can befall it is too little memory."""
        return DiedError() if isinstance(error, MemoryError) else error

    def restart(self) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        """There is nothing to close."""
