"""The state of a desk's session, and what it allows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from service.store import Tx
from service.store.errors import NotNowError
from service.store.models import Desk, DeskSession


def versions(tx: Tx, desk: str) -> Sequence[DeskSession]:
    """Every version of the desk's session, the first one first."""
    wanted = select(DeskSession).where(DeskSession.desk == desk).order_by(DeskSession.version)
    return tx.scalars(wanted).all()


def current(tx: Tx, desk: str) -> DeskSession | None:
    """The newest version of the desk's session; None before it was first opened."""
    found = versions(tx, desk)
    return found[-1] if found else None


def state_of(tx: Tx, desk: str) -> str:
    """open, closed, signed, or new where no session was opened yet."""
    session = current(tx, desk)
    return session.state if session else "new"


def states(tx: Tx, city: str) -> dict[str, str]:
    """The states of all desks of a city that were ever opened, by desk."""
    wanted = (
        select(DeskSession.desk, DeskSession.state)
        .join(Desk, Desk.id == DeskSession.desk)
        .where(Desk.city == city)
        .order_by(DeskSession.version)
    )
    return {row.desk: row.state for row in tx.execute(wanted)}


def require(tx: Tx, desk: str, *states: str) -> None:
    """Raise NotNowError unless the desk's session is in one of these states."""
    state = state_of(tx, desk)
    if state not in states:
        raise NotNowError(f"session_{state}", {"state": state}, desk=desk)
