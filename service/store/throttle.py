"""The throttle: whoever fails too often to sign in, or to name a room's code, has to wait.

Tries are counted in the database, so that a restart forgets none.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from service.store.errors import ForbiddenError
from service.store.models import Attempt
from service.store.store import Tx, now, stamp

WINDOW = timedelta(minutes=15)
TRIES = {"both": 5, "key": 20, "address": 60}
"""Failures within the window after which a name from one address, a name, an address must wait."""


def count_try(tx: Tx, key: str, address: str) -> int:
    """Count a try before it is known how it ends, so that many at once count as many."""
    address = address[:100]
    since = stamp(datetime.now(UTC) - WINDOW)
    tx.execute(delete(Attempt).where(Attempt.at < since))
    for what, same in (
        ("both", (Attempt.key == key) & (Attempt.address == address)),
        ("key", Attempt.key == key),
        ("address", Attempt.address == address),
    ):
        # Rooms have no name: whoever guesses codes is counted by address alone.
        if key or what != "key":
            tried = tx.scalar(select(func.count()).select_from(Attempt).where(same)) or 0
            if tried >= TRIES[what]:
                wait = int(WINDOW.total_seconds())
                raise ForbiddenError("too_many_tries", {"wait": wait}, minutes=wait // 60)
    attempt = Attempt(key=key, address=address, at=now())
    tx.add(attempt)
    tx.flush()
    return attempt.id


def forget(tx: Tx, attempt: int) -> None:
    """A try that succeeded clears what was counted for its name and address."""
    row = tx.get(Attempt, attempt)
    if row is not None:
        same = (Attempt.key == row.key) & (Attempt.address == row.address)
        tx.execute(delete(Attempt).where(same))
