"""The Lab: one thing of a scenario at many values, each a plan solved anew, and their curves."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, g, redirect, request, send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from service import auth, sweeps
from service.context import here
from service.desk import city as cities
from service.desk.city import limits_for
from service.desk.rights import allow
from service.pages import lab_form, lab_found
from service.pages.asked import GOES_ON, LOOKED_AT, WAIT
from service.pages.compare import CITY
from service.pages.imports import XLSX
from service.pages.refusals import UnknownPageError
from service.pages.shell import language, page, part, screen, tell, wants_part
from service.store import Tx, jobs, models, snapshots
from service.store import scenarios as names
from service.store.errors import ForbiddenError, NotNowError, UnknownError
from service.sweeps import KIND, SECONDS, Sweeping
from solver.scenario import Scenario
from solver.write.sweep import book

pages = screen("lab")

LISTED = 30
"""Sweeps that the page lists, the newest."""


class LabBusyError(NotNowError):
    """One sweep at a time: the desks need the machine, too."""

    topic = "lab"


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep that was asked for: `what` is varied in the scenario `of`."""

    job: str
    state: str
    what: str
    of: str
    values: int
    by: str
    created: str

    @property
    def goes_on(self) -> bool:
        """Whether it waits or is worked on."""
        return self.state in GOES_ON


@pages.get("/lab")
def begin() -> AnyResponse:
    """The Lab of the first city; of none, the front page says how to get one."""
    with here().store.session() as tx:
        found = cities.cities(tx)
    if not found:
        return redirect(url_for("home.show"), 303)
    return redirect(url_for("lab.show", city=found[0].id), 303)


@pages.get("/cities/<city>/lab")
def show(city: str) -> str:
    """The form, and the sweeps that there are."""
    with here().store.session() as tx:
        row = cities.city_of(tx, city)
        stored = [one for one in names.listed(tx) if one.digest != row.scenario]
        return page(
            "lab.html",
            city=row,
            may_ask=_may_ask(),
            stored=stored,
            city_key=CITY,
            groups=lab_form.things(limits_for(tx, city).scenario.instance),
            most=lab_form.MOST,
            seconds=int(SECONDS),
            sweeps=_listed(tx, row),
        )


@pages.post("/cities/<city>/lab")
def ask(city: str) -> AnyResponse:
    """Begin a sweep; a form that can't be meant stays as it was typed, with the reason."""
    _allow()
    of = request.form.get("scenario", CITY)
    with here().store.session() as tx:
        row = cities.city_of(tx, city)
        scenario = _scenario(tx, row, of)
        about = {"city": row.id, "of": of}
    lists = lab_form.lists(request.form, scenario.instance, language())
    name = row.id if of == CITY else of
    return _begun(row.id, Sweeping(name, scenario, lists, about, here().store))


@pages.get("/cities/<city>/lab/<job>")
def look(city: str, job: str) -> str:
    """One sweep: how far it is, or what came of it."""
    with here().store.session() as tx:
        return page("lab_sweep.html", **_facts(tx, city, job))


@pages.get("/cities/<city>/lab/<job>/found")
def found(city: str, job: str) -> str | AnyResponse:
    """The same for the page that waits for it."""
    if not wants_part():
        return redirect(url_for("lab.look", city=city, job=job), 303)
    with here().store.session() as tx:
        return part("lab_found.html", **_facts(tx, city, job))


@pages.post("/cities/<city>/lab/<job>/stop")
def stop(city: str, job: str) -> AnyResponse:
    """End a sweep; what is computed is kept."""
    _allow()
    with here().store.session() as tx:
        auth.require_own(_job(tx, city, job).by)
    here().runner.stop(job)
    here().runner.wait(job, 2.0)
    return _to(city, job)


@pages.post("/cities/<city>/lab/<job>/again")
def again(city: str, job: str) -> AnyResponse:
    """Go on with a sweep that has ended early: only what has no result yet is computed."""
    _allow()
    with here().store.session() as tx:
        row = _job(tx, city, job)
        question = sweeps.again(row.request, here().library)
    if row.state != "interrupted":
        return _begun(city, question)
    _require_idle()
    here().runner.resume(row.id, question.work, auth.actor(), None)
    return _to(city, row.id)


@pages.get("/cities/<city>/lab/<job>/sweep.xlsx")
def download(city: str, job: str) -> AnyResponse:
    """The sweep as a workbook with live curves."""
    with here().store.session() as tx:
        row = _job(tx, city, job)
        kept = None if row.result is None else snapshots.read(tx, row.result)
    if kept is None:
        raise UnknownError("no_job", job=job[:16])
    data = book(kept[language()], language())
    file: Response = send_file(
        io.BytesIO(data), XLSX, as_attachment=True, download_name="sweep.xlsx"
    )
    return file


def _allow() -> None:
    """Whoever may ask a what-if at a desk may sweep: it changes nothing, so any scope will do."""
    allow(auth.actor(), "recommend", auth.actor().scope or None)


def _may_ask() -> bool:
    try:
        _allow()
    except ForbiddenError:
        return False
    return True


def _scenario(tx: Tx, city: models.City, of: str) -> Scenario:
    """The city's own scenario, or a stored one."""
    if of == CITY:
        return limits_for(tx, city.id).scenario
    digest = names.digest_of(tx, of)
    if digest is None:
        raise UnknownPageError("no_scenario", name=of[:60])
    return here().library.get(digest)


def _begun(city: str, question: Sweeping) -> AnyResponse:
    """Take a sweep on; what is known already or quick is waited for."""
    _require_idle()
    context = here()
    job = context.runner.submit(question.kind, question.request, question.work, auth.actor())
    g.run = job
    context.runner.wait(job, WAIT)
    return _to(city, job)


def _require_idle() -> None:
    under_way = select(models.Job.id).where(models.Job.kind == KIND, models.Job.state.in_(GOES_ON))
    with here().store.session() as tx:
        if tx.scalar(under_way.limit(1)) is not None:
            raise LabBusyError("busy")


def _to(city: str, job: str) -> AnyResponse:
    """To the sweep's page, also where htmx has asked."""
    place = url_for("lab.look", city=city, job=job)
    return Response("", 200, {"HX-Redirect": place}) if wants_part() else redirect(place, 303)


def _job(tx: Tx, city: str, job: str) -> models.Job:
    """A sweep of the city; UnknownError where there is none."""
    row = jobs.get(tx, job)
    if row.kind != KIND or row.request["city"] != city:
        raise UnknownError("no_job", job=job[:16])
    return row


def _listed(tx: Tx, city: models.City) -> Sequence[Sweep]:
    wanted = select(models.Job).where(models.Job.kind == KIND)
    newest = wanted.order_by(models.Job.created.desc(), models.Job.id).limit(LOOKED_AT)
    return [_told(row) for row in tx.scalars(newest) if row.request["city"] == city.id][:LISTED]


def _told(row: models.Job) -> Sweep:
    asked = row.request
    ((key, values),) = asked["lists"].items()
    of = tell("page_more.city_now") if asked["of"] == CITY else asked["name"]
    return Sweep(row.id, row.state, lab_form.called(key), of, len(values), row.by, row.created)


def _facts(tx: Tx, city_id: str, job: str) -> dict[str, Any]:
    """A sweep, how far it is, and what came of it once it has ended."""
    city = cities.city_of(tx, city_id)
    row = _job(tx, city_id, job)
    g.run = row.id
    run = here().runner.get(row.id)
    progress = run.progress if run is not None else None
    kept = None if row.result is None else snapshots.read(tx, row.result)
    now = city.scenario if row.request["of"] == CITY else names.digest_of(tx, row.request["of"])
    return {
        "city": city,
        "sweep": _told(row),
        "error": "" if row.error is None else row.error["text"][language()],
        "progress": progress,
        "is_old": now != row.request["scenario"],
        "may_ask": _may_ask(),
        "found": None if kept is None else lab_found.facts(kept[language()]),
    }
