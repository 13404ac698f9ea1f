"""Undo: the last thing that somebody did at a desk and that still stands, taken back.

The log is the stack: taking something back is one more entry, which sets the row to what it was
before the entry taken back. Two such entries cancel each other out, so that undo goes on to the one
before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from service.desk import decisions, locks
from service.desk.city import FUNDED
from service.desk.decisions import Edit
from service.desk.locks import LockEdit
from service.store import Actor, Tx
from service.store.errors import NotNowError
from service.store.events import body_of
from service.store.models import Desk, Event

KINDS = ("decision", "lock")
DEPTH = 400
"""So many of the last entries are looked at."""


class NothingError(NotNowError):
    """There is nothing to take back."""

    topic = "page"


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the log that can be taken back."""

    seq: int
    kind: str
    proposal: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def last(tx: Tx, desk: Desk, actor: Actor) -> Step | None:
    """What the actor did last at this desk and has not taken back; None where there is nothing."""
    wanted = (
        select(Event)
        .where(Event.desk == desk.id, Event.kind.in_(KINDS), Event.actor == actor.name)
        .order_by(Event.seq.desc())
        .limit(DEPTH)
    )
    stack: list[Step] = []
    for event in reversed(tx.scalars(wanted).all()):
        body = body_of(event)
        step = Step(event.seq, event.kind, body["proposal"], body["before"], body["after"])
        if stack and _takes_back(step, stack[-1]):
            stack.pop()
        else:
            stack.append(step)
    return stack[-1] if stack else None


def take_back(tx: Tx, desk: Desk, step: Step) -> None:
    """Set the row to what it was before the step; StaleError where it was changed since."""
    before = step.before
    volume = None if before["volume"] is None else Decimal(str(before["volume"]))
    if step.kind == "lock":
        fields = {"option": before["option"], "volume": volume, "reason": before["reason"]}
        locks.edit(tx, desk.id, step.proposal, LockEdit(before["decision"], **fields), step.seq)
        return
    is_funded = before["code"] in FUNDED
    edit = Edit(
        before["code"],
        option=before["option"] if is_funded else None,
        volume=volume if is_funded else None,
        reason=before["reason"],
        note=before["note"],
    )
    decisions.edit(tx, desk.id, step.proposal, edit, step.seq)


def _takes_back(step: Step, other: Step) -> bool:
    """Whether the step sets the row back to what it was before the other."""
    was = {name: value for name, value in other.before.items() if name != "rev"}
    return (
        (step.kind, step.proposal) == (other.kind, other.proposal)
        and step.before["rev"] == other.seq
        and dict(step.after) == was
    )
