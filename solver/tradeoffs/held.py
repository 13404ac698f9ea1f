"""The best plan among those that also keep a stage at some value, or beyond it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from solver.assess import points_of
from solver.case import Case
from solver.instance import Figures, StageSpec
from solver.program import Program, Terms
from solver.result import Status
from solver.rules import Taken
from solver.search import Params, Search
from solver.stages import Aim, LeastServed
from solver.tradeoffs.answer import Answer
from solver.tradeoffs.budget import Budget
from solver.tradeoffs.cache import digest, key_of
from solver.tradeoffs.question import Questions


@dataclass(frozen=True)
class Hold:
    """What a plan keeps beside the rules: the aim at the limit or better; `beyond`: better only.

    `spec` is the stage that the aim was made from.
    """

    aim: Aim
    spec: StageSpec
    limit: Fraction
    beyond: bool = False

    @property
    def text(self) -> str:
        """What it demands, as a text that tells it from any other."""
        return f"{self.spec} {self.limit} {self.beyond}"

    def demand(self, program: Program) -> None:
        """Require it of a program; values of whole aims rise and fall by whole numbers."""
        if self.beyond and isinstance(self.aim, LeastServed):
            self.aim.surpass(program, self.limit)
            return
        step = 0 if not self.beyond else 1 if self.aim.sense == "max" else -1
        self.aim.hold(program, self.aim.expression(program), self.limit + step)

    def is_kept(self, taken: Taken) -> bool:
        """Whether a plan keeps it, added up exactly."""
        ahead = self.aim.value(taken) - self.limit
        if self.aim.sense == "min":
            ahead = -ahead
        return ahead > 0 or (ahead == 0 and not self.beyond)


class _Kept:
    """A hold in the form in which a search adds up what it may not lose: 1 where it is kept."""

    name, sense, kind, unit, whole = "kept", "max", "number", 1, True

    def __init__(self, hold: Hold) -> None:
        self._hold = hold

    def value(self, taken: Taken) -> Fraction:
        """1 where the plan keeps the hold, else 0."""
        return Fraction(int(self._hold.is_kept(taken)))

    def expression(self, _program: Program) -> Terms:
        """Nothing to steer by: the hold is demanded of the program itself."""
        return {}

    def hold(self, program: Program, _terms: Terms, _limit: Fraction) -> None:
        """The hold, demanded of the program."""
        self._hold.demand(program)


def best_with(
    questions: Questions,
    case: Case,
    holds: Sequence[Hold],
    seconds: float,
    start: Mapping[int, Figures] | None = None,
) -> Answer:
    """The best plan of the case, stage after stage, that also keeps every hold.

    `start` may be a plan that keeps the rules and the holds. At most `seconds`, and never more than
    the budget has left. The answer's `best` are the points of the plan; `bound` is the same where
    each stage was proven, else None.
    """
    cache = questions.cache
    key = digest(key_of(case, near=False), *(hold.text for hold in holds))
    answer = None if cache is None else cache.get(key, case)
    if answer is None or not all(hold.is_kept(answer.taken or {}) for hold in holds):
        answer = _anew(questions.budget, case, holds, seconds, start)
        if cache is not None:
            cache.put(key, answer)
    return answer


def _anew(
    budget: Budget,
    case: Case,
    holds: Sequence[Hold],
    seconds: float,
    start: Mapping[int, Figures] | None,
) -> Answer:
    nothing = Answer(None, None, None, None, case)
    seconds = min(seconds, budget.left())
    if seconds <= 0:
        return nothing
    program = case.program()
    for hold in holds:
        hold.demand(program)
    search = Search(
        case,
        program,
        Params(seconds),
        deadline=time.monotonic() + seconds,
        stop=budget.stop,
        watch=None,
        plan=None if start is None else dict(start),
        held=[(_Kept(hold), Fraction(1)) for hold in holds],
    )
    status, stages = search.run()
    if status is Status.INFEASIBLE:
        return replace(nothing, possible=False)
    if search.plan is None:
        return nothing
    sure = all(stage.proven for stage in search.final(stages))
    points = points_of(search.plan)
    return Answer(points, points if sure else None, True, search.plan, case)
