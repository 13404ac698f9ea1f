"""Cities: all desks of a year on one scenario."""

from __future__ import annotations

from flask import Response

from service import auth, errors
from service.api import board
from service.api.common import WITH_BODY, answers, reply, resource, unchanged
from service.api.models import Cities, City, CityPath, NewCity
from service.context import here
from service.desk import city as cities
from service.desk.limits import ready
from service.desk.rights import allow
from service.errors import Problem
from service.store import events
from service.store import scenarios as names

api = resource("cities", "Cities in a year, and their desks.")


@api.get("/cities", responses=answers({200: Cities, 304: None}))
def list_cities() -> Response:
    """The cities."""
    with here().store.session() as tx:
        found = cities.cities(tx)
    return reply({"cities": [{"id": city.id, "title": city.title} for city in found]})


@api.post("/cities", responses=answers({201: City}, *WITH_BODY, 404, 409))
def create_city(body: NewCity) -> Response:
    """Make a city on a stored scenario, with a desk for each agency that is asked."""
    allow(auth.actor(), "arrange")
    context = here()
    with context.store.session() as tx:
        digest = names.digest_of(tx, body.scenario)
    if digest is None:
        raise Problem(404, "no_scenario", name=body.scenario)
    ready(digest, context.library.get(digest))
    with context.store.write(auth.actor()) as tx:
        return reply(board.city_document(tx, cities.create(tx, body.id, digest, body.title)), 201)


@api.get("/cities/<city>", responses=answers({200: City, 304: None}, 404))
def get_city(path: CityPath) -> Response:
    """The city: its desks, and what all decisions together use of every limit."""
    with here().store.session() as tx:
        found = cities.city_of(tx, path.city)
        tag = f"{events.head(tx).seq}-{errors.language()}"
        return unchanged(tag) or reply(board.city_document(tx, found), tag=tag)
