"""What a job may be asked to do: a posted question goes in, a function for a thread comes out.

A question is kept as it was posted, with the digests of the scenarios it builds on, so that a job
which was interrupted can be taken up again and means the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from service import analyses, sweeps, takes
from service.jobs import Outcome, Run
from service.scenarios import Known, Library
from service.store import Tx, snapshots
from service.store.snapshots import Sealed
from solver.errors import Notice
from solver.instance import Choice
from solver.judgement import judgement, read_plan
from solver.recommend import recommend
from solver.scenario import Scenario, resolve
from solver.solve import Params
from solver.write import result_document, warning

Document = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """A question that was read and found to make sense.

    `posted` is {"scenario": ..., "plan": ...} as it came; None: the scenario was made here.
    `choices` is its plan, for an assessment. `about` is what else the job's row is to say: for whom
    it was asked, and when.
    """

    kind: str
    posted: Mapping[str, Any] | None
    parents: Mapping[str, str]
    params: Params
    language: str
    scenario: Scenario
    choices: tuple[Choice, ...] = ()
    notices: tuple[Notice, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    sealed: tuple[Sealed, Sealed | None] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make ready what is kept, so that no writer waits for it."""
        posted = None if self.posted is None else snapshots.sealed(_plain(self.posted))
        object.__setattr__(self, "sealed", (snapshots.sealed(self.scenario.document), posted))

    def request(self, tx: Tx) -> Document:
        """The question as a job's row has it, its documents kept beside it."""
        scenario, posted = self.sealed
        return {
            **self.about,
            "scenario": snapshots.keep(tx, "scenario", scenario),
            "posted": None if posted is None else snapshots.keep(tx, "posted", posted),
            "parents": dict(self.parents),
            "params": asdict(self.params),
            "language": self.language,
        }

    def work(self, run: Run) -> Outcome:
        """Do what was asked for."""
        return WORK[self.kind](self, run)


def question(
    kind: str, posted: Mapping[str, Any], known: Known, params: Params, language: str
) -> Question:
    """The question of a posted document; InputError where its scenario or plan makes no sense."""
    scenario = resolve(posted["scenario"], known)
    parent = posted["scenario"].get("extends")
    parents = {} if parent is None else {parent: known.digests[parent]}
    choices: tuple[Choice, ...] = ()
    notices: tuple[Notice, ...] = ()
    if kind == "assessment":
        choices, notices = read_plan(posted["plan"], scenario.instance)
    return Question(kind, posted, parents, params, language, scenario, choices, notices)


def made(
    scenario: Scenario, params: Params, language: str, about: Mapping[str, Any] | None = None
) -> Question:
    """The question for a recommendation of a scenario that was made here, such as a desk's."""
    return Question("recommendation", None, {}, params, language, scenario, about=about or {})


def again(
    kind: str, request: Mapping[str, Any], tx: Tx, library: Library
) -> Question | analyses.Weighing | analyses.Comparing | takes.Takes | sweeps.Sweeping:
    """The question of a job's row."""
    if kind == takes.KIND:
        return takes.again(request, tx, library)
    if kind == sweeps.KIND:
        return sweeps.again(request, library)
    if kind in analyses.KINDS:
        return analyses.again(kind, request, tx, library)
    params, language = Params(**request["params"]), request["language"]
    if request["posted"] is None:
        return made(library.get(request["scenario"]), params, language)
    posted = snapshots.read(tx, request["posted"]) or {}
    return question(kind, posted, library.of(request["parents"]), params, language)


def _recommendation(asked: Question, run: Run) -> Outcome:
    found = recommend(asked.scenario, asked.params, stop=run.stop, watch=run.watch, log=run.tell)
    document = result_document(found, asked.language, with_input=False)
    return Outcome(document, found.result.stopped)


def _assessment(asked: Question, run: Run) -> Outcome:
    found = judgement(
        asked.scenario, asked.choices, asked.params, stop=run.stop, watch=run.watch, log=run.tell
    )
    found["warnings"] = [warning(notice, asked.language) for notice in asked.notices]
    return Outcome(found, run.stop.is_set())


WORK: Mapping[str, Callable[[Question, Run], Outcome]] = {
    "recommendation": _recommendation,
    "assessment": _assessment,
}
"""The kinds of jobs. A new one is a function here and a resource in api/."""


def _plain(value: Any) -> Any:
    """A posted document with decimals as JSON has them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
