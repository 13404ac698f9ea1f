"""What every engine can do, and how it says that something befell it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol


class LostError(Exception):
    """A worker died, and what else was under way with it; who is to blame is not known."""


class DiedError(Exception):
    """A worker died of this very call, or had too little memory for it."""


class GoneError(Exception):
    """The engine itself is gone, such as a scheduler that was stopped."""


class Engine(Protocol):
    """Takes calls and gives futures.

    `workers` compute at the same time; `slots` calls are kept under way, so that none waits.
    """

    @property
    def workers(self) -> int:
        """So many calls are computed at the same time."""

    @property
    def slots(self) -> int:
        """So many calls may be under way."""

    def submit(self, call: Callable[..., Any], *args: Any) -> Future[Any]:
        """Begin a call; its arguments and its result are plain data."""

    def told(self, error: BaseException) -> BaseException:
        """What a future's error means: one of the errors above, or the error itself."""

    def restart(self) -> None:
        """Be as new after a LostError; what was under way is dropped."""

    def close(self) -> None:
        """Stop whatever is still under way, and let go of all workers."""
