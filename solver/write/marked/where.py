"""Which cells of a workbook its problems belong to, and what is said beside each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from solver.commands.common import message
from solver.errors import Issue
from solver.scenario.workbook import RULE_COLUMNS, SCENARIO_COLUMNS
from solver.tables.columns import COLUMNS, by_name, find, folded
from solver.tables.grids import heading_position
from solver.tables.sheets import MARKS, held
from solver.tables.xlsx import Grid
from solver.words import LANGUAGES

_TITLE_ROWS = 20
_WIDEST = 256
"""The last column in which a workbook is read."""


@dataclass
class Marks:
    """What is to be marked in one sheet; rows and columns count from 1.

    `column` is where the messages of the rows stand, None where the sheet has no room for them;
    `title` is its heading, which `is_new` where it does not stand there from an earlier time.
    """

    heading: int
    title: str
    column: int | None
    is_new: bool
    cells: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    rows: dict[int, list[str]] = field(default_factory=dict)


class _Sheet:
    """A sheet's headings: which column a problem speaks of."""

    def __init__(self, grid: Grid, language: str) -> None:
        self.grid = grid
        self.language = LANGUAGES.index(language)
        self.kind = held(grid.sheet) or ""
        self.rows = dict(grid.rows)
        self.heading, headings = _heading(self.kind, grid)
        self.headings = [str(value or "").strip() for value in headings]
        name_of = _names(self.kind)
        self.positions: dict[str, int] = {}
        for position, heading in enumerate(self.headings, 1):
            self.positions.setdefault(name_of(heading) or heading, position)
        ours = next((i for i, h in enumerate(self.headings, 1) if h in MARKS), None)
        width = max((len(values) for _, values in grid.rows), default=0)
        free = width + 1 if width < _WIDEST else None
        self.marks = Marks(self.heading, MARKS[self.language], ours or free, ours is None)

    def add(self, issue: Issue, text: str) -> None:
        """Put down one problem."""
        row = issue.place.row
        position = self._position(issue)
        if row is None or row == self.heading:
            cell = (self.heading, position or self.marks.column or 1)
            self.marks.cells.setdefault(cell, []).append(text)
            return
        if position is not None:
            self.marks.cells.setdefault((row, position), []).append(text)
        name = self._shown(issue.column, position)
        self.marks.rows.setdefault(row, []).append(f"{name}: {text}" if name else text)

    def _position(self, issue: Issue) -> int | None:
        """The column of the cell to be marked: by its name, else by what stands in it."""
        if issue.place.row is None:
            return None
        if self.kind == "scenario":
            wanted = "key" if issue.column == "key" else "value"
            return self.positions.get(wanted)
        column = "proposals" if issue.column == "proposal" else issue.column
        if column in self.positions and issue.place.row != self.heading:
            return self.positions[column]
        wanted_texts = {str(text).strip() for text in (issue.column, issue.value) if text}
        values = self.rows.get(issue.place.row, ())
        return next((i for i, v in enumerate(values, 1) if str(v).strip() in wanted_texts), None)

    def _shown(self, column: str | None, position: int | None) -> str:
        """The column's heading as it stands in the sheet, else as it would."""
        if position is not None:
            return self.headings[position - 1] if position <= len(self.headings) else ""
        known = by_name(self.kind).get(column or "") if self.kind in COLUMNS else None
        if known is not None:
            return known.heading if self.language == 0 else known.name
        return column or ""


def _heading(kind: str, grid: Grid) -> tuple[int, tuple[Any, ...]]:
    """The row of the headings and what stands in it."""
    if not grid.rows:
        return 1, ()
    if kind in COLUMNS:
        return grid.rows[heading_position(kind, grid)]
    name_of = _names(kind)
    top = grid.rows[:_TITLE_ROWS]
    return max(top, key=lambda row: sum(name_of(str(value or "")) is not None for value in row[1]))


def _names(kind: str) -> Callable[[str], str | None]:
    """What gives the name of a column by its heading."""
    if kind in COLUMNS:

        def name_of(heading: str) -> str | None:
            column = find(kind, heading)
            return column.name if column else None

        return name_of
    columns = {"rules": RULE_COLUMNS, "scenario": SCENARIO_COLUMNS}.get(kind, {})
    known = {folded(word): name for name, words in columns.items() for word in words}
    return lambda heading: known.get(folded(heading))


def marks_of(grids: Sequence[Grid], issues: Iterable[Issue], language: str) -> dict[str, Marks]:
    """The marks of every sheet of a scenario workbook, by its name.

    A problem of no sheet stands in the first one, a problem of no row at the headings.
    """
    sheets = {grid.sheet: _Sheet(grid, language) for grid in grids}
    first = next(iter(sheets.values()), None)
    for issue in issues:
        sheet = sheets.get(issue.place.sheet or "", first)
        if sheet is not None:
            sheet.add(issue, message(issue, language))
    return {name: sheet.marks for name, sheet in sheets.items()}
