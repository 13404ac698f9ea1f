"""Reads what was handed in: a scenario workbook, or an export of SIPD with a table of ceilings.

Nothing here is kept. A file that can't be read is not an error of the page: what is wrong with it
is what the page is for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.errors import InputError, Issue, Place, UsageError
from solver.scenario import Correction, Scenario, count_rows, read_workbook, resolve
from solver.sipd import Imported, Source, choices, edited, imported

MOST_PROPOSALS = 20_000
"""Rows of proposals that the service takes, as over HTTP."""


@dataclass(frozen=True)
class Reading:
    """What came of reading: a scenario, or every problem; for an export also its account."""

    scenario: Scenario | None
    issues: Sequence[Issue] = ()
    imported: Imported | None = None
    mapping: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether it may be saved."""
        return self.scenario is not None


def of_workbook(source: Source, corrections: Sequence[Correction]) -> Reading:
    """The reading of a scenario workbook with cells corrected beside it."""
    try:
        scenario = read_workbook(source.data, source.name, corrections)
    except InputError as error:
        return Reading(None, error.issues)
    return _within(scenario)


def of_export(
    source: Source, ceilings: Source | None, mapping: str, changes: Mapping[str, Any], language: str
) -> Reading:
    """The reading of an export by a mapping, with what was chosen on the page on top of it."""
    text = edited(mapping, changes) if changes else mapping
    try:
        found = imported(source, ceilings, text.encode("utf-8") or None, language)
    except InputError as error:
        return Reading(None, error.issues, mapping=text)
    reading = _within(resolve(found.document))
    return Reading(reading.scenario, reading.issues, found, found.mapping or text)


def _within(scenario: Scenario) -> Reading:
    rows = sum(count_rows(scenario.document).values())
    if rows > MOST_PROPOSALS:
        issue = Issue("too_many_rows_handed", {"rows": rows, "max": MOST_PROPOSALS}, Place())
        return Reading(None, [issue])
    return Reading(scenario)


@dataclass(frozen=True)
class Sum:
    """The control total of one agency: proposals, rupiah asked for, and its ceiling.

    `ceiling` is None where it is unlimited.
    """

    agency: str
    name: str
    proposals: int
    asked: int
    ceiling: int | None


def sums(scenario: Scenario) -> list[Sum]:
    """The control totals of every agency, those that nobody asks included."""
    instance = scenario.instance
    count: Counter[str] = Counter(p.requested.agency for p in instance.proposals)
    asked: Counter[str] = Counter()
    for proposal in instance.proposals:
        asked[proposal.requested.agency] += proposal.requested.full.amount
    return [Sum(a.code, a.name, count[a.code], asked[a.code], a.ceiling) for a in instance.agencies]


@dataclass(frozen=True)
class Same:
    """Problems of one kind that one answer settles: the same column, the same value."""

    code: str
    column: str | None
    value: str
    suggestion: str
    issues: Sequence[Issue]

    @property
    def is_name(self) -> bool:
        """Whether it is about a name, which is told once, wherever it stands."""
        return self.code.startswith("unknown_") and bool(self.column and self.value)

    @property
    def readings(self) -> Sequence[str]:
        """What it can be read as, where that is more than one: only the planner knows which."""
        facts = self.issues[0].facts
        if self.code != "number_two_readings":
            return ()
        return [str(facts["first"]), str(facts["second"])]


def grouped(issues: Sequence[Issue]) -> list[Same]:
    """The problems, the same ones together, in the order of their first row."""
    groups: dict[tuple[Any, ...], list[Issue]] = defaultdict(list)
    for number, issue in enumerate(issues):
        value = "" if issue.value is None else str(issue.value)
        key: tuple[Any, ...] = (issue.code, issue.place.sheet, issue.column, value)
        # A problem without a value is about its own row alone.
        groups[key if value else (*key, number)].append(issue)
    return [
        Same(
            first.code,
            first.column,
            "" if first.value is None else str(first.value),
            first.suggestion or "",
            members,
        )
        for members in groups.values()
        for first in members[:1]
    ]


def can_correct(issue: Issue) -> bool:
    """Whether the problem is about one cell, so that a page can say what to read there."""
    place = issue.place
    return place.sheet is not None and place.row is not None and bool(issue.column or issue.value)


__all__ = [
    "Correction",
    "Reading",
    "Same",
    "Source",
    "Sum",
    "UsageError",
    "can_correct",
    "choices",
    "grouped",
    "of_export",
    "of_workbook",
    "sums",
]
