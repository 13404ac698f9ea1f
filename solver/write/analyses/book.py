"""tradeoffs.xlsx: a sheet an analysis, its sentence above its rows."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from solver.words import say
from solver.write.analyses.plans import Document
from solver.write.book import OPTIONS

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "replacement": ("proposal", "loss", "status", "enters", "text"),
    "entry": (
        "proposal", "cost", "status", "leaves", "price_cut", "volume_cut", "score_gain", "text",
    ),
    "next_rupiah": ("rule", "subject", "extra", "gain", "status", "enters", "leaves"),
    "rule_prices": ("rule", "subject", "price", "status", "enters", "leaves"),
    "frontier": ("points", "second", "amount", "text"),
    "variants": ("points", "amount", "distance", "enters", "leaves", "text"),
    "robust": ("proposal", "verdict", "times", "share", "text"),
    "reserve": (
        "agency", "rank", "proposal", "volume", "amount", "points", "extra", "text",
    ),
    "own_share": ("district", "share", "own", "plan", "met", "price", "status", "text"),
}  # fmt: skip
_MONEY = ("price_cut", "extra", "amount")
_WIDE = {"text": 90, "enters": 40, "leaves": 40, "subject": 30, "rule": 26}
_A4 = 9


def book(documents: Mapping[str, Document | None], language: str) -> bytes:
    """The workbook of all analyses that were made; nothing typed becomes a formula or a link."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as workbook:
        head = workbook.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        money = workbook.add_format({"num_format": "#,##0", "valign": "top"})
        title = workbook.add_format({"bold": True, "font_size": 14})
        for name, document in documents.items():
            if document is None:
                continue
            columns = COLUMNS[name]
            sheet = workbook.add_worksheet(say(f"tradeoff.sheet_{name}", language))
            sheet.write_string(0, 0, say(f"tradeoff.name_{name}", language), title)
            sheet.merge_range(1, 0, 1, len(columns) - 1, "", wrap)
            sheet.write_string(1, 0, document["text"], wrap)
            sheet.set_row(1, 15 * (1 + len(document["text"]) // 90))
            for place, column in enumerate(columns):
                sheet.set_column(place, place, _WIDE.get(column, 14))
                sheet.write_string(3, place, say(f"tradeoff.col_{column}", language), head)
            for number, row in enumerate(document["rows"], 4):
                for place, column in enumerate(columns):
                    value = _shown(column, row.get(column), language)
                    if isinstance(value, int | float):
                        sheet.write_number(number, place, value,
                                           money if column in _MONEY else wrap)  # fmt: skip
                    elif value:
                        sheet.write_string(number, place, value, wrap)
            last = 3 + max(1, len(document["rows"]))
            sheet.autofilter(3, 0, last, len(columns) - 1)
            sheet.freeze_panes(4, 0)
            sheet.set_landscape()
            sheet.set_paper(_A4)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(3)
    return out.getvalue()


def _shown(column: str, value: Any, language: str) -> Any:
    """A cell's number or text: codes in words, lists with commas between."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return say(f"tradeoff.met_{'yes' if value else 'no'}", language)
    if value is not None and column == "status":
        return say(f"tradeoff.status_{value}", language)
    if value is not None and column == "verdict":
        return say(f"tradeoff.verdict_{value}", language)
    if value is not None and column == "rule":
        return say(f"rule.{value}", language)
    return value
