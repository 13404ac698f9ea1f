"""Home: the city in its year, each desk with how far it is, and the doors to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from service import auth
from service.context import here
from service.desk import agreement, decisions
from service.desk import city as cities
from service.desk.city import FUNDED, limits_for
from service.desk.rights import MAY
from service.desk.state import current
from service.pages.shell import page, screen
from service.settings import CITY
from service.store import LOCAL, Tx
from service.store import scenarios as names
from service.store.models import City, Desk, DeskSession
from service.svg.bars import Level, bar

pages = screen("home")


@dataclass(frozen=True, slots=True)
class Card:
    """A desk on the front page; money in rupiah."""

    desk: Desk
    session: DeskSession | None
    proposals: int
    discussed: int
    agreed: int
    asked: int
    used: int
    room: int | None

    @property
    def state(self) -> str:
        """new, open, closed or signed."""
        return "new" if self.session is None else self.session.state

    @property
    def picture(self) -> Markup:
        """What is decided of the ceiling."""
        return bar(Level(self.used, upper=self.room), 120)


@pages.get("/")
def show() -> str:
    """The cities, each with its desks."""
    with here().store.session() as tx:
        shown = [_city(tx, city) for city in cities.cities(tx)]
        can_arrange = auth.actor().role in (LOCAL.role, *MAY["arrange"])
        only = cities.cities(tx)[0] if len(shown) == 1 else None
        return page("home.html", cities=shown, can_arrange=can_arrange, city=only)


@pages.post("/example")
def example() -> Response:
    """Make the embedded city, so that there is something to try everything on."""
    with here().store.write(auth.actor()) as tx:
        digest = names.digest_of(tx, CITY)
        if digest is not None and not any(city.id == CITY for city in cities.cities(tx)):
            cities.create(tx, CITY, digest)
    return redirect(url_for("home.show"), 303)


def _city(tx: Tx, city: City) -> dict[str, Any]:
    limits = limits_for(tx, city.id)
    rooms = {
        row.subject: row.upper
        for row in limits.rows
        if row.rule == "agency_ceiling" and isinstance(row.upper, int)
    }
    cards = [_card(tx, desk, rooms.get(desk.agency)) for desk in cities.desks(tx, city.id)]
    return {
        "city": city,
        "year": limits.scenario.year,
        "cards": sorted(cards, key=lambda card: -card.asked),
        "ceilings": sum(rooms[c.desk.agency] for c in cards if c.desk.agency in rooms),
        "asked": sum(card.asked for card in cards),
        "proposals": sum(card.proposals for card in cards),
        "discussed": sum(card.discussed for card in cards),
    }


def _card(tx: Tx, desk: Desk, room: int | None) -> Card:
    limits = limits_for(tx, desk.city)
    found = decisions.of_desk(tx, desk)
    said = agreement.standings(tx, desk)
    return Card(
        desk=desk,
        session=current(tx, desk.id),
        proposals=len(found),
        discussed=sum(d.code != "undiscussed" for d in found.values()),
        agreed=sum(standing.agreed for standing in said.values()),
        asked=sum(p.requested.full.amount for p in limits.desks.get(desk.agency, ())),
        used=sum(d.amount for d in found.values() if d.code in FUNDED),
        room=room,
    )
