"""Totals that a spreadsheet program would compute: plain =SUM(...) over cells of the same sheet.

Files written by other programs hold the formula and no value. This one function is computed here,
so that a total can be compared; any other formula without a value stays unread.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from openpyxl.utils.cell import range_boundaries

from solver.tables.cells import Unread
from solver.tables.numbers import NumberError, money, money_of
from solver.tables.xlsx import Grid

MOST_ROWS = 1_000
"""Rows of a sheet that are looked at: no table of ceilings is longer."""

_REFERENCE = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?"
_SUM = re.compile(rf"=\s*SUM\(\s*({_REFERENCE}(?:\s*[,;]\s*{_REFERENCE})*)\s*\)", re.I)
_MOST_VISITS = 1_000_000
"""Cells added up in one sheet; sums of sums of sums beyond that are only meant to take time."""

_DEEPEST = 50


class Sheet:
    """A sheet's cells by row and column, both from 1 on, and the money that stands in them."""

    def __init__(self, grid: Grid) -> None:
        self.name = grid.sheet
        self.rows = {row: values for row, values in grid.rows if row <= MOST_ROWS}
        self._sums: dict[tuple[int, int], Decimal] = {}
        self._open: set[tuple[int, int]] = set()
        self._visits = 0

    def at(self, row: int, column: int) -> Any:
        """The value of a cell as it was read."""
        values = self.rows.get(row, ())
        return values[column - 1] if 0 < column <= len(values) else None

    def money(self, row: int, column: int) -> int | None:
        """Whole rupiah of a cell, sums computed; None for a blank one; NumberError otherwise."""
        value = self.at(row, column)
        if isinstance(value, str):
            shown = value.strip()
            return None if not shown else 0 if shown in "-\u2013\u2014" else money(shown)
        if value is None:
            return None
        return money_of(self._number(row, column, value))

    def _number(self, row: int, column: int, value: Any) -> Decimal:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return Decimal(str(value))
        if not isinstance(value, Unread):
            raise NumberError("wrong_type", value=str(value)[:40])
        found = _SUM.fullmatch(value.shown) if value.code == "formula_without_value" else None
        if found is None or (row, column) in self._open or len(self._open) > _DEEPEST:
            raise NumberError(value.code, value=value.shown[:60])
        if (row, column) not in self._sums:
            self._open.add((row, column))
            try:
                self._sums[row, column] = self._sum(found[1], value)
            finally:
                self._open.discard((row, column))
        return self._sums[row, column]

    def _sum(self, ranges: str, formula: Unread) -> Decimal:
        total = Decimal(0)
        for reference in re.split("[,;]", ranges):
            left, top, right, bottom = range_boundaries(reference.strip().upper())
            for row in range(min(top, bottom), min(max(top, bottom), MOST_ROWS) + 1):
                last = min(max(left, right), len(self.rows.get(row, ())))
                for column in range(min(left, right), last + 1):
                    value = self.at(row, column)
                    # As a spreadsheet does: texts and truth values in a range count nothing.
                    if value is not None and not isinstance(value, (str, bool)):
                        total += self._number(row, column, value)
                self._visits += 1 + last
                if self._visits > _MOST_VISITS:
                    raise NumberError(formula.code, value=formula.shown[:60])
        return total
