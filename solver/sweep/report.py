"""What a sweep says: each run against the base of its city, verdicts, curves, what is accepted.

The base of a city is the first run of it in the plan, which is the first path as it is. Scenarios
are of one city where they know the same kecamatan; see Source.city.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.errors import Notice
from solver.expect import unmet
from solver.sweep.accept import Accept, Breach, breaches
from solver.sweep.curves import Curve, curves
from solver.sweep.plan import Plan, Run
from solver.sweep.source import Source, document_in
from solver.sweep.store import Line
from solver.sweep.verdicts import Verdict, verdicts

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One run with what came of it; `row` is None where it has not been computed.

    `base` is the number of the run it is compared with, None for a base itself. `accepted` says
    whether it keeps every rule and its own [expect]; None where there is nothing to keep.
    """

    run: Run
    row: Row | None
    base: int | None
    against: Row | None
    accepted: bool | None
    breaches: Sequence[Breach]
    unmet: Sequence[Notice]


@dataclass(frozen=True)
class City:
    """The runs of one city, by number, and a verdict a proposal where there are several plans.

    `source` is the first of its scenarios: it has the titles.
    """

    source: Source
    runs: Sequence[int]
    plans: int
    verdicts: Sequence[Verdict]
    proposals: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Report:
    """All that a sweep says, in the order of its plan."""

    plan: Plan
    runs: Sequence[Told]
    cities: Sequence[City]
    curves: Sequence[Curve]
    accept: Sequence[Accept]

    @property
    def waiting(self) -> int:
        """The runs that have not been computed."""
        return sum(told.row is None for told in self.runs)


def reported(plan: Plan, known: Mapping[str, Line], accept: Sequence[Accept]) -> Report:
    """The report of the results that are known by the keys of their tasks."""
    rows = {run.number: _row(run, known) for run in plan.runs}
    bases: dict[str, Run] = {}
    for run in plan.runs:
        if run.source.why is None:
            bases.setdefault(run.source.city, run)
    told = [_told(run, rows, bases.get(run.source.city), accept) for run in plan.runs]
    by_source: dict[str, list[tuple[Run, Row | None]]] = {}
    for run in plan.runs:
        by_source.setdefault(run.source.name, []).append((run, rows[run.number]))
    return Report(
        plan,
        told,
        _cities(plan, rows),
        [curve for pairs in by_source.values() for curve in curves(pairs)],
        accept,
    )


def _row(run: Run, known: Mapping[str, Line]) -> Row | None:
    if run.source.why is not None:
        return {"status": "failed", "why": run.source.why}
    return known[run.key]["row"] if run.key in known else None


def _told(
    run: Run, rows: Mapping[int, Row | None], base: Run | None, accept: Sequence[Accept]
) -> Told:
    row = rows[run.number]
    is_base = base is None or base.number == run.number
    against = None if base is None else rows[base.number]
    # A changed scenario is another question, so its file's [expect] no longer applies.
    expect = run.source.expect if not run.set else None
    found: list[Breach] = []
    failures: list[Notice] = []
    accepted = None
    if row is not None and (accept or expect):
        found = breaches(accept, row, against)
        failures = unmet(expect, _as_document(row)) if expect else []
        accepted = not found and not failures
    return Told(
        run,
        row,
        None if is_base or base is None else base.number,
        against,
        accepted,
        found,
        failures,
    )


def _as_document(row: Row) -> Mapping[str, Any]:
    """What [expect] looks at, as a result document has it; who is left out needs no names."""
    taken, changed = row.get("taken", {}), set(row.get("changed", ()))
    return {
        "status": row["status"],
        "unique": row.get("unique", False),
        "points": row.get("points"),
        "amount": row.get("amount"),
        "decisions": [
            *(
                {"proposal": p, "decision": "fund_changed" if p in changed else "fund"}
                for p in taken
            ),
            *({"proposal": p, "decision": "covered"} for p in row.get("covered", ())),
            *([{"proposal": "", "decision": "not_fund"}] if "taken" in row else []),
        ],
    }


def _cities(plan: Plan, rows: Mapping[int, Row | None]) -> list[City]:
    by_city: dict[str, list[Run]] = {}
    for run in plan.runs:
        if run.source.why is None:
            by_city.setdefault(run.source.city, []).append(run)
    return [_city(runs, rows) for runs in by_city.values()]


def _city(runs: Sequence[Run], rows: Mapping[int, Row | None]) -> City:
    numbers = [run.number for run in runs]
    planned = [run for run in runs if "taken" in (rows[run.number] or {})]
    if len(planned) < 2:
        return City(runs[0].source, numbers, len(planned), (), {})
    sources = {run.source.digest: run.source for run in planned}
    known: dict[str, frozenset[str]] = {}
    proposals: dict[str, Mapping[str, Any]] = {}
    for digest, source in sources.items():
        listed = document_in(source.document)["proposals"]
        known[digest] = frozenset(row["id"] for row in listed)
        for row in listed:
            proposals.setdefault(row["id"], row)
    plans = [rows[run.number] or {} for run in planned]
    ids = [known[run.source.digest] for run in planned]
    return City(runs[0].source, numbers, len(planned), verdicts(plans, ids), proposals)
