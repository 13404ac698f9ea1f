"""Guests who joined a desk by its room code: the facilitator lets them in."""

from __future__ import annotations

from flask import Response

from service import auth
from service.api.common import answers, reply, resource
from service.api.models import DeskPath, Guest, GuestPath, Guests
from service.context import here
from service.desk.city import desk_of
from service.desk.rights import allow
from service.store import Tx, models, people

api = resource("guests", "Who joined a desk by its room code.")


@api.get("/desks/<desk>/guests", responses=answers({200: Guests, 304: None}, 404))
def list_guests(path: DeskPath) -> Response:
    """Who has joined, those who wait first."""
    with here().store.session() as tx:
        desk = _presided(tx, path.desk)
        return reply({"guests": [_document(login) for login in people.guests(tx, desk)]})


@api.put("/desks/<desk>/guests/<guest>", responses=answers({200: Guest}, 404, 409, 413, 415))
def admit(path: GuestPath) -> Response:
    """Let a waiting guest in, as the name and role that they gave."""
    with here().store.write(auth.actor()) as tx:
        return reply(_document(people.admit(tx, _presided(tx, path.desk), path.guest)))


@api.delete("/desks/<desk>/guests/<guest>", responses=answers({204: None}, 404))
def turn_away(path: GuestPath) -> Response:
    """Let a guest no longer in."""
    with here().store.write(auth.actor()) as tx:
        people.turn_away(tx, _presided(tx, path.desk), path.guest)
    return Response(status=204)


def _presided(tx: Tx, desk_id: str) -> str:
    """The desk, if who asks presides over it."""
    desk = desk_of(tx, desk_id)
    allow(auth.actor(), "preside", desk.agency)
    return desk.id


def _document(login: models.Login) -> dict[str, object]:
    names = ("guest", "name", "role", "scope", "admitted")
    return {name: getattr(login, name) for name in names}
