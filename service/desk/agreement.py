"""Agreement: for each kecamatan's list at a desk the three parties agree, single rows excepted.

A party speaks of decisions at the revision that it has seen: when a decision is changed, what was
said of it no longer counts, and that row alone has to be spoken of again. A row whose place was
moved is on the lists of both kecamatan, and needs both.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service.desk import decisions
from service.desk.city import desk_of, limits_for
from service.desk.decisions import Decision
from service.desk.limits import CityLimits
from service.desk.rights import allow, speaks_for
from service.desk.stale import check_revision
from service.desk.state import require
from service.store import PARTIES, Tx, events
from service.store.errors import ForbiddenError, InvalidError, UnknownError
from service.store.events import record
from service.store.models import Desk, Statement
from service.store.store import actor_of

Voice = tuple[str, str]
"""A party, and the district where it is a kecamatan (else empty)."""

Said = Mapping[str, Mapping[Voice, Statement]]
"""By proposal what each voice has said of it last."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the three parties stand on one decision.

    `agreed`: all that are needed agree to it as it is now. `excepted` have said no to it, and
    `silent` have not yet spoken of it as it is now. An undiscussed row needs nobody.
    """

    agreed: bool
    excepted: Sequence[Voice] = ()
    silent: Sequence[Voice] = ()


def lists(limits: CityLimits, found: Mapping[str, Decision]) -> dict[str, list[str]]:
    """The proposals on each kecamatan's list of a desk: asked for there, or decided to go there."""
    there: dict[str, list[str]] = {}
    for proposal, decision in found.items():
        for district in places(limits, decision):
            there.setdefault(district, []).append(proposal)
    return dict(sorted(there.items()))


def places(limits: CityLimits, decision: Decision) -> Sequence[str]:
    """The districts that a decision concerns: where it was asked for, and where it goes."""
    asked = limits.proposals[decision.proposal].requested.district
    option = limits.option(decision.proposal, decision.option)
    goes = option.district if option is not None and decision.is_funded else asked
    return (asked,) if goes == asked else (asked, goes)


def needed(limits: CityLimits, decision: Decision) -> list[Voice]:
    """Whose agreement a decision needs."""
    if decision.code == "undiscussed":
        return []
    return [
        ("opd", ""),
        *(("kecamatan", district) for district in places(limits, decision)),
        ("planner", ""),
    ]


def agree(
    tx: Tx, desk_id: str, party: str, district: str, rev: int, excepted: Collection[str] = ()
) -> dict[str, Standing]:
    """A party agrees to the list of a district as it was at revision `rev`, single rows excepted.

    `rev` is the number of the log's last entry when the list was read. Raises StaleError where a
    row of the list was changed since.
    """
    desk = desk_of(tx, desk_id)
    actor = actor_of(tx)
    allow(actor, "agree", desk.agency)
    if party not in PARTIES:
        raise InvalidError("bad_code", {"field": "party"}, value=party, codes=list(PARTIES))
    if not speaks_for(actor, party, district):
        raise ForbiddenError("other_party", {"party": party}, party=party)
    require(tx, desk.id, "open", "closed")
    limits = limits_for(tx, desk.city)
    found = decisions.of_desk(tx, desk)
    rows = _list(limits, found, district, excepted)
    if rev > events.head(tx).seq:
        raise InvalidError("bad_revision", {"field": "rev"})
    for decision in rows:
        if decision.rev > rev:
            check_revision(tx, decision.rev, rev, decision.proposal)
    voice = party, district if party == "kecamatan" else ""
    said = {decision.proposal: decision.proposal not in excepted for decision in rows}
    body = {
        "city": desk.city,
        "party": party,
        "district": district,
        "agrees": {d.proposal: d.rev for d in rows if said[d.proposal]},
        "excepts": {d.proposal: d.rev for d in rows if not said[d.proposal]},
    }
    seq = record(tx, "agreement", body, desk.id).seq
    for decision in rows:
        _say(tx, desk, decision, voice, said[decision.proposal], seq)
    return standings(tx, desk)


def _list(
    limits: CityLimits, found: Mapping[str, Decision], district: str, excepted: Collection[str]
) -> list[Decision]:
    """The discussed rows of a district's list; what is excepted has to be among them."""
    there = lists(limits, found).get(district)
    if there is None:
        raise UnknownError("no_list", {"district": district}, district=district)
    rows = [found[proposal] for proposal in there if found[proposal].code != "undiscussed"]
    if not rows:
        raise InvalidError("nothing_discussed", {"field": "district"}, district=district)
    if strange := sorted(set(excepted) - {decision.proposal for decision in rows}):
        raise InvalidError("not_on_list", {"field": "except"}, names=strange, district=district)
    return rows


def _say(tx: Tx, desk: Desk, decision: Decision, voice: Voice, agrees: bool, seq: int) -> None:
    key = (desk.city, decision.proposal, *voice)
    row = tx.get(Statement, key)
    if row is None:
        row = Statement(
            city=desk.city, proposal=decision.proposal, party=voice[0], district=voice[1]
        )
        tx.add(row)
    row.agrees, row.decision_rev = agrees, decision.rev
    row.by, row.rev = actor_of(tx).name, seq


def standings(tx: Tx, desk: Desk) -> dict[str, Standing]:
    """Where the parties stand on each proposal of a desk."""
    limits, found = limits_for(tx, desk.city), decisions.of_desk(tx, desk)
    return standings_of(limits, found, said(tx, desk.city))


def said(tx: Tx, city: str) -> Said:
    """What the parties have said in a city, of decisions that stand and of older ones."""
    found: dict[str, dict[Voice, Statement]] = {}
    for row in tx.scalars(select(Statement).where(Statement.city == city)):
        found.setdefault(row.proposal, {})[row.party, row.district] = row
    return found


def standings_of(
    limits: CityLimits, found: Mapping[str, Decision], said: Said
) -> dict[str, Standing]:
    """Where the parties stand on these decisions, from all that was said."""
    return {
        proposal: _standing(needed(limits, decision), decision, said.get(proposal, {}))
        for proposal, decision in found.items()
    }


def _standing(
    wanted: Sequence[Voice], decision: Decision, said: Mapping[Voice, Statement]
) -> Standing:
    fresh = {v: row.agrees for v, row in said.items() if row.decision_rev == decision.rev}
    silent = [voice for voice in wanted if voice not in fresh]
    excepted = [voice for voice in wanted if fresh.get(voice) is False]
    return Standing(bool(wanted) and not silent and not excepted, excepted, silent)
