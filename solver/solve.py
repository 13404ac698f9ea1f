"""The one call that everything shares: an Instance goes in, a Result comes out."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from solver.baseline import baseline
from solver.case import Case
from solver.instance import Instance
from solver.model import identify
from solver.result import Result, Status
from solver.rules import Row
from solver.search import Params, Search, Watch
from solver.ties import break_tie


def solve(
    instance: Instance,
    params: Params | None = None,
    extra: Sequence[Row] = (),
    *,
    stop: threading.Event | None = None,
    watch: Watch | None = None,
) -> Result:
    """The best plan of the instance, and how sure that is.

    `extra` are rows beside those of the rules. Setting `stop` ends the search: the best plan so far
    is returned. Raises UsageError for a solver that is not there.
    """
    began = time.monotonic()
    params = params or Params()
    solver = identify(params.solver)
    case = Case(instance, extra)
    hand = baseline(case)
    search = Search(
        case,
        case.program(),
        params,
        deadline=began + params.time_limit,
        stop=stop or threading.Event(),
        watch=watch,
        plan=None if hand.breaks else dict(hand.taken),
    )
    status, stages = search.run()
    unique = status is Status.OPTIMAL and break_tie(search)
    final = search.final(stages)
    if status is Status.OPTIMAL and not all(stage.proven for stage in final):
        status, unique = Status.FEASIBLE, False
    return Result(
        case,
        status,
        hand,
        final,
        search.plan if stages else None,
        unique,
        search.stop.is_set(),
        time.monotonic() - began,
        solver,
        notices=tuple(search.notices),
    )


__all__ = ["Params", "Watch", "solve"]
