"""A Renja line reaches its target within its bounds, and a closed line serves its places only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from solver.instance import Instance, from_micro
from solver.rules.row import Row, Space, Usage
from solver.rules.rule import Bends, Fragment, Rule
from solver.tables.numbers import unambiguous

NAME = "line_target"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """min_target <= committed target + volumes on the line itself <= max_target (its unit).

    On a closed line an option whose place is not on its list is never taken.
    """
    members = defaultdict(list)
    for position, option in enumerate(space.options):
        members[option.line].append(position)
    for line in instance.lines:
        on_line = tuple(members[line.code])
        if line.min_target is not None or line.max_target is not None:
            yield Row(
                NAME,
                line.code,
                "volume",
                on_line,
                lower=line.min_target,
                upper=line.max_target,
                base=line.committed_target,
            )
        if line.closed:
            elsewhere = tuple(
                i
                for i in on_line
                if not line.holds(space.options[i].district, space.options[i].ward)
            )
            if elsewhere:
                yield Row(NAME, line.code, "count", elsewhere, upper=0, shown=False)


def _bend(usage: Usage) -> Fragment:
    if usage.row.measure == "count":
        return {"set": {f"line.{usage.row.subject}.closed": "no"}}
    column, sign = ("max_target", "+") if usage.is_over else ("min_target", "-")
    change = f"{sign}{unambiguous(from_micro(usage.breach))}"
    return {"set": {f"line.{usage.row.subject}.{column}": change}}


RULE = Rule(
    NAME,
    rows,
    over=NAME,
    under=NAME,
    noun="line",
    is_limit=True,
    grantor="opd",
    bend=_bend,
    bends=Bends.LIMIT,
)
