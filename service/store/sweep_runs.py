"""Results of a sweep's runs, each under the key of its task: what is there is not computed again.

A key is the digest of all that a result depends on, so a result is never written over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from service.store import snapshots
from service.store.models import SweepRun
from service.store.snapshots import Sealed
from service.store.store import Tx

Line = Mapping[str, Any]
"""`key`, and all else that is known of the run."""


def read(tx: Tx, keys: Collection[str]) -> dict[str, Line]:
    """The lines of those keys that there are."""
    wanted = select(SweepRun.key, SweepRun.result).where(SweepRun.key.in_(keys))
    found = tx.execute(wanted).all()
    return {key: {"key": key, **(snapshots.read(tx, result) or {})} for key, result in found}


def sealed(line: Line) -> Sealed:
    """A line made ready to be kept, so that no writer waits for it."""
    return snapshots.sealed({name: value for name, value in line.items() if name != "key"})


def keep(tx: Tx, key: str, ready: Sealed) -> None:
    """Keep a result under its key, for good."""
    if tx.get(SweepRun, key) is None:
        tx.add(SweepRun(key=key, result=snapshots.keep(tx, "run", ready)))
        tx.flush()
