"""Records become proposals: one spelling for each name, one figure for each row, and its gate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from solver.sipd.agencies import Agencies
from solver.sipd.choice import choice
from solver.sipd.entry import Entry
from solver.sipd.mapping import PlannerMapping, looked_up
from solver.sipd.record import Record
from solver.sipd.slips import twins
from solver.sipd.spelling import spellings
from solver.tables.columns import folded


@dataclass(frozen=True)
class Spelled:
    """The spelling to use for each one that the export has; a ward's goes with its district."""

    agency: Mapping[str, str]
    district: Mapping[str, str]
    ward: Mapping[tuple[str, str], str]
    unit: Mapping[str, str]


def spelled_of(
    records: Sequence[Record], districts: Collection[str], mapping: PlannerMapping
) -> Spelled:
    """One spelling for each name; `districts` are those that have a ceiling."""
    district = spellings((record.district for record in records), districts)
    decided = {name: looked_up(mapping.districts, name) for name in district}
    district |= {name: code for name, code in decided.items() if code}
    by_district: dict[str, list[str]] = {}
    for record in records:
        by_district.setdefault(district[record.district], []).append(record.ward)
    ward = {
        (place, name): best
        for place, names in by_district.items()
        for name, best in spellings(names).items()
    }
    return Spelled(
        agency=spellings(record.agency for record in records),
        district=district,
        ward=ward,
        unit=spellings(figure.unit for record in records for figure in record.figures),
    )


def entries_of(
    records: Sequence[Record],
    ids: Sequence[str],
    spelled: Spelled,
    agencies: Agencies,
    mapping: PlannerMapping,
) -> list[Entry]:
    """The proposals, in the export's order, each with the gate that stands in its way."""
    entries = [
        _entry(record, name, spelled, agencies, mapping.proposals.get(name, {}), mapping)
        for record, name in zip(records, ids, strict=True)
    ]
    repeats = {entry.id for group in twins(entries) for entry in group[1:]}
    remarks = {text: gate for text, gate in mapping.remarks.items() if gate}
    second = _second_of_one_id(entries)
    return [
        entry
        if "gate" in entry.corrected
        else replace(entry, gate=_gate(entry, agencies, mapping, remarks, repeats, second))
        for entry in entries
    ]


def _entry(
    record: Record,
    name: str,
    spelled: Spelled,
    agencies: Agencies,
    cells: Mapping[str, Any],
    mapping: PlannerMapping,
) -> Entry:
    chosen = choice(record, mapping.parties)
    district = spelled.district[record.district]
    used = chosen.used
    return Entry(
        id=name,
        record=record,
        choice=chosen,
        agency=agencies.codes[spelled.agency[record.agency]],
        district=district,
        ward=spelled.ward[district, record.ward],
        volume=cells.get("volume", used.volume if used else None),
        unit=spelled.unit[used.unit] if used else "",
        amount=cells.get("amount", chosen.amount),
        gate=cells.get("gate", ""),
        corrected=frozenset(cells),
    )


def _gate(
    entry: Entry,
    agencies: Agencies,
    mapping: PlannerMapping,
    remarks: Mapping[str, str],
    repeats: Collection[str],
    second: Collection[str],
) -> str:
    """The first of: no ceiling, no amount, one id twice, a twin, a remark that was named."""
    if entry.agency in agencies.without and mapping.no_ceiling:
        return mapping.no_ceiling
    if not entry.amount:
        return mapping.no_amount
    if entry.id in second:
        return "duplicate"
    if entry.id in repeats and mapping.repeated:
        return mapping.repeated
    named = (remarks.get(folded(text), "") for text in entry.record.remarks()) if remarks else ()
    return next((gate for gate in named if gate), "")


def _second_of_one_id(entries: Sequence[Entry]) -> set[str]:
    """Rows that share SIPD's own id with a row before."""
    seen = set()
    second = set()
    for entry in entries:
        own = entry.record.own_id
        if own and own in seen:
            second.add(entry.id)
        seen.add(own)
    return second


def same_row_again(records: Sequence[Record]) -> set[int]:
    """Positions of rows whose id and every cell stood in a row before: exports that were joined."""
    seen = set()
    again = set()
    for position, record in enumerate(records):
        key = (record.own_id, record.digest)
        if record.own_id and key in seen:
            again.add(position)
        seen.add(key)
    return again
