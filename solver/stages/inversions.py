"""As few proposals as possible are skipped for a worse-ranked one of their group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from solver.instance import Proposal
from solver.program import Program, Terms
from solver.rules import Space, Taken
from solver.rules.eligibility import Group
from solver.stages.aim import WholeAim

Groups = Mapping[Group, Sequence[Proposal]]


def skipped(groups: Groups, funded: set[str]) -> list[tuple[str, str]]:
    """Each skipped proposal with the best-ranked one taken after it, sorted by id.

    Skipped is an eligible proposal that is not funded while a worse-ranked one of its group is.
    """
    found: list[tuple[str, str]] = []
    for members in groups.values():
        worse: str | None = None
        for _, same in groupby(reversed(members), key=lambda p: p.priority):
            ranked = list(same)
            if worse is not None:
                found.extend((p.id, worse) for p in ranked if p.id not in funded)
            worse = min((p.id for p in ranked if p.id in funded), default=worse)
    return sorted(found)


class Inversions(WholeAim):
    """The number of skipped proposals."""

    def __init__(self, space: Space, groups: Groups) -> None:
        super().__init__("inversions", "min")
        self.space = space
        self.groups = groups

    def value(self, taken: Taken) -> Fraction:
        """How many are skipped."""
        funded = {self.space.options[i].proposal for i in taken}
        return Fraction(len(skipped(self.groups, funded)))

    def expression(self, program: Program) -> Terms:
        """From the worst rank up: `after` says that something worse is taken; a skip pays for it.

        skip >= after - taken. Both helpers end up 0 or 1 by themselves.
        """
        terms = {}
        for members in self.groups.values():
            worst_first = sorted(members, key=lambda p: -(p.priority or 0))
            after: int | None = None
            for _, same in groupby(worst_first, key=lambda p: p.priority):
                ranked = [[program.fund[i] for i in self.space.positions[p.id]] for p in same]
                if after is not None:
                    for funds in ranked:
                        skip = program.add(0, 1, whole=False)
                        program.require({skip: 1, after: -1, **dict.fromkeys(funds, 1)}, lower=0)
                        terms[skip] = 1
                before, after = after, program.add(0, 1, whole=False)
                if before is not None:
                    program.require({after: 1, before: -1}, lower=0)
                for funds in ranked:
                    program.require({after: 1, **dict.fromkeys(funds, -1)}, lower=0)
        return terms
