"""result.xlsx: the result as the workbook that a planner would have made on a good day.

One file a sheet; `page`, `table`, `grid` and `styles` are how they are written, `live` what their
formulas are. The book is streamed: its rows go to disk as they are written, so that fifty thousand
proposals need no more memory than fifty.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import xlsxwriter

from solver.words import say
from solver.write import summary
from solver.write.book import (
    agencies,
    baseline,
    charts,
    decisions,
    front,
    inversions,
    limits,
    lines,
    places,
    scenario,
)
from solver.write.book.names import Names
from solver.write.book.page import Page
from solver.write.book.styles import FONT, Styles

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": {**FONT},
}

SHEETS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "summary": lambda _document: True,
    "decisions": lambda document: document["decisions"],
    "agencies": lambda document: document["decisions"],
    "places": lambda document: document["decisions"],
    "lines": lambda document: document["decisions"] and document["lines"],
    "limits": lambda document: document["limits"],
    "inversions": lambda document: document["inversions"],
    "baseline": lambda document: document["baseline"],
    "scenario": lambda _document: True,
}
"""The sheets in their order, and whether a result has something for each."""


def book(document: dict[str, Any], language: str) -> bytes:
    """The workbook of a result document with its input; what a person typed stays text in it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as workbook:
        workbook.set_properties({"title": document["scenario"]["title"], "author": "Kayuh"})
        styles = Styles(workbook, language)
        pages = {}
        for name, has_something in SHEETS.items():
            if has_something(document):
                sheet = workbook.add_worksheet(say(f"book.sheet_{name}", language))
                pages[name] = Page(sheet, styles, document)
        _fill(workbook, pages, document)
    return out.getvalue()


def _fill(workbook: xlsxwriter.Workbook, pages: dict[str, Page], document: dict[str, Any]) -> None:
    """Every sheet; the front page's charts come last, since they refer to the others."""
    names = Names(document, pages["summary"].language)
    front.fill(pages["summary"], document)
    if "decisions" in pages:
        listed = decisions.fill(pages["decisions"], document)
        by_agency = agencies.fill(pages["agencies"], document, listed)
        by_place = places.fill(pages["places"], document, listed)
        if "lines" in pages:
            lines.fill(pages["lines"], document, listed)
        asked = summary.by_agency(document)
        charts.draw(workbook, pages["agencies"], by_agency, charts.AGENCIES, len(asked), 16)
        front.draw(workbook, pages["summary"], document, by_agency, by_place)
    if "limits" in pages:
        limits.fill(pages["limits"], document, names)
    if "inversions" in pages:
        inversions.fill(pages["inversions"], document)
    if "baseline" in pages:
        baseline.fill(pages["baseline"], document, names)
    scenario.fill(pages["scenario"], document)
