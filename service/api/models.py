"""The documents that go in and out, typed: what the OpenAPI document describes.

A posted scenario is described by the solver itself (solver.scenario.schemas), since only reading it
finds out what its names refer to.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, WithJsonSchema

from service.scenarios import NAME
from service.settings import MAX_SECONDS, MAX_WAIT
from service.store.jobs import STATES
from solver.tradeoffs import ANALYSES


class In(BaseModel):
    """What comes in: no key that is not named, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Address(BaseModel):
    """Parts of an address, which are all text."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """What goes out; later versions may add to it."""

    model_config = ConfigDict(extra="allow")


def _plain(value: Any) -> Any:
    """A JSON number as Python has it; 5197606.0 is whole."""
    if isinstance(value, Decimal):
        return (
            int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
        )
    return value


# The bound stands before the conversion: the other way round the schema would lose it.
Seconds = Annotated[float, Field(ge=0, le=MAX_SECONDS), BeforeValidator(_plain)]
Part = Annotated[float, Field(ge=0, le=1), BeforeValidator(_plain)]
Rupiah = Annotated[int, Field(ge=0, le=10**14), BeforeValidator(_plain)]
Volume = Annotated[float, Field(ge=0, le=10**9), BeforeValidator(_plain)]
Revision = Annotated[int, Field(ge=0, le=2**53), BeforeValidator(_plain)]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Note = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f]*$")]
Number = int | float
State = Literal["waiting", "running", "done", "stopped", "failed", "interrupted"]


class Params(In):
    """How to solve, and in which language to tell the result."""

    time_limit: Seconds = Field(default=60.0, description="Seconds for all stages together.")
    gap: Part = Field(default=0.0, description="Stop at this relative gap; 0 asks for a proof.")
    method: Literal["auto", "generic", "rooms"] = "auto"
    language: Literal["id", "en"] | None = Field(
        default=None, description="Else as Accept-Language says."
    )


class Asked(In):
    """What stands beside the scenario."""

    params: Params = Params()


class AskedOfPlan(Asked):
    """What stands beside the scenario where a list made by hand is judged."""

    plan: list[Any]


class SignIn(In):
    """An account's name and password."""

    name: Line
    password: Annotated[str, Field(max_length=200)]


class RoomCode(In):
    """A room's code, with the name and the role in which one joins."""

    code: Annotated[str, Field(max_length=20, pattern=r"^[ -~]*$")]
    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
    role: Literal["agency", "kecamatan", "planner", "observer"]
    district: Line | None = Field(
        default=None, description="Which one, where the role is kecamatan."
    )


class NewCity(In):
    """A city in a year, on a stored scenario."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    scenario: Line = Field(description="The name of a stored scenario.")
    title: Line = ""


class Sized(In):
    """Place and size, as far as they are said; what is left out follows from the rest."""

    rev: Revision = Field(description="The revision that was seen; 0: never touched.")
    option: Line | None = None
    district: Line | None = None
    ward: Line | None = None
    volume: Volume | None = None
    amount: Rupiah | None = None


class DecisionEdit(Sized):
    """What a decision is to be; an amount has to be one that a volume on the grid costs."""

    code: Literal["accommodated", "accommodated_changed", "deferred", "declined", "undiscussed"]
    reason: Line = Field(default="", description="A reason or a gate, by its code.")
    note: Note = ""


class LockEdit(Sized):
    """What the desk's recommendations are to keep to; `none` takes the lock off."""

    decision: Literal["fund", "reject", "none"]
    reason: Note = ""


class SessionEdit(In):
    """The state that the desk's session is to have; a signed one is reopened with a reason."""

    state: Literal["open", "closed", "signed"]
    reason: Note = ""


class Agreement(In):
    """A party agrees to a kecamatan's list as it was read, single rows excepted."""

    party: Literal["opd", "kecamatan", "planner"]
    district: Line
    rev: Revision = Field(description="The board's `rev` when the list was read.")
    excepted: list[Line] = []


class DeskQuestion(In):
    """How a desk's recommendation is to be made."""

    params: Params = Params()


class Spoken(In):
    """In which language to tell it."""

    language: Literal["id", "en"] | None = None


class AskedOfTradeoff(In):
    """What stands beside the scenario where an analysis is asked for."""

    only: list[Line] | None = Field(
        default=None, description="Ids of proposals, where the analysis is of single ones."
    )
    budget: Seconds = Field(default=60.0, description="Seconds for all its questions together.")
    params: Spoken = Spoken()


class ComparisonParams(Spoken):
    """How long to solve each scenario, and in which language to tell what differs."""

    time_limit: Seconds = 60.0


class NamedPlan(In):
    """A list made by hand, with a name for its column."""

    name: Line = ""
    rows: list[Any]


class ComparisonQuestion(In):
    """Scenarios to set side by side, with lists that are read against the first of them."""

    scenarios: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=12)]
    plans: Annotated[list[NamedPlan], Field(max_length=12)] = []
    params: ComparisonParams = ComparisonParams()


class TradeoffQuestion(RootModel[dict[str, Any]]):
    """A scenario, and what of it is asked."""


class RecommendationQuestion(RootModel[dict[str, Any]]):
    """A scenario to solve."""


class AssessmentQuestion(RootModel[dict[str, Any]]):
    """A scenario, and a list made by hand to judge by it."""


class NewScenario(RootModel[dict[str, Any]]):
    """A scenario to keep."""


class RecommendationQuery(Address):
    """How long to wait for the result."""

    wait: float = Field(
        default=0,
        ge=0,
        le=MAX_WAIT,
        allow_inf_nan=False,
        description=("Answer with the result if it is ready in so many seconds, else with 202."),
    )


class WorkQuery(Address):
    """How long to wait for the result."""

    wait: float = Field(
        default=MAX_WAIT,
        ge=0,
        le=MAX_WAIT,
        allow_inf_nan=False,
        description=("Answer with the result if it is ready in so many seconds, else with 202."),
    )


class IdPath(Address):
    """The job's id."""

    id: str


class NamePath(Address):
    """The scenario's name."""

    name: str


class AnalysisPath(Address):
    """The analysis, by its name."""

    name: Annotated[str, WithJsonSchema({"enum": list(ANALYSES)})]


class NewNamePath(Address):
    """The name to keep a scenario under."""

    name: str = Field(pattern=f"^{NAME.pattern}$")


class DeskPath(Address):
    """The desk's id: CITY.AGENCY."""

    desk: str


class CityPath(Address):
    """The city's id."""

    city: str


class RowPath(DeskPath):
    """A proposal at a desk."""

    proposal: str


class GuestPath(DeskPath):
    """Someone who joined a desk by its room code."""

    guest: str


class ResultQuery(Address):
    """What to add to the result."""

    include: Annotated[Literal["input"] | None, WithJsonSchema({"enum": ["input"]})] = Field(
        default=None, description="`input` adds the resolved scenario."
    )


class JobsQuery(Address):
    """Which jobs to list."""

    state: Annotated[State | None, WithJsonSchema({"enum": list(STATES)})] = None


class ProblemEntry(Out):
    """One thing that is wrong: where in the body, and what to do about it."""

    pointer: str = Field(description="A JSON pointer into the body; empty: not of one place in it.")
    code: str
    text: str
    suggestion: str | None = None
    parameter: str | None = Field(
        default=None, description="The parameter of the address that is meant."
    )


class Problem(Out):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemEntry]


class Progress(Out):
    """How far a solve is: the stage, its best and its bound so far, in printed units.

    Of an analysis or a sweep: how many of its questions are answered, and how many it has.
    """

    stage: str | None = None
    best: float | None = None
    bound: float | None = None
    done: float | None = None
    whole: float | None = None
    seconds: float | None = None


class JobError(Out):
    """Why a job has no result."""

    code: str
    text: str


class Job(Out):
    """A piece of work for the solver."""

    id: str
    kind: str
    desk: str | None
    state: State
    progress: Progress | None
    gap: float | None = Field(description="(bound - best) / max(1, |best|) so far.")
    by: str
    created: str
    changed: str
    result: str | None = Field(description="Where the result is, once there is one.")
    error: JobError | None


class Jobs(Out):
    """Jobs, the newest first."""

    jobs: list[Job]


class JobLog(Out):
    """What the solver told while it worked."""

    log: str


class StageResult(Out):
    """One stage of the objective."""

    name: str
    sense: Literal["max", "min"]
    best: Number
    bound: Number | None
    give_up: Number
    value: Number
    proven: bool


class Where(Out):
    """Agency, Renja line and place."""

    agency: str
    line: str
    district: str
    ward: str


class Requested(Where):
    """What was asked for."""

    volume: Number | None
    amount: int


class Reason(Out):
    """Why: a code, its facts, and the sentence."""

    code: str
    facts: dict[str, Any]
    text: str


class Decision(Where):
    """What the plan does with one proposal."""

    proposal: str
    option: str
    title: str
    decision: Literal["fund", "fund_changed", "covered", "not_fund"]
    volume: Number | None
    unit: str
    amount: int
    points: Number
    priority: int | None
    requested: Requested
    changes: list[str]
    reasons: list[Reason]


class LimitOver(Out):
    """A limit and what is used of it."""

    rule: str
    subject: str
    measure: str
    used: Number
    min: Number | None
    max: Number | None


class LimitUse(LimitOver):
    """A limit, what is used of it, and whether anything more would fit."""

    tight: bool


class LineUse(Out):
    """A Renja line before and after."""

    line: str
    ceiling: int | None
    committed: int
    proposals: int
    target_before: Number | None
    target_after: Number | None
    places_added: list[str]


class Inversion(Out):
    """A skipped proposal, and the best-ranked one taken after it."""

    skipped: str
    taken: str


class Baseline(Out):
    """The list that a desk would make by hand."""

    points: Number
    amount: int
    funded: int
    breaks: list[LimitOver]


class ConflictRule(Out):
    """A rule that clashes."""

    rule: str
    subject: str
    text: str


class Repair(Out):
    """A scenario fragment that would make it possible."""

    set: dict[str, Any]
    off: dict[str, Any]
    grantor: Literal["opd", "kecamatan", "planner"]
    rupiah: int
    points_after: Number
    text: str


class Conflict(Out):
    """Why no plan is possible, and what would help."""

    irreducible: bool
    rules: list[ConflictRule]
    repairs: list[Repair]


class Warning(Out):  # noqa: A001 (CONTRACT section 4 calls it so)
    """Something to know that stops nothing."""

    code: str
    text: str


class Result(Out):
    """The recommendation of CONTRACT section 4."""

    status: Literal["optimal", "feasible", "infeasible", "no_answer"]
    unique: bool
    points: Number | None
    bound: Number | None
    gap: float | None
    amount: int | None
    stages: list[StageResult]
    decisions: list[Decision]
    limits: list[LimitUse]
    lines: list[LineUse]
    inversions: list[Inversion]
    baseline: Baseline | None
    conflict: Conflict | None
    warnings: list[Warning]
    scenario: dict[str, Any]
    certificate: dict[str, Any]
    solver: dict[str, Any]


class Assessment(Out):
    """A list made by hand, judged."""

    points: Number
    amount: int
    limits: list[LimitUse]
    violations: list[LimitOver]
    best: Number | None
    proven: bool
    distance: Number | None
    warnings: list[Warning]


class Tradeoff(Out):
    """The analysis under its name, as CONTRACT section 4 has it; null where it can't be asked."""


class Comparison(Out):
    """Who is in, out or cut in each column; `verdict` says always, sometimes or never."""

    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    totals: list[dict[str, Any]]


class Sweep(Out):
    """Many runs of one scenario: their figures, what is always in, and the curves."""

    totals: dict[str, Any]
    runs: list[dict[str, Any]]
    cities: list[dict[str, Any]]
    curves: list[dict[str, Any]]


class StoredScenario(Out):
    """A scenario that others can build on."""

    name: str
    title: str
    digest: str


class StoredScenarios(Out):
    """The stored scenarios, by name."""

    scenarios: list[StoredScenario]


class Rule(Out):
    """A rule of the desk."""

    rule: str
    text: str
    reasons: list[str]
    grantor: Literal["opd", "kecamatan", "planner"]
    can_be_off: bool
    limit: bool = Field(description="Its rows are limits in numbers.")


class Rules(Out):
    """The rules, in the order in which they are judged and told."""

    rules: list[Rule]


class Me(Out):
    """Who is signed in; `local` is the one computer on the table, which may do everything."""

    name: str
    role: Literal["facilitator", "agency", "kecamatan", "planner", "observer", "local"]
    scope: str
    admitted: bool = Field(description="False: a guest whom the facilitator has not let in yet.")


class DeskSummary(Out):
    """A desk and how far it is."""

    id: str
    city: str
    agency: str
    name: str
    state: Literal["new", "open", "closed", "signed"]
    proposals: int
    discussed: int
    agreed: int


class DeskLimit(LimitOver):
    """A limit with what each desk uses of it."""

    by: dict[str, Number]


class City(Out):
    """A city in a year: its desks, and what all of them together use of every limit."""

    id: str
    title: str
    scenario: str = Field(description="The digest of its scenario.")
    rev: int = Field(description="The number of the log's last entry.")
    desks: list[DeskSummary]
    limits: list[DeskLimit]


class CitySummary(Out):
    """A city in a year."""

    id: str
    title: str


class Cities(Out):
    """The cities."""

    cities: list[CitySummary]


class DecisionState(Out):
    """A decision as it stands."""

    code: Literal["accommodated", "accommodated_changed", "deferred", "declined", "undiscussed"]
    option: str
    volume: Number | None
    amount: int
    reason: str
    note: str
    rev: int


class LockState(Out):
    """A lock as it stands."""

    decision: Literal["fund", "reject", "none"]
    option: str | None
    volume: Number | None
    reason: str
    rev: int


class Voice(Out):
    """A party, and the district where it is a kecamatan."""

    party: Literal["opd", "kecamatan", "planner"]
    district: str


class OptionState(Requested):
    """One way to carry out a proposal, with the smallest volume and the step of cuts."""

    option: str
    unit: str
    gate: str
    min_volume: Number | None
    step: Number | None


class BoardRow(Out):
    """A proposal at its desk."""

    proposal: str
    title: str
    priority: int | None
    covered_by: str
    options: list[OptionState] = Field(description="The first is what was asked for.")
    decision: DecisionState
    lock: LockState
    agreed: bool
    excepted: list[Voice]
    silent: list[Voice]


class SessionState(Out):
    """The desk's session; `code` is for who presides, while it is open."""

    state: Literal["new", "open", "closed", "signed"]
    version: int
    reason: str
    code: str | None
    fingerprint: str | None = Field(description="What the minutes print of the log.")


class Board(Out):
    """A desk with all its proposals; `rev` is the log's last entry when it was read."""

    desk: DeskSummary
    session: SessionState
    rev: int
    rows: list[BoardRow]
    breaks: list[LimitOver] = Field(description="Upper limits that the city's plan is over.")


class Edited(Out):
    """A decision after an edit."""

    decision: DecisionState
    breaks: list[LimitOver]


class Standing(Out):
    """Where the parties stand on a proposal."""

    proposal: str
    agreed: bool
    excepted: list[Voice]
    silent: list[Voice]


class Standings(Out):
    """Where the parties stand on each proposal of a desk."""

    standings: list[Standing]


class Guest(Out):
    """Someone who joined by the room code."""

    guest: str
    name: str
    role: str
    scope: str
    admitted: bool


class Guests(Out):
    """Who has joined the desk, those who wait first."""

    guests: list[Guest]


class Health(Out):
    """How the service is."""

    status: Literal["ok"]
    version: str
    database: Literal["ok"]
    solver: Literal["ok"]
    disk: Literal["ok", "low"] = Field(description="Whether there is room left for the database.")
    running: int
    waiting: int


OUT = (
    Problem,
    Job,
    Jobs,
    JobLog,
    Result,
    Assessment,
    Tradeoff,
    Comparison,
    StoredScenario,
    StoredScenarios,
    Rules,
    Health,
    Me,
    Cities,
    City,
    Board,
    Edited,
    LockState,
    SessionState,
    Standings,
    Guest,
    Guests,
)
"""What answers hold."""
IN = (
    Asked,
    AskedOfPlan,
    AskedOfTradeoff,
    ComparisonQuestion,
    SignIn,
    RoomCode,
    NewCity,
    DecisionEdit,
    LockEdit,
    SessionEdit,
    Agreement,
    DeskQuestion,
)
"""What bodies hold, scenarios aside."""
