"""The limits that a desk can move: what is decided, recommended, left, and by whom it is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from service.desk import city as cities
from service.desk.city import limits_for
from service.desk.over import name_of
from service.pages.listing import micro
from service.store import Tx
from service.store.errors import spoken
from service.store.models import Desk
from service.svg.bars import Level, bar
from solver.rules import Row, Usage
from solver.words import Quantity

FIRST = ("agency_ceiling", "locations", "limits")
"""The rules whose limits are shown at first; Renja lines are many."""


@dataclass(frozen=True, slots=True)
class Meter:
    """One limit of the city, all desks' decisions counted; whole units as in the rows."""

    usage: Usage
    name: str
    unit: str
    recommended: int | None
    holders: Sequence[tuple[str, Quantity]]
    is_shared: bool

    @property
    def row(self) -> Row:
        """The limit."""
        return self.usage.row

    @property
    def comes_first(self) -> bool:
        """Whether it is shown without being asked for."""
        return self.row.rule in FIRST

    @property
    def level(self) -> Level:
        """As it is drawn."""
        return Level(self.usage.used, self.recommended, self.usage.lower, self.usage.upper)

    @property
    def picture(self) -> Markup:
        """The bar."""
        return bar(self.level)

    @property
    def left(self) -> int | None:
        """What the decisions leave of the ceiling."""
        return None if self.usage.upper is None else self.usage.upper - self.usage.used

    def of(self, value: int) -> Quantity:
        """A number of this limit with its unit."""
        return Quantity(value, self.row.measure, self.unit)


def meters(tx: Tx, desk: Desk, now: Mapping[str, Any] | None, spoken_in: str) -> list[Meter]:
    """Every limit that the desk's decisions count in, in the order of the rules."""
    limits = limits_for(tx, desk.city)
    concerned = {id(r): d for r, d in zip(limits.rows, limits.concerned, strict=True)}
    titles = {line.code: line for line in limits.scenario.instance.lines}
    wanted = {} if now is None else {_key(limit): limit["used"] for limit in now["limits"]}
    found = []
    for use in cities.uses(tx, desk.city):
        row = use.usage.row
        if desk.agency not in concerned[id(row)]:
            continue
        line = titles.get(row.subject)
        name = spoken(name_of(row), spoken_in)
        if line is not None and line.title and row.rule.startswith("line_"):
            name = f"{name} {line.title}"
        unit = line.unit if line is not None and row.measure == "volume" else ""
        aimed = wanted.get((row.rule, row.subject, row.measure))
        if aimed is not None and row.measure in ("points", "volume"):
            aimed = micro(aimed)
        holders = [(a, Quantity(u, row.measure, unit)) for a, u in use.by.items()]
        found.append(Meter(use.usage, name, unit, aimed, holders, len(concerned[id(row)]) > 1))
    # The desk's own ceiling first, whatever else it can move.
    return sorted(found, key=lambda m: m.row.subject != desk.agency)


def _key(limit: Mapping[str, Any]) -> tuple[str, str, str]:
    return limit["rule"], limit["subject"], limit["measure"]
