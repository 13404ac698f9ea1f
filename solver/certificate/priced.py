"""A program at prices: what its limits are worth, and what is left of every choice's worth.

A price is what one unit of a limit costs, in whole 2^-PRECISION of the aim's unit: above zero for
an upper limit, below for a lower one. Whatever the prices are, no plan is worth more than its
limits at their prices and, beside them, all that its choices are worth after paying.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solver.program import Program, Terms

PRECISION = 20
"""Bits after the point of a price."""

Prices = Mapping[int, int]
"""The number of a constraint -> its price."""


class NoLimitError(ValueError):
    """A price stands on a side of a constraint that has no limit."""


@dataclass(frozen=True)
class Priced:
    """`fixed` is what the limits and the helpers come to; `left` is each variable's worth."""

    fixed: int
    left: list[int]


def priced(program: Program, terms: Terms, prices: Prices) -> Priced:
    """The program at these prices; NoLimitError for a price on a limit that is not there."""
    left = [0] * len(program.variables)
    for variable, worth in terms.items():
        left[variable] = worth << PRECISION
    fixed = 0
    for number, price in prices.items():
        constraint = program.constraints[number]
        limit = constraint.upper if price > 0 else constraint.lower
        if limit is None:
            raise NoLimitError(number)
        fixed += price * limit
        for variable, coefficient in constraint.terms.items():
            left[variable] -= price * coefficient
    chosen = {*program.fund, *program.cut.values()}
    for variable, bounds in enumerate(program.variables):
        if variable not in chosen:
            fixed += max(left[variable] * bounds.lower, left[variable] * bounds.upper)
    return Priced(fixed, left)
