"""What a desk has decided, as the source of its forms: figures and reasons of people.

The figures are added up again on the way: a form is signed, so an amount that is not the one its
option costs at that volume is not printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solver.assess import moved
from solver.case import Case
from solver.decision import line_uses
from solver.errors import UsageError
from solver.instance import Choice, Figures, Option, Proposal
from solver.scenario import Scenario
from solver.tell import Teller
from solver.words import catalogue, money_full, say
from solver.write.forms import texts
from solver.write.forms.source import Entry, Source

ACCOMMODATED = {"accommodated": "fund", "accommodated_changed": "fund_changed"}
"""Decisions of a desk that give something -> the kind of the form's entry."""

Voice = tuple[str, str]
"""A party, and the district where it is a kecamatan."""


@dataclass(frozen=True)
class Ruling:
    """A desk's decision on one proposal; codes as in CONTRACT section 6.

    `volume` is in millionths, None: the whole request or none stated; `amount` in rupiah. `reason`
    is a code or empty, `note` what was typed. `excepted` said no, `silent` have not spoken.
    """

    proposal: str
    code: str
    option: str
    volume: int | None
    amount: int
    reason: str = ""
    note: str = ""
    agreed: bool = False
    excepted: Sequence[Voice] = ()
    silent: Sequence[Voice] = ()


@dataclass(frozen=True)
class DeskSource(Source):
    """A source whose entries are rulings; `fingerprint` is the point of the desk's log.

    The kinds of its entries are those of a result, and deferred, declined, undiscussed.
    """

    rulings: Mapping[str, Ruling]
    fingerprint: str

    def say(self, code: str, **facts: object) -> str:
        """A sentence of the desk's forms, else of all forms."""
        facts = {"fingerprint": self.fingerprint, **facts}
        return desk_sentence(code, self.language, **facts)

    def agreed(self, entry: Entry) -> bool:
        """Whether all parties agree to what was decided on the entry's proposal."""
        return self.rulings[entry.proposal].agreed


def desk_sentence(code: str, language: str, **facts: object) -> str:
    """A sentence of the desk's forms, else of all forms."""
    own = f"desk_form.{code}"
    return say(own if own in catalogue() else f"form.{code}", language, facts)


def desk_source(
    rulings: Sequence[Ruling],
    scenario: Scenario,
    language: str,
    fingerprint: str,
    agency: str | None = None,
) -> DeskSource:
    """The source of rulings on a scenario, for all agencies or one desk.

    Proposals that no ruling names are not listed. UsageError where a ruling names what the scenario
    does not have, or an amount that is not the option's.
    """
    case = Case(scenario.instance)
    teller = Teller(case, language)
    figures = {ruling.proposal: _figures(ruling, case) for ruling in rulings}
    given = [ruling for ruling in rulings if ruling.code in ACCOMMODATED]
    taken = case.space.take([Choice(r.proposal, r.option, r.volume) for r in given])
    uses = line_uses(case, taken, moved(case.rows, taken))
    return DeskSource(
        scenario=scenario,
        everyone=[
            _entry(ruling, *figures[ruling.proposal], teller)
            for ruling in sorted(rulings, key=lambda ruling: ruling.proposal)
        ],
        lines={use.line.code: use for use in uses},
        proof="",
        language=language,
        agency=agency or "",
        rulings={texts.clean(ruling.proposal): ruling for ruling in rulings},
        fingerprint=fingerprint,
    )


def _figures(ruling: Ruling, case: Case) -> tuple[Proposal, Option, Figures]:
    """The ruling's option and what it gives, added up again."""
    proposal = case.space.proposals.get(ruling.proposal)
    found = None
    if proposal is not None:
        found = next((o for o in proposal.options if o.label == ruling.option), None)
    if proposal is None or found is None:
        raise UsageError("ruling_unknown", proposal=ruling.proposal)
    given = Figures()
    if ruling.code in ACCOMMODATED and not proposal.covered_by:
        given = found.full if ruling.volume is None else found.at(ruling.volume)
    if given.amount != ruling.amount:
        facts = {"found": ruling.amount, "due": given.amount}
        raise UsageError("ruling_differs", proposal=ruling.proposal, **facts)
    return proposal, found, given


def _entry(
    ruling: Ruling, proposal: Proposal, option: Option, given: Figures, teller: Teller
) -> Entry:
    asked, language = proposal.requested, teller.language
    kind = ACCOMMODATED.get(ruling.code, ruling.code)
    if kind in ACCOMMODATED.values() and proposal.covered_by:
        kind = "covered"
    why = reason_of(ruling, language)
    return Entry(
        proposal=texts.clean(proposal.id),
        title=texts.clean(proposal.title),
        name=texts.named(proposal.id, proposal.title),
        kind=kind,
        priority=proposal.priority,
        origin=asked.origin,
        source=texts.clean(option.source),
        agency=option.agency,
        line=proposal.covered_by if kind == "covered" else option.line,
        district=option.district,
        ward=option.ward,
        amount=given.amount,
        volume=texts.volume(given.volume, option, language),
        asked_agency=asked.agency,
        asked_district=asked.district,
        asked_ward=asked.ward,
        asked_amount=asked.full.amount,
        asked_volume=texts.volume(asked.full.volume, asked, language),
        why=why,
        short=why,
        note=" ".join([*_changes(kind, asked, option, given, teller), *([why] if why else [])]),
    )


def reason_of(ruling: Ruling, language: str) -> str:
    """The reason as a sentence: what its code means, and what was typed."""
    topic = next((t for t in ("gate", "code") if f"{t}.{ruling.reason}" in catalogue()), None)
    coded = say(f"{topic}.{ruling.reason}", language) if topic else ""
    told = ": ".join(filter(None, (coded, texts.clean(ruling.note))))
    if not told:
        return ""
    return told[0].upper() + told[1:] + ("" if told[-1] in ".!?" else ".")


def _changes(
    kind: str, asked: Option, option: Option, given: Figures, teller: Teller
) -> Sequence[str]:
    """Where it comes from, and what differs from the request."""
    language = teller.language
    notes = [say("form.pokir", language)] if asked.origin == "pokir" else []
    if kind != "fund_changed":
        return notes
    facts = {
        "volume": texts.volume(asked.full.volume, asked, language),
        "amount": money_full(asked.full.amount, language),
        "agency": texts.clean(asked.agency),
        "line": texts.clean(teller.line(asked.line)),
        "place": texts.place(asked.district, asked.ward),
    }
    changes = {
        "volume": given.volume != asked.full.volume,
        "amount": given.volume == asked.full.volume and given.amount != asked.full.amount,
        "agency": option.agency != asked.agency,
        "line": option.line != asked.line and option.agency == asked.agency,
        "place": (option.district, option.ward) != (asked.district, asked.ward),
    }
    told = [name for name, changed in changes.items() if changed]
    return notes + [say(f"form.changed_{name}", language, facts) for name in told]
