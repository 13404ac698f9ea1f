"""A desk and its city as documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from service.desk import city as cities
from service.desk import decisions, locks
from service.desk.agreement import Standing, Voice, said, standings_of
from service.desk.city import limits_for
from service.desk.decisions import Decision
from service.desk.limits import CityLimits
from service.desk.locks import DeskLock
from service.desk.over import printed
from service.desk.rights import MAY
from service.desk.sessions import seal_of
from service.desk.state import current, state_of, states
from service.store import LOCAL, Actor, Tx, events, models
from solver.instance import Option, from_micro
from solver.rules import Usage

Document = dict[str, Any]


def board(tx: Tx, desk: models.Desk, reader: Actor) -> Document:
    """The desk with every proposal: what was asked for, decided, locked and agreed."""
    limits = limits_for(tx, desk.city)
    found = decisions.of_desk(tx, desk)
    standing = standings_of(limits, found, said(tx, desk.city))
    asked, locked = _asked(limits), locks.of_desk(tx, desk)
    rows = [
        {
            **asked[proposal],
            "decision": decision_document(decision),
            "lock": lock_document(locked.get(proposal) or DeskLock(proposal)),
            **_standing(standing[proposal]),
        }
        for proposal, decision in found.items()
    ]
    breaches = limits.breaches(cities.taken(tx, desk.city), desk.agency, limits.desks)
    return {
        "desk": _summary(desk, state_of(tx, desk.id), found, standing),
        "session": session_document(tx, desk, reader),
        "rev": events.head(tx).seq,
        "rows": rows,
        "breaks": [over_document(usage) for usage in breaches],
    }


def city_document(tx: Tx, city: models.City) -> Document:
    """The city with its desks, and what they use of every limit."""
    limits, spoken = limits_for(tx, city.id), said(tx, city.id)
    found, state = decisions.by_agency(tx, city.id), states(tx, city.id)
    return {
        "id": city.id,
        "title": city.title,
        "scenario": city.scenario,
        "rev": events.head(tx).seq,
        "desks": [
            _summary(
                desk,
                state.get(desk.id, "new"),
                rows := found.get(desk.agency, {}),
                standings_of(limits, rows, spoken),
            )
            for desk in cities.desks(tx, city.id)
        ],
        "limits": [
            {
                **over_document(use.usage),
                "by": {a: printed(use.usage.row, used) for a, used in use.by.items()},
            }
            for use in cities.uses(tx, city.id)
        ],
    }


def _summary(
    desk: models.Desk,
    state: str,
    found: Mapping[str, Decision],
    standing: Mapping[str, Standing],
) -> Document:
    return {
        "id": desk.id,
        "city": desk.city,
        "agency": desk.agency,
        "name": desk.name,
        "state": state,
        "proposals": len(found),
        "discussed": sum(d.code != "undiscussed" for d in found.values()),
        "agreed": sum(one.agreed for one in standing.values()),
    }


def session_document(tx: Tx, desk: models.Desk, reader: Actor) -> Document:
    """The desk's session; only who presides sees the room's code."""
    session = current(tx, desk.id)
    if session is None:
        return {"state": "new", "version": 0, "reason": "", "code": None, "fingerprint": None}
    presides = reader.role in (LOCAL.role, *MAY["preside"])
    return {
        "state": session.state,
        "version": session.version,
        "reason": session.reason,
        "code": session.code if presides else None,
        "fingerprint": seal_of(tx, session).fingerprint,
    }


_TOLD: WeakKeyDictionary[CityLimits, Mapping[str, Document]] = WeakKeyDictionary()


def _asked(limits: CityLimits) -> Mapping[str, Document]:
    """What was asked for, by proposal; a scenario never changes, so it is written out once."""
    if limits not in _TOLD:
        _TOLD[limits] = {
            proposal.id: {
                "proposal": proposal.id,
                "title": proposal.title,
                "priority": proposal.priority,
                "covered_by": proposal.covered_by,
                "options": [_option(option) for option in proposal.options],
            }
            for proposal in limits.proposals.values()
        }
    return _TOLD[limits]


def _option(option: Option) -> Document:
    return {
        "option": option.label,
        "agency": option.agency,
        "line": option.line,
        "district": option.district,
        "ward": option.ward,
        "unit": option.unit,
        "gate": option.gate,
        "volume": from_micro(option.full.volume) if option.full.volume else None,
        "amount": option.full.amount,
        "min_volume": from_micro(option.smallest.volume) if option.steps else None,
        "step": from_micro(option.step.volume) if option.steps else None,
    }


def decision_document(decision: Decision) -> Document:
    """A decision as it stands."""
    return {**decision.document(), "rev": decision.rev}


def lock_document(lock: DeskLock) -> Document:
    """A lock as it stands."""
    return {**lock.document(), "rev": lock.rev}


def standings_document(found: Mapping[str, Standing]) -> Document:
    """Where the parties stand on each proposal."""
    return {"standings": [{"proposal": p, **_standing(s)} for p, s in found.items()]}


def _standing(standing: Standing) -> Document:
    return {
        "agreed": standing.agreed,
        "excepted": _voices(standing.excepted),
        "silent": _voices(standing.silent),
    }


def _voices(voices: Iterable[Voice]) -> list[Document]:
    return [{"party": party, "district": district} for party, district in voices]


def over_document(usage: Usage) -> Document:
    """A limit with what is used of it."""
    row = usage.row
    return {
        "rule": row.rule,
        "subject": row.subject,
        "measure": row.measure,
        "used": printed(row, usage.used),
        "min": None if usage.lower is None else printed(row, usage.lower),
        "max": None if usage.upper is None else printed(row, usage.upper),
    }
