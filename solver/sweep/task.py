"""One run, wherever it is computed: a task goes in, plain data comes out."""

from __future__ import annotations

import json as stdlib_json
import threading
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from solver.assess import amount_of, points_of
from solver.conflict import conflict
from solver.decision import Decision, bare_decisions
from solver.errors import InputError
from solver.instance import NOTHING, StageSpec, from_micro
from solver.result import Conflict, Result, Status
from solver.scenario import Scenario, variant
from solver.solve import Params, solve
from solver.stages import LeastServed, skipped
from solver.sweep.plan import Task, versions_of
from solver.sweep.source import reason_of, scenario_in
from solver.tables import json
from solver.tell import Teller
from solver.words import LANGUAGES, say
from solver.write.document import printed

VARIED = "--vary"
"""What the log of changes names as the origin of a varied value."""

NEAR = 1.01
"""A gap is what was asked for if it is as close as this: the bound is loosened by the tolerance."""

Outcome = dict[str, Any]


def run(task: Task, stop: threading.Event | None = None) -> Outcome:
    """What came of a task: `key`, `row`, `seconds`, `versions`, `stopped`.

    Whatever is wrong with the scenario is a row with its reason. Only what the machine lacks, such
    as memory, is raised: it says nothing of the scenario.
    """
    began = time.monotonic()
    stopped = False
    try:
        scenario = scenario_in(task["document"])
        if task["set"]:
            scenario = variant(scenario, {"set": task["set"]}, VARIED)
        params = Params(**task["params"])
        result = solve(scenario.instance, params, stop=stop)
        stopped = result.stopped
        # As the store will give it back, so that a result that was read says just the same.
        row = stdlib_json.loads(json.dump(_row(scenario, result, params)))
    except InputError as error:
        row = failed(reason_of(error))
    except MemoryError:
        raise
    except Exception as error:  # one run's fault must not end the others
        facts = {"error": f"{type(error).__name__}: {error}"}
        row = failed({language: say("sweep.fault", language, facts) for language in LANGUAGES})
    return {
        "key": task["key"],
        "row": row,
        "seconds": round(time.monotonic() - began, 3),
        "versions": versions_of(task["params"]["solver"]),
        "stopped": stopped,
    }


def failed(why: Mapping[str, str]) -> dict[str, Any]:
    """The row of a run that has no result, with its reason."""
    return {"status": "failed", "why": dict(why)}


def _row(scenario: Scenario, result: Result, params: Params) -> dict[str, Any]:
    """What is kept of a solve: CONTRACT's names and units where it has them.

    `ended` is proof, gap or limit: a run that met its time limit may end otherwise elsewhere.
    `worst` is the kecamatan that gets least of the points it asked for, with its share. `taken` are
    the funded with their rupiah, `changed` those of them with a changed volume, place or agency.
    """
    found: dict[str, Any] = {
        "status": str(result.status),
        "ended": _ended(result, params),
        "digest": scenario.digest,
        "proposals": len(scenario.instance.proposals),
        "changes": [[c.key, c.before, c.after] for c in scenario.changes if c.file == VARIED],
    }
    if result.status is Status.INFEASIBLE:
        clash = conflict(result.case, params.time_limit)
        return {
            **found,
            "why": {language: _clash(result, clash, language) for language in LANGUAGES},
        }
    if result.taken is None:
        return found
    case, taken, points = result.case, result.taken, result.points
    funded = {case.space.options[i].proposal for i in taken}
    decisions = bare_decisions(case, taken)
    return {
        **found,
        "unique": result.unique,
        "points": from_micro(points_of(taken)),
        "bound": None if points is None else printed(points.bound, points),
        "gap": None if points is None else points.gap,
        "amount": amount_of(taken),
        "stages": [
            {"name": s.name, "value": printed(s.value, s), "proven": s.proven}
            for s in result.stages
        ],
        "by_hand": None if result.hand.breaks else from_micro(points_of(result.hand.taken)),
        "inversions": len(skipped(case.groups, funded)),
        "worst": _worst(result),
        "districts": _sums(decisions, _districts(scenario), "district"),
        "agencies": _sums(decisions, {a.code for a in scenario.instance.agencies}, "agency"),
        "taken": {d.proposal.id: d.figures.amount for d in decisions if d.kind.startswith("fund")},
        "changed": [d.proposal.id for d in decisions if d.kind == "fund_changed"],
        "covered": [d.proposal.id for d in decisions if d.kind == "covered"],
    }


def _clash(result: Result, clash: Conflict, language: str) -> str:
    """The rules that can't be kept together, one sentence each."""
    teller = Teller(result.case, language)
    return " ".join(
        teller.clash([row for row in clash.rows if row.element == element])
        for element in clash.elements
    )


def _ended(result: Result, params: Params) -> str:
    """How the run ended: the tie-break that ran out of time is a limit, too."""
    if result.status is Status.NO_ANSWER:
        return "limit"
    if result.status is not Status.FEASIBLE:
        late = result.taken is not None and not result.unique
        return "limit" if late and result.seconds >= params.time_limit else "proof"
    gaps = [stage.gap for stage in result.stages if not stage.proven]
    near = all(gap is not None and gap <= NEAR * params.gap for gap in gaps)
    return "gap" if near and result.seconds < params.time_limit else "limit"


def _worst(result: Result) -> dict[str, Any] | None:
    """The kecamatan with the least points of those it asked for; None where none can get any."""
    case, taken = result.case, result.taken or {}
    aim = LeastServed(case.instance, case.space, case.stopped, StageSpec("least_served"))
    shares = {
        place: Fraction(sum(taken[i].points for i in positions if i in taken)) / asked
        for (place, _), (positions, asked) in aim.places.items()
    }
    if not shares:
        return None
    name = min(sorted(shares), key=shares.__getitem__)
    return {"district": name, "share": round(float(shares[name]), 6)}


def _districts(scenario: Scenario) -> set[str]:
    asked = {o.district for p in scenario.instance.proposals for o in p.options}
    return asked | {place.district for place in scenario.instance.locations}


def _sums(
    decisions: Sequence[Decision], names: set[str], by: str
) -> dict[str, dict[str, int | float]]:
    """Rupiah, points and number of what is funded, by the district or agency that gets it."""
    sums = dict.fromkeys(sorted(names), NOTHING)
    for decision in decisions:
        if decision.kind.startswith("fund"):
            name = getattr(decision.option, by)
            sums[name] = sums[name].plus(decision.figures)
    return {
        name: {
            "amount": figures.amount,
            "points": from_micro(figures.points),
            "count": figures.count,
        }
        for name, figures in sums.items()
    }
