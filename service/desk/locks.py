"""What a desk's recommendations keep to: a lock funds a proposal as said, or rejects it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from service.desk.city import desk_of, limits_for
from service.desk.decisions import proposal_at
from service.desk.figures import chosen
from service.desk.rights import allow
from service.desk.stale import check_revision
from service.desk.state import require
from service.store import Tx
from service.store.errors import InvalidError
from service.store.events import record
from service.store.models import Desk, LockRow
from service.store.store import actor_of
from service.store.text import plain
from solver.instance import from_micro

DECISIONS = ("fund", "reject", "none")


@dataclass(frozen=True, slots=True)
class LockEdit:
    """What someone wants a lock to be; the fields of place and size as in an edit of a decision."""

    decision: str
    option: str | None = None
    district: str | None = None
    ward: str | None = None
    volume: Decimal | int | float | None = None
    amount: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeskLock:
    """A lock as it stands; `none` is no lock. Without option and volume the solver chooses them."""

    proposal: str
    decision: str = "none"
    option: str | None = None
    volume: int | None = None
    reason: str = ""
    rev: int = 0

    def document(self) -> dict[str, Any]:
        """As it stands in the log, volume in its own unit."""
        return {
            "decision": self.decision,
            "option": self.option,
            "volume": None if self.volume is None else from_micro(self.volume),
            "reason": self.reason,
        }


def of_desk(tx: Tx, desk: Desk) -> dict[str, DeskLock]:
    """The locks that the desk has set or taken off again, by proposal."""
    rows = tx.scalars(select(LockRow).where(LockRow.desk == desk.id).order_by(LockRow.proposal))
    return {row.proposal: lock_of(row) for row in rows}


def edit(tx: Tx, desk_id: str, proposal_id: str, wanted: LockEdit, rev: int) -> DeskLock:
    """Set or take off a lock that was seen at revision `rev`; errors as for a decision."""
    desk = desk_of(tx, desk_id)
    allow(actor_of(tx), "lock", desk.agency)
    limits = limits_for(tx, desk.city)
    proposal = proposal_at(limits, desk, proposal_id)
    require(tx, desk.id, "open")
    row = tx.get(LockRow, (desk.city, proposal.id))
    before = DeskLock(proposal.id) if row is None else lock_of(row)
    check_revision(tx, before.rev, rev, proposal.id)
    if wanted.decision not in DECISIONS:
        known = list(DECISIONS)
        raise InvalidError("bad_code", {"field": "decision"}, value=wanted.decision, codes=known)
    after = DeskLock(proposal.id, wanted.decision, reason=plain(wanted.reason, "reason"))
    named = (wanted.option, wanted.ward, wanted.district, wanted.volume, wanted.amount)
    if wanted.decision == "fund" and any(value is not None for value in named):
        option, figures = chosen(proposal, wanted)
        sized = wanted.volume is not None or wanted.amount is not None
        volume = figures.volume if sized and option.full.volume else None
        after = replace(after, option=option.label, volume=volume)
    if replace(after, rev=before.rev) == before:
        return before
    body = {
        "city": desk.city,
        "proposal": proposal.id,
        "before": {**before.document(), "rev": before.rev},
        "after": after.document(),
    }
    after = replace(after, rev=record(tx, "lock", body, desk.id).seq)
    if row is None:
        row = LockRow(city=desk.city, proposal=proposal.id)
        tx.add(row)
    row.desk, row.decision, row.option = desk.id, after.decision, after.option
    row.volume, row.reason, row.rev = after.volume, after.reason, after.rev
    tx.flush()
    return after


def lock_of(row: LockRow) -> DeskLock:
    """The row as a noun."""
    return DeskLock(row.proposal, row.decision, row.option, row.volume, row.reason, row.rev)
