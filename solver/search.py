"""One solve under way: stages in turn, each within what the earlier ones leave.

Every plan is added up again in whole rupiah before it is believed. Where the solver's tolerance let
one rupiah through, just that choice among the row's options is excluded and solved again: no plan
that stands is lost by it, so the bound stays true and a proof stays possible (a narrower limit
would cut off good plans too).
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from solver import rooms
from solver.assess import usages, violations
from solver.case import Case
from solver.certificate import Certificate
from solver.errors import Notice
from solver.instance import MICRO, Figures, StageSpec
from solver.model import Effort, Log, counts_in_few_units, optimise
from solver.program import Program, Terms
from solver.result import StageResult, Status
from solver.rules import Row
from solver.stages import Aim, LeastServed

MOST_UNITS = 10**9
RELATIVE_PROOF = Fraction(1, MOST_UNITS)
"""Where a total has more units than a billion, a proof is to this relative gap."""

CLOSE = Fraction(1, 10**5)
"""A relative gap that may be only the solver's tolerance: it is then closed by asking."""

RESERVE = 0.1
"""The part of the time left that a stage leaves for each named stage after it."""

METHODS = ("auto", "generic", "rooms")
"""Who solves the first stage: what suits it, HiGHS alone, or rooms with HiGHS for the rest."""

TRIES = 50
"""How often a choice is excluded before the plan found before is kept instead."""


@dataclass(frozen=True)
class Params:
    """How to solve: seconds for all stages together, relative gap to stop at, and with what."""

    time_limit: float = 60.0
    gap: float = 0.0
    method: str = "auto"
    solver: str = "HiGHS"


Watch = Callable[[str, float, float], None]
"""Told of progress: the stage's name, its best and its bound so far, in printed units."""


@dataclass(frozen=True)
class _Found:
    """What one optimisation came to, in the aim's own units; `exact`: the bound is by rooms."""

    outcome: str
    bound: Fraction | None = None
    exact: bool = False


@dataclass
class Search:
    """The state of a solve: the program grows by helpers and holds, the plan only gets better."""

    case: Case
    program: Program
    params: Params
    deadline: float
    stop: threading.Event
    watch: Watch | None
    plan: dict[int, Figures] | None
    held: list[tuple[Aim, Fraction]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    log: Log | None = None
    method: str = "generic"
    certificate: Certificate | None = None
    last: tuple[Aim, Terms] = field(init=False)

    def run(self) -> tuple[Status, list[StageResult]]:
        """All stages in order, each holding what the later ones may not take."""
        stages: list[StageResult] = []
        specs = self.case.instance.stages
        proven = True
        for index, (spec, aim) in enumerate(zip(specs, self.case.aims, strict=True)):
            share = max(1 - RESERVE * (len(specs) - 1 - index), 0.3)
            terms = aim.expression(self.program)
            found = self._found(aim, terms, share)
            if found.outcome == "infeasible" and self.plan is None:
                return Status.INFEASIBLE, []
            if self.plan is None:
                return Status.NO_ANSWER, []
            bound, sure = self.settle(aim, terms, found, self.program)
            best = aim.value(self.plan)
            proven = proven and sure
            give_up = _give_up(spec, aim, best)
            stages.append(
                StageResult(spec.name, aim.sense, aim.kind, best, bound, give_up, best, proven)
            )
            left = give_up if spec is not specs[-1] else 0  # the tie-break is not a later stage
            self._hold(aim, terms, best - left if aim.sense == "max" else best + left)
            self.last = aim, terms
        return (Status.OPTIMAL if proven else Status.FEASIBLE), stages

    def final(self, stages: Sequence[StageResult]) -> list[StageResult]:
        """The stages with the values of the plan that was chosen in the end.

        A plan that surpasses what was called the best shows that nothing was proven.
        """
        found = []
        for stage, aim in zip(stages, self.case.aims, strict=False):
            value = aim.value(self.plan or {})
            ahead = value - stage.best if aim.sense == "max" else stage.best - value
            if ahead > RELATIVE_PROOF * abs(stage.best):
                self.notices.append(Notice("solver_contradicts_itself", {"stage": stage.name}))
                found.append(replace(stage, best=value, bound=None, value=value, proven=False))
            else:
                found.append(replace(stage, value=value))
        return found

    def _found(self, aim: Aim, terms: Terms, share: float) -> _Found:
        """The stage by rooms where that suits it; HiGHS does what is left, from the plan found."""
        by_rooms = self._by_rooms(aim, terms, share)
        if by_rooms is not None and self._is_close(aim, by_rooms.bound):
            self.method = "rooms"
            return by_rooms
        found = self.improve(aim, terms, share, self.params.gap, self.program)
        if by_rooms is None or by_rooms.bound is None or found.outcome == "infeasible":
            return found
        if found.bound is None or by_rooms.bound < found.bound:
            return replace(by_rooms, outcome=found.outcome)
        return found

    def _by_rooms(self, aim: Aim, terms: Terms, share: float) -> _Found | None:
        """The bound of the first stage by rooms, and the best plan near it; None: not for rooms."""
        method = self.params.method
        effort = self.effort(share, self.params.gap, aim)
        suits = aim.name == "points" and not self.held and self.params.solver == "HiGHS"
        if not suits or effort is None or not rooms.may_suit(self.program, method):
            return None
        found = rooms.bounded(self.program, terms, effort, method)
        if found is None:
            return None
        self.certificate = found.certificate
        bound = Fraction(found.certificate.bound)
        self._tell(effort, aim, bound)
        if found.is_promising and not self._is_close(aim, bound):
            target = math.ceil(bound / (1 + Fraction(self.params.gap)))
            wanted = replace(effort, target=target)
            for plan in rooms.plans(self.program, terms, found, wanted):
                if self.stands(plan, self.program):
                    self._keep(aim, plan)
                    self._tell(effort, aim, bound)
                    if self._is_close(aim, bound):
                        break
        return _Found("limit", bound, exact=True)

    def _tell(self, effort: Effort, aim: Aim, bound: Fraction) -> None:
        if effort.watch is not None and self.plan is not None:
            effort.watch(float(aim.value(self.plan)), float(bound))

    def _is_close(self, aim: Aim, bound: Fraction | None) -> bool:
        """Whether the plan is as near to the bound as was asked for."""
        if self.plan is None or bound is None:
            return False
        best = aim.value(self.plan)
        size = max(Fraction(MICRO), abs(best))
        return bound - best <= Fraction(self.params.gap) * size

    def improve(self, aim: Aim, terms: Terms, share: float, gap: float, program: Program) -> _Found:
        """Solve for the aim until a plan stands in whole rupiah; keep it where it is better."""
        found = _Found("limit")
        for _ in range(TRIES):
            effort = self.effort(share, gap, aim)
            if effort is None:
                break
            start = program.start(self.plan) if self.plan is not None else None
            answer = optimise(program, terms, aim.sense, effort, start)
            bound = None if answer.bound is None else answer.bound * aim.unit
            found = _Found(answer.outcome, bound)
            if answer.values is None:
                break
            taken = program.taken(answer.values)
            if self.stands(taken, program):
                self._keep(aim, taken)
                break
        return found

    def stands(self, taken: dict[int, Figures], program: Program) -> bool:
        """Whether a plan keeps every row, and what is held, exactly; if not, it is excluded."""
        broken = [usage.row for usage in violations(self.case, taken)]
        for row in broken:
            self._exclude(program, row, taken)
        if broken:
            return False
        for aim, limit in self.held:
            value = aim.value(taken)
            if value < limit if aim.sense == "max" else value > limit:
                program.exclude(taken, self.case.space.singles)
                return False
        return True

    def _exclude(self, program: Program, row: Row, taken: dict[int, Figures]) -> None:
        """Exclude what the plan chose among the options that the row's use depends on."""
        usage = next(u for u in usages([row], taken))
        if row.pool:
            same = [r.members for r in self.case.rows if r.pool == row.pool]
            program.exclude(taken, [(i,) for i in sorted({i for group in same for i in group})])
        elif isinstance(row.lower, Fraction) or isinstance(row.upper, Fraction):
            program.exclude(taken, self.case.space.singles)
        elif row.measure == "points" or row.factors:
            program.exclude(taken, [(i,) for i in row.members])
        else:
            over = usage.is_over
            program.exclude(taken, [(i,) for i in row.members], less=over, more=not over)

    def _hold(self, aim: Aim, terms: Terms, limit: Fraction) -> None:
        aim.hold(self.program, terms, limit)
        self.held.append((aim, limit))

    def _keep(self, aim: Aim, taken: dict[int, Figures]) -> None:
        """Keep the better of two plans; both respect what the earlier stages hold."""
        sign = 1 if aim.sense == "max" else -1
        if self.plan is None or sign * aim.value(taken) >= sign * aim.value(self.plan):
            self.plan = taken

    def settle(
        self, aim: Aim, terms: Terms, found: _Found, program: Program
    ) -> tuple[Fraction | None, bool]:
        """The bound, and whether it proves the best.

        Proven is a bound less than one unit away, the greatest common divisor of the coefficients;
        for totals of more than a billion units, one within RELATIVE_PROOF. A bound near the plan,
        above or below, may be off by the solver's tolerance: whether anything is better is then
        asked. One that the plan passes by more is worth nothing: the solver was in trouble.
        """
        sign = 1 if aim.sense == "max" else -1
        best = aim.value(self.plan or {})
        bound = found.bound
        if found.outcome in ("infeasible", "failed") or bound is None:
            bound = _trivial_bound(program, terms, aim)
        if isinstance(aim, LeastServed):
            return self._surpass(aim, bound)
        unit = math.gcd(*terms.values()) or 1
        bound = Fraction(sign * (sign * bound // unit) * unit)
        near = RELATIVE_PROOF * abs(best) if abs(best) > MOST_UNITS * unit else Fraction(0)
        distance = sign * (bound - best)
        if abs(distance) > near:
            largest = max(map(abs, terms.values()), default=0)  # the best itself may be 0
            width = CLOSE * max(abs(int(best)), largest)
            is_close = found.outcome == "optimal" and abs(distance) <= width
            if is_close and self._none_better(aim, terms, unit, program):
                return aim.value(self.plan or {}), True
            if distance > 0:
                return bound, False
            self.notices.append(Notice("solver_contradicts_itself", {"stage": aim.name}))
            return _trivial_bound(program, terms, aim), False
        exact = found.exact or counts_in_few_units(program)
        if not exact and not self._none_better(aim, terms, unit, program):
            if aim.value(self.plan or {}) != best:
                return _trivial_bound(program, terms, aim), False
        elif distance > 0:
            self.notices.append(Notice("relative_proof", {"stage": aim.name}))
        return aim.value(self.plan or {}), True

    def _none_better(self, aim: Aim, terms: Terms, unit: int, program: Program) -> bool:
        """Whether no plan is better by one unit, asked a second time and more strictly.

        What the solver finds is added up: a better plan becomes the plan, any other is excluded,
        until there is none. This closes a gap that is only the solver's tolerance, and finds out
        where it overlooked a plan that fits to the rupiah.
        """
        sign = 1 if aim.sense == "max" else -1
        trial = program.copy()
        for _ in range(TRIES):
            best = aim.value(self.plan or {})
            aim.hold(trial, terms, best + sign * unit)
            effort = self.effort(1.0, 0.0, None)
            if effort is None:
                break
            answer = optimise(trial, terms, aim.sense, replace(effort, strict=True))
            if answer.values is None:
                return answer.outcome == "infeasible"
            taken = trial.taken(answer.values)
            if self.stands(taken, trial):
                if sign * aim.value(taken) > sign * best:
                    self.plan = taken
                else:
                    trial.exclude(taken, self.case.space.singles)
        return False

    def _surpass(self, aim: LeastServed, bound: Fraction) -> tuple[Fraction, bool]:
        """A ratio is the best where no plan gives every place more: asked in whole numbers.

        A plan that does give more becomes the plan, and the question is asked of it again.
        """
        for _ in range(TRIES):
            best = aim.value(self.plan or {})
            trial = self.program.copy()
            aim.surpass(trial, best)
            if (answer := self._first_that_surpasses(aim, trial, best)) != "surpassed":
                return (best, True) if answer == "infeasible" else (max(bound, best), False)
        return max(bound, aim.value(self.plan or {})), False

    def _first_that_surpasses(self, aim: LeastServed, trial: Program, best: Fraction) -> str:
        """Look for a plan above `best`; what the tolerance let pass is excluded on the way."""
        for _ in range(TRIES):
            effort = self.effort(1.0, 0.0, None)
            if effort is None:
                break
            answer = optimise(trial, {}, "max", effort)
            if answer.values is None:
                return answer.outcome
            taken = trial.taken(answer.values)
            behind = aim.behind(taken, best)
            if behind:
                trial.exclude(taken, [(i,) for i in behind])
            elif self.stands(taken, trial):
                self.plan = taken
                return "surpassed"
        return "limit"

    def effort(self, share: float, gap: float, aim: Aim | None) -> Effort | None:
        """The effort for the next optimisation; None where the time is over."""
        left = self.deadline - time.monotonic()
        if left <= 0 or self.stop.is_set():
            return None
        found = Effort(left * share, gap, self.params.solver, self.stop, log=self.log)
        watch = self.watch
        if watch is None or aim is None:
            return found
        scale = (MICRO if aim.kind == "points" else 1) / aim.unit

        def tell(best: float, bound: float) -> None:
            watch(aim.name, best / scale, bound / scale)

        return replace(found, watch=tell)


def _give_up(spec: StageSpec, aim: Aim, best: Fraction) -> Fraction:
    """What later stages may take, in the aim's own units."""
    if isinstance(spec.give_up, Fraction):
        return spec.give_up * abs(best)
    return Fraction(spec.give_up) * (MICRO if aim.kind == "points" else 1)


def _trivial_bound(program: Program, terms: Terms, aim: Aim) -> Fraction:
    """What no plan passes since no variable does: true, if useless."""
    upward = aim.sense == "max"
    total = 0
    for variable, coefficient in terms.items():
        bounds = program.variables[variable]
        total += coefficient * (bounds.upper if (coefficient > 0) == upward else bounds.lower)
    return Fraction(total * aim.unit)
