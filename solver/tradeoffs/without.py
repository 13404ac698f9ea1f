"""The scenario without one rule of one subject: no lock, no floor, no cap, no link.

Taken off is what the desk would take off: the whole limit of a place, an agency or a line with its
minimum and its maximum, one lock, one gate, one link between proposals, or the order of priority.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from solver.instance import Instance, Line, Location
from solver.rules import (
    agency_ceiling,
    alternatives,
    gates,
    limits,
    line_ceiling,
    line_target,
    locations,
    locks,
    priority_order,
    requires,
    together,
)


@dataclass(frozen=True)
class Without:
    """The rule and its subject as rows name them, and the instance without it."""

    rule: str
    subject: str
    instance: Instance


def every(instance: Instance) -> Iterator[Without]:
    """Each thing that can be taken off, in the order of the rules; what is off is left out."""
    for name, parts in (
        (locks.NAME, _locks),
        (gates.NAME, _gates),
        (agency_ceiling.NAME, _agencies),
        (line_ceiling.NAME, _line_ceilings),
        (line_target.NAME, _line_targets),
        (locations.NAME, _locations),
        (limits.NAME, _limits),
        (alternatives.NAME, _alternatives),
        (requires.NAME, _requires),
        (together.NAME, _together),
        (priority_order.NAME, _order),
    ):
        if instance.is_on(name):
            for subject, changed in parts(instance):
                yield Without(name, subject, changed)


Part = tuple[str, Instance]
T = TypeVar("T")


def _locks(instance: Instance) -> Iterator[Part]:
    for lock in instance.active_locks:
        kept = tuple(other for other in instance.locks if other is not lock)
        yield lock.proposal, replace(instance, locks=kept)


def _gates(instance: Instance) -> Iterator[Part]:
    for place, proposal in enumerate(instance.proposals):
        for number, option in enumerate(proposal.options):
            if option.gate and not proposal.covered_by:
                options = list(proposal.options)
                options[number] = replace(option, gate="")
                changed = replace(proposal, options=tuple(options))
                subject = f"{proposal.id}/{option.label}".rstrip("/")
                yield subject, _with(instance, "proposals", place, changed)


def _agencies(instance: Instance) -> Iterator[Part]:
    for place, agency in enumerate(instance.agencies):
        if agency.ceiling is not None:
            unlimited = replace(agency, ceiling=None)
            yield agency.code, _with(instance, "agencies", place, unlimited)


def _line_ceilings(instance: Instance) -> Iterator[Part]:
    for place, line in enumerate(instance.lines):
        if line.ceiling is not None:
            yield line.code, _with(instance, "lines", place, replace(line, ceiling=None, flex=0))


def _line_targets(instance: Instance) -> Iterator[Part]:
    for place, line in enumerate(instance.lines):
        if line.min_target is not None or line.max_target is not None or line.closed:
            free: Line = replace(line, min_target=None, max_target=None, closed=False)
            yield line.code, _with(instance, "lines", place, free)


def _locations(instance: Instance) -> Iterator[Part]:
    for place, location in enumerate(instance.locations):
        free: Location = replace(
            location, min_amount=None, max_amount=None, min_count=None, max_count=None
        )
        if free != location:
            yield location.subject, _with(instance, "locations", place, free)


def _limits(instance: Instance) -> Iterator[Part]:
    for place, limit in enumerate(instance.limits):
        if limit.name not in instance.off.limits:
            yield limit.name, replace(instance, limits=_dropped(instance.limits, place))


def _alternatives(instance: Instance) -> Iterator[Part]:
    for place, noun in enumerate(instance.alternatives):
        kept = _dropped(instance.alternatives, place)
        yield ", ".join(noun.proposals), replace(instance, alternatives=kept)


def _requires(instance: Instance) -> Iterator[Part]:
    for place, noun in enumerate(instance.requires):
        kept = _dropped(instance.requires, place)
        yield noun.proposal, replace(instance, requires=kept)


def _together(instance: Instance) -> Iterator[Part]:
    for place, noun in enumerate(instance.together):
        kept = _dropped(instance.together, place)
        yield ", ".join(noun.proposals), replace(instance, together=kept)


def _order(instance: Instance) -> Iterator[Part]:
    if instance.order.enforce:
        yield "", replace(instance, order=replace(instance.order, enforce=False))


def _dropped(nouns: tuple[T, ...], place: int) -> tuple[T, ...]:
    return nouns[:place] + nouns[place + 1 :]


def _with(instance: Instance, table: str, place: int, noun: object) -> Instance:
    """The instance with one noun of a table changed."""
    nouns = list(getattr(instance, table))
    nouns[place] = noun
    changes: dict[str, Any] = {table: tuple(nouns)}
    return replace(instance, **changes)
