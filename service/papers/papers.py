"""The papers of one version of a desk's session: what they say, and their files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from babel.dates import format_date

from service.desk.agreement import places
from service.desk.city import city_of, limits_for
from service.desk.limits import CityLimits, limits_of
from service.desk.sessions import seal_of
from service.desk.state import versions
from service.papers import templates
from service.papers.errors import PaperError, SealError
from service.papers.meeting import Particulars, of_desk
from service.papers.replay import decision_of, rulings_at, scenario_at
from service.store import Tx, events, snapshots
from service.store.events import Mark
from service.store.models import Desk, DeskSession
from solver.instance import from_micro
from solver.words import say
from solver.write import forms
from solver.write.forms import DeskMinutes, DeskSource, Meeting, Model, Ruling

FORMS: Mapping[str, str] = {"minutes": "docx", "wards": "docx", "td4": "xlsx", "renja": "xlsx"}
"""What can be had as a file, and how the file ends."""


@dataclass(frozen=True)
class Papers:
    """What a version of a desk's session was decided as, at the point `mark` of the log.

    `rulings` are those of all desks of the city; `templates` the city's own, by form.
    """

    desk: Desk
    version: int
    sealed: bool
    reason: str
    mark: Mark
    limits: CityLimits
    rulings: Sequence[Ruling]
    particulars: Particulars
    language: str
    templates: Mapping[str, Model]

    @cached_property
    def own(self) -> Sequence[Ruling]:
        """The rulings on what this desk was asked for."""
        asked = {p.id for p in self.limits.desks.get(self.desk.agency, ())}
        return [ruling for ruling in self.rulings if ruling.proposal in asked]

    @cached_property
    def source(self) -> DeskSource:
        """This desk's rulings as the forms read them."""
        return self._source(self.own)

    @cached_property
    def minutes(self) -> DeskMinutes:
        """The minutes, every figure and every word of them."""
        return forms.content(self.source, self.meeting)

    @property
    def meeting(self) -> Meeting:
        """The desk's meeting, its day in words."""
        typed = self.particulars
        return Meeting(
            parties=self._parties(),
            version=self.version,
            sealed=self.sealed,
            reason=self.reason,
            number=typed.number,
            day=day_in_words(typed.day, self.language),
            begins=clock(typed.begins, self.language),
            ends=clock(typed.ends, self.language),
            place=typed.place,
            people=typed.people,
        )

    def file(self, form: str) -> bytes:
        """One of FORMS; T-D.4 and Renja hold what is agreed, of all desks that give this agency."""
        if form == "minutes":
            return forms.desk_minutes(self.source, self.meeting, self.templates.get(form))
        if form == "wards":
            return forms.desk_wards(self.source, self.templates.get(form))
        if form not in FORMS:
            raise PaperError("no_form", form=form)
        return forms.workbook(form, self._source([r for r in self.rulings if r.agreed]))

    def _source(self, rulings: Sequence[Ruling]) -> DeskSource:
        return forms.desk_source(
            rulings,
            self.limits.scenario,
            self.language,
            self.mark.fingerprint,
            self.desk.agency,
        )

    def _parties(self) -> list[tuple[str, str]]:
        """The agency, each district that a decision of the desk concerns, the planning agency."""
        districts = {d for r in self.own for d in places(self.limits, decision_of(r))}
        return [
            ("opd", self.desk.name or self.desk.agency),
            *(("kecamatan", district) for district in sorted(districts)),
            ("planner", say("form.minutes_planner", self.language)),
        ]


def papers(tx: Tx, desk: Desk, language: str, version: int | None = None) -> Papers:
    """The papers of a version, by default the newest; a sealed one as it was sealed.

    PaperError where there is no such version, SealError where what was sealed and what the log
    tells are not the same.
    """
    known = {session.version: session for session in versions(tx, desk.id)}
    wanted = max(known, default=0) if version is None else version
    session = known.get(wanted)
    if session is None and (version is not None or known):
        raise PaperError("no_version", version=wanted)
    sealed = session is not None and session.state == "signed"
    mark = seal_of(tx, session) if session and sealed else _last(tx, known, wanted)
    city = city_of(tx, desk.city)
    found = Papers(
        desk=desk,
        version=max(wanted, 1),
        sealed=sealed,
        reason=session.reason if session else "",
        mark=mark,
        limits=limits_of(tx, scenario_at(tx, city.id, mark.seq))
        if sealed
        else limits_for(tx, city.id),
        rulings=rulings_at(tx, city.id, mark.seq),
        particulars=of_desk(tx, desk.id, mark.seq),
        language=language,
        templates=templates.of_city(tx, city.id, language, mark.seq if sealed else None),
    )
    if session is not None and sealed:
        _check(tx, session, found)
    return found


def _last(tx: Tx, known: Mapping[int, DeskSession], version: int) -> Mark:
    """The end of the log; of a version that was reopened only the newest is not sealed."""
    if version and version != max(known):
        raise PaperError("no_version", version=version)
    return events.head(tx)


def _check(tx: Tx, session: DeskSession, found: Papers) -> None:
    """What was kept when the desk was signed has to be what the log told then."""
    sealed = snapshots.read(tx, session.minutes or "") or {}
    kept = {row["proposal"]: _figures(row) for row in sealed.get("decisions", ())}
    told = {
        ruling.proposal: (
            ruling.code,
            ruling.option,
            None if ruling.volume is None else from_micro(ruling.volume),
            ruling.amount,
            ruling.reason,
            ruling.note,
            ruling.agreed,
        )
        for ruling in found.own
    }
    if kept != told:
        raise SealError("seal_broken", desk=found.desk.name, version=session.version)


def _figures(row: Mapping[str, object]) -> tuple[object, ...]:
    names = ("code", "option", "volume", "amount", "reason", "note", "agreed")
    return tuple(row[name] for name in names)


def day_in_words(day: str, language: str) -> str:
    """Jumat, 16 Maret 2018; empty where the day is not known."""
    if not day:
        return ""
    return str(format_date(date.fromisoformat(day), "EEEE, d MMMM y", locale=language))


def clock(moment: str, language: str) -> str:
    """09.30 in Bahasa Indonesia, 09:30 in English."""
    return moment.replace(":", ".") if language == "id" else moment
