"""The plan of a sweep: which runs there are, in which order, and what each depends on."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from solver.errors import InputError, Issue
from solver.model import identify
from solver.scenario import Scenario, read, variant
from solver.solve import Params
from solver.sweep.paths import Named, scenarios_of
from solver.sweep.source import Source, source_in, source_of
from solver.sweep.vary import Lists, products
from solver.tables import json

Task = Mapping[str, Any]
"""One run as plain data: `key`, `document`, `set`, `params` and `versions`; see Plan.task."""

Reader = Callable[[Sequence[Named]], Iterable[Source]]
"""What reads many scenarios; engines have one that reads several at once."""


@dataclass(frozen=True)
class Run:
    """One solve: a scenario with some of its cells set. `key` names all that its result is of.

    Numbers begin with 1. `key` is empty where the scenario could not be read.
    """

    number: int
    source: Source
    set: Mapping[str, Any]
    key: str


@dataclass(frozen=True)
class Plan:
    """The runs in order; each scenario as it is comes before those that vary it."""

    sources: tuple[Source, ...]
    runs: tuple[Run, ...]
    params: Params
    versions: Mapping[str, str]

    def task(self, run: Run) -> Task:
        """What a worker is given: bytes and numbers, and nothing it would have to look for."""
        return {
            "key": run.key,
            "document": run.source.document,
            "set": dict(run.set),
            "params": asdict(self.params),
            "versions": dict(self.versions),
        }

    @functools.cached_property
    def keys(self) -> Mapping[str, Run]:
        """The first run of each key: what says the same twice is computed once."""
        found: dict[str, Run] = {}
        for run in self.runs:
            if run.key:
                found.setdefault(run.key, run)
        return found


def planned(
    paths: Sequence[Path], lists: Lists, params: Params, reader: Reader | None = None
) -> Plan:
    """The plan for these paths; `lists` go before the lists that a scenario's own [sweep] has.

    Raises UsageError for a path or a solver that is not there. One scenario alone is answered as
    `recommend` does: InputError with every problem in it and in the values. Of several, one that
    can't be read is a run with its reason.
    """
    versions_of(params.solver)  # a solver that is not there is told before anything is read
    named = scenarios_of(paths)
    if len(named) == 1:
        return planned_of(named[0].name, read(named[0].path), lists, params)
    return _plan(list((reader or _one_by_one)(named)), lists, params)


def planned_of(name: str, scenario: Scenario, lists: Lists, params: Params) -> Plan:
    """The plan for one scenario that was read already; InputError with all wrong values."""
    return _plan([_tried(name, scenario, lists)], lists, params)


def _plan(sources: Sequence[Source], lists: Lists, params: Params) -> Plan:
    # 60 and 60.0 seconds are the same effort, and so is their key.
    params = replace(params, time_limit=float(params.time_limit), gap=float(params.gap))
    versions = versions_of(params.solver)
    runs: list[Run] = []
    for source in sources:
        fragments = [{}, *products({**source.lists, **lists})] if source.why is None else [{}]
        for fragment in fragments:
            key = "" if source.why else _key(source, fragment, params, versions)
            runs.append(Run(len(runs) + 1, source, fragment, key))
    return Plan(tuple(sources), tuple(runs), params, versions)


@functools.cache
def versions_of(solver: str) -> Mapping[str, str]:
    """What computes: a result of another version is another result."""
    name, number = identify(solver)
    return {"kayuh": version("kayuh"), "solver": f"{name} {number}"}


def _one_by_one(named: Sequence[Named]) -> Iterable[Source]:
    return (source_of(*one) for one in named)


def _tried(name: str, scenario: Scenario, lists: Lists) -> Source:
    """The only scenario; each value is tried alone, so that a misspelt key is told at once."""
    source = source_in(name, scenario)
    issues: dict[tuple[Any, ...], Issue] = {}
    for key, values in {**source.lists, **lists}.items():
        for value in values:
            try:
                variant(scenario, {"set": {key: value}}, "--vary")
            except InputError as error:
                for issue in error.issues:
                    known = (issue.code, issue.place, issue.column, str(issue.value))
                    issues.setdefault(known, issue)
    if issues:
        raise InputError(issues.values())
    return source


def _key(
    source: Source, fragment: Mapping[str, Any], params: Params, versions: Mapping[str, str]
) -> str:
    whole = {
        "scenario": source.digest,
        "set": fragment,
        "params": asdict(params),
        "versions": versions,
    }
    return hashlib.sha256(json.dump(whole).encode()).hexdigest()
