"""Points against a second aim: every plan that can't gain in one without losing in the other.

The second aim is the scenario's own: its first stage that is not `points`. A scenario that has
`points` alone is shown against the least served district, and, where fewer than two districts have
something to be served, against thrift. The aims are the stages themselves, in their own units, with
nothing given up; the order of the stages plays no part, and no other stage is held. All rules hold,
locks and minimums included; options and cut volumes are chosen anew in each plan.

A plan is efficient when no plan of the rules has as many points and as good a second value, and one
of the two better. Efficient plans of the same two values are one row with one plan. What is listed
is proven: of all plans whose second value is as good, none has more points, and of those with as
many points none has a better second value. These are two solves a question, the epsilon-constraint
method (Haimes, Lasdon and Wismer 1971; AUGMECON, Mavrotas 2009), so plans that no pair of weights
reaches are found too; PROBE and RPM list the same plans (peers.md, family c).

The plan of most points comes first, then the best of the second aim. Then the widest stretch
between two neighbours is asked at its middle, and where nothing lies beyond that, just after its
start, until no stretch is left. So the first answers are spread over the whole frontier, and the
last one is a proof that nothing is missing. Second values step by one whole unit (a proposal, a
ward, a rupiah); shares of the least served by any amount.

`left_out` is 0 where that proof is there, else None: some may be missing in the stretches between
the rows or after the last one, `open` of them, and how many is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from solver.assess import points_of
from solver.case import Case
from solver.instance import Figures, Instance, StageSpec
from solver.stages import Aim, LeastServed
from solver.tradeoffs.held import Hold, best_with
from solver.tradeoffs.question import Questions

NAME = "frontier"
ROUND = 1000
"""The middle of a stretch of shares is asked at a round number, of this denominator at most."""

SLICE = 60.0
"""Seconds that one question, two solves, may take at most."""


@dataclass(frozen=True)
class Point:
    """An efficient plan: points in millionths, the second value in the aim's own whole unit."""

    points: int
    second: Fraction
    taken: Mapping[int, Figures]


@dataclass(frozen=True)
class Frontier:
    """The efficient plans, most points first; `open` stretches of the frontier were not searched.

    `taken` of a point are positions in the space of `case`. `possible` is None where not even the
    plan of most points could be proven in the time.
    """

    spec: StageSpec
    aim: Aim
    case: Case
    points: tuple[Point, ...] = ()
    open: int = 0
    possible: bool | None = None

    @property
    def left_out(self) -> int | None:
        """How many efficient plans are missing: 0, or None where that is not known."""
        return 0 if self.points and not self.open else None


def second_of(instance: Instance) -> StageSpec:
    """The stage that points are weighed against."""
    for spec in instance.stages:
        if spec.name != "points":
            return replace(spec, give_up=Decimal(0))
    spec = StageSpec("least_served")
    case = Case(replace(instance, stages=(spec,)))
    aim = case.aims[0]
    served = isinstance(aim, LeastServed) and len(aim.places) > 1
    return spec if served else StageSpec("thrift")


def frontier(questions: Questions) -> Frontier:
    """The efficient plans of the scenario, or as many as the time allows."""
    search = _Search(questions)
    found = Frontier(search.spec, search.aim, search.case)
    first = search.ask(None, None)
    if search.impossible:
        return replace(found, possible=False)
    if first is None:
        return found
    search.beyond(first)
    points = sorted(search.points, key=lambda point: -point.points)
    return replace(found, points=tuple(points), open=search.left_open, possible=True)


@dataclass(frozen=True)
class _Stretch:
    """Second values strictly between `low` and `high`, larger being better, not yet searched.

    `after` is a plan at `high` or beyond, to start from. `asked`: there is no other efficient plan
    between the middle and `high`, so that the stretch is now asked from its start.
    """

    low: Fraction
    high: Fraction
    after: Mapping[int, Figures]
    asked: bool = False


class _Search:
    """The plans found so far and the stretches still open."""

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        instance = questions.scenario.instance
        self.spec = second_of(instance)
        self.case = Case(replace(instance, stages=(StageSpec("points"), self.spec)))
        self.second = Case(replace(instance, stages=(self.spec,)))
        self.aim = self.case.aims[1]
        self.sign = 1 if self.aim.sense == "max" else -1
        self.points: list[Point] = []
        self.left_open = 0
        self.impossible = False

    def beyond(self, first: Point) -> None:
        """Every efficient plan from the one of most points on, the widest stretch first."""
        self.points = [first]
        low = self._better(first.second)
        end = best_with(self.questions, self.second, [], SLICE, first.taken)
        if not end.proven:
            self.left_open += 1
        if end.taken is None or self._better(self.aim.value(end.taken)) <= low:
            return
        high = self._better(self.aim.value(end.taken))
        last = self.ask(self._hold(high), end.taken)
        if last is None:
            self.left_open += 1
        else:
            self._add(last)
        stretches = [_Stretch(low, high, end.taken if last is None else last.taken)]
        while stretches:
            self.questions.budget.tell(NAME, len(self.points), len(self.points) + len(stretches))
            stretch = max(stretches, key=lambda s: s.high - s.low)
            stretches.remove(stretch)
            if not self.aim.whole or stretch.high - stretch.low > 1:
                stretches += self._searched(stretch)

    def _searched(self, stretch: _Stretch) -> list[_Stretch]:
        """What is left of a stretch after one question."""
        middle = self._middle(stretch)
        if middle is None:
            found = self.ask(self._hold(stretch.low, beyond=True), stretch.after)
        else:
            found = self.ask(self._hold(middle), stretch.after)
        if found is None:
            self.left_open += 1
            return []
        value = self._better(found.second)
        if value >= stretch.high:
            self._add(found)  # it is known, but where the plan at the end was not proven
            return [] if middle is None else [_Stretch(stretch.low, middle, stretch.after, True)]
        self._add(found)
        left = [_Stretch(value, stretch.high, stretch.after)]
        if middle is not None:
            left.append(_Stretch(stretch.low, middle, found.taken))
        return left

    def _add(self, found: Point) -> None:
        known = {(point.points, point.second) for point in self.points}
        if (found.points, found.second) not in known:
            self.points.append(found)

    def _middle(self, stretch: _Stretch) -> Fraction | None:
        """A value in the stretch to be reached or passed; None: begin just after its start."""
        if stretch.asked:
            return None
        middle = (stretch.low + stretch.high) / 2
        if self.aim.whole:
            middle = Fraction(-(-middle.numerator // middle.denominator))
        else:
            middle = middle.limit_denominator(ROUND)
        return middle if stretch.low < middle < stretch.high else None

    def _better(self, value: Fraction) -> Fraction:
        """The second value, turned so that more is better."""
        return self.sign * value

    def ask(self, hold: Hold | None, start: Mapping[int, Figures] | None) -> Point | None:
        """The plan of most points that keeps the hold, then the best second; None: not proven."""
        holds = [] if hold is None else [hold]
        found = best_with(self.questions, self.case, holds, SLICE, start)
        self.impossible = self.impossible or found.possible is False
        if found.taken is None or not found.proven:
            return None
        return Point(points_of(found.taken), self.aim.value(found.taken), found.taken)

    def _hold(self, value: Fraction, *, beyond: bool = False) -> Hold:
        return Hold(self.aim, self.spec, self.sign * value, beyond)
