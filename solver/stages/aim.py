"""An aim: one stage of the objective, made ready for one instance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from solver.program import Program, Terms
from solver.rules import Space, Taken


class Aim(Protocol):
    """What a stage makes as large or as small as possible, and keeps for the stages after it.

    Values are exact, in the stage's own whole unit (millionths of points, rupiah, a count) or, for
    a ratio, a Fraction of such units. `unit` is how many of them one unit of `expression` is worth.
    """

    name: str
    sense: str
    kind: str
    unit: int
    whole: bool

    def value(self, taken: Taken) -> Fraction:
        """What a plan reaches, added up from the plan itself."""

    def expression(self, program: Program) -> Terms:
        """The aim as terms of the program; helper variables and constraints are added to it."""

    def hold(self, program: Program, terms: Terms, limit: Fraction) -> None:
        """Require of the program at least (for "min": at most) `limit`."""


@dataclass
class WholeAim:
    """An aim whose expression is its value: a sum of whole numbers."""

    name: str
    sense: str
    kind: str = "number"
    unit: int = 1
    whole: bool = True

    def hold(self, program: Program, terms: Terms, limit: Fraction) -> None:
        """Keep the sum at or beyond the limit; rounding to whole units loses nothing."""
        if self.sense == "max":
            program.require(terms, lower=-(-limit.numerator // limit.denominator))
        else:
            program.require(terms, upper=limit.numerator // limit.denominator)


class Total(WholeAim):
    """The sum of one measure over the plan."""

    def __init__(self, name: str, sense: str, measure: str, kind: str) -> None:
        super().__init__(name, sense, kind)
        self.measure = measure

    def value(self, taken: Taken) -> Fraction:
        """Sum of the measure over what is taken."""
        return Fraction(sum(figures.of(self.measure) for figures in taken.values()))

    def expression(self, program: Program) -> Terms:
        """The same sum in fund and cut."""
        return program.expression(self.measure, everything(program.space))


def everything(space: Space) -> Iterable[tuple[int, int]]:
    """Every position once."""
    return ((position, 1) for position in range(len(space.options)))
