"""Beside the list: why a proposal is in or out, what it would take, and what the desk decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from service import auth, errors
from service.context import here
from service.desk import decisions, locks
from service.desk.city import FUNDED, desk_of, limits_for
from service.desk.decisions import Edit
from service.desk.locks import LockEdit
from service.desk.rights import allow
from service.desk.state import state_of
from service.pages import listing, runs, took, tries
from service.pages.board import CHANGED, may, number
from service.pages.following import following
from service.pages.numbers import TypedError, decimal, rupiah
from service.pages.refused import explained
from service.pages.shell import language, page, part, reason, screen, wants_part
from service.pages.told import told
from service.store import Tx
from service.store.canonical import canonical
from service.store.errors import RefusedError
from service.store.models import Desk, Event

pages = screen("why")

ROW = "/desks/<desk>/rows/<proposal>"
QUICK = 1.0
"""Seconds that a request waits for what may be quick."""
HISTORY = 8
"""So many of the last entries about a proposal are shown."""
NO = ("deferred", "declined")
NO_REASONS = frozenset(
    (
        "locked_in",
        "locked_out",
        "funded_by_points",
        "funded_for_floor",
        "options",
        "cut_to_fit",
        "gate",
    )
)
"""Codes that say why something is in, or that say nothing to whoever proposed it."""

Form = Mapping[str, str]


@pages.get(ROW)
def show(desk: str, proposal: str) -> str:
    """The proposal: beside the list where the board asks, else on a page of its own."""
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        facts = _facts(tx, found, proposal)
        if may(auth.actor(), "preside", found):
            following.point(found.id, proposal)
        if wants_part():
            return part("why.html", desk=found, **facts)
        return page("why_page.html", desk=found, **facts)


@pages.post(ROW)
def decide(desk: str, proposal: str) -> tuple[str, int, Mapping[str, str]]:
    """Decide on the proposal; what is refused is explained where it was typed."""
    try:
        edit = _edit(request.form)
        with here().store.write(auth.actor()) as tx:
            rev = number(request.form.get("rev", ""))
            decisions.edit(tx, desk, proposal, edit, rev)
    except RefusedError as refusal:
        return _refused(desk, proposal, refusal)
    return _again(desk, proposal), 200, CHANGED


@pages.post(ROW + "/lock")
def lock(desk: str, proposal: str) -> tuple[str, int, Mapping[str, str]]:
    """Lock the proposal in or out, or take its lock off, and recommend anew."""
    try:
        rev = number(request.form.get("rev", ""))
        with here().store.write(auth.actor()) as tx:
            wanted = LockEdit(request.form.get("decision", ""))
            locks.edit(tx, desk, proposal, wanted, rev)
        runs.ask(desk)
    except RefusedError as refusal:
        return _refused(desk, proposal, refusal)
    return _again(desk, proposal), 200, CHANGED


@pages.post(ROW + "/point")
def point(desk: str, proposal: str) -> AnyResponse:
    """The projector is to show this row."""
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        allow(auth.actor(), "preside", found.agency)
        if proposal in limits_for(tx, found.city).proposals:
            following.point(found.id, proposal)
    return AnyResponse(status=204)


@pages.post(ROW + "/try")
def attempt(desk: str, proposal: str) -> str:
    """Ask what the list would be; nothing is decided by it."""
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        allow(auth.actor(), "recommend", found.agency)
        proposal_of(tx, found, proposal)
    job = tries.ask(desk, proposal, request.form)
    return _try(desk, job)


@pages.get("/desks/<desk>/tries/<job>")
def tried(desk: str, job: str) -> str:
    """What a try has come to."""
    return _try(desk, job)


@pages.get(ROW + "/takes")
def takes(desk: str, proposal: str) -> str:
    """What it would take, as far as it is known."""
    return _takes(desk, proposal)


@pages.post(ROW + "/takes")
def ask_takes(desk: str, proposal: str) -> str:
    """Ask what it would take."""
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        proposal_of(tx, found, proposal)
        job = took.ask(tx, found, proposal)
    here().runner.wait(job, QUICK)
    return _takes(desk, proposal)


@pages.post(ROW + "/takes/stop")
def stop_takes(desk: str, proposal: str) -> str:
    """Let the question end with what it has so far."""
    with here().store.session() as tx:
        took.stop(tx, desk_of(tx, desk), proposal)
    return _takes(desk, proposal)


def _takes(desk: str, proposal: str) -> str:
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        return part("takes_part.html", desk=found, **_facts(tx, found, proposal))


def proposal_of(tx: Tx, desk: Desk, id: str) -> Any:  # noqa: A002
    """The proposal of the desk; UnknownError where it has none of that id."""
    return decisions.proposal_at(limits_for(tx, desk.city), desk, id)


def _try(desk: str, job: str) -> str:
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        return part("try.html", desk=found, job=job, **tries.outcome(tx, found, job))


def _again(desk: str, proposal: str) -> str:
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        return part("why.html", desk=found, **_facts(tx, found, proposal))


def _refused(desk: str, proposal: str, refusal: RefusedError) -> tuple[str, int, Mapping[str, str]]:
    """The row as it stands now, what was typed still in its fields, and why it was not taken."""
    status = errors.answer(refusal).status_code
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        facts = _facts(tx, found, proposal, request.form)
        refused = explained(tx, found, refusal, language())
        return part("why.html", desk=found, refused=refused, **facts), status, CHANGED


def _edit(form: Form) -> Edit:
    """What the form asks for; TypedError where a no has no reason."""
    code = form.get("code", "")
    why, note = form.get("reason", ""), form.get("note", "")
    if code not in FUNDED:
        if code in NO and not (why or note.strip()):
            raise TypedError("say_why", {"field": "reason"})
        return Edit(code, reason=why if code in NO else "", note=note)
    return Edit(
        code,
        option=form.get("option"),
        volume=decimal(form.get("volume", ""), language(), "volume"),
        amount=rupiah(form.get("amount", ""), language(), "amount"),
        note=note,
    )


def _facts(tx: Tx, desk: Desk, proposal: str, typed: Form | None = None) -> dict[str, Any]:
    """Everything the panel shows of a proposal."""
    proposal_of(tx, desk, proposal)
    standing = runs.standing(tx, desk)
    now = runs.document(tx, standing.now) if standing.now else None
    row = next(r for r in listing.rows(tx, desk, now) if r.proposal.id == proposal)
    actor, is_open = auth.actor(), state_of(tx, desk.id) == "open"
    instance = limits_for(tx, desk.city).scenario.instance
    lines = {line.code: line.title for line in instance.lines}
    return {
        "row": row,
        "lines": lines,
        "now": now,
        "overtaken": _overtaken(now, row),
        **took.shown(tx, desk, proposal),
        "typed": typed,
        "reasons": sorted(decisions.reasons() - NO_REASONS, key=reason),
        "likely": _likely(row, now),
        "history": _history(tx, desk, proposal),
        "can_decide": is_open and may(actor, "decide", desk),
        "can_solve": may(actor, "recommend", desk),
        "is_open": is_open,
    }


def _overtaken(now: runs.Document | None, row: listing.Row) -> str | None:
    """The worse-ranked proposal that is funded while this one is not."""
    pairs = {} if now is None else {pair["skipped"]: pair["taken"] for pair in now["inversions"]}
    return pairs.get(row.proposal.id)


def _likely(row: listing.Row, now: runs.Document | None) -> str:
    """The reason code that a no most likely has: the recommendation's own."""
    if row.advice is None or row.advice.is_above or now is None:
        return ""
    advised = next(d for d in now["decisions"] if d["proposal"] == row.proposal.id)
    if not advised["reasons"]:
        return ""
    first = advised["reasons"][0]
    return str(first["facts"]["gate"] if first["code"] == "gate" else first["code"])


def _history(tx: Tx, desk: Desk, proposal: str) -> list[dict[str, Any]]:
    named = canonical({"proposal": proposal})[1:-1]
    wanted = (
        select(Event)
        .where(Event.desk == desk.id, Event.kind.in_(("decision", "lock")))
        .where(Event.body.contains(named, autoescape=True))
        .order_by(Event.seq.desc())
        .limit(HISTORY)
    )
    return [{"at": e.at, "by": e.actor, "text": told(e, language())} for e in tx.scalars(wanted)]
