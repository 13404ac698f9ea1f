"""A named limit holds for what it selects: by agency, line, place, source, origin or tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from solver.instance import Instance, Limit, Option, from_micro
from solver.rules import renja
from solver.rules.row import Row, Space, Usage
from solver.rules.rule import Bends, Fragment, Rule
from solver.tables.numbers import unambiguous

NAME = "limits"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """min <= the measure over the options that match every selector <= max."""
    below = renja.below(instance)
    for limit in instance.limits:
        if limit.name not in instance.off.limits:
            members = tuple(
                position
                for position, option in enumerate(space.options)
                if selects(limit, option, below)
            )
            yield Row(NAME, limit.name, limit.measure, members, lower=limit.min, upper=limit.max)


def selects(limit: Limit, option: Option, below: Mapping[str, frozenset[str]]) -> bool:
    """Whether the option matches every selector of the limit; a line covers what is under it."""
    return (
        limit.agency in ("", option.agency)
        and limit.district in ("", option.district)
        and limit.ward in ("", option.ward)
        and limit.source in ("", option.source)
        and limit.origin in ("", option.origin)
        and (not limit.tag or limit.tag in option.tags)
        and (not limit.line or option.line in below.get(limit.line, ()))
    )


def _bend(usage: Usage) -> Fragment:
    in_millionths = usage.row.measure in ("points", "volume")
    step = unambiguous(from_micro(usage.breach)) if in_millionths else usage.breach
    column, sign = ("max", "+") if usage.is_over else ("min", "-")
    return {"set": {f"limit.{usage.row.subject}.{column}": f"{sign}{step}"}}


RULE = Rule(
    NAME,
    rows,
    over="limit",
    under="limit",
    noun="limit",
    is_limit=True,
    bend=_bend,
    bends=Bends.LIMIT,
)
