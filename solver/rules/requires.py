"""A proposal that needs others is taken only together with all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solver.instance import Instance
from solver.rules.row import Row, Space
from solver.rules.rule import Bends, Rule, lift

NAME = "requires"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """Taken(needed) - taken(proposal) >= 0 for each one needed, covered ones being taken."""
    for link in instance.requires:
        first, first_base = space.among([link.proposal])
        for need in link.needs:
            needed, needed_base = space.among([need])
            yield Row(
                NAME,
                link.proposal,
                "count",
                needed + first,
                lower=0,
                factors=(1,) * len(needed) + (-1,) * len(first),
                base=needed_base - first_base,
                about=(need,),
            )


RULE = Rule(NAME, rows, under=NAME, bend=lift(NAME), bends=Bends.RULE)
