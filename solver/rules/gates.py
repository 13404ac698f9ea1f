"""What may not start can't be funded: land, zoning, authority, design, a duplicate, its price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.instance import Instance
from solver.rules.row import Row, Space, Usage
from solver.rules.rule import Bends, Fragment, Rule

NAME = "gates"


def rows(_instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """An option with a gate is never taken; the subject is ID, or ID/OPTION."""
    for position, option in enumerate(space.options):
        if option.gate:
            subject = f"{option.proposal}/{option.label}" if option.label else option.proposal
            yield Row(NAME, subject, "count", (position,), upper=0, about=(option.gate,))


def _bend(usage: Usage) -> Fragment:
    return {"set": {f"proposal.{usage.row.subject}.gate": ""}}


RULE = Rule(NAME, rows, over="gate", is_limit=True, bend=_bend, bends=Bends.SUBJECT)
