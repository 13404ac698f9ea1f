"""Choices in little groups, and what each loses against the best of its group at given prices.

A group is a position, or a few that links join: options of one proposal, a pair of which one at
most is taken, a work and what it needs. What a group may do is counted out, so that a link inside
one is kept exactly. A link that would make a group too large, or that joins choices of two rooms,
counts by its price only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from solver.program import Constraint, Program

MOST_PICKS = 64
"""A group that may do more is too large."""

LINK = 8
"""A limit on so many positions at most is a link."""


class Pick(NamedTuple):
    """One thing a group may do: what it loses, and the steps cut of each position, -1: left out."""

    loss: int
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Positions that are chosen together: the most they are worth, and their picks by loss."""

    positions: tuple[int, ...]
    top: int
    picks: Sequence[Pick]


def ways(program: Program, position: int) -> int:
    """In how many ways a position can be chosen, leaving it out included."""
    return 2 + program.space.options[position].steps


def owners(program: Program) -> dict[int, int]:
    """The position that each variable belongs to; helpers belong to none."""
    found = {variable: position for position, variable in enumerate(program.fund)}
    found.update({variable: position for position, variable in program.cut.items()})
    return found


class Links:
    """Which positions the links of a program join.

    `home` is the innermost room of a position, `inside` are the limits that are rooms themselves.
    """

    def __init__(self, program: Program, home: Mapping[int, int], inside: Collection[int]) -> None:
        self.kept: dict[int, list[int]] = {}
        self._program = program
        self._owner = owners(program)
        self._group = list(range(len(program.fund)))
        self._members = {position: [position] for position in self._group}
        for number, constraint in enumerate(program.constraints):
            positions = () if number in inside else self._linked(constraint)
            if positions and len({home.get(p, -1) for p in positions}) == 1:
                self._join(number, positions)

    def members(self) -> Iterator[tuple[tuple[int, ...], Sequence[int]]]:
        """The positions of every group, with the numbers of the links that it keeps."""
        for name, positions in self._members.items():
            yield tuple(positions), self.kept.get(name, ())

    def _linked(self, constraint: Constraint) -> list[int]:
        """The positions of a link; none where the limit is no link, or only ties cut to fund."""
        terms = constraint.terms
        if len(terms) > 2 * LINK or any(v not in self._owner for v in terms):
            return []
        found = {self._owner[variable] for variable in terms}
        own = constraint.row is None and len(found) == 1
        return [] if own or len(found) > LINK else sorted(found)

    def _join(self, number: int, positions: Sequence[int]) -> None:
        groups = sorted({self._group[p] for p in positions})
        joined = sorted(p for group in groups for p in self._members[group])
        total = 1
        for position in joined:
            total *= ways(self._program, position)
        if total > MOST_PICKS:
            return
        kept = [n for group in groups for n in self.kept.pop(group, ())]
        for group in groups:
            del self._members[group]
        self._members[groups[0]] = joined
        self.kept[groups[0]] = [*kept, number]
        for position in joined:
            self._group[position] = groups[0]


def counted(
    program: Program, left: Sequence[int], positions: tuple[int, ...], rows: Sequence[Constraint]
) -> Group | None:
    """A group with all it may do; None where the rows allow nothing.

    `left` is what each variable is worth at the prices. Of a position with very many steps only
    the ends are counted, where a sum is largest; no room may hold one.
    """
    if len(positions) == 1 and not rows:
        picks = _alone(program, left, positions[0])
    else:
        picks = list(_together(program, left, positions, rows))
    if not picks:
        return None
    picks.sort(key=itemgetter(0))
    top = -picks[0].loss
    return Group(positions, top, [Pick(top + loss, steps) for loss, steps in picks])


def _alone(program: Program, left: Sequence[int], position: int) -> list[Pick]:
    full = left[program.fund[position]]
    picks = [Pick(0, (-1,)), Pick(-full, (0,))]
    if position in program.cut:
        step = left[program.cut[position]]
        picks += [Pick(-full - step * n, (n,)) for n in _cuts(program, position) if n > 0]
    return picks


def _cuts(program: Program, position: int) -> Sequence[int]:
    steps = program.space.options[position].steps
    if steps + 2 > MOST_PICKS:
        return (-1, 0, steps)
    return range(-1, steps + 1)


def _together(
    program: Program, left: Sequence[int], positions: tuple[int, ...], rows: Sequence[Constraint]
) -> Iterator[Pick]:
    for steps in product(*(_cuts(program, position) for position in positions)):
        values: dict[int, int] = {}
        for position, cut in zip(positions, steps, strict=True):
            values[program.fund[position]] = int(cut >= 0)
            if position in program.cut:
                values[program.cut[position]] = max(cut, 0)
        if all(_keeps(row, values) for row in rows):
            yield Pick(-sum(left[variable] * value for variable, value in values.items()), steps)


def _keeps(row: Constraint, values: Mapping[int, int]) -> bool:
    """Whether a row of these variables holds."""
    used = sum(coefficient * values[variable] for variable, coefficient in row.terms.items())
    return (row.upper is None or used <= row.upper) and (row.lower is None or used >= row.lower)
