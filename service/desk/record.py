"""Whether everything is as it was written: the log, what is kept by digest, and the tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from service.desk.decisions import decision_of
from service.desk.locks import lock_of
from service.store import Tx, events, snapshots
from service.store.events import Fault, body_of
from service.store.models import DecisionRow, DeskSession, Event, LockRow


def verify(tx: Tx) -> list[Fault]:
    """Every fault of a database; an empty list where nobody wrote past the log."""
    return [*events.verify(tx), *snapshots.verify(tx), *_rows(tx)]


def _rows(tx: Tx) -> list[Fault]:
    """A fault for each row that differs from the entry which it names as its last change."""
    faults = []
    for decision in tx.scalars(select(DecisionRow)):
        body = _entry(tx, decision.rev, "decision", decision.desk)
        if not _tells(body, decision.city, decision.proposal, decision_of(decision).document()):
            faults.append(Fault("decision_differs", decision.rev, {"subject": decision.proposal}))
    for lock in tx.scalars(select(LockRow)):
        body = _entry(tx, lock.rev, "lock", lock.desk)
        if not _tells(body, lock.city, lock.proposal, lock_of(lock).document()):
            faults.append(Fault("lock_differs", lock.rev, {"subject": lock.proposal}))
    for session in tx.scalars(select(DeskSession)):
        body = _entry(tx, session.rev, "session", session.desk)
        stands = (session.version, session.state, session.minutes)
        if body is None or (body["version"], body["state"], body["minutes"]) != stands:
            faults.append(Fault("session_differs", session.rev, {"subject": session.desk}))
    return faults


def _entry(tx: Tx, rev: int, kind: str, desk: str) -> Any | None:
    """What the entry of that number says, if it is of that kind and desk."""
    event = tx.get(Event, rev)
    fits = event is not None and event.kind.partition(".")[0] == kind and event.desk == desk
    return body_of(event) if event is not None and fits else None


def _tells(body: Any, city: str, proposal: str, stands: Any) -> bool:
    named = body is not None and (body["city"], body["proposal"]) == (city, proposal)
    return named and bool(body["after"] == stands)
