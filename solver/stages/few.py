"""Stages that count proposals: few cuts, and few changes against a given plan."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from solver.instance import Choice, Figures
from solver.program import Program, Terms
from solver.rules import Space, Taken
from solver.stages.aim import WholeAim


class FewCuts(WholeAim):
    """As few proposals as possible are funded below their full volume."""

    def __init__(self, space: Space) -> None:
        super().__init__("few_cuts", "min")
        self.space = space

    def value(self, taken: Taken) -> Fraction:
        """How many proposals are cut."""
        full = (self.space.options[i].full.volume for i in taken)
        return Fraction(sum(f.volume < v for f, v in zip(taken.values(), full, strict=True)))

    def expression(self, program: Program) -> Terms:
        """One helper a proposal that can be cut: steps cut <= all its steps x helper."""
        terms = {}
        for position, cut in program.cut.items():
            helper = program.add(0, 1)
            steps = program.space.options[position].steps
            program.require({cut: 1, helper: -steps}, upper=0)
            terms[helper] = 1
        return terms


class FewChanges(WholeAim):
    """As few decisions as possible differ in option or volume from a plan already agreed."""

    def __init__(self, space: Space, plan: Sequence[Choice]) -> None:
        super().__init__("few_changes", "min")
        self.agreed = {
            space.options[position].proposal: (position, figures)
            for position, figures in space.take(plan).items()
        }
        self.space = space

    def value(self, taken: Taken) -> Fraction:
        """How many proposals are decided otherwise than in the plan."""
        now = {self.space.options[i].proposal: (i, figures) for i, figures in taken.items()}
        return Fraction(
            sum(now.get(p) != self.agreed.get(p) for p in now.keys() | self.agreed.keys())
        )

    def expression(self, program: Program) -> Terms:
        """Newly funded ones count as they are; one helper for each that was agreed."""
        terms = {}
        for proposal, positions in self.space.positions.items():
            if proposal in self.agreed:
                terms[self._changed(program, *self.agreed[proposal])] = 1
            else:
                terms.update(dict.fromkeys((program.fund[i] for i in positions), 1))
        return terms

    def _changed(self, program: Program, position: int, agreed: Figures) -> int:
        """A helper that is 1 unless the option is funded with just the steps agreed."""
        option, fund = self.space.options[position], program.fund[position]
        steps = option.steps_at(agreed.volume)
        if steps is None:
            return program.add(1, 1)
        helper = program.add(0, 1)
        program.require({helper: 1, fund: 1}, lower=1)
        if option.steps:
            cut = program.cut[position]
            program.require({helper: option.steps - steps, cut: -1}, lower=-steps)
            program.require({helper: steps, cut: 1, fund: -steps}, lower=0)
        return helper
