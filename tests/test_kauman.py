"""A real meeting reproduced: Kelurahan Kauman ranked 138 proposals, and the city funded 29 of them.

How the data become a scenario. All of it goes to one agency, the kecamatan office, whose ceiling is
what was granted. The kelurahan is the district and the proposing unit - an RW or a community body -
the ward: the contract knows two levels of place, ranks count within the lower one, and a floor of
one proposal can be set for each. Proposal 10 names neither unit nor rank. Its text is of the
Kelompok Informasi Masyarakat (KIM), which asks for nothing else, so it is that body's first. No
other rank is missing and within a unit none is tied; the file need not be in their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from published import needs_data, table

from solver.assess import amount_of, points_of, violations
from solver.instance import MICRO, Instance
from solver.recommend import recommend
from solver.result import Result, Status
from solver.rules import Row
from solver.scenario import resolve
from solver.solve import Params, solve

GRANTED = 591_490_000
AGENCY = "Kecamatan Klojen"
WARD = "Kauman"
KIM = "KIM"
LIMIT = Params(time_limit=60)

pytestmark = needs_data


def asked() -> list[dict[str, str]]:
    """The rows of the file, the one without a unit given to the body that its text names."""
    rows = table("musrenbang-kauman", "usulan.csv")
    for row in rows:
        if not row["pengusul_unit"]:
            assert f"({KIM})" in row["permasalahan"]
            row |= {"pengusul_unit": KIM, "prioritas_unit": "1"}
    return rows


def of_the_city() -> set[str]:
    """What the city funded."""
    return {row["id"] for row in asked() if row["keputusan"] == "Diakomodir"}


def proposal(row: Mapping[str, str], level: str) -> dict[str, Any]:
    """A row as the contract has it; `level` is the column that takes the proposing unit."""
    place = {"district": WARD, "ward": ""} | {level: row["pengusul_unit"]}
    return {
        "id": row["id"],
        "title": row["usulan"],
        "agency": row["skpd_tujuan"],
        "priority": int(row["prioritas_unit"]),
        "score": 100_000 // 2 ** int(row["prioritas_unit"]),
        "amount": int(row["anggaran_rp"]),
        **place,
    }


def floor(unit: str, level: str, *, one_for_rw: bool) -> dict[str, Any]:
    """At least one proposal for the unit; of an RW one only, for the neighbourhoods took turns."""
    place = {"district": WARD, "ward": ""} | {level: unit}
    most = {"max_count": 1} if one_for_rw and unit.startswith("RW ") else {}
    return {**place, "min_count": 1, **most}


def document(
    *,
    level: str = "ward",
    score: str = "halving",
    floors: bool = True,
    in_order: bool = True,
    one_for_rw: bool = True,
) -> dict[str, Any]:
    """The meeting as a scenario: floors, one for each RW and the order of ranks, or less of it."""
    rows = asked()
    units = sorted({row["pengusul_unit"] for row in rows})
    places = [floor(unit, level, one_for_rw=one_for_rw) for unit in units] if floors else []
    return {
        "format": 1,
        "title": "Kelurahan Kauman",
        "proposals": [proposal(row, level) for row in rows],
        "agencies": [{"code": AGENCY, "ceiling": GRANTED}],
        "locations": places,
        "objective": {"score": score, "rank_within": ["district", "ward"]},
        "priority_order": {"within": ["ward"], "enforce": in_order},
    }


def funded(result: Result) -> set[str]:
    """The ids of the plan."""
    return {result.case.space.options[i].proposal for i in result.taken or {}}


def range_among_equals(result: Result, worth: Mapping[str, int]) -> tuple[int, int]:
    """The least and the most that a sum comes to among all plans as good as this one.

    The points become a row, the sum takes their place as what is made large, and the answers are
    proven: nothing then depends on which of several equal plans the tie-break chose.
    """
    case = result.case
    equal = Row(
        "published",
        "equals",
        "count",
        tuple(range(len(case.space.options))),
        lower=points_of(result.taken or {}),
        factors=tuple(option.full.points for option in case.space.options),
    )
    ends = []
    for sign in (-1, 1):
        other = solve(valued(case.instance, worth, sign), LIMIT, extra=[equal])
        assert other.status is Status.OPTIMAL
        assert other.points is not None
        ends.append(sign * int(other.points.best) // MICRO)
    return ends[0], ends[1]


def valued(instance: Instance, worth: Mapping[str, int], sign: int) -> Instance:
    """The instance with other points: sign x worth."""
    proposals = []
    for old in instance.proposals:
        (option,) = old.options
        full = replace(option.full, points=sign * worth.get(old.id, 0) * MICRO)
        proposals.append(replace(old, options=(replace(option, full=full),)))
    return replace(instance, proposals=tuple(proposals))


def ones(ids: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(ids, 1)


def test_data_are_as_described():
    rows = asked()
    units = Counter(row["pengusul_unit"] for row in rows)
    assert (len(rows), len(units), sum(unit.startswith("RW ") for unit in units)) == (138, 20, 9)
    assert units[KIM] == 1
    ranks = [(row["pengusul_unit"], row["prioritas_unit"]) for row in rows]
    assert len(set(ranks)) == len(ranks)
    assert {row["skpd_tujuan"] for row in rows} == {AGENCY}
    city = [int(row["anggaran_rp"]) for row in rows if row["keputusan"] == "Diakomodir"]
    assert (len(city), sum(city)) == (29, GRANTED)


@pytest.mark.parametrize("level", ["ward", "district"])
@pytest.mark.parametrize("score", ["halving", "column"])
def test_meeting_is_reproduced(level, score):
    answer = recommend(resolve(document(level=level, score=score)), LIMIT)
    result = answer.result
    assert result.status is Status.OPTIMAL
    assert violations(result.case, result.taken) == []
    assert (len(funded(result)), amount_of(result.taken)) == (29, GRANTED)
    assert len(funded(result) & of_the_city()) == 27
    # Twenty first ranks and nine second ones: 20 x 1000 + 9 x 500, or 20 x 50000 + 9 x 25000.
    assert points_of(result.taken) == {"halving": 24_500, "column": 1_225_000}[score] * MICRO
    assert not answer.inversions


def test_meeting_is_reproduced_by_every_equal_plan():
    # There is money for nine of the ten second ranks, and six of them cost the same.
    result = solve(resolve(document()).instance, LIMIT)
    costs = {row["id"]: int(row["anggaran_rp"]) for row in asked()}
    assert range_among_equals(result, ones(of_the_city())) == (27, 27)
    assert range_among_equals(result, costs) == (GRANTED, GRANTED)
    assert range_among_equals(result, ones(costs)) == (29, 29)


def test_city_skipped_a_first_rank_twice():
    # The two that the plan does not share: the city broke the order of RW 02 and of Pokdarwis.
    case = solve(resolve(document()).instance, LIMIT).case
    taken = {
        i: option.full
        for i, option in enumerate(case.space.options)
        if option.proposal in of_the_city()
    }
    broken = violations(case, taken)
    assert {usage.row.rule for usage in broken} == {"priority_order"}
    assert {usage.row.subject for usage in broken} == {f"{WARD}/RW 02", f"{WARD}/Pokdarwis"}


REFERENCE = (
    (0, {"score": "one", "floors": False, "in_order": False, "one_for_rw": False}),
    (1, {"score": "one", "in_order": False, "one_for_rw": False}),
    (2, {"score": "column", "in_order": False, "one_for_rw": False}),
    (3, {"score": "column", "one_for_rw": False}),
    (4, {"score": "column"}),
)


@pytest.mark.parametrize(("number", "form"), REFERENCE)
def test_reference_optima_are_reached(number, form):
    row = table("musrenbang-kauman", "reference_optima.csv")[number]
    whole = document(**(form | {"score": "column"}))
    if form["score"] == "one":
        for each in whole["proposals"]:
            each["score"] = 1
    result = solve(resolve(whole).instance, LIMIT)
    assert result.status is Status.OPTIMAL
    assert points_of(result.taken) == Fraction(row["value"]) * MICRO
    least, most = range_among_equals(result, ones(of_the_city()))
    assert least <= int(row["overlap_with_actual"]) <= most
    print(f"{row['status']}: {len(funded(result))} funded, overlap {least} to {most}")
