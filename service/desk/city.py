"""A city in a year: its scenario, its desks, and the plan that all their decisions make up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service.desk.limits import KEPT, CityLimits, limits_of
from service.desk.rights import allow
from service.store import Tx
from service.store.errors import InvalidError, NotNowError, UnknownError
from service.store.events import record
from service.store.models import City, DecisionRow, Desk
from service.store.store import actor_of
from service.store.text import plain
from solver.instance import Choice
from solver.rules import Taken, Usage

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_LONGEST_CODE = 100
_LONGEST_ID = 200
FUNDED = ("accommodated", "accommodated_changed")


@dataclass(frozen=True, slots=True)
class Use:
    """A limit in numbers, with what each agency's desk uses of it."""

    usage: Usage
    by: Mapping[str, int]


def create(tx: Tx, id: str, digest: str, title: str = "") -> City:  # noqa: A002
    """A city on a kept scenario, with a desk for each agency that is asked."""
    allow(actor_of(tx), "arrange")
    if not _ID.fullmatch(id):
        raise InvalidError("bad_city_id", {"field": "id"})
    if tx.get(City, id) is not None:
        raise NotNowError("city_there", {"city": id}, city=id)
    limits = limits_of(tx, digest)
    check_codes(limits)
    title = plain(title, "title") or limits.scenario.title or id
    body = {
        "city": id,
        "title": title,
        "before": {"scenario": None, "rev": 0},
        "after": {"scenario": digest},
    }
    city = City(id=id, title=title, scenario=digest, rev=record(tx, "city.created", body).seq)
    tx.add(city)
    tx.flush()
    add_desks(tx, city, limits)
    return city


def add_desks(tx: Tx, city: City, limits: CityLimits) -> None:
    """A desk for each agency that is asked and has none yet."""
    names = {agency.code: agency.name for agency in limits.scenario.instance.agencies}
    there = {desk.agency for desk in desks(tx, city.id)}
    for agency in sorted(limits.desks.keys() - there):
        desk = Desk(id=f"{city.id}.{agency}", city=city.id, agency=agency, name=names[agency])
        tx.add(desk)
        tx.flush()
        record(tx, "desk.created", {"city": city.id, "agency": agency}, desk.id)


def check_codes(limits: CityLimits) -> None:
    """Codes and names become keys of tables and parts of addresses, so they have a length."""
    places = [option.district for p in limits.proposals.values() for option in p.options]
    for most, names in ((_LONGEST_CODE, limits.desks), (_LONGEST_ID, (*limits.proposals, *places))):
        for name in names:
            if len(name) > most:
                raise InvalidError("code_too_long", {"name": name}, name=name[:40] + "…", most=most)


def city_of(tx: Tx, id: str) -> City:  # noqa: A002
    """The city; UnknownError where there is none."""
    found = tx.get(City, id)
    if found is None:
        raise UnknownError("no_city", {"city": id}, city=id)
    _hold(tx, found)
    return found


def cities(tx: Tx) -> Sequence[City]:
    """Every city, by id."""
    return tx.scalars(select(City).order_by(City.id)).all()


def desk_of(tx: Tx, id: str) -> Desk:  # noqa: A002
    """The desk; UnknownError where there is none."""
    found = tx.get(Desk, id)
    if found is None:
        raise UnknownError("no_desk", {"desk": id}, desk=id)
    _hold(tx, found)
    return found


def _hold(tx: Tx, row: City | Desk) -> None:
    """A transaction forgets the rows that nobody holds, and would ask for these again and again."""
    tx.info.setdefault("held", set()).add(row)


def desks(tx: Tx, city: str) -> Sequence[Desk]:
    """The desks of a city, by agency."""
    return tx.scalars(select(Desk).where(Desk.city == city).order_by(Desk.agency)).all()


def limits_for(tx: Tx, city: str) -> CityLimits:
    """The rows of the city's scenario."""
    return limits_of(tx, city_of(tx, city).scenario)


def warm(tx: Tx) -> None:
    """Hold the rows of the cities ready that were changed last, before anyone asks for them."""
    newest = select(City.scenario).order_by(City.rev.desc()).limit(KEPT)
    for digest in tx.scalars(newest).all():
        limits_of(tx, digest)


def plan(tx: Tx, city: str) -> list[Choice]:
    """What the decisions of all desks fund: the city's plan."""
    rows = tx.execute(
        select(DecisionRow.proposal, DecisionRow.option, DecisionRow.volume)
        .where(DecisionRow.city == city, DecisionRow.code.in_(FUNDED))
        .order_by(DecisionRow.proposal)
    )
    return [Choice(*row) for row in rows]


def taken(tx: Tx, city: str) -> Taken:
    """The city's plan as the rows of its scenario read it."""
    return limits_for(tx, city).space.take(plan(tx, city))


def uses(tx: Tx, city: str) -> list[Use]:
    """Every limit in numbers, with what all desks and each of them use of it."""
    limits, now = limits_for(tx, city), taken(tx, city)
    return [Use(usage, limits.used_by(usage.row, now)) for usage in limits.measured(now)]
