"""One city, several solvers: seconds of processor time until each gap is certified.

HiGHS is plain: one thread, its own settings, the same rows, one run whose bound and plan are looked
at all the while. CBC is asked for one gap, by PuLP. Kayuh is the whole call, from the Instance to
the judged plan, once for every gap. Processor time, children's included, since machines are shared.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import highspy
import pulp

from solver import model
from solver.assess import violations
from solver.case import Case
from solver.instance import Instance
from solver.program import Program, Terms
from solver.solve import Params, solve

GAPS = (0.01, 0.001, 0.0005, 0.0001)
"""The gaps that are timed, as parts of the plan's points."""

PROVEN = 1e-9


@dataclass
class Lap:
    """What one solver did: seconds to each gap that it reached, its best gap, and a remark."""

    seconds: dict[float, float] = field(default_factory=dict)
    gap: float | None = None
    remark: str = ""


def clock() -> float:
    """Seconds of processor time of this process and of those that it waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def kayuh(instance: Instance, limit: float, method: str = "auto") -> Lap:
    """Kayuh asked for each gap in turn, until one takes longer than the limit."""
    lap = Lap()
    for gap in GAPS:
        began = clock()
        found = solve(instance, Params(2 * limit, gap, method))
        taken = clock() - began
        if found.taken is None or found.points is None:
            lap.remark = str(found.status)
            break
        assert not violations(found.case, found.taken)
        lap.gap, lap.remark = found.points.gap, found.method
        if lap.gap > gap or taken > limit:
            break
        lap.seconds[gap] = taken
    return lap


def highs(instance: Instance, limit: float) -> Lap:
    """Plain HiGHS on the same rows, timed from the rows on."""
    lap = Lap()
    case = Case(instance)
    program = case.program()
    terms = case.aims[0].expression(program)
    began = clock()
    solver = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(name, value)
    solver.passModel(_whole(program, terms))

    def look(event: Any) -> None:
        spent = clock() - began
        _reached(lap, -event.data_out.mip_primal_bound, -event.data_out.mip_dual_bound, spent)
        if spent > limit or lap.seconds.keys() >= set(GAPS):
            event.interrupt()

    solver.HandleUserInterrupt = True
    solver.cbMipInterrupt.subscribe(look)
    solver.run()
    info = solver.getInfo()
    _reached(lap, -info.objective_function_value, -info.mip_dual_bound, clock() - began)
    return lap


def cbc(instance: Instance, limit: float, gap: float = 0.001) -> Lap:
    """CBC, asked for one gap: what it says of it is believed."""
    case = Case(instance)
    program = case.program()
    terms = case.aims[0].expression(program)
    began = clock()
    scale = model._Scale.of(terms, program)
    problem, _ = model._build(program, scale, -1)
    problem.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=gap, timeLimit=2 * limit, threads=1))
    spent = clock() - began
    lap = Lap(remark="CBC")
    if problem.sol_status == pulp.LpSolutionOptimal and spent <= limit:
        lap.seconds[gap] = spent
    return lap


def _reached(lap: Lap, plan: float, bound: float, spent: float) -> None:
    """Note every gap that is certified by now; without a plan there is none."""
    if not 0 < plan < float("inf") or not bound < float("inf"):
        return
    lap.gap = max(0.0, (bound - plan) / plan)
    for gap in GAPS:
        if lap.gap <= gap:
            lap.seconds.setdefault(gap, spent)


def _whole(program: Program, terms: Terms) -> highspy.HighsLp:
    """The same rows with whole variables, each row and the points divided as Kayuh divides them."""
    scale = model._Scale.of(terms, program)
    shrunk = [model._shrunk(constraint, program) for constraint in program.constraints]
    lp = model._split(program, scale, -1, shrunk)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if v.whole else kinds.kContinuous for v in program.variables]
    return lp


RACERS: Mapping[str, Callable[[Instance, float], Lap]] = {
    "kayuh": kayuh,
    "highs": highs,
    "cbc": cbc,
}


def calibration() -> float:
    """A fixed piece of work in pure Python, to set milliseconds of different machines beside."""
    began = time.process_time()
    sum(i * i % 7 for i in range(2_000_000))
    return time.process_time() - began
