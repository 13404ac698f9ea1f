"""Tries: what the list would be if; a question beside the desk's own, that changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import g

from service import auth, work
from service.context import here
from service.desk import recommendation
from service.desk.city import limits_for
from service.pages import progress, runs
from service.pages.numbers import TypedError, decimal, rupiah
from service.pages.shell import language
from service.store import Tx, jobs
from service.store.errors import UnknownError
from service.store.models import Desk
from solver.instance import from_micro, to_micro
from solver.scenario import variant
from solver.solve import Params

SECONDS = 20.0
FUNDED = ("fund", "fund_changed")
NAMED = 12
"""So many proposals are named in each list; the others are counted."""

Document = Mapping[str, Any]


def ask(desk_id: str, proposal: str, form: Mapping[str, str]) -> str:
    """Take a try on and give its job. InputError where the fragment makes no sense."""
    with here().store.session() as tx:
        asked = recommendation.prepare(tx, auth.actor(), desk_id)
    fragment = _fragment(asked.desk, proposal, form)
    changed = variant(asked.scenario, fragment)
    params = Params(time_limit=SECONDS)
    about = {"city": asked.desk.city, "tried_at": desk_id, "rev": asked.rev, "fragment": fragment}
    question = work.made(changed, params, language(), about)
    job = here().runner.submit(question.kind, question.request, question.work, auth.actor())
    here().runner.wait(job, 1.0)
    return job


def outcome(tx: Tx, desk: Desk, id: str) -> dict[str, Any]:  # noqa: A002
    """What a try of this desk has come to, beside the desk's recommendation."""
    job = jobs.get(tx, id)
    if job.request.get("tried_at") != desk.id:
        raise UnknownError("no_job", job=id)
    g.run = id
    facts: dict[str, Any] = {"state": job.state, "fragment": job.request["fragment"]}
    if job.state in ("waiting", "running"):
        return {**facts, "progress": progress.of(id)}
    base = runs.standing(tx, desk).now
    if job.result is None or base is None:
        return {**facts, "found": None}
    tried = runs.result_of(
        tx, job.result, job.request["scenario"], job.request["language"], language()
    )
    now = runs.document(tx, base)
    return {**facts, "found": tried, **difference(tx, desk, now, tried)}


def difference(tx: Tx, desk: Desk, now: Document, tried: Document) -> dict[str, Any]:
    """Who comes in, who goes out and what is changed, and by how much points and money differ."""
    if not now["decisions"] or not tried["decisions"]:
        return {"enters": [], "leaves": [], "changes": []}
    before = {d["proposal"]: d for d in now["decisions"]}
    enters, leaves, changes = [], [], []
    for d in tried["decisions"]:
        was = before.get(d["proposal"])
        if was is None:
            continue
        is_in, was_in = d["decision"] in FUNDED, was["decision"] in FUNDED
        if is_in and not was_in:
            enters.append(d)
        elif was_in and not is_in:
            leaves.append(was)
        elif is_in and (d["option"], d["volume"]) != (was["option"], was["volume"]):
            changes.append({**d, "before": was})
    points = round((tried["points"] - now["points"]) * 1_000_000)
    return {
        "enters": enters,
        "leaves": leaves,
        "changes": changes,
        "points": points,
        "share": abs(tried["points"] - now["points"]) / max(1.0, abs(now["points"])),
        "amount": tried["amount"] - now["amount"],
        "is_proven": now["status"] == tried["status"] == "optimal",
        "own": desk.agency,
        "titles": {p.id: p.title for p in limits_for(tx, desk.city).proposals.values()},
    }


def _fragment(desk: Desk, proposal: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The scenario fragment of a try."""
    match form.get("what"):
        case "in":
            return {"lock": [{"proposal": proposal, "decision": "fund"}]}
        case "out":
            return {"lock": [{"proposal": proposal, "decision": "reject"}]}
        case "volume":
            size = from_micro(to_micro(_typed(decimal, form, "volume")))
            return {"lock": [{"proposal": proposal, "decision": "fund", "volume": size}]}
        case "cut":
            less = from_micro(to_micro(_typed(decimal, form, "volume")))
            return {"set": {f"proposal.{proposal}.volume": f"-{less}"}}
        case "price":
            return {"set": {f"proposal.{proposal}.amount": f"-{_typed(rupiah, form, 'amount')}"}}
        case "swap":
            wanted = [{"proposal": proposal, "decision": "fund"}]
            return {"lock": [*wanted, {"proposal": form.get("other", ""), "decision": "reject"}]}
        case "ceiling":
            agency = form.get("agency", desk.agency)
            return {"set": {f"agency.{agency}.ceiling": f"+{_typed(rupiah, form, 'amount')}"}}
    raise TypedError("no_such_try", {"field": "what"})


def _typed(read: Callable[[str, str, str], Any], form: Mapping[str, str], field: str) -> Any:
    """The number of a field, which has to be there."""
    found = read(form.get(field, ""), language(), field)
    if not found:
        raise TypedError("number_missing", {"field": field})
    return found
