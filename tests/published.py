"""The published test sets as problems for the solver: an Instance, extra rows, a known value.

The sets lie outside the project; KAYUH_REAL_DATA names their folder, from the project's own folder
if it is relative. Every number is read exactly, and what is not whole is scaled until it is.
"""

from __future__ import annotations

import csv
import json
import math
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from solver.instance import (
    MICRO,
    Agency,
    Figures,
    Instance,
    Limit,
    Location,
    Option,
    Proposal,
)
from solver.rules import Row, Taken

HOME = Path(__file__).resolve().parents[1]
SAVED = os.environ.get("KAYUH_REAL_DATA", "")
DATA = HOME / SAVED
ABSENT = (
    f"no folder {SAVED}" if SAVED else "KAYUH_REAL_DATA does not say where the published data lie"
)

needs_data = pytest.mark.skipif(not (SAVED and DATA.is_dir()), reason=ABSENT)


@dataclass(frozen=True)
class Problem:
    """One published problem, with the value it is known to reach, in its own units.

    `proven`: nothing better exists, by the source. `official` is what the real decision reached,
    where it kept to the budget.
    """

    name: str
    instance: Instance
    rows: tuple[Row, ...]
    known: Fraction
    proven: bool = True
    official: Fraction | None = None


def table(*path: str) -> list[dict[str, str]]:
    """The rows of a CSV file of the data."""
    with DATA.joinpath(*path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def mknap1() -> Iterator[Problem]:
    """Petersen's seven problems of capital budgeting (1967)."""
    known = [Fraction(r["optimum_in_file"]) for r in table("mkp-orlib", "mknap1_optima.csv")]
    problems = _knapsacks(_numbers("mkp-orlib", "mknap1.txt"))
    for index, (read, value) in enumerate(zip(problems, known, strict=True), 1):
        yield _multi_knapsack(f"mknap1/{index}", *read, value)


def sac94() -> Iterator[Problem]:
    """The 48 classic problems of capital budgeting, Weingartner and Ness (1967) among them."""
    known = {r["problem"]: r["optimum_in_file"] for r in table("mkp-sac94", "optima.csv")}
    text = (DATA / "mkp-sac94" / "sac94.json").read_text("utf-8")
    for name, read in json.loads(text, parse_float=Fraction).items():
        yield _multi_knapsack(name, read["p"], read["A"], read["b"], Fraction(known[name]))


def mknapcb() -> Iterator[Problem]:
    """The problems of Chu and Beasley (1998) that someone has proven."""
    by_file = defaultdict(list)
    for row in table("mkp-orlib", "best_known.csv"):
        if (DATA / "mkp-orlib" / row["file"]).exists():
            by_file[row["file"]].append(row)
    for file, rows in by_file.items():
        read = list(_knapsacks(_numbers("mkp-orlib", file)))
        for row in rows:
            if row["status_lit"] == "Optimal":
                problem = read[int(row["index"]) - 1]
                yield _multi_knapsack(row["name"], *problem, Fraction(row["best_lit"]))


def mmkp_orlib() -> Iterator[Problem]:
    """Khan's problems with a choice of exactly one in every group: I01 and on."""
    for row in table("mmkp", "orlib_values.csv"):
        name = row["instance"]
        if (DATA / "mmkp" / "orlib" / f"{name}.txt").exists():
            read = _Reader(_numbers("mmkp", "orlib", f"{name}.txt"))
            groups, items, resources = read.whole(), read.whole(), read.whole()
            room = read.some(resources)
            yield _multiple_choice(
                name,
                _groups(read, groups, items, resources),
                room,
                Fraction(row["exact_or_bound_in_repo_xls"]),
                proven=row["highs_status"] == "kOptimal",
            )


def hiremath_hill() -> Iterator[Problem]:
    """The problems of Hiremath and Hill, exactly one of every group; values by Xpress."""
    known = {
        (r["file"], int(r["problem"])): Fraction(r["exact_xpress_published"])
        for r in table("mmkp", "hiremath_hill_values.csv")
    }
    for file in sorted({file for file, _ in known}):
        if (DATA / "mmkp" / "hiremath_hill" / file).exists():
            read = _Reader(_numbers("mmkp", "hiremath_hill", file))
            while not read.is_over:
                number, groups, items, resources = (read.whole() for _ in range(4))
                room = read.some(resources)
                yield _multiple_choice(
                    f"{file.removesuffix('.txt')}/{number}",
                    _groups(read, groups, items, resources),
                    room,
                    known[file, number],
                )


def mdmkp() -> Iterator[tuple[Problem, Taken]]:
    """Ceilings and floors together, each problem with the best plan known, which is not proven."""
    for row in table("mdmkp", "best_vectors_250.csv"):
        path = DATA / "mdmkp" / "250" / row["instance"]
        if path.exists():
            read = _Reader(_numbers("mdmkp", "250", row["instance"]))
            items, ceilings, floors, _ = (read.whole() for _ in range(4))
            profits = read.some(items)
            above = [read.some(items) for _ in range(ceilings)]
            most = read.some(ceilings)
            below = [read.some(items) for _ in range(floors)]
            least = read.some(floors)
            instance = Instance(tuple(_item(i, value) for i, value in enumerate(profits)))
            positions = range(items)
            rows = [
                *(_row(i, positions, w, upper=m) for i, (w, m) in _pairs(above, most)),
                *(_row(ceilings + i, positions, w, lower=m) for i, (w, m) in _pairs(below, least)),
            ]
            name = row["instance"].removesuffix(".txt")
            known = Fraction(row["objective"])
            taken = {
                i: instance.proposals[i].requested.full for i, x in enumerate(row["x"]) if x == "1"
            }
            yield Problem(name, instance, tuple(rows), known, proven=False), taken


def elections() -> Iterator[Problem]:
    """Every participatory budget of Pabulib: the most votes, or the highest score, for the money.

    An official result over the stated budget drew on a joint pool, so it is left out.
    """
    projects = defaultdict(list)
    for row in table("pabulib", "dev", "projects.csv"):
        projects[row["instance"]].append(row)
    optima = {row["instance"]: row for row in table("pabulib", "dev", "optima.csv")}
    for row in table("pabulib", "dev", "instances.csv"):
        optimum = optima[row["instance"]]
        budget = Fraction(row["budget"])
        official = None
        if optimum["official_value"] and Fraction(optimum["official_cost"]) <= budget:
            official = Fraction(optimum["official_value"])
        yield Problem(
            row["instance"],
            _election(projects[row["instance"]], budget, optimum["objective"]),
            (),
            Fraction(optimum["max_value"]),
            official=official,
        )


def cities() -> Iterator[Problem]:
    """Whole city-years: agencies with ceilings, places with caps and floors, one budget for all."""
    folder = DATA / "pabulib" / "dev" / "composite"
    for row in table("pabulib", "dev", "composite", "optima.csv"):
        text = (folder / f"{row['instance']}.json").read_text("utf-8")
        city = json.loads(text, parse_float=Fraction)
        yield Problem(row["instance"], _city(city), (), Fraction(row["highs_value"]))


def _numbers(*path: str) -> Iterator[Fraction]:
    """The numbers of a text file in order, as exact fractions; words end it."""
    for word in DATA.joinpath(*path).read_text("utf-8").split():
        try:
            yield Fraction(word)
        except ValueError:
            return


class _Reader:
    """Takes numbers off the front of a list."""

    def __init__(self, numbers: Iterable[Fraction]) -> None:
        self.numbers = list(numbers)
        self.at = 0

    @property
    def is_over(self) -> bool:
        return self.at >= len(self.numbers)

    def some(self, count: int) -> list[Fraction]:
        taken = self.numbers[self.at : self.at + count]
        assert len(taken) == count, "the file ends too early"
        self.at += count
        return taken

    def whole(self) -> int:
        (number,) = self.some(1)
        return as_whole(number)


Knapsack = tuple[list[Fraction], list[list[Fraction]], list[Fraction]]


def _knapsacks(numbers: Iterable[Fraction]) -> Iterator[Knapsack]:
    """Profits, rows of weights and capacities of every problem in a file of OR-Library."""
    read = _Reader(numbers)
    for _ in range(read.whole()):
        items, rows = read.whole(), read.whole()
        read.some(1)  # the optimum, or 0 where it was not known
        yield read.some(items), [read.some(items) for _ in range(rows)], read.some(rows)


def _groups(read: _Reader, groups: int, items: int, resources: int) -> list[list[list[Fraction]]]:
    """Profit and weights of every item, by group; each group is preceded by its number."""
    found = []
    for number in range(1, groups + 1):
        assert read.whole() == number
        found.append([read.some(1 + resources) for _ in range(items)])
    return found


def _multi_knapsack(
    name: str,
    profits: Sequence[Fraction],
    weights: Sequence[Sequence[Fraction]],
    room: Sequence[Fraction],
    known: Fraction,
) -> Problem:
    positions = range(len(profits))
    rows = [_row(i, positions, row, upper=most) for i, (row, most) in _pairs(weights, room)]
    items = tuple(_item(i, value) for i, value in enumerate(profits))
    return Problem(name, Instance(items), tuple(rows), known)


def _multiple_choice(
    name: str,
    groups: Sequence[Sequence[Sequence[Fraction]]],
    room: Sequence[Fraction],
    known: Fraction,
    *,
    proven: bool = True,
) -> Problem:
    """A group is a proposal and its items the options; a row more says that one must be taken."""
    proposals, every, rows = [], [], []
    for number, items in enumerate(groups):
        first = len(every)
        every.extend(items)
        members = range(first, len(every))
        rows.append(_row(len(room) + number, members, [Fraction(1)] * len(items), one=True))
        options = tuple(
            Option(f"{number:03}", f"{i:02}", "published", full=_worth(item[0]))
            for i, item in enumerate(items)
        )
        proposals.append(Proposal(f"{number:03}", options))
    for index, most in enumerate(room):
        weights = [item[1 + index] for item in every]
        rows.append(_row(index, range(len(every)), weights, upper=most))
    return Problem(name, Instance(tuple(proposals)), tuple(rows), known, proven)


def _item(index: int, profit: Fraction) -> Proposal:
    """An item that is taken whole or not at all; its number keeps it in its place."""
    name = f"{index:04}"
    return Proposal(name, (Option(name, "", "published", full=_worth(profit)),))


def _worth(profit: Fraction) -> Figures:
    """One item with its profit as points; what it weighs is in the rows alone."""
    return Figures(count=1, points=as_whole(profit * MICRO))


def _row(
    number: int,
    members: Iterable[int],
    weights: Sequence[Fraction],
    *,
    lower: Fraction | None = None,
    upper: Fraction | None = None,
    one: bool = False,
) -> Row:
    """A limit on the weights of what is taken, all scaled alike until they are whole."""
    if one:
        lower = upper = Fraction(1)
    by = scale_of(x for x in (*weights, lower, upper) if x is not None)
    return Row(
        "published",
        str(number),
        "count",
        tuple(members),
        lower=None if lower is None else as_whole(lower * by),
        upper=None if upper is None else as_whole(upper * by),
        factors=tuple(as_whole(weight * by) for weight in weights),
    )


def _election(projects: Sequence[Mapping[str, str]], budget: Fraction, measure: str) -> Instance:
    """One agency whose ceiling is the budget; its money is scaled until all of it is whole."""
    costs = [Fraction(row["cost"]) for row in projects]
    by = scale_of([budget, *costs])
    proposals = [
        _project(row["project_id"], cost * by, Fraction(row[measure]), "city", "city")
        for row, cost in zip(projects, costs, strict=True)
    ]
    return Instance(_sorted(proposals), (Agency("city", ceiling=as_whole(budget * by)),))


def _city(city: Mapping) -> Instance:
    """The agencies, places and the limit on the whole, as a scenario would name them."""
    proposals = [
        _project(x["id"], Fraction(x["cost"]), Fraction(x["value"]), x["agency"], x["location"])
        for x in city["items"]
    ]
    caps, floors = city["location_cap"], city["location_floor"]
    places = [
        Location(place, min_amount=floors.get(place), max_amount=caps.get(place))
        for place in sorted({*caps, *floors})
    ]
    agencies = [Agency(code, ceiling=most) for code, most in sorted(city["agency_ceiling"].items())]
    whole = Limit("the whole city", max=as_whole(Fraction(city["budget"])))
    return Instance(_sorted(proposals), tuple(agencies), tuple(places), limits=(whole,))


def _project(name: str, cost: Fraction, value: Fraction, agency: str, place: str) -> Proposal:
    figures = Figures(count=1, amount=as_whole(cost), points=as_whole(value * MICRO))
    return Proposal(name, (Option(name, "", agency, district=place, full=figures),))


def _sorted(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    return tuple(sorted(proposals, key=lambda p: p.id))


def _pairs(
    weights: Sequence[Sequence[Fraction]], limits: Sequence[Fraction]
) -> Iterable[tuple[int, tuple[Sequence[Fraction], Fraction]]]:
    return enumerate(zip(weights, limits, strict=True))


def scale_of(numbers: Iterable[Fraction]) -> int:
    """The smallest number that makes all of these whole."""
    return math.lcm(*(number.denominator for number in numbers))


def as_whole(number: Fraction) -> int:
    """A number that must be whole already."""
    assert number.denominator == 1, f"{number} is not whole"
    return number.numerator
