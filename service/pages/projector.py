"""The projector: what the desk talks about, large, without controls and without people's names."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from service.context import here
from service.desk.city import desk_of
from service.pages import listing, meters, runs
from service.pages.following import following
from service.pages.shell import language, page, part, screen
from service.store import Tx
from service.store.models import Desk

pages = screen("projector")
AROUND = 3
"""Rows shown before and after the one that is talked about."""


@pages.get("/desks/<desk>/projector")
def show(desk: str) -> str:
    """The projector's page."""
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        return page("projector.html", desk=found, **_facts(tx, found))


@pages.get("/desks/<desk>/projector/now")
def refresh(desk: str) -> str | Response:
    """What it shows now, where that is something else than before."""
    with here().store.session() as tx:
        found = desk_of(tx, desk)
        if request.args.get("tag") == _tag(tx, found, runs.standing(tx, found)):
            return Response(status=204)
        return part("projector_now.html", desk=found, **_facts(tx, found))


def _tag(tx: Tx, desk: Desk, standing: runs.Standing) -> str:
    return f"{runs.tag(tx, standing)}-{following.at(desk.id) or ''}"


def _facts(tx: Tx, desk: Desk) -> dict[str, Any]:
    standing = runs.standing(tx, desk)
    now = runs.document(tx, standing.now) if standing.now else None
    before = runs.document(tx, standing.before) if standing.before else None
    rows = listing.rows(tx, desk, now, before)
    above = [row for row in rows if row.advice and row.advice.is_above]
    ordered = [*above, *(row for row in rows if not (row.advice and row.advice.is_above))]
    names = [row.proposal.id for row in ordered]
    current = following.at(desk.id)
    at = names.index(current) if current in names else 0
    first = max(0, min(at - AROUND, len(ordered) - 2 * AROUND - 1))
    levels = meters.meters(tx, desk, now, language())
    return {
        "tag": _tag(tx, desk, standing),
        "now": now,
        "rows": ordered[first : first + 2 * AROUND + 1],
        "line_after": len(above) - first,
        "current": ordered[at] if current in names else None,
        "meters": [m for m in levels if m.comes_first][:2],
        "ceiling": next((m for m in levels if m.row.rule == "agency_ceiling"), None),
        "discussed": sum(row.decision.code != "undiscussed" for row in rows),
        "agreed": sum(row.standing.agreed for row in rows),
        "all": len(rows),
    }
