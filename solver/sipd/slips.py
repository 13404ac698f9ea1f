"""Slips of the pen: found by comparing rows, told with their evidence, never mended here.

A figure is doubtful where two parties' figures differ by a digit or by zeros, or where one unit
costs many times more or less than in the other rows that propose the same thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from solver.sipd.choice import PLACEHOLDER
from solver.sipd.digits import is_slip, repaired
from solver.sipd.entry import Entry
from solver.sipd.finding import Finding
from solver.sipd.parts import Figure
from solver.sipd.prices import Price, Prices
from solver.tables.columns import folded


def slips(entries: Sequence[Entry]) -> list[Finding]:
    """Everything that is doubtful about the entries; what can be mended by a line comes first."""
    prices = Prices(
        (_kind(entry), price) for entry in entries if (price := _own_price(entry)) is not None
    )
    found = [finding for entry in entries for finding in _of_money(entry, prices)]
    found.sort(key=lambda finding: (not finding.fix, finding.code == "parties_differ"))
    found += [finding for entry in entries for finding in _of_cells(entry, prices)]
    found += _repeated(entries)
    found += _wards(entries)
    return found


def _own_price(entry: Entry) -> float | None:
    """Rupiah of one unit, None where there is no amount or no volume."""
    if entry.amount < PLACEHOLDER or not entry.volume:
        return None
    return entry.amount / float(entry.volume)


def _kind(entry: Entry) -> tuple[str, str]:
    return folded(entry.record.title), folded(entry.unit)


def _price(entry: Entry, prices: Prices) -> Price | None:
    return prices.others(_kind(entry), _own_price(entry))


def _of_money(entry: Entry, prices: Prices) -> list[Finding]:
    used = entry.choice.used
    if used is None or not used.amount or "amount" in entry.corrected:
        return []
    price = _price(entry, prices)
    others = [figure for figure in entry.record.figures if figure is not used]
    found = [
        _between_parties(entry, used, other, price)
        for other in others
        if (other.amount or 0) > 1
        and other.amount != used.amount
        and _same_volume(used, other)
        and is_slip(used.amount, other.amount or 0)
    ]
    if found:
        return found[:1]
    if price and entry.volume and price.is_odd(entry.amount, float(entry.volume)):
        return [_odd_price(entry, price)]
    return [
        _finding(
            "parties_differ",
            entry,
            "parties_differ_do",
            {**_parties(used, other), "volume": _volume(used), "other_volume": _volume(other)},
        )
        for other in others
        if (other.amount or 0) >= PLACEHOLDER and other.amount != used.amount
    ][:1]


def _same_volume(first: Figure, second: Figure) -> bool:
    return first.volume is None or second.volume is None or first.volume == second.volume


def _volume(figure: Figure) -> str:
    volume = "" if figure.volume is None else f"{figure.volume.normalize():f}"
    return f"{volume} {figure.unit}".strip() or "-"


def _parties(used: Figure, other: Figure) -> dict[str, Any]:
    return {
        "party": used.party,
        "amount": used.amount,
        "other_party": other.party,
        "other": other.amount,
    }


def _between_parties(entry: Entry, used: Figure, other: Figure, price: Price | None) -> Finding:
    """Two cells differ by a digit; the price elsewhere may tell which of them is right."""
    facts = _parties(used, other)
    if price is None or not entry.volume:
        return _finding("digits_differ", entry, "check_with_proposer", facts)
    volume = float(entry.volume)
    facts |= _evidence(entry, price)
    if price.fits(entry.amount, volume):
        return _finding("digits_differ_price", entry, "keep_amount", facts)
    if price.fits(other.amount or 0, volume):
        fix = {entry.id: {"amount": other.amount}}
        return _finding("digits_differ_price", entry, "use_other_amount", facts, fix)
    suggested = repaired(entry.amount, price.times(entry.amount, volume))
    if suggested is None:
        return _finding("digits_differ_price", entry, "check_with_proposer", facts)
    facts["suggested"] = suggested
    fix = {entry.id: {"amount": suggested}}
    return _finding("digits_differ_price", entry, "maybe_amount", facts, fix)


def _evidence(entry: Entry, price: Price) -> dict[str, Any]:
    return {
        "own_price": round(entry.amount / float(entry.volume or 1)),
        "price": round(price.usual),
        "rows": price.rows,
        "unit": entry.unit or "1",
    }


def _odd_price(entry: Entry, price: Price) -> Finding:
    facts = {"amount": entry.amount, **_evidence(entry, price)}
    times = price.times(entry.amount, float(entry.volume or 1))
    facts["times"] = round(times if times >= 1 else 1 / times, 1)
    found = "price_high" if times >= 1 else "price_low"
    suggested = repaired(entry.amount, times)
    if suggested is None:
        return _finding(found, entry, "check_with_proposer", facts)
    facts["suggested"] = suggested
    return _finding(found, entry, "maybe_amount", facts, {entry.id: {"amount": suggested}})


def _of_cells(entry: Entry, prices: Prices) -> list[Finding]:
    """Cells that hold something without one meaning; it is left out, the row stays."""
    found = []
    for figure in entry.record.figures:
        for part, trouble in figure.troubles:
            facts: dict[str, Any] = {"party": figure.party, "value": trouble.facts.get("value", "")}
            advice, fix = "write_number", {}
            if part in entry.corrected:
                continue
            if part == "volume" and figure is entry.choice.used:
                suggested = _likely_volume(entry, trouble.facts, prices)
                if suggested is not None:
                    advice, fix = "maybe_volume", {entry.id: {"volume": suggested}}
                    facts["suggested"] = suggested
            found.append(_finding(f"{part}_unreadable", entry, advice, facts, fix))
    for name, trouble in entry.record.troubles:
        facts = {"column": name, "value": trouble.facts.get("value", "")}
        found.append(_finding("cell_unreadable", entry, "write_again", facts))
    return found


def _likely_volume(entry: Entry, facts: Mapping[str, Any], prices: Prices) -> int | float | None:
    """Of the two readings of a volume such as 3.041 the one at which the price is the usual one."""
    price = prices.others(_kind(entry), None)
    if price is None:
        return None
    for reading in (facts.get("first"), facts.get("second")):
        try:
            volume = float(str(reading).replace(",", "."))
        except ValueError:
            continue
        if volume > 0 and price.fits(entry.amount, volume):
            return int(volume) if volume.is_integer() else volume
    return None


def twins(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries that ask the same amount and volume of the same thing in the same ward on one day."""
    groups: dict[Any, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.amount and "gate" not in entry.corrected:
            key = (
                entry.district, entry.ward, folded(entry.record.title), entry.volume,
                folded(entry.unit), entry.amount, entry.agency, entry.record.date,
            )  # fmt: skip
            groups[key].append(entry)
    return [group for group in groups.values() if len(group) > 1]


def _repeated(entries: Sequence[Entry]) -> list[Finding]:
    return [
        Finding(
            "repeated",
            {
                "title": group[0].record.title,
                "place": "/".join(part for part in (group[0].district, group[0].ward) if part),
                "amount": group[0].amount,
                "count": len(group),
            },
            tuple(entry.record.spot for entry in group),
            tuple(entry.id for entry in group),
            advice="repeated_do",
            fix={entry.id: {"gate": "duplicate"} for entry in group[1:]},
        )
        for group in twins(entries)
    ]


def _wards(entries: Sequence[Entry]) -> list[Finding]:
    """One name of a ward in two districts: two wards, or one of them is wrong."""
    places: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, str] = {}
    for entry in entries:
        if entry.ward:
            places[folded(entry.ward)][entry.district] += 1
            names.setdefault(folded(entry.ward), entry.ward)
    return [
        Finding(
            "ward_twice",
            {"ward": names[key], "districts": [f"{d} ({n})" for d, n in sorted(found.items())]},
            advice="ward_twice_do",
        )
        for key, found in sorted(places.items())
        if len(found) > 1
    ]


def _finding(
    code: str,
    entry: Entry,
    advice: str,
    facts: Mapping[str, Any],
    fix: Mapping[str, Mapping[str, Any]] | None = None,
) -> Finding:
    return Finding(
        code,
        {"title": entry.record.title, **facts},
        (entry.record.spot,),
        (entry.id,),
        advice=advice,
        fix=fix or {},
    )
