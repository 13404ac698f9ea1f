"""The tables of the scenario, as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from solver.sipd.agencies import Agencies
from solver.sipd.ceilings import Ceilings
from solver.sipd.entry import Entry
from solver.sipd.ranks import Worth
from solver.tables.cells import as_json
from solver.words import say

_LONGEST_NOTE = 500


def document(
    entries: Sequence[Entry],
    limits: Ceilings,
    agencies: Agencies,
    worth: Worth,
    language: str,
) -> dict[str, Any]:
    """Proposals in the export's order, agencies, districts and the cells of the matrix."""
    return {
        "format": 1,
        "objective": {
            "stages": ["points"],
            "score": worth.score,
            "rank_within": list(worth.within),
        },
        "proposals": [_proposal(entry, worth, language) for entry in entries],
        "agencies": [
            _filled(code=code, name=agencies.names.get(code), ceiling=ceiling)
            for code, ceiling in sorted(agencies.ceilings.items())
        ],
        "locations": [
            _filled(district=name, max_amount=_cap(limits, name))
            for name in sorted({*limits.districts, *(entry.district for entry in entries)})
        ],
        "limits": _cells(limits),
    }


def _filled(**cells: Any) -> dict[str, Any]:
    return {name: value for name, value in cells.items() if value not in (None, "")}


def _proposal(entry: Entry, worth: Worth, language: str) -> dict[str, Any]:
    record = entry.record
    tags = {
        tag.replace(";", ",")
        for tag in (record.category, record.status, *record.cells.get("tags", ()))
        if tag
    }
    return _filled(
        id=entry.id,
        title=record.title,
        agency=entry.agency,
        district=entry.district,
        ward=entry.ward,
        priority=worth.ranks.get(entry.id),
        score=_number(worth.scores.get(entry.id)),
        volume=_number(entry.volume),
        unit=entry.unit,
        amount=entry.amount,
        beneficiaries=record.cells.get("beneficiaries"),
        source=record.cells.get("source"),
        origin=record.origin,
        tags=sorted(tags) or None,
        gate=entry.gate,
        continued=record.cells.get("continued"),
        note=_note(entry, language),
    )


def _number(value: Any) -> Any:
    return None if value is None else as_json(value)


def _note(entry: Entry, language: str) -> str:
    """The parties' remarks, each with its party."""
    record = entry.record
    remarks = [
        f"{say(f'sipd.party_{figure.party}', language)}: {figure.note}"
        for figure in record.figures
        if figure.note
    ]
    return "; ".join((*remarks, *([record.note] if record.note else ())))[:_LONGEST_NOTE]


def _cap(limits: Ceilings, district: str) -> int | None:
    caps = limits.caps
    return caps.cells.get((district, caps.columns[0])) if caps else None


def _cells(limits: Ceilings) -> list[dict[str, Any]]:
    if limits.matrix is None:
        return []
    return [
        {"name": f"{agency} di {district}", "agency": agency, "district": district, "max": rupiah}
        for (district, agency), rupiah in limits.matrix.cells.items()
    ]
