"""Ward sheets: what became of each proposal of a ward and why, in Word, to be posted.

A proposal stands where its neighbourhood asked for it, also where it is carried out elsewhere. One
page begins with each ward; proposals without a ward have a page of their district.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

from solver.instance import half_up
from solver.write.forms import texts
from solver.write.forms.source import Entry, Source
from solver.write.forms.word import filled, template_of

BAR = 30
"""Blocks of a whole bar."""


@dataclass(frozen=True)
class Row:
    """A proposal: what was asked for, what is recommended, and why."""

    priority: str
    id: str
    title: str
    agency: str
    asked_volume: str
    asked_amount: str
    result: str
    volume: str
    amount: str
    reason: str


@dataclass(frozen=True)
class Ward:
    """A ward's sheet; a bar is a row of blocks, the full ones first."""

    name: str
    district: str
    asked_count: str
    asked_amount: str
    accommodated_count: str
    changed_count: str
    covered_count: str
    declined_count: str
    amount: str
    count_bar: str
    count_text: str
    amount_bar: str
    amount_text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Wards:
    """The fields of the template."""

    scenario: str
    year: str
    agency: str
    wards: tuple[Ward, ...]
    version: str
    digest: str


def write(source: Source, template: Path | None = None) -> tuple[bytes, int]:
    """The document, from the city's template or Kayuh's, and how many proposals it lists."""
    data = content(source)
    file = filled(template_of("wards", source.language, template), data)
    return file, sum(len(ward.rows) for ward in data.wards)


def content(source: Source) -> Wards:
    """What fills the template."""
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in source.everyone:
        if source.agency in ("", entry.asked_agency):
            found[entry.asked_district, entry.asked_ward].append(entry)
    return Wards(
        scenario=texts.clean(source.scenario.title),
        year=source.year,
        agency=source.agency_name(source.agency) if source.agency else "",
        wards=tuple(_ward(source, *place, found[place]) for place in sorted(found)),
        version=version("kayuh"),
        digest=source.scenario.digest[:12],
    )


def _ward(source: Source, district: str, ward: str, entries: Sequence[Entry]) -> Ward:
    kinds = [entry.kind for entry in entries]
    accommodated = sum(entry.accommodated for entry in entries)
    asked = sum(entry.asked_amount for entry in entries)
    given = sum(entry.amount for entry in entries)
    return Ward(
        name=source.place_name(district, ward) if ward else source.say("wards_district"),
        district=source.place_name(district, ""),
        asked_count=texts.counted(len(entries), source.language),
        asked_amount=source.money(asked),
        accommodated_count=texts.counted(accommodated, source.language),
        changed_count=str(kinds.count("fund_changed")),
        covered_count=str(kinds.count("covered")),
        declined_count=texts.counted(len(entries) - accommodated, source.language),
        amount=source.money(given),
        count_bar=_bar(accommodated, len(entries)),
        count_text=source.say("wards_of", part=accommodated, whole=len(entries)),
        amount_bar=_bar(given, asked),
        amount_text=source.say("wards_of", part=source.money(given), whole=source.money(asked)),
        rows=tuple(_row(source, e) for e in sorted(entries, key=lambda e: (e.rank, e.proposal))),
    )


def _row(source: Source, entry: Entry) -> Row:
    return Row(
        priority="" if entry.priority is None else str(entry.priority),
        id=entry.proposal,
        title=entry.title,
        agency=source.agency_name(entry.asked_agency),
        asked_volume=entry.asked_volume,
        asked_amount=source.money(entry.asked_amount),
        result=source.say(entry.kind),
        volume=entry.volume,
        amount=source.money(entry.amount) if entry.has_money else "",
        reason=entry.why,
    )


def _bar(part: int, whole: int) -> str:
    """A row of blocks, none full only where there is nothing, all only where it is whole."""
    full = min(half_up(Fraction(BAR * part, whole)), BAR) if whole else 0
    if 0 < part < whole:
        full = min(max(full, 1), BAR - 1)
    return "█" * full + "░" * (BAR - full)
