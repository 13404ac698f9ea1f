"""What the minutes need to know beside decisions: number, day, place, and who was at the desk.

It is typed at the desk and kept in the log only, so that it is sealed together with the decisions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, time
from typing import Any

from sqlalchemy import select

from service.desk.city import desk_of
from service.desk.rights import allow
from service.desk.state import require
from service.papers.errors import PaperError
from service.store import Tx
from service.store.errors import InvalidError, StaleError
from service.store.events import body_of, record
from service.store.models import Desk, Event
from service.store.store import actor_of
from service.store.text import plain
from solver.write.forms import Attendant

KIND = "meeting"
PARTIES = ("opd", "kecamatan", "planner", "facilitator", "observer")
MOST_PEOPLE = 100
LONGEST = 120
"""Letters of a name, an office, a place."""
_PARTY_OF = {"agency": "opd"}
_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


@dataclass(frozen=True)
class Particulars:
    """What was typed of a desk's meeting; `day` is ISO, times are HH:MM, what is not known empty.

    `rev` is the number of the log's entry that they are from.
    """

    number: str = ""
    day: str = ""
    begins: str = ""
    ends: str = ""
    place: str = ""
    people: Sequence[Attendant] = field(default_factory=tuple)
    rev: int = 0


def of_desk(tx: Tx, desk: str, seq: int | None = None) -> Particulars:
    """What was typed last, or last up to a point of the log."""
    wanted = select(Event).where(Event.desk == desk, Event.kind == KIND)
    if seq is not None:
        wanted = wanted.where(Event.seq <= seq)
    event = tx.scalar(wanted.order_by(Event.seq.desc()).limit(1))
    if event is None:
        return Particulars()
    after = body_of(event)["after"]
    people = tuple(Attendant(**person) for person in after.pop("people"))
    return Particulars(**after, people=people, rev=event.seq)


def keep(tx: Tx, desk_id: str, wanted: Particulars) -> Particulars:
    """Keep what was typed, on top of the revision it was seen at; StaleError, InvalidError."""
    desk = desk_of(tx, desk_id)
    allow(actor_of(tx), "preside", desk.agency)
    require(tx, desk.id, "new", "open", "closed")
    before = of_desk(tx, desk.id)
    if wanted.rev != before.rev:
        raise StaleError("other_revision", {"rev": before.rev}, subject=desk.name or desk.id)
    after = {
        "number": plain(wanted.number, "number", LONGEST),
        "day": _day(wanted.day),
        "begins": _time(wanted.begins, "begins"),
        "ends": _time(wanted.ends, "ends"),
        "place": plain(wanted.place, "place", LONGEST),
        "people": [asdict(person) for person in _people(wanted.people)],
    }
    if after != _document(before):
        body = {"city": desk.city, "before": {**_document(before), "rev": before.rev}}
        record(tx, KIND, {**body, "after": after}, desk.id)
    return of_desk(tx, desk.id)


def _document(found: Particulars) -> dict[str, Any]:
    document = asdict(found)
    del document["rev"]
    document["people"] = list(document["people"])
    return document


def _day(typed: str) -> str:
    """ISO, as the browser's field for a day sends it."""
    if not typed:
        return ""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise PaperError("bad_day", {"field": "day"}) from None


def _time(typed: str, name: str) -> str:
    if not typed.strip():
        return ""
    found = _TIME.fullmatch(typed.strip())
    if found is None:
        raise PaperError("bad_time", {"field": name})
    return time(int(found[1]), int(found[2])).isoformat("minutes")


def _people(typed: Sequence[Attendant]) -> Iterator[Attendant]:
    """Those with a name, in their order."""
    named = [person for person in typed if person.name.strip()]
    if len(named) > MOST_PEOPLE:
        raise PaperError("too_many_people", {"field": "people"}, most=MOST_PEOPLE)
    for person in named:
        if person.party not in PARTIES:
            known = list(PARTIES)
            raise InvalidError("bad_code", {"field": "party"}, value=person.party, codes=known)
        yield Attendant(
            _line(person.name, "name"),
            person.party,
            _line(person.body, "body"),
            _line(person.office, "office"),
        )


def _line(typed: str, what: str) -> str:
    return " ".join(plain(typed, what, LONGEST).split())


def seen(tx: Tx, desk: Desk) -> list[Attendant]:
    """Whom the desk has seen: guests who were let in, and whoever did something for a party."""
    found: dict[str, Attendant] = {}
    wanted = select(Event).where(Event.desk == desk.id).order_by(Event.seq)
    for event in tx.scalars(wanted):
        if event.kind == "guest.admitted":
            body = body_of(event)
            party = _PARTY_OF.get(body["role"], body["role"])
            found.setdefault(body["name"], Attendant(body["name"], party, _body(desk, party, body)))
        elif event.party in PARTIES and event.actor not in ("local", "system"):
            body = {"scope": ""}
            if event.kind == "agreement":
                body["scope"] = body_of(event)["district"]
            person = Attendant(event.actor, event.party, _body(desk, event.party, body))
            found.setdefault(event.actor, person)
    return list(found.values())


def _body(desk: Desk, party: str, said: Any) -> str:
    """What someone of a party is from; a district by its name."""
    if party == "opd":
        return desk.name or desk.agency
    return str(said["scope"]) if party == "kecamatan" else ""
