"""Minutes: the berita acara of a desk with its annexes, in Word, from a template.

Number, day, place, attendance, signatures and what is not yet agreed stay blank for the desk.
Every proposal stands once: accommodated (I), not accommodated (II), or a council proposal that is
not accommodated (IV).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from solver.write.forms import texts
from solver.write.forms.source import Entry, Source
from solver.write.forms.word import filled, template_of


@dataclass(frozen=True)
class Row:
    """A proposal in an annex. Amount and volume are what is given; `asked_` what was asked for."""

    no: str
    id: str
    place: str
    district: str
    ward: str
    title: str
    agency: str
    result: str
    amount: str
    volume: str
    asked_amount: str
    asked_volume: str
    note: str
    reason: str


@dataclass(frozen=True)
class Group:
    """The proposals of one agency in an annex, with their number and money."""

    name: str
    count: str
    amount: str
    asked_amount: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Party:
    """Who signs."""

    name: str


@dataclass(frozen=True)
class Elsewhere:
    """What was asked of the desk's agency and is accommodated by another, in one sentence."""

    text: str


@dataclass(frozen=True)
class Minutes:
    """The fields of the template; every value is a text, or a list of items with texts."""

    scenario: str
    year: str
    agency: str
    agencies: tuple[Party, ...]
    districts: tuple[Party, ...]
    asked_count: str
    asked_amount: str
    accommodated_count: str
    accommodated_amount: str
    full_count: str
    changed_count: str
    covered_count: str
    declined_count: str
    declined_amount: str
    pokir_count: str
    pokir_amount: str
    accommodated: tuple[Group, ...]
    declined: tuple[Group, ...]
    pokir: tuple[Group, ...]
    elsewhere: tuple[Elsewhere, ...]
    proof: str
    version: str
    digest: str


def write(source: Source, template: Path | None = None) -> tuple[bytes, int]:
    """The document, from the city's template or Kayuh's, and how many proposals it lists."""
    file = filled(template_of("minutes", source.language, template), content(source))
    return file, len(source.entries)


def content(source: Source) -> Minutes:
    """What fills the template."""
    entries = sorted(source.entries, key=lambda e: (e.agency, e.district, e.ward, e.rank))
    accommodated = [entry for entry in entries if entry.accommodated]
    pokir = [e for e in entries if not e.accommodated and e.origin == "pokir"]
    declined = [e for e in entries if not e.accommodated and e.origin != "pokir"]
    count = _kinds(accommodated)
    known = sorted({entry.agency for entry in entries} | ({source.agency} - {""}))
    return Minutes(
        scenario=texts.clean(source.scenario.title),
        year=source.year,
        agency=source.agency_name(source.agency) if source.agency else "",
        agencies=tuple(Party(source.agency_name(code)) for code in known),
        districts=tuple(Party(texts.clean(d)) for d in sorted({e.district for e in entries})),
        asked_count=texts.counted(len(entries), source.language),
        asked_amount=_asked(source, entries),
        accommodated_count=texts.counted(len(accommodated), source.language),
        accommodated_amount=_given(source, accommodated),
        full_count=count("fund"),
        changed_count=count("fund_changed"),
        covered_count=count("covered"),
        declined_count=texts.counted(len(declined), source.language),
        declined_amount=_asked(source, declined),
        pokir_count=texts.counted(len(pokir), source.language),
        pokir_amount=_asked(source, pokir),
        accommodated=_groups(source, accommodated),
        declined=_groups(source, declined),
        pokir=_groups(source, pokir),
        elsewhere=_elsewhere(source),
        proof=source.proof,
        version=version("kayuh"),
        digest=source.scenario.digest[:12],
    )


def _kinds(entries: Sequence[Entry]) -> Callable[[str], str]:
    kinds = [entry.kind for entry in entries]
    return lambda kind: str(kinds.count(kind))


def _asked(source: Source, entries: Sequence[Entry]) -> str:
    return source.money(sum(entry.asked_amount for entry in entries))


def _given(source: Source, entries: Sequence[Entry]) -> str:
    return source.money(sum(entry.amount for entry in entries))


def _groups(source: Source, entries: Sequence[Entry]) -> tuple[Group, ...]:
    """The entries by agency, numbered through."""
    found: dict[str, list[Row]] = defaultdict(list)
    members: dict[str, list[Entry]] = defaultdict(list)
    for number, entry in enumerate(entries, 1):
        found[entry.agency].append(_row(source, number, entry))
        members[entry.agency].append(entry)
    return tuple(
        Group(
            name=source.agency_name(code),
            count=texts.counted(len(rows), source.language),
            amount=_given(source, members[code]),
            asked_amount=_asked(source, members[code]),
            rows=tuple(rows),
        )
        for code, rows in found.items()
    )


def _row(source: Source, number: int, entry: Entry) -> Row:
    return Row(
        no=str(number),
        id=entry.proposal,
        place=texts.place(entry.district, entry.ward),
        district=texts.clean(entry.district),
        ward=texts.clean(entry.ward),
        title=entry.title,
        agency=texts.clean(entry.agency),
        result=source.say(entry.kind),
        amount=source.money(entry.amount) if entry.has_money else "",
        volume=entry.volume,
        asked_amount=source.money(entry.asked_amount),
        asked_volume=entry.asked_volume,
        note=entry.note,
        reason=entry.short,
    )


def _elsewhere(source: Source) -> tuple[Elsewhere, ...]:
    if not source.elsewhere:
        return ()
    told = [
        source.say("by", proposal=entry.name, agency=source.agency_name(entry.agency))
        for entry in source.elsewhere
    ]
    name = source.agency_name(source.agency)
    return (Elsewhere(source.say("elsewhere", agency=name, proposals=told)),)
