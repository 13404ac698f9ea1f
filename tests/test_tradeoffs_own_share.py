"""What a district's share buys alone, and what it costs to give every district that much."""

from __future__ import annotations

import copy
from fractions import Fraction
from math import floor

import oracle
import pytest
from agreement import plan_of
from asked import best_points, desk, desks, document, proposal

from solver.instance import MICRO
from solver.tradeoffs.loss import UNKNOWN, Loss
from solver.tradeoffs.own_share import District, _together, own_share, shares

CHUNK = 25
SEEDS = range(0, 75, CHUNK)
SOAK = range(34_000, 36_000, 50)


# --- straight from the tables --------------------------------------------------------------------


def part(room, share):
    """A share of a room, rounded down; below zero counts as zero."""
    return floor(max(0, room) * share)


def alone(made, district, share):
    """The tables in which a district has its share of every upper limit to itself."""
    case = oracle.Case(made)
    made = copy.deepcopy(made)
    points = oracle.scores(made)
    for row in made["proposals"]:  # ranks count among all, whoever is left
        row["score"] = micro(points(row))
    own = [row for row in made["proposals"] if row["district"] == district]
    ids = {row["id"] for row in own} | case.covered
    made["proposals"] = own + [
        row
        for row in made["proposals"]
        if row["district"] != district and (row["id"] not in ids or row["id"] in case.covered)
    ]
    others = {row["id"] for row in made["proposals"]} - ids
    made["lock"] = [{"proposal": pid, "decision": "reject"} for pid in sorted(others)]
    off = made.setdefault("off", {})
    off["rules"] = [rule for rule in off.get("rules", ()) if rule != "locks"]
    off.pop("locks", None)
    for row in made["agencies"]:
        if row["code"] in case.agency_rooms:
            row["ceiling"] = part(case.agency_rooms[row["code"]], share)
        row.pop("committed", None)
    for row in made.get("lines", ()):
        line = case.lines[row["code"]]
        if line.ceiling is not None:
            row["ceiling"] = part(case.line_rooms[line.code], share)
        if line.max_target is not None:
            row["max_target"] = micro(part(line.max_target - line.committed_target, share))
        for name in ("committed", "committed_target", "min_target"):
            row.pop(name, None)
        row["flex"] = part(line.flex, share)
    for row in made.get("locations", ()):
        for name in ("min_amount", "min_count"):
            row.pop(name, None)
        if isinstance(row.get("max_amount"), str):
            del row["max_amount"]
        for name in ("max_amount", "max_count"):
            if name in row:
                row[name] = part(row[name], share)
    for row in made.get("limits", ()):
        row.pop("min", None)
        if "max" in row:
            small = row.get("measure") in ("points", "volume")
            scaled = part(oracle.exact(row["max"]) * (MICRO if small else 1), share)
            row["max"] = micro(scaled) if small else scaled
    for row in made.get("alternatives", ()):
        row.pop("at_least", None)
    made["objective"] = {"stages": ["points"]}
    return made


def micro(value):
    """Millionths as a number."""
    return value // MICRO if value % MICRO == 0 else value / MICRO


def populations(made):
    """The share of every district that asks, by population; None where one has none."""
    case = oracle.Case(made)
    people = {
        row["district"]: row.get("population") or 0
        for row in made.get("locations", ())
        if not row.get("ward")
    }
    asking = {o.district for o in case.all_options() if o.proposal not in case.covered}
    if not all(people.get(district) for district in asking):
        return None
    whole = sum(people.values())
    return {district: Fraction(people[district], whole) for district in sorted(asking)}


def points_in(takes, district):
    return sum(take.points for take in takes if take.option.district == district)


# --- at random -----------------------------------------------------------------------------------


def skewed(made, rng):
    """One district has most of the people and the fewest points, so that its share costs some."""
    rows = [row for row in made.get("locations", ()) if not row.get("ward")]
    for place in rng.sample(rows, min(1, len(rows))):
        place["population"] = rng.randint(100_000, 900_000)
        for row in made["proposals"]:
            if row["district"] == place["district"] and row.get("score"):
                row["score"] = round(row["score"] / 10, 6)
    if rng.random() < 0.7:
        for name in ("lock", "requires", "together", "alternatives"):
            made.pop(name, None)
        made.get("off", {}).pop("locks", None)
    return made


def check(seed, made, questions):
    known = populations(made)
    assert shares(questions.scenario.instance) == known, seed
    found = own_share(questions)
    if known is None or questions.base.taken is None:
        assert (found.districts, found.price.points) == ((), None), seed
        return
    base = oracle.read_plan(oracle.Case(made), plan_of(questions.base.case, questions.base.taken))
    best = questions.base.best
    assert [d.district for d in found.districts] == list(known), seed
    owns = {}
    for row in found.districts:
        own = owns[row.district] = best_points(alone(made, row.district, row.share)) or 0
        assert (row.own, row.sure) == (own, True), (seed, row.district)
        assert row.plan == points_in(base, row.district), seed
        assert row.met is (row.plan >= own), seed
        least = best_points(made, lambda takes, d=row.district: points_in(takes, d) >= owns[d])
        assert row.price.status == "proven", seed
        assert row.price.points == (None if least is None else best - least), seed
    every = best_points(
        made, lambda takes: all(points_in(takes, d) >= own for d, own in owns.items())
    )
    assert found.price.status == "proven", seed
    assert found.price.points == (None if every is None else best - every), seed
    for row in found.districts:
        assert (row.guaranteed is None) == (every is None), seed
        assert row.guaranteed is None or row.guaranteed[0] >= row.own, seed


@pytest.mark.parametrize("first", SEEDS)
def test_own_and_price_by_every_plan(first):
    for seed, made, questions in desks(range(first, first + CHUNK), bent=skewed):
        check(seed, made, questions)


@pytest.mark.soak
@pytest.mark.parametrize("first", SOAK)
def test_own_and_price_on_two_thousand_more(first):
    for seed, made, questions in desks(range(first, first + 50), bent=skewed):
        check(seed, made, questions)


def test_the_seeds_are_worth_their_time():
    prices = []
    for _, made, questions in desks(range(25, 50), bent=skewed):
        if populations(made) and questions.base.taken is not None:
            found = own_share(questions)
            prices.append(found.price.points)
            prices += [row.met for row in found.districts]
    assert {True, False} <= set(prices)
    assert any(isinstance(p, int) and p > 1 for p in prices)


# --- by hand -------------------------------------------------------------------------------------


def people(**numbers):
    return [{"district": name, "population": number} for name, number in numbers.items()]


def utara(pid, amount, score, **cells):
    return proposal(pid, amount, score, district="Utara", ward="Kuin", **cells)


TWO = document(
    proposal("A", 6, 9),
    proposal("B", 4, 5),
    utara("C", 3, 2),
    utara("D", 5, 3),
    ceiling=10,
    locations=people(Barat=3000, Utara=1000),
)


def test_a_quarter_of_ten_rounded_down_buys_nothing_of_three():
    # Utara has a quarter of the people: 2 of 10 rupiah, and C costs 3. Barat has 7: A, or B. So
    # the best plan (A and B, 14 points) gives both their own.
    found = own_share(desk(TWO))
    assert [(d.district, d.own // MICRO, d.plan // MICRO, d.met) for d in found.districts] == [
        ("Barat", 9, 14, True),
        ("Utara", 0, 0, True),
    ]
    assert (found.price.points, found.price.status) == (0, "proven")


def test_the_guarantee_costs_what_the_best_plan_gives_up_for_it():
    # With a third of the people Utara has 3 of 10: C alone, 2 points. A and C cost 9: 11 points.
    made = copy.deepcopy(TWO)
    made["locations"] = people(Barat=2000, Utara=1000)
    found = own_share(desk(made))
    barat, north = found.districts
    assert (barat.met, north.met, north.own // MICRO) == (True, False, 2)
    assert (found.price.points // MICRO, found.price.status) == (3, "proven")
    assert (barat.price.points, north.price.points // MICRO) == (0, 3)
    assert (north.guaranteed, barat.guaranteed) == ((2 * MICRO, 3), (9 * MICRO, 6))


def test_locks_and_floors_are_no_part_of_what_a_share_buys():
    # D is locked in: D and B (9) fit 10, or A would be too much. Utara's own is C all the same.
    made = copy.deepcopy(TWO)
    made["locations"] = [{**row, "min_count": 1} for row in people(Barat=2000, Utara=1000)]
    made["lock"] = [{"proposal": "D", "decision": "fund"}, {"proposal": "C", "decision": "reject"}]
    found = own_share(desk(made))
    barat, north = found.districts
    assert (north.own // MICRO, north.plan // MICRO, north.met) == (2, 3, True)
    # Barat could have had A for 6 of its 6; with D locked in no plan leaves that much.
    assert (barat.own // MICRO, barat.met) == (9, False)
    assert (found.price.points, found.price.status) == (None, "proven")


def test_the_column_share_counts_where_nobody_was_counted():
    made = copy.deepcopy(TWO)
    made["locations"] = [
        {"district": "Barat", "share": "60%"},
        {"district": "Utara", "share": "30%", "population": 1000},
    ]
    found = own_share(desk(made))
    assert [(d.share, d.own // MICRO) for d in found.districts] == [
        (Fraction(3, 5), 9),
        (Fraction(3, 10), 2),
    ]


def test_without_people_and_shares_there_is_no_answer():
    made = copy.deepcopy(TWO)
    del made["locations"]
    found = own_share(desk(made))
    assert (found.has_shares, found.districts) == (False, ())


def test_without_points_every_district_has_its_own():
    made = document(proposal("A", 5, 0), utara("B", 5, 0), locations=people(Barat=1, Utara=1))
    found = own_share(desk(made))
    assert [(d.own, d.met) for d in found.districts] == [(0, True), (0, True)]
    assert found.price.points == 0


def test_one_proposal_is_its_districts_own():
    made = document(proposal("A", 5, 5), locations=people(Barat=7))
    (only,) = own_share(desk(made)).districts
    assert (only.share, only.own // MICRO, only.met) == (1, 5, True)


def test_an_impossible_desk_gives_no_district_anything():
    made = document(proposal("A", 5, 5), locations=[{"district": "Barat", "min_amount": 8,
                                                     "population": 5}])  # fmt: skip
    found = own_share(desk(made))
    assert (found.possible, found.districts) == (False, ())


def test_without_time_nothing_is_said_to_be_met():
    found = own_share(desk(TWO, seconds=0.0))
    assert [(d.own, d.met, d.price.points) for d in found.districts] == [(None, None, None)] * 2
    assert (found.price.points, found.price.status, found.sure) == (None, None, False)


def test_the_price_of_all_is_no_less_than_that_of_one():
    def district(price):
        return District("x", Fraction(1), 1, True, 0, 0, False, price)

    def together(price, *prices, sure=True, points_first=True):
        parts = [district(p) for p in prices]
        return _together(price, parts, sure=sure, points_first=points_first)

    two, three = Loss(2, "proven"), Loss(3, "at_least")
    assert together(Loss(5, "proven"), two, three) == Loss(5, "proven")
    assert together(UNKNOWN, two, three) == Loss(3, "at_least")
    assert together(Loss(9, "at_most"), Loss(0, "proven")) == Loss(9, "at_most")
    assert together(UNKNOWN, two, Loss(None, "proven")) == Loss(None, "proven")
    # Where some own share is only known from below, a price from above says nothing.
    assert together(Loss(9, "at_most"), Loss(0, "proven"), sure=False) == UNKNOWN
    assert together(Loss(5, "proven"), two, sure=False) == Loss(5, "at_least")
    # With other stages first a guarantee more can cost less.
    assert together(UNKNOWN, two, points_first=False) == UNKNOWN
    assert together(Loss(-1, "proven"), two, points_first=False) == Loss(-1, "proven")
