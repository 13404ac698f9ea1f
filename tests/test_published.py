"""The published test sets: proven values are reached, and no bound lies below a known value.

The quick form takes a sample; `pytest -m soak` takes every instance there is. Figures are printed
(`-rP` shows them), for what was measured is worth keeping.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import published
import pytest
from published import Problem, needs_data

from solver.assess import points_of, violations
from solver.case import Case
from solver.instance import MICRO
from solver.result import Result, Status
from solver.solve import Params, solve

ENOUGH = 180.0
"""Seconds for what must be proven: far more than needed, so that a busy machine proves it too."""

SHORT = 1.5
"""Seconds for what is only bounded."""

EASY = ("5.100-21", "5.100-28")
"""Two of Chu and Beasley's problems that take seconds; most take HiGHS minutes or hours."""

pytestmark = needs_data


def faults_of_proof(problem: Problem, result: Result) -> Iterator[str]:
    """The known optimum is reached and proven, by a plan that stands when it is added up."""
    if result.status is not Status.OPTIMAL:
        yield f"{problem.name}: {result.status}, not proven in {result.seconds:.1f} s"
    yield from faults_of_bound(problem, result)
    if problem.official is not None and points_of(result.taken or {}) < problem.official * MICRO:
        yield f"{problem.name}: the official {problem.official} was better"


def faults_of_bound(problem: Problem, result: Result) -> Iterator[str]:
    """bound >= known value, the plan stands, and what is proven is the value.

    Where the known value is itself proven, no plan passes it; a plan that passes one that is only
    the best known is no fault.
    """
    known = problem.known * MICRO
    found = result.points
    if found is None or result.taken is None:
        if result.status is not Status.NO_ANSWER:
            yield f"{problem.name}: {result.status}, though {problem.known} can be reached"
        return
    if violations(result.case, result.taken):
        yield f"{problem.name}: the plan breaks a row"
    if points_of(result.taken) != found.best:
        yield f"{problem.name}: the plan adds up to another value than {found.best}"
    if found.bound is None or found.bound < max(known, found.best):
        yield f"{problem.name}: bound {found.bound} below {known} or {found.best}"
    if problem.proven and found.best > known:
        yield f"{problem.name}: {found.best} passes the proven {known}"
    if problem.proven and result.status is Status.OPTIMAL and found.best != known:
        yield f"{problem.name}: {found.best} called optimal, {known} is"


def check(
    problems: Iterable[Problem],
    seconds: float,
    faults_of: Callable[[Problem, Result], Iterator[str]],
) -> int:
    """Solve every problem, print what it came to, and fail with all the faults at once."""
    faults: list[str] = []
    proven, count, slowest = 0, 0, (0.0, "")
    began = time.monotonic()
    for problem in problems:
        result = solve(problem.instance, Params(time_limit=seconds), extra=problem.rows)
        faults.extend(faults_of(problem, result))
        count += 1
        proven += result.status is Status.OPTIMAL
        slowest = max(slowest, (result.seconds, problem.name))
        if result.status is not Status.OPTIMAL:
            tell(problem, result)
    took = time.monotonic() - began
    print(f"{count} solved, {proven} proven, {took:.1f} s, slowest {slowest[1]} {slowest[0]:.1f} s")
    assert not faults, "\n".join(faults)
    assert count
    return proven


def tell(problem: Problem, result: Result) -> None:
    """Print what is known of a problem that was not proven."""
    found = result.points
    if found is None:
        print(f"{problem.name}: {result.status}, known {problem.known}")
        return
    best, bound = float(found.best / MICRO), float((found.bound or 0) / MICRO)
    print(
        f"{problem.name}: best {best:.10g}, known {float(problem.known):.10g}, bound {bound:.10g}"
    )


def sample(problems: Iterable[Problem], every: int) -> Iterator[Problem]:
    return islice(problems, 0, None, every)


def named(problems: Iterable[Problem], *names: str) -> list[Problem]:
    """The problems of these names; all of them must be there."""
    found = [problem for problem in problems if problem.name in names]
    assert len(found) == len(names)
    return found


def test_mknap1():
    check(published.mknap1(), ENOUGH, faults_of_proof)


def test_sac94():
    check(published.sac94(), ENOUGH, faults_of_proof)


def test_mmkp_orlib():
    easy = named(published.mmkp_orlib(), "I01", "I02", "I05", "I06")
    check(easy, ENOUGH, faults_of_proof)


@pytest.mark.soak
def test_mmkp_orlib_whole():
    check((p for p in published.mmkp_orlib() if p.proven), ENOUGH, faults_of_proof)


@pytest.mark.soak
def test_mmkp_orlib_that_nobody_proved_in_short():
    check((p for p in published.mmkp_orlib() if not p.proven), 10, faults_of_bound)


def test_hiremath_hill():
    check(sample(published.hiremath_hill(), 4), ENOUGH, faults_of_proof)


@pytest.mark.soak
def test_hiremath_hill_whole():
    check(published.hiremath_hill(), ENOUGH, faults_of_proof)


def test_mknapcb():
    easy = named(published.mknapcb(), *EASY)
    check(easy, ENOUGH, faults_of_proof)


def test_bounds_of_mknapcb():
    check(sample(published.mknapcb(), 30), SHORT, faults_of_bound)


@pytest.mark.soak
def test_mknapcb_whole():
    check(published.mknapcb(), 4, faults_of_bound)


def test_elections():
    check(sample(published.elections(), 12), ENOUGH, faults_of_proof)


@pytest.mark.soak
def test_elections_whole():
    check(published.elections(), ENOUGH, faults_of_proof)


def test_cities():
    small = ("Poland_Gdynia_2020", "Poland_Katowice_2022", "Poland_Lodz_2022")
    check(named(published.cities(), *small), ENOUGH, faults_of_proof)


@pytest.mark.soak
def test_cities_whole():
    check(published.cities(), ENOUGH, faults_of_proof)


def test_best_known_plans_of_mdmkp_stand():
    """Every vector is judged by adding up rows: it keeps them all and has the value it claims."""
    count = 0
    for problem, taken in published.mdmkp():
        assert violations(Case(problem.instance, problem.rows), taken) == [], problem.name
        assert points_of(taken) == problem.known * MICRO, problem.name
        count += 1
    assert count


def test_bounds_of_mdmkp():
    check(sample(best_known(), 6), SHORT, faults_of_bound)


@pytest.mark.soak
def test_bounds_of_mdmkp_whole():
    check(best_known(), SHORT, faults_of_bound)


def best_known() -> Iterator[Problem]:
    return (problem for problem, _ in published.mdmkp())
