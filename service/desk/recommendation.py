"""A desk's recommendation: a job that takes what the other desks have decided as given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.desk import decisions, locks
from service.desk.city import desk_of, limits_for
from service.desk.decisions import Decision
from service.desk.locks import DeskLock
from service.desk.rights import allow
from service.store import Actor, Tx, events
from service.store.models import Desk
from solver.instance import from_micro
from solver.scenario import Scenario, variant


@dataclass(frozen=True, slots=True)
class Asked:
    """A recommendation asked for: its scenario, and the log's head that it was made at (`rev`)."""

    desk: Desk
    scenario: Scenario
    rev: int


def prepare(tx: Tx, actor: Actor, desk_id: str) -> Asked:
    """What a desk asks the solver as things stand; what is decided later is no part of it."""
    desk = desk_of(tx, desk_id)
    allow(actor, "recommend", desk.agency)
    return Asked(desk, scenario(tx, desk), events.head(tx).seq)


def scenario(tx: Tx, desk: Desk) -> Scenario:
    """The city's scenario with locks for what other desks have decided and this desk has locked.

    A proposal that another desk has not discussed yet stays free: the limits that it shares with
    this desk's are not given away before its turn.
    """
    limits = limits_for(tx, desk.city)
    own = {p.id for p in limits.desks.get(desk.agency, ())}
    wanted = [
        _from_decision(decision)
        for decision in decisions.of_city(tx, desk.city).values()
        if decision.proposal not in own
        and decision.code != "undiscussed"
        and not limits.proposals[decision.proposal].covered_by
    ]
    wanted += [
        _from_lock(lock)
        for lock in locks.of_desk(tx, desk).values()
        if lock.decision != "none" and lock.proposal in own
    ]
    return variant(limits.scenario, {"lock": wanted})


def _from_decision(decision: Decision) -> dict[str, Any]:
    if not decision.is_funded:
        return {"proposal": decision.proposal, "decision": "reject"}
    found: dict[str, Any] = {
        "proposal": decision.proposal,
        "decision": "fund",
        "option": decision.option,
    }
    if decision.volume is not None:
        found["volume"] = from_micro(decision.volume)
    return found


def _from_lock(lock: DeskLock) -> dict[str, Any]:
    found = {name: value for name, value in lock.document().items() if value not in (None, "")}
    if lock.option is not None:
        found["option"] = lock.option  # also the empty one: it is the request
    return {"proposal": lock.proposal, **found}
