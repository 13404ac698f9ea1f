"""A table on a page: totals above, headings that stay, a filter, one row a thing.

The totals stand above, where a filter can't hide them and a longer table doesn't push them away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

from solver.write.book import fit
from solver.write.book.page import BOLD, Live, Marked, Page, exact, room
from solver.write.book.styles import QUIET, apart


class Column(NamedTuple):
    """A column: heading, width in digits, kind (see styles), and whether it goes on paper."""

    heading: str
    width: float
    kind: str = "text"
    printed: bool = True


def _wide_enough(column: Column) -> Column:
    """The column, no narrower than the longest word of its heading."""
    longest = max(map(fit.width, column.heading.split()), default=0)
    return column._replace(width=max(column.width, round(longest * BOLD + 1, 1)))


class Table:
    """A page with one table, its columns by name; the printed ones come first.

    Rows are counted from 0 as the writer counts them: totals at `above`, data `first` to `last`.
    `name` is the sheet's among the sentences that head it.
    """

    def __init__(
        self,
        page: Page,
        name: str,
        columns: Mapping[str, Column],
        count: int,
        *,
        landscape: bool = True,
    ) -> None:
        self.page = page
        columns = {name: _wide_enough(column) for name, column in columns.items()}
        page.paper([c.width for c in columns.values() if c.printed], landscape=landscape)
        page.heading(page.say(f"title_{name}"), page.say(f"note_{name}"))
        self.columns = columns
        self.above = page.row
        self.first = self.above + 2
        self.last = self.first + count - 1
        self._beside = apart([column.kind for column in columns.values()])
        self._places = {name: place for place, name in enumerate(columns)}

    def span(self, name: str, count: int | None = None) -> tuple[int, int, int, int]:
        """A column's data, or its first rows: row, column, row, column."""
        place = self._places[name]
        last = self.last if count is None else self.first + count - 1
        return self.first, place, last, place

    def range(self, name: str) -> str:
        """A column's data as a formula on any sheet names it: 'Per OPD'!$E$8:$E$19."""
        sheet = quote_sheetname(self.page.sheet.get_name())
        return f"{sheet}!{self.here(name)}"

    def here(self, name: str) -> str:
        """A column's data as a formula on this sheet names it: $E$8:$E$19."""
        return str(xl_range_abs(*self.span(name)))

    def cell(self, name: str, row: int) -> str:
        """A cell as a formula in its own row names it: $E8."""
        return str(xl_rowcol_to_cell(row, self._places[name], col_abs=True))

    def look(self, name: str, **more: Any) -> Format:
        """The format of a column's cells, with what is different about it."""
        place = self._places[name]
        return self.page.styles.of(self.columns[name].kind, **{**self._beside[place], **more})

    def write(
        self, totals: Mapping[str, Any], rows: Iterable[Sequence[Any]], *, filtered: bool = True
    ) -> None:
        """Totals, headings and rows, and what a table needs on the screen and on paper."""
        page, sheet = self.page, self.page.sheet
        self._totals(totals)
        self._headings()
        self._rows(rows)
        page.row = self.last + 1
        sheet.freeze_panes(self.first, 0)
        sheet.repeat_rows(self.first - 1)
        if filtered:
            sheet.autofilter(self.first - 1, 0, self.last, len(self.columns) - 1)
        page.printed()
        for kind in ("money", "share"):
            spans = [
                (self.above, place, self.last, place)
                for place, column in enumerate(self.columns.values())
                if column.kind == kind
            ]
            if kind == "money":
                page.money(kind, spans)
            else:
                for span in spans:
                    page.bars(span)

    def _totals(self, totals: Mapping[str, Any]) -> None:
        page = self.page
        page.sheet.set_row(self.above, 18)
        for place, (name, column) in enumerate(self.columns.items()):
            if column.printed or name in totals:
                look = page.styles.of(column.kind, bold=True, valign="vcenter", text_wrap=False)
                page.put(self.above, place, totals.get(name), look)

    def _headings(self) -> None:
        page, row = self.page, self.first - 1
        columns = self.columns.values()
        # Narrower: the filter's button covers the last letters of a heading.
        high = fit.height(max(fit.lines(c.heading, (c.width - 1) / BOLD) for c in columns)) + 4
        page.sheet.set_row(row, high)
        page.height += high
        for place, (column, beside) in enumerate(zip(columns, self._beside, strict=True)):
            colours = {} if column.printed else {"bg_color": "#F1F1F1", "font_color": QUIET}
            page.sheet.set_column(place, place, column.width)
            look = page.styles.heading(column.kind, **beside, **colours)
            page.put(row, place, column.heading, look)

    def _rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Row by row; what is wrapped decides how high each is."""
        page, sheet = self.page, self.page.sheet
        string, number, blank = sheet.write_string, sheet.write_number, sheet.write_blank
        looks = [self.look(name) for name in self.columns]
        widths = [column.width for column in self.columns.values()]
        # A text of so few letters fits in one line, however wide they are.
        short = [room(width, look) / 2 for width, look in zip(widths, looks, strict=True)]
        for row, cells in enumerate(rows, self.first):
            most = 1
            for place, cell in enumerate(cells):
                look = looks[place]
                if type(cell) is Marked:
                    cell, look = cell
                if cell is None or cell == "":
                    blank(row, place, None, look)
                elif type(cell) is str:
                    if len(cell) > short[place]:
                        most = max(most, fit.lines(cell, room(widths[place], look)))
                        cell = page.cut(cell)
                    string(row, place, cell, look)
                elif type(cell) is Live:
                    page.put(row, place, cell, look)
                elif type(cell) is float:
                    number(row, place, exact(cell), look)
                else:
                    number(row, place, cell, look)
            high = fit.height(most)
            if most > 1:
                sheet.set_row(row, high)
            page.height += high
