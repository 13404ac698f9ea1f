"""The nouns of one year's input, frozen and in whole numbers.

Units, once for the whole solver: money in rupiah; points and volumes in millionths (MICRO); counts
and beneficiaries as they are. A share of the plan's whole amount is a Fraction between 0 and 1.
Nothing here reads a file or knows a rule; a change is a new Instance made by `dataclasses.replace`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import NamedTuple

MICRO = 1_000_000
"""Parts of one point, and of one unit of volume."""

MEASURES = ("count", "amount", "points", "volume", "beneficiaries")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one choice adds to a plan: a number for each measure, in the units above."""

    count: int = 0
    amount: int = 0
    points: int = 0
    volume: int = 0
    beneficiaries: int = 0

    def of(self, measure: str) -> int:
        """The number of one measure."""
        value: int = getattr(self, measure)
        return value

    def plus(self, other: Figures, times: int = 1) -> Figures:
        """These figures and `times` the other's."""
        return Figures(
            self.count + times * other.count,
            self.amount + times * other.amount,
            self.points + times * other.points,
            self.volume + times * other.volume,
            self.beneficiaries + times * other.beneficiaries,
        )


NOTHING = Figures()


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves upward."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@dataclass(frozen=True, slots=True)
class Option:
    """One way to carry out a proposal: its agency, line and place, at some size.

    `full` is what the whole request adds; every cut step takes off `step`, at most `steps` times.
    An option that can't be cut has `steps` = 0. `volume` is 0 where none was stated.
    """

    proposal: str
    label: str
    agency: str
    line: str = ""
    district: str = ""
    ward: str = ""
    unit: str = ""
    source: str = ""
    origin: str = ""
    tags: tuple[str, ...] = ()
    gate: str = ""
    full: Figures = NOTHING
    step: Figures = NOTHING
    steps: int = 0

    def cut(self, steps: int) -> Figures:
        """The figures with `steps` steps cut off."""
        return self.full.plus(self.step, -steps)

    @property
    def smallest(self) -> Figures:
        """The figures at the smallest volume on the grid."""
        return self.cut(self.steps)

    def steps_at(self, volume: int) -> int | None:
        """How many cut steps lead to `volume` (millionths); None off the grid."""
        if volume == self.full.volume:
            return 0
        if not self.steps:
            return None
        steps, rest = divmod(self.full.volume - volume, self.step.volume)
        return steps if rest == 0 and 0 <= steps <= self.steps else None

    def at(self, volume: int) -> Figures:
        """The figures at `volume` millionths, on the grid or off it (CONTRACT section 3).

        Off the grid money and beneficiaries fall in proportion, rounded down, and points half up.
        Raises ValueError outside 0 < volume <= the request.
        """
        steps = self.steps_at(volume)
        if steps is not None:
            return self.cut(steps)
        if not 0 < volume < self.full.volume:
            msg = f"volume {volume} is not between 0 and {self.full.volume}"
            raise ValueError(msg)
        part = Fraction(volume, self.full.volume)
        return Figures(
            count=1,
            amount=int(self.full.amount * part),
            points=half_up(self.full.points * part),
            volume=volume,
            beneficiaries=int(self.full.beneficiaries * part),
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a neighbourhood asked for, with its options; the first one is the request itself.

    `priority` is the rank given to it (1 is first, None: not ranked). `covered_by` names the Renja
    line that already holds it: it is accommodated without new money.
    """

    id: str
    options: tuple[Option, ...]
    title: str = ""
    priority: int | None = None
    covered_by: str = ""
    continued: bool = False

    @property
    def requested(self) -> Option:
        """The option that was asked for."""
        return self.options[0]

    @property
    def points(self) -> int:
        """The points of the full request, in millionths."""
        return self.requested.full.points


@dataclass(frozen=True, slots=True)
class Agency:
    """A perangkat daerah and its ceiling (None: unlimited), less what it has committed itself."""

    code: str
    name: str = ""
    ceiling: int | None = None
    committed: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an agency's Renja. Committed money and targets are its own, children excluded."""

    code: str
    agency: str
    parent: str = ""
    title: str = ""
    ceiling: int | None = None
    committed: int = 0
    target: int | None = None
    committed_target: int = 0
    min_target: int | None = None
    max_target: int | None = None
    unit: str = ""
    places: tuple[tuple[str, str], ...] = ()
    closed: bool = False
    flex: int = 0

    def holds(self, district: str, ward: str) -> bool:
        """Whether the place is on the line's list: itself, or its whole district."""
        return (district, ward) in self.places or (district, "") in self.places


@dataclass(frozen=True, slots=True)
class Location:
    """A district, or a ward of it, with what it must and may receive at least and at most.

    An amount is in rupiah, or a Fraction: a share of the plan's whole amount.
    """

    district: str
    ward: str = ""
    name: str = ""
    population: int | None = None
    share: Fraction | None = None
    min_amount: int | Fraction | None = None
    max_amount: int | Fraction | None = None
    min_count: int | None = None
    max_count: int | None = None

    @property
    def subject(self) -> str:
        """DISTRICT or DISTRICT/WARD."""
        return f"{self.district}/{self.ward}" if self.ward else self.district


@dataclass(frozen=True, slots=True)
class Limit:
    """A named limit on any selection of options; an empty selector matches all."""

    name: str
    agency: str = ""
    line: str = ""
    district: str = ""
    ward: str = ""
    source: str = ""
    origin: str = ""
    tag: str = ""
    measure: str = "amount"
    min: int | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Of these proposals at most one, and at least `at_least`."""

    proposals: tuple[str, ...]
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Requires:
    """The proposal only together with all that it needs."""

    proposal: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """All of these proposals or none."""

    proposals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """What the desk has settled: fund (in an option, at a volume) or reject."""

    proposal: str
    decision: str
    option: str | None = None
    volume: int | None = None
    reason: str = ""

    @property
    def funds(self) -> bool:
        """Whether the lock funds the proposal rather than rejects it."""
        return self.decision == "fund"


@dataclass(frozen=True, slots=True)
class PriorityOrder:
    """Within which groups ranks count, and whether skipping one is forbidden or only reported."""

    within: tuple[str, ...] = ("ward", "agency")
    enforce: bool = False


@dataclass(frozen=True, slots=True)
class Off:
    """Rules, locks (by proposal) and limits (by name) that are switched off."""

    rules: frozenset[str] = frozenset()
    locks: frozenset[str] = frozenset()
    limits: frozenset[str] = frozenset()


class Choice(NamedTuple):
    """One line of a plan: an option of a proposal at a volume (None: the full request)."""

    proposal: str
    option: str
    volume: int | None = None


@dataclass(frozen=True, slots=True)
class StageSpec:
    """One stage of the objective, as the scenario asks for it.

    `give_up` is what all later stages together may take: a Fraction of |best|, or a Decimal in the
    stage's own unit. `by`, `measure` and `per` belong to `least_served`, `plan` to `few_changes`.
    """

    name: str
    give_up: Fraction | Decimal = Decimal(0)
    by: str = "district"
    measure: str = "points"
    per: str = "asked"
    plan: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """One year's input, complete and consistent: what every rule, stage and analysis reads.

    Proposals are sorted by id and options with the requested one first, so that nothing depends on
    the order of rows in a file.
    """

    proposals: tuple[Proposal, ...]
    agencies: tuple[Agency, ...] = ()
    locations: tuple[Location, ...] = ()
    lines: tuple[Line, ...] = ()
    limits: tuple[Limit, ...] = ()
    alternatives: tuple[Alternatives, ...] = ()
    requires: tuple[Requires, ...] = ()
    together: tuple[Together, ...] = ()
    locks: tuple[Lock, ...] = ()
    order: PriorityOrder = field(default_factory=PriorityOrder)
    off: Off = field(default_factory=Off)
    stages: tuple[StageSpec, ...] = (StageSpec("points"),)

    def is_on(self, rule: str) -> bool:
        """Whether the rule is not switched off."""
        return rule not in self.off.rules

    @property
    def active_locks(self) -> tuple[Lock, ...]:
        """The locks in force."""
        if not self.is_on("locks"):
            return ()
        return tuple(lock for lock in self.locks if lock.proposal not in self.off.locks)


def to_micro(value: Decimal | int | str) -> int:
    """Millionths of a decimal number with at most six decimals; ValueError where it has more."""
    scaled = Decimal(value) * MICRO
    if scaled != scaled.to_integral_value(rounding=ROUND_FLOOR):
        msg = f"{value} has more than six decimals"
        raise ValueError(msg)
    return int(scaled)


def from_micro(value: int) -> int | float:
    """The number that `value` millionths stand for, whole where it is whole."""
    return value // MICRO if value % MICRO == 0 else value / MICRO
