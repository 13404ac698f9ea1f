"""Proposals that belong together are all taken or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.instance import Instance
from solver.rules.row import Row, Space
from solver.rules.rule import Bends, Rule, lift

NAME = "together"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """Taken(other) = taken(first) for each other of the group, covered ones being taken."""
    for group in instance.together:
        subject = ", ".join(sorted(group.proposals))
        first, first_base = space.among(group.proposals[:1])
        for other in group.proposals[1:]:
            members, base = space.among([other])
            yield Row(
                NAME,
                subject,
                "count",
                members + first,
                lower=0,
                upper=0,
                factors=(1,) * len(members) + (-1,) * len(first),
                base=base - first_base,
                about=group.proposals,
            )


RULE = Rule(NAME, rows, over=NAME, under=NAME, bend=lift(NAME), bends=Bends.RULE)
