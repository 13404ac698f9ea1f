"""Rows: a table's cells by column name, each row with its place in the user's files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePath
from typing import Any

from solver.errors import Place
from solver.tables.cells import Value, as_json, cell
from solver.tables.column import Column
from solver.tables.columns import COLUMNS, KEYS, by_name, find, headings
from solver.tables.csv import Sheet
from solver.tables.numbers import NumberError
from solver.tables.problems import Problems

Key = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row: its cells that are not blank, where it stands, and what could not be read.

    `broken` names columns whose text was refused, so that no later check calls them blank.
    `changed` has, for a cell that a scenario changed, the place of the change.
    """

    cells: Mapping[str, Value]
    place: Place = field(default_factory=Place)
    broken: frozenset[str] = frozenset()
    changed: Mapping[str, Place] = field(default_factory=dict)

    def get(self, column: str) -> Any:
        """The cell's value, None where it is blank."""
        return self.cells.get(column)

    def text(self, column: str) -> str:
        """The cell's text, empty where it is blank."""
        return str(self.cells.get(column, ""))

    def where(self, column: str | None) -> Place:
        """The place to look at for a problem with this column."""
        return self.changed.get(column, self.place) if column else self.place

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The cells as JSON values by column; made once, as scenarios share rows."""
        return {name: as_json(value) for name, value in sorted(self.cells.items())}

    def with_cell(self, column: str, value: Value | None, place: Place) -> Row:
        """The row with one cell changed by a scenario."""
        cells = {name: old for name, old in self.cells.items() if name != column}
        if value is not None:
            cells[column] = value
        return replace(
            self,
            cells=cells,
            broken=self.broken - {column},
            changed={**self.changed, column: place},
        )


def key_of(table: str, row: Row) -> Key:
    """What tells the row apart in its table."""
    return tuple(row.text(column) for column in KEYS[table])


def from_sheet(table: str, sheet: Sheet, file: str, problems: Problems) -> list[Row]:
    """The rows of a table read from CSV."""
    columns = columns_of(table, sheet.headings, Place(file=file, row=sheet.heading_row), problems)
    rows = []
    for number, texts in sheet.rows:
        raw = {c.name: t for c, t in zip(columns, texts, strict=False) if c is not None and t}
        row = row_of(
            table, columns, raw, Place(file=file, row=number), problems, sheet.dot_is_decimal
        )
        rows.append(row)
    return rows


def columns_of(
    table: str, names: Iterable[str], place: Place, problems: Problems
) -> list[Column | None]:
    """The columns that the headings mean; None where a heading is blank, unknown or a repeat."""
    columns: list[Column | None] = []
    seen: dict[str, str] = {}
    for name in names:
        column = find(table, name) if name else None
        if name and column is None:
            problems.unknown("unknown_heading", name, lambda: headings(table), place)
        elif column is not None and column.name in seen:
            problems.add(
                "heading_twice",
                place,
                name,
                name,
                first=seen[column.name],
                second=name,
                column=column.name,
            )
            column = None
        elif column is not None:
            seen[column.name] = name
        columns.append(column)
    return columns


def row_of(
    table: str,
    columns: Iterable[Column | None],
    raw: Mapping[str, Any],
    place: Place,
    problems: Problems,
    dot_is_decimal: bool = False,
) -> Row:
    """The row of raw cells by column name; what can't be read or is missing goes to `problems`."""
    cells: dict[str, Value] = {}
    broken = set()
    measure = raw.get("measure")
    for column in columns:
        if column is None or column.name not in raw:
            continue
        try:
            value = cell(column, raw[column.name], dot_is_decimal, measure)
        except NumberError as error:
            problems.add(
                error.code,
                place,
                column.name,
                raw[column.name],
                error.facts.get("first"),
                **error.facts,
            )
            broken.add(column.name)
        else:
            if value is not None:
                cells[column.name] = value
    for column in COLUMNS[table]:
        if column.required and column.name not in cells and column.name not in broken:
            problems.add("cell_missing", place, column.name, column=column.name)
            broken.add(column.name)
    return Row(cells, place, frozenset(broken))


def from_mapping(table: str, raw: Mapping[str, Any], place: Place, problems: Problems) -> Row:
    """One row written inline, in JSON or in a scenario file; headings as in a CSV."""
    columns = columns_of(table, raw, place, problems)
    cells = {c.name: value for c, value in zip(columns, raw.values(), strict=True) if c}
    return row_of(table, columns, cells, place, problems)


def index(table: str, rows: Iterable[Row], problems: Problems) -> dict[Key, Row]:
    """The rows by key; two rows with one key are a problem, and the second is left out."""
    found: dict[Key, Row] = {}
    for row in rows:
        if any(column in row.broken for column in KEYS[table]):
            continue
        key = key_of(table, row)
        if key in found:
            problems.add(
                "row_twice",
                row.place,
                KEYS[table][0],
                "/".join(key).rstrip("/"),
                name="/".join(key).rstrip("/"),
                first=_row_name(found[key].place),
            )
        else:
            found[key] = row
    return found


def _row_name(place: Place) -> str:
    file = PurePath(place.file).name if place.file else ""
    return f"{file}:{place.row}" if place.row else place.key or file


def column_named(table: str, name: str) -> Column | None:
    """The column of this table that `name` means, its own name first."""
    return by_name(table).get(name) or find(table, name)
