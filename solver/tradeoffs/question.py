"""Questions to the plan: the same case with more rows, or changed numbers, solved anew.

The value of a question is V, the best of the stage `points` with the stages before it held at
their own best for that question. Later stages and the tie-break are no part of V. Who enters and
who leaves is read from a plan of value V that differs from the base plan in few decisions.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from solver.assess import points_of, usages, violations
from solver.case import Case
from solver.instance import Figures, Instance
from solver.program import Program, Terms
from solver.result import Result, Status
from solver.rules import Row, Space
from solver.scenario import Scenario, variant
from solver.search import Params, Search
from solver.stages.few import FewChanges
from solver.tradeoffs.answer import Answer
from solver.tradeoffs.budget import Budget
from solver.tradeoffs.cache import Cache, key_of
from solver.tradeoffs.exact import Exact

POINTS = "points"
RULE = "question"
"""What the rows that a question adds are called; no rule of the desk."""

LONGEST = 30.0
"""Seconds that one question may take at most, whatever the budget."""

NEAR = 2.0
"""Seconds in which the plan closest to the base plan is looked for, once V is known."""


def forced_in(case: Case, proposal: str) -> Row:
    """The row that takes the proposal, in any of its options and volumes."""
    members, base = case.space.among([proposal])
    return Row(RULE, proposal, "count", members, lower=1, base=base)


def forced_out(case: Case, proposal: str) -> Row:
    """The row that leaves the proposal out."""
    members, base = case.space.among([proposal])
    return Row(RULE, proposal, "count", members, upper=0, base=base)


class Questions:
    """A session over one scenario: its base plan, and every question put to it.

    `base` is the base plan's own answer. A question takes the time that `budget` has left, at most
    LONGEST seconds; with none left the answer knows nothing. What `cache` holds is not asked again.
    """

    def __init__(
        self, scenario: Scenario, base: Result, budget: Budget, cache: Cache | None = None
    ) -> None:
        self.scenario = scenario
        self.result = base
        self.budget = budget
        self.cache = cache
        self.asks_points = any(spec.name == POINTS for spec in scenario.instance.stages)
        self.case = Case(up_to_points(scenario.instance))
        points = base.points
        self.base = Answer(
            None if points is None else int(points.best),
            None if points is None or points.bound is None else int(points.bound),
            {Status.INFEASIBLE: False, Status.NO_ANSWER: None}.get(base.status, True),
            base.taken,
            base.case,
        )

    def same_case(self, rows: Sequence[Row] = (), *, above: int | None = None) -> Answer:
        """The base case with extra rows.

        With `above` only plans of more points than that are asked for: where there is none, `best`
        is None and `bound` is `above` (or less).
        """
        if above is None and self._answers(rows):
            return self.base
        extra = list(rows)
        if above is not None:
            everything = tuple(range(len(self.case.space.options)))
            extra.append(Row(RULE, "above", "points", everything, lower=above + 1))
        answer = self._solved(Case(self.case.instance, extra), near=True)
        if above is not None and answer.possible is False:
            return replace(answer, bound=above, possible=None)
        return answer

    def _answers(self, rows: Sequence[Row]) -> bool:
        """Whether the base plan has the best points and keeps the rows: then nothing is to ask."""
        base = self.base
        if not base.proven or base.taken is None or points_of(base.taken) != base.best:
            return False
        return not any(usage.breach for usage in usages(rows, base.taken))

    def changed(self, fragment: Mapping[str, Any], *, near: bool = True) -> Answer:
        """The scenario with a fragment of scenario keys on top; InputError as `variant` has it."""
        instance = variant(self.scenario, fragment).instance
        return self._solved(Case(up_to_points(instance)), near=near)

    def instance(self, instance: Instance, *, near: bool = True) -> Answer:
        """Any changed instance; `near` needs the proposals and options of the base case."""
        return self._solved(Case(up_to_points(instance)), near=near)

    def of(self, case: Case, *, near: bool = True) -> Answer:
        """A case as it is, its stages ending with `points`; `near` as for `instance`."""
        return self._solved(case, near=near)

    def _solved(self, case: Case, *, near: bool) -> Answer:
        """The answer, from the cache or anew."""
        if self.cache is None:
            return self._anew(case, near=near)
        key = key_of(case, near=near)
        answer = self.cache.get(key, case)
        if answer is None:
            answer = self._anew(case, near=near)
            self.cache.put(key, answer)
        return answer

    def _anew(self, case: Case, *, near: bool) -> Answer:
        nothing = Answer(None, None, None, None, case)
        if self.budget.left() <= 0 or not self.asks_points:
            return nothing
        return self._exactly(case) or self._searched(case, nothing, near=near)

    def _exactly(self, case: Case) -> Answer | None:
        """The answer in whole numbers, nearest to the base plan; None where another way is due."""
        exact = self._exact
        if exact is None or case.instance.stages[0].name != POINTS:
            return None
        program = case.program()
        found = exact.best(
            program, _points_in(program), self._agreed(case.space), lambda: self.budget.left() > 0
        )
        if found is None:
            return None
        if found.taken is None:
            return Answer(None, None, False, None, case)
        if points_of(found.taken) != found.worth or violations(case, found.taken):
            return None  # never yet; what is told is added up from the rules all the same
        return Answer(found.worth, found.worth, True, found.taken, case)

    @cached_property
    def _exact(self) -> Exact | None:
        """The exact method, ready for the base; None where `points` are not the first stage."""
        if self.case.instance.stages[0].name != POINTS:
            return None
        program = self.case.program()
        return Exact(program, _points_in(program), self.base.taken or {})

    def _agreed(self, space: Space) -> Mapping[int, Figures]:
        """The base plan in another space, without what is no choice there."""
        found: dict[int, Figures] = {}
        before = self.base.case.space
        for position, figures in (self.base.taken or {}).items():
            with suppress(KeyError, ValueError):
                found |= space.take([before.choice(position, figures)])
        return found

    def _searched(self, case: Case, nothing: Answer, *, near: bool) -> Answer:
        seconds = min(self.budget.left(), LONGEST)
        plan = self._agreed(case.space)
        search = Search(
            case,
            case.program(),
            Params(seconds),
            deadline=time.monotonic() + seconds,
            stop=self.budget.stop,
            watch=None,
            plan=None if not plan or violations(case, plan) else dict(plan),
        )
        status, stages = search.run()
        if status is Status.INFEASIBLE:
            return replace(nothing, possible=False)
        if search.plan is None or stages[-1].name != POINTS:
            return nothing
        *earlier, points = search.final(stages)
        if near:
            self._approach(search)
        if not all(stage.proven for stage in earlier):
            return replace(nothing, possible=True)  # what has to be held is not known
        bound = None if points.bound is None else int(points.bound // 1)
        return Answer(points_of(search.plan), bound, True, search.plan, case)

    def _approach(self, search: Search) -> None:
        """Among plans as good, move to one that differs least from the base plan."""
        space = search.case.space
        agreed = self._agreed(space)
        if not agreed:
            return
        aim = FewChanges(space, tuple(space.choice(i, f) for i, f in agreed.items()))
        search.deadline = min(search.deadline, time.monotonic() + NEAR)
        terms = aim.expression(search.program)
        search.improve(aim, terms, 1.0, 0.0, search.program)


def _points_in(program: Program) -> Terms:
    """The points of a plan in the program's variables."""
    return program.expression(POINTS, ((i, 1) for i in range(len(program.space.options))))


def up_to_points(instance: Instance) -> Instance:
    """The instance with the stages up to `points` only; without such a stage, as it is."""
    names = [spec.name for spec in instance.stages]
    if POINTS not in names:
        return instance
    return replace(instance, stages=instance.stages[: names.index(POINTS) + 1])
