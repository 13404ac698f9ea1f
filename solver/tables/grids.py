"""A worksheet becomes the rows of a table: where its headings stand, and what its cells mean."""

from __future__ import annotations

from typing import Any

from openpyxl.utils.cell import range_boundaries

from solver.errors import Place
from solver.tables.address import letters_of
from solver.tables.column import Column
from solver.tables.columns import find
from solver.tables.problems import Problems
from solver.tables.rows import Row, columns_of, row_of
from solver.tables.sheets import is_own
from solver.tables.xlsx import Grid

_TITLE_ROWS = 20
_TEXT_KINDS = ("id", "text", "list", "choice")


def heading_position(table: str, grid: Grid) -> int:
    """The position in `grid.rows` of the row that knows most headings; titles may stand above."""
    known = [
        sum(isinstance(value, str) and find(table, value) is not None for value in values)
        for _, values in grid.rows[:_TITLE_ROWS]
    ]
    return known.index(max(known)) if known else 0


def headings_of(table: str, grid: Grid) -> tuple[int, tuple[str, ...]]:
    """The heading row's number and its texts; blank for what is not read."""
    if not grid.rows:
        return 1, ()
    number, values = grid.rows[heading_position(table, grid)]
    return number, tuple(_heading(value) for value in values)


def _heading(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    return "" if is_own(text) else text


def from_grid(table: str, grid: Grid, file: str, problems: Problems) -> list[Row]:
    """The rows of a table; every problem with its sheet and row."""
    number, headings = headings_of(table, grid)
    columns = columns_of(table, headings, Place(file, grid.sheet, number), problems)
    own = _computed(grid, table)
    _check_merged(grid, number, columns, file, problems)
    rows = []
    for row, values in grid.rows:
        if row <= number:
            continue
        place = Place(file, grid.sheet, row)
        raw = {}
        for position, value in enumerate(values):
            column = columns[position] if position < len(columns) else None
            if value is None:
                continue
            if column is not None:
                raw[column.name] = _as_typed(column, value)
            elif position not in own and (position >= len(headings) or not headings[position]):
                problems.add("heading_blank", place, None, str(value), value=str(value)[:40])
        if raw:
            rows.append(row_of(table, columns, raw, place, problems))
    _tell_hidden(grid, problems)
    return rows


def _computed(grid: Grid, table: str) -> set[int]:
    if not grid.rows:
        return set()
    _, values = grid.rows[heading_position(table, grid)]
    return {i for i, value in enumerate(values) if isinstance(value, str) and is_own(value)}


def _as_typed(column: Column, value: Any) -> Any:
    """A whole number under a heading for texts is the text that was typed: a code such as 103."""
    if type(value) is int and column.kind in _TEXT_KINDS:
        return str(value)
    return value


def _check_merged(
    grid: Grid, heading: int, columns: list[Column | None], file: str, problems: Problems
) -> None:
    """Of merged cells only the first holds a value, so below the headings there may be none."""
    for merged in grid.merged:
        left, top, right, bottom = range_boundaries(merged)
        met = [column for column in columns[left - 1 : right] if column is not None]
        if bottom > heading and met:
            place = Place(file, grid.sheet, max(top, heading))
            problems.add("merged_cells", place, met[0].name, merged, cells=merged)


def _tell_hidden(grid: Grid, problems: Problems) -> None:
    """What the officer does not see is read as well, so it is said."""
    if grid.hidden:
        problems.notice("sheet_hidden", sheet=grid.sheet)
    if grid.hidden_rows:
        problems.notice(
            "rows_hidden",
            sheet=grid.sheet,
            number=len(grid.hidden_rows),
            first=grid.hidden_rows[0],
        )
    if grid.hidden_columns:
        columns = [letters_of(column) for column in grid.hidden_columns]
        problems.notice("columns_hidden", sheet=grid.sheet, columns=columns)
