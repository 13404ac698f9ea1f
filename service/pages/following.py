"""What whoever presides over a desk has before them, so that the projector can follow."""

from __future__ import annotations

import threading

_MOST = 200


class Following:
    """The row of each desk that is talked about; kept in this process only, for it is of now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at: dict[str, str] = {}

    def point(self, desk: str, proposal: str) -> None:
        """The desk has come to this proposal."""
        with self._lock:
            self._at.pop(desk, None)
            self._at[desk] = proposal
            while len(self._at) > _MOST:
                self._at.pop(next(iter(self._at)))

    def at(self, desk: str) -> str | None:
        """The proposal that the desk has come to; None before the first."""
        with self._lock:
            return self._at.get(desk)


following = Following()
