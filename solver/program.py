"""Rows become one whole-number program: variables, constraints, and nothing in floating point.

For each position of the Space there is `fund` in {0, 1} and, where it can be cut, the whole steps
cut off, `0 <= cut <= steps x fund`. Everything a choice adds is linear in both. The model scales
this program and hands it to a solver; whoever judges the answer adds it up from the rows instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from solver.instance import Figures
from solver.rules import Row, Space, Taken

Terms = Mapping[int, int]
"""A linear expression: variable -> whole coefficient."""


@dataclass(frozen=True, slots=True)
class Variable:
    """Bounds of a variable, and whether it is whole. Helpers that end up whole anyway are not."""

    lower: int
    upper: int
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Constraint:
    """lower <= terms <= upper; `row` is what it was made from, if it was."""

    terms: Terms
    lower: int | None = None
    upper: int | None = None
    row: Row | None = None


@dataclass
class Program:
    """The program of one space and its rows, to which the stages add helpers and holds."""

    space: Space
    variables: list[Variable] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    fund: list[int] = field(default_factory=list)
    cut: dict[int, int] = field(default_factory=dict)

    def add(self, lower: int, upper: int, *, whole: bool = True) -> int:
        """A new variable; its number."""
        self.variables.append(Variable(lower, upper, whole))
        return len(self.variables) - 1

    def require(
        self,
        terms: Terms,
        lower: int | None = None,
        upper: int | None = None,
        row: Row | None = None,
    ) -> None:
        """A new constraint; without terms it is kept too, for it may be impossible."""
        self.constraints.append(Constraint(terms, lower, upper, row))

    def exclude(
        self,
        taken: Taken,
        groups: Iterable[Sequence[int]],
        *,
        less: bool = True,
        more: bool = True,
    ) -> None:
        """Require another choice than the plan's among these groups of positions.

        A group is one position, or several of one proposal that add the same and count as one.
        `less` counts what takes something away from the plan, `more` what adds to it; one alone is
        enough where a sum has to fall, or to rise.
        """
        terms: dict[int, int] = {}
        changes = 1
        for group in groups:
            funds = [self.fund[position] for position in group]
            chosen = next((position for position in group if position in taken), None)
            if chosen is None:
                if more:
                    terms.update(dict.fromkeys(funds, 1))
                continue
            if less:
                terms.update(dict.fromkeys(funds, -1))
                changes -= 1
            if chosen in self.cut:
                steps = self.space.options[chosen].steps_at(taken[chosen].volume) or 0
                terms.update(self._other_cut(group, steps, less=less, more=more))
        self.require(terms, lower=changes)

    def _other_cut(
        self, group: Sequence[int], steps: int, *, less: bool, more: bool
    ) -> Iterator[tuple[int, int]]:
        """Helpers that are 1 only where more steps are cut than these, or fewer."""
        most = self.space.options[group[0]].steps
        cuts = {self.cut[position]: 1 for position in group}
        if less:
            deeper = self.add(0, 1)
            self.require({**cuts, deeper: -(steps + 1)}, lower=0)
            yield deeper, 1
        if more:
            shallower = self.add(0, 1)
            self.require({**cuts, shallower: most - steps + 1}, upper=most)
            yield shallower, 1

    def fix(self, taken: Taken, groups: Iterable[Sequence[int]]) -> None:
        """Require of each group just what the plan chose of it."""
        for group in groups:
            chosen = next((position for position in group if position in taken), None)
            funded = int(chosen is not None)
            self.require({self.fund[i]: 1 for i in group}, funded, funded)
            if chosen in self.cut:
                steps = self.space.options[chosen].steps_at(taken[chosen].volume) or 0
                self.require({self.cut[i]: 1 for i in group}, steps, steps)

    def copy(self) -> Program:
        """Another program to try something on; this one stays as it is."""
        return replace(self, variables=list(self.variables), constraints=list(self.constraints))

    def expression(self, measure: str, members: Iterable[tuple[int, int]]) -> dict[int, int]:
        """Sum of factor x measure over positions, as terms in fund and cut."""
        terms: dict[int, int] = defaultdict(int)
        for position, factor in members:
            option = self.space.options[position]
            if value := factor * option.full.of(measure):
                terms[self.fund[position]] += value
            if option.steps and (value := factor * option.step.of(measure)):
                terms[self.cut[position]] -= value
        return terms

    def taken(self, values: Sequence[int]) -> dict[int, Figures]:
        """The plan that whole values of the variables stand for."""
        options = self.space.options
        return {
            position: options[position].cut(values[self.cut[position]])
            if position in self.cut
            else options[position].full
            for position, variable in enumerate(self.fund)
            if values[variable]
        }

    def start(self, taken: Taken) -> dict[int, int]:
        """Values of fund and cut for a plan on the grid, as a start for a solver."""
        values = dict.fromkeys((*self.fund, *self.cut.values()), 0)
        for position, figures in taken.items():
            values[self.fund[position]] = 1
            if position in self.cut:
                steps = self.space.options[position].steps_at(figures.volume)
                values[self.cut[position]] = steps or 0
        return values


def program_of(space: Space, rows: Sequence[Row]) -> Program:
    """The program of the rows: every choice of the space, every limit of every row."""
    program = Program(space)
    for option in space.options:
        program.fund.append(program.add(0, 1))
        if option.steps:
            position = len(program.fund) - 1
            cut = program.cut[position] = program.add(0, option.steps)
            program.require({cut: 1, program.fund[position]: -option.steps}, upper=0)
    pools: dict[str, dict[int, int]] = defaultdict(dict)
    for row in rows:
        move = program.add(-1, 1, whole=False) if row.pool else None
        if move is not None:
            pools[row.pool][move] = row.flex
        _add_row(program, row, move)
    for moves in pools.values():
        program.require(moves, lower=0, upper=0)
    return program


def _add_row(program: Program, row: Row, move: int | None) -> None:
    """Whole limits as they are; a share of the total as denominator x used - numerator x total."""
    terms = program.expression(row.measure, row.terms())
    if move is not None:
        terms[move] = -row.flex  # a part of the flex: rupiah would be a poor scale beside 0 and 1
    shares = {"lower": row.lower, "upper": row.upper}
    whole = {side: b - row.base for side, b in shares.items() if isinstance(b, int)}
    if whole or not any(isinstance(b, Fraction) for b in shares.values()):
        program.require(terms, **whole, row=row)
    for side, share in shares.items():
        if isinstance(share, Fraction):
            everything = ((i, 1) for i in range(len(program.space.options)))
            total = program.expression("amount", everything)
            mixed = {
                v: share.denominator * terms.get(v, 0) - share.numerator * total.get(v, 0)
                for v in {**total, **terms}
            }
            program.require({v: c for v, c in mixed.items() if c}, **{side: 0}, row=row)
