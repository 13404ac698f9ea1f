"""The first sheet: what is recommended and how sure that is, on one page; or why nothing can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import xlsxwriter

from solver.words import say
from solver.write import summary
from solver.write.book import charts
from solver.write.book.agencies import agencies
from solver.write.book.grid import Span, grid
from solver.write.book.page import Block, Marked, Page
from solver.write.book.styles import ACCENT, DECISIONS, MICRO, PALE, QUIET, places_of
from solver.write.book.table import Table

WIDTHS = (11.6,) * 8
LAST = len(WIDTHS) - 1

_ALARM = {"bg_color": "#F8DAD5", "font_color": "#7A1F12"}
_BOXES = {"optimal": DECISIONS["fund"], "feasible": DECISIONS["fund_changed"]}


def fill(page: Page, document: dict[str, Any]) -> None:
    """Write all but the charts, which refer to sheets that come later."""
    page.paper(WIDTHS, landscape=False)
    year = document["input"].get("year")
    page.note(page.say("front_year", year=str(year)) if year else page.say("front"))
    look = {"bold": True, "font_size": 16, "font_color": ACCENT, "text_wrap": True}
    title = document["scenario"]["title"] or "Kayuh"
    page.band([Block(0, LAST, title, page.styles.plain(**look, valign="vcenter"), 16)], least=28)
    page.gap(4)
    _box(page, summary.headline(document, page.language), _BOXES.get(document["status"], _ALARM))
    if document["decisions"]:
        _tiles(page, _figures(page, document))
        told = {
            "against_hand": summary.against_hand(document, page.language),
            "left_out": summary.left_out(document, page.language),
            "passed_over": summary.passed_over(document, page.language),
        }
    else:
        if document["conflict"]:
            _conflict(page, document["conflict"])
        told = {"no_plan": page.say("no_plan_text")}
    told["off"] = summary.switched_off(document, page.language)
    page.gap(6)
    bold = page.styles.of(bold=True)
    rows = [(Marked(page.say(code), bold), text) for code, text in told.items() if text]
    grid(page, [Span(0, 1, ""), Span(2, LAST, "")], rows)
    if document["warnings"]:
        page.section(page.say("warnings"))
        for warning in document["warnings"]:
            page.note(f"• {warning['text']}", font_color=_ALARM["font_color"])
    page.printed()


def draw(
    workbook: xlsxwriter.Workbook,
    page: Page,
    document: dict[str, Any],
    by_agency: Table,
    by_place: Table,
) -> None:
    """The charts, over the sheets that the first one stands before."""
    agencies_asked, districts = summary.by_agency(document), summary.by_district(document)
    charts.draw(workbook, page, by_agency, charts.AGENCIES, len(agencies_asked), 13)
    charts.draw(workbook, page, by_place, charts.DISTRICTS, len(districts), 10)


def _box(page: Page, text: str, colours: dict[str, Any]) -> None:
    look = page.styles.plain(bold=True, text_wrap=True, valign="vcenter", indent=1, **colours)
    page.band([Block(0, LAST, text, look)], least=26)


class _Tile(NamedTuple):
    """A key figure: what it is, the number or word, its kind, and what to hold it against."""

    label: str
    value: int | float | str
    kind: str = "count"
    beside: str = ""


def _figures(page: Page, document: dict[str, Any]) -> list[_Tile]:
    kinds = Counter(decision["decision"] for decision in document["decisions"])
    asked = sum(decision["requested"]["amount"] for decision in document["decisions"])
    points = page.styles.decimals(places_of((document["points"],), MICRO))
    rooms = [agency.room for agency in agencies(document)]
    left: int | str = say("heading.unlimited", page.language)
    beside = ""
    if None not in rooms:
        room = sum(room or 0 for room in rooms)
        left = room - document["amount"]
        beside = page.say("tile_of_room", room=room)
    return [
        _Tile(
            page.say("tile_funded"),
            kinds["fund"] + kinds["fund_changed"],
            beside=page.say("tile_of_proposals", proposals=len(document["decisions"])),
        ),
        _Tile(
            page.say("tile_amount"),
            document["amount"],
            "rupiah",
            page.say("tile_of_asked", asked=asked),
        ),
        _Tile(page.say("tile_left"), left, "rupiah", beside),
        _Tile(
            page.say("tile_points"),
            document["points"],
            points,
            page.say("tile_by_hand", points=document["baseline"]["points"]),
        ),
        _Tile(page.say("tile_changed"), kinds["fund_changed"]),
        _Tile(page.say("tile_covered"), kinds["covered"]),
        _Tile(page.say("tile_not_funded"), kinds["not_fund"]),
        _Tile(page.say("tile_skipped"), len(document["inversions"])),
    ]


def _tiles(page: Page, tiles: Sequence[_Tile]) -> None:
    """Four tiles side by side, each over two columns."""
    for start in range(0, len(tiles), 4):
        page.gap(6)
        four = tiles[start : start + 4]
        small = {"font_size": 8, "font_color": QUIET}
        _tile_row(page, [tile.label for tile in four], [{**small, "valign": "bottom"}] * 4, 8)
        row = page.row
        looks = []
        for tile in four:
            kind = {} if isinstance(tile.value, str) else page.styles.kind(tile.kind)
            looks.append({"bold": True, "font_size": 12, **kind})
        _tile_row(page, [tile.value for tile in four], looks, 12)
        for place, tile in enumerate(four):
            if tile.kind == "rupiah":
                page.money("rupiah", [(row, 2 * place, row, 2 * place)])
        if any(tile.beside for tile in four):
            _tile_row(page, [tile.beside for tile in four], [{**small, "valign": "top"}] * 4, 8)


def _tile_row(
    page: Page, values: Sequence[Any], looks: Sequence[dict[str, Any]], size: int
) -> None:
    box = {
        "bg_color": PALE,
        "align": "left",
        "indent": 1,
        "text_wrap": True,
        "right": 5,
        "right_color": "#FFFFFF",
    }
    page.band(
        [
            Block(2 * place, 2 * place + 1, value, page.styles.plain(**{**look, **box}), size)
            for place, (value, look) in enumerate(zip(values, looks, strict=True))
        ]
    )


def _conflict(page: Page, conflict: dict[str, Any]) -> None:
    """What clashes, in the desk's words, and what would make a plan possible."""
    page.section(page.say("conflict"))
    if conflict["irreducible"]:
        page.note(page.say("irreducible"))
    grid(page, [Span(0, LAST, "")], [(f"• {rule['text']}",) for rule in conflict["rules"]])
    if not conflict["repairs"]:
        return
    page.section(say("result.repairs", page.language))
    kind = page.styles.decimals(places_of((r["points_after"] for r in conflict["repairs"]), MICRO))
    spans = [
        Span(0, 3, page.say("repair")),
        Span(4, 5, page.say("grantor")),
        Span(6, 6, page.say("repair_rupiah"), "money"),
        Span(7, 7, page.say("points_after"), kind),
    ]
    rows = [
        (
            f"{place}. {repair['text']}",
            say(f"result.grantor_{repair['grantor']}", page.language),
            repair["rupiah"],
            repair["points_after"],
        )
        for place, repair in enumerate(conflict["repairs"], 1)
    ]
    grid(page, spans, rows)
