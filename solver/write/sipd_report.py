"""laporan-impor.xlsx: what an import read, what it doubts, and what became of every row."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from solver.sipd import Imported
from solver.sipd.account import Line
from solver.sipd.finding import Finding
from solver.sipd.sentences import advice, fix, sentence
from solver.sipd.totals import Total
from solver.tables.cells import as_json
from solver.words import money_full, say

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_A4 = 9
_MONEY = ("amount_file", "amount_read", "difference", "ceiling", "money")
_WIDTHS = {
    "item": 60, "title": 36, "agency": 15, "district": 14, "ward": 16, "name": 40, "found": 58,
    "advice": 34, "fix": 36, "why": 60, "notes": 40, "gate": 20, "outcome": 18, "row": 10,
    "proposal": 13, "sheet": 10, "volume": 9, "unit": 12, "party": 15, "rows_file": 10,
    "rows_read": 10, "by": 11, "number": 10,
}  # fmt: skip
_WRAPPED = ("row", "proposal", "title", "found", "advice", "fix", "why", "notes", "name", "gate")
_LONGEST = 32_000
"""Letters of a cell; a workbook holds a few more."""

_LINE = 15
"""Points of one line of text."""

_SHOWN_ROWS = 30
"""Row numbers and codes of one finding that are written out; the sheet of all rows has them all."""


def report(
    found: Imported, summary: Sequence[tuple[str, int | None, int | None]], language: str
) -> bytes:
    """The workbook; `summary` are lines of its first sheet: what, number, rupiah."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, _OPTIONS)
    # The same import gives the same bytes, so that a change by hand can be told from a new report.
    workbook.set_properties({"created": datetime.datetime(2000, 1, 1)})
    sheets = _Sheets(workbook, language)
    sheets.add(
        "summary",
        ("item", "number", "money"),
        ({"item": text, "number": number, "money": rupiah} for text, number, rupiah in summary),
    )
    by_spot = {line.spot: line for line in found.rows}
    told = ("row", "proposal", "title", "agency", "district", "found", "advice", "fix")
    sheets.add(
        "doubtful",
        told,
        (_told(finding, by_spot, language) for finding in (*found.guesses, *found.slips)),
    )
    sheets.add("repaired", told[:-2], (_told(f, by_spot, language) for f in found.repaired))
    sheets.add(
        "rows",
        (
            "sheet", "row", "outcome", "proposal", "title", "agency", "district", "ward", "volume",
            "unit", "amount_file", "amount_read", "party", "gate", "notes",
        ),
        (_row(line, language) for line in found.rows),
    )  # fmt: skip
    sheets.add(
        "totals",
        (
            "by", "name", "rows_file", "rows_read", "amount_file", "amount_read", "difference",
            "why", "ceiling",
        ),
        (_total(total, language) for total in found.totals),
    )  # fmt: skip
    workbook.close()
    return out.getvalue()


def _told(finding: Finding, rows: dict[Any, Line], language: str) -> dict[str, Any]:
    entries = [rows[spot].entry for spot in finding.spots]
    first = next((entry for entry in entries if entry), None)
    numbers = [spot.row for spot in finding.spots]
    same_place = first and all(entry and entry.district == first.district for entry in entries)
    same_agency = first and all(entry and entry.agency == first.agency for entry in entries)
    return {
        "row": numbers[0] if len(numbers) == 1 else _listed(map(str, numbers)),
        "proposal": _listed(finding.proposals),
        "title": finding.facts.get("title"),
        "agency": first.agency if first and same_agency else None,
        "district": first.district if first and same_place else None,
        "found": sentence(finding, language),
        "advice": advice(finding, language),
        "fix": "\n".join(fix(finding).splitlines()[:_SHOWN_ROWS]),
    }


def _listed(items: Iterable[str]) -> str:
    names = list(items)
    more = f", … ({len(names)})" if len(names) > _SHOWN_ROWS else ""
    return ", ".join(names[:_SHOWN_ROWS]) + more


def _row(line: Line, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "sheet": line.spot.sheet,
        "row": line.spot.row,
        "outcome": say(f"sipd.outcome_{line.outcome}", language),
        "notes": "; ".join(_mark(code, language) for code in line.codes),
    }
    entry = line.entry
    if entry is None:
        return found
    used = entry.choice.used
    return found | {
        "proposal": entry.id,
        "title": entry.record.title,
        "agency": entry.agency,
        "district": entry.district,
        "ward": entry.ward,
        "volume": None if entry.volume is None else as_json(entry.volume),
        "unit": entry.unit,
        "amount_file": entry.choice.stated_amount,
        "amount_read": entry.amount,
        "party": say(f"sipd.party_{used.party}", language) if used else None,
        "gate": say(f"gate.{entry.gate}", language) if entry.gate else None,
    }


def _mark(code: str, language: str) -> str:
    """A short word for a finding; of a row left out the whole reason."""
    return say(f"sipd.{code}" if code.startswith("left_") else f"sipd.kind_{code}", language)


def _total(total: Total, language: str) -> dict[str, Any]:
    ceiling = total.ceiling
    return {
        "by": say(f"sipd.by_{total.by}", language),
        "name": total.name,
        "rows_file": total.rows_file,
        "rows_read": total.rows_read,
        "amount_file": total.amount_file,
        "amount_read": total.amount_read,
        "difference": total.amount_read - total.amount_file,
        "why": "; ".join(
            f"{say(f'sipd.cause_{cause}', language)}: {money_full(amount, language)}"
            for cause, amount in sorted(total.changes.items())
        ),
        "ceiling": say("sipd.unlimited", language) if isinstance(ceiling, str) else ceiling,
    }


class _Sheets:
    def __init__(self, workbook: Any, language: str) -> None:
        self.workbook = workbook
        self.language = language
        head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        self.head = workbook.add_format({**head, "bg_color": "#1F4E5F", "font_color": "white"})
        self.top = workbook.add_format({"valign": "top"})
        self.row = workbook.add_format({"valign": "top", "align": "center"})
        self.money = workbook.add_format({"num_format": "#,##0", "valign": "top"})
        self.wrap = workbook.add_format({"text_wrap": True, "valign": "top"})

    def add(self, name: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
        """One sheet: headings frozen and with filters, one row a thing."""
        sheet = self.workbook.add_worksheet(say(f"sipd.sheet_{name}", self.language))
        for place, column in enumerate(columns):
            sheet.write_string(0, place, say(f"sipd.head_{column}", self.language), self.head)
            usual = 18 if column in _MONEY else 14
            sheet.set_column(place, place, _WIDTHS.get(column, usual))
        last = 0
        for last, row in enumerate(rows, 1):
            lines = 1
            for place, column in enumerate(columns):
                value = row.get(column)
                if isinstance(value, int | float):
                    sheet.write_number(last, place, value, self._form(column))
                elif value:
                    form = self.wrap if column in _WRAPPED else self.top
                    sheet.write_string(last, place, value[:_LONGEST], form)
                    if column in _WRAPPED:
                        lines = max(lines, _lines(value, _WIDTHS[column]))
            if lines > 1:  # not every program finds the height of wrapped text by itself
                sheet.set_row(last, _LINE * lines)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.set_row(0, 2 * _LINE + 2)
        sheet.freeze_panes(1, 0)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")

    def _form(self, column: str) -> Any:
        """The format of a number."""
        if column == "row":
            return self.row
        is_grouped = column in _MONEY or column in ("number", "rows_file", "rows_read")
        return self.money if is_grouped else self.top


def _lines(text: str, width: int) -> int:
    """The lines that a text takes in a column, at most what a row can be high."""
    lines = sum(-(-len(line) // (width - 1)) or 1 for line in text.split("\n"))
    return min(lines, 25)
