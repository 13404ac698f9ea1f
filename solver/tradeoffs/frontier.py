"""Points against a second aim: every plan that can't gain in one without losing in the other.

The second aim is the scenario's own: its first stage that is not `points`. A scenario that has
`points` alone is shown against the least served district, and, where fewer than two districts have
something to be served, against thrift. The aims are the stages themselves, in their own units, with
nothing given up; the order of the stages plays no part, and no other stage is held. All rules hold,
locks and minimums included; options and cut volumes are chosen anew in each plan.

A plan is efficient when no plan of the rules has as many points and as good a second value, and one
of the two better. Efficient plans of the same two values are one row with one plan. What is listed
is proven: no plan whose second value is as good has more points, and none that has as many points
has a better second value. This is the epsilon-constraint method (Haimes, Lasdon and Wismer 1971;
AUGMECON, Mavrotas 2009), so plans that no pair of weights reaches are found too; PROBE and RPM list
the same plans (peers.md, family c).

The plan of most points comes first, then the best of the second aim. Then the widest stretch
between two neighbours is asked at its middle, and where nothing lies beyond that, just after its
start, until no stretch is left. So the first answers are spread over the whole frontier, and the
last one is a proof that nothing is missing. Second values step by one whole unit (a proposal, a
ward, a rupiah); shares of the least served by any amount. That a second value is the best for its
points is proven by the second aim itself or, where that is slow, as with shares, by the most points
that a better value leaves: fewer.

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
from solver.rules import Taken
from solver.stages import Aim, LeastServed
from solver.tradeoffs.answer import Answer
from solver.tradeoffs.held import Hold, best_with
from solver.tradeoffs.question import POINTS, Questions

NAME = "frontier"
ROUND = 1000
"""The middle of a stretch of shares is asked at a round number, of this denominator at most."""

SLICE = 60.0
"""Seconds that one question may take at most."""

QUICK = 5.0
"""Seconds in which the best second value for so many points is looked for directly."""


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
        if spec.name != POINTS:
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
    first = search.first()
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
        self.case = Case(replace(instance, stages=(StageSpec(POINTS),)))
        self.second = Case(replace(instance, stages=(self.spec,)))
        self.aim = self.second.aims[0]
        self.sign = 1 if self.aim.sense == "max" else -1
        self.points: list[Point] = []
        self.proven: dict[str, Answer] = {}
        self.left_open = 0
        self.impossible = False

    def first(self) -> Point | None:
        """The plan of most points; what the base plan has proven of them is not proven again."""
        base = self.questions.base
        points_first = self.questions.scenario.instance.stages[0].name == POINTS
        plan = base.taken if points_first and base.proven else None
        if plan is not None and points_of(plan) == base.best:
            return self._settled(plan)
        found = self._ask()
        self.impossible = found.possible is False
        return self._settled(found.taken) if found.proven and found.taken is not None else None

    def beyond(self, first: Point) -> None:
        """Every efficient plan from the one of most points on, the widest stretch first."""
        self.points = [first]
        end = best_with(self.questions, self.second, [], SLICE, first.taken)
        if end.taken is None:
            self.left_open += 1
            return
        low, high = (self._better(taken) for taken in (first.taken, end.taken))
        if high > low:
            self._add(self._ask(self._hold(high), end.taken))
            self._search([_Stretch(low, high, end.taken)])
        if not end.proven:
            self._go_on()

    def _search(self, stretches: list[_Stretch]) -> None:
        while stretches:
            self.questions.budget.tell(NAME, len(self.points), len(self.points) + len(stretches))
            stretch = max(stretches, key=lambda s: s.high - s.low)
            stretches.remove(stretch)
            if not self.aim.whole or stretch.high - stretch.low > 1:
                stretches += self._searched(stretch)

    def _go_on(self) -> None:
        """From the last plan on to better second values, until there are none."""
        while True:
            last = max(self._better(point.taken) for point in self.points)
            found = self._ask(self._hold(last, beyond=True))
            if found.possible is False or self._add(found) is None:
                return

    def _searched(self, stretch: _Stretch) -> list[_Stretch]:
        """What is left of a stretch after one question."""
        middle = self._middle(stretch)
        hold = self._hold(stretch.low, beyond=True) if middle is None else self._hold(middle)
        found = self._ask(hold, stretch.after)
        point = self._add(found)
        if point is None:
            return []
        value = self._better(point.taken)
        if value >= stretch.high:
            return [] if middle is None else [_Stretch(stretch.low, middle, stretch.after, True)]
        left = [_Stretch(value, stretch.high, stretch.after)]
        if middle is not None:
            left.append(_Stretch(stretch.low, middle, point.taken))
        return left

    def _add(self, found: Answer) -> Point | None:
        """The efficient plan that a question leads to, kept; without a proof a stretch is open."""
        point = self._settled(found.taken) if found.proven and found.taken is not None else None
        if point is None:
            self.left_open += 1
            return None
        known = {(other.points, other.second) for other in self.points}
        if (point.points, point.second) not in known:
            self.points.append(point)
        return point

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

    def _better(self, taken: Taken) -> Fraction:
        """The second value of a plan, turned so that more is better."""
        return self.sign * self.aim.value(taken)

    def _settled(self, taken: Taken) -> Point | None:
        """Of the plans with as many points, known to be the most, the best second; None: no proof.

        First it is looked for, and often proven, within few seconds. Else a plan that is better in
        the second aim has to have fewer points; one that has as many takes its place.
        """
        most = points_of(taken)
        hold = Hold(self.case.aims[0], StageSpec(POINTS), Fraction(most))
        while True:
            found = best_with(self.questions, self.second, [hold], QUICK, taken)
            if found.taken is not None and self._better(found.taken) > self._better(taken):
                taken = found.taken
            if found.proven:
                break
            beyond = self._ask(self._hold(self._better(taken), beyond=True))
            if beyond.possible is False or (beyond.proven and (beyond.best or 0) < most):
                break
            if not beyond.proven or beyond.taken is None:
                return None
            taken = beyond.taken
        return Point(most, self.aim.value(taken), dict(taken))

    def _ask(self, hold: Hold | None = None, start: Taken | None = None) -> Answer:
        """The plan of most points that keeps the hold; what was proven is not asked again."""
        text = "" if hold is None else hold.text
        if text not in self.proven:
            holds = [] if hold is None else [hold]
            found = best_with(self.questions, self.case, holds, SLICE, start)
            if not found.proven:
                return found
            self.proven[text] = found
        return self.proven[text]

    def _hold(self, value: Fraction, *, beyond: bool = False) -> Hold:
        return Hold(self.aim, self.spec, self.sign * value, beyond)
