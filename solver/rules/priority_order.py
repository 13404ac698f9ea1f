"""Within its group a proposal is funded only if every better-ranked eligible one is funded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from solver.instance import Instance
from solver.rules.eligibility import obstacles, ranked_groups
from solver.rules.row import Row, Space
from solver.rules.rule import Bends, Rule, lift

NAME = "priority_order"


def rows(instance: Instance, space: Space, limits: Sequence[Row]) -> Iterator[Row]:
    """n x taken(proposal) <= taken of the n proposals one rank better, where the order is enforced.

    That binds whole groups, for each rank is bound to the one above it. Equal ranks don't bind one
    another; a lock that skips is exempt, so proposals locked in are left out of the chain.
    """
    if not instance.order.enforce:
        return
    locked = {lock.proposal for lock in instance.active_locks if lock.funds}
    for group, members in ranked_groups(instance, space, obstacles(space, limits)).items():
        chain = [p for p in members if p.id not in locked]
        ranks = [tuple(same) for _, same in groupby(chain, key=lambda p: p.priority)]
        for better, worse in pairwise(ranks):
            above, _ = space.among([p.id for p in better])
            for proposal in worse:
                own, _ = space.among([proposal.id])
                yield Row(
                    NAME,
                    " / ".join(group),
                    "count",
                    above + own,
                    lower=0,
                    factors=(1,) * len(above) + (-len(better),) * len(own),
                    about=tuple(p.id for p in better),
                )


RULE = Rule(NAME, rows, under=NAME, noun="group", bend=lift(NAME), bends=Bends.RULE)
