"""An agency spends at most its ceiling, less what it and its lines have committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from solver.instance import Instance
from solver.rules.row import Row, Space, Usage
from solver.rules.rule import Bends, Fragment, Rule

NAME = "agency_ceiling"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """Amounts of an agency's proposals <= ceiling - committed, at least 0 (rupiah)."""
    members = defaultdict(list)
    for position, option in enumerate(space.options):
        members[option.agency].append(position)
    committed: dict[str, int] = defaultdict(int)
    for line in instance.lines:
        committed[line.agency] += line.committed
    for agency in instance.agencies:
        if agency.ceiling is not None:
            room = agency.ceiling - agency.committed - committed[agency.code]
            yield Row(
                NAME,
                agency.code,
                "amount",
                tuple(members[agency.code]),
                upper=max(0, room),
                overdrawn=max(0, -room),
            )


def _bend(usage: Usage) -> Fragment:
    more = usage.breach + usage.row.overdrawn
    return {"set": {f"agency.{usage.row.subject}.ceiling": f"+{more}"}}


RULE = Rule(
    NAME,
    rows,
    over=NAME,
    noun="agency",
    is_limit=True,
    grantor="opd",
    bend=_bend,
    bends=Bends.LIMIT,
)
