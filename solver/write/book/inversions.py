"""The sheet of inversions: who is passed over, and who of a worse rank is funded instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from solver.words import say
from solver.write.book.page import Page
from solver.write.book.table import Column, Table


def fill(page: Page, document: dict[str, Any]) -> None:
    """Write the sheet."""
    pairs = document["inversions"]
    by_id = {decision["proposal"]: decision for decision in document["decisions"]}
    table = Table(page, "inversions", _columns(page), len(pairs))
    groups = {name: say(f"heading.{name}", page.language) for name in ("skipped", "taken")}
    table.write(groups, _rows(by_id, pairs))


def _columns(page: Page) -> dict[str, Column]:
    def heading(code: str) -> str:
        return say(f"heading.{code}", page.language)

    return {
        "skipped": Column(heading("proposal"), 9),
        "title": Column(heading("title"), 28),
        "agency": Column(heading("agency"), 13),
        "place": Column(page.say("place"), 20),
        "priority": Column(heading("priority"), 9, "count"),
        "asked": Column(heading("requested_amount"), 15, "money"),
        "reason": Column(page.say("why_skipped"), 46),
        "taken": Column(heading("proposal"), 9),
        "taken_title": Column(heading("title"), 28),
        "taken_agency": Column(heading("agency"), 13),
        "taken_priority": Column(heading("priority"), 9, "count"),
        "amount": Column(page.say("amount"), 15, "money"),
    }


def _rows(
    by_id: dict[str, dict[str, Any]], pairs: Sequence[dict[str, str]]
) -> Iterator[Sequence[Any]]:
    for pair in pairs:
        skipped, taken = by_id[pair["skipped"]], by_id[pair["taken"]]
        asked = skipped["requested"]
        yield (
            skipped["proposal"],
            skipped["title"],
            asked["agency"],
            ", ".join(filter(None, (asked["ward"], asked["district"]))),
            skipped["priority"],
            asked["amount"],
            skipped["reasons"][0]["text"],
            taken["proposal"],
            taken["title"],
            taken["agency"],
            taken["priority"],
            taken["amount"],
        )
