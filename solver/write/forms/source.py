"""What every form is made from: a result added up again, with each proposal as the forms tell it.

A form is signed, so a figure that does not add up is not printed: the result is verified first,
and its reasons are told anew in the language of the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from solver.assess import moved
from solver.case import Case
from solver.decision import Decision, LineUse, decisions, line_uses
from solver.errors import UsageError, nearest
from solver.instance import Agency, Choice, to_micro
from solver.reasons import Reason
from solver.scenario import Scenario, resolve
from solver.tell import Teller
from solver.verify import verify
from solver.words import money_full, say
from solver.write.forms import texts
from solver.write.summary import headline

FUNDED = ("fund", "fund_changed")
USERS = ("ahead", "taken_by")
"""Facts that name who uses a limit that is full."""
TOLD_BY_REASON = {"cut_to_fit": "volume", "locked_in": "volume"}
"""Reasons that already say what was asked for instead of what is given."""


@dataclass(frozen=True)
class Entry:
    """One proposal: what was asked of whom and where, what is given, and why.

    Amounts in rupiah; volumes are texts with their unit, empty where none is stated. `agency`,
    `line` and the place are those of the option taken, else of the request. `why` has every reason
    in full, `short` without who uses what is full; `note` is for a narrow column: what differs from
    the request, and reasons that are more than "by points".
    """

    proposal: str
    title: str
    name: str
    kind: str
    priority: int | None
    origin: str
    source: str
    agency: str
    line: str
    district: str
    ward: str
    amount: int
    volume: str
    asked_agency: str
    asked_district: str
    asked_ward: str
    asked_amount: int
    asked_volume: str
    why: str
    short: str
    note: str

    @property
    def accommodated(self) -> bool:
        """Whether it gets new money or stands in the Renja already."""
        return self.kind in (*FUNDED, "covered")

    @property
    def has_money(self) -> bool:
        """Whether it gets new money."""
        return self.kind in FUNDED

    @property
    def rank(self) -> tuple[int, int]:
        """By priority, those without one last."""
        return (self.priority is None, self.priority or 0)


@dataclass(frozen=True)
class Source:
    """A verified result in one language; `agency` is the one that a form is for, or empty."""

    scenario: Scenario
    everyone: Sequence[Entry]
    lines: Mapping[str, LineUse]
    proof: str
    language: str
    agency: str

    @property
    def agencies(self) -> Sequence[Agency]:
        """The agencies of the form, by code."""
        found = sorted(self.scenario.instance.agencies, key=lambda agency: agency.code)
        return [agency for agency in found if self.agency in ("", agency.code)]

    @property
    def entries(self) -> Sequence[Entry]:
        """The proposals on the agencies' tables, each where the plan puts it."""
        return [entry for entry in self.everyone if self.agency in ("", entry.agency)]

    @property
    def elsewhere(self) -> Sequence[Entry]:
        """What was asked of the form's agency and is accommodated by another one."""
        return [
            entry for entry in self.everyone if entry.asked_agency == self.agency != entry.agency
        ]

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {agency.code: agency.name for agency in self.scenario.instance.agencies}

    def agency_name(self, code: str) -> str:
        """The agency's full name, or its code where it has none."""
        return texts.clean(self._names.get(code) or code)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], str]:
        return {(p.district, p.ward): p.name for p in self.scenario.instance.locations}

    def place_name(self, district: str, ward: str) -> str:
        """The full name of a ward or, with an empty ward, of a district."""
        return texts.clean(self._places.get((district, ward)) or ward or district)

    def line_name(self, code: str) -> str:
        """CODE TITLE of a Renja line."""
        return texts.clean(f"{code} {self.lines[code].line.title}")

    def root(self, code: str) -> str:
        """The topmost line above a line, or itself."""
        while parent := self.lines[code].line.parent:
            code = parent
        return code

    def say(self, code: str, **facts: Any) -> str:
        """A sentence of the forms' catalogue."""
        return say(f"form.{code}", self.language, facts)

    def money(self, rupiah: int) -> str:
        """An amount with every digit."""
        return money_full(rupiah, self.language)

    @property
    def year(self) -> str:
        """The year planned for, or n."""
        return str(self.scenario.year or "n")

    @property
    def next_year(self) -> str:
        """The year after it, or n+1."""
        return str(self.scenario.year + 1) if self.scenario.year else "n+1"


def source(found: Mapping[str, Any], language: str, agency: str | None = None) -> Source:
    """The source of a result document with `input`, for all agencies or one.

    UsageError where the result holds no plan, does not add up, or the agency is unknown; InputError
    where its input has problems.
    """
    if not found["decisions"]:
        raise UsageError("no_plan_to_export")
    scenario = resolve(found["input"])
    _check(verify(found, scenario).problems, language)
    codes = [known.code for known in scenario.instance.agencies]
    if agency is not None and agency not in codes:
        near = nearest(agency, codes)
        code = "unknown_agency" if near is None else "unknown_agency_near"
        raise UsageError(code, name=agency, nearest=near, known=codes)
    case = Case(scenario.instance)
    taken = case.space.take(_choices(found["decisions"]))
    teller = Teller(case, language)
    uses = line_uses(case, taken, moved(case.rows, taken))
    return Source(
        scenario=scenario,
        everyone=[_entry(decision, teller) for decision in decisions(case, taken)],
        lines={use.line.code: use for use in uses},
        proof=headline(dict(found), language),
        language=language,
        agency=agency or "",
    )


def _check(problems: Sequence[Any], language: str) -> None:
    if problems:
        first = problems[0]
        raise UsageError(
            "result_differs",
            number=len(problems),
            problem=say(f"verify.{first.code}", language, first.facts),
        )


def _choices(found: Sequence[Mapping[str, Any]]) -> Sequence[Choice]:
    """The plan of decisions that were verified."""
    return [
        Choice(
            decision["proposal"],
            decision["option"],
            None if decision["volume"] is None else to_micro(Decimal(str(decision["volume"]))),
        )
        for decision in found
        if decision["decision"] in FUNDED
    ]


def _entry(decision: Decision, teller: Teller) -> Entry:
    option, asked, language = decision.option, decision.proposal.requested, teller.language
    told = [texts.clean(text) for text in teller.each(decision.reasons)]
    return Entry(
        proposal=texts.clean(decision.proposal.id),
        title=texts.clean(decision.proposal.title),
        name=texts.named(decision.proposal.id, decision.proposal.title),
        kind=decision.kind,
        priority=decision.proposal.priority,
        origin=asked.origin,
        source=texts.clean(option.source),
        agency=option.agency,
        line=decision.proposal.covered_by if decision.kind == "covered" else option.line,
        district=option.district,
        ward=option.ward,
        amount=decision.figures.amount,
        volume=texts.volume(decision.figures.volume, option, language),
        asked_agency=asked.agency,
        asked_district=asked.district,
        asked_ward=asked.ward,
        asked_amount=asked.full.amount,
        asked_volume=texts.volume(asked.full.volume, asked, language),
        why=" ".join(told),
        short=texts.clean(" ".join(teller.each([_bare(reason) for reason in decision.reasons]))),
        note=" ".join(_note(decision, told, teller)),
    )


def _bare(reason: Reason) -> Reason:
    """The reason without who uses what is full."""
    facts = {name: value for name, value in reason.facts.items() if name not in USERS}
    return Reason(reason.code, facts)


def _note(decision: Decision, told: Sequence[str], teller: Teller) -> Sequence[str]:
    """What a narrow column says: origin, what differs from the request, reasons worth a line."""
    asked, language = decision.proposal.requested, teller.language
    codes = [reason.code for reason in decision.reasons]
    said = {TOLD_BY_REASON.get(code) for code in codes}
    facts = {
        "volume": texts.volume(asked.full.volume, asked, language),
        "amount": money_full(asked.full.amount, language),
        "agency": texts.clean(asked.agency),
        "line": texts.clean(teller.line(asked.line)),
        "place": texts.place(asked.district, asked.ward),
    }
    notes = [say("form.pokir", language)] if asked.origin == "pokir" else []
    notes += [
        say(f"form.changed_{change}", language, facts)
        for change in decision.changes
        if change not in said and not (change == "line" and "agency" in decision.changes)
    ]
    return notes + [
        text
        for code, text in zip(codes, told, strict=True)
        if code not in ("funded_by_points", "options")
    ]
