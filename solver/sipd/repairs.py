"""What was put right on the way in: only by rules that are stated, and every case is listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from solver.sipd.entries import Spelled
from solver.sipd.entry import Entry
from solver.sipd.finding import Finding
from solver.sipd.spelling import changed


def repairs(entries: Sequence[Entry], spelled: Spelled) -> list[Finding]:
    """Amounts that come from another party or from the planner, and spellings made one."""
    found = [finding for entry in entries for finding in _of_entry(entry)]
    return found + _spellings(entries, spelled)


def cause(entry: Entry) -> str:
    """Why an entry's amount is not the one that the file states, as totals.CAUSES names it."""
    if "amount" in entry.corrected:
        return "corrected"
    return "other_party" if entry.choice.used else "no_amount"


def _of_entry(entry: Entry) -> list[Finding]:
    chosen = entry.choice
    found = []
    if "amount" in entry.corrected and entry.amount != chosen.stated_amount:
        found.append(
            _finding("corrected_amount", entry, "amount", chosen.stated_amount, entry.amount)
        )
    elif chosen.used and chosen.stated and chosen.used is not chosen.stated:
        facts = {
            "party": chosen.stated.party,
            "amount": chosen.stated_amount,
            "other_party": chosen.used.party,
            "other": chosen.amount,
        }
        found.append(
            _finding("other_party", entry, "amount", chosen.stated_amount, entry.amount, **facts)
        )
    if "volume" in entry.corrected:
        before = chosen.used.volume if chosen.used else None
        found.append(_finding("corrected_volume", entry, "volume", before, entry.volume))
    if "gate" in entry.corrected:
        found.append(_finding("corrected_gate", entry, "gate", "", entry.gate))
    return found


def _finding(
    code: str, entry: Entry, column: str, before: object, after: object, **facts: object
) -> Finding:
    return Finding(
        code,
        {"title": entry.record.title, "before": before, "after": after, **facts},
        (entry.record.spot,),
        (entry.id,),
        column,
        before,
        after,
    )


def _spellings(entries: Sequence[Entry], spelled: Spelled) -> list[Finding]:
    agencies = ((e.record.agency, spelled.agency[e.record.agency]) for e in entries)
    units = ((e.choice.used.unit, e.unit) for e in entries if e.choice.used)
    columns: tuple[tuple[str, Iterable[tuple[str, str]]], ...] = (
        ("agency", agencies),
        ("district", ((e.record.district, e.district) for e in entries)),
        ("ward", ((e.record.ward, e.ward) for e in entries)),
        ("unit", units),
    )
    return [
        Finding(
            "spelling",
            {"column": column, "before": before, "after": after, "count": count},
            column=column,
            before=before,
            after=after,
        )
        for column, pairs in columns
        for (before, after), count in changed(pairs).items()
    ]
