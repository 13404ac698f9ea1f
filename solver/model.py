"""A program goes to a solver and an answer comes back; the only file that knows PuLP and HiGHS.

PuLP's own status is never read: after a time limit it says Optimal, and of an impossible problem it
leaves zeros behind. Outcome, bound and gap come from the solver's own report, and a bound is
loosened by the solver's tolerance before it is rounded to a whole unit, so that it stays true.
"""

from __future__ import annotations

import functools
import math
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from typing import Any

import highspy
import pulp

from solver.errors import UsageError
from solver.program import Constraint, Program, Terms

LARGEST = 2**20
"""Coefficients are scaled down to this size at most: one unit stays above the tolerances."""

FEW_UNITS = 2**17
"""HiGHS's presolve cuts off plans that fit to the rupiah where a row counts in more units than a
million: of 1,500 small desks of odd amounts 18 were called optimal that were not. So it is used
only below this, where of 4,000 none was; above it a proof is asked twice, and of 3,500 none was."""

TOLERANCE = 1e-6
"""What HiGHS and CBC let pass: on a scaled row, in a scaled objective, and as whole."""

STRICT = 1e-9
"""What may pass as whole in a second opinion."""

RELATIVE = 1e-10
"""What a bound may be off for its size: HiGHS sums up variables that are whole but for 1e-9."""

Watch = Callable[[float, float], None]
"""Told of progress while solving: best and bound so far, in whole units of the objective."""

Log = Callable[[str], None]
"""Told what HiGHS itself says of its work, a piece at a time, as it would print it."""


@dataclass(frozen=True)
class Answer:
    """What the solver said, in whole units again.

    `outcome` is optimal, limit, stopped, infeasible or failed. `values` are those of the variables,
    helpers that are not whole rounded too; None where there is no plan. `bound` is a limit that no
    plan passes, loosened by the solver's tolerance; None where the solver gave none.
    """

    outcome: str
    values: Sequence[int] | None = None
    bound: Fraction | None = None


@dataclass(frozen=True)
class Effort:
    """How hard to try: seconds at most, relative gap to stop at, which solver, when to stop.

    `strict` asks that whole variables be whole to STRICT, as a second opinion: HiGHS errs either
    way where amounts are odd to the rupiah, but seldom both ways. With a `target` a plan worth so
    much is enough. `plan_only`: the bound is not asked for, so the presolve may cut off some plans.
    """

    seconds: float
    gap: float = 0.0
    solver: str = "HiGHS"
    stop: threading.Event | None = None
    watch: Watch | None = None
    strict: bool = False
    target: int | None = None
    plan_only: bool = False
    log: Log | None = None


def identify(solver: str) -> tuple[str, str]:
    """Name and version of a solver; UsageError where PuLP does not reach it."""
    if solver.casefold() == "highs":
        return "HiGHS", version("highspy")
    for name in pulp.listSolvers(onlyAvailable=True):
        if solver.casefold() in (name.casefold(), name.casefold().removesuffix("_cmd")):
            return name, f"PuLP {version('pulp')}"
        if solver.casefold() == "cbc" and name == "PULP_CBC_CMD":
            return name, f"PuLP {version('pulp')}"
    known = ["HiGHS", *pulp.listSolvers(onlyAvailable=True)]
    raise UsageError("unknown_solver", name=solver, known=known)


def optimise(
    program: Program,
    terms: Terms,
    sense: str,
    effort: Effort,
    start: Mapping[int, int] | None = None,
) -> Answer:
    """The best values of the program for `terms`, found within the effort.

    `start` may give values of some variables, for a plan to begin from.
    """
    if any(_is_impossible(c) for c in program.constraints):
        return Answer("infeasible")
    if not program.variables:
        return Answer("optimal", (), Fraction(0))
    scale = _Scale.of(terms, program)
    problem, variables = _build(program, scale, -1 if sense == "max" else 1)
    if identify(effort.solver)[0] == "HiGHS":
        named = {variables[i].name: value for i, value in (start or {}).items()}
        presolve = effort.plan_only or counts_in_few_units(program)
        report = _run_highs(problem, _HiGHS(named, effort, scale, sense, presolve=presolve))
        if report.outcome == "failed":  # an error within HiGHS: it seldom makes it both ways
            report = _run_highs(problem, _HiGHS(named, effort, scale, sense, presolve=not presolve))
    else:
        report = _run_other(problem, effort)
    values = None
    if report.has_plan:
        values = tuple(round(v.varValue or 0) for v in variables)
    bound = None if report.bound is None else scale.exact(report.bound, sense)
    return Answer(report.outcome, values, bound)


@dataclass(frozen=True)
class _Scale:
    """The objective divided by its greatest common divisor, and scaled down if still large.

    Parts of something count finer than their coefficients, so with them it is scaled up as well.
    """

    terms: Mapping[int, float]
    unit: int
    factor: float

    @staticmethod
    def of(terms: Terms, program: Program) -> _Scale:
        whole = all(program.variables[v].whole for v in terms)
        unit = (math.gcd(*terms.values()) or 1) if whole else 1
        largest = max((abs(c) // unit for c in terms.values()), default=0)
        factor = LARGEST / max(largest, 1)
        if whole:
            factor = min(1.0, factor)
        return _Scale({v: c // unit * factor for v, c in terms.items()}, unit, factor)

    def exact(self, minimised: float, sense: str) -> Fraction | None:
        """The minimiser's bound in the program's own units, loosened by the tolerance."""
        if not math.isfinite(minimised):
            return None
        loosened = minimised - TOLERANCE - RELATIVE * abs(minimised)
        lowest = Fraction(loosened) / Fraction(self.factor) * self.unit
        return -lowest if sense == "max" else lowest

    def rough(self, minimised: float, sense: str) -> float:
        """The minimiser's value in whole units, for showing progress."""
        return (-1 if sense == "max" else 1) * minimised / self.factor * self.unit

    def minimised(self, worth: int, sense: str) -> float:
        """What the minimiser has to be below, for a plan to be worth so much: half a unit less."""
        units = Fraction(worth, self.unit)
        whole = math.ceil(units) - 0.5 if sense == "max" else math.floor(units) + 0.5
        return (-1 if sense == "max" else 1) * whole * self.factor


@dataclass(frozen=True)
class _Report:
    outcome: str
    has_plan: bool
    bound: float | None


@dataclass(frozen=True)
class Relaxation:
    """The program with choices that can be split: estimates in floating point, never to be told.

    `prices` are what one unit more of each constraint's limit adds to the best; `values` are those
    of the variables.
    """

    prices: Sequence[float]
    values: Sequence[float]


def relaxation(program: Program, terms: Terms, sense: str) -> Relaxation | None:
    """The best where choices can be split; None where even so there is no plan.

    Given to HiGHS as it is, for PuLP takes several times longer to pass it on than it takes.
    """
    if any(_is_impossible(c) for c in program.constraints):
        return None
    scale = _Scale.of(terms, program)
    sign = -1 if sense == "max" else 1
    shrunk = [_shrunk(constraint, program) for constraint in program.constraints]
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        highs.setOptionValue(name, value)
    highs.passModel(_split(program, scale, sign, shrunk))
    highs.run()
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = highs.getSolution()
    worth = sign * scale.unit / scale.factor
    return Relaxation(
        [dual * worth * by for dual, by in zip(solution.row_dual, shrunk, strict=True)],
        solution.col_value,
    )


def prices(program: Program, terms: Terms, sense: str) -> Sequence[float] | None:
    """The prices of the relaxation, to order work by or to build bounds on."""
    found = relaxation(program, terms, sense)
    return None if found is None else found.prices


def _split(program: Program, scale: _Scale, sign: int, shrunk: Sequence[float]) -> highspy.HighsLp:
    """The relaxation, to be minimised: a row a constraint."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.variables), len(program.constraints)
    cost = [0.0] * len(program.variables)
    for variable, coefficient in scale.terms.items():
        cost[variable] = sign * coefficient
    lp.col_cost_ = cost
    lp.col_lower_ = [v.lower for v in program.variables]
    lp.col_upper_ = [v.upper for v in program.variables]
    start = [0]
    index: list[int] = []
    value: list[float] = []
    lower: list[float] = []
    upper: list[float] = []
    for constraint, by in zip(program.constraints, shrunk, strict=True):
        index += constraint.terms
        value += [coefficient * by for coefficient in constraint.terms.values()]
        start.append(len(index))
        lower.append(-highspy.kHighsInf if constraint.lower is None else constraint.lower * by)
        upper.append(highspy.kHighsInf if constraint.upper is None else constraint.upper * by)
    lp.row_lower_, lp.row_upper_ = lower, upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
    return lp


def _is_impossible(constraint: Constraint) -> bool:
    if any(constraint.terms.values()):
        return False
    return (constraint.lower or 0) > 0 or (constraint.upper or 0) < 0


def _build(
    program: Program, scale: _Scale, sign: int
) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """The PuLP problem, always to be minimised, with columns x0.. and rows r0.. only."""
    problem = pulp.LpProblem("kayuh", pulp.LpMinimize)
    variables = [
        pulp.LpVariable(f"x{i}", v.lower, v.upper, pulp.LpInteger if v.whole else pulp.LpContinuous)
        for i, v in enumerate(program.variables)
    ]
    problem.addVariables(variables)
    problem.setObjective(
        pulp.LpAffineExpression([(variables[i], sign * c) for i, c in scale.terms.items()])
    )
    for constraint in program.constraints:
        for sense, rhs, terms in _scaled(constraint, program):
            expression = pulp.LpAffineExpression([(variables[i], c) for i, c in terms])
            problem.addConstraint(pulp.LpConstraint(expression, sense, rhs=rhs))
    return problem, variables


def _unit(constraint: Constraint, program: Program) -> int:
    """What the constraint can be divided by without losing a plan: 1 beside a part of something."""
    if not all(program.variables[i].whole for i in constraint.terms):
        return 1
    return math.gcd(*constraint.terms.values()) or 1


def counts_in_few_units(program: Program) -> bool:
    """Whether every row counts in so few units that the presolve can be trusted with it."""
    return all(
        max(map(abs, c.terms.values()), default=0) // _unit(c, program) <= FEW_UNITS
        for c in program.constraints
    )


def _factor(constraint: Constraint, unit: int) -> float:
    """What the constraint is scaled down by, once divided by its unit."""
    largest = max(map(abs, constraint.terms.values()), default=0) // unit
    return min(1.0, LARGEST / max(largest, 1))


def _shrunk(constraint: Constraint, program: Program) -> float:
    """How much of a unit of the constraint one unit of its scaled row is the inverse of."""
    unit = _unit(constraint, program)
    return _factor(constraint, unit) / unit


def _scaled(
    constraint: Constraint, program: Program
) -> list[tuple[int, float, list[tuple[int, float]]]]:
    """The constraint divided by its unit, its limits rounded inward, and scaled down if large."""
    terms = [(i, c) for i, c in constraint.terms.items() if c]
    if not terms:
        return []
    unit = _unit(constraint, program)
    factor = _factor(constraint, unit)
    scaled = [(i, c // unit * factor) for i, c in terms]
    lower = None if constraint.lower is None else -(-constraint.lower // unit)
    upper = None if constraint.upper is None else constraint.upper // unit
    if lower is not None and lower == upper and factor == 1:
        return [(pulp.LpConstraintEQ, lower * factor, scaled)]
    # No sum of units falls in half a unit more, and floats then cut off none that fits exactly.
    room = 0.5 if factor < 1 else 0.0
    sides = [(pulp.LpConstraintGE, lower, -room), (pulp.LpConstraintLE, upper, room)]
    return [
        (sense, (limit + more) * factor, scaled)
        for sense, limit, more in sides
        if limit is not None
    ]


class _HiGHS(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS with a plan to start from, progress, and a way to stop."""

    def __init__(
        self,
        start: Mapping[str, int],
        effort: Effort,
        scale: _Scale,
        sense: str,
        *,
        presolve: bool,
    ) -> None:
        enough = {}
        if effort.target is not None:
            enough["objective_target"] = scale.minimised(effort.target, sense)
        super().__init__(
            msg=False,
            gapRel=effort.gap,
            gapAbs=TOLERANCE,
            threads=1,
            timeLimit=max(effort.seconds, 0.01),
            random_seed=0,
            presolve="choose" if presolve else "off",
            mip_feasibility_tolerance=STRICT if effort.strict else TOLERANCE,
            **enough,
        )
        self.start = start
        self.effort = effort
        self.rough = functools.partial(scale.rough, sense=sense)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        """Run in a thread of its own, so that the caller's stays free to stop it."""
        highs = lp.solverModel
        if self.start:
            given = [(v.index, self.start[v.name]) for v in lp.variables() if v.name in self.start]
            highs.setSolution(len(given), [i for i, _ in given], [float(x) for _, x in given])
        highs.HandleUserInterrupt = True
        if self.effort.watch is not None or self.effort.log is not None:
            # Without output HiGHS tells nobody; with it, but not to the console, only us.
            highs.setOptionValue("log_to_console", False)
            highs.setOptionValue("output_flag", True)
        if self.effort.watch is not None:
            highs.cbMipLogging.subscribe(self._tell)
        if self.effort.log is not None:
            highs.setOptionValue("log_file", os.devnull)  # with no file either it keeps silent
            highs.cbLogging.subscribe(self._pass_on)
        thread = threading.Thread(target=highs.run, name="highs", daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(0.05)
            if self.effort.stop is not None and self.effort.stop.is_set():
                highs.cancelSolve()

    def _pass_on(self, event: Any) -> None:
        if self.effort.log is not None:
            self.effort.log(event.message)

    def _tell(self, event: Any) -> None:
        data = event.data_out
        if self.effort.watch is not None:
            self.effort.watch(self.rough(data.mip_primal_bound), self.rough(data.mip_dual_bound))


def _run_highs(problem: pulp.LpProblem, solver: _HiGHS) -> _Report:
    problem.solve(solver)
    highs = problem.solverModel
    status, info = highs.getModelStatus(), highs.getInfo()
    known = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        # Every variable has bounds, so of these two it can only be the first.
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
        highspy.HighsModelStatus.kTimeLimit: "limit",
        highspy.HighsModelStatus.kObjectiveTarget: "limit",
        highspy.HighsModelStatus.kInterrupt: "stopped",
    }
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    outcome, bound = known.get(status, "failed"), info.mip_dual_bound
    if outcome == "optimal" and not math.isfinite(bound) and solver.effort.gap == 0:
        bound = info.objective_function_value  # closed by the start alone, it names no bound
    return _Report(outcome, has_plan, bound)


def _run_other(problem: pulp.LpProblem, effort: Effort) -> _Report:
    """Another solver that PuLP reaches, as a second opinion: its log says how it ended.

    Only a log that says the search was finished is believed, and then the plan's own value is the
    bound it claims; otherwise it gives no bound.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        solver = pulp.getSolver(
            identify(effort.solver)[0],
            msg=False,
            gapRel=effort.gap,
            timeLimit=max(1, math.ceil(effort.seconds)),
            threads=1,
            logPath=str(log),
        )
        began = time.monotonic()
        try:
            problem.solve(solver)
        except pulp.PulpSolverError:  # it broke down, which CBC does at times
            return _Report("failed", False, None)
        text = log.read_text("utf-8", "replace") if log.exists() else ""
    if problem.sol_status == pulp.LpSolutionInfeasible:
        return _Report("infeasible", False, None)
    has_plan = problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    finished = re.search(r"Optimal solution found|Status\s+Optimal", text) is not None
    in_time = time.monotonic() - began < effort.seconds
    if has_plan and finished and in_time and effort.gap == 0:
        return _Report("optimal", True, pulp.value(problem.objective) or 0.0)
    return _Report("limit", has_plan, None)
