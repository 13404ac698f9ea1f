"""T-D.4 of Permendagri 86/2017: the accommodated proposals of each district, by agency.

What the desk fills (regional priority and goal, the activity's goal) stays blank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from solver.write.forms.sheets import Book, Cell, Live, Sheet, cell, subtotal
from solver.write.forms.source import Entry, Source

WIDTHS = (5, 11, 11, 25, 33, 11, 17, 10, 18, 24)
PAGU = 8
"""The column of money, counted from 0."""

COLUMNS = (
    "priority", "goal", "program", "activity", "activity_goal", "location", "volume", "ceiling",
    "agency",
)  # fmt: skip

Sums = Mapping[tuple[str, str], Live]
"""Where the sum of an agency in a district stands, with its value."""


def write(source: Source) -> tuple[bytes, int]:
    """The workbook, and how many proposals it lists."""
    listed = [entry for entry in source.entries if entry.accommodated]
    cells: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in sorted(listed, key=lambda e: (e.agency, e.rank, e.ward, e.proposal)):
        cells[entry.district][entry.agency].append(entry)
    districts = sorted(cells)
    agencies = sorted({entry.agency for entry in listed})
    book = Book(source.language)
    recap = book.sheet(source.say("td4_recap"), [44, *[19] * (len(districts) + 1)])
    sums: dict[tuple[str, str], Live] = {}
    for district in districts:
        sums.update(_district(book, source, district, cells[district]))
    _recap(recap, source, districts, agencies, sums)
    return book.close(), len(listed)


def _district(
    book: Book, source: Source, district: str, agencies: Mapping[str, Sequence[Entry]]
) -> Sums:
    """One district's table, with a sum for each agency and the whole."""
    say = source.say
    sheet = book.sheet(district, WIDTHS)
    name = say("td4_district", district=district, year=source.year)
    notes = (source.scenario.title, say("draft"))
    sheet.title(say("td4_table"), say("td4_title"), name, notes=notes)
    sheet.heading([say("no"), *(say(f"td4_{name}") for name in COLUMNS)])
    begin, number = sheet.row, 0
    sums: dict[tuple[str, str], Live] = {}
    for agency, entries in agencies.items():
        first = sheet.row
        for entry in entries:
            number += 1
            sheet.write(_row(source, number, entry), ["centre", *["text"] * 7, "money", "text"])
        money = sum(entry.amount for entry in entries)
        total = subtotal(first, sheet.row - 1, PAGU, money)
        row = _total(sheet, say("total_of", name=source.agency_name(agency)), total)
        sums[district, agency] = Live(f"={sheet.cell(row, PAGU)}", money)
    whole = sum(live.value for live in sums.values())
    _total(sheet, say("total"), subtotal(begin, sheet.row - 1, PAGU, whole))
    return sums


def _row(source: Source, number: int, entry: Entry) -> Sequence[Cell]:
    return [
        number,
        None,
        None,
        source.line_name(source.root(entry.line)) if entry.line else None,
        entry.name,
        None,
        entry.ward,
        entry.volume,
        source.say("td4_covered") if entry.kind == "covered" else entry.amount,
        source.agency_name(entry.agency),
    ]


def _total(sheet: Sheet, name: str, total: Live) -> int:
    cells = [*[None] * 4, name, *[None] * 3, total, None]
    return sheet.write(cells, ["sum"] * PAGU + ["sum_money", "sum"])


def _recap(
    sheet: Sheet, source: Source, districts: Sequence[str], agencies: Sequence[str], sums: Sums
) -> None:
    """Agencies by districts, each cell the sum on the district's sheet."""
    say = source.say
    sheet.title(say("td4_recap_title"), notes=(source.scenario.title, say("draft")))
    sheet.heading([say("annex_agency"), *districts, say("total")])
    begin, last = sheet.row, len(districts) + 1
    kinds = ["text", *["money"] * len(districts), "sum_money"]
    for agency in agencies:
        row = [sums.get((district, agency)) for district in districts]
        total = sum(live.value for live in row if live)
        ends = f"{cell(sheet.row, 1)}:{cell(sheet.row, last - 1)}"
        sheet.write([source.agency_name(agency), *row, Live(f"=SUM({ends})", total)], kinds)
    if not agencies:
        return
    columns = [
        sum(live.value for (where, _), live in sums.items() if where == district)
        for district in districts
    ]
    totals = [
        subtotal(begin, sheet.row - 1, column, value)
        for column, value in enumerate([*columns, sum(columns)], 1)
    ]
    sheet.write([say("total"), *totals], ["sum", *["sum_money"] * last])
