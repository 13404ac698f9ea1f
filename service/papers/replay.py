"""What all desks of a city had decided at a point of the log, read from the log alone.

Sealed papers come from here and not from the tables of today: the log is append-only and chained,
so that the same point gives the same paper for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from service.desk.agreement import Voice, needed
from service.desk.city import desks
from service.desk.decisions import Decision
from service.desk.limits import CityLimits, limits_of
from service.store import Tx
from service.store.events import body_of
from service.store.models import Event
from solver.instance import to_micro
from solver.write.forms import Ruling


def scenario_at(tx: Tx, city: str, seq: int) -> str:
    """The digest of the scenario that the city stood on."""
    kinds = ("city.created", "city.scenario")
    found = (body for _, body in _bodies(tx, seq, kinds, None) if body["city"] == city)
    *_, last = found
    return str(last["after"]["scenario"])


def rulings_at(tx: Tx, city: str, seq: int) -> list[Ruling]:
    """A ruling for every proposal of the city's scenario at that point, by id."""
    limits = limits_of(tx, scenario_at(tx, city, seq))
    own = [desk.id for desk in desks(tx, city)]
    decided: dict[str, Decision] = {}
    for rev, body in _bodies(tx, seq, ("decision",), own):
        decided[body["proposal"]] = _decision(body["proposal"], body["after"], rev)
    said = _said(tx, seq, own)
    return [
        _ruling(limits, decided.get(name) or _untouched(limits, name), said.get(name, {}))
        for name in sorted(limits.proposals)
    ]


def decision_of(ruling: Ruling) -> Decision:
    """The ruling as a decision; its revision is not told."""
    return Decision(ruling.proposal, ruling.code, ruling.option, ruling.volume, ruling.amount)


def _untouched(limits: CityLimits, proposal: str) -> Decision:
    return Decision(proposal, option=limits.proposals[proposal].requested.label)


def _said(tx: Tx, seq: int, own: list[str]) -> dict[str, dict[Voice, tuple[int, bool]]]:
    """For each proposal what each voice said last: at which revision, and whether it agreed."""
    found: dict[str, dict[Voice, tuple[int, bool]]] = {}
    for _, body in _bodies(tx, seq, ("agreement",), own):
        party = body["party"]
        voice = party, body["district"] if party == "kecamatan" else ""
        for key, agrees in (("agrees", True), ("excepts", False)):
            for proposal, rev in body[key].items():
                found.setdefault(proposal, {})[voice] = rev, agrees
    return found


def _bodies(
    tx: Tx, seq: int, kinds: tuple[str, ...], desks: list[str] | None
) -> Iterator[tuple[int, Any]]:
    """The entries of these kinds up to a point, in order, each with its number."""
    wanted = select(Event).where(Event.seq <= seq, Event.kind.in_(kinds)).order_by(Event.seq)
    if desks is not None:
        wanted = wanted.where(Event.desk.in_(desks))
    for event in tx.scalars(wanted):
        yield event.seq, body_of(event)


def _decision(proposal: str, after: Any, rev: int) -> Decision:
    volume = after["volume"]
    return Decision(
        proposal,
        after["code"],
        after["option"],
        None if volume is None else to_micro(str(volume)),
        after["amount"],
        after["reason"],
        after["note"],
        rev,
    )


def _ruling(limits: CityLimits, decision: Decision, said: dict[Voice, tuple[int, bool]]) -> Ruling:
    """The decision with what was said of it as it is now; what was said before no longer counts."""
    wanted = needed(limits, decision)
    fresh = {voice: agrees for voice, (rev, agrees) in said.items() if rev == decision.rev}
    silent = [voice for voice in wanted if voice not in fresh]
    excepted = [voice for voice in wanted if fresh.get(voice) is False]
    return Ruling(
        decision.proposal,
        decision.code,
        decision.option,
        decision.volume,
        decision.amount,
        decision.reason,
        decision.note,
        agreed=bool(wanted) and not silent and not excepted,
        excepted=excepted,
        silent=silent,
    )
