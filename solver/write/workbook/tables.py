"""The sheets of the five tables: every column with its meaning, drop-downs, and the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from solver.scenario.draft import TABLES
from solver.tables.column import Column
from solver.tables.columns import COLUMNS, find
from solver.tables.sheets import SHEETS
from solver.write.workbook.page import ROOM, Page, across
from solver.write.workbook.sums import MORE_AGENCIES, Sums

_WIDTHS = {"title": 44, "note": 36, "name": 46, "places": 36, "tags": 16, "gate": 20}
_MONEY_WIDTH, _WIDTH = 15, 12
_PAGES = {"proposals": 2}
"""Tables too wide to be read on one page."""
_ELSEWHERE = {"agency": "agencies", "line": "lines", "covered_by": "lines"}
"""A column that holds codes of another sheet -> the table there."""


def choices(page: Page) -> dict[str, list[str]]:
    """The words that a column may hold, by the column's name; `yesno` for every yes and no."""
    found = {
        column.name: [page.word(choice) for choice in column.choices]
        for table in TABLES
        for column in COLUMNS[table]
        if column.choices
    }
    return {**found, "yesno": [page.yes_or_no(True), page.yes_or_no(False)]}


def write_table(
    page: Page, sheet: Any, table: str, document: Mapping[str, Any], lists: Mapping[str, str]
) -> None:
    """One table's sheet; `lists` has the ranges of the drop-downs by column."""
    rows: Sequence[Mapping[str, Any]] = document.get(table, ())
    columns = _columns(table, rows)
    sums = Sums(page, document, len(columns)) if table == "agencies" else None
    sheet.set_row(0, 32)
    for place, column in enumerate(columns):
        _head(page, sheet, place, column)
        source = _source(page, column, document, lists)
        if source:
            _drop_down(page, sheet, place, len(rows) + ROOM, source, column)
    if sums:
        sums.head(sheet)
    places = {column.name: (place, column) for place, column in enumerate(columns)}
    for number, row in enumerate(rows, 1):
        for name, value in row.items():
            place, column = places[name]
            page.put(sheet, number, place, _shown(page, column, value), page.form(column))
        if sums:
            sums.row(sheet, number, row)
    if sums:
        for number in range(len(rows) + 1, len(rows) + 1 + MORE_AGENCIES):
            sums.row(sheet, number, None)
    page.finish(
        sheet,
        len(columns) + (2 if sums else 0),
        len(rows),
        frozen=3 if table == "proposals" else 1,
        pages=_PAGES.get(table, 1),
    )


def _columns(table: str, rows: Sequence[Mapping[str, Any]]) -> list[Column]:
    """All columns of the table, then the criteria that are in use."""
    used = {name for row in rows for name in row}
    criteria = sorted(used - {column.name for column in COLUMNS[table]})
    found = (find(table, name) for name in criteria)
    return [*COLUMNS[table], *(column for column in found if column)]


def _head(page: Page, sheet: Any, place: int, column: Column) -> None:
    """The heading, its meaning as a comment, and the form of the whole column below."""
    heading = page.heading(column)
    width = _MONEY_WIDTH if column.kind in ("money", "ceiling", "amount_or_share") else _WIDTH
    width = _WIDTHS.get(column.name, width)
    sheet.set_column(place, place, width, page.form(column))
    sheet.write_string(0, place, heading, page.required if column.required else page.head)
    meaning = column.id if page.language == 0 else column.en
    sheet.write_comment(0, place, meaning, {"author": "Kayuh", "x_scale": 2})


def _source(
    page: Page, column: Column, document: Mapping[str, Any], lists: Mapping[str, str]
) -> str | None:
    """The range that holds what a column may say, or None where anything goes."""
    if column.kind == "yesno":
        return lists["yesno"]
    if other := _ELSEWHERE.get(column.name):
        rows = len(document.get(other, ())) + ROOM
        return f"='{SHEETS[other][page.language]}'!{across(0, 2, rows)}"
    return lists.get(column.name) if column.choices else None


def _drop_down(page: Page, sheet: Any, place: int, last: int, source: str, column: Column) -> None:
    """Codes of another sheet may be typed before they stand there; other choices may not."""
    error = "warning" if column.name in _ELSEWHERE else "stop"
    rule = {"validate": "list", "source": source, "error_type": error, "error_title": "Kayuh"}
    sheet.data_validation(1, place, last, place, {**rule, "error_message": page.say("not_in_list")})


def _shown(page: Page, column: Column, value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(value)
    if column.kind == "ceiling" and isinstance(value, str):
        return page.say("unlimited")
    return page.word(value) if column.choices else value
