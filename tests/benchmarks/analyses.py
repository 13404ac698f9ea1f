"""How long each analysis takes on a city, and how far plain re-solving is behind, in one run.

In tests/, `python -m benchmarks.analyses` asks everything of `banjarmasin-2018`. Beside the figures
stands a fixed calibration solve of the same run: the city's points, from nothing to the proof.
Plain re-solving is such a solve for each question, with nothing known from the base plan. It is run
for a few questions spread over those of an analysis; its time for the others is reckoned from them.
Times are seconds of processor time, since machines are shared.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import highspy

import scenarios
from solver.case import Case
from solver.result import Result, Status
from solver.scenario import Scenario, read
from solver.search import Params, Search
from solver.solve import solve
from solver.tradeoffs import ANALYSES, Answer, Budget, Questions, forced_in, forced_out, held
from solver.tradeoffs.held import Hold
from solver.tradeoffs.money import purses
from solver.tradeoffs.question import up_to_points
from solver.tradeoffs.without import every

CITY = "banjarmasin-2018"
SAMPLES = 5
"""So many questions of an analysis are also solved plainly."""

PATIENCE = 60.0
"""Seconds of wall time for one plain solve."""


def clock() -> float:
    """Seconds of processor time of this process, all its threads included."""
    return time.process_time()


def plainly(case: Case) -> tuple[float, bool]:
    """Processor time of solving a case up to its points with nothing known, and whether proven."""
    case = Case(case.instance, [row for row in case.rows if row.rule == "question"])
    began = clock()
    search = Search(
        case,
        case.program(),
        Params(PATIENCE),
        deadline=time.monotonic() + PATIENCE,
        stop=threading.Event(),
        watch=None,
        plan=None,
    )
    status, stages = search.run()
    proven = status in (Status.OPTIMAL, Status.INFEASIBLE) and all(s.proven for s in stages)
    return clock() - began, proven


@dataclass
class Asked:
    """A question that was put: the seconds it took, and the way to solve it plainly."""

    seconds: float
    plainly: Callable[[], tuple[float, bool]]


class Counting(Questions):
    """A session that notes every question that is new."""

    def __init__(self, scenario: Scenario, base: Result, budget: Budget) -> None:
        super().__init__(scenario, base, budget)
        self.asked: list[Asked] = []

    def _anew(self, case: Case, *, near: bool) -> Answer:
        began = clock()
        answer = super()._anew(case, near=near)
        self.asked.append(Asked(clock() - began, partial(plainly, case)))
        return answer

    def with_holds(self, budget: Budget, case: Case, holds: Sequence[Hold], *rest: Any) -> Answer:
        """What `held` asks, noted."""
        began = clock()
        answer = WITH_HOLDS(budget, case, holds, *rest)
        self.asked.append(Asked(clock() - began, partial(held_plainly, case, holds)))
        return answer


WITH_HOLDS = held._anew


def held_plainly(case: Case, holds: Sequence[Hold]) -> tuple[float, bool]:
    """The same for a question that holds another aim: without a plan to start from."""
    began = clock()
    answer = WITH_HOLDS(Budget(PATIENCE), case, holds, PATIENCE, None)
    return clock() - began, answer.proven


def five(city: Scenario, base: Result) -> dict[str, Any]:
    """Five questions about one proposal, lock or limit: the first of a session, and later ones."""
    session = Questions(city, base, Budget(600.0))
    space = session.case.space
    funded = sorted({space.options[position].proposal for position in base.taken})
    waiting = [
        p.id
        for p in city.instance.proposals
        if p.id not in funded and not p.covered_by and not p.requested.gate
    ]
    purse = next(p for p in purses(city.instance) if p.rule == "agency_ceiling")
    richer = purse.moved(city.instance, 100_000_000)
    free = next(w.instance for w in every(city.instance) if w.rule == "limits")
    locked = [{"proposal": funded[-1], "decision": "reject", "reason": "bench"}]
    questions: dict[str, Callable[[Questions], Answer]] = {
        "the first of a session": lambda q: q.same_case([forced_out(q.case, funded[0])]),
        "one falls out": lambda q: q.same_case([forced_out(q.case, funded[len(funded) // 2])]),
        "one comes in": lambda q: q.same_case([forced_in(q.case, waiting[len(waiting) // 2])]),
        "a lock": lambda q: q.changed({"lock": locked}),
        "a ceiling + Rp 100 million": lambda q: q.instance(richer),
        "without one limit": lambda q: q.instance(free),
    }
    found = {}
    for name, ask in questions.items():
        began = clock()
        answer = ask(session)
        found[name] = {"seconds": clock() - began, "proven": answer.proven}
    return found


def measured(
    name: str, city: Scenario, base: Result, only: Collection[str] | None, seconds: float
) -> dict[str, Any]:
    """One analysis to its end (or its time), and the plain solves of some of its questions."""

    def tell(analysis: str, done: int, whole: int) -> None:
        print(f"\r  {analysis}: {done}/{whole} ", end="", file=sys.stderr, flush=True)

    session = Counting(city, base, Budget(seconds, None, tell))
    began = clock()
    held._anew = session.with_holds
    try:
        found = ANALYSES[name](session, only)
    finally:
        held._anew = WITH_HOLDS
    spent = clock() - began
    asked = session.asked
    sample = asked[:: max(1, len(asked) // SAMPLES)][:SAMPLES]
    plain = [one.plainly() for one in sample]
    reckoned = statistics.mean([s for s, _ in plain]) * len(asked) if plain else None
    return {
        "analysis": name,
        "questions": len(asked),
        "seconds": spent,
        "left": getattr(found, "left", getattr(found, "left_out", None)),
        "plain_seconds": reckoned,
        "plain_proven": f"{sum(proven for _, proven in plain)}/{len(plain)}",
        "behind": None if reckoned is None else reckoned / spent,
    }


def main() -> None:
    """Print a table, and with --json the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names of analyses, with commas")
    parser.add_argument("--seconds", type=float, default=3600.0, help="for each analysis")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    city = read(scenarios.path(CITY))
    base = solve(city.instance, Params(120.0))
    calibration, _ = plainly(Case(up_to_points(city.instance)))
    rows = [
        measured(name, city, base, None, args.seconds)
        for name in (args.only.split(",") if args.only else ANALYSES)
    ]
    found = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}, "
        f"HiGHS {highspy.Highs().version()}",
        "calibration": calibration,
        "five": five(city, base),
        "analyses": rows,
    }
    print(json.dumps(found, indent=1) if args.json else table(found))


def table(found: dict[str, Any]) -> str:
    """The figures as Markdown."""
    calibration = found["calibration"]
    lines = [
        f"{CITY}; {found['machine']}. One calibration solve: {calibration:.1f} s.",
        "",
        "| question | s | calibrations |",
        "|---|---:|---:|",
        *(
            f"| {name} | {one['seconds']:.2f} | {one['seconds'] / calibration:.2f} |"
            for name, one in found["five"].items()
        ),
        "",
        "| analysis | questions | s | plain re-solving, s | behind by | left |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in found["analyses"]:
        behind = "-" if row["behind"] is None else f"{row['behind']:.1f} times"
        plain = "-" if row["plain_seconds"] is None else f"{row['plain_seconds']:.0f}"
        lines.append(
            f"| {row['analysis']} | {row['questions']} | {row['seconds']:.0f} | {plain} "
            f"(proven {row['plain_proven']}) | {behind} | {row['left']} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
