"""A sweep as a job: one thing of a scenario at many values, each result kept as it comes.

Planned, computed and told by solver.sweep, as `kayuh sweep` does. A sweep that was stopped or
interrupted loses nothing: asked again, it computes only what has no result yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.jobs import Outcome, Run
from service.scenarios import Library
from service.store import Store, Tx, snapshots, sweep_runs
from service.store.snapshots import Sealed
from solver.scenario import Scenario
from solver.solve import Params
from solver.sweep import Line, Lists, Plan, carried_out, planned_of, reported
from solver.sweep.engines import Serial
from solver.words import LANGUAGES
from solver.write.sweep import document

KIND = "sweep"
SECONDS, GAP = 30.0, 0.001
"""For each run at most; a curve needs no proof, and its table says how near each point is."""
ABOUT = ("city", "of")
"""For which city it was asked, and what the page calls its scenario."""

Document = dict[str, Any]


class Keeper:
    """Keeps each result in the store, by the key of its task."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, line: Line) -> None:
        """Keep one result for good."""
        ready = sweep_runs.sealed(line)
        with self._store.write() as tx:
            sweep_runs.keep(tx, line["key"], ready)


@dataclass(frozen=True)
class Sweeping:
    """A scenario with its name in tables, and the values to try by key; `about` is for whom.

    Raises InputError where the scenario can't take one of the values.
    """

    name: str
    scenario: Scenario
    lists: Lists
    about: Mapping[str, Any]
    store: Store
    kind: str = KIND
    plan: Plan = field(init=False, repr=False)
    kept: Sealed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Plan it, and make ready what is kept, so that no writer waits for it."""
        plan = planned_of(self.name, self.scenario, self.lists, Params(SECONDS, GAP))
        object.__setattr__(self, "plan", plan)
        object.__setattr__(self, "kept", snapshots.sealed(self.scenario.document))

    def request(self, tx: Tx) -> Document:
        """The question as a job's row has it."""
        return {
            **self.about,
            "name": self.name,
            "scenario": snapshots.keep(tx, "scenario", self.kept),
            "lists": {key: list(values) for key, values in self.lists.items()},
        }

    def work(self, run: Run) -> Outcome:
        """Compute one run after the other; what a stop left undone is told as waiting."""
        with self.store.session() as tx:
            known = sweep_runs.read(tx, self.plan.keys.keys())

        def tell(*_: object) -> None:
            run.watch(KIND, float(len(known)), float(len(self.plan.keys)))

        tell()
        carried_out(
            self.plan, Serial(run.stop), Keeper(self.store), known, stop=run.stop, watch=tell
        )
        report = reported(self.plan, known, ())
        told = {language: document(report, language) for language in LANGUAGES}
        return Outcome(told, report.waiting > 0)


def again(request: Mapping[str, Any], library: Library) -> Sweeping:
    """The question of a job's row."""
    return Sweeping(
        request["name"],
        library.get(request["scenario"]),
        {key: tuple(values) for key, values in request["lists"].items()},
        {name: request[name] for name in ABOUT},
        library.store,
    )
