"""Charts: clusters of columns in millions of rupiah, drawn over the cells of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.chart import Chart

from solver.write.book.page import Page
from solver.write.book.styles import ACCENT, FONT, INK, LINE, QUIET
from solver.write.book.table import Table

MOST = 16
"""So many clusters are readable side by side on A4."""

COLOURS = {"asked": "#B9C4CA", "room": "#7FB9C8", "used": ACCENT}
"""From pale to dark, so that they differ on a black and white printer, too."""

_FACE = {"name": FONT["font_name"], "size": 9, "color": INK}
_ROW = 15
"""Height of an empty row, in points; 20 pixels."""


class Picture(NamedTuple):
    """What a chart shows: the table's column that names its clusters, and its columns in order."""

    by: str
    series: Sequence[str]


AGENCIES = Picture("agency", ("asked", "room", "used"))
DISTRICTS = Picture("district", ("asked", "used"))


def draw(
    workbook: xlsxwriter.Workbook,
    page: Page,
    table: Table,
    picture: Picture,
    count: int,
    rows: int,
) -> None:
    """The first `count` rows of the table, over the page's width and so many rows; at least two.

    One cluster alone is no picture, and of more than MOST only the first are shown.
    """
    shown = min(count, MOST)
    if shown < 2:
        return
    title = page.say(f"chart_{picture.by}")
    if shown < count:
        title += f" ({page.say('chart_most', number=shown, total=count)})"
    page.keep(rows * _ROW + 40)
    page.section(title)
    chart = _clusters(workbook, page, table, picture, shown)
    width = sum(int(width * 7 + 5) for width in page.widths)
    chart.set_size({"width": width, "height": rows * 20})
    page.sheet.insert_chart(page.row, 0, chart, {"description": title, "object_position": 1})
    for _ in range(rows):
        page.gap(_ROW)
    page.printed()


def _clusters(
    workbook: xlsxwriter.Workbook, page: Page, table: Table, picture: Picture, count: int
) -> Chart:
    """The chart; it holds none of the names, it refers to their cells."""
    chart = workbook.add_chart({"type": "column"})
    sheet = table.page.sheet.get_name()
    for name in picture.series:
        chart.add_series(
            {
                "name": page.say(f"legend_{name}"),
                "categories": [sheet, *table.span(picture.by, count)],
                "values": [sheet, *table.span(name, count)],
                "fill": {"color": COLOURS[name]},
                "border": {"none": True},
                "gap": 60,
                "overlap": 0,
            }
        )
    chart.set_x_axis({"num_font": _FACE, "line": {"color": LINE}})
    chart.set_y_axis(
        {
            "num_font": {**_FACE, "color": QUIET},
            "num_format": page.styles.millions(),
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": LINE, "width": 0.5}},
        }
    )
    chart.set_legend({"position": "top", "font": _FACE})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_title({"none": True})
    return chart
