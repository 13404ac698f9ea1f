"""Saving an import: a new data set that never changes, and the city that stands on it.

What file it came from, and by which choices, stands in the log; the next import of that city
begins with the same choices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from service import scenarios
from service.desk import city as cities
from service.desk import decisions
from service.desk.change import change_scenario
from service.desk.rights import allow
from service.intake.drafts import Draft
from service.intake.errors import IntakeError
from service.scenarios import NAME
from service.store import Tx, snapshots
from service.store import scenarios as names
from service.store.errors import InvalidError
from service.store.events import body_of, record
from service.store.models import Event
from service.store.store import actor_of
from service.store.text import plain
from solver.rules import Usage
from solver.scenario import Scenario

KIND = "import"


@dataclass(frozen=True)
class Saved:
    """What saving came to: the scenario's name and digest, and limits that the city now breaks."""

    city: str
    name: str
    digest: str
    breaks: Sequence[Usage] = ()


def mapping_of(tx: Tx, city: str | None) -> str:
    """The choices by which the city's last export was read; empty where there was none."""
    if city is None:
        return ""
    wanted = select(Event).where(Event.kind == KIND).order_by(Event.seq.desc())
    for event in tx.scalars(wanted):
        body = body_of(event)
        if body["city"] == city and body["mapping"]:
            return str(snapshots.read(tx, body["mapping"]))
    return ""


def decided(tx: Tx, city: str) -> set[str]:
    """The proposals that a desk of the city has decided on."""
    found = decisions.of_city(tx, city).values()
    return {decision.proposal for decision in found if decision.code != "undiscussed"}


def save_new(tx: Tx, draft: Draft, city: str, title: str) -> Saved:
    """A new city with a desk for each agency that is asked."""
    scenario = _ready(tx, draft)
    shown = plain(title, "title", 200) or scenario.title
    if not NAME.fullmatch(city) or len(city) > 80:
        raise InvalidError("bad_city_id", {"field": "id"})
    name = _free(tx, city)
    digest = scenarios.keep(tx, name, scenario)
    cities.create(tx, city, digest, shown)
    return _recorded(tx, draft, Saved(city, name, digest))


def save_again(tx: Tx, draft: Draft, city: str, reason: str, rev: int) -> Saved:
    """A new data set under a city that is there; its decisions stay and their figures follow."""
    scenario = _ready(tx, draft)
    if not reason.strip():
        raise IntakeError("reason_missing", {"field": "reason"})
    name = _free(tx, city)
    digest = scenarios.keep(tx, name, scenario)
    breaks = change_scenario(tx, city, digest, reason, rev)
    return _recorded(tx, draft, Saved(city, name, digest, breaks))


def _ready(tx: Tx, draft: Draft) -> Scenario:
    allow(actor_of(tx), "arrange")
    scenario = draft.reading.scenario
    if scenario is None:
        raise IntakeError("import_not_ready", {"field": "file"})
    return scenario


def _free(tx: Tx, city: str) -> str:
    """CITY, CITY-2, CITY-3 ...: the first name that no scenario has; old data sets keep theirs."""
    number = 1
    while True:
        name = city if number == 1 else f"{city}-{number}"
        if names.digest_of(tx, name) is None:
            return name
        number += 1


def _recorded(tx: Tx, draft: Draft, saved: Saved) -> Saved:
    mapping = draft.reading.mapping
    files = [draft.source, *([draft.ceilings] if draft.ceilings else [])]
    body = {
        "city": saved.city,
        "kind": draft.kind,
        "name": saved.name,
        "scenario": saved.digest,
        "files": [{"name": f.name, "sha256": hashlib.sha256(f.data).hexdigest()} for f in files],
        "corrections": len(draft.corrections),
        "mapping": snapshots.keep(tx, "mapping", mapping) if mapping else None,
    }
    record(tx, KIND, body)
    return saved
