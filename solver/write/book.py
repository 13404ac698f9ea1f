"""result.xlsx: the result as plain sheets, a table each, that sort and filter."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from solver.words import say
from solver.write import listing, summary

A4 = 9
"""The workbook's number for A4 paper."""

MONEY = {"amount", "requested_amount", "ceiling", "committed", "line_proposals", "moved"}
WIDE = {"title": 44, "reasons": 90, "subject": 34, "places_added": 34, "key": 40, "value": 90}
LIMITS = ("rule", "subject", "measure", "used", "min", "max", "tight")
LINES = (
    "line",
    "title",
    "agency",
    "ceiling",
    "committed",
    "line_proposals",
    "moved",
    "target_before",
    "target_after",
    "unit",
    "places_added",
)


def book(document: dict[str, Any], language: str) -> bytes:
    """The workbook of a result document; nothing in it is a formula or a link."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(out, options)
    writer = _Sheets(workbook, language)
    writer.add("summary", ("item", "value"), _summary(document, language))
    writer.add("decisions", listing.COLUMNS, map(listing.flat, document["decisions"]))
    writer.add("limits", LIMITS, document["limits"])
    writer.add("lines", LINES, map(_line, document["lines"]))
    writer.add("inversions", ("skipped", "taken"), document["inversions"])
    writer.add("changes", ("key", "from", "to", "file"), document["scenario"]["changes"])
    workbook.close()
    return out.getvalue()


def _summary(document: dict[str, Any], language: str) -> Iterable[dict[str, Any]]:
    lines = [document["scenario"]["title"], *summary.paragraphs(document, language)]
    if conflict := document["conflict"]:
        lines += [rule["text"] for rule in conflict["rules"]]
        lines += [repair["text"] for repair in conflict["repairs"]]
    lines += [warning["text"] for warning in document["warnings"]]
    return ({"item": place, "value": line} for place, line in enumerate(lines, 1))


def _line(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "line_proposals": line["proposals"], "places_added": line["places_added"]}


class _Sheets:
    def __init__(self, workbook: xlsxwriter.Workbook, language: str) -> None:
        self.workbook = workbook
        self.language = language
        self.bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.money = workbook.add_format({"num_format": "#,##0"})
        self.wrap = workbook.add_format({"text_wrap": True, "valign": "top"})

    def add(self, name: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
        """One sheet: headings frozen and with filters, one row a thing."""
        sheet = self.workbook.add_worksheet(say(f"heading.sheet_{name}", self.language))
        for place, column in enumerate(columns):
            sheet.write_string(0, place, say(f"heading.{column}", self.language), self.bold)
            sheet.set_column(place, place, WIDE.get(column, 16))
        last = 0
        for last, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                self._cell(sheet, last, place, column, row.get(column))
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def _cell(self, sheet: Any, row: int, place: int, column: str, value: Any) -> None:
        if column == "decision":
            value = say(f"result.decision_{value}", self.language)
        if column == "rule":
            value = say(f"rule.{value}", self.language)
        if isinstance(value, list):
            value = "; ".join(str(item) for item in value)
        if isinstance(value, bool):
            sheet.write_boolean(row, place, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, self.money if column in MONEY else None)
        elif value:
            sheet.write_string(row, place, str(value), self.wrap if column in WIDE else None)
