"""A table of rupiah with names at its left and top: found on its sheet, and added up.

Titles may stand above the headings, headings may take two rows, totals may stand at the right and
at the bottom, and the column of totals often has no heading. A total that is not the sum of its
cells is an error: one of the figures is wrong, and nobody here knows which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from solver.errors import Place
from solver.sipd import parts
from solver.sipd.record import TOTALS
from solver.sipd.sums import Sheet
from solver.tables.cells import Percent
from solver.tables.columns import find, folded
from solver.tables.numbers import NumberError
from solver.tables.problems import Problems
from solver.tables.xlsx import Grid

_SEARCHED = 30
_NO_NAMES = frozenset(
    {"no", "nomor", "nourut", "kode", "kodeopd", "kodeskpd", "kodewilayah", "persen"}
)
_IN_THOUSANDS = re.compile(
    r"\b(ribuan|jutaan|milyaran|miliaran|(?:dalam|rp\.?)\s*(?:ribu|juta|000))\b", re.I
)

_NUMBER = re.compile("[0-9]")


@dataclass(frozen=True)
class NumberTable:
    """Rupiah by row name and column name, totals checked and taken off.

    `kind` is what the row names are: "district" or "agency". Blank cells count 0, and are listed in
    `blanks`.
    """

    sheet: str
    kind: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]
    blanks: tuple[tuple[str, str], ...] = ()

    def turned(self) -> NumberTable:
        """The same cells with rows and columns exchanged."""
        return NumberTable(
            self.sheet,
            "agency" if self.kind == "district" else "district",
            self.columns,
            self.rows,
            {(column, row): rupiah for (row, column), rupiah in self.cells.items()},
            tuple((column, row) for row, column in self.blanks),
        )

    def row_sum(self, row: str, columns: Sequence[str] | None = None) -> int:
        """The rupiah of one row, of these columns or of all."""
        return sum(self.cells[row, column] for column in columns or self.columns)

    def column_sum(self, column: str) -> int:
        """The rupiah of one column."""
        return sum(self.cells[row, column] for row in self.rows)


@dataclass(frozen=True)
class _Top:
    """Where a table begins: its kind, the column of row names, the last row of headings."""

    kind: str
    label: int
    row: int
    headings: Mapping[int, str]


def number_table(grid: Grid, file: str, problems: Problems) -> NumberTable | None:
    """The table of a sheet; None where the sheet holds none, or where `problems` say why not."""
    sheet = Sheet(grid)
    top = _top(sheet)
    return None if top is None else _Reading(sheet, top, file, problems).table()


def _kind(heading: object) -> str:
    """What the names under a heading are; "" for anything else."""
    if not isinstance(heading, str) or folded(heading) in _NO_NAMES:
        return ""
    column = find("locations", heading)
    if column is not None and column.name == "district":
        return "district"
    column = find("agencies", heading)
    return "agency" if column is not None and column.name in ("code", "name") else ""


def _top(sheet: Sheet) -> _Top | None:
    for row in sorted(sheet.rows)[:_SEARCHED]:
        for position, value in enumerate(sheet.rows[row], 1):
            if kind := _kind(value):
                top = _headings(sheet, kind, position, row)
                if top.headings:
                    return top
    return None


def _headings(sheet: Sheet, kind: str, label: int, row: int) -> _Top:
    """The headings right of the row names; a second row of them goes before the first."""
    headings = _texts(sheet, row, label)
    below = row + 1
    second = _texts(sheet, below, label)
    is_second = second and sheet.at(below, label) is None and _only_texts(sheet, below)
    if is_second:
        return _Top(kind, label, below, {**headings, **second})
    return _Top(kind, label, row, headings)


def _texts(sheet: Sheet, row: int, label: int) -> dict[int, str]:
    values = sheet.rows.get(row, ())
    return {
        position: parts.plain(value)
        for position, value in enumerate(values, 1)
        if position > label and isinstance(value, str) and value.strip()
    }


def _only_texts(sheet: Sheet, row: int) -> bool:
    return all(value is None or isinstance(value, str) for value in sheet.rows.get(row, ()))


class _Reading:
    """Reads one table below its headings."""

    def __init__(self, sheet: Sheet, top: _Top, file: str, problems: Problems) -> None:
        self.sheet = sheet
        self.top = top
        self.file = file
        self.problems = problems
        self.before = len(problems.issues)
        self.names: dict[int, str] = {}
        self.total_rows: list[int] = []

    def table(self) -> NumberTable | None:
        """The table, None where something is wrong with it."""
        self._check_scale()
        self._find_rows()
        values, total_columns = self._find_columns()
        rupiah = self._read((*values, *total_columns))
        if self._is_wrong():
            return None
        total_columns += self._unnamed_totals(values, rupiah)
        if not values and len(total_columns) == 1:
            values, total_columns = total_columns, []  # only a total is given: that is the ceiling
        self._check_totals(values, total_columns, rupiah)
        if self._is_wrong() or not values or not self.names:
            return None
        columns = {column: self._heading(column) for column in values}
        return NumberTable(
            self.sheet.name,
            self.top.kind,
            tuple(self.names.values()),
            tuple(columns.values()),
            {
                (name, heading): rupiah[row, column] or 0
                for row, name in self.names.items()
                for column, heading in columns.items()
            },
            tuple(
                (name, heading)
                for row, name in self.names.items()
                for column, heading in columns.items()
                if rupiah[row, column] is None
            ),
        )

    def _is_wrong(self) -> bool:
        return len(self.problems.issues) > self.before

    def _heading(self, column: int) -> str:
        return parts.code(self.top.headings.get(column, get_column_letter(column)))

    def _place(self, row: int) -> Place:
        return Place(self.file, self.sheet.name, row)

    def _check_scale(self) -> None:
        """A table in thousands of rupiah would be a thousand times too tight."""
        for row in sorted(self.sheet.rows):
            if row > self.top.row:
                break
            for value in self.sheet.rows[row]:
                if isinstance(value, str) and _IN_THOUSANDS.search(value):
                    self.problems.add(
                        "ceilings_scaled", self._place(row), None, value, value=value.strip()[:80]
                    )

    def _find_rows(self) -> None:
        """The rows with a name, and those with totals; rows without any figure are remarks."""
        seen: dict[str, int] = {}
        for row in sorted(self.sheet.rows):
            values = self.sheet.rows[row]
            figures = [value for value in values[self.top.label :] if value is not None]
            if row <= self.top.row or not figures or _counts_up(values):
                continue
            if any(_is_total(value) for value in values[: self.top.label]):
                self.total_rows.append(row)
                continue
            label = self.sheet.at(row, self.top.label)
            if not isinstance(label, str):
                if not _only_texts(self.sheet, row):
                    self.problems.add("ceilings_without_name", self._place(row), None, label)
                continue
            name = parts.plain(label)
            name = parts.district(name) if self.top.kind == "district" else parts.code(name)
            if folded(name) in seen:
                first = seen[folded(name)]
                self.problems.add(
                    "ceilings_name_twice", self._place(row), None, name, name=name, first=first
                )
            seen[folded(name)] = row
            self.names[row] = name

    def _find_columns(self) -> tuple[list[int], list[int]]:
        """The columns of figures, and those of totals by their headings."""
        values, totals = [], []
        seen: dict[str, str] = {}
        for column, heading in self.top.headings.items():
            found = [self.sheet.at(row, column) for row in self.names]
            given = [value for value in found if value is not None]
            is_text = all(isinstance(v, str) and not _NUMBER.search(v) for v in given)
            if folded(heading) in _NO_NAMES or "%" in heading or not given or is_text:
                continue
            if any(isinstance(value, Percent) for value in given):
                continue
            if folded(heading) in TOTALS:
                totals.append(column)
                continue
            if folded(heading) in seen:
                self.problems.add(
                    "ceilings_heading_twice", self._place(self.top.row), heading, heading,
                    name=heading,
                )  # fmt: skip
            seen[folded(heading)] = heading
            values.append(column)
        return values, totals

    def _read(self, columns: Sequence[int]) -> dict[tuple[int, int], int | None]:
        """The rupiah of named rows and rows of totals; what can't be read goes to problems."""
        rupiah: dict[tuple[int, int], int | None] = {}
        for row in (*self.names, *self.total_rows):
            for column in columns:
                try:
                    rupiah[row, column] = self.sheet.money(row, column)
                except NumberError as error:
                    heading = self._heading(column)
                    shown = error.facts.get("value")
                    self.problems.add(
                        error.code, self._place(row), heading, shown,
                        error.facts.get("first"), **error.facts,
                    )  # fmt: skip
        return rupiah

    def _unnamed_totals(
        self, values: Sequence[int], rupiah: dict[tuple[int, int], int | None]
    ) -> list[int]:
        """Columns with figures and no heading: totals where they add up, else nobody knows what."""
        widest = max((len(self.sheet.rows[row]) for row in self.names), default=0)
        found = []
        for column in range(self.top.label + 1, widest + 1):
            given = [row for row in self.names if self.sheet.at(row, column) is not None]
            if column in self.top.headings or not given:
                continue
            rupiah |= self._read([column])
            if self._is_wrong():
                return []
            wrong = [
                row
                for row in given
                if rupiah[row, column] != sum(rupiah[row, other] or 0 for other in values)
            ]
            if len(wrong) > len(given) / 2:
                letter = get_column_letter(column)
                self.problems.add(
                    "ceilings_without_heading", self._place(wrong[0]), letter, column=letter
                )
            else:
                found.append(column)
        return found

    def _check_totals(
        self,
        values: Sequence[int],
        totals: Sequence[int],
        rupiah: Mapping[tuple[int, int], int | None],
    ) -> None:
        """Every total is the sum of its row or column, or of what stands since the total before."""
        for row, name in self.names.items():
            for total in totals:
                before = max((t for t in totals if t < total), default=0)
                whole = [column for column in values if column < total] or values
                part = [column for column in whole if column > before]
                sums = [sum(rupiah[row, c] or 0 for c in columns) for columns in (whole, part)]
                self._compare(row, total, name, rupiah[row, total], sums)
        for total_row in self.total_rows:
            earlier = max((row for row in self.total_rows if row < total_row), default=0)
            whole_rows = [row for row in self.names if row < total_row] or list(self.names)
            part_rows = [row for row in whole_rows if row > earlier]
            for column in (*values, *totals):
                sums = [
                    sum(rupiah[r, column] or 0 for r in rows) for rows in (whole_rows, part_rows)
                ]
                stated = rupiah[total_row, column]
                self._compare(total_row, column, self._heading(column), stated, sums)

    def _compare(
        self, row: int, column: int, name: str, stated: int | None, sums: Sequence[int]
    ) -> None:
        if stated is None or stated in sums:
            return
        self.problems.add(
            "ceilings_total_differs",
            self._place(row),
            self._heading(column),
            stated,
            name=name,
            stated=stated,
            computed=sums[0],
            difference=abs(stated - sums[0]),
        )


def _is_total(label: object) -> bool:
    """Whether a row bears a sum, of all or of a part: Jumlah Wilayah I."""
    return isinstance(label, str) and folded(label).startswith(
        ("jumlah", "total", "subtotal", "jml")
    )


def _counts_up(values: Sequence[object]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 and so on."""
    given = [value for value in values if value is not None]
    return len(given) > 2 and all(
        str(value).strip("() ") == str(place) for place, value in enumerate(given, 1)
    )
