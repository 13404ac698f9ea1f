"""S8 minutes: what is still open, who was there, the papers, and the seal."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

from flask import g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from service import auth
from service.context import here
from service.desk import sessions
from service.desk.city import desk_of
from service.desk.rights import MAY, allow
from service.desk.state import state_of, versions
from service.pages import plans
from service.pages.shell import language, page, screen, tell
from service.papers import meeting, templates
from service.papers.checks import checks
from service.papers.errors import PaperError
from service.papers.meeting import PARTIES, Particulars
from service.papers.papers import FORMS, Papers, day_in_words, papers
from service.store import LOCAL, Actor, Tx, models
from solver.write.forms import (
    ANNEXES,
    CLAUSES,
    SUMMED,
    Attendant,
    DeskMinutes,
    Model,
    clauses,
    desk_sentence,
    own_template,
)

pages = screen("minutes")

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BLANK_ROWS = 3


@pages.teardown_request
def let_go(_error: BaseException | None) -> None:
    """Let go of files that were sent, which may lie on the disk."""
    request.close()


@pages.get("/desks/<desk>/minutes")
def show(desk: str) -> str:
    """What the minutes hold so far, and what is to be done before they are sealed."""
    with here().store.session() as tx:
        row = _desk(tx, desk)
        found = papers(tx, row, language(), _version())
        last = plans.last_result(tx, row)
        facts: dict[str, Any] = {
            "state": state_of(tx, row.id),
            "known": versions(tx, row.id),
            "checks": [] if found.sealed else checks(tx, found, last),
            "seen": _unlisted(meeting.seen(tx, row), found.particulars),
            "templates": templates.chosen_at(tx, row.city, language()),
        }
    actor = auth.actor()
    return page(
        "minutes.html",
        desk=row,
        papers=found,
        minutes=found.minutes,
        parties=PARTIES,
        blank=range(BLANK_ROWS),
        forms=FORMS,
        own_forms=templates.FORMS,
        today=date.today().isoformat(),
        day=day_in_words(found.particulars.day, language()),
        presides=_may(actor, "preside", row) and facts["state"] != "signed",
        reopens=_may(actor, "reopen", row) and facts["state"] == "signed",
        arranges=_may(actor, "arrange", None),
        board=lambda proposal: url_for("board.show", desk=row.id, q=proposal),
        **facts,
    )


@pages.post("/desks/<desk>/minutes/meeting")
def keep_meeting(desk: str) -> AnyResponse:
    """Keep number, day, place and the attendance list as they were typed."""
    with here().store.write(auth.actor()) as tx:
        row = _desk(tx, desk)
        meeting.keep(tx, row.id, _typed())
    return redirect(url_for("minutes.show", desk=desk, _anchor="meeting"), 303)


@pages.post("/desks/<desk>/minutes/session")
def lead(desk: str) -> AnyResponse:
    """Close the desk, seal its minutes, or open sealed ones as a new version."""
    wanted = request.form.get("state", "")
    with here().store.write(auth.actor()) as tx:
        row = _desk(tx, desk)
        match wanted:
            case "closed":
                sessions.close(tx, row.id)
            case "signed" if "read" in request.form:
                sessions.sign(tx, row.id)
            case "open" if state_of(tx, row.id) == "signed":
                sessions.reopen(tx, row.id, request.form.get("reason", ""))
            case "open":
                sessions.open_session(tx, row.id)
            case _:
                raise PaperError("not_read", {"field": "read"})
    return redirect(url_for("minutes.show", desk=desk), 303)


@pages.get("/desks/<desk>/minutes/print")
def show_print(desk: str) -> str:
    """The minutes as a page for the browser's print, PDF included."""
    with here().store.session() as tx:
        row = _desk(tx, desk)
        found = papers(tx, row, language(), _version())
    spoken = language()
    return page(
        "minutes_print.html",
        desk=row,
        minutes=found.minutes,
        clauses=clauses(found.minutes, spoken),
        order=CLAUSES,
        annexes=_annexes(found.minutes, spoken),
        say=lambda code: desk_sentence(code, spoken),
    )


@pages.get("/desks/<desk>/minutes/file/<form>")
def download(desk: str, form: str) -> AnyResponse:
    """One of the papers as a file."""
    with here().store.session() as tx:
        row = _desk(tx, desk)
        found = papers(tx, row, language(), _version())
    data = found.file(form)
    name = tell(f"page_more.name_{form}", agency=row.agency, version=found.version)
    return _sent(data, f"{name}.{FORMS[form]}")


@pages.get("/desks/<desk>/minutes/template/<form>")
def template(desk: str, form: str) -> AnyResponse:
    """The template in use, for the city to change in Word."""
    with here().store.session() as tx:
        row = _desk(tx, desk)
        own = templates.of_city(tx, row.city, language()).get(form)
    if own is None and form not in templates.FORMS:
        raise PaperError("no_form", form=form)
    model = own or own_template(form, language())
    return _sent(model.data, model.name)


@pages.post("/desks/<desk>/minutes/template/<form>")
def choose_template(desk: str, form: str) -> AnyResponse:
    """Use the city's own template from now on, once it has been tried; or Kayuh's again."""
    allow(auth.actor(), "arrange")
    own = _template()
    with here().store.session() as tx:
        row = _desk(tx, desk)
        found = papers(tx, row, language())
    if form not in templates.FORMS:
        raise PaperError("no_form", form=form)
    if own is not None:
        templates.check(own)
        _tried(found, form, own)
    with here().store.write(auth.actor()) as tx:
        templates.choose(tx, row.city, form, language(), own)
    return redirect(url_for("minutes.show", desk=desk, _anchor="templates"), 303)


def _annexes(minutes: DeskMinutes, spoken: str) -> list[dict[str, Any]]:
    """The annexes as tables: title, columns, groups, and the column that is summed."""
    found = []
    for number, (field, columns) in enumerate(ANNEXES.items(), 1):
        groups = getattr(minutes, field)
        if groups or field != "pokir":
            total = getattr(minutes, f"{field}_amount")
            found.append(
                {
                    "title": desk_sentence(f"annex_{number}", spoken),
                    "columns": [(desk_sentence(head, spoken), name) for head, name in columns],
                    "groups": groups,
                    "summed": [name for _, name in columns].index(SUMMED[field]),
                    "total": total,
                    "count": getattr(minutes, f"{field}_count"),
                }
            )
    return found


def _tried(found: Papers, form: str, own: Model) -> None:
    """Fill the template with what there is; UsageError where it can't be."""
    replace(found, templates={form: own}).file(form)


def _template() -> Model | None:
    """The file that was sent; None where Kayuh's own is wanted again."""
    if "own" in request.form:
        return None
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise PaperError("template_missing", {"field": "file"})
    return Model(sent.filename.replace("\\", "/").rsplit("/", 1)[-1][-100:], sent.stream.read())


def _desk(tx: Tx, name: str) -> models.Desk:
    g.desk = name
    return desk_of(tx, name)


def _version() -> int | None:
    return request.args.get("version", type=int)


def _may(actor: Actor, action: str, desk: models.Desk | None) -> bool:
    if actor.role == LOCAL.role:
        return True
    scope = "" if desk is None else desk.agency
    return actor.role in MAY[action] and (actor.role == "kecamatan" or actor.scope in ("", scope))


def _unlisted(seen: list[Attendant], kept: Particulars) -> list[Attendant]:
    """Whom the desk has seen and the list does not have yet."""
    there = {person.name.casefold() for person in kept.people}
    return [person for person in seen if person.name.casefold() not in there]


def _typed() -> Particulars:
    form = request.form
    columns = [form.getlist(f"person_{name}") for name in ("name", "party", "body", "office")]
    people = [Attendant(*row) for row in zip(*columns, strict=False)]
    names = ("number", "day", "begins", "ends", "place")
    rev = form.get("rev", type=int, default=-1)
    return Particulars(**{name: form.get(name, "") for name in names}, people=people, rev=rev)


def _sent(data: bytes, name: str) -> AnyResponse:
    ending = name.rsplit(".", 1)[-1]
    return send_file(
        io.BytesIO(data), mimetype=KINDS[ending], as_attachment=True, download_name=name
    )
