"""One sheet as a page: its title, its paper, and rows written from the top down.

What is text is written as text, so that nothing a person typed becomes a formula or a link. Rows
are written in order, each once, because the book is streamed to disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from solver.words import say
from solver.write.book import fit
from solver.write.book.styles import ACCENT, QUIET, SIZE, Styles

A4 = 9
"""The workbook's number for A4 paper."""

UPRIGHT, ACROSS = (538.0, 745.0), (784.0, 498.0)
"""Width and height of what is printed on an upright page and on one that lies, in points."""

DIGIT = 5.25
"""Width of one digit of a column, in points."""

SHRUNK = 1.3
"""So much higher than the page a sheet may be and still be readable when it is made to fit."""

INDENT = 2
"""Digits that an indent takes off a column's width."""

BOLD = 1.08
"""So much wider are bold letters."""

LONGEST = 32_767
"""As many UTF-16 units as Excel keeps of a text."""

HEADER = 90
"""So many letters of a title fit beside the sheet's name in a page header."""


class Live(NamedTuple):
    """A formula and what it yields for the result as it was written."""

    formula: str
    value: int | float | str


class Marked(NamedTuple):
    """A value in another format than its column's."""

    value: Any
    look: Format


class Block(NamedTuple):
    """A value over the columns `first` to `last` of a row, counted from 0."""

    first: int
    last: int
    value: Any
    look: Format
    size: float = SIZE


class Page:
    """A sheet; `row` is the next free row, counted from 0, `height` that of the rows before it."""

    def __init__(self, sheet: Worksheet, styles: Styles, document: Mapping[str, Any]) -> None:
        self.sheet = sheet
        self.styles = styles
        self.language = styles.language
        self.scenario = document["scenario"]
        self.row = 0
        self.height = 0.0
        self.widths: list[float] = []
        self.paper_size = UPRIGHT

    def say(self, code: str, **facts: Any) -> str:
        """A sentence of the workbook's own catalogue."""
        return say(f"book.{code}", self.language, facts)

    def paper(self, widths: Sequence[float], *, landscape: bool) -> None:
        """A4, as wide as the printed columns, with the scenario and its digest on every page."""
        sheet, self.widths = self.sheet, list(widths)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        self.paper_size = ACROSS if landscape else UPRIGHT
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.65)
        sheet.hide_gridlines(2)
        small = '&"Arial,Regular"&8&K5B6B73'
        title, digest = self.scenario["title"], self.scenario["digest"]
        shown = title if len(title) <= HEADER else title[: HEADER - 1] + "…"
        sheet.set_header(f"&L{small} {_escaped(shown)}&R{small} &A", {"margin": 0.35})
        sheet.set_footer(
            f"&L{small} {self.say('footer_left', digest=digest[:12])}"
            f"&C{small} {self.say('footer_middle')}"
            f"&R{small} {self.say('footer_right')}",
            {"margin": 0.3},
        )
        # A code such as 12 is a name; Excel need not warn of every one.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def heading(self, title: str, note: str = "") -> None:
        """The sheet's title and, below it, what the reader should know before reading on."""
        last = len(self.widths) - 1
        look = self.styles.plain(bold=True, font_size=14, font_color=ACCENT, valign="vcenter")
        self.band([Block(0, last, title, look, 14)], least=24)
        if note:
            self.note(note)
        self.gap(6)

    def note(self, text: str, **look: Any) -> None:
        """A wrapped sentence over the whole width."""
        props = {"text_wrap": True, "valign": "top", "font_color": QUIET, **look}
        self.band([Block(0, len(self.widths) - 1, text, self.styles.plain(**props))])

    def section(self, text: str) -> None:
        """A heading within a sheet."""
        self.gap(8)
        look = self.styles.plain(bold=True, font_size=11, font_color=ACCENT, bottom=2,
                                 bottom_color=ACCENT)  # fmt: skip
        self.band([Block(0, len(self.widths) - 1, text, look, 11)], least=18)
        self.gap(4)

    def gap(self, height: float) -> None:
        """An empty row of so many points."""
        self.sheet.set_row(self.row, height)
        # A streamed row keeps its height only where it holds something.
        self.sheet.write_blank(self.row, 0, None, self.styles.plain())
        self.height += height
        self.row += 1

    def band(self, blocks: Sequence[Block], least: float = 0) -> int:
        """One row of blocks, as high as the highest text in it; the row's number."""
        row = self.row
        high = max(least, *(self._height(block) for block in blocks))
        self.sheet.set_row(row, high)
        self.height += high
        for block in blocks:
            if block.last > block.first:
                self.sheet.merge_range(row, block.first, row, block.last, "", block.look)
            self.put(row, block.first, block.value, block.look)
        self.row += 1
        return row

    def _height(self, block: Block) -> float:
        if not isinstance(block.value, str):
            return fit.height(1, block.size)
        width = sum(self.widths[block.first : block.last + 1]) * SIZE / block.size
        return fit.height(fit.lines(block.value, room(width, block.look)), block.size)

    def put(self, row: int, column: int, value: Any, look: Format) -> None:
        """One cell: a formula with its value, a number, a text, or nothing."""
        if isinstance(value, Live):
            self.sheet.write_formula(row, column, value.formula, look, value.value)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, column, exact(value), look)
        elif value:
            self.sheet.write_string(row, column, self.cut(value), look)
        else:
            self.sheet.write_blank(row, column, None, look)

    def cut(self, text: str) -> str:
        """A text as long as a cell can hold; where it is cut, it says so."""
        if len(text) <= LONGEST // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST:
            return text
        end = " " + self.say("cut")
        kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(end))]
        return kept.decode("utf-16-le", "ignore") + end

    def money(self, kind: str, spans: Iterable[tuple[int, int, int, int]]) -> None:
        """Amounts in the file's language whatever their size; spans: row, column to row, column."""
        ranges = [xl_range(*span) for span in spans]
        first = next(iter(ranges), None)
        if first is None:
            return
        for rule in self.styles.money_rules(kind):
            condition: dict[str, Any] = {"type": "cell", "multi_range": " ".join(ranges)}
            if rule.low is None:
                condition |= {"criteria": "<=", "value": rule.high}
            elif rule.high is None:
                condition |= {"criteria": ">=", "value": rule.low}
            else:
                condition |= {"criteria": "between", "minimum": rule.low, "maximum": rule.high}
            look = self.styles.number(rule.number_format)
            self.sheet.conditional_format(first, {**condition, "format": look})

    def bars(self, span: tuple[int, int, int, int]) -> None:
        """Shares as bars behind their numbers, full at 100 %."""
        self.sheet.conditional_format(
            *span,
            {
                "type": "data_bar",
                "bar_solid": True,
                "bar_color": "#9CC9D4",
                "min_type": "num",
                "max_type": "num",
                "min_value": 0,
                "max_value": 1,
            },
        )

    def printed(self) -> None:
        """What is printed: all rows up to here, and the columns that the paper is made for.

        What would spill over by a little is made to fit on one page.
        """
        self.sheet.print_area(0, 0, self.row - 1, len(self.widths) - 1)
        if self.height < self._page_height() * SHRUNK:
            self.sheet.fit_to_pages(1, 1)
            self.sheet.set_h_pagebreaks([])
        else:
            self.sheet.fit_to_pages(1, 0)

    def keep(self, height: float) -> None:
        """A new page for what would not stand whole on this one, so many points high."""
        whole, used = self._page_height(), self.height
        if used > whole or used + height > whole:
            self.sheet.set_h_pagebreaks([self.row])

    def _page_height(self) -> float:
        """So many points of rows fit on a page, made to fit in width."""
        wide, high = self.paper_size
        return high * max(1, sum(self.widths) * DIGIT / wide)


def room(width: float, look: Format) -> float:
    """The digits that a column `width` digits wide has room for in a format."""
    left: float = width - INDENT * look.indent
    return left / BOLD if look.bold else left


def exact(value: int | float) -> int | Decimal:
    """A number as it is printed; a float would be written with the noise of its 16th digit."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def _escaped(text: str) -> str:
    """A text for a page header, where `&` begins a code."""
    return text.replace("&", "&&")
