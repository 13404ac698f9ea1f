"""What an import has to tell of the files as a whole: what is not there, and what was guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from solver.errors import nearest
from solver.sipd.agencies import Agencies
from solver.sipd.ceilings import Ceilings
from solver.sipd.entry import Entry
from solver.sipd.finding import Finding
from solver.sipd.headings import Layout
from solver.sipd.mapping import PlannerMapping, looked_up
from solver.sipd.names import Match
from solver.sipd.record import LeftOut
from solver.tables.columns import folded
from solver.tables.xlsx import Grid

_REFUSAL = re.compile(
    r"\b(tidak|belum|tolak|ditolak|menolak|batal|dibatalkan|double|dobel|ganda|lengkapi|dilengkapi"
    r"|kurang|bukan|tunda|ditunda|dikembalikan|revisi|direvisi)\b",
    re.I,
)
_MOST_REMARKS = 40
_LONGEST_REMARK = 120


def doubtful_remarks(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Remarks and states that may be a refusal, with their proposals, the most frequent first."""
    found: dict[str, list[Entry]] = {}
    texts: dict[str, str] = {}
    for entry in entries:
        for text in {remark.casefold()[:_LONGEST_REMARK] for remark in entry.record.remarks()}:
            if _REFUSAL.search(text):
                found.setdefault(texts.setdefault(folded(text), text), []).append(entry)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return dict(ordered[:_MOST_REMARKS])


def strangers(entries: Iterable[Entry], limits: Ceilings) -> dict[str, str | None]:
    """Districts that no ceiling names, with the nearest name that one has."""
    if not limits.districts:
        return {}
    asked = {entry.district for entry in entries}
    return {name: nearest(name, limits.districts) for name in sorted(asked - {*limits.districts})}


def of_rows(entries: Sequence[Entry]) -> list[Finding]:
    """Rows without an amount, and different rows with one id."""
    found = [
        Finding(
            "no_amount",
            {"title": entry.record.title, "amount": entry.choice.stated_amount},
            (entry.record.spot,),
            (entry.id,),
            advice="fill_in_amount",
        )
        for entry in entries
        if not entry.amount and "gate" not in entry.corrected
    ]
    first: dict[str, Entry] = {}
    for entry in entries:
        own = entry.record.own_id
        if own and own in first:
            both = (first[own], entry)
            found.append(
                Finding(
                    "id_twice",
                    {"id": own, "title": entry.record.title},
                    tuple(each.record.spot for each in both),
                    tuple(each.id for each in both),
                    advice="id_twice_do",
                )
            )
        first.setdefault(own, entry)
    return found


def of_agencies(entries: Sequence[Entry], agencies: Agencies, limits: Ceilings) -> list[Finding]:
    """Agencies without a ceiling or without proposals, and ceilings that disagree."""
    rows: Counter[str] = Counter(entry.agency for entry in entries)
    money: Counter[str] = Counter()
    for entry in entries:
        money[entry.agency] += entry.amount
    found = [
        Finding(
            "agency_without_ceiling",
            {"agency": code, "count": rows[code], "amount": money[code]},
            advice="agency_without_ceiling_do",
        )
        for code in sorted(agencies.without)
    ]
    found += [
        Finding("pots_differ", {"agency": code, "pots": pots, "matrix": matrix}, advice="pots_do")
        for code, (pots, matrix) in sorted(agencies.differing.items())
    ]
    idle = sorted(code for code in agencies.ceilings if not rows[code])
    if idle:
        found.append(Finding("agencies_not_asked", {"agencies": idle}))
    if limits.matrix and limits.pots:
        alone = sorted({*agencies.ceilings} - {*limits.matrix.columns} - {*agencies.without})
        if alone:
            found.append(
                Finding("agencies_without_cells", {"agencies": alone}, advice="agencies_cells_do")
            )
    return found


def of_districts(entries: Sequence[Entry], limits: Ceilings) -> list[Finding]:
    """Districts that only one of the two files knows; blank cells of the matrix."""
    rows: Counter[str] = Counter(entry.district for entry in entries)
    found = [
        Finding(
            "district_without_ceiling",
            {"district": name, "count": rows[name], "nearest": near},
            advice="district_nearest" if near else "district_do",
        )
        for name, near in strangers(entries, limits).items()
    ]
    idle = [name for name in limits.districts if not rows[name]]
    if idle:
        found.append(Finding("districts_not_asked", {"count": len(idle), "districts": idle}))
    if limits.matrix and limits.matrix.blanks:
        cells = [f"{row} × {column}" for row, column in limits.matrix.blanks]
        found.append(Finding("cells_blank", {"count": len(cells), "cells": cells[:10]}))
    return found


def of_remarks(entries: Sequence[Entry], mapping: PlannerMapping) -> list[Finding]:
    """Remarks that may be a refusal and that the planner has not decided on."""
    return [
        Finding(
            "remark",
            {"remark": text, "count": len(bearing)},
            tuple(entry.record.spot for entry in bearing),
            tuple(entry.id for entry in bearing),
            advice="remark_do",
        )
        for text, bearing in doubtful_remarks(entries).items()
        if not looked_up(mapping.remarks, text)
    ]


def of_files(layouts: Sequence[Layout], unread: Sequence[Grid], limits: Ceilings) -> list[Finding]:
    """Sheets and columns that were not read, and rows that the officer does not see."""
    found = []
    for layout in layouts:
        if layout.grid.hidden_rows:
            facts = {"sheet": layout.grid.sheet, "count": len(layout.grid.hidden_rows)}
            found.append(Finding("rows_hidden", facts))
        if layout.unknown:
            facts = {"sheet": layout.grid.sheet, "columns": list(layout.unknown[:20])}
            found.append(Finding("columns_unread", facts))
    sheets = [*(grid.sheet for grid in unread), *limits.unused]
    if sheets:
        found.append(Finding("sheets_unread", {"sheets": sheets}))
    return found


def of_left_out(rows: Sequence[LeftOut]) -> list[Finding]:
    """Each row that became no proposal, with its reason."""
    return [
        Finding(
            f"left_{row.code}",
            {"title": row.record.title if row.record else ""},
            (row.spot,),
        )
        for row in rows
    ]


def of_matches(matches: Iterable[Match]) -> list[Finding]:
    """Each name of an agency that was matched by its letters, the doubtful ones first."""
    return [
        Finding(
            "agency_guessed" if match.code else "agency_unmatched",
            {
                "name": match.name,
                "code": match.code,
                "likeness": round(match.likeness, 2),
                "other": match.other,
                "other_likeness": round(match.other_likeness, 2),
                "sure": match.sure,
            },
            advice=None if match.sure else "agency_check",
        )
        for match in sorted(matches, key=lambda match: (match.sure, match.likeness, match.name))
        if match.likeness < 1
    ]
