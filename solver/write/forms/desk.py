"""Minutes of a desk: the berita acara with its annexes, filled from what the three parties decided.

Every proposal of the desk stands once: agreed and accommodated (I), agreed and not accommodated
(II), not yet agreed or not discussed (III), or a council proposal that is agreed not to be
accommodated (IV). What nobody has typed yet is printed as dots, to be written in by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from solver.words import joined
from solver.write.forms import texts, wards
from solver.write.forms.decided import DeskSource, Voice, desk_sentence
from solver.write.forms.source import Entry
from solver.write.forms.word import Model, filled, said, shape, template_of

DOTS = "." * 40
LEAST_ATTENDING = 8
"""Rows of the attendance list; those that nobody fills stay blank."""
PARTIES = ("opd", "kecamatan", "planner")

CLAUSES = (
    ("first", "accommodated"),
    ("second", "follow_up"),
    ("third", "open"),
    ("fourth", "machine"),
    ("fifth", "seal"),
)
"""The clauses of the minutes: the sentence of what each is called, and of what it says."""

Columns = Sequence[tuple[str, str]]
"""For each column the sentence of its heading and the row's field; empty: for the desk to fill."""

_REFUSED: Columns = (
    ("no", "no"),
    ("annex_id", "id"),
    ("annex_title", "title"),
    ("annex_place", "place"),
    ("annex_asked_amount", "asked_amount"),
    ("annex_asked_volume", "asked_volume"),
    ("annex_result", "result"),
    ("annex_reason", "reason"),
)
ANNEXES: Mapping[str, Columns] = {
    # The columns of T-D.4, and what differs from the request.
    "accommodated": (
        ("no", "no"),
        ("td4_priority", ""),
        ("td4_goal", ""),
        ("td4_program", "program"),
        ("td4_activity", "name"),
        ("td4_activity_goal", ""),
        ("td4_location", "place"),
        ("td4_volume", "volume"),
        ("td4_ceiling", "amount"),
        ("td4_agency", "agency"),
        ("annex_note", "note"),
    ),
    "declined": _REFUSED,
    "open": (
        ("no", "no"),
        ("annex_id", "id"),
        ("annex_title", "title"),
        ("annex_place", "place"),
        ("annex_asked_amount", "asked_amount"),
        ("annex_result", "result"),
        ("annex_amount", "amount"),
        ("annex_note", "note"),
        ("who", "who"),
    ),
    "pokir": _REFUSED,
}
"""The annexes' columns, by the field of the minutes that has their rows."""
SUMMED = {
    "accommodated": "amount",
    "declined": "asked_amount",
    "open": "amount",
    "pokir": "asked_amount",
}
"""The column of each annex that is summed."""


@dataclass(frozen=True)
class Attendant:
    """Someone at the desk; `party` is one of PARTIES, or facilitator, observer."""

    name: str
    party: str
    body: str = ""
    office: str = ""


@dataclass(frozen=True)
class Meeting:
    """What a desk knows of its meeting beside its decisions; what is empty is printed as dots.

    `day` is in words already. `parties` names who decides: (party, body), a body for each agency
    and district. `sealed` is whether it can't be changed any more, `reason` why it was reopened.
    """

    parties: Sequence[tuple[str, str]]
    version: int = 1
    sealed: bool = False
    reason: str = ""
    number: str = ""
    day: str = ""
    begins: str = ""
    ends: str = ""
    place: str = ""
    people: Sequence[Attendant] = field(default_factory=tuple)


@dataclass(frozen=True)
class Row:
    """A proposal in an annex; `no` counts through the annex, `who` says who does not agree."""

    no: str
    id: str
    title: str
    name: str
    program: str
    place: str
    ward: str
    district: str
    agency: str
    result: str
    amount: str
    volume: str
    asked_amount: str
    asked_volume: str
    note: str
    reason: str
    who: str


@dataclass(frozen=True)
class Group:
    """The rows of one district in an annex."""

    name: str
    count: str
    amount: str
    asked_amount: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Person:
    """A line of the attendance list."""

    no: str
    name: str
    party: str
    body: str
    office: str


@dataclass(frozen=True)
class Signer:
    """A body of a party, and who signs for it."""

    body: str
    name: str
    office: str


@dataclass(frozen=True)
class Party:
    """One of the three parties with those who sign for it."""

    name: str
    signers: tuple[Signer, ...]


@dataclass(frozen=True)
class DeskMinutes:
    """The fields of the template; every value is a text, or a list of items with texts."""

    scenario: str
    year: str
    agency: str
    status: str
    draft: str
    edition: str
    reopened: str
    number: str
    day: str
    begins: str
    ends: str
    place: str
    asked_count: str
    asked_amount: str
    accommodated_count: str
    accommodated_amount: str
    full_count: str
    changed_count: str
    covered_count: str
    declined_count: str
    declined_amount: str
    deferred_count: str
    open_count: str
    open_amount: str
    open_asked_amount: str
    pokir_count: str
    pokir_amount: str
    accommodated: tuple[Group, ...]
    declined: tuple[Group, ...]
    open: tuple[Group, ...]
    pokir: tuple[Group, ...]
    parties: tuple[Party, ...]
    people: tuple[Person, ...]
    fingerprint: str
    version: str
    digest: str


@dataclass(frozen=True)
class DeskWards(wards.Wards):
    """The fields of a desk's ward sheets."""

    fingerprint: str


def minutes(source: DeskSource, meeting: Meeting, own: Model | None = None) -> bytes:
    """The minutes in Word, from the city's template or Kayuh's."""
    model = own or template_of("desk", source.language, None)
    return filled(model, content(source, meeting))


def ward_sheets(source: DeskSource, own: Model | None = None) -> bytes:
    """What became of each proposal, a page a ward, in Word."""
    told = wards.content(source)
    data = DeskWards(**vars(told), fingerprint=source.fingerprint)
    return filled(own or template_of("desk_wards", source.language, None), data)


def clauses(data: DeskMinutes, language: str) -> Mapping[str, str]:
    """Opening and clauses as the template would print them, by the code of their sentence."""
    names = [name for pair in CLAUSES for name in (pair[0], f"clause_{pair[1]}")]
    return {
        name: said(desk_sentence(f"minutes_{name}", language), data) for name in ("opening", *names)
    }


def own_template(form: str, language: str) -> Model:
    """Kayuh's own template of a desk's form, minutes or wards: for a city to change in Word."""
    return template_of({"minutes": "desk", "wards": "desk_wards"}[form], language, None)


def fields_of_minutes() -> Sequence[str]:
    """What a city's own template may name, lists with their fields: group.rows, row.title."""
    return _names(shape(DeskMinutes))


def _names(item: Any) -> list[str]:
    found: list[str] = []
    for name, kind in item.items():
        found.append(name)
        if isinstance(kind, tuple):
            found += [f"{name}.{inner}" for inner in _names(kind[0])]
    return found


def content(source: DeskSource, meeting: Meeting) -> DeskMinutes:
    """What fills the template."""
    order = sorted(source.everyone, key=lambda e: (e.asked_district, e.rank, e.proposal))
    agreed = [entry for entry in order if source.agreed(entry)]
    given = [entry for entry in agreed if entry.accommodated]
    refused = [entry for entry in agreed if not entry.accommodated]
    pokir = [entry for entry in refused if entry.origin == "pokir"]
    declined = [entry for entry in refused if entry.origin != "pokir"]
    waiting = [entry for entry in order if not source.agreed(entry)]
    kinds = [entry.kind for entry in agreed]
    seal = "sealed" if meeting.sealed else "unsealed"
    return DeskMinutes(
        scenario=texts.clean(source.scenario.title),
        year=source.year,
        agency=source.agency_name(source.agency) if source.agency else "",
        status=source.say(seal),
        draft="" if meeting.sealed else source.say("minutes_draft"),
        edition=str(meeting.version),
        reopened=source.say("reopened", version=meeting.version, reason=texts.clean(meeting.reason))
        if meeting.reason
        else "",
        number=_typed(meeting.number),
        day=_typed(meeting.day),
        begins=_typed(meeting.begins),
        ends=_typed(meeting.ends),
        place=_typed(meeting.place),
        asked_count=texts.counted(len(order), source.language),
        asked_amount=_asked(source, order),
        accommodated_count=texts.counted(len(given), source.language),
        accommodated_amount=_given(source, given),
        full_count=str(kinds.count("fund")),
        changed_count=str(kinds.count("fund_changed")),
        covered_count=str(kinds.count("covered")),
        declined_count=texts.counted(len(declined), source.language),
        declined_amount=_asked(source, declined),
        deferred_count=str(sum(entry.kind == "deferred" for entry in declined)),
        open_count=texts.counted(len(waiting), source.language),
        open_amount=_given(source, waiting),
        open_asked_amount=_asked(source, waiting),
        pokir_count=texts.counted(len(pokir), source.language),
        pokir_amount=_asked(source, pokir),
        accommodated=_groups(source, given),
        declined=_groups(source, declined),
        open=_groups(source, waiting),
        pokir=_groups(source, pokir),
        parties=tuple(_party(source, meeting, party) for party in PARTIES),
        people=_people(source, meeting),
        fingerprint=source.fingerprint,
        version=version("kayuh"),
        digest=source.scenario.digest[:12],
    )


def _typed(text: str) -> str:
    return texts.clean(text) or DOTS


def _asked(source: DeskSource, entries: Iterable[Entry]) -> str:
    return source.money(sum(entry.asked_amount for entry in entries))


def _given(source: DeskSource, entries: Iterable[Entry]) -> str:
    return source.money(sum(entry.amount for entry in entries))


def _groups(source: DeskSource, entries: Sequence[Entry]) -> tuple[Group, ...]:
    """The entries by the district that asked, numbered through."""
    found: dict[str, list[tuple[Entry, Row]]] = {}
    for number, entry in enumerate(entries, 1):
        found.setdefault(entry.asked_district, []).append((entry, _row(source, number, entry)))
    return tuple(
        Group(
            name=source.place_name(district, ""),
            count=texts.counted(len(members), source.language),
            amount=_given(source, (entry for entry, _ in members)),
            asked_amount=_asked(source, (entry for entry, _ in members)),
            rows=tuple(row for _, row in members),
        )
        for district, members in found.items()
    )


def _row(source: DeskSource, number: int, entry: Entry) -> Row:
    return Row(
        no=str(number),
        id=entry.proposal,
        title=entry.title,
        name=entry.name,
        program=source.line_name(source.root(entry.line)) if entry.line in source.lines else "",
        place=texts.place(entry.district, entry.ward),
        ward=texts.clean(entry.ward),
        district=texts.clean(entry.district),
        agency=source.agency_name(entry.agency),
        result=source.say(entry.kind),
        amount=_amount(source, entry),
        volume=entry.volume,
        asked_amount=source.money(entry.asked_amount),
        asked_volume=entry.asked_volume,
        note=entry.note,
        reason=entry.why,
        who=_who(source, entry),
    )


def _amount(source: DeskSource, entry: Entry) -> str:
    if entry.kind == "covered":
        return source.say("td4_covered")
    return source.money(entry.amount) if entry.has_money else ""


def _who(source: DeskSource, entry: Entry) -> str:
    """Who said no to it, and who has not spoken."""
    ruling = source.rulings[entry.proposal]
    if ruling.code == "undiscussed":
        return source.say("undiscussed")
    told = [
        source.say(code, who=joined([_voice(source, voice) for voice in voices], source.language))
        for code, voices in (("excepted", ruling.excepted), ("silent", ruling.silent))
        if voices
    ]
    return " ".join(told)


def _voice(source: DeskSource, voice: Voice) -> str:
    party, district = voice
    if party == "kecamatan":
        return source.say("voice_kecamatan", district=texts.clean(district))
    return source.say(f"voice_{party}")


def _party(source: DeskSource, meeting: Meeting, party: str) -> Party:
    """Who signs: those at the desk for the party; dots for each of its bodies without anyone."""
    bodies = [body for name, body in meeting.parties if name == party]
    signers = [
        Signer(_body(source, person, bodies), texts.clean(person.name), texts.clean(person.office))
        for person in meeting.people
        if person.party == party
    ]
    there = " ".join(signer.body for signer in signers).casefold()
    signers += [
        Signer(_named(source, party, body), DOTS, DOTS)
        for body in bodies
        if body.casefold() not in there
    ]
    return Party(source.say(f"party_{party}"), tuple(signers))


def _body(source: DeskSource, person: Attendant, bodies: Sequence[str]) -> str:
    """What the person is from; without a word of it the party's only body."""
    if person.body or len(bodies) != 1:
        return texts.clean(person.body)
    return _named(source, person.party, bodies[0])


def _named(source: DeskSource, party: str, body: str) -> str:
    """A body with what it is."""
    text = texts.clean(body)
    return source.say("body_kecamatan", district=text) if party == "kecamatan" else text


def _people(source: DeskSource, meeting: Meeting) -> tuple[Person, ...]:
    found = [
        Person(
            str(number),
            texts.clean(person.name),
            source.say(f"element_{person.party}"),
            texts.clean(person.body),
            texts.clean(person.office),
        )
        for number, person in enumerate(meeting.people, 1)
    ]
    blank = range(len(found) + 1, LEAST_ATTENDING + 1)
    return (*found, *(Person(str(number), "", "", "", "") for number in blank))
