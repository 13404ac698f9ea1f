"""A small program: a few choices are free, all others stay as a plan has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from solver.program import Constraint, Program, Terms

Steps = Mapping[int, int]
"""The steps cut of every position, -1 where it is left out."""


class Core:
    """The program of the free positions, with what the others use taken off the limits."""

    def __init__(self, whole: Program, terms: Terms, steps: Steps, free: Collection[int]) -> None:
        self._whole = whole
        self._steps = steps
        self._free = free
        self._fixed: dict[int, int] = {}
        for position, variable in enumerate(whole.fund):
            if position not in free:
                self._fixed[variable] = int(steps[position] >= 0)
                if position in whole.cut:
                    self._fixed[whole.cut[position]] = max(steps[position], 0)
        self.program = Program(whole.space)
        self._number: dict[int, int] = {}
        for variable, bounds in enumerate(whole.variables):
            if variable not in self._fixed:
                self._number[variable] = len(self.program.variables)
                self.program.variables.append(bounds)
        for constraint in whole.constraints:
            self._add(constraint)
        self.terms = {self._number[v]: c for v, c in terms.items() if v in self._number}
        self.worth = sum(c * self._fixed.get(v, 0) for v, c in terms.items())

    def _add(self, constraint: Constraint) -> None:
        used = 0
        left = {}
        for variable, coefficient in constraint.terms.items():
            number = self._number.get(variable)
            if number is None:
                used += coefficient * self._fixed[variable]
            else:
                left[number] = coefficient
        lower = None if constraint.lower is None else constraint.lower - used
        upper = None if constraint.upper is None else constraint.upper - used
        if left or (lower is not None and lower > 0) or (upper is not None and upper < 0):
            self.program.require(left, lower, upper)

    def steps(self, values: Mapping[int, int] | Collection[int]) -> dict[int, int]:
        """The whole plan that values of the free variables stand for."""
        found = dict(self._steps)
        given = list(values)
        for position in self._free:
            funded = given[self._number[self._whole.fund[position]]]
            cut = self._whole.cut.get(position)
            found[position] = (0 if cut is None else given[self._number[cut]]) if funded else -1
        return found
