"""The columns that count for the officer: what is asked of an agency, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from solver.tables.columns import COLUMNS
from solver.tables.sheets import SHEETS
from solver.write.workbook.page import ROOM, Page, across

MORE_AGENCIES = 20
"""Rows below the last agency that count as well, once a code is typed there."""


class Sums:
    """Writes the two computed columns right of the agencies' own, starting at `place`.

    Rows that share an id with the row above are other options of it and don't count again. The
    formulas refer to cells only, and bring the value along that they would give.
    """

    def __init__(self, page: Page, document: Mapping[str, Any], place: int) -> None:
        self.page = page
        self.document = document
        self.place = place
        self.asked = _requested(document)
        self.committed = _of_lines(document)
        self.at = {
            table: {column.name: i for i, column in enumerate(COLUMNS[table])}
            for table in ("proposals", "agencies", "lines")
        }

    def head(self, sheet: Any) -> None:
        """The headings, and red where too much is asked."""
        for offset, code in enumerate(("asked", "left")):
            place = self.place + offset
            sheet.set_column(place, place, 20)
            sheet.write_string(0, place, self.page.say(code), self.page.computed_head)
        below_zero = {"type": "cell", "criteria": "<", "value": 0, "format": self.page.short}
        sheet.conditional_format(1, self.place + 1, ROOM, self.place + 1, below_zero)

    def row(self, sheet: Any, row: int, agency: Mapping[str, Any] | None) -> None:
        """The two cells of one row; `agency` is None where nothing is typed yet."""
        asked, left = ("", "") if agency is None else self._values(agency)
        sheet.write_formula(row, self.place, self._asked(row + 1), self.page.computed, asked)
        sheet.write_formula(row, self.place + 1, self._left(row + 1), self.page.computed, left)

    def _range(self, table: str, column: str, first: int = 2) -> str:
        last = len(self.document.get(table, ())) + ROOM
        name = SHEETS[table][self.page.language]
        return f"'{name}'!{across(self.at[table][column], first, last + first - 2)}"

    def _own(self, column: str, row: int) -> str:
        return f"${xl_col_to_name(self.at['agencies'][column])}{row}"

    def _asked(self, row: int) -> str:
        proposals = {name: self._range("proposals", name) for name in self.at["proposals"]}
        code = self._own("code", row)
        new = f"--({proposals['id']}<>{self._range('proposals', 'id', 1)})"
        here = f"--({proposals['agency']}={code}),{new}"
        by_unit = f'--({proposals["amount"]}="")'
        return (
            f'=IF({code}="","",SUMPRODUCT({here},{proposals["amount"]})'
            f"+SUMPRODUCT({here},{by_unit},{proposals['unit_cost']},{proposals['volume']})"
            f"+SUMPRODUCT({here},{by_unit},{proposals['fixed_cost']}))"
        )

    def _left(self, row: int) -> str:
        code, ceiling = self._own("code", row), self._own("ceiling", row)
        own = self._range("lines", "agency")
        committed = f"SUMIFS({self._range('lines', 'committed')},{own},{code})"
        asked = f"{xl_col_to_name(self.place)}{row}"
        room = f"{ceiling}-N({self._own('committed', row)})-{committed}"
        return f'=IF(ISNUMBER({ceiling}),{room}-{asked},"")'

    def _values(self, agency: Mapping[str, Any]) -> tuple[int | float, int | float | str]:
        """What the formulas give."""
        asked = self.asked[agency["code"]]
        ceiling = agency.get("ceiling")
        if not isinstance(ceiling, int):
            return asked, ""
        committed = agency.get("committed", 0) + self.committed[agency["code"]]
        return asked, ceiling - committed - asked


def _requested(document: Mapping[str, Any]) -> Counter[str]:
    """What is asked of each agency; of rows that share an id the first counts."""
    found: Counter[str] = Counter()
    before = None
    for row in document.get("proposals", ()):
        if row["id"] != before:
            by_unit = row.get("unit_cost", 0) * row.get("volume", 0) + row.get("fixed_cost", 0)
            found[row["agency"]] += row.get("amount", by_unit)
        before = row["id"]
    return found


def _of_lines(document: Mapping[str, Any]) -> Counter[str]:
    """What each agency's lines hold committed."""
    found: Counter[str] = Counter()
    for row in document.get("lines", ()):
        found[row["agency"]] += row.get("committed", 0)
    return found
