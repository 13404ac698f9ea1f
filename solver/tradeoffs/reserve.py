"""In which order is extra money of an agency spent: the reserve list (cadangan).

The base plan stays as it is: what is funded keeps its option and its volume. For each agency with a
ceiling, that ceiling is lifted and every other rule kept; then the proposal that brings the most
points for each rupiah, of those that fit, is added, and again, until nothing fits that brings a
point. Of a proposal each option of the agency may be added, at the largest volume on its grid that
fits; of equal ones that with more points, then by id and label. Proposals that go together are
added together, one after the other by id, as one step with one rank: their points and money are
added up, and what lies with other agencies has to fit these agencies' own ceilings. What is free
comes first. A proposal without points, or with less, is never added; one that a lock or a gate
keeps out does not fit. What more money would restore of a volume that was cut is not in this list:
`next_rupiah` tells that.

An enforced order is judged at the ceiling that the list so far needs: a ceiling that rises can make
a better-ranked proposal eligible that was too large before.

`extra` is by how much the ceiling has to rise for the list up to there, in rupiah; room that the
base plan left unused is used first. `nesting` is what following the list costs against starting
afresh: the points of the best plan with the ceiling that much higher, less those of the base plan
and the list up to there. It is never negative where `points` is the first stage; with stages before
it the best plan has to hold these and the list does not. prioritizr ranks by nested optima
(`eval_rank_importance`); Indonesian e-musrenbang keeps UTAMA and CADANGAN lists (peers.md, row 55).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from solver.assess import amount_of, points_of, usages, violations
from solver.case import Case
from solver.instance import Figures, Instance
from solver.rules import RULES, Taken, agency_ceiling, limits_among, priority_order
from solver.rules.eligibility import obstacles
from solver.tradeoffs.loss import AT_LEAST, PROVEN, UNKNOWN, Loss
from solver.tradeoffs.question import Questions

NAME = "reserve"


@dataclass(frozen=True)
class Item:
    """One proposal of the list: what is added for it, by position of the base case.

    `extra` rupiah more than now have to be in the agency's ceiling for the list up to this rank.
    """

    agency: str
    rank: int
    position: int
    figures: Figures
    extra: int


@dataclass(frozen=True)
class Reserve:
    """The lists by agency, and by agency and rank the price of nesting up to there.

    Prices are in millionths of a point. `left` is how many could not be asked for want of time.
    `case` is the one in whose space the items lie. There are none without a base plan (`possible`),
    and without the stage `points` (`asks_points`).
    """

    case: Case
    possible: bool | None
    asks_points: bool = True
    items: tuple[Item, ...] = ()
    nesting: Mapping[tuple[str, int], Loss] = field(default_factory=dict)
    left: int = 0


def reserve(questions: Questions) -> Reserve:
    """The reserve list of every agency with a ceiling, and what each step of it costs."""
    taken = questions.base.taken
    if taken is None or not questions.asks_points:
        return Reserve(questions.base.case, questions.base.possible, questions.asks_points)
    instance = questions.scenario.instance
    items: list[Item] = []
    for agency in ceilings(questions.base.case):
        questions.budget.tell(NAME, len(items), 0)
        items += waiting(instance, taken, agency)
    nesting: dict[tuple[str, int], Loss] = {}
    steps = sorted({(item.rank, item.agency) for item in items})
    for done, (rank, agency) in enumerate(steps):
        questions.budget.tell(NAME, done, len(steps))
        if questions.budget.left() <= 0:
            break
        nesting[agency, rank] = _nesting(questions, items, agency, rank)
    left = len(steps) - len(nesting)
    return Reserve(questions.base.case, True, True, tuple(items), nesting, left)


def ceilings(case: Case) -> Sequence[str]:
    """The agencies whose ceiling is a limit, by code."""
    return sorted(row.subject for row in case.rows if row.rule == agency_ceiling.NAME)


def _nesting(questions: Questions, items: Sequence[Item], agency: str, rank: int) -> Loss:
    """The best at the ceiling that the list needs up to a rank, less the points it has there."""
    added = [item for item in items if item.agency == agency and item.rank <= rank]
    points = points_of(questions.base.taken or {}) + sum(i.figures.points for i in added)
    raised = with_ceiling(questions.scenario.instance, agency, added[-1].extra)
    answer = questions.instance(raised, near=False)
    if answer.best is None:
        return UNKNOWN
    exact = answer.best == answer.bound
    return Loss(answer.best - points, PROVEN if exact else AT_LEAST)


def waiting(instance: Instance, taken: Taken, agency: str) -> Sequence[Item]:
    """The reserve list of an agency with a ceiling, beside a plan that keeps the rules."""
    growing = _Growing(instance, taken, agency)
    found: list[Item] = []
    rank = 0
    while (step := growing.best()) is not None:
        growing.add(step)
        rank += 1
        found += [Item(agency, rank, i, step[i], growing.extra) for i in sorted(step)]
    return found


def with_ceiling(instance: Instance, agency: str, extra: int) -> Instance:
    """The instance with an agency's ceiling `extra` rupiah higher."""
    return replace(
        instance,
        agencies=tuple(
            replace(a, ceiling=a.ceiling + extra)
            if a.code == agency and a.ceiling is not None
            else a
            for a in instance.agencies
        ),
    )


Step = Mapping[int, Figures]
"""What is added in one go: a proposal, or several that go together."""


class _Growing:
    """A plan that grows by what fits once an agency's ceiling is lifted."""

    def __init__(self, instance: Instance, taken: Taken, agency: str) -> None:
        self.instance = instance
        self.agency = agency
        self.case = case = Case(instance)
        self.space = case.space
        self.taken = dict(taken)
        self.ceiling = next(r for r in case.rows if r.element == (agency_ceiling.NAME, agency))
        self.ordered = any(row.rule == priority_order.NAME for row in case.rows)
        aside = (self.ceiling.element, priority_order.NAME)
        self.rows = [row for row in case.rows if row.element not in aside and row.rule not in aside]
        self.stopped = obstacles(case.space, limits_among(self.rows))
        self.used = [row.used(self.taken) for row in self.rows]
        self.rows_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            for member, factor in row.terms():
                self.rows_of[member].append((index, factor))
        shares = ((i, (row.lower, row.upper)) for i, row in enumerate(self.rows))
        self.shares = [i for i, bounds in shares if any(isinstance(b, Fraction) for b in bounds)]
        self.companies = _companies(instance, self.space.covered)

    @property
    def extra(self) -> int:
        """By how much the ceiling has to rise for the plan as it is now, in rupiah."""
        over = self.ceiling.used(self.taken) - (self.ceiling.upper or 0)
        return int(over + self.ceiling.overdrawn) if over > 0 else 0

    def add(self, step: Step) -> None:
        """Take what a step adds."""
        self.taken.update(step)
        for index, amount in self._added(step).items():
            self.used[index] += amount

    def best(self) -> Step | None:
        """The step of the most points a rupiah that fits; None where none does."""
        found = {}
        for step in self._steps():
            points, amount = points_of(step), amount_of(step)
            if points > 0:
                names = tuple(self._name(position) for position in sorted(step))
                value = Fraction(points, amount) if amount else Fraction(0)
                found[amount > 0, -value, -points, names] = step
        return next((found[key] for key in sorted(found) if self._stands(found[key])), None)

    def _name(self, position: int) -> tuple[str, str]:
        option = self.space.options[position]
        return option.proposal, option.label

    def _steps(self) -> Iterator[Step]:
        """Every company not yet funded, in each choice of its options that concerns the agency."""
        funded = {self.space.options[i].proposal for i in self.taken}
        for company in self.companies:
            if not funded & set(company):
                menus = [
                    [i for i in self.space.positions[name] if i not in self.stopped]
                    for name in company
                ]
                for positions in itertools.product(*menus):
                    if any(self.space.options[i].agency == self.agency for i in positions):
                        step = self._filled(positions)
                        if step is not None:
                            yield step

    def _filled(self, positions: Sequence[int]) -> Step | None:
        """These, one after the other at the largest volume that keeps the limits; None: none."""
        step: dict[int, Figures] = {}
        for position in positions:
            option = self.space.options[position]
            # What fits at some volume fits at each smaller one, for the plan keeps every limit.
            fewest, most = 0, option.steps + 1
            while fewest < most:
                middle = (fewest + most) // 2
                if self._fits({**step, position: option.cut(middle)}, measured=True):
                    most = middle
                else:
                    fewest = middle + 1
            if fewest > option.steps:
                return None
            step[position] = option.cut(fewest)
        return step

    def _stands(self, step: Step) -> bool:
        """Whether the plan with the step keeps every rule, at the ceiling that it needs."""
        if not self._fits(step, measured=False):
            return False
        if not self.ordered:
            return True
        grown = {**self.taken, **step}
        over = self.ceiling.used(grown) - (self.ceiling.upper or 0)
        extra = int(over + self.ceiling.overdrawn) if over > 0 else 0
        return not violations(Case(with_ceiling(self.instance, self.agency, extra)), grown)

    def _added(self, step: Step) -> Mapping[int, int]:
        """By row what a step adds to its use."""
        found: dict[int, int] = defaultdict(int)
        for position, figures in step.items():
            for index, factor in self.rows_of[position]:
                found[index] += factor * figures.of(self.rows[index].measure)
        return found

    def _fits(self, step: Step, *, measured: bool) -> bool:
        """Whether the plan with the step keeps the rows; `measured`: those in numbers only."""
        grown = {**self.taken, **step}
        amount = amount_of(grown)
        added = self._added(step)
        for index in (*added, *self.shares):
            row = self.rows[index]
            if measured and not RULES[row.rule].measured:
                continue
            if row.pool:
                pool = [other for other in self.rows if other.pool == row.pool]
                if any(usage.breach for usage in usages(pool, grown)):
                    return False
                continue
            lower, upper = row.bounds(amount)
            used = self.used[index] + added.get(index, 0)
            if (upper is not None and used > upper) or (lower is not None and used < lower):
                return False
        return True


def _companies(instance: Instance, covered: Collection[str]) -> Sequence[Sequence[str]]:
    """The proposals by what they can only be taken with, covered ones left out."""
    company = {p.id: {p.id} for p in instance.proposals if p.id not in covered}
    for group in instance.together if instance.is_on("together") else ():
        merged = set().union(*(company[name] for name in group.proposals if name in company))
        company.update(dict.fromkeys(merged, merged))
    return sorted({tuple(sorted(names)) for names in company.values()})
