"""What a new data set adds, drops and changes, and which of it the desks have spoken of already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.scenario import Scenario

KEYS = {
    "proposals": ("id", "option"),
    "agencies": ("code",),
    "lines": ("code",),
    "locations": ("district", "ward"),
    "limits": ("name",),
}
"""The tables of a scenario, and what tells their rows apart."""


@dataclass(frozen=True)
class Cell:
    """One cell that changed; None stands for blank."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Changed:
    """A row that is in both, with its cells that differ; `is_decided`: a desk has decided on it."""

    key: str
    title: str
    cells: Sequence[Cell]
    is_decided: bool = False


@dataclass(frozen=True)
class Row:
    """A row that is in one of the two only."""

    key: str
    title: str
    is_decided: bool = False


@dataclass(frozen=True)
class Difference:
    """What differs in one table, by key."""

    table: str
    added: Sequence[Row]
    gone: Sequence[Row]
    changed: Sequence[Changed]

    @property
    def is_empty(self) -> bool:
        """Whether the table is the same."""
        return not (self.added or self.gone or self.changed)


def difference(
    before: Scenario, after: Scenario, decided: Collection[str] = ()
) -> list[Difference]:
    """The tables that differ; `decided` are proposals that a desk has decided on."""
    found = [_table(name, before.document, after.document, decided) for name in KEYS]
    return [table for table in found if not table.is_empty]


def _table(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], decided: Collection[str]
) -> Difference:
    old, new = (_rows(name, document) for document in (before, after))

    def row(key: str, rows: Mapping[str, Mapping[str, Any]]) -> Row:
        return Row(key, _title(rows[key]), _is_decided(name, rows[key], decided))

    changed = []
    for key in sorted(old.keys() & new.keys()):
        columns = sorted(old[key].keys() | new[key].keys())
        cells = [
            Cell(column, old[key].get(column), new[key].get(column))
            for column in columns
            if old[key].get(column) != new[key].get(column)
        ]
        if cells:
            is_decided = _is_decided(name, new[key], decided)
            changed.append(Changed(key, _title(new[key]), cells, is_decided))
    return Difference(
        name,
        [row(key, new) for key in sorted(new.keys() - old.keys())],
        [row(key, old) for key in sorted(old.keys() - new.keys())],
        changed,
    )


def _rows(name: str, document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The rows of a table by what tells them apart: U-018, U-018/B, Barat/Basirih."""
    return {
        "/".join(str(row[key]) for key in KEYS[name] if row.get(key)): row
        for row in document.get(name, ())
    }


def _title(row: Mapping[str, Any]) -> str:
    return str(row.get("title") or row.get("name") or "")


def _is_decided(name: str, row: Mapping[str, Any], decided: Collection[str]) -> bool:
    return name == "proposals" and row["id"] in decided
