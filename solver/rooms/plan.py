"""Plans near what the rooms would do by themselves: the choices that lose least are set free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from solver.certificate.groups import Group
from solver.certificate.room import Rooms
from solver.instance import Figures
from solver.model import Effort, optimise
from solver.program import Constraint, Program, Terms
from solver.rooms.core import Core
from solver.rooms.trace import best_picks

Plan = dict[int, Figures]


@dataclass
class Planner:
    """What the rooms do at their prices (`steps`), and which limits that all share break by it.

    `gaps` is what the second-best pick of a position's group loses. `split` are positions that the
    relaxation takes in part.
    """

    program: Program
    terms: Terms
    rooms: Rooms
    split: Sequence[int]
    steps: dict[int, int] = field(default_factory=dict)
    gaps: dict[int, tuple[int, Group]] = field(default_factory=dict)
    broken: list[Constraint] = field(default_factory=list)

    def __post_init__(self) -> None:
        for group in self._groups():
            self._do(group, 0)
            if len(group.picks) > 1:
                self.gaps |= dict.fromkeys(group.positions, (group.picks[1].loss, group))
        for room in self.rooms.rooms:
            if room.is_settled:
                for group, pick in best_picks(room):
                    self._do(group, pick)
        self.broken = list(self._broken())

    def alone(self) -> Plan | None:
        """The plan that the rooms make by themselves, where it breaks nothing that they share."""
        return None if self.broken else self._plan(self.steps)

    def near(self, width: int, effort: Effort) -> Plan | None:
        """The best plan with so many choices a room free, and more where a shared limit broke."""
        core = Core(self.program, self.terms, self.steps, self._free(width))
        target = None if effort.target is None else effort.target - core.worth
        trial = replace(effort, target=target, plan_only=True)
        answer = optimise(core.program, core.terms, "max", trial)
        return None if answer.values is None else self._plan(core.steps(answer.values))

    def _groups(self) -> Iterator[Group]:
        yield from self.rooms.loose
        for room in self.rooms.every():
            yield from room.still
            yield from (moves.group for moves in room.moves)

    def _do(self, group: Group, pick: int) -> None:
        self.steps.update(zip(group.positions, group.picks[pick].steps, strict=True))

    def _plan(self, steps: Mapping[int, int]) -> Plan:
        options = self.program.space.options
        return {position: options[position].cut(n) for position, n in steps.items() if n >= 0}

    def _broken(self) -> Iterator[Constraint]:
        values = dict.fromkeys(range(len(self.program.variables)), 0)
        for position, steps in self.steps.items():
            values[self.program.fund[position]] = int(steps >= 0)
            if position in self.program.cut:
                values[self.program.cut[position]] = max(steps, 0)
        for constraint in self.program.constraints:
            used = sum(c * values[v] for v, c in constraint.terms.items())
            over = constraint.upper is not None and used > constraint.upper
            if over or (constraint.lower is not None and used < constraint.lower):
                yield constraint

    def _free(self, width: int) -> set[int]:
        free = set(self.split)
        owner = self.rooms.nest.owner
        for room in self.rooms.rooms:
            held = (moves for inner in room.inner() for moves in inner.moves)
            self._set_free(free, [m.group.positions[0] for m in held], width)
        for constraint in self.broken:
            touched = {owner[variable] for variable in constraint.terms if variable in owner}
            self._set_free(free, [p for p in touched if p in self.gaps], 3 * width)
        return {p for position in free for p in self._with(position)}

    def _set_free(self, free: set[int], positions: Sequence[int], number: int) -> None:
        free.update(sorted(positions, key=lambda p: (self.gaps[p][0], p))[:number])

    def _with(self, position: int) -> Sequence[int]:
        return self.gaps[position][1].positions if position in self.gaps else (position,)
