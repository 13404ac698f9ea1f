"""Of proposals that stand for one another at most one is taken, and at least so many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.instance import Instance
from solver.rules.row import Row, Space
from solver.rules.rule import Bends, Rule, lift

NAME = "alternatives"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """at_least <= how many of the proposals are taken <= 1, covered ones included."""
    for group in instance.alternatives:
        members, base = space.among(group.proposals)
        yield Row(
            NAME,
            ", ".join(sorted(group.proposals)),
            "count",
            members,
            lower=group.at_least or None,
            upper=1,
            base=base,
            about=group.proposals,
        )


RULE = Rule(NAME, rows, over=NAME, under=NAME, bend=lift(NAME), bends=Bends.RULE)
