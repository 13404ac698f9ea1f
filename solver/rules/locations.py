"""Each district and ward gets at least its floor and at most its cap, in money and in number."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from solver.instance import Instance
from solver.rules.row import Row, Space, Usage
from solver.rules.rule import Bends, Fragment, Rule

NAME = "locations"


def rows(instance: Instance, space: Space, _before: Sequence[Row]) -> Iterator[Row]:
    """min <= amounts (rupiah, or a share of the plan's whole amount) and counts in a place <= max.

    A row without a ward is the whole district, all its wards included.
    """
    members = defaultdict(list)
    for position, option in enumerate(space.options):
        members[option.district, ""].append(position)
        if option.ward:
            members[option.district, option.ward].append(position)
    for place in instance.locations:
        there = tuple(members[place.district, place.ward])
        for measure, lower, upper in (
            ("amount", place.min_amount, place.max_amount),
            ("count", place.min_count, place.max_count),
        ):
            if lower is not None or upper is not None:
                yield Row(NAME, place.subject, measure, there, lower=lower, upper=upper)


def _bend(usage: Usage) -> Fragment:
    """An amount moves by what is missing; a share becomes the one the plan has, to 0.01 %."""
    row = usage.row
    side = "max" if usage.is_over else "min"
    bound = row.upper if usage.is_over else row.lower
    key = f"location.{row.subject}.{side}_{row.measure}"
    if isinstance(bound, Fraction):
        hundredths = Fraction(10_000 * usage.used, usage.amount or 1)
        rounded = math.ceil(hundredths) if usage.is_over else math.floor(hundredths)
        return {"set": {key: f"{rounded / 100:.2f}%"}}
    return {"set": {key: f"{'+' if usage.is_over else '-'}{usage.breach}"}}


RULE = Rule(
    NAME,
    rows,
    over="location_max",
    under="location_min",
    noun="place",
    is_limit=True,
    grantor="kecamatan",
    bend=_bend,
    bends=Bends.LIMIT,
)
