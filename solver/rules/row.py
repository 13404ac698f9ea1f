"""Rows: what every rule yields, as plain data, and the space of choices that they speak of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from solver.instance import NOTHING, Choice, Figures, Instance, Lock, Option, Proposal

Taken = Mapping[int, Figures]
"""A plan as the rows read it: position of each option taken -> the figures it adds."""


Element = tuple[str, str]
"""A rule and its subject: what is switched off, blamed or bent as one."""


@dataclass(frozen=True, slots=True)
class Row:
    """lower <= base + sum of factor x measure over the members taken <= upper.

    `members` are positions in the Space; empty `factors` mean 1 for each. A bound that is a
    Fraction is that share of the plan's whole amount. A row with a `pool` may move its upper limit
    by up to `flex`, the moves within one pool adding up to zero. `overdrawn` is how far the limit
    lay below zero before it counted as zero. `about` names the other proposals it speaks of.
    """

    rule: str
    subject: str
    measure: str
    members: tuple[int, ...]
    lower: int | Fraction | None = None
    upper: int | Fraction | None = None
    factors: tuple[int, ...] = ()
    base: int = 0
    pool: str = ""
    flex: int = 0
    overdrawn: int = 0
    about: tuple[str, ...] = ()
    shown: bool = True

    def terms(self) -> Iterator[tuple[int, int]]:
        """Each member with its factor."""
        return zip(self.members, self.factors or (1,) * len(self.members), strict=True)

    def used(self, taken: Taken) -> int:
        """What the plan uses of the row, in the measure's whole units."""
        return self.base + sum(
            factor * taken[member].of(self.measure)
            for member, factor in self.terms()
            if member in taken
        )

    def bounds(self, amount: int) -> tuple[int | None, int | None]:
        """Lower and upper limit in whole units, in a plan of `amount` rupiah."""
        lower, upper = self.lower, self.upper
        if isinstance(lower, Fraction):
            lower = -(-lower.numerator * amount // lower.denominator)
        if isinstance(upper, Fraction):
            upper = upper.numerator * amount // upper.denominator
        return lower, upper

    @property
    def element(self) -> Element:
        """The rule and its subject."""
        return self.rule, self.subject


@dataclass(frozen=True, slots=True)
class Usage:
    """How full a row is: used, with its limits in this plan, in the measure's whole units.

    `amount` is what the whole plan costs, which a share of it depends on. `tight`: no eligible
    unfunded option at its smallest volume fits in what is left; for a minimum, it is just met.
    """

    row: Row
    used: int
    lower: int | None
    upper: int | None
    amount: int
    tight: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it is the upper limit that the plan passes."""
        return self.upper is not None and self.used > self.upper

    @property
    def breach(self) -> int:
        """By how much the plan is outside the limits; 0 within them."""
        over = 0 if self.upper is None else self.used - self.upper
        under = 0 if self.lower is None else self.lower - self.used
        return max(over, under, 0)


class Space:
    """Every choice a plan can make: one position an option, in the order of the instance.

    A covered proposal has no position: it is there already and counts as taken. A lock on a volume
    adds a position of its own, the option at just that volume, open to that lock alone.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.covered = frozenset(p.id for p in instance.proposals if p.covered_by)
        self.proposals: Mapping[str, Proposal] = {p.id: p for p in instance.proposals}
        self.options: list[Option] = []
        self.variants: dict[int, Lock] = {}
        self.positions: dict[str, tuple[int, ...]] = {}
        locks = {lock.proposal: lock for lock in instance.active_locks}
        for proposal in instance.proposals:
            if proposal.id in self.covered:
                continue
            first = len(self.options)
            self.options.extend(proposal.options)
            if proposal.id in locks:
                self._add_variants(proposal, locks[proposal.id])
            self.positions[proposal.id] = tuple(range(first, len(self.options)))

    def _add_variants(self, proposal: Proposal, lock: Lock) -> None:
        for option in proposal.options:
            wanted = lock.option is None or lock.option == option.label
            if wanted and lock.volume is not None and lock.volume <= option.full.volume:
                self.variants[len(self.options)] = lock
                self.options.append(
                    replace(option, full=option.at(lock.volume), step=NOTHING, steps=0)
                )

    @cached_property
    def singles(self) -> Sequence[tuple[int]]:
        """Every position as a group of its own."""
        return [(position,) for position in range(len(self.options))]

    @cached_property
    def twins(self) -> Sequence[tuple[int, ...]]:
        """Positions by proposal and by what they add: options that differ in place or line only."""
        groups: dict[tuple[str, Figures, Figures, int], list[int]] = defaultdict(list)
        for position, option in enumerate(self.options):
            groups[option.proposal, option.full, option.step, option.steps].append(position)
        return [tuple(positions) for positions in groups.values()]

    def among(self, proposals: Sequence[str]) -> tuple[tuple[int, ...], int]:
        """The positions of these proposals, and how many of them are covered."""
        members = tuple(i for p in proposals for i in self.positions.get(p, ()))
        return members, sum(p in self.covered for p in proposals)

    @cached_property
    def _by_label(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        found = defaultdict(list)
        for position, option in enumerate(self.options):
            found[option.proposal, option.label].append(position)
        return {key: tuple(positions) for key, positions in found.items()}

    def take(self, choices: Sequence[Choice]) -> dict[int, Figures]:
        """The plan of these choices as rows read it; covered proposals are left out."""
        taken = {}
        for choice in choices:
            if choice.proposal in self.covered:
                continue
            position, *variant = self._by_label[choice.proposal, choice.option]
            option = self.options[position]
            figures = option.full if choice.volume is None else option.at(choice.volume)
            if variant and self.options[variant[0]].full.volume == figures.volume:
                position = variant[0]
            taken[position] = figures
        return taken

    def choice(self, position: int, figures: Figures) -> Choice:
        """The choice that a position and its figures stand for."""
        option = self.options[position]
        return Choice(option.proposal, option.label, figures.volume or None)
