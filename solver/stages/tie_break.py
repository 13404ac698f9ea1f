"""Among plans that are equally good, always the same one, whatever the row order or machine."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from solver.program import Program, Terms
from solver.rules import Space, Taken
from solver.stages.aim import WholeAim

WEIGHTS = 2**20
"""Weights are 1 to this. By the isolation lemma (Mulmuley, Vazirani and Vazirani 1987) a best plan
is unique with probability at least 1 - (choices / WEIGHTS); uniqueness is proven all the same."""


def weight(*parts: str) -> int:
    """A fixed weight for these texts, from sha256."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % WEIGHTS


class TieBreak(WholeAim):
    """The sum of fixed weights of what is funded, less a fixed weight for every step cut."""

    def __init__(self, space: Space) -> None:
        super().__init__("tie_break", "max")
        self.space = space
        self.weights = [weight(o.proposal, o.label, "fund") for o in space.options]
        self.cut_weights = [
            weight(o.proposal, o.label, "cut") if o.steps else 0 for o in space.options
        ]

    def value(self, taken: Taken) -> Fraction:
        """The sum for a plan."""
        total = 0
        for position, figures in taken.items():
            total += self.weights[position]
            if self.cut_weights[position]:
                steps = self.space.options[position].steps_at(figures.volume)
                total -= (steps or 0) * self.cut_weights[position]
        return Fraction(total)

    def expression(self, program: Program) -> Terms:
        """The same sum in fund and cut."""
        terms = {v: self.weights[position] for position, v in enumerate(program.fund)}
        terms.update({v: -self.cut_weights[position] for position, v in program.cut.items()})
        return terms
