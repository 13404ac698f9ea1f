"""A workbook form: A4 pages that print well, live sums with their values, and plain texts."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from solver.words import say
from solver.write.forms.texts import clean

A4 = 9
"""The workbook's number for A4 paper."""

MONEY = {"id": '[$-421]"Rp "#,##0', "en": '[$-409]"Rp "#,##0'}
"""Amounts stay numbers; the language decides between Rp 1.250.000 and Rp 1,250,000."""

LONGEST_NAME = 31
LINE_HEIGHT = 12
"""Points that one line of the font takes."""
LETTERS, BOLD_LETTERS = 1.4, 1.2
"""Letters of the font in one unit of a column's width."""
HIGHEST = 409
"""Points; Excel has no higher row."""
DEEPEST = 15
"""Excel indents no further."""

BASE = {"font_name": "Arial", "font_size": 9}
_HEADING = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
_TEXT = {"text_wrap": True, "valign": "top", "border": 1}
_MONEY = {"align": "right", "valign": "top", "border": 1, "indent": 1, "shrink": True}
_SUM = {"bold": True, "bg_color": "#E8EEF4"}
KINDS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 12},
    "note": {"italic": True, "font_color": "#444444"},
    "heading": {**_HEADING, "bg_color": "#D9E2EC"},
    "number": {**_HEADING, "bold": False, "font_size": 7},
    "text": _TEXT,
    "centre": {**_TEXT, "align": "center"},
    "money": _MONEY,
    "sum": {**_TEXT, **_SUM},
    "sum_money": {**_MONEY, **_SUM},
}


@dataclass(frozen=True)
class Live:
    """A formula with the value it has now, so that readers that don't calculate show it too."""

    formula: str
    value: int


Cell = str | int | Live | None


def cell(row: int, column: int) -> str:
    """A1 for row and column counted from 0."""
    return str(xl_rowcol_to_cell(row, column))


def subtotal(first: int, last: int, column: int, value: int) -> Live:
    """The sum of a column from row to row, counted from 0; subtotals within count once."""
    return Live(f"=SUBTOTAL(9,{cell(first, column)}:{cell(last, column)})", value)


class Book:
    """A workbook in the making; nothing typed by people becomes a formula or a link in it."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._out, options)
        self._names: set[str] = set()
        self._formats: dict[tuple[str, int], Any] = {}

    def format(self, kind: str, depth: int = 0) -> Any:
        """The format of a kind of cell, its text indented by depth."""
        key = (kind, min(depth, DEEPEST))
        if key not in self._formats:
            form = {**BASE, **KINDS[kind]}
            if depth:
                form |= {"indent": key[1], "align": "left"}
            if kind.endswith("money"):
                form["num_format"] = MONEY[self.language]
            self._formats[key] = self._book.add_format(form)
        return self._formats[key]

    def sheet(self, name: str, widths: Sequence[float]) -> Sheet:
        """A new sheet with columns of these widths, in characters."""
        safe = self._safe(name)
        return Sheet(self._book.add_worksheet(safe), safe, self, widths)

    def _safe(self, name: str) -> str:
        """The name without what a sheet's name may not hold, and unlike all others so far."""
        plain = re.sub(r"[\[\]:*?/\\]", "-", clean(name))[:LONGEST_NAME].strip("'") or "-"
        if plain.lower() == "history":  # Excel keeps this one for itself
            plain += "-"
        found, count = plain, 1
        while found.lower() in self._names:
            count += 1
            found = f"{plain[: LONGEST_NAME - len(str(count)) - 1]} {count}"
        self._names.add(found.lower())
        return found

    def close(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._out.getvalue()


class Sheet:
    """One sheet: a title, a heading that is repeated on each page, and rows below it."""

    def __init__(self, sheet: Any, name: str, book: Book, widths: Sequence[float]) -> None:
        self._sheet = sheet
        self._book = book
        self._widths = widths
        self.name = name
        self.row = 0
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8&A&R&8{say('form.page', book.language)}")

    def title(self, *lines: str, notes: Sequence[str] = ()) -> None:
        """The lines above the table."""
        for kind, texts in (("title", lines), ("note", notes)):
            for text in filter(None, texts):
                self._sheet.write_string(self.row, 0, clean(text), self._book.format(kind))
                self.row += 1
        self.row += 1

    def heading(self, names: Sequence[str | tuple[str, Sequence[str]]]) -> None:
        """The heading with column numbers below; a group stands above its columns' names."""
        top, form = self.row, self._book.format("heading")
        is_deep = any(not isinstance(name, str) for name in names)
        flat: list[str] = []
        height = 0.0
        for name in names:
            column = len(flat)
            if not isinstance(name, str):
                group, members = name
                last = column + len(members) - 1
                self._sheet.merge_range(top, column, top, last, clean(group), form)
                room = int(sum(self._widths[column : last + 1]) * BOLD_LETTERS)
                height = max(height, _height(wrapped(group, room)))
                flat += members
            elif is_deep:
                self._sheet.merge_range(top, column, top + 1, column, clean(name), form)
                flat.append("")
            else:
                flat.append(name)
        if is_deep:
            self._sheet.set_row(top, height)
        self.row = top + is_deep
        for column, member in enumerate(flat):
            if member:
                self._sheet.write_string(self.row, column, clean(member), form)
        self._sheet.set_row(self.row, self._height(flat, BOLD_LETTERS))
        self.row += 1
        for column in range(len(flat)):
            number = self._book.format("number")
            self._sheet.write_string(self.row, column, f"({column + 1})", number)
        self._sheet.repeat_rows(top, self.row)
        self.row += 1
        self._sheet.freeze_panes(self.row, 0)

    def write(self, cells: Sequence[Cell], kinds: Sequence[str], depth: int = 0) -> int:
        """One row, a kind of format a cell; its number, counted from 0.

        `depth` indents the row's second cell, where a tree has its titles.
        """
        row = self.row
        for column, (found, kind) in enumerate(zip(cells, kinds, strict=True)):
            form = self._book.format(kind, depth if column == 1 else 0)
            if isinstance(found, Live):
                self._sheet.write_formula(row, column, found.formula, form, found.value)
            elif isinstance(found, int):
                self._sheet.write_number(row, column, found, form)
            elif found:
                self._sheet.write_string(row, column, clean(found), form)
            else:
                self._sheet.write_blank(row, column, None, form)
        letters = BOLD_LETTERS if "sum" in kinds else LETTERS
        self._sheet.set_row(row, self._height(cells, letters, depth))
        self.row += 1
        return row

    def _height(self, cells: Sequence[Cell], letters: float, depth: int = 0) -> float:
        """Room for the longest text: not every reader fits rows to wrapped texts by itself."""
        lines = 1
        for column, found in enumerate(cells):
            if isinstance(found, str):
                width = self._widths[column] - (depth if column == 1 else 0)
                lines = max(lines, wrapped(found, max(int(width * letters), 1)))
        return _height(lines)

    def cell(self, row: int, column: int) -> str:
        """How another sheet names a cell of this one."""
        return f"'{self.name.replace(chr(39), chr(39) * 2)}'!{cell(row, column)}"


def _height(lines: int) -> float:
    return min(LINE_HEIGHT * lines + 2, HIGHEST)


def wrapped(text: str, width: int) -> int:
    """How many lines a text takes where each holds `width` letters, broken at blanks."""
    lines, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > width:
            lines, used = lines + 1, 0
        used += len(word) + (1 if used else 0)
        lines, used = lines + (used - 1) // width, (used - 1) % width + 1
    return lines
