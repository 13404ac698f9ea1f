"""The whole import: workbooks in, a scenario's tables out, and an account of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.errors import Place
from solver.sipd import account, parts, tell
from solver.sipd.agencies import Agencies, agencies_of
from solver.sipd.ceilings import Ceilings, ceilings_of
from solver.sipd.choice import choice
from solver.sipd.entries import Spelled, entries_of, same_row_again, spelled_of
from solver.sipd.entry import Entry
from solver.sipd.finding import Finding
from solver.sipd.headings import Layout, layouts_of
from solver.sipd.ids import ids
from solver.sipd.mapping import FILE, PlannerMapping, parse
from solver.sipd.mapping_text import Contents, added_text, first_text
from solver.sipd.ranks import Worth, worth_of
from solver.sipd.record import LeftOut, Record, records_of
from solver.sipd.repairs import cause, repairs
from solver.sipd.slips import slips
from solver.sipd.tables import document
from solver.sipd.totals import Money, Total, totals
from solver.tables import xlsx
from solver.tables.cells import UNLIMITED
from solver.tables.columns import folded
from solver.tables.problems import Problems
from solver.tables.xlsx import Grid
from solver.words import say


@dataclass(frozen=True)
class Source:
    """A file as it came: its name, for telling, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Imported:
    """What an import gives.

    `document` is the scenario as a JSON document with its tables inline. `rows` are all rows of the
    export; `read` of them became proposals, the rest is in `left_out`. `mapping` is the text of the
    mapping file, None where the file that is there needs no change; `added` counts its new lines.
    """

    document: dict[str, Any]
    read: int
    rows: tuple[account.Line, ...]
    repaired: tuple[Finding, ...]
    left_out: tuple[Finding, ...]
    slips: tuple[Finding, ...]
    guesses: tuple[Finding, ...]
    totals: tuple[Total, ...]
    mapping: str | None
    added: int


@dataclass(frozen=True)
class _Read:
    """What the export holds, nothing decided yet."""

    layouts: tuple[Layout, ...]
    unread: tuple[Grid, ...]
    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...]


def imported(
    proposals: Source, ceilings: Source | None, mapping: bytes | None, language: str
) -> Imported:
    """The scenario of an export; InputError has every problem that stops it.

    What is wrong with single rows of the export stops nothing: it is told. `mapping` is the mapping
    file of an earlier import; `language` is for the sentences that go into files.
    """
    problems = Problems()
    known = parse(mapping, FILE, problems) if mapping is not None else PlannerMapping()
    export = _read(proposals, problems)
    limits = _ceilings(ceilings, export.records, problems)
    problems.stop()
    spelled = spelled_of(export.records, limits.districts, known)
    asked = sorted(set(spelled.agency.values()))
    agencies = agencies_of(asked, limits, known, FILE, problems)
    names = ids(export.records)
    for name in sorted(set(known.proposals) - set(names)):
        place = Place(FILE, key=f"proposals.{name}")
        problems.unknown("unknown_proposal", name, lambda: names, place, name)
    problems.stop()

    entries = entries_of(export.records, names, spelled, agencies, known)
    worth = worth_of(entries, known.score)
    year = known.year or _year(export.records)
    title = known.title
    if title is None:
        title = say("sipd.title" if year else "sipd.title_bare", language, {"year": year})
    contents = Contents(
        title,
        year,
        agencies,
        {text: len(bearing) for text, bearing in tell.doubtful_remarks(entries).items()},
        tell.strangers(entries, limits),
        _unlimited(agencies) if not limits.codes else (),
    )
    text, added = _mapping(mapping, contents, known, language)
    repaired = repairs(entries, spelled)
    doubtful = [
        *tell.of_agencies(entries, agencies, limits),
        *tell.of_districts(entries, limits),
        *slips(entries),
        *tell.of_rows(entries),
        *tell.of_remarks(entries, known),
        *tell.of_files(export.layouts, export.unread, limits),
    ]
    whole = document(entries, limits, agencies, worth, language)
    return Imported(
        document=whole | {"title": title} | ({"year": year} if year else {}),
        read=len(entries),
        rows=tuple(account.lines(entries, export.left_out, repaired, doubtful)),
        repaired=tuple(repaired),
        left_out=tuple(tell.of_left_out(export.left_out)),
        slips=tuple(doubtful),
        guesses=tuple(_guesses(agencies, limits, worth, year, known)),
        totals=tuple(_totals(entries, export.left_out, spelled, agencies, limits, known)),
        mapping=text,
        added=added,
    )


def _read(source: Source, problems: Problems) -> _Read:
    grids = xlsx.read(source.data, source.name, problems)
    if not grids:
        return _Read((), (), (), ())
    layouts = layouts_of(grids, source.name, problems)
    listed = {layout.grid.sheet for layout in layouts}
    records: list[Record] = []
    left_out: list[LeftOut] = []
    for layout in layouts:
        found, without = records_of(layout)
        records += found
        left_out += without
    again = same_row_again(records)
    left_out += [LeftOut(records[n].spot, "same_row_again", records[n]) for n in sorted(again)]
    records = [record for n, record in enumerate(records) if n not in again]
    if layouts and not records:
        problems.add("sipd_no_rows", Place(source.name, layouts[0].grid.sheet, layouts[0].row))
    unread = tuple(grid for grid in grids if grid.sheet not in listed and grid.rows)
    return _Read(tuple(layouts), unread, tuple(records), tuple(left_out))


def _ceilings(source: Source | None, records: Sequence[Record], problems: Problems) -> Ceilings:
    if source is None:
        return Ceilings()
    grids = xlsx.read(source.data, source.name, problems)
    if not grids:
        return Ceilings()
    return ceilings_of(grids, {record.district for record in records}, source.name, problems)


def _unlimited(agencies: Agencies) -> tuple[str, ...]:
    return tuple(sorted(c for c, ceiling in agencies.ceilings.items() if ceiling == UNLIMITED))


def _year(records: Sequence[Record]) -> int | None:
    """The year planned for: the one after that in which most proposals were made."""
    years = Counter(year for record in records if (year := parts.year(record.date)))
    return max(years, key=lambda year: (years[year], year)) + 1 if years else None


def _mapping(
    before: bytes | None, contents: Contents, known: PlannerMapping, language: str
) -> tuple[str | None, int]:
    """The text of the mapping file and how many lines are new in it; None where it may stay."""
    if before is None:
        return first_text(contents, language), 0
    text, added = added_text(before.decode("utf-8-sig"), contents, known, language)
    check = Problems()
    parse(text.encode("utf-8"), FILE, check)
    # A table that the planner wrote in a way of his own can't be added to; its names are told.
    return (text, added) if added and not check.issues else (None, 0)


def _guesses(
    agencies: Agencies,
    limits: Ceilings,
    worth: Worth,
    year: int | None,
    known: PlannerMapping,
) -> list[Finding]:
    found = tell.of_matches((*agencies.guessed, *agencies.pots_guessed))
    if not limits.codes:
        found.append(Finding("ceilings_not_given", {"count": len(_unlimited(agencies))}))
    if len(agencies.pots_used) > 1:
        found.append(Finding("pots_summed", {"pots": list(agencies.pots_used)}))
    if worth.is_guess and worth.score == "column":
        found.append(Finding("score_same", {"score": known.score}))
    elif worth.is_guess:
        facts = {"count": len(worth.given)}
        found.append(Finding(f"score_by_rank_{worth.within[-1]}", facts))
    elif worth.given:
        found.append(Finding("score_filled", {"score": known.score, "count": len(worth.given)}))
    if year and known.year is None:
        found.append(Finding("year_guessed", {"year": year}))
    return found


def _totals(
    entries: Sequence[Entry],
    left_out: Sequence[LeftOut],
    spelled: Spelled,
    agencies: Agencies,
    limits: Ceilings,
    known: PlannerMapping,
) -> list[Total]:
    rows = [
        Money(
            entry.agency,
            entry.district,
            entry.choice.stated_amount,
            entry.amount,
            cause(entry),
            is_read=True,
        )
        for entry in entries
    ]
    codes = {folded(name): code for name, code in agencies.codes.items()}
    places = {folded(name): place for name, place in spelled.district.items()}
    for row in left_out:
        record = row.record or Record(row.spot, "")
        agency = codes.get(folded(record.agency), record.agency)
        district = places.get(folded(record.district), record.district)
        stated = choice(record, known.parties).stated_amount
        rows.append(Money(agency, district, stated, 0, "left_out", is_read=False))
    ceilings: dict[tuple[str, str], int | str] = {
        ("agency", code): ceiling
        for code, ceiling in agencies.ceilings.items()
        if code not in agencies.without
    }
    matrix: Mapping[str, int] = (
        {name: limits.matrix.row_sum(name) for name in limits.matrix.rows} if limits.matrix else {}
    )
    return totals(rows, ceilings | {("district", name): sum_ for name, sum_ in matrix.items()})
