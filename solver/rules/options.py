"""Of the options of one proposal at most one is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.instance import Instance
from solver.rules.row import Row, Space
from solver.rules.rule import Rule

NAME = "options"


def rows(_instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """Options taken of a proposal <= 1, where there are several."""
    for proposal, positions in space.positions.items():
        if len(positions) > 1:
            yield Row(NAME, proposal, "count", positions, upper=1)


RULE = Rule(NAME, rows, over="options", can_be_off=False)
