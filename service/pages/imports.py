"""S2 import: a workbook or an export handed in, checked row by row, compared, and saved."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from flask import Response, current_app, g, redirect, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

import scenarios as embedded
from service import auth
from service.context import here
from service.desk import city as cities
from service.desk.city import limits_for
from service.desk.rights import allow
from service.intake import reading, saving
from service.intake.difference import difference
from service.intake.drafts import KINDS, MOST_CORRECTIONS, Draft, Drafts, owner_of
from service.intake.errors import IntakeError
from service.intake.reading import Same, Source
from service.pages import import_form
from service.pages.import_form import MAPPED
from service.pages.shell import language, page, screen
from service.store import Tx, models
from solver.commands.common import message
from solver.commands.import_ import doubtful, summary
from solver.scenario import heading_of, read
from solver.sipd import Finding, Imported, advice, sentence
from solver.words import number, say
from solver.write import import_report, warning
from solver.write.marked import marked
from solver.write.workbook import workbook

pages = screen("imports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRAFTS = "kayuh_drafts"
SHOWN = 200
"""So many problems, findings or changes are listed; all of them are in the workbook."""
PREVIEW = 15
LONGEST_NAME = 120
SHORT = 4
"""Words of a title that become a city's short name."""


@pages.teardown_request
def let_go(_error: BaseException | None) -> None:
    """Let go of files that were sent, which may lie on the disk."""
    request.close()


@pages.get("/import")
def fresh() -> str:
    """Upload the data of a new city."""
    allow(auth.actor(), "arrange")
    return page("import_upload.html", kinds=KINDS)


@pages.get("/cities/<city>/import")
def show(city: str) -> str:
    """Upload new data for a city that is there."""
    allow(auth.actor(), "arrange")
    with here().store.session() as tx:
        row = cities.city_of(tx, city)
        has_mapping = bool(saving.mapping_of(tx, city))
    return page("import_upload.html", city=row, kinds=KINDS, has_mapping=has_mapping)


@pages.get("/import/template.xlsx")
def template() -> AnyResponse:
    """An empty workbook with drop-downs, instructions and an example."""
    document = read(embedded.path("contoh.json")).document
    name = say("page_more.template_name", language())
    return _sheet(workbook(document, language()), name)


@pages.post("/imports")
def upload() -> AnyResponse:
    """Take files, read them, and lead to what was found."""
    allow(auth.actor(), "arrange")
    try:
        kind = request.form.get("kind", "")
    except RequestEntityTooLarge:
        most = here().settings.max_body // 2**20
        raise IntakeError("file_too_large", {"field": "file"}, most=most) from None
    if kind not in KINDS:
        raise IntakeError("import_no_kind", {"field": "kind"})
    source = _file("file")
    if source is None:
        raise IntakeError("import_no_file", {"field": "file"})
    city = request.form.get("city") or None
    with here().store.session() as tx:
        mapping = saving.mapping_of(tx, city) if kind == "sipd" else ""
        if city is not None:
            cities.city_of(tx, city)
    ceilings = _file("ceilings") if kind == "sipd" else None
    draft = Draft(kind, city, source, ceilings, owner_of(auth.actor()), mapping)
    name = _drafts().add(draft.read(language()))
    return redirect(url_for("imports.look", draft=name), 303)


@pages.get("/imports/<draft>")
def look(draft: str) -> str:
    """What is wrong with a draft; where nothing is, what it holds and what it would change."""
    found = _draft(draft)
    facts: dict[str, Any] = {"name": draft, "draft": found}
    with here().store.session() as tx:
        city = cities.city_of(tx, found.city) if found.city else None
        if found.reading.scenario is not None:
            facts |= _preview(tx, found, city)
    if found.reading.imported is not None:
        facts |= _account(found.reading.imported)
    if found.kind == "sipd":
        facts["choices"] = reading.choices(found.reading.mapping)
        facts["tables"] = [t for t in MAPPED if facts["choices"].get(t)]
    groups = reading.grouped(found.reading.issues)
    facts["problems"] = [_told(group) for group in groups[:SHOWN]]
    facts["more_problems"] = max(0, len(groups) - SHOWN)
    facts["seen"] = _seen(found)
    return page("import_check.html", city=city, **facts)


@pages.post("/imports/<draft>")
def edit(draft: str) -> AnyResponse:
    """Read the draft anew with what was typed beside it."""
    found = _draft(draft)
    if request.form.get("seen") == _seen(found):
        if found.kind == "workbook":
            more = import_form.corrections(reading.grouped(found.reading.issues)[:SHOWN])
            together = [*found.corrections, *more]
            if len(together) > MOST_CORRECTIONS:
                raise IntakeError("too_many_corrections", most=MOST_CORRECTIONS)
            changed = replace(found, corrections=together)
        else:
            changed = replace(found, changes=import_form.choices(found))
        _drafts().put(draft, changed.read(language()))
    return redirect(url_for("imports.look", draft=draft), 303)


@pages.post("/imports/<draft>/undo")
def undo(draft: str) -> AnyResponse:
    """Take back everything that was typed on the page."""
    found = replace(_draft(draft), corrections=(), changes={})
    _drafts().put(draft, found.read(language()))
    return redirect(url_for("imports.look", draft=draft), 303)


@pages.get("/imports/<draft>/marked.xlsx")
def hand_back(draft: str) -> AnyResponse:
    """The user's own workbook with its problems marked, everything else as it was."""
    found = _draft(draft)
    data = marked(found.source.data, found.reading.issues, language())
    stem = PurePosixPath(found.source.name).stem
    return _sheet(data, f"{stem}-{say('mark.ending', language())}.xlsx")


@pages.get("/imports/<draft>/report.xlsx")
def report(draft: str) -> AnyResponse:
    """What an export was read as, row by row."""
    found = _draft(draft).reading.imported
    if found is None:
        raise IntakeError("import_not_ready", {"field": "file"})
    spoken = language()
    lines = [*summary(found, spoken), *doubtful(found, spoken)]
    return _sheet(import_report(found, lines, spoken), say("page_more.report_name", spoken))


@pages.post("/imports/<draft>/save")
def save(draft: str) -> AnyResponse:
    """Keep what was read as a new data set, and let the city stand on it."""
    found = _draft(draft)
    if "agreed" not in request.form:
        raise IntakeError("totals_not_agreed", {"field": "agreed"})
    with here().store.write(auth.actor()) as tx:
        if found.city is None:
            short = request.form.get("id", "").strip()
            done = saving.save_new(tx, found, short, request.form.get("title", ""))
        else:
            rev = request.form.get("rev", type=int, default=-1)
            reason = request.form.get("reason", "")
            done = saving.save_again(tx, found, found.city, reason, rev)
    _drafts().drop(draft)
    return redirect(url_for("imports.saved", city=done.city, scenario=done.digest), 303)


@pages.get("/cities/<city>/import/saved")
def saved(city: str) -> str:
    """What was saved, and what the city's decisions now break of the new limits."""
    with here().store.session() as tx:
        row = cities.city_of(tx, city)
        uses = [use.usage for use in cities.uses(tx, city) if use.usage.is_over]
        desks = cities.desks(tx, city)
        scenario = limits_for(tx, city).scenario
    breaks = [(usage.row.rule, usage.row.subject) for usage in uses]
    sums = reading.sums(scenario)
    return page("import_saved.html", city=row, desks=desks, breaks=breaks, sums=sums)


@pages.post("/imports/<draft>/drop")
def drop(draft: str) -> AnyResponse:
    """Throw a draft away."""
    found = _draft(draft)
    _drafts().drop(draft)
    if found.city is None:
        return redirect(url_for("imports.fresh"), 303)
    return redirect(url_for("imports.show", city=found.city), 303)


def _drafts() -> Drafts:
    found: Drafts = current_app.extensions.setdefault(DRAFTS, Drafts())
    return found


def _draft(name: str) -> Draft:
    allow(auth.actor(), "arrange")
    found = _drafts().get(name, auth.actor())
    if found is None:
        raise IntakeError("draft_gone")
    g.city = found.city
    return found


def _file(field: str) -> Source | None:
    """A file of the form by its bare name; None where none was chosen."""
    sent: FileStorage | None = request.files.get(field)
    if sent is None or not sent.filename:
        return None
    bare = PurePosixPath(sent.filename.replace("\\", "/")).name
    name = re.sub(r"[^\w .()+-]", "_", bare)[-LONGEST_NAME:].strip() or "berkas.xlsx"
    return Source(name, sent.stream.read())


def _seen(draft: Draft) -> str:
    """What tells whether a form was filled in for the draft as it is now."""
    return f"{len(draft.corrections)}-{len(draft.reading.issues)}-{hash(str(draft.changes)):x}"


def _told(group: Same) -> dict[str, Any]:
    first = group.issues[0]
    return {
        "where": [(i.place.sheet or i.place.file, i.place.row) for i in group.issues],
        "column": heading_of(group.column, language()) if group.column else "",
        "value": group.value,
        "text": message(first, language()),
        "offers": group.readings or ([group.suggestion] if group.suggestion else []),
        "is_name": group.is_name,
        "can_correct": reading.can_correct(first),
    }


def _preview(tx: Tx, draft: Draft, city: models.City | None) -> dict[str, Any]:
    scenario = draft.reading.scenario
    if scenario is None:
        raise IntakeError("import_not_ready", {"field": "file"})
    sums = reading.sums(scenario)
    facts: dict[str, Any] = {
        "sums": sums,
        "asked": sum(one.asked for one in sums),
        "ceilings": sum(one.ceiling or 0 for one in sums),
        "proposals": scenario.instance.proposals[:PREVIEW],
        "count": len(scenario.instance.proposals),
        "warnings": [warning(notice, language())["text"] for notice in scenario.notices],
        "title": scenario.title,
        "suggested_id": _slug(scenario.title),
    }
    if city is not None:
        before = limits_for(tx, city.id).scenario
        decided = saving.decided(tx, city.id)
        facts["differences"] = difference(before, scenario, decided)
        facts["same"] = before.digest == scenario.digest
        facts["column"] = lambda name: heading_of(name, language())
        facts["shown"] = _shown
    return facts


def _shown(value: Any) -> str:
    """A cell of a table as a person reads it; a dash where it is blank."""
    if value is None:
        return "–"
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return number(value, language()) if isinstance(value, (int, float)) else str(value)


def _slug(title: str) -> str:
    """A short name made of the first words of a title."""
    words = re.findall(r"[a-z0-9]+", title.casefold())
    return "-".join(words[:SHORT])[:60].strip("-") or "kota"


def _account(found: Imported) -> dict[str, Any]:
    spoken = language()
    doubted = [f for f in found.guesses if not f.facts.get("sure", True)]
    return {
        "summary": summary(found, spoken),
        "totals": [total for total in found.totals if total.by == "agency"],
        "guesses": [_finding(f) for f in found.guesses if "sure" not in f.facts],
        "unsure": {f.facts["name"]: _finding(f)["text"] for f in doubted},
        "slips": [_finding(finding) for finding in found.slips[:SHOWN]],
        "more_slips": max(0, len(found.slips) - SHOWN),
        "repaired": len(found.repaired),
        "left_out": [_finding(finding) for finding in found.left_out[:SHOWN]],
        "codes": sorted(row["code"] for row in found.document["agencies"]),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    rows: Iterable[int] = (spot.row for spot in finding.spots)
    return {
        "text": sentence(finding, language()),
        "advice": advice(finding, language()),
        "rows": list(rows),
    }


def _sheet(data: bytes, name: str) -> Response:
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)
