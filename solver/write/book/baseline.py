"""The sheet of the hand-made list: what a desk reaches that goes down its list, beside the plan."""

from __future__ import annotations

from typing import Any

from solver.words import say
from solver.write import summary
from solver.write.book.decisions import FUNDED
from solver.write.book.grid import Span, grid
from solver.write.book.limits import kind_of
from solver.write.book.names import Names
from solver.write.book.page import Live, Marked, Page
from solver.write.book.styles import MICRO, places_of

WIDTHS = (24, 36, 14, 19, 19, 19)


def fill(page: Page, document: dict[str, Any], names: Names) -> None:
    """Write the sheet."""
    page.paper(WIDTHS, landscape=False)
    page.heading(page.say("title_baseline"), page.say("note_baseline"))
    _figures(page, document)
    page.gap(6)
    page.note(summary.against_hand(document, page.language))
    page.section(page.say("breaks"))
    if breaks := document["baseline"]["breaks"]:
        _breaks(page, breaks, names)
    else:
        page.note(page.say("no_breaks"))
    page.printed()


def _figures(page: Page, document: dict[str, Any]) -> None:
    """Hand, plan and difference; there is none in points where the list breaks rules."""
    hand = document["baseline"]
    funded = sum(decision["decision"] in FUNDED for decision in document["decisions"])
    points = page.styles.decimals(places_of((hand["points"], document["points"]), MICRO))
    rows: list[list[Any]] = []
    for code, kind, by_hand, planned in (
        ("points", points, hand["points"], document["points"]),
        ("amount", "money", hand["amount"], document["amount"]),
        ("funded", "count", hand["funded"], funded),
    ):
        row = page.row + 1 + len(rows) + 1  # below the headings; a formula counts from 1
        more = Live(f"=E{row}-D{row}", round(planned - by_hand, 6))
        compared = code != "points" or not hand["breaks"]
        look = page.styles.of(kind)
        cells = (by_hand, planned, more if compared else None)
        rows.append([page.say(f"figure_{code}"), *(Marked(cell, look) for cell in cells)])
    start = page.row
    spans = [
        Span(0, 2, ""),
        Span(3, 3, page.say("by_hand"), "count"),
        Span(4, 4, page.say("by_plan"), "count"),
        Span(5, 5, page.say("difference"), "count"),
    ]
    grid(page, spans, rows)
    page.money("money", [(start + 2, 3, start + 2, 5)])


def _breaks(page: Page, breaks: list[dict[str, Any]], names: Names) -> None:
    def heading(code: str) -> str:
        return say(f"heading.{code}", page.language)

    numbers = ("used", "min", "max")
    spans = [
        Span(0, 0, heading("rule")),
        Span(1, 1, heading("subject")),
        Span(2, 2, heading("measure")),
        *(Span(3 + place, 3 + place, heading(n), "count") for place, n in enumerate(numbers)),
    ]
    start = page.row + 1
    rows = []
    for broken in breaks:
        look = page.styles.of(kind_of(page, broken))
        rows.append(
            [
                say(f"rule.{broken['rule']}", page.language),
                names.subject(broken),
                names.measure(broken),
                *(Marked(broken[name], look) for name in numbers),
            ]
        )
    grid(page, spans, rows)
    amounts = [row for row, broken in enumerate(breaks, start) if broken["measure"] == "amount"]
    page.money("money", [(row, 3, row, 5) for row in amounts])
