"""S7 places: what each ward gets, as a tile map and as a table, and who gets nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from service.context import here
from service.desk.city import desk_of, limits_for
from service.pages import plans
from service.pages.plans import Given
from service.pages.shell import language, page, screen, tell
from service.pages.tradeoffs import SHARED, panel_of
from service.pages.wards import Ward, districts, wards
from service.store import Tx, models
from service.svg.tiles import tile
from solver.words import millions, number

pages = screen("places")

MEASURES = ("share", "amount", "head")
PLANS = ("decisions", "recommendation")
SCOPES = ("desk", "city")

Drawn = tuple[str, Markup]
"""A ward's page on the board, and its tile."""


@pages.get("/desks/<desk>/places")
def show(desk: str) -> str:
    """The map and the table of one measure of one plan, for the desk or the whole city."""
    measure = _chosen("measure", MEASURES)
    scope = _chosen("scope", SCOPES)
    with here().store.session() as tx:
        row = desk_of(tx, desk)
        limits = limits_for(tx, row.city)
        plan, chosen = _plan(tx, row)
        of = None if scope == "city" else {p.id for p in limits.desks.get(row.agency, ())}
        own = panel_of(tx, row, "own_share")
    found = wards(limits, plan, of)
    shown = [ward for ward in found if ward.name]
    if measure == "head" and not any(ward.population for ward in shown):
        measure = "amount"
    return page(
        "places.html",
        desk=row,
        panel=own,
        **SHARED,
        measure=measure,
        measures=[m for m in MEASURES if m != "head" or any(w.population for w in shown)],
        plan=chosen,
        plans=PLANS,
        scope=scope,
        scopes=SCOPES,
        map=_map(row, shown, measure, bool(plan)),
        wards=found,
        districts=districts(limits, found),
        nothing=[ward for ward in shown if plan and ward.has_nothing],
        silent=[ward for ward in shown if not ward.asked and not ward.amount],
        accommodated=len(plan) if of is None else len(plan.keys() & of),
    )


def _chosen(name: str, known: tuple[str, ...]) -> str:
    """What the address asks for; the first of what there is where it names nothing known."""
    asked = request.args.get(name, "")
    return asked if asked in known else known[0]


def _plan(tx: Tx, desk: models.Desk) -> tuple[Mapping[str, Given], str]:
    """The plan that is looked at, and which of PLANS it is.

    Before the first decision there is only the recommendation to look at.
    """
    limits = limits_for(tx, desk.city)
    decided = plans.decided(tx, desk.city, limits)
    asked = request.args.get("plan", "")
    if asked == "decisions" or (decided and asked != "recommendation"):
        return decided, "decisions"
    last = plans.last_result(tx, desk)
    if last is None:
        return decided, "decisions"
    return plans.recommended(last, limits), "recommendation"


def _map(
    desk: models.Desk, rows: list[Ward], measure: str, is_planned: bool
) -> Mapping[str, list[Drawn]]:
    """The tiles by kecamatan, each with its link to the ward on the board.

    Before there is a plan none is shaded.
    """
    spoken = language()
    most = max((_size(ward, measure) or 0 for ward in rows), default=0)
    blocks: dict[str, list[Drawn]] = {}
    for ward in rows:
        share = _shade(ward, _size(ward, measure), most, measure) if is_planned else None
        about = tell("page_more.tile", **_facts(ward))
        picture = tile(ward.name, _value(ward, measure, spoken), share, about)
        link = url_for("board.show", desk=desk.id, q=ward.name)
        blocks.setdefault(ward.district, []).append((link, picture))
    return blocks


def _shade(ward: Ward, size: int | None, most: int, measure: str) -> float | None:
    """How dark a tile is: of what it asked for, or of the ward with most."""
    if measure == "share":
        return ward.share
    if not ward.asked and not size:
        return None
    return (size or 0) / most if most else 0.0


def _size(ward: Ward, measure: str) -> int | None:
    return ward.per_head if measure == "head" else ward.amount


def _value(ward: Ward, measure: str, spoken: str) -> str:
    if measure == "share":
        if not ward.asked:
            return "–"
        return tell("page_more.of", part=ward.granted, whole=ward.asked)
    size = _size(ward, measure)
    if size is None:
        return "–"
    if measure == "head":
        return f"Rp\N{NO-BREAK SPACE}{number(size, spoken)}"
    return tell("page_more.in_millions", number=millions(size, spoken))


def _facts(ward: Ward) -> dict[str, Any]:
    return {
        "ward": ward.name,
        "district": ward.district,
        "granted": ward.granted,
        "asked": ward.asked,
        "amount": ward.amount,
    }
