"""The log: every change in order, told in sentences, with the fingerprint of its last entry."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import select

from service import auth
from service.context import here
from service.desk import city as cities
from service.desk import record
from service.desk.rights import MAY
from service.pages.board import NO_REVISION, number
from service.pages.shell import language, page, screen
from service.pages.told import told
from service.store import LOCAL, Tx, events, snapshots
from service.store.models import City, Event
from solver.words import say

pages = screen("history")
AT_ONCE = 100


@pages.get("/cities/<city>/log")
def show(city: str) -> str:
    """The log, the newest entry first, of one desk or one person where that is asked for."""
    with here().store.session() as tx:
        found = cities.city_of(tx, city)
        entries, older = _entries(tx, found)
        faults = _faults(tx) if "check" in request.args and _may_check() else None
        return page(
            "history.html",
            city=found,
            desks=cities.desks(tx, found.id),
            actors=tx.scalars(select(Event.actor).distinct().order_by(Event.actor)).all(),
            entries=entries,
            older=older,
            mark=events.head(tx).fingerprint,
            wanted={
                name: request.args[name]
                for name in ("desk", "actor", "jobs")
                if request.args.get(name)
            },
            can_check=_may_check(),
            faults=faults,
        )


def _entries(tx: Tx, city: City) -> tuple[list[dict[str, Any]], int | None]:
    """A page of entries, and where the page of older ones begins."""
    own = [desk.id for desk in cities.desks(tx, city.id)]
    wanted = select(Event).where(Event.desk.in_(own) | Event.desk.is_(None))
    wanted = wanted.order_by(Event.seq.desc()).limit(AT_ONCE + 1)
    if desk := request.args.get("desk"):
        wanted = wanted.where(Event.desk == desk)
    if actor := request.args.get("actor"):
        wanted = wanted.where(Event.actor == actor)
    if "jobs" not in request.args:
        wanted = wanted.where(Event.kind.not_like("job.%"))
    if (before := number(request.args.get("before", ""))) != NO_REVISION:
        wanted = wanted.where(Event.seq < before)
    found = tx.scalars(wanted).all()
    shown = found[:AT_ONCE]
    spoken = language()
    entries = [
        {"seq": e.seq, "at": e.at, "by": e.actor, "party": e.party, "text": told(e, spoken)}
        | {"agency": e.desk.removeprefix(f"{city.id}.") if e.desk else ""}
        for e in shown
    ]
    return entries, shown[-1].seq if len(found) > AT_ONCE else None


def _may_check() -> bool:
    return auth.actor().role in (LOCAL.role, *MAY["arrange"], *MAY["preside"])


def _faults(tx: Tx) -> list[str]:
    """What is not as it was written, in sentences; none where the log and the tables agree."""
    found = [*events.verify(tx), *snapshots.verify(tx), *record.verify(tx)]
    return [say(f"log.{f.code}", language(), {"seq": f.seq, **f.facts}) for f in found]
