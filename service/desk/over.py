"""An edit that breaks a limit, told: which limit, how much is left, and who holds the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.desk.limits import CityLimits
from service.store.errors import NotNowError, OverLimitError, Phrase
from solver.instance import Proposal, from_micro
from solver.rules import RULES, Row, Taken, Usage
from solver.words import Quantity

NAMED = ("agency_ceiling", "line_ceiling", "line_target", "locations", "limits")
"""The rules whose limits have a name of their own in a sentence."""
_MOST_NAMED = 5


def refusal(
    limits: CityLimits, proposal: Proposal, broken: Sequence[int], others: Taken, own: Taken
) -> OverLimitError:
    """The error for an edit that breaks these rows; the sentence is about the first.

    `own` is what the proposal would take, `others` what is taken without it.
    """
    details = {"limits": [_detail(limits, index, others, own) for index in broken]}
    index = broken[0]
    row = limits.rows[index]
    facts: dict[str, Any] = {"proposal": proposal.id}
    if row.rule not in NAMED:
        taken = {limits.space.options[i].proposal for i in row.members if i in others}
        return OverLimitError("over_group", details, **facts, others=sorted(taken))
    need, room = _need_and_room(limits, index, others, own)
    held = limits.used_by(row, others)
    facts |= {
        "limit_name": name_of(row),
        "need": _quantity(limits, row, need),
        "room": _quantity(limits, row, room),
        "holders": [
            Phrase("desk.holder", {"desk": agency, "used": _quantity(limits, row, used)})
            for agency, used in held.items()
        ],
    }
    return OverLimitError("over_limit" if held else "over_limit_alone", details, **facts)


def stopped(
    limits: CityLimits, proposal: Proposal, broken: Sequence[int], own: Taken
) -> OverLimitError:
    """The error for a decision that no plan could hold, whatever the others decide."""
    row = limits.rows[broken[0]]
    details = {"limits": [_detail(limits, index, {}, own) for index in broken]}
    facts: dict[str, Any] = {"proposal": proposal.id}
    if row.rule == "gates":
        gate = Phrase(f"gate.{row.about[0]}", {})
        return OverLimitError("stopped_by_gate", details, **facts, gate=gate)
    if row.rule == "alternatives":  # one of the group is in the Renja already
        there = [other for other in row.about if limits.proposals[other].covered_by]
        return OverLimitError("over_group", details, **facts, others=there)
    if row.rule == "line_target" and row.measure == "count":
        return OverLimitError("stopped_by_place", details, **facts, line=row.subject)
    if row.rule in NAMED:
        return OverLimitError("stopped_by_limit", details, **facts, limit_name=name_of(row))
    return OverLimitError("stopped_by_lock", details, **facts)


def broken(breaches: Sequence[Usage]) -> NotNowError:
    """The error for a desk that can't be signed: what its plan still breaks."""
    names = [
        name_of(usage.row) if usage.row.rule in NAMED else Phrase(f"rule.{usage.row.rule}", {})
        for usage in breaches
    ]
    details = [
        {
            "rule": usage.row.rule,
            "subject": usage.row.subject,
            "measure": usage.row.measure,
            "used": printed(usage.row, usage.used),
            "min": None if usage.lower is None else printed(usage.row, usage.lower),
            "max": None if usage.upper is None else printed(usage.row, usage.upper),
        }
        for usage in breaches
    ]
    return NotNowError("breaks", {"limits": details}, limits=names[:_MOST_NAMED])


def name_of(row: Row) -> Phrase:
    """What a limit is called inside a sentence."""
    return Phrase(f"limit_name.{row.rule}", {RULES[row.rule].noun: row.subject})


def printed(row: Row, value: int) -> int | float:
    """A number of the row's measure in its printed unit."""
    return from_micro(value) if row.measure in ("points", "volume") else value


def _detail(limits: CityLimits, index: int, others: Taken, own: Taken) -> dict[str, Any]:
    row = limits.rows[index]
    need, room = _need_and_room(limits, index, others, own)
    held = limits.used_by(row, others)
    return {
        "rule": row.rule,
        "subject": row.subject,
        "measure": row.measure,
        "max": printed(row, limits.upper_of(index, others)),
        "need": printed(row, need),
        "room": printed(row, room),
        "holders": [{"agency": a, "used": printed(row, used)} for a, used in held.items()],
    }


def _need_and_room(limits: CityLimits, index: int, others: Taken, own: Taken) -> tuple[int, int]:
    """What the proposal would use of the row, and what all others together leave of it."""
    row = limits.rows[index]
    return row.used(own) - row.base, max(0, limits.upper_of(index, others) - row.used(others))


def _quantity(limits: CityLimits, row: Row, value: int) -> Quantity:
    units = {limits.space.options[i].unit for i in row.members}
    unit = units.pop() if row.measure == "volume" and len(units) == 1 else ""
    return Quantity(value, row.measure, unit)
