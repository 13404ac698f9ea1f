"""A scenario before it is checked as a whole: the tables' rows, the lists, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from solver.errors import Place
from solver.instance import Alternatives, Lock, Off, PriorityOrder, Requires, StageSpec, Together
from solver.tables.plan import PlanRow
from solver.tables.rows import Key, Row

TABLES = ("proposals", "agencies", "locations", "lines", "limits")
SINGULAR = {
    "proposal": "proposals",
    "agency": "agencies",
    "location": "locations",
    "line": "lines",
    "limit": "limits",
}
"""The kind that a key of [set] begins with -> its table."""

RULES = (
    "locks",
    "gates",
    "covered",
    "options",
    "agency_ceiling",
    "line_ceiling",
    "line_target",
    "locations",
    "limits",
    "alternatives",
    "requires",
    "together",
    "priority_order",
)
ALWAYS_ON = ("options", "covered")
SCORES = ("column", "halving", "linear", "criteria")
GROUPS = ("district", "ward", "agency", "line")


@dataclass(frozen=True)
class Change:
    """One value that a scenario changed: its key, the old and the new value, and by which file."""

    key: str
    before: Any
    after: Any
    file: str | None


@dataclass(frozen=True)
class Stage:
    """A stage as asked for; the plan of `few_changes` waits for the tables it speaks of."""

    spec: StageSpec
    place: Place = field(default_factory=Place)
    plan: tuple[PlanRow, ...] = ()


@dataclass(frozen=True)
class Draft:
    """What a chain of scenario files adds up to. Never changed: each file makes a new one."""

    title: str = ""
    year: int | None = None
    tables: Mapping[str, Mapping[Key, Row]] = field(default_factory=dict)
    stages: tuple[Stage, ...] = (Stage(StageSpec("points")),)
    score: str = "column"
    rank_within: tuple[str, ...] = ("district", "ward")
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    weights_place: Place = field(default_factory=Place)
    order: PriorityOrder | None = None
    alternatives: tuple[tuple[Alternatives, Place], ...] = ()
    requires: tuple[tuple[Requires, Place], ...] = ()
    together: tuple[tuple[Together, Place], ...] = ()
    locks: Mapping[str, tuple[Lock, Place]] = field(default_factory=dict)
    off: Off = field(default_factory=Off)
    off_places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    def rows(self, table: str) -> Mapping[Key, Row]:
        """The rows of a table by key; none where there is no such table."""
        return self.tables.get(table, {})
