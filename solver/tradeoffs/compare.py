"""Scenarios and hand-made lists side by side: who is in, out or cut, and which money moves.

Columns, in this order: the recommended plan of each scenario, all stages and the tie-break
included; the list a desk would make by hand (`baseline`) from the tables of the first scenario; and
the lists that were given, read against the same tables. A list is shown as it is: what it breaks is
counted, and nothing is claimed of it. A scenario that is impossible, or without a plan in the time,
is a column without cells.

A cell says what the column decides of a proposal (fund, fund_changed, covered, not_fund), with the
new volume and money; None where the column's tables do not know the proposal. `verdict` looks at
every column with a plan, the lists too: `always` is in each of them, `never` in none, `sometimes`
in some. In is what is funded, in full or changed, or covered by a Renja line.

Against the first column with a plan a column tells who `enters` and who `leaves`, whose money is
`less` and whose `more` among those in both, and the money by agency and by place, where it is
spent: a district with all its wards, and each ward. Points are those of the column's own scenario,
so points of scenarios with other scores can't be set against each other.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from solver.assess import amount_of, points_of, violations
from solver.baseline import baseline
from solver.case import Case
from solver.decision import Decision, bare_decisions
from solver.instance import Choice, Figures, Proposal
from solver.result import Result, Status
from solver.rules import Usage
from solver.scenario import Scenario
from solver.solve import Watch, solve
from solver.tradeoffs.answer import Answer
from solver.tradeoffs.cache import Cache, digest

IN = ("fund", "fund_changed", "covered")


@dataclass(frozen=True)
class Column:
    """One plan among those compared; `taken` is None where there is none.

    `kind` is scenario, baseline or list, `name` a file's name or nothing. `status` and the bound of
    the points (millionths) are those of a scenario's solve; `breaks` is what a list breaks.
    """

    kind: str
    name: str
    scenario: Scenario
    case: Case
    taken: Mapping[int, Figures] | None
    status: Status | None = None
    bound: int | None = None
    breaks: Sequence[Usage] = ()

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """What it decides of each proposal it knows; empty without a plan."""
        if self.taken is None:
            return {}
        return {d.proposal.id: d for d in bare_decisions(self.case, self.taken)}

    @property
    def points(self) -> int:
        """The points of its plan, in millionths."""
        return points_of(self.taken or {})

    @property
    def amount(self) -> int:
        """What its plan costs, in rupiah."""
        return amount_of(self.taken or {})

    @cached_property
    def by_agency(self) -> Mapping[str, int]:
        """Rupiah by the agency that spends them."""
        found: Counter[str] = Counter()
        for position, figures in (self.taken or {}).items():
            found[self.case.space.options[position].agency] += figures.amount
        return found

    @cached_property
    def by_place(self) -> Mapping[str, int]:
        """Rupiah by DISTRICT, its wards included, and by DISTRICT/WARD, where they are spent."""
        found: Counter[str] = Counter()
        for position, figures in (self.taken or {}).items():
            option = self.case.space.options[position]
            found[option.district] += figures.amount
            if option.ward:
                found[f"{option.district}/{option.ward}"] += figures.amount
        return found


@dataclass(frozen=True)
class Line:
    """One proposal across the columns, as the first that knows it has it; a cell may be None."""

    proposal: Proposal
    cells: tuple[Decision | None, ...]
    verdict: str


@dataclass(frozen=True)
class Against:
    """What a column changes against the first one with a plan: proposals by id, sorted."""

    enters: tuple[str, ...]
    leaves: tuple[str, ...]
    less: tuple[str, ...]
    more: tuple[str, ...]
    agencies: Mapping[str, int]
    places: Mapping[str, int]


@dataclass(frozen=True)
class Comparison:
    """The columns, a line a proposal by id, and each column against the first with a plan."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    against: tuple[Against | None, ...]


def solved(
    name: str,
    scenario: Scenario,
    cache: Cache | None = None,
    *,
    stop: threading.Event | None = None,
    watch: Watch | None = None,
) -> Column:
    """The column of a scenario: its plan from the cache, else solved, and kept where proven."""
    key = digest("compare", scenario.digest)
    case = Case(scenario.instance)
    known = cache.get(key, case) if cache is not None else None
    if known is not None:
        status = Status.INFEASIBLE if known.possible is False else Status.OPTIMAL
        return Column("scenario", name, scenario, case, known.taken, status, known.bound)
    result = solve(scenario.instance, stop=stop, watch=watch)
    column = of_scenario(name, scenario, result)
    if cache is not None and result.status in (Status.OPTIMAL, Status.INFEASIBLE):
        possible = result.status is Status.OPTIMAL
        best = column.points if possible else None
        cache.put(key, Answer(best, column.bound, possible, result.taken, result.case))
    return column


def of_scenario(name: str, scenario: Scenario, result: Result) -> Column:
    """The column of a scenario that was solved."""
    points = result.points
    bound = None if points is None or points.bound is None else int(points.bound)
    return Column("scenario", name, scenario, result.case, result.taken, result.status, bound)


def by_hand(scenario: Scenario) -> Column:
    """The column of the list a desk would make by hand."""
    case = Case(scenario.instance)
    hand = baseline(case)
    return Column("baseline", "", scenario, case, hand.taken, breaks=tuple(hand.breaks))


def of_list(name: str, scenario: Scenario, choices: Sequence[Choice]) -> Column:
    """The column of a list that was given."""
    case = Case(scenario.instance)
    taken = case.space.take(choices)
    return Column("list", name, scenario, case, taken, breaks=tuple(violations(case, taken)))


def compare(columns: Sequence[Column]) -> Comparison:
    """The columns set side by side."""
    first = next((column for column in columns if column.taken is not None), None)
    return Comparison(
        tuple(columns),
        tuple(_lines(columns)),
        tuple(
            None if first is None or column.taken is None else _against(column, first)
            for column in columns
        ),
    )


def _lines(columns: Sequence[Column]) -> Sequence[Line]:
    known: dict[str, Proposal] = {}
    for column in columns:
        for proposal in column.case.instance.proposals:
            known.setdefault(proposal.id, proposal)
    found = []
    for name in sorted(known):
        cells = tuple(column.decisions.get(name) for column in columns)
        told = zip(cells, columns, strict=True)
        ins = [c is not None and c.kind in IN for c, column in told if column.taken is not None]
        verdict = "never" if not any(ins) else "always" if all(ins) else "sometimes"
        found.append(Line(known[name], cells, verdict))
    return found


def _against(column: Column, first: Column) -> Against:
    here, there = ({n: d for n, d in c.decisions.items() if d.kind in IN} for c in (column, first))
    both = sorted(here.keys() & there.keys())
    gains = {name: here[name].figures.amount - there[name].figures.amount for name in both}
    return Against(
        tuple(sorted(here.keys() - there.keys())),
        tuple(sorted(there.keys() - here.keys())),
        tuple(name for name in both if gains[name] < 0),
        tuple(name for name in both if gains[name] > 0),
        _moved(column.by_agency, first.by_agency),
        _moved(column.by_place, first.by_place),
    )


def _moved(here: Mapping[str, int], there: Mapping[str, int]) -> Mapping[str, int]:
    """By how much each sum differs, where it does."""
    names = sorted(here.keys() | there.keys())
    changes = {name: here.get(name, 0) - there.get(name, 0) for name in names}
    return {name: change for name, change in changes.items() if change}
