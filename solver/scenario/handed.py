"""A workbook that was handed in as bytes, with corrections of single cells typed beside it.

The file itself stays as it is: a correction says what a cell is to be read as.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from solver.scenario.fragment import parse
from solver.scenario.scenario import Scenario, resolved
from solver.scenario.workbook import RULE_COLUMNS, SCENARIO_COLUMNS, Workbook
from solver.tables.columns import COLUMNS, find, folded
from solver.tables.grids import heading_position
from solver.tables.problems import Problems
from solver.tables.xlsx import Grid


@dataclass(frozen=True)
class Correction:
    """What a cell is to be read as.

    `sheet` and `row` are as the workbook shows them, `column` is a column's name or the heading
    above the cell. A heading itself is corrected by its row and by what stands there, `before`.
    `text` None leaves the whole row out. `everywhere`: so is every cell of that column in which
    `before` stands, since an unknown name is told once.
    """

    sheet: str
    row: int
    column: str
    text: str | None
    before: str = ""
    everywhere: bool = False


def read_workbook(data: bytes, name: str, corrections: Iterable[Correction] = ()) -> Scenario:
    """The scenario of a workbook's bytes; InputError has every problem that was found."""
    problems = Problems()
    workbook = Workbook(data, name, problems)
    for correction in corrections:
        for kind, grid in workbook.grids.items():
            if grid.sheet == correction.sheet:
                workbook.grids[kind] = _corrected(kind, grid, correction)
    fragment = parse(workbook.document(), name, workbook, problems)
    return resolved(None, [fragment], problems)


def heading_of(column: str, language: str) -> str:
    """What a table's headings call a column; what is no column of a table stays as it is."""
    known = (c for columns in COLUMNS.values() for c in columns if c.name == column)
    found = next(known, None)
    if found is None:
        return column
    return found.heading if language == "id" else found.name


def _corrected(kind: str, grid: Grid, correction: Correction) -> Grid:
    heading, values = _headings(kind, grid)
    position = _position(kind, values, correction)
    rows = []
    for number, cells in grid.rows:
        if not _is_meant(number, cells, position, heading, correction):
            rows.append((number, cells))
        elif correction.text is not None:
            place = _place(cells, position, correction, heading)
            rows.append((number, _with(cells, place, correction.text)))
    return replace(grid, rows=rows)


def _is_meant(
    number: int, cells: Sequence[Any], position: int | None, heading: int, correction: Correction
) -> bool:
    if number == correction.row:
        return True
    if not correction.everywhere or number <= heading or position is None:
        return False
    return position < len(cells) and str(cells[position]).strip() == correction.before


def _headings(kind: str, grid: Grid) -> tuple[int, Sequence[Any]]:
    """The row of the headings, and what stands in it."""
    if kind in COLUMNS:
        return grid.rows[heading_position(kind, grid)] if grid.rows else (0, ())
    known = {folded(word) for words in _WORDS[kind].values() for word in words}
    found = (row for row in grid.rows if any(folded(str(v or "")) in known for v in row[1]))
    return next(found, (0, ()))


_WORDS = {"rules": RULE_COLUMNS, "scenario": SCENARIO_COLUMNS}


def _position(kind: str, headings: Sequence[Any], correction: Correction) -> int | None:
    """Under which heading the cell stands, counted from 0."""
    for position, value in enumerate(headings):
        heading = str(value or "").strip()
        if heading and _name(kind, heading, correction) in (correction.column, "*"):
            return position
    return None


def _name(kind: str, heading: str, correction: Correction) -> str:
    if kind in COLUMNS:
        column = find(kind, heading)
        return column.name if column else heading
    known = {folded(w): name for name, words in _WORDS[kind].items() for w in words}
    name = known.get(folded(heading), heading)
    if kind == "scenario":
        wanted = "key" if correction.column == "key" else "value"
        return "*" if name == wanted else name
    return "proposal" if name == "proposals" and correction.column == "proposal" else name


def _place(
    cells: Sequence[Any], position: int | None, correction: Correction, heading: int
) -> int | None:
    """Where in its row the cell is: below its heading, else where its present text stands."""
    if position is not None and correction.row != heading:
        return position
    texts = [str(value).strip() for value in cells]
    return texts.index(correction.before) if correction.before in texts else position


def _with(cells: Sequence[Any], place: int | None, text: str) -> tuple[Any, ...]:
    """The row with one cell replaced; an empty text leaves the cell blank."""
    if place is None:
        return tuple(cells)
    longer = [*cells, *[None] * (place + 1 - len(cells))]
    longer[place] = text.strip() or None
    return tuple(longer)
