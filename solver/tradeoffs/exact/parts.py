"""A program taken apart: what each position may do, and the limits that join the positions.

Everything is whole numbers. What a limit forbids whatever else is chosen is left out, and so are
limits that nothing can break any more; both lose no plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from solver.program import Constraint, Program, Terms


class Pick(NamedTuple):
    """One thing a position may do: left out (steps -1), or taken with so many steps cut.

    `worth` is what it adds to what is sought, `changes` whether it differs from the plan that the
    answer should stay near to. `uses` are what it adds to limits, by their number.
    """

    steps: int
    worth: int
    changes: int
    uses: tuple[tuple[int, int], ...]

    def use(self, name: int) -> int:
        """What it adds to one limit."""
        for bar, use in self.uses:
            if bar == name:
                return use
        return 0


@dataclass
class Bar:
    """One limit that joins positions: lower <= sum of uses <= upper; `members` are positions."""

    lower: int | None
    upper: int | None
    members: dict[int, None] = field(default_factory=dict)


@dataclass
class Parts:
    """The picks of each position, and the limits by number.

    `decided` are the picks of positions that have just one; they are counted in the limits already.
    """

    picks: dict[int, list[Pick]]
    bars: dict[int, Bar]
    decided: dict[int, Pick] = field(default_factory=dict)


class Numbers:
    """A number for every distinct thing, from `first` on, the same each time it is met."""

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self.known: dict[object, int] = {}

    def of(self, thing: object) -> int:
        """The number of a thing that can be compared."""
        return self.known.setdefault(thing, self.first + len(self.known))


def names_of(program: Program, numbers: Numbers) -> list[int]:
    """A number for each constraint: by its row's rule, subject and measure, in their order.

    The same limit has the same number in another program in which only its figures differ.
    """
    seen: dict[object, int] = {}
    found = []
    for constraint in program.constraints:
        row = constraint.row
        name: object = ("", tuple(constraint.terms))
        if row is not None:
            name = (row.rule, row.subject, row.measure)
        seen[name] = turn = seen.get(name, 0) + 1
        found.append(numbers.of((name, turn)))
    return found


def parts_of(
    program: Program, terms: Terms, agreed: Mapping[int, int], names: list[int]
) -> Parts | None:
    """The program taken apart; None where it has variables beside `fund` and `cut`.

    `agreed` says for a position what counts as no change: steps cut, or -1 for left out; positions
    that are not named count as no change whatever they do.
    """
    owner = {variable: (position, 0) for position, variable in enumerate(program.fund)}
    owner.update({variable: (position, 1) for position, variable in program.cut.items()})
    uses: list[dict[int, tuple[int, int]]] = [{} for _ in program.fund]
    bars: dict[int, Bar] = {}
    for name, constraint in zip(names, program.constraints, strict=True):
        if _only_links(constraint, program, owner):
            continue
        bar = bars[name] = Bar(constraint.lower, constraint.upper)
        for variable, coefficient in constraint.terms.items():
            if not coefficient:
                continue
            if variable not in owner:
                return None
            position, is_cut = owner[variable]
            full, step = uses[position].get(name, (0, 0))
            uses[position][name] = (full, coefficient) if is_cut else (coefficient, step)
            bar.members[position] = None
    picks = {
        position: _picks(program, terms, position, used, agreed.get(position))
        for position, used in enumerate(uses)
    }
    return Parts(picks, bars)


def _only_links(
    constraint: Constraint, program: Program, owner: Mapping[int, tuple[int, int]]
) -> bool:
    """Whether it only says that nothing is cut off what is not funded, as every pick has it."""
    if constraint.row is not None or len(constraint.terms) != 2 or constraint.upper != 0:
        return False
    if constraint.lower is not None or any(v not in owner for v in constraint.terms):
        return False
    (first, a), (second, b) = constraint.terms.items()
    position, is_cut = owner[first]
    other, is_other_cut = owner[second]
    steps = program.space.options[position].steps
    return position == other and bool(is_cut) and not is_other_cut and a == 1 and b == -steps


def _picks(
    program: Program,
    terms: Terms,
    position: int,
    uses: Mapping[int, tuple[int, int]],
    agreed: int | None,
) -> list[Pick]:
    fund = program.variables[program.fund[position]]
    found = []
    if fund.lower <= 0:
        found.append(Pick(-1, 0, int(agreed not in (None, -1)), ()))
    if fund.upper >= 1:
        full = terms.get(program.fund[position], 0)
        fewest = most = step = 0
        if position in program.cut:
            cut = program.variables[program.cut[position]]
            fewest, most = cut.lower, cut.upper
            step = terms.get(program.cut[position], 0)
        for steps in range(fewest, most + 1):
            used = ((name, a + b * steps) for name, (a, b) in uses.items())
            found.append(
                Pick(
                    steps,
                    full + step * steps,
                    int(agreed not in (None, steps)),
                    tuple((name, use) for name, use in used if use),
                )
            )
    return found


def thinned(parts: Parts) -> Parts | None:
    """The parts without picks and limits that can't matter; None where no plan is possible."""
    picks = {position: list(found) for position, found in parts.picks.items()}
    bars = dict(parts.bars)
    changed = True
    while changed:
        changed = False
        for name, bar in list(bars.items()):
            ranges = {p: _range(picks[p], name) for p in bar.members}
            least = sum(low for low, _ in ranges.values())
            most = sum(high for _, high in ranges.values())
            lower, upper = bar.lower, bar.upper
            if (upper is not None and least > upper) or (lower is not None and most < lower):
                return None
            if (upper is None or most <= upper) and (lower is None or least >= lower):
                del bars[name]
                continue
            for position, (low, high) in ranges.items():
                above = None if upper is None else upper - least + low
                below = None if lower is None else lower - most + high
                if (above is not None and high > above) or (below is not None and low < below):
                    picks[position] = [
                        pick
                        for pick in picks[position]
                        if (above is None or pick.use(name) <= above)
                        and (below is None or pick.use(name) >= below)
                    ]
                    changed = True
    return _folded(picks, bars)


def _range(picks: list[Pick], name: int) -> tuple[int, int]:
    uses = [pick.use(name) for pick in picks]
    return min(uses, default=0), max(uses, default=0)


def _folded(picks: dict[int, list[Pick]], bars: dict[int, Bar]) -> Parts | None:
    """Positions with one pick are counted in the limits; the others keep only limits that live."""
    if not all(picks.values()):
        return None
    decided = {position: found[0] for position, found in picks.items() if len(found) == 1}
    left = {}
    for name, bar in bars.items():
        known = sum(decided[p].use(name) for p in bar.members if p in decided)
        left[name] = Bar(
            None if bar.lower is None else bar.lower - known,
            None if bar.upper is None else bar.upper - known,
            {p: None for p in bar.members if p not in decided},
        )
    open_picks = {
        position: [
            pick._replace(uses=tuple((n, use) for n, use in pick.uses if n in left))
            for pick in found
        ]
        for position, found in picks.items()
        if position not in decided
    }
    return Parts(open_picks, left, decided)
