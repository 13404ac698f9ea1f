"""The sheet of agencies: what is asked of each, what it has room for, what it would spend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from solver.words import say
from solver.write import summary
from solver.write.book.decisions import Decisions
from solver.write.book.page import Live, Page
from solver.write.book.table import Column, Table


@dataclass(frozen=True)
class Agency:
    """An agency with its part of the plan; `ceiling` is None where it has none. Money in rupiah."""

    part: summary.Part
    title: str
    ceiling: int | None
    committed: int

    @property
    def room(self) -> int | None:
        """What the ceiling leaves beside what is committed, never below zero."""
        return None if self.ceiling is None else max(0, self.ceiling - self.committed)


def agencies(document: dict[str, Any]) -> list[Agency]:
    """Every agency of the input, what is asked most of first; its lines' commitments included."""
    roots = {line["code"] for line in document["input"].get("lines", ()) if not line.get("parent")}
    on_lines: dict[str, int] = {}
    for line in document["lines"]:
        if line["line"] in roots:
            on_lines[line["agency"]] = on_lines.get(line["agency"], 0) + line["committed"]
    known = {agency["code"]: agency for agency in document["input"]["agencies"]}
    parts = {part.name: part for part in summary.by_agency(document)}
    parts |= {code: summary.Part(code) for code in sorted(known.keys() - parts.keys())}
    return [
        Agency(
            part,
            title=known[code].get("name", ""),
            ceiling=known[code]["ceiling"] if isinstance(known[code]["ceiling"], int) else None,
            committed=known[code].get("committed", 0) + on_lines.get(code, 0),
        )
        for code, part in parts.items()
    ]


def fill(page: Page, document: dict[str, Any], decisions: Decisions) -> Table:
    """Write the sheet; its table, for charts."""
    found = agencies(document)
    table = Table(page, "agencies", _columns(page), len(found))
    table.write(_totals(page, table, found), _rows(page, table, decisions, found), filtered=False)
    return table


def _columns(page: Page) -> dict[str, Column]:
    def heading(code: str) -> str:
        return say(f"heading.{code}", page.language)

    return {
        "agency": Column(heading("agency"), 15),
        "name": Column(page.say("name"), 30),
        "proposals": Column(heading("proposals"), 10, "count"),
        "funded": Column(heading("funded"), 10, "count"),
        "asked": Column(heading("requested_amount"), 17, "money"),
        "ceiling": Column(heading("ceiling"), 17, "money"),
        "committed": Column(heading("committed"), 17, "money"),
        "room": Column(page.say("room"), 17, "money"),
        "used": Column(page.say("amount"), 17, "money"),
        "left": Column(page.say("left"), 17, "money"),
        "share": Column(page.say("share_of_room"), 14, "share"),
    }


def _totals(page: Page, table: Table, found: Sequence[Agency]) -> dict[str, str | Live]:
    """Sums of all agencies; where one has no ceiling there is no total of what is left."""
    values: dict[str, int] = {
        "proposals": sum(a.part.proposals for a in found),
        "funded": sum(a.part.funded for a in found),
        "asked": sum(a.part.asked for a in found),
        "committed": sum(a.committed for a in found),
        "used": sum(a.part.used for a in found),
    }
    limited = all(a.ceiling is not None for a in found)
    if limited:
        values["ceiling"] = sum(a.ceiling or 0 for a in found)
        values["room"] = sum(a.room or 0 for a in found)
        values["left"] = values["room"] - values["used"]
    totals: dict[str, str | Live] = {
        name: Live(f"=SUM({table.here(name)})", value) for name, value in values.items()
    }
    if limited:
        totals["share"] = _share(table, table.above, values["used"], values["room"])
    return {"agency": page.say("total"), **totals}


def _share(table: Table, row: int, used: int, room: int) -> Live:
    used_cell, room_cell = table.cell("used", row), table.cell("room", row)
    return Live(f"=IF({room_cell}>0,{used_cell}/{room_cell},0)", used / room if room else 0)


def _rows(
    page: Page, table: Table, decisions: Decisions, found: Sequence[Agency]
) -> Iterator[Sequence[Any]]:
    for row, agency in enumerate(found, table.first):
        part, cell = agency.part, table.cell("agency", row)
        yield (
            part.name,
            agency.title,
            Live(decisions.count(requested_agency=cell), part.proposals),
            Live(decisions.sum("funded", agency=cell), part.funded),
            Live(decisions.sum("requested_amount", requested_agency=cell), part.asked),
            say("heading.unlimited", page.language) if agency.ceiling is None else agency.ceiling,
            agency.committed,
            *_room(table, row, agency, Live(decisions.sum("amount", agency=cell), part.used)),
        )


def _room(table: Table, row: int, agency: Agency, used: Live) -> Sequence[Live | None]:
    """Room, what is used, what is left, and the share used; no room where there is no ceiling."""
    if agency.room is None:
        return None, used, None, None
    ceiling, committed, room, used_cell = (
        table.cell(name, row) for name in ("ceiling", "committed", "room", "used")
    )
    return (
        Live(f"=MAX(0,{ceiling}-{committed})", agency.room),
        used,
        Live(f"={room}-{used_cell}", agency.room - agency.part.used),
        _share(table, row, agency.part.used, agency.room),
    )
