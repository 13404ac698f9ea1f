"""The city's scenario is exchanged for another: decisions stay, and their figures follow."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from service.desk import city as cities
from service.desk import decisions, locks
from service.desk.city import city_of, desks
from service.desk.decisions import Decision, Edit, decision_of, wanted_decision
from service.desk.limits import CityLimits, limits_of
from service.desk.rights import allow
from service.desk.stale import check_revision
from service.desk.state import state_of
from service.store import Tx
from service.store.errors import InvalidError, NotNowError
from service.store.events import record
from service.store.models import DecisionRow, Desk
from service.store.store import actor_of
from service.store.text import plain
from solver.instance import from_micro
from solver.rules import Usage

_NAMED = 20


def change_scenario(tx: Tx, city_id: str, digest: str, reason: str, rev: int) -> list[Usage]:
    """Let a city stand on another kept scenario, and give the limits that its plan now breaks.

    Such a limit does not stop the change, for ceilings are cut while desks sit; from then on no
    edit makes it worse. NotNowError where a decision or lock does not fit the new scenario, or
    where the figures of a signed desk would change.
    """
    allow(actor_of(tx), "arrange")
    city = city_of(tx, city_id)
    check_revision(tx, city.rev, rev, city.title)
    why = plain(reason, "reason")
    limits = limits_of(tx, digest)
    cities.check_codes(limits)
    followed, clashes = _followed(tx, city_id, limits)
    if clashes:
        facts = {"number": len(clashes), "proposals": clashes[:_NAMED]}
        raise NotNowError("scenario_clashes", {"proposals": clashes}, **facts)
    body = {
        "city": city.id,
        "reason": why,
        "before": {"scenario": city.scenario, "rev": city.rev},
        "after": {"scenario": digest},
    }
    city.scenario, city.rev = digest, record(tx, "city.scenario", body).seq
    tx.flush()
    cities.add_desks(tx, city, limits)
    by_agency = {desk.agency: desk for desk in desks(tx, city.id)}
    for row, after in followed:
        desk = by_agency[limits.proposals[after.proposal].requested.agency]
        decisions.write(tx, desk, row, decision_of(row), after)
    return [usage for usage in limits.measured(cities.taken(tx, city.id)) if usage.is_over]


def _followed(
    tx: Tx, city: str, limits: CityLimits
) -> tuple[list[tuple[DecisionRow, Decision]], list[str]]:
    """The decisions that change with the new figures, and the proposals that do not fit."""
    of = {desk.id: desk for desk in desks(tx, city)}
    signed = {desk for desk in of if state_of(tx, desk) == "signed"}
    followed, clashes = [], set()
    for row in tx.scalars(select(DecisionRow).where(DecisionRow.city == city)):
        before = decision_of(row)
        if before.proposal not in limits.proposals:
            if before.code != "undiscussed":
                clashes.add(before.proposal)
            continue
        after = _refigured(limits, before)
        agency = limits.proposals[before.proposal].requested.agency
        moves = of[row.desk].agency != agency
        if after is None or ((moves or after != before) and row.desk in signed):
            clashes.add(before.proposal)
        elif moves or after != before:
            followed.append((row, after))
    clashes |= {p for desk in of.values() for p in _loose_locks(tx, desk, limits)}
    return followed, sorted(clashes)


def _refigured(limits: CityLimits, before: Decision) -> Decision | None:
    """The decision with the figures of the new scenario; None where it has no such option."""
    size = None if before.volume is None else from_micro(before.volume)
    option = before.option if before.is_funded else None
    wanted = Edit(before.code, option, volume=size, reason=before.reason, note=before.note)
    try:
        after = wanted_decision(limits.proposals[before.proposal], wanted)
    except InvalidError:
        return None
    return replace(after, rev=before.rev)


def _loose_locks(tx: Tx, desk: Desk, limits: CityLimits) -> list[str]:
    """The proposals of locks that the new scenario can't hold."""
    found = []
    for lock in locks.of_desk(tx, desk).values():
        proposal = limits.proposals.get(lock.proposal)
        there = proposal is not None and (
            lock.option is None or limits.option(lock.proposal, lock.option) is not None
        )
        if lock.decision != "none" and not there:
            found.append(lock.proposal)
    return found
