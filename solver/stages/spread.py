"""As many wards as possible get something."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from solver.program import Program, Terms
from solver.rules import Space, Taken
from solver.stages.aim import WholeAim


class Spread(WholeAim):
    """The number of wards in which at least one proposal is funded."""

    def __init__(self, space: Space) -> None:
        super().__init__("spread", "max")
        self.wards: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, option in enumerate(space.options):
            if option.ward:
                self.wards[option.district, option.ward].append(position)

    def value(self, taken: Taken) -> Fraction:
        """How many wards have something."""
        return Fraction(sum(any(i in taken for i in there) for there in self.wards.values()))

    def expression(self, program: Program) -> Terms:
        """One helper a ward, at most what is funded there; it ends up 0 or 1 by itself."""
        terms = {}
        for there in self.wards.values():
            served = program.add(0, 1, whole=False)
            funds = dict.fromkeys((program.fund[i] for i in there), 1)
            program.require({**funds, served: -1}, lower=0)
            terms[served] = 1
        return terms
