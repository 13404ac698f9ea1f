"""The board: a desk's one list with the ceiling line, its limits, its recommendation, its session.

The list asks by itself whether something has changed, and is then put in place of the one shown.
"""

from __future__ import annotations

from typing import Any

from flask import Response, g, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service import auth
from service.context import here
from service.desk import decisions, locks, sessions
from service.desk.city import desk_of, limits_for
from service.desk.decisions import Decision, Edit
from service.desk.locks import LockEdit
from service.desk.rights import allow
from service.desk.state import current
from service.pages import listing, meters, progress, runs, undo
from service.pages.shell import language, page, part, screen
from service.store import Actor, Tx, people
from service.store.errors import ForbiddenError
from service.store.models import Desk
from solver.instance import from_micro

pages = screen("board")

CHANGED = {"HX-Trigger": '{"kayuh:changed": {"target": "#desk"}}'}
"""Tells the page that its list is no longer as it is."""


@pages.get("/desks/<desk>")
def show(desk: str) -> str:
    """The board."""
    with here().store.session() as tx:
        found = _desk(tx, desk)
        return page("board.html", desk=found, **_facts(tx, found), **_meeting(tx, found))


@pages.get("/desks/<desk>/list")
def refresh(desk: str) -> str | Response:
    """The list, where something has changed since the one that is shown."""
    with here().store.session() as tx:
        found = _desk(tx, desk)
        if request.args.get("tag") == runs.tag(tx, runs.standing(tx, found)):
            return Response(status=204)
        return part("board_list.html", desk=found, **_facts(tx, found))


@pages.get("/desks/<desk>/progress")
def watch(desk: str) -> str | AnyResponse:
    """How far the solve under way is; when it has ended the list is asked for."""
    with here().store.session() as tx:
        found = runs.standing(tx, _desk(tx, desk))
        if found.under_way is not None:
            now = runs.document(tx, found.now) if found.now else None
            return part("progress.html", progress=progress.of(found.under_way), now=now)
    return Response("", headers=CHANGED)


@pages.post("/desks/<desk>/lock")
def lock(desk: str) -> str:
    """Lock a row in or take its lock off, and recommend anew. The field says REVISION PROPOSAL."""
    rev, _, proposal = request.form.get("lock", "").partition(" ")
    with here().store.write(auth.actor()) as tx:
        found = _desk(tx, desk)
        held = locks.of_desk(tx, found).get(proposal)
        wanted = "none" if held is not None and held.decision != "none" else "fund"
        locks.edit(tx, found.id, proposal, LockEdit(wanted), number(rev))
    return _anew(desk)


@pages.post("/desks/<desk>/solve")
def solve(desk: str) -> str:
    """Recommend anew."""
    return _anew(desk)


@pages.post("/desks/<desk>/stop")
def stop(desk: str) -> str:
    """Stop the solve under way and use the best that it has found."""
    context = here()
    with context.store.session() as tx:
        found = _desk(tx, desk)
        allow(auth.actor(), "recommend", found.agency)
        coming = runs.standing(tx, found).under_way
    if coming is not None:
        context.runner.stop(coming)
        context.runner.wait(coming, 2)
    return _list(desk)


@pages.post("/desks/<desk>/accommodate")
def accommodate(desk: str) -> str:
    """Decide on a row as it is recommended; where nothing is recommended, as it was asked for."""
    proposal = request.form.get("proposal", "")
    with here().store.write(auth.actor()) as tx:
        found = _desk(tx, desk)
        advised = _advised(tx, found, proposal)
        rev = number(request.form.get("rev", ""))
        decisions.edit(tx, found.id, proposal, _as_advised(advised), rev)
    return _list(desk)


@pages.post("/desks/<desk>/undo")
def take_back(desk: str) -> str:
    """Take back what this person did last at this desk."""
    with here().store.write(auth.actor()) as tx:
        found = _desk(tx, desk)
        step = undo.last(tx, found, auth.actor())
        if step is None:
            raise undo.NothingError("nothing_to_undo")
        undo.take_back(tx, found, step)
    return _anew(desk) if step.kind == "lock" else _list(desk)


@pages.post("/desks/<desk>/keep")
def keep(desk: str) -> str:
    """Lock everything as it was decided, so that the rest is recommended around it."""
    with here().store.write(auth.actor()) as tx:
        found = _desk(tx, desk)
        limits = limits_for(tx, found.city)
        held = locks.of_desk(tx, found)
        for name, decision in decisions.of_desk(tx, found).items():
            if decision.code == "undiscussed" or limits.proposals[name].covered_by:
                continue
            rev = held[name].rev if name in held else 0
            locks.edit(tx, found.id, name, _as_decided(decision), rev)
    return _anew(desk)


@pages.post("/desks/<desk>/session")
def preside(desk: str) -> AnyResponse:
    """Open the desk, or close it."""
    with here().store.write(auth.actor()) as tx:
        found = _desk(tx, desk)
        if request.form.get("state") == "closed":
            sessions.close(tx, found.id)
        else:
            sessions.open_session(tx, found.id)
    return Response("", 303, {"Location": url_for("board.show", desk=desk)})


@pages.get("/desks/<desk>/door")
def door(desk: str) -> str:
    """Who waits to be let in."""
    with here().store.session() as tx:
        found = _desk(tx, desk)
        allow(auth.actor(), "preside", found.agency)
        return part("door.html", desk=found, guests=people.guests(tx, found.id))


@pages.post("/desks/<desk>/guests")
def admit(desk: str) -> AnyResponse:
    """Let a guest in who has joined by the room's code, or turn them away."""
    with here().store.write(auth.actor()) as tx:
        found = _desk(tx, desk)
        allow(auth.actor(), "preside", found.agency)
        if "admit" in request.form:
            people.admit(tx, found.id, request.form["admit"])
        else:
            people.turn_away(tx, found.id, request.form.get("away", ""))
    return Response("", 303, {"Location": url_for("board.show", desk=desk)})


def may(actor: Actor, action: str, desk: Desk) -> bool:
    """Whether the actor may do it at this desk; what they may not is not offered."""
    try:
        allow(actor, action, desk.agency)
    except ForbiddenError:
        return False
    return True


NO_REVISION = 10**18
"""Later than any entry of the log."""


def number(text: str) -> int:
    """A revision as a form sends it; one that nothing has, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else NO_REVISION


def _desk(tx: Tx, name: str) -> Desk:
    g.desk = name
    return desk_of(tx, name)


def _anew(desk: str) -> str:
    runs.ask(desk)
    return _list(desk)


def _list(desk: str) -> str:
    with here().store.session() as tx:
        found = _desk(tx, desk)
        return part("board_list.html", desk=found, **_facts(tx, found))


def _facts(tx: Tx, desk: Desk) -> dict[str, Any]:
    """What the list is drawn from."""
    actor, standing = auth.actor(), runs.standing(tx, desk)
    now = runs.document(tx, standing.now) if standing.now else None
    before = runs.document(tx, standing.before) if standing.before else None
    rows = listing.rows(tx, desk, now, before)
    levels = meters.meters(tx, desk, now, language())
    state = current(tx, desk.id)
    is_open = state is not None and state.state == "open"
    return {
        "tag": runs.tag(tx, standing),
        "session": state,
        "rows": rows,
        "above": [row for row in rows if row.advice and row.advice.is_above],
        "below": [row for row in rows if not (row.advice and row.advice.is_above)],
        "meters": levels,
        "ceiling": next((m for m in levels if m.row.rule == "agency_ceiling"), None),
        "now": now,
        "is_outdated": standing.now is not None and runs.is_outdated(tx, desk, standing.now),
        "moved": {kind: [r for r in rows if r.moved == kind] for kind in ("in", "out", "changed")},
        "progress": progress.of(standing.under_way) if standing.under_way else None,
        "step": undo.last(tx, desk, actor) if is_open else None,
        "can_decide": is_open and may(actor, "decide", desk),
        "can_solve": may(actor, "recommend", desk),
    }


def _meeting(tx: Tx, desk: Desk) -> dict[str, Any]:
    """What only the whole page shows: the session, who waits at the door, what to filter by."""
    presides = may(auth.actor(), "preside", desk)
    limits = limits_for(tx, desk.city)
    districts = {p.requested.district for p in limits.desks.get(desk.agency, ())}
    return {
        "districts": sorted(districts),
        "can_preside": presides,
        "guests": people.guests(tx, desk.id) if presides else [],
    }


def _advised(tx: Tx, desk: Desk, proposal: str) -> listing.Advice | None:
    now = runs.standing(tx, desk).now
    if now is None:
        return None
    rows = listing.rows(tx, desk, runs.document(tx, now))
    return next((row.advice for row in rows if row.proposal.id == proposal), None)


def _as_advised(advice: listing.Advice | None) -> Edit:
    if advice is None or not advice.is_funded:
        return Edit("accommodated")
    volume = from_micro(advice.volume) if advice.volume else None
    return Edit("accommodated", option=advice.option.label, volume=volume)


def _as_decided(decision: Decision) -> LockEdit:
    if not decision.is_funded:
        return LockEdit("reject", reason=decision.note)
    volume = None if decision.volume is None else from_micro(decision.volume)
    return LockEdit("fund", option=decision.option, volume=volume, reason=decision.note)
