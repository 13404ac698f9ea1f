"""The paper of a scenario workbook: its language, formats, and how a cell or a sheet is written."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from solver.errors import UsageError
from solver.tables.column import CHOICE_WORDS, Column
from solver.words import LANGUAGES, say

LONGEST = 32_767
"""The letters that one cell of a workbook can hold."""

ROOM = 2_000
"""Rows below the last one that drop-downs and sums reach as well."""

_A4 = 9
_AS_TEXT = ("id", "text", "list", "choice", "yesno")
_AS_MONEY = ("money", "ceiling", "measured", "amount_or_share")


class Page:
    """What all sheets share; `language` is 0 for Bahasa Indonesia, 1 for English, as in SHEETS."""

    def __init__(self, workbook: Any, language: str) -> None:
        self.workbook = workbook
        self.language = LANGUAGES.index(language)
        add = workbook.add_format
        head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
        dark = {"bg_color": "#1F4E5F", "font_color": "white"}
        self.head = add({**head, **dark})
        self.required = add({**head, "bg_color": "#B5541C", "font_color": "white"})
        self.computed_head = add({**head, "bg_color": "#D9D9D9"})
        self.text = add({"num_format": "@"})
        self.money = add({"num_format": "#,##0"})
        self.plain = add({"num_format": "General"})
        self.left = add({"num_format": "General", "align": "left"})
        self.computed = add({"num_format": "#,##0", "bg_color": "#F2F2F2"})
        self.short = add({"num_format": "#,##0", "font_color": "#C00000", "bold": True})
        self.wrap = add({"text_wrap": True, "valign": "top"})
        self.label = add({"bold": True, "valign": "top"})
        self.title = add({"bold": True, "font_size": 16})

    def say(self, code: str) -> str:
        """A sentence of the catalogue `template`."""
        return say(f"template.{code}", LANGUAGES[self.language])

    def heading(self, column: Column) -> str:
        """A column's heading."""
        return column.heading if self.language == 0 else column.name

    def word(self, choice: str) -> str:
        """A code as a workbook shows it."""
        return CHOICE_WORDS.get(choice, choice) if self.language == 0 else choice

    def yes_or_no(self, value: bool) -> str:
        """A flag as a workbook shows it."""
        words = ("ya", "tidak") if self.language == 0 else ("yes", "no")
        return words[0 if value else 1]

    def form(self, column: Column) -> Any:
        """The format of a column's cells; codes are texts, lest 1-2 become a date."""
        if column.kind in _AS_TEXT:
            return self.text
        return self.money if column.kind in _AS_MONEY else self.plain

    def put(self, sheet: Any, row: int, place: int, value: Any, form: Any = None) -> None:
        """One value of JSON; a text stays a text, whatever it begins with."""
        if isinstance(value, bool):
            value = self.yes_or_no(value)
        if not isinstance(value, str):
            sheet.write_number(row, place, value, form or self.plain)
        elif len(value) > LONGEST:
            raise UsageError("too_long_for_cell", sheet=sheet.name, row=row + 1, max=LONGEST)
        else:
            sheet.write_string(row, place, value, self.text)

    def finish(self, sheet: Any, columns: int, rows: int, frozen: int = 0, pages: int = 1) -> None:
        """Filters, frozen headings and first columns, and so many A4 pages side by side."""
        sheet.autofilter(0, 0, max(rows, 1), columns - 1)
        sheet.freeze_panes(1, frozen)
        sheet.repeat_rows(0)
        if pages > 1:
            sheet.repeat_columns(0, frozen - 1)
        self.print_on_a4(sheet, pages)

    def print_on_a4(self, sheet: Any, pages: int = 1) -> None:
        """A4 pages, so many side by side, numbered."""
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(pages, 0)
        sheet.set_footer("&L&A&R&P / &N")


def across(place: int, first: int, last: int) -> str:
    """A range of one column, rows counted from 1: $D$2:$D$2000."""
    name = xl_col_to_name(place, col_abs=True)
    return f"{name}${first}:{name}${last}"
