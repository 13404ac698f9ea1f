"""Within its group a proposal is funded only if every better-ranked eligible one is funded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from solver.instance import Instance
from solver.rules.eligibility import Group, obstacles, ranked_groups
from solver.rules.row import Row, Space
from solver.rules.rule import Bends, Rule, lift

NAME = "priority_order"


def rows(instance: Instance, space: Space, limits: Sequence[Row]) -> Iterator[Row]:
    """N x taken(proposal) <= taken of the n eligible ones that stand before it, where enforced.

    Those are the ones of the rank just above; they are bound to the rank above theirs, and so the
    whole group is bound. A lock that skips is exempt: it is no link of the chain but still has to
    be funded for what comes after it. Equal ranks don't bind one another.
    """
    if not instance.order.enforce:
        return
    locked = {lock.proposal for lock in instance.active_locks if lock.funds}
    stopped = obstacles(space, limits)
    eligible = {p.id for ranked in ranked_groups(instance, space, stopped).values() for p in ranked}
    for group, members in ranked_groups(instance, space, {}).items():
        before: list[str] = []
        for _, same in groupby(members, key=lambda p: p.priority):
            rank = [proposal.id for proposal in same]
            if before:
                yield from (_row(space, group, before, name) for name in rank if name not in locked)
            counted = [name for name in rank if name in eligible]
            bound = any(name not in locked for name in counted)
            before = counted if bound else [*before, *counted]


def _row(space: Space, group: Group, before: Sequence[str], proposal: str) -> Row:
    above, _ = space.among(before)
    own, _ = space.among([proposal])
    return Row(
        NAME,
        " / ".join(group),
        "count",
        above + own,
        lower=0,
        factors=(1,) * len(above) + (-len(before),) * len(own),
        about=tuple(before),
    )


RULE = Rule(NAME, rows, under=NAME, noun="group", bend=lift(NAME), bends=Bends.RULE)
