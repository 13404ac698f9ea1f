"""A list made by hand, judged: what it uses and breaks, and how far it is from the best."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from solver.assess import amount_of, limits, points_of, violations
from solver.case import Case
from solver.instance import Choice, from_micro
from solver.result import Status
from solver.scenario import Scenario
from solver.solve import Log, Params, Watch, solve
from solver.tables.plan import read_plan
from solver.write.document import limit, violation


def judgement(
    scenario: Scenario,
    choices: Sequence[Choice],
    params: Params | None = None,
    *,
    stop: threading.Event | None = None,
    watch: Watch | None = None,
    log: Log | None = None,
) -> dict[str, Any]:
    """The assessment of CONTRACT section 1 as a document.

    `best` is the points of the best plan, null where none is possible; `proven` says whether it is
    proven the best. `distance` is best - points: negative where the list gains points by breaking
    a rule.
    """
    case = Case(scenario.instance)
    taken = case.space.take(choices)
    result = solve(scenario.instance, params, stop=stop, watch=watch, log=log)
    best = None if result.taken is None else points_of(result.taken)
    points = points_of(taken)
    return {
        "points": from_micro(points),
        "amount": amount_of(taken),
        "limits": [limit(usage) for usage in limits(case, taken)],
        "violations": [violation(usage) for usage in violations(case, taken)],
        "best": None if best is None else from_micro(best),
        "proven": result.status is Status.OPTIMAL,
        "distance": None if best is None else from_micro(best - points),
    }


__all__ = ["judgement", "read_plan"]
