"""Curves as live charts of the workbook, drawn from the sheet that has their figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart

from solver.write.book.page import Page
from solver.write.book.styles import ACCENT, FONT, INK, LINE, QUIET
from solver.write.book.table import Table
from solver.write.sweep.axis import axis
from solver.write.sweep.document import settings
from solver.write.sweep.picture import LARGE

MOST = 12
"""So many curves are drawn; the sheet has the figures of all."""

ROWS = 14
_ROW = 15
"""Height of an empty row, in points; 20 pixels."""

GRID = (("points", "amount"), ("worst", "inversions"))
_GRIDLINES = {"visible": True, "line": {"color": LINE, "width": 0.5}}
_FACE = {"name": FONT["font_name"], "size": 9, "color": INK}


def draw(
    workbook: xlsxwriter.Workbook, page: Page, table: Table, curves: Sequence[dict[str, Any]]
) -> None:
    """Four charts a curve, two beside each other, a page a curve."""
    page.paper([62, 62], landscape=True)
    page.heading(page.say("title_charts"), page.say("note_charts"))
    first, breaks = table.first, []
    for curve in curves[:MOST]:
        breaks.append(page.row)
        page.section(page.say("curve_title", **curve))
        held = settings(curve["held"], page.language)
        if held:
            page.note(page.say("curve_held", held=held))
        last = first + len(curve["spots"]) - 1
        for pair in GRID:
            for column, measure in enumerate(pair):
                chart = _chart(workbook, page, table, (first, last), measure, curve)
                page.sheet.insert_chart(
                    page.row, column, chart, {"description": page.say(f"curve_{measure}")}
                )
            for _ in range(ROWS):
                page.gap(_ROW)
        first = last + 1
    page.printed()
    page.sheet.set_h_pagebreaks(breaks[1:])


def _chart(
    workbook: xlsxwriter.Workbook,
    page: Page,
    table: Table,
    rows: tuple[int, int],
    measure: str,
    curve: dict[str, Any],
) -> Chart:
    """One measure over the key; it refers to the cells of the figures and holds none itself."""
    numeric = curve["numeric"]
    kind = {"type": "scatter", "subtype": "straight_with_markers"} if numeric else {"type": "line"}
    chart = workbook.add_chart(kind)
    sheet = table.page.sheet.get_name()
    chart.add_series(
        {
            "name": page.say(f"curve_{measure}"),
            "categories": [sheet, *_span(table, "value" if numeric else "set", rows)],
            "values": [sheet, *_span(table, measure, rows)],
            "line": {"color": ACCENT, "width": 1.5},
            "marker": {"type": "circle", "size": 6, "fill": {"color": ACCENT}},
        }
    )
    values = [spot["value"] for spot in curve["spots"]] if numeric else []
    large = numeric and max(values) >= LARGE
    chart.set_x_axis(_axis(values, page.styles.millions() if large else None))
    heights = [spot[measure] for spot in curve["spots"] if spot[measure] is not None]
    chart.set_y_axis({**_axis(heights, _format(page, measure)), "major_gridlines": _GRIDLINES})
    title = page.say(f"chart_{measure}" if measure == "amount" else f"curve_{measure}")
    chart.set_title({"name": title, "name_font": {**_FACE, "size": 10}})
    chart.set_legend({"none": True})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 430, "height": ROWS * 20 - 8})
    return chart


def _axis(values: Sequence[float], number_format: str | None) -> dict[str, Any]:
    """An axis with round steps; of no values, as the reader's program draws it."""
    found: dict[str, Any] = {"num_font": {**_FACE, "color": QUIET}, "line": {"color": LINE}}
    if values:
        scale = axis(values, 0, 1, whole=False)
        found |= {"min": scale.low, "max": scale.high, "major_unit": scale.step}
    if number_format is not None:
        found["num_format"] = number_format
    return found


def _format(page: Page, measure: str) -> str:
    """How a measure is written at the axis."""
    if measure == "amount":
        return page.styles.millions()
    return str(page.styles.kind("share" if measure == "worst" else "count")["num_format"])


def _span(table: Table, name: str, rows: tuple[int, int]) -> tuple[int, int, int, int]:
    """The cells of a column from the first row to the last."""
    _, place, _, _ = table.span(name)
    return rows[0], place, rows[1], place
