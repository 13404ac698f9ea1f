"""What a desk decides on a proposal: a code, and for what is accommodated volume, place and amount.

An edit names the revision that it was made on. The number of the event that changed a decision last
is its revision; 0 stands for one that was never touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from service.desk.city import FUNDED, desk_of, limits_for, plan
from service.desk.figures import chosen
from service.desk.limits import CityLimits
from service.desk.over import refusal, stopped
from service.desk.rights import allow
from service.desk.stale import check_revision
from service.desk.state import require
from service.store import Tx
from service.store.errors import InvalidError, UnknownError
from service.store.events import record
from service.store.models import DecisionRow, Desk
from service.store.store import actor_of
from service.store.text import plain
from solver.instance import Choice, Proposal, from_micro
from solver.rules import Usage
from solver.words import catalogue

CODES = ("accommodated", "accommodated_changed", "deferred", "declined", "undiscussed")


@dataclass(frozen=True, slots=True)
class Edit:
    """What someone wants a decision to be; what is left out follows from the rest.

    Place is chosen by `option`, or by `ward` with `district` where wards share a name. Size is
    chosen by `volume` (in its own unit) or by `amount`, whole rupiah, which has to be one that a
    volume on the grid costs. With none of these the request is accommodated as it was made.
    `reason` is a code of the contract, `note` a text.
    """

    code: str
    option: str | None = None
    district: str | None = None
    ward: str | None = None
    volume: Decimal | int | float | None = None
    amount: int | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it stands. Volume in millionths, None: none is stated; amount in rupiah."""

    proposal: str
    code: str = "undiscussed"
    option: str = ""
    volume: int | None = None
    amount: int = 0
    reason: str = ""
    note: str = ""
    rev: int = 0

    @property
    def is_funded(self) -> bool:
        """Whether it is part of the city's plan."""
        return self.code in FUNDED

    def document(self) -> dict[str, Any]:
        """As it stands in the log, volume in its own unit."""
        return {
            "code": self.code,
            "option": self.option,
            "volume": None if self.volume is None else from_micro(self.volume),
            "amount": self.amount,
            "reason": self.reason,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Edited:
    """A decision after an edit, and the desk's own limits that its list now breaks."""

    decision: Decision
    breaks: Sequence[Usage] = ()


def reasons() -> frozenset[str]:
    """The codes that a decision may give as its reason: reasons and gates of the contract."""
    topics = ("code.", "gate.")
    return frozenset(c.partition(".")[2] for c in catalogue() if c.startswith(topics))


def of_desk(tx: Tx, desk: Desk) -> dict[str, Decision]:
    """Every proposal of the desk with what is decided on it, by id."""
    rows = tx.scalars(select(DecisionRow).where(DecisionRow.desk == desk.id))
    touched = {row.proposal: decision_of(row) for row in rows}
    return _asked(limits_for(tx, desk.city), desk.agency, touched)


def by_agency(tx: Tx, city: str) -> dict[str, dict[str, Decision]]:
    """The same for all desks of a city at once, by their agency."""
    limits, touched = limits_for(tx, city), of_city(tx, city)
    return {agency: _asked(limits, agency, touched) for agency in limits.desks}


def _asked(limits: CityLimits, agency: str, touched: Mapping[str, Decision]) -> dict[str, Decision]:
    asked = limits.desks.get(agency, ())
    return {p.id: touched[p.id] if p.id in touched else untouched(p) for p in asked}


def of_city(tx: Tx, city: str) -> dict[str, Decision]:
    """Every decision that was ever touched, of all desks, by proposal."""
    rows = tx.scalars(
        select(DecisionRow).where(DecisionRow.city == city).order_by(DecisionRow.proposal)
    )
    return {row.proposal: decision_of(row) for row in rows}


def untouched(proposal: Proposal) -> Decision:
    """The decision on a proposal that nobody has discussed."""
    return Decision(proposal.id, option=proposal.requested.label)


def decision_of(row: DecisionRow) -> Decision:
    """The row as a noun."""
    return Decision(
        row.proposal, row.code, row.option, row.volume, row.amount, row.reason, row.note, row.rev
    )


def edit(tx: Tx, desk_id: str, proposal_id: str, wanted: Edit, rev: int) -> Edited:
    """Change one decision that was seen at revision `rev`.

    Raises StaleError where it was changed since, OverLimitError where a limit shared with other
    desks would be broken (or broken by more), InvalidError, ForbiddenError, NotNowError.
    """
    desk = desk_of(tx, desk_id)
    allow(actor_of(tx), "decide", desk.agency)
    limits = limits_for(tx, desk.city)
    proposal = proposal_at(limits, desk, proposal_id)
    require(tx, desk.id, "open")
    row = tx.get(DecisionRow, (desk.city, proposal.id))
    before = untouched(proposal) if row is None else decision_of(row)
    check_revision(tx, before.rev, rev, proposal.id)
    after = wanted_decision(proposal, wanted)
    if replace(after, rev=before.rev) == before:
        return Edited(before, _own_breaks(tx, limits, desk))
    _check_limits(tx, limits, desk, before, after)
    return Edited(write(tx, desk, row, before, after), _own_breaks(tx, limits, desk))


def write(
    tx: Tx, desk: Desk, row: DecisionRow | None, before: Decision, after: Decision
) -> Decision:
    """Keep a decision and its entry in the log."""
    body = {
        "city": desk.city,
        "proposal": after.proposal,
        "before": {**before.document(), "rev": before.rev},
        "after": after.document(),
    }
    rev = record(tx, "decision", body, desk.id).seq
    if row is None:
        row = DecisionRow(city=desk.city, proposal=after.proposal)
        tx.add(row)
    row.desk, row.code, row.option = desk.id, after.code, after.option
    row.volume, row.amount = after.volume, after.amount
    row.reason, row.note, row.rev = after.reason, after.note, rev
    tx.flush()
    return replace(after, rev=rev)


def proposal_at(limits: CityLimits, desk: Desk, proposal: str) -> Proposal:
    """The proposal, if it is this desk's to decide on; UnknownError else."""
    found = limits.proposals.get(proposal)
    if found is None:
        raise UnknownError("no_proposal", {"proposal": proposal}, proposal=proposal)
    agency = found.requested.agency
    if agency != desk.agency:
        raise UnknownError(
            "proposal_elsewhere",
            {"proposal": proposal, "agency": agency},
            proposal=proposal,
            agency=agency,
        )
    return found


def wanted_decision(proposal: Proposal, wanted: Edit) -> Decision:
    """The decision that an edit asks for, its figures those of the tables."""
    if wanted.code not in CODES:
        raise InvalidError("bad_code", {"field": "code"}, value=wanted.code, codes=list(CODES))
    reason, note = plain(wanted.reason, "reason"), plain(wanted.note, "note")
    if reason and reason not in reasons():
        raise InvalidError("bad_reason", {"field": "reason"}, reason=reason)
    asked = proposal.requested
    if wanted.code not in FUNDED:
        sized = wanted.volume or wanted.amount
        if sized:
            raise InvalidError("size_of_no", {"field": "volume"}, proposal=proposal.id)
        return Decision(proposal.id, wanted.code, asked.label, None, 0, reason, note)
    option, figures = chosen(proposal, wanted)
    volume = figures.volume or None
    changed = (
        (figures.volume, figures.amount) != (asked.full.volume, asked.full.amount)
        or (option.agency, option.line) != (asked.agency, asked.line)
        or (option.district, option.ward) != (asked.district, asked.ward)
    )
    code = "accommodated_changed" if changed and not proposal.covered_by else "accommodated"
    amount = 0 if proposal.covered_by else figures.amount
    return Decision(proposal.id, code, option.label, volume, amount, reason, note)


def _check_limits(
    tx: Tx, limits: CityLimits, desk: Desk, before: Decision, after: Decision
) -> None:
    """Refuse what no plan could hold, and what other desks' limits can't bear."""
    proposal = limits.proposals[after.proposal]
    was, becomes = _choices(limits, before), _choices(limits, after)
    take = limits.space.take
    if alone := limits.worsened(proposal.id, take(was), take(becomes)):
        raise stopped(limits, proposal, alone, take(becomes))
    rest = [choice for choice in plan(tx, desk.city) if choice.proposal != proposal.id]
    worse = limits.worsened(proposal.id, take([*rest, *was]), take([*rest, *becomes]))
    if shared := [index for index in worse if limits.is_shared(index)]:
        raise refusal(limits, proposal, shared, take(rest), take(becomes))


def _choices(limits: CityLimits, decision: Decision) -> list[Choice]:
    """The decision as a plan has it: nothing where it funds nothing new."""
    if not decision.is_funded or limits.proposals[decision.proposal].covered_by:
        return []
    return [Choice(decision.proposal, decision.option, decision.volume)]


def _own_breaks(tx: Tx, limits: CityLimits, desk: Desk) -> list[Usage]:
    """The upper limits that the city's plan breaks and this desk can mend, before it signs."""
    taken = limits.space.take(plan(tx, desk.city))
    return limits.breaches(taken, desk.agency, limits.desks)
