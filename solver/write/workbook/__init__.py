"""A scenario as a workbook to type in: the form that solver.scenario.workbook reads back.

Texts are written as texts. The only formulas stand in columns whose headings end in "(otomatis)".
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from solver.scenario.draft import TABLES
from solver.tables.sheets import SHEETS
from solver.write.workbook import lists, tables
from solver.write.workbook.page import Page, across

_STEPS = 7
_LETTERS_A_LINE = 82


def workbook(document: Mapping[str, Any], language: str) -> bytes:
    """The workbook of a resolved scenario; UsageError where a text is too long for any cell."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = Page(book, language)
        _instructions(page)
        sheets = {kind: book.add_worksheet(names[page.language]) for kind, names in SHEETS.items()}
        ranges = _choices(page)
        for table in TABLES:
            tables.write_table(page, sheets[table], table, document, ranges)
        lists.write_rules(page, sheets["rules"], document, ranges)
        lists.write_scenario(page, sheets["scenario"], document)
        sheets["proposals"].activate()
    return out.getvalue()


def _instructions(page: Page) -> None:
    """The first sheet: what to fill in, in which order, and what to do then."""
    sheet = page.workbook.add_worksheet(page.say("sheet"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24, page.wrap)
    sheet.set_column(1, 1, 84, page.wrap)
    sheet.write_string(0, 0, page.say("title"), page.title)
    for row in range(1, _STEPS + 1):
        text = page.say(f"step_{row}")
        sheet.set_row(row + 1, 15 * (1.6 + len(text) // _LETTERS_A_LINE))
        sheet.write_string(row + 1, 0, page.say(f"step_{row}_head"), page.label)
        sheet.write_string(row + 1, 1, text, page.wrap)
    page.print_on_a4(sheet)


def _choices(page: Page) -> dict[str, str]:
    """The hidden sheet that drop-downs look at; the range of each list, by its name."""
    name = page.say("choices")
    sheet = page.workbook.add_worksheet(name)
    found = {**tables.choices(page), **lists.choices(page)}
    for row in range(max(map(len, found.values()))):
        for place, words in enumerate(found.values()):
            if row < len(words):
                sheet.write_string(row, place, words[row])
    sheet.hide()
    return {
        key: f"='{name}'!{across(place, 1, len(words))}"
        for place, (key, words) in enumerate(found.items())
    }
