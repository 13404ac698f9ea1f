"""The sheet of places: what each kecamatan and each kelurahan asked for and gets.

The kecamatan come first, their kelurahan below, so that one filter shows either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from solver.words import say
from solver.write.book.decisions import FUNDED, Decisions
from solver.write.book.page import Live, Marked, Page
from solver.write.book.styles import STRONG
from solver.write.book.table import Column, Table
from solver.write.summary import Part

Place = tuple[str, str | None]
"""A district and a ward; no ward: the whole district. A blank ward is a ward that none was told."""

_BOUNDS = tuple((m, side) for m in ("amount", "count") for side in ("min", "max"))


def places(document: dict[str, Any]) -> dict[Place, Part]:
    """Every place with its part of the plan: districts, what asked most first, then wards."""
    parts: dict[Place, Part] = {}

    def part(district: str, ward: str | None) -> Part:
        return parts.setdefault((district, ward), Part(district if ward is None else ward))

    for location in document["input"].get("locations", ()):
        part(location["district"], None)
        if location.get("ward"):
            part(location["district"], location["ward"])
    for decision in document["decisions"]:
        asked = decision["requested"]
        for ward in (None, asked["ward"]):
            there = part(asked["district"], ward)
            there.proposals += 1
            there.asked += asked["amount"]
        if decision["decision"] in FUNDED:
            for ward in (None, decision["ward"]):
                there = part(decision["district"], ward)
                there.funded += 1
                there.used += decision["amount"]
    districts = sorted((p for p in parts if p[1] is None), key=lambda p: (-parts[p].asked, p[0]))
    rank = {district: number for number, (district, _) in enumerate(districts)}
    wards = sorted((p for p in parts if p[1] is not None), key=lambda p: (rank[p[0]], p[1]))
    return {place: parts[place] for place in (*districts, *wards)}


def fill(page: Page, document: dict[str, Any], decisions: Decisions) -> Table:
    """Write the sheet; its table, for charts: the districts are its first rows."""
    found = places(document)
    bounds = _bounds(document)
    columns = _columns(page, bounds)
    table = Table(page, "places", columns, len(found), landscape=len(bounds) > 1)
    table.write(
        _totals(page, table, decisions, document), _rows(page, table, decisions, found, bounds)
    )
    return table


def _bounds(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, int]]:
    """The floors and caps of places: (measure, min or max) -> subject -> bound, where any."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for limit in document["limits"]:
        if limit["rule"] == "locations":
            for side in ("min", "max"):
                if limit[side] is not None:
                    there = found.setdefault((limit["measure"], side), {})
                    there[limit["subject"]] = limit[side]
    return {key: found[key] for key in _BOUNDS if key in found}


def _columns(page: Page, bounds: dict[tuple[str, str], Any]) -> dict[str, Column]:
    def heading(code: str) -> str:
        return say(f"heading.{code}", page.language)

    return {
        "district": Column(heading("district"), 22),
        "ward": Column(heading("ward"), 22),
        "proposals": Column(heading("proposals"), 10, "count"),
        "funded": Column(heading("funded"), 10, "count"),
        "asked": Column(heading("requested_amount"), 18, "money"),
        "used": Column(page.say("amount"), 18, "money"),
        "share": Column(page.say("share_of_asked"), 15, "share"),
        **{
            f"{side}_{measure}": Column(
                page.say(f"{side}_{measure}"), 16, "money" if measure == "amount" else "count"
            )
            for measure, side in bounds
        },
    }


def _totals(
    page: Page, table: Table, decisions: Decisions, document: dict[str, Any]
) -> dict[str, str | Live]:
    listed = document["decisions"]
    asked = sum(d["requested"]["amount"] for d in listed)
    used = sum(d["amount"] for d in listed)
    funded = sum(d["decision"] in FUNDED for d in listed)
    return {
        "district": page.say("total"),
        "proposals": Live(f"=COUNTA({decisions.range('proposal')})", len(listed)),
        "funded": Live(f"=SUM({decisions.range('funded')})", funded),
        "asked": Live(f"=SUM({decisions.range('requested_amount')})", asked),
        "used": Live(f"=SUM({decisions.range('amount')})", used),
        "share": _share(table, table.above, used, asked),
    }


def _share(table: Table, row: int, used: int, asked: int) -> Live:
    used_cell, asked_cell = table.cell("used", row), table.cell("asked", row)
    return Live(f"=IF({asked_cell}>0,{used_cell}/{asked_cell},0)", used / asked if asked else 0)


def _rows(
    page: Page,
    table: Table,
    decisions: Decisions,
    found: dict[Place, Part],
    bounds: dict[tuple[str, str], dict[str, int]],
) -> Iterator[Sequence[Any]]:
    strong = [table.look(name, **STRONG) for name in table.columns]
    for row, ((district, ward), part) in enumerate(found.items(), table.first):
        here = {"district": table.cell("district", row)}
        if ward is not None:
            # Where no ward was told the cell shows a word, and the rows wanted are blank there.
            here["ward"] = table.cell("ward", row) if ward else ""
        asked_here = {f"requested_{name}": cell for name, cell in here.items()}
        shown = page.say("all_wards") if ward is None else ward or page.say("no_ward")
        subject = f"{district}/{ward}" if ward else district
        has_bounds = ward != ""
        cells = (
            district,
            shown,
            Live(decisions.count(**asked_here), part.proposals),
            Live(decisions.sum("funded", **here), part.funded),
            Live(decisions.sum("requested_amount", **asked_here), part.asked),
            Live(decisions.sum("amount", **here), part.used),
            _share(table, row, part.used, part.asked),
            *(bound.get(subject) if has_bounds else None for bound in bounds.values()),
        )
        yield [Marked(*pair) for pair in zip(cells, strong, strict=True)] if ward is None else cells
