"""An instance made ready once: its space, its rows, and who could be funded standing alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from solver.instance import Instance, Proposal
from solver.program import Program, program_of
from solver.rules import Row, Space, limits_among, rows_of
from solver.rules.eligibility import Group, obstacles, ranked_groups
from solver.stages import Aim, aim_of


class Case:
    """What solving, judging and explaining share; `extra` are rows beside those of the rules."""

    def __init__(self, instance: Instance, extra: Sequence[Row] = ()) -> None:
        self.instance = instance
        self.space = Space(instance)
        self.rows = (*rows_of(instance, self.space), *extra)

    @cached_property
    def stopped(self) -> Mapping[int, Row]:
        """Positions that some upper limit stops even alone, with that limit."""
        return obstacles(self.space, limits_among(self.rows))

    @cached_property
    def groups(self) -> Mapping[Group, Sequence[Proposal]]:
        """The eligible proposals with a rank, by the group it counts in, best first."""
        return ranked_groups(self.instance, self.space, self.stopped)

    @cached_property
    def aims(self) -> Sequence[Aim]:
        """The aims of the stages, in order."""
        return [
            aim_of(spec, self.instance, self.space, self.stopped) for spec in self.instance.stages
        ]

    def program(self) -> Program:
        """A new program of all rows."""
        return program_of(self.space, self.rows)
