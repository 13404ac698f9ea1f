"""Analyses and comparisons as jobs: what was asked is kept, so that it can be taken up again.

A result holds the document in every language, since people of both read it on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.jobs import Outcome, Run
from service.scenarios import Library
from service.store import Tx, snapshots
from service.store.snapshots import Sealed, sealed
from solver.instance import Choice
from solver.reread import result
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
ABOUT = ("city", "asked_at", "rev", "keys")
"""For whom and when a question was asked, and how the page calls what it compares."""
BASE = 30.0
"""Seconds at most for the plan that an analysis starts from."""


@dataclass(frozen=True)
class Weighing:
    """One analysis of one scenario, for `seconds` at most; `about` is for whom and when.

    `only` are the proposals that it is asked of, for those analyses that ask of each. `base` is the
    digest of a kept result that it starts from and `plan` its document; without one the scenario is
    solved first.
    """

    analysis: str
    scenario: Scenario
    seconds: float
    about: Mapping[str, Any]
    only: Sequence[str] = ()
    base: str = ""
    plan: Mapping[str, Any] | None = None
    kind: str = "tradeoff"
    kept: Sealed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make ready what is kept, so that no writer waits for it."""
        object.__setattr__(self, "kept", sealed(self.scenario.document))

    def request(self, tx: Tx) -> Document:
        """The question as a job's row has it."""
        return {
            **self.about,
            "analysis": self.analysis,
            "scenario": snapshots.keep(tx, "scenario", self.kept),
            "seconds": self.seconds,
            "only": list(self.only),
            "base": self.base,
        }

    def work(self, run: Run) -> Outcome:
        """Take or solve the base plan, then ask; what the time did not reach is told as such."""

        def tell(analysis: str, done: int, whole: int) -> None:
            run.watch(analysis, float(done), float(whole))

        if self.plan is None:
            base = solve(
                self.scenario.instance,
                Params(BASE),
                stop=run.stop,
                watch=run.watch,
                log=run.tell,
            )
        else:
            base = result(self.plan, self.scenario)
        questions = Questions(self.scenario, base, Budget(self.seconds, run.stop, tell))
        found = ANALYSES[self.analysis](questions, self.only or None)
        instance = self.scenario.instance
        told = {
            language: analysis_document(self.analysis, found, instance, language)
            for language in LANGUAGES
        }
        return Outcome(told, run.stop.is_set())


@dataclass(frozen=True)
class Comparing:
    """Scenarios side by side with lists; the list made by hand is always one of them."""

    scenarios: Sequence[tuple[str, Scenario]]
    lists: Sequence[tuple[str, Sequence[Choice]]]
    seconds: float
    about: Mapping[str, Any]
    kind: str = "comparison"
    kept: Sequence[Sealed] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make ready what is kept, so that no writer waits for it."""
        kept = [sealed(scenario.document) for _, scenario in self.scenarios]
        object.__setattr__(self, "kept", kept)

    def request(self, tx: Tx) -> Document:
        """The question as a job's row has it."""
        return {
            **self.about,
            "scenario": snapshots.keep(tx, "scenario", self.kept[0]),
            "scenarios": [
                {"name": name, "digest": snapshots.keep(tx, "scenario", kept)}
                for (name, _), kept in zip(self.scenarios, self.kept, strict=True)
            ],
            "lists": [
                {"name": name, "choices": snapshots.keep(tx, "plan", [list(c) for c in choices])}
                for name, choices in self.lists
            ],
            "seconds": self.seconds,
        }

    def work(self, run: Run) -> Outcome:
        """Solve every scenario; a stopped one is shown at its best so far."""
        columns: list[Column] = []
        for name, scenario in self.scenarios:
            solved = solve(
                scenario.instance,
                Params(self.seconds),
                stop=run.stop,
                watch=run.watch,
                log=run.tell,
            )
            columns.append(of_scenario(name, scenario, solved))
        first = self.scenarios[0][1]
        columns.append(by_hand(first))
        columns += [of_list(name, first, choices) for name, choices in self.lists]
        found = compared(columns)
        told = {language: comparison.document(found, language) for language in LANGUAGES}
        return Outcome(told, run.stop.is_set())


def again(kind: str, request: Mapping[str, Any], tx: Tx, library: Library) -> Weighing | Comparing:
    """The question of a job's row."""
    about = {name: request[name] for name in ABOUT if name in request}
    seconds = request["seconds"]
    if kind == "tradeoff":
        scenario = library.get(request["scenario"])
        base = request["base"]
        plan = snapshots.read(tx, base) if base else None
        return Weighing(request["analysis"], scenario, seconds, about, request["only"], base, plan)
    return Comparing(
        [(one["name"], library.get(one["digest"])) for one in request["scenarios"]],
        [
            (one["name"], [Choice(*c) for c in snapshots.read(tx, one["choices"]) or ()])
            for one in request["lists"]
        ],
        seconds,
        about,
    )
