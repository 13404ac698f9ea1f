"""What a Renja line already holds is accommodated: no new money, no points, no limit used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from solver.instance import Instance
from solver.rules.row import Row, Space
from solver.rules.rule import Rule

NAME = "covered"


def rows(_instance: Instance, _space: Space, _before: Sequence[Row]) -> Iterable[Row]:
    """No row at all: a covered proposal has no position in the space, and counts as taken."""
    return ()


RULE = Rule(NAME, rows, over="covered", can_be_off=False)
