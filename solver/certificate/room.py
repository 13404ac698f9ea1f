"""Rooms: upper limits within upper limits, with the groups of choices that each one holds.

A room is a limit that is kept exactly rather than by its price alone; it may hold smaller rooms, as
an agency's ceiling holds those of its lines. For that every choice inside has to count alike in
both. What joins two rooms stays priced.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from solver.certificate.groups import MOST_PICKS, Group, Links, counted, owners
from solver.certificate.priced import Prices, priced
from solver.program import Program, Terms


class Used(NamedTuple):
    """What a position adds to a limit: in full, and with each step cut off."""

    full: int = 0
    step: int = 0

    def at(self, steps: int) -> int:
        """With so many steps cut; nothing where it is left out."""
        return 0 if steps < 0 else self.full + self.step * steps


class NotNestedError(ValueError):
    """The limit cannot be a room, or not beside the others."""


@dataclass(frozen=True, slots=True)
class Moves:
    """A group seen from its room: its other picks as (loss, change of use), by rising loss."""

    group: Group
    moves: Sequence[tuple[int, int]]

    @property
    def gap(self) -> int:
        """What its second-best pick loses."""
        return self.moves[0][0]


@dataclass(slots=True)
class Room:
    """An upper limit with what it holds. `base` is the use of all its groups' first picks.

    `moves` are the groups that have another pick, those first whose second-best loses most; `still`
    are those that have none. `least` is what is known to be lost in it at least; `is_settled`: some
    plan of it loses no more.
    """

    number: int
    limit: int
    price: int
    base: int = 0
    moves: list[Moves] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    still: list[Group] = field(default_factory=list)
    least: int = 0
    is_settled: bool = False

    def open_at(self, budget: int) -> Sequence[Moves]:
        """The groups that may do something else within a budget of loss."""
        return self.moves[bisect_right(self.moves, -budget - 1, key=_negative_gap) :]

    def inner(self) -> Iterator[Room]:
        """This room and all in it, the inner ones first."""
        for room in self.rooms:
            yield from room.inner()
        yield self


def _negative_gap(moves: Moves) -> int:
    return -moves.gap


class Nest:
    """The limits that are rooms: each is wholly within another or apart from it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.uses: dict[int, Mapping[int, Used]] = {}
        self.owner = owners(program)
        self._cuts = frozenset(program.cut.values())
        self._around: list[list[int]] = [[] for _ in program.fund]

    def add(self, number: int) -> None:
        """Make a limit a room; NotNestedError where it crosses another or is no such limit."""
        uses = self._used(number)
        met: dict[int, int] = {}
        for position, used in uses.items():
            for other in self._around[position]:
                if self.uses[other][position] != used:
                    raise NotNestedError(number)
                met[other] = met.get(other, 0) + 1
        if any(shared not in (len(uses), len(self.uses[other])) for other, shared in met.items()):
            raise NotNestedError(number)
        self.uses[number] = uses
        for position in uses:
            self._around[position].append(number)

    def _used(self, number: int) -> Mapping[int, Used]:
        constraint = self.program.constraints[number]
        found: dict[int, Used] = {}
        for variable, coefficient in constraint.terms.items():
            position = self.owner.get(variable)
            if position is None:
                raise NotNestedError(number)
            full, step = found.get(position, (0, 0))
            is_cut = variable in self._cuts
            found[position] = Used(full, coefficient) if is_cut else Used(coefficient, step)
        if constraint.upper is None or not found:
            raise NotNestedError(number)
        for position, used in found.items():
            steps = self.program.space.options[position].steps
            if steps + 2 > MOST_PICKS or min(used.at(0), used.at(steps)) < 0:
                raise NotNestedError(number)
        return found

    def joins(self, number: int) -> int:
        """How many outermost rooms a limit touches."""
        variables = self.program.constraints[number].terms
        positions = {self.owner[v] for v in variables if v in self.owner}
        around = (self._around[position] for position in positions)
        return len({max(numbers, key=self._size) for numbers in around if numbers})

    def parents(self) -> dict[int, int]:
        """The room around each room that has one: the smallest of those that hold it."""
        found = {}
        for number, uses in self.uses.items():
            around = [n for n in self._around[next(iter(uses))] if n != number]
            holding = [n for n in around if _is_within((len(uses), number), self._size(n))]
            if holding:
                found[number] = min(holding, key=self._size)
        return found

    def homes(self) -> dict[int, int]:
        """The innermost room of each position that is in one."""
        return {p: min(around, key=self._size) for p, around in enumerate(self._around) if around}

    def _size(self, number: int) -> tuple[int, int]:
        return len(self.uses[number]), number


def _is_within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    """Of two limits on the same positions the one that comes first is inside."""
    return inner < outer


@dataclass(frozen=True)
class Rooms:
    """A program at prices: what no plan passes by the prices alone, and its outermost rooms.

    `loose` are the groups in no room, `prices` those that count.
    """

    ceiling: int
    prices: Prices
    rooms: Sequence[Room]
    loose: Sequence[Group]
    nest: Nest

    def every(self) -> Iterator[Room]:
        """Every room, the inner ones first."""
        for room in self.rooms:
            yield from room.inner()


def rooms_of(program: Program, terms: Terms, prices: Prices, inside: Iterable[int]) -> Rooms | None:
    """The program taken apart into rooms at these prices; None where no plan is possible.

    Any prices are true. That of a link which a group keeps is left aside: it is not needed there.
    """
    nest = Nest(program)
    for number in inside:
        if prices.get(number, 0) < 0:
            raise NotNestedError(number)
        nest.add(number)
    homes, parents = nest.homes(), nest.parents()
    links = Links(program, homes, nest.uses)
    kept = {number for numbers in links.kept.values() for number in numbers}
    counting = {number: price for number, price in prices.items() if number not in kept}
    price = priced(program, terms, counting)
    rooms = {n: Room(n, program.constraints[n].upper or 0, prices.get(n, 0)) for n in nest.uses}
    for number, parent in parents.items():
        rooms[parent].rooms.append(rooms[number])
    ceiling = price.fixed
    loose = []
    for positions, numbers in links.members():
        rows = [program.constraints[n] for n in numbers]
        group = counted(program, price.left, positions, rows)
        if group is None:
            return None
        ceiling += group.top
        home = homes.get(positions[0])
        if home is None:
            loose.append(group)
        else:
            _put(rooms[home], group, nest.uses[home])
    for room in rooms.values():
        room.moves.sort(key=_negative_gap)
    outermost = [r for n, r in rooms.items() if n not in parents]
    return Rooms(ceiling, counting, outermost, loose, nest)


def _put(room: Room, group: Group, uses: Mapping[int, Used]) -> None:
    first, *others = (
        (pick.loss, sum(uses[p].at(n) for p, n in zip(group.positions, pick.steps, strict=True)))
        for pick in group.picks
    )
    room.base += first[1]
    if not others:
        room.still.append(group)
    else:
        room.moves.append(Moves(group, [(loss, use - first[1]) for loss, use in others]))
