"""A desk's session: opened, closed, signed and then read-only; reopened as a new version.

new -> open <-> closed -> signed -> (reopened) open, version + 1
"""

from __future__ import annotations

import secrets

from sqlalchemy import select

from service.desk import city as cities
from service.desk import decisions
from service.desk.agreement import standings
from service.desk.city import desk_of, limits_for
from service.desk.minutes import minutes
from service.desk.over import broken
from service.desk.rights import allow
from service.desk.state import current, require, state_of
from service.store import Tx, snapshots
from service.store.errors import InvalidError, NotNowError
from service.store.events import Mark, record
from service.store.models import Desk, DeskSession, Event
from service.store.store import actor_of
from service.store.text import plain

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No letter that is read as another one across a room."""
_CODE_LENGTH = 6
_NAMED = 20


def open_session(tx: Tx, desk_id: str) -> DeskSession:
    """Open the desk for the first time, or again after it was closed."""
    desk = desk_of(tx, desk_id)
    allow(actor_of(tx), "preside", desk.agency)
    require(tx, desk.id, "new", "closed")
    session = current(tx, desk.id)
    if session is None:
        return _new(tx, desk, 1, "", "session.opened")
    session.state, session.code = "open", _room_code(tx)
    return _recorded(tx, session, "session.opened")


def close(tx: Tx, desk_id: str) -> DeskSession:
    """Close the desk: its decisions stay as they are, the parties may still agree."""
    desk = desk_of(tx, desk_id)
    allow(actor_of(tx), "preside", desk.agency)
    require(tx, desk.id, "open")
    session = tx.get_one(DeskSession, (desk.id, _version(tx, desk)))
    session.state, session.code = "closed", None
    return _recorded(tx, session, "session.closed")


def sign(tx: Tx, desk_id: str) -> DeskSession:
    """Seal a closed desk; from here on it is read-only.

    Each decision has to have been spoken of by all its parties, each no has to have its reason,
    and the plan must break no limit that only this desk and those signed before it can move.
    """
    desk = desk_of(tx, desk_id)
    allow(actor_of(tx), "preside", desk.agency)
    require(tx, desk.id, "closed")
    _check_words(tx, desk)
    _check_limits(tx, desk)
    session = tx.get_one(DeskSession, (desk.id, _version(tx, desk)))
    session.minutes = snapshots.keep(tx, "minutes", minutes(tx, desk, session))
    session.state = "signed"
    return _recorded(tx, session, "session.signed")


def reopen(tx: Tx, desk_id: str, reason: str) -> DeskSession:
    """Open a signed desk as a new version; what was signed stays as it is."""
    desk = desk_of(tx, desk_id)
    allow(actor_of(tx), "reopen", desk.agency)
    require(tx, desk.id, "signed")
    why = plain(reason, "reason")
    if not why:
        raise InvalidError("reason_missing", {"field": "reason"})
    return _new(tx, desk, _version(tx, desk) + 1, why, "session.reopened")


def seal_of(tx: Tx, session: DeskSession) -> Mark:
    """The point of the log that a session's last change stands for; minutes print it."""
    event = tx.get_one(Event, session.rev)
    return Mark(event.seq, event.hash)


def _new(tx: Tx, desk: Desk, version: int, reason: str, kind: str) -> DeskSession:
    session = DeskSession(
        desk=desk.id, version=version, state="open", code=_room_code(tx), reason=reason
    )
    return _recorded(tx, session, kind)


def _recorded(tx: Tx, session: DeskSession, kind: str) -> DeskSession:
    """Keep a session with its entry in the log; the room code is no part of it."""
    body = {
        "version": session.version,
        "state": session.state,
        "reason": session.reason,
        "minutes": session.minutes,
    }
    session.rev = record(tx, kind, body, session.desk).seq
    tx.add(session)
    tx.flush()
    return session


def _version(tx: Tx, desk: Desk) -> int:
    session = current(tx, desk.id)
    return session.version if session else 0


def _room_code(tx: Tx) -> str:
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        if tx.scalar(select(DeskSession).where(DeskSession.code == code)) is None:
            return code


def _check_words(tx: Tx, desk: Desk) -> None:
    """Each no has its reason, each party has spoken of each decision as it is now."""
    bare = [
        decision.proposal
        for decision in decisions.of_desk(tx, desk).values()
        if decision.code in ("deferred", "declined") and not (decision.reason or decision.note)
    ]
    if bare:
        raise NotNowError(
            "no_reason", {"proposals": bare}, number=len(bare), proposals=bare[:_NAMED]
        )
    silent = [p for p, standing in standings(tx, desk).items() if standing.silent]
    if silent:
        raise NotNowError(
            "not_spoken", {"proposals": silent}, number=len(silent), proposals=silent[:_NAMED]
        )


def _check_limits(tx: Tx, desk: Desk) -> None:
    """The plan breaks nothing that no desk still open could mend."""
    limits, taken = limits_for(tx, desk.city), cities.taken(tx, desk.city)
    others = [
        other.agency
        for other in cities.desks(tx, desk.city)
        if other.id != desk.id and state_of(tx, other.id) != "signed"
    ]
    if breaches := limits.breaches(taken, desk.agency, others):
        raise broken(breaches)
