"""S6 compare: scenarios side by side, the list made by hand always one of the columns."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from service import auth
from service.analyses import Comparing
from service.context import here
from service.desk import city as cities
from service.desk import recommendation
from service.desk.city import city_of, desk_of, limits_for
from service.desk.rights import allow
from service.pages import asked, whatif
from service.pages.asked import Asked
from service.pages.imports import XLSX
from service.pages.refusals import FormError, UnknownPageError
from service.pages.shell import language, page, part, screen, tell, wants_part
from service.store import Tx, events, models
from service.store import scenarios as names
from solver.instance import Choice
from solver.scenario import Scenario
from solver.write.comparison import book

pages = screen("compare")

MOST = 4
"""Scenarios that are compared at once, lists aside: what fits on a projector."""
SECONDS = 30.0
"""For each scenario at most."""
CITY, DESK = "=city", "=desk"
"""What is on the table now, for the city and for this desk; no stored scenario's name has a =."""
VERDICTS = ("sometimes", "always", "never")
SHOWN = 150
"""Rows that a page shows at once."""

Document = Mapping[str, Any]


@pages.get("/desks/<desk>/compare")
def show(desk: str) -> str:
    """What can be compared, and the newest comparison."""
    with here().store.session() as tx:
        return page("compare.html", **_facts(tx, desk_of(tx, desk)))


@pages.get("/desks/<desk>/compare/found")
def look(desk: str) -> str | AnyResponse:
    """The newest comparison, for the page that waits for it."""
    if not wants_part():
        return redirect(url_for("compare.show", desk=desk), 303)
    with here().store.session() as tx:
        return part("compare_found.html", **_facts(tx, desk_of(tx, desk)))


@pages.post("/desks/<desk>/compare")
def ask(desk: str) -> AnyResponse:
    """Compare what was ticked with the list made by hand and what the desks have decided."""
    ticked = list(dict.fromkeys(request.form.getlist("scenario")))
    if not 1 <= len(ticked) <= MOST:
        raise FormError("compare_how_many", {"field": "scenario"}, most=MOST)
    with here().store.session() as tx:
        row = desk_of(tx, desk)
        scenarios = [_column(tx, row, name) for name in ticked]
        plan = cities.plan(tx, row.city)
        rev = events.head(tx).seq
        about = {"city": row.city, "asked_at": row.id, "rev": rev, "keys": ticked}
    lists: Sequence[tuple[str, Sequence[Choice]]] = []
    if plan and "decided" in request.form:
        known = {p.id for p in scenarios[0][1].instance.proposals}
        lists = [(tell("page_more.decided_list"), [c for c in plan if c.proposal in known])]
    asked.ask(Comparing(scenarios, lists, SECONDS, about), row.agency)
    return redirect(url_for("compare.show", desk=desk, _anchor="found"), 303)


@pages.post("/desks/<desk>/compare/stop")
def stop(desk: str) -> AnyResponse:
    """End the comparison at the best plans so far."""
    with here().store.session() as tx:
        asked.stop(tx, desk_of(tx, desk), request.form.get("job", ""))
    here().runner.wait(request.form.get("job", ""), 2.0)
    return redirect(url_for("compare.show", desk=desk, _anchor="found"), 303)


@pages.post("/desks/<desk>/compare/what-if")
def make(desk: str) -> AnyResponse:
    """Keep a scenario with a few things changed, ready to be compared."""
    with here().store.session() as tx:
        row = desk_of(tx, desk)
        allow(auth.actor(), "recommend", row.agency)
        _, base = _column(tx, row, request.form.get("base", CITY))
    made = whatif.changed(base, request.form, language())
    with here().store.write(auth.actor()) as tx:
        name = whatif.store(tx, made, row.city)
    return redirect(url_for("compare.show", desk=desk, made=name), 303)


@pages.get("/desks/<desk>/compare.xlsx")
def download(desk: str) -> AnyResponse:
    """The newest comparison as a workbook."""
    with here().store.session() as tx:
        found = asked.newest(tx, desk_of(tx, desk), "comparison")
    if found is None or found.found is None:
        raise UnknownPageError("no_comparison")
    data = book(dict(found.found), language())
    name = tell("page_more.compare_name")
    file: Response = send_file(io.BytesIO(data), XLSX, as_attachment=True, download_name=name)
    return file


def _facts(tx: Tx, desk: models.Desk) -> dict[str, Any]:
    limits = limits_for(tx, desk.city)
    newest = asked.newest(tx, desk, "comparison")
    stored = [row for row in names.listed(tx) if row.digest != city_of(tx, desk.city).scenario]
    instance = limits.scenario.instance
    return {
        "desk": desk,
        "asked": newest,
        "stored": stored,
        "made": request.args.get("made", ""),
        "agencies": [a for a in instance.agencies if a.ceiling is not None],
        "rules": whatif.switchable(),
        "has_decisions": bool(cities.plan(tx, desk.city)),
        "city_key": CITY,
        "desk_key": DESK,
        "most": MOST,
        **(_table(desk, newest) if newest is not None and newest.found is not None else {}),
    }


def _table(desk: models.Desk, newest: Asked) -> dict[str, Any]:
    """The comparison's rows of one verdict, those of this desk or of all."""
    found: Document = newest.found or {}
    own = request.args.get("of", "desk") != "all"
    rows = [row for row in found["rows"] if not own or row["agency"] == desk.agency]
    counts = {name: sum(row["verdict"] == name for row in rows) for name in VERDICTS}
    asked_for = request.args.get("verdict", VERDICTS[0])
    verdict = asked_for if asked_for in VERDICTS else VERDICTS[0]
    shown = [row for row in rows if row["verdict"] == verdict]
    districts = {row["district"] for row in found["rows"]}
    places = [
        (name, [total["places"].get(name) for total in found["totals"]])
        for name in sorted(districts)
    ]
    keys = [*newest.request.get("keys", ()), *[""] * len(found["columns"])]
    agencies = sorted({name for total in found["totals"] for name in total["agencies"]})
    return {
        "columns": list(zip(found["columns"], found["totals"], strict=True)),
        "titles": [_title(c, key) for c, key in zip(found["columns"], keys, strict=False)],
        "rows": shown[:SHOWN],
        "left": max(0, len(shown) - SHOWN),
        "counts": counts,
        "verdict": verdict,
        "own": own,
        "places": places,
        "least": [_least(total["places"], sorted(districts)) for total in found["totals"]],
        "nothing": [_nothing(total["places"], found["rows"]) for total in found["totals"]],
        "by_agency": [
            (name, [total["agencies"].get(name) for total in found["totals"]]) for name in agencies
        ],
    }


def _least(places: Document, districts: Sequence[str]) -> tuple[str, int]:
    """The kecamatan that gets the least money, and how much that is."""
    amounts = {name: places.get(name, {}).get("amount", 0) for name in districts}
    name = min(districts, key=lambda name: amounts[name])
    return name, amounts[name]


def _nothing(places: Document, rows: Sequence[Document]) -> int:
    """How many wards ask for something and get no money at all."""
    asked = {f"{row['district']}/{row['ward']}" for row in rows if row["ward"]}
    return sum(not places.get(name, {}).get("amount") for name in asked)


def _title(column: Document, key: str) -> str:
    """What a column is called, in the reader's language where the page has its own word for it."""
    named = {"baseline": "by_hand", "list": "decided_list"}.get(column["kind"])
    named = named or {CITY: "city_now", DESK: "desk_now"}.get(key)
    return tell(f"page_more.{named}") if named else str(column["title"])


def _column(tx: Tx, desk: models.Desk, name: str) -> tuple[str, Scenario]:
    """A scenario by what it is called on the page."""
    if name == CITY:
        return tell("page_more.city_now"), limits_for(tx, desk.city).scenario
    if name == DESK:
        return tell("page_more.desk_now"), recommendation.scenario(tx, desk)
    digest = names.digest_of(tx, name)
    if digest is None:
        raise UnknownPageError("no_scenario", name=name[:60])
    return name, here().library.get(digest)
