"""The one call that everything shares: an Instance goes in, a Result comes out."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from solver.baseline import Baseline, baseline
from solver.case import Case
from solver.instance import Choice, Figures, Instance
from solver.model import Log, identify
from solver.refit import refit
from solver.result import Result, Status
from solver.rules import Row
from solver.search import METHODS, Params, Search, Watch
from solver.ties import break_tie


def solve(
    instance: Instance,
    params: Params | None = None,
    extra: Sequence[Row] = (),
    *,
    stop: threading.Event | None = None,
    watch: Watch | None = None,
    log: Log | None = None,
    near: Sequence[Choice] = (),
) -> Result:
    """The best plan of the instance, and how sure that is.

    `extra` are rows beside those of the rules. `near` is a plan to begin from, of these or of other
    numbers: what it holds stays where nothing better is found in time. Setting `stop` ends the
    search: the best plan so far is returned. `log` is told what HiGHS says while it works. Raises
    UsageError for a solver that is not there.
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
        plan=_start(case, hand, near),
        log=log,
    )
    status, stages = search.run()
    # Who asks for less than a proof asks for speed, and can do with any plan among equals.
    unique = status is Status.OPTIMAL and params.gap == 0 and break_tie(search)
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
        search.method,
        search.certificate,
        tuple(search.notices),
    )


def _start(case: Case, hand: Baseline, near: Sequence[Choice]) -> dict[int, Figures] | None:
    """What the search begins from: the list made by hand, or the plan asked for where it is better.

    The first stage says which is.
    """
    found = [] if hand.breaks else [hand.taken]
    if near and (fitted := refit(case, near)) is not None:
        found.append(fitted)
    aim = case.aims[0]
    sign = 1 if aim.sense == "max" else -1
    best = max(found, key=lambda taken: sign * aim.value(taken), default=None)
    return None if best is None else dict(best)


__all__ = ["METHODS", "Log", "Params", "Watch", "solve"]
