"""A Renja line and all below it spend at most its ceiling; sisters may move money within flex."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from solver.instance import Instance
from solver.rules import renja
from solver.rules.row import Row, Space, Usage
from solver.rules.rule import Bends, Fragment, Rule

NAME = "line_ceiling"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """Amounts on a line and below <= ceiling - committed of these, at least 0, + its move.

    Moves are rupiah within +-flex; those of lines with one parent, or of the root lines of one
    agency, add up to zero.
    """
    members = defaultdict(list)
    for position, option in enumerate(space.options):
        members[option.line].append(position)
    committed = {line.code: line.committed for line in instance.lines}
    below = renja.below(instance)
    for line in instance.lines:
        if line.ceiling is not None:
            codes = sorted(below[line.code])
            room = line.ceiling - sum(committed[code] for code in codes)
            yield Row(
                NAME,
                line.code,
                "amount",
                tuple(i for code in codes for i in members[code]),
                upper=max(0, room),
                overdrawn=max(0, -room),
                pool=f"{line.agency}/{line.parent}" if line.flex else "",
                flex=line.flex,
            )


def _bend(usage: Usage) -> Fragment:
    more = usage.breach + usage.row.overdrawn
    return {"set": {f"line.{usage.row.subject}.ceiling": f"+{more}"}}


RULE = Rule(
    NAME,
    rows,
    over=NAME,
    noun="line",
    is_limit=True,
    grantor="opd",
    bend=_bend,
    bends=Bends.LIMIT,
)
