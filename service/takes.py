"""What it would take for one proposal, as a job: asked of the recommendation that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.jobs import Outcome, Run
from service.scenarios import Library
from service.store import Tx, snapshots
from service.store.snapshots import Sealed
from solver.reread import result
from solver.scenario import Scenario
from solver.tradeoffs import ANALYSES, Budget, Questions
from solver.words import LANGUAGES
from solver.write.analyses import analysis_document

KIND = "takes"
SECONDS = 90.0
"""Seconds that the questions about one proposal may take together."""
Document = dict[str, Any]


@dataclass(frozen=True)
class Takes:
    """The analysis `entry` of one proposal, or `replacement` where the plan funds it.

    `base` is the kept result that it is asked of, by digest; `about` is for whom and when.
    """

    proposal: str
    analysis: str
    scenario: Scenario
    base: str
    document: Mapping[str, Any]
    about: Mapping[str, Any]
    kind: str = KIND
    sealed: Sealed = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make ready what is kept, so that no writer waits for it."""
        object.__setattr__(self, "sealed", snapshots.sealed(self.scenario.document))

    def request(self, tx: Tx) -> Document:
        """The question as a job's row has it."""
        return {
            **self.about,
            "proposal": self.proposal,
            "analysis": self.analysis,
            "base": self.base,
            "scenario": snapshots.keep(tx, "scenario", self.sealed),
        }

    def work(self, run: Run) -> Outcome:
        """Ask; the plan itself is taken from its document and not solved again."""

        def tell(analysis: str, done: int, whole: int) -> None:
            run.watch(analysis, float(done), float(whole))

        questions = Questions(
            self.scenario, result(self.document, self.scenario), Budget(SECONDS, run.stop, tell)
        )
        found = ANALYSES[self.analysis](questions, {self.proposal})
        instance = self.scenario.instance
        told = {
            language: analysis_document(self.analysis, found, instance, language)
            for language in LANGUAGES
        }
        return Outcome(told, run.stop.is_set())


def again(request: Mapping[str, Any], tx: Tx, library: Library) -> Takes:
    """The question of a job's row."""
    return Takes(
        request["proposal"],
        request["analysis"],
        library.get(request["scenario"]),
        request["base"],
        snapshots.read(tx, request["base"]) or {},
        {name: request[name] for name in ("city", "asked_at", "rev")},
    )
