"""Analyses and comparisons as jobs: what was asked is kept, so that it can be taken up again.

A result holds the document in every language, since people of both read it on the page.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.jobs import Outcome, Watch
from service.scenarios import Library
from service.store import Tx, snapshots
from solver.instance import Choice
from solver.scenario import Scenario
from solver.solve import Params, solve
from solver.tradeoffs import (
    ANALYSES,
    Budget,
    Column,
    Questions,
    by_hand,
    compared,
    of_list,
    of_scenario,
)
from solver.words import LANGUAGES
from solver.write import comparison
from solver.write.analyses import analysis_document

Document = dict[str, Any]

KINDS = ("tradeoff", "comparison")
BASE = 30.0
"""Seconds at most for the plan that an analysis starts from."""


@dataclass(frozen=True)
class Weighing:
    """One analysis of one scenario, for `seconds` at most; `about` is for whom and when.

    `only` are the proposals that it is asked of, for those analyses that ask of each.
    """

    analysis: str
    scenario: Scenario
    seconds: float
    about: Mapping[str, Any]
    only: Sequence[str] = ()
    kind: str = "tradeoff"

    def request(self, tx: Tx) -> Document:
        """The question as a job's row has it."""
        return {
            **self.about,
            "analysis": self.analysis,
            "scenario": snapshots.keep(tx, "scenario", self.scenario.document),
            "seconds": self.seconds,
            "only": list(self.only),
        }

    def work(self, stop: threading.Event, watch: Watch) -> Outcome:
        """Solve the base plan, then ask; what the time did not reach is told as such."""

        def tell(analysis: str, done: int, whole: int) -> None:
            watch(analysis, float(done), float(whole))

        base = solve(self.scenario.instance, Params(BASE), stop=stop, watch=watch)
        questions = Questions(self.scenario, base, Budget(self.seconds, stop, tell))
        found = ANALYSES[self.analysis](questions, self.only or None)
        instance = self.scenario.instance
        told = {
            language: analysis_document(self.analysis, found, instance, language)
            for language in LANGUAGES
        }
        return Outcome(told, stop.is_set())


@dataclass(frozen=True)
class Comparing:
    """Scenarios side by side with lists; the list made by hand is always one of them."""

    scenarios: Sequence[tuple[str, Scenario]]
    lists: Sequence[tuple[str, Sequence[Choice]]]
    seconds: float
    about: Mapping[str, Any]
    kind: str = "comparison"

    def request(self, tx: Tx) -> Document:
        """The question as a job's row has it."""
        return {
            **self.about,
            "scenario": snapshots.keep(tx, "scenario", self.scenarios[0][1].document),
            "scenarios": [
                {"name": name, "digest": snapshots.keep(tx, "scenario", scenario.document)}
                for name, scenario in self.scenarios
            ],
            "lists": [
                {"name": name, "choices": snapshots.keep(tx, "plan", [list(c) for c in choices])}
                for name, choices in self.lists
            ],
            "seconds": self.seconds,
        }

    def work(self, stop: threading.Event, watch: Watch) -> Outcome:
        """Solve every scenario; a stopped one is shown at its best so far."""
        columns: list[Column] = []
        for name, scenario in self.scenarios:
            result = solve(scenario.instance, Params(self.seconds), stop=stop, watch=watch)
            columns.append(of_scenario(name, scenario, result))
        first = self.scenarios[0][1]
        columns.append(by_hand(first))
        columns += [of_list(name, first, choices) for name, choices in self.lists]
        found = compared(columns)
        told = {language: comparison.document(found, language) for language in LANGUAGES}
        return Outcome(told, stop.is_set())


def again(kind: str, request: Mapping[str, Any], tx: Tx, library: Library) -> Weighing | Comparing:
    """The question of a job's row."""
    about = {name: request[name] for name in ("city", "asked_at", "rev") if name in request}
    seconds = request["seconds"]
    if kind == "tradeoff":
        scenario = library.get(request["scenario"])
        return Weighing(request["analysis"], scenario, seconds, about, request["only"])
    return Comparing(
        [(one["name"], library.get(one["digest"])) for one in request["scenarios"]],
        [
            (one["name"], [Choice(*c) for c in snapshots.read(tx, one["choices"]) or ()])
            for one in request["lists"]
        ],
        seconds,
        about,
    )
