"""Stored scenarios, on which others build."""

from __future__ import annotations

from flask import Response

from service import auth, scenarios
from service.api import posted
from service.api.common import WITH_BODY, answers, reply, resource
from service.api.models import NamePath, NewNamePath, NewScenario, StoredScenario, StoredScenarios
from service.context import here
from service.desk.rights import allow
from service.errors import Problem
from service.scenarios import NAME
from service.store import scenarios as names
from service.store import snapshots

api = resource("scenarios", "Stored scenarios, on which others build.")


@api.get("/scenarios", responses=answers({200: StoredScenarios, 304: None}))
def list_scenarios() -> Response:
    """The stored scenarios by name."""
    with here().store.session() as tx:
        rows = names.listed(tx)
    return reply(
        {"scenarios": [{"name": r.name, "title": r.title, "digest": r.digest} for r in rows]}
    )


@api.get("/scenarios/<name>", responses=answers({200: None, 304: None}, 404))
def get_scenario(path: NamePath) -> Response:
    """The whole scenario as a document: it can be posted as it is."""
    with here().store.session() as tx:
        digest = names.digest_of(tx, path.name) if NAME.fullmatch(path.name) else None
        document = None if digest is None else snapshots.read(tx, digest)
    if document is None:
        raise Problem(404, "no_scenario", name=path.name[:100])
    return reply(document)


@api.put("/scenarios/<name>", responses=answers({200: StoredScenario}, *WITH_BODY, 404))
def keep_scenario(path: NewNamePath, body: NewScenario) -> Response:
    """Keep a scenario under a name, whatever the name stood for before; nothing is lost by it."""
    allow(auth.actor(), "arrange")
    found = posted.scenario_of(body.root)
    with here().store.write(auth.actor()) as tx:
        digest = scenarios.keep(tx, path.name, found)
    return reply({"name": path.name, "title": found.title, "digest": digest})
