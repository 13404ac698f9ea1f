"""The rules of the desk, in the order in which they are built, judged and told.

A new rule is one file, one line here, its sentences and one test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from solver.instance import Instance
from solver.rules import (
    agency_ceiling,
    alternatives,
    covered,
    gates,
    limits,
    line_ceiling,
    line_target,
    locations,
    locks,
    options,
    priority_order,
    requires,
    together,
)
from solver.rules.row import Row, Space, Taken, Usage
from solver.rules.rule import Bends, Fragment, Rule

RULES = MappingProxyType(
    {
        module.RULE.name: module.RULE
        for module in (
            locks,
            gates,
            covered,
            options,
            agency_ceiling,
            line_ceiling,
            line_target,
            locations,
            limits,
            alternatives,
            requires,
            together,
            priority_order,
        )
    }
)


def rows_of(instance: Instance, space: Space) -> tuple[Row, ...]:
    """Every row of every rule that is on."""
    rows: list[Row] = []
    for rule in RULES.values():
        if instance.is_on(rule.name):
            rows.extend(rule.rows(instance, space, tuple(limits_among(rows))))
    return tuple(rows)


def limits_among(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows that are limits: those that can stop a proposal even when it stands alone."""
    return (row for row in rows if row.rule in RULES and RULES[row.rule].is_limit)


__all__ = [
    "RULES",
    "Bends",
    "Fragment",
    "Row",
    "Rule",
    "Space",
    "Taken",
    "Usage",
    "limits_among",
    "rows_of",
]
