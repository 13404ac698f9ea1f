"""HiGHS's own log: whoever asks for it has it, and nobody else hears it."""

from __future__ import annotations

import pytest
from serving import hard
from small import document

from service.jobs import LINES, Run
from service.store.jobs import LOG_KEPT
from solver.judgement import judgement
from solver.recommend import recommend
from solver.scenario import resolve
from solver.solve import Params, solve


@pytest.mark.parametrize("ask", [solve, recommend, judgement])
def test_every_solve_of_a_question_is_in_the_log(ask, capfd):
    scenario = resolve(document())
    told = []
    if ask is solve:
        solve(scenario.instance, log=told.append)
    elif ask is recommend:
        recommend(scenario, log=told.append)
    else:
        judgement(scenario, (), log=told.append)
    log = "".join(told)
    # The points, the second opinion where amounts are odd, and the equals for the tie-break.
    assert log.count("Solving report") >= 2
    assert log.count("MIP  has") >= log.count("Solving report")
    assert capfd.readouterr() == ("", "")


def test_the_log_changes_nothing_of_the_plan():
    scenario = resolve(hard(60, 3))
    with_log = solve(scenario.instance, Params(30), log=lambda _: None)
    without = solve(scenario.instance, Params(30))
    assert with_log.taken == without.taken
    assert with_log.stages == without.stages


def test_a_run_keeps_the_last_of_it():
    run = Run("x", None, lambda _: None)
    for number in range(LINES + 5):
        run.tell(f"line {number:05} {'-' * 40}\n")
    assert run.log.startswith("line 00005")
    assert run.log.endswith(f"line {LINES + 4:05} {'-' * 40}\n")
    assert len(run.log) > LOG_KEPT  # what the store takes of it is full lines enough
