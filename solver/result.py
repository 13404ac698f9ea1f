"""What a solve says: status, stages with bound and gap, and the plan, each on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from solver.baseline import Baseline
from solver.case import Case
from solver.certificate import Certificate
from solver.errors import Notice
from solver.instance import Figures
from solver.rules import Fragment, Row, Usage
from solver.rules.row import Element


class Status(StrEnum):
    """How sure the plan is; the words are those of CONTRACT section 4."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage, in its own whole unit (`kind`: points in millionths, money in rupiah, number).

    `best` and `bound` hold with the earlier stages held; `value` is that of the final plan.
    `give_up` is what the later stages may take. A proven bound is the best itself; None: no bound.
    """

    name: str
    sense: str
    kind: str
    best: Fraction
    bound: Fraction | None
    give_up: Fraction
    value: Fraction
    proven: bool

    @property
    def scale(self) -> int:
        """How many whole units one printed unit has."""
        return 1_000_000 if self.kind == "points" else 1

    @property
    def gap(self) -> float | None:
        """(bound - best) / max(1, |best|), in printed units and never negative."""
        if self.bound is None:
            return None
        size = max(Fraction(self.scale), abs(self.best))
        return float(abs(self.bound - self.best) / size)


@dataclass(frozen=True)
class Result:
    """The answer to one solve, with the list made by hand (`hand`) beside it.

    `taken` is the plan; None with the statuses that have none.

    `unique`: the tie-break was proven and no second plan reaches its value. `stopped`: the caller
    asked to stop, and this is the best so far.
    """

    case: Case
    status: Status
    hand: Baseline
    stages: Sequence[StageResult] = ()
    taken: Mapping[int, Figures] | None = None
    unique: bool = False
    stopped: bool = False
    seconds: float = 0.0
    solver: tuple[str, str] = ("", "")
    method: str = "generic"
    certificate: Certificate | None = None
    notices: Sequence[Notice] = ()

    @property
    def points(self) -> StageResult | None:
        """The stage `points`, where the objective has it."""
        return next((stage for stage in self.stages if stage.name == "points"), None)


@dataclass(frozen=True)
class Conflict:
    """The rows that clash. `irreducible`: proven that without any one rule a plan exists."""

    rows: Sequence[Row]
    irreducible: bool

    @property
    def elements(self) -> Sequence[Element]:
        """The rules and subjects that clash, each once."""
        return tuple(dict.fromkeys(row.element for row in self.rows))


@dataclass(frozen=True)
class Repair:
    """A fragment that makes the scenario possible, by moving what `touched` says.

    `rupiah` is the money moved, `after` the result of the scenario with the fragment applied.
    """

    fragment: Fragment
    grantor: str
    touched: Sequence[Usage]
    rupiah: int
    after: Result
