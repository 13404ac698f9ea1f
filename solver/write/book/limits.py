"""The sheet of limits: how far each is used, and which are tight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from solver.words import say
from solver.write.book.names import Names
from solver.write.book.page import Live, Marked, Page
from solver.write.book.styles import ALARM, places_of
from solver.write.book.table import Column, Table


def fill(page: Page, document: dict[str, Any], names: Names) -> None:
    """Write the sheet."""
    limits = document["limits"]
    table = Table(page, "limits", _columns(page), len(limits))
    tight = sum(limit["tight"] for limit in limits)
    totals = {
        "rule": page.say("total_shown"),
        "subject": Live(f"=SUBTOTAL(103,{table.here('subject')})", len(limits)),
        "tight": Live(f"=SUBTOTAL(103,{table.here('tight')})", tight),
    }
    table.write(totals, _rows(page, table, limits, names))
    amounts = [
        (row, table.span("used")[1], row, table.span("left")[1])
        for row, limit in enumerate(limits, table.first)
        if limit["measure"] == "amount"
    ]
    page.money("money", amounts)


def _columns(page: Page) -> dict[str, Column]:
    def heading(code: str) -> str:
        return say(f"heading.{code}", page.language)

    return {
        "rule": Column(heading("rule"), 26),
        "subject": Column(heading("subject"), 46),
        "measure": Column(heading("measure"), 14),
        "used": Column(heading("used"), 17, "count"),
        "min": Column(heading("min"), 17, "count"),
        "max": Column(heading("max"), 17, "count"),
        "left": Column(page.say("left_to_max"), 17, "count"),
        "share": Column(page.say("share_of_max"), 14, "share"),
        "tight": Column(heading("tight"), 9),
    }


def _rows(
    page: Page, table: Table, limits: Sequence[dict[str, Any]], names: Names
) -> Iterator[Sequence[Any]]:
    tight = Marked(page.say("tight"), table.look("tight", **ALARM))
    for row, limit in enumerate(limits, table.first):
        used, least, most = (limit[name] for name in ("used", "min", "max"))
        look = page.styles.of(kind_of(page, limit))
        left = share = None
        if most is not None:
            used_cell, most_cell = table.cell("used", row), table.cell("max", row)
            left = Live(f"={most_cell}-{used_cell}", round(most - used, 6))
        if most:
            share = Live(f"={used_cell}/{most_cell}", used / most)
        yield (
            say(f"rule.{limit['rule']}", page.language),
            names.subject(limit),
            names.measure(limit),
            Marked(used, look),
            Marked(least, look),
            Marked(most, look),
            Marked(left, look),
            share,
            tight if limit["tight"] else None,
        )


def kind_of(page: Page, limit: dict[str, Any]) -> str:
    """The kind of a limit's numbers, by its measure."""
    match limit["measure"]:
        case "amount":
            return "money"
        case "points" | "volume":
            return page.styles.decimals(places_of(limit[name] for name in ("used", "min", "max")))
    return "count"
