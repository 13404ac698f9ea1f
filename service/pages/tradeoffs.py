"""S5 trade-offs: what could be had for what, each answer a plan solved anew."""

from __future__ import annotations

import re
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service import auth
from service.analyses import Weighing
from service.context import here
from service.desk import recommendation
from service.desk.city import desk_of, limits_for
from service.pages import asked, frontier, runs
from service.pages.refusals import FormError, UnknownPageError
from service.pages.runs import Document
from service.pages.shell import page, part, screen, wants_part
from service.store import Tx, models, snapshots

pages = screen("weigh")

ORDER = ("frontier", "next_rupiah", "rule_prices", "replacement", "entry")
"""The panels of the page."""
ELSEWHERE = ("own_share",)
"""Panels of another page: that of the places."""
OF_EACH = ("replacement", "entry")
"""Analyses that ask of each proposal: those of this desk, or those that are named."""
SECONDS = (30, 60, 120, 300)
FEW = 25
"""Rows that are shown at once; the others unfold."""
SHARED = {"seconds": SECONDS, "few": FEW, "of_each": OF_EACH}
"""What every panel needs."""


@pages.get("/desks/<desk>/tradeoffs")
def show(desk: str) -> str:
    """Every analysis with its newest answer, or the button that asks for it."""
    with here().store.session() as tx:
        row = desk_of(tx, desk)
        panels = {name: panel_of(tx, row, name) for name in ORDER}
    return page("tradeoffs.html", desk=row, panels=panels, **SHARED)


@pages.get("/desks/<desk>/tradeoffs/<name>")
def look(desk: str, name: str) -> str | AnyResponse:
    """One analysis, for the page that waits for it."""
    if not wants_part():
        return redirect(url_for("weigh.show", desk=desk, point=request.args.get("point")), 303)
    return _part(desk, name)


@pages.post("/desks/<desk>/tradeoffs/<name>")
def ask(desk: str, name: str) -> str | AnyResponse:
    """Ask one analysis, for as long as was chosen."""
    _known(name)
    seconds = request.form.get("seconds", type=int, default=60)
    with here().store.session() as tx:
        found = recommendation.prepare(tx, auth.actor(), desk)
        base, plan = _proven(tx, found)
    about = {"city": found.desk.city, "asked_at": found.desk.id, "rev": found.rev}
    limited = float(min(max(seconds, SECONDS[0]), SECONDS[-1]))
    only = _only(found) if name in OF_EACH else ()
    question = Weighing(name, found.scenario, limited, about, only, base, plan)
    asked.ask(question, found.desk.agency)
    return _answered(desk, name)


@pages.post("/desks/<desk>/tradeoffs/<name>/stop")
def stop(desk: str, name: str) -> str | AnyResponse:
    """End an analysis with what it has so far."""
    with here().store.session() as tx:
        asked.stop(tx, desk_of(tx, desk), request.form.get("job", ""))
    here().runner.wait(request.form.get("job", ""), 2.0)
    return _answered(desk, name)


def _proven(tx: Tx, found: recommendation.Asked) -> tuple[str, Document | None]:
    """The desk's recommendation, where it is proven and answers just this question."""
    now = runs.standing(tx, found.desk).now
    if now is None or now.scenario != snapshots.sealed(found.scenario.document).digest:
        return "", None
    document = runs.document(tx, now)
    return (now.result, document) if document["status"] == "optimal" else ("", None)


def _only(found: recommendation.Asked) -> list[str]:
    """The proposals that were named, else all that the desk was asked for."""
    own = [
        proposal.id
        for proposal in found.scenario.instance.proposals
        if proposal.requested.agency == found.desk.agency
    ]
    named = re.split(r"[\s,;]+", request.form.get("only", "").strip())
    strange = [name for name in named if name and name not in own]
    if strange:
        raise FormError("not_of_desk", {"field": "only"}, names=strange[:5])
    return [name for name in named if name] or own


def _answered(desk: str, name: str) -> str | AnyResponse:
    """The panel, where htmx has asked; else the page with it."""
    if wants_part():
        return _part(desk, name)
    there = "weigh.show" if name in ORDER else "places.show"
    return redirect(url_for(there, desk=desk, _anchor=name), 303)


def _part(desk: str, name: str) -> str:
    with here().store.session() as tx:
        row = desk_of(tx, desk)
        panel = panel_of(tx, row, _known(name))
    return part("tradeoff.html", desk=row, name=name, panel=panel, **SHARED)


def _known(name: str) -> str:
    if name not in (*ORDER, *ELSEWHERE):
        raise UnknownPageError("no_analysis", name=name[:40])
    return name


def panel_of(tx: Tx, desk: models.Desk, name: str) -> dict[str, Any]:
    """The newest answer of an analysis and what its panel shows beside it."""
    newest = asked.newest(tx, desk, "tradeoff", name)
    facts: dict[str, Any] = {"asked": newest}
    if newest is None or newest.found is None:
        return facts
    facts["rows"] = newest.found["rows"] or []
    if name in OF_EACH or name in ("next_rupiah", "rule_prices"):
        proposals = limits_for(tx, desk.city).proposals
        facts["titles"] = {p.id: p.title for p in proposals.values()}
    if name == "frontier":
        facts |= frontier.picture(tx, desk, newest.found, request.args.get("point", type=int))
    return facts
