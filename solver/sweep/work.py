"""Carries out the runs of a plan that have no result yet, and keeps each result as it comes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Any

from solver.errors import UsageError
from solver.sweep.engines import DiedError, Engine, LostError
from solver.sweep.plan import Plan, Run
from solver.sweep.store import Keeper, Line
from solver.sweep.task import Outcome, failed, run
from solver.words import LANGUAGES, say

EVERY = 0.2
"""Seconds after which a stop is noticed, and progress told."""

Watch = Callable[[Run | None, float], None]
"""Told of progress: the run that was finished and its seconds; (None, 0) when time has passed."""


def carried_out(
    plan: Plan,
    engine: Engine,
    store: Keeper,
    known: dict[str, Line],
    *,
    stop: threading.Event | None = None,
    watch: Watch | None = None,
) -> None:
    """Compute what `known` has not, and add it there and to the store, a folder's being open.

    A run that the machine could not carry out, such as for lack of memory, is known for now but not
    stored: another time it may go well. Raises GoneError where the engine was lost, after which the
    same sweep may go on; UsageError where workers compute with other versions.
    """
    stop = stop or threading.Event()
    todo = [run for key, run in plan.keys.items() if key not in known]
    for found, outcome in _outcomes(plan, engine, todo, stop, watch or _silent):
        if outcome is None:
            reason = {language: say("sweep.died", language) for language in LANGUAGES}
            known[found.key] = {"key": found.key, "row": failed(reason), "seconds": 0.0}
            continue
        if outcome["stopped"]:
            return
        if outcome["versions"] != plan.versions:
            raise UsageError(
                "cluster_versions", here=_told(plan.versions), there=_told(outcome["versions"])
            )
        line = {name: outcome[name] for name in ("key", "row", "seconds")}
        store.add(line)
        known[found.key] = line
        if watch is not None:
            watch(found, line["seconds"])


def _silent(_run: Run | None, _seconds: float) -> None:
    pass


def _told(versions: Any) -> str:
    return f"kayuh {versions['kayuh']}, {versions['solver']}"


def _outcomes(
    plan: Plan, engine: Engine, todo: Iterable[Run], stop: threading.Event, watch: Watch
) -> Iterator[tuple[Run, Outcome | None]]:
    """Each run as it is finished; None for one that its worker died of.

    After a worker died, all that was under way is suspect: these runs are then tried one at a time,
    so that the one to blame is known and the others are not lost.
    """
    queue = iter(todo)
    suspects: list[Run] = []
    under_way: dict[Future[Outcome], Run] = {}
    while not stop.is_set():
        source, most = (iter(suspects), 1) if suspects else (queue, engine.slots)
        while len(under_way) < most and (following := next(source, None)) is not None:
            under_way[engine.submit(run, plan.task(following))] = following
        if not under_way:
            return
        done, _ = wait(under_way, EVERY, FIRST_COMPLETED)
        lost: list[Run] = []
        for future in done:
            found = under_way.pop(future)
            try:
                yield found, _settled(future, engine)
            except LostError:
                lost.append(found)
            suspects = [other for other in suspects if other is not found]
        if lost:
            engine.restart()
            if len(lost) + len(under_way) == 1:
                yield lost[0], None
            else:
                suspects = [*lost, *under_way.values()]
                under_way.clear()
        watch(None, 0.0)


def _settled(future: Future[Outcome], engine: Engine) -> Outcome | None:
    """What came of a call; None where its worker died of it."""
    try:
        return future.result()
    except (Exception, CancelledError) as error:  # the engine knows what it means
        meaning = engine.told(error)
        if isinstance(meaning, DiedError):
            return None
        raise meaning from error
