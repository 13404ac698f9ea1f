"""The main job: a scenario goes in; the plan, its reasons and what it uses come out."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from solver.conflict import conflict
from solver.instance import Choice
from solver.recommendation import Recommendation, described
from solver.repairs import repairs
from solver.result import Status
from solver.scenario import Scenario
from solver.solve import Log, Params, Watch, solve


def recommend(
    scenario: Scenario,
    params: Params | None = None,
    *,
    stop: threading.Event | None = None,
    watch: Watch | None = None,
    log: Log | None = None,
    near: Sequence[Choice] = (),
) -> Recommendation:
    """Solve the scenario and say what follows from it; `near` is a plan to begin from."""
    params = params or Params()
    result = solve(scenario.instance, params, stop=stop, watch=watch, log=log, near=near)
    notices = [*scenario.notices, *result.notices]
    if result.status is Status.INFEASIBLE:
        clash = conflict(result.case, params.time_limit, stop)
        mended = repairs(scenario, result, clash, params, stop)
        return Recommendation(
            scenario, result, conflict=clash, repairs=mended, notices=tuple(notices)
        )
    if result.taken is None:
        return Recommendation(scenario, result, notices=tuple(notices))
    return described(scenario, result, notices)
