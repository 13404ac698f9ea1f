"""The reserve list done again by hand from the tables, and what nesting costs by every plan."""

from __future__ import annotations

import copy
import itertools
from fractions import Fraction

import oracle
import pytest
from agreement import plan_of
from asked import best_points, desk, desks, document, proposal

from solver.instance import MICRO
from solver.tradeoffs.reserve import reserve

CHUNK = 25
SEEDS = range(0, 100, CHUNK)
SOAK = range(36_000, 38_000, 50)
NUMBERS = ("agency_ceiling", "line_ceiling", "line_target", "locations", "limits")


# --- by hand, from the tables --------------------------------------------------------------------


def raised(made, agency, ceiling):
    """The tables with another ceiling for an agency."""
    made = copy.deepcopy(made)
    for row in made["agencies"]:
        if row["code"] == agency:
            row["ceiling"] = ceiling
    return made


def committed(made, agency):
    """What an agency and its lines have committed."""
    rows = [row for row in made["agencies"] if row["code"] == agency]
    rows += [row for row in made.get("lines", ()) if row["agency"] == agency]
    return sum(row.get("committed", 0) for row in rows)


def needed(made, plan, agency):
    """By how much the ceiling has to rise for this plan."""
    (row,) = [row for row in made["agencies"] if row["code"] == agency]
    room = max(0, row["ceiling"] - committed(made, agency))
    takes = oracle.read_plan(oracle.Case(made), plan)
    used = sum(take.amount for take in takes if take.option.agency == agency)
    return committed(made, agency) + used - row["ceiling"] if used > room else 0


def keeps(made, plan, rules=None):
    """Whether a plan keeps the rules, or these of them."""
    case = oracle.Case(made)
    every = oracle.OWN_RULES + oracle.JOINT_RULES
    asked = [(name, rule) for name, rule in every if rules is None or name in rules]
    return next(oracle.broken(case, oracle.read_plan(case, plan), asked), None) is None


def companies(made):
    """The proposals by what they can only be taken with, covered ones aside."""
    case = oracle.Case(made)
    groups = {frozenset(oracle.company(case, pid)) for pid in case.ids if pid not in case.covered}
    return [sorted(group) for group in groups if group]


def step(made, free, plan, options, agency):
    """The options one after the other at the largest volume that fits; None: one never fits."""
    added = {}
    for option in options:
        for volume in volumes(option):
            what = {option.proposal: (option.label, volume)}
            if keeps(free, plan | added | what, NUMBERS):
                added |= what
                break
        else:
            return None
    extra = needed(made, plan | added, agency)
    (row,) = [row for row in made["agencies"] if row["code"] == agency]
    return added if keeps(raised(made, agency, row["ceiling"] + extra), plan | added) else None


def volumes(option):
    """Every volume of an option's grid, largest first."""
    if option.volume is None:
        return [None]
    grid = range(option.volume, option.least - 1, -option.step)
    return [Fraction(volume, MICRO) for volume in grid]


def steps(made, free, plan, agency):
    """Everything that could be added next: what it is worth, and what it is."""
    case = oracle.Case(made)
    for group in companies(made):
        for options in itertools.product(*(case.options[pid] for pid in group)):
            if plan.keys() & set(group) or all(o.agency != agency for o in options):
                continue
            added = step(made, free, plan, options, agency)
            takes = oracle.read_plan(case, added or {})
            points, amount = (sum(getattr(t, n) for t in takes) for n in ("points", "amount"))
            if points > 0:
                value = Fraction(points, amount) if amount else 0
                names = tuple((option.proposal, option.label) for option in options)
                yield (amount > 0, -value, -points, names), takes, added


def by_hand(made, plan, agency):
    """The list: rank, proposal, label, volume, amount, points, extra."""
    free = raised(made, agency, "unlimited")
    found, rank = [], 0
    while best := min(steps(made, free, plan, agency), key=lambda s: s[0], default=None):
        _, takes, added = best
        rank += 1
        plan = plan | added
        extra = needed(made, plan, agency)
        found += [
            (rank, t.proposal, t.option.label, t.volume or 0, t.amount, t.points, extra)
            for t in takes
        ]
    return found


# --- at random -----------------------------------------------------------------------------------


def rows(questions, found, agency):
    options = questions.base.case.space.options
    return [
        (
            item.rank,
            options[item.position].proposal,
            options[item.position].label,
            item.figures.volume,
            item.figures.amount,
            item.figures.points,
            item.extra,
        )
        for item in found.items
        if item.agency == agency
    ]


def check(seed, made, questions):
    found = reserve(questions)
    if questions.base.taken is None:
        assert (found.items, found.nesting, found.left) == ((), {}, 0), seed
        return
    case = oracle.Case(made)
    plan = plan_of(questions.base.case, questions.base.taken)
    lists = {}
    for agency in sorted(case.agency_rooms) if case.on("agency_ceiling") else ():
        lists[agency] = by_hand(made, plan, agency)
        assert rows(questions, found, agency) == lists[agency], (seed, agency)
    assert {item.agency for item in found.items} == {a for a, items in lists.items() if items}, seed
    assert (len(found.nesting), found.left) == (
        len({(a, row[0]) for a, items in lists.items() for row in items}),
        0,
    ), seed
    start = oracle.measure_plan(made, plan).points
    for (agency, rank), price in found.nesting.items():
        until = [row for row in lists[agency] if row[0] <= rank]
        (row,) = [row for row in made["agencies"] if row["code"] == agency]
        best = best_points(raised(made, agency, row["ceiling"] + until[-1][-1]))
        points = start + sum(row[5] for row in until)
        assert (price.points, price.status) == (best - points, "proven"), (seed, agency, rank)


@pytest.mark.parametrize("first", SEEDS)
def test_the_list_is_the_one_done_by_hand(first):
    for seed, made, questions in desks(range(first, first + CHUNK)):
        check(seed, made, questions)


@pytest.mark.soak
@pytest.mark.parametrize("first", SOAK)
def test_the_list_is_the_one_done_by_hand_on_two_thousand_more(first):
    for seed, made, questions in desks(range(first, first + 50)):
        check(seed, made, questions)


# --- by hand -------------------------------------------------------------------------------------


def told(questions):
    found = reserve(questions)
    options = questions.base.case.space.options
    return [
        (item.rank, options[item.position].proposal, item.figures.volume // MICRO, item.extra)
        for item in found.items
    ]


def test_best_points_a_rupiah_first_and_left_room_is_used_first():
    # A (9 for 6) is in; 4 of 10 are left. Then B 8 for 7 (1.14), D 5 for 5 (1), C 3 for 8 (0.375).
    rows = [proposal("A", 6, 9), proposal("B", 7, 8), proposal("C", 8, 3), proposal("D", 5, 5)]
    questions = desk(document(*rows, ceiling=10))
    assert told(questions) == [(1, "B", 0, 3), (2, "D", 0, 8), (3, "C", 0, 16)]
    found = reserve(questions)
    # With 13: A and B, 17 points. With 18 all but C. So nesting costs nothing.
    assert [price.points for price in found.nesting.values()] == [0, 0, 0]


def test_what_nesting_costs_is_told():
    # Room 5: A (5 points for 5). Then B brings 3 for 2, with 7. With 7 afresh: C, 9 for 7, beats
    # A and B, which have 8.
    rows = [proposal("A", 5, 5), proposal("B", 2, 3), proposal("C", 7, 9)]
    questions = desk(document(*rows, ceiling=5))
    assert told(questions) == [(1, "B", 0, 2), (2, "C", 0, 9)]
    found = reserve(questions)
    assert {rank: p.points // MICRO for (_, rank), p in found.nesting.items()} == {1: 1, 2: 0}


def test_a_volume_is_as_large_as_the_place_allows():
    # Room 4: A. B (10 of 10 volumes, 1 rupiah each) may not take Barat over 10: 6 volumes fit.
    b = proposal("B", 10, 5, volume=10, min_volume=1)
    made = document(
        proposal("A", 4, 9), b, ceiling=4, locations=[{"district": "Barat", "max_amount": 10}]
    )
    assert told(desk(made)) == [(1, "B", 6, 6)]


def test_what_goes_together_is_one_step():
    rows = [proposal("A", 4, 9), proposal("B", 3, 2), proposal("C", 3, 1), proposal("D", 3, 2)]
    made = document(*rows, ceiling=4, together=[{"proposals": ["B", "C"]}])
    # D: 2 for 3. B and C together: 3 for 6.
    assert told(desk(made)) == [(1, "D", 0, 3), (2, "B", 0, 9), (2, "C", 0, 9)]


def test_an_order_binds_what_a_higher_ceiling_makes_eligible():
    # Room 4: A (rank 1, 12) is too large even alone and binds nobody, so B (rank 2) is in. With 4
    # more C (rank 3) fits; with 8 in all A would still be too large.
    rows = [
        proposal("A", 12, 1, priority=1),
        proposal("B", 4, 9, priority=2),
        proposal("C", 4, 5, priority=3),
        proposal("D", 4, 4, priority=4),
    ]
    made = document(*rows, ceiling=4, priority_order={"enforce": True})
    # C takes 8. D would take 12, at which A is eligible and would be skipped. A comes with 20.
    assert told(desk(made)) == [(1, "C", 0, 4), (2, "A", 0, 16), (3, "D", 0, 20)]


def test_gates_locks_and_what_brings_nothing_are_not_in_it():
    rows = [
        proposal("A", 4, 9),
        proposal("B", 4, 5, gate="land"),
        proposal("C", 4, 5),
        proposal("D", 4, 0),
        proposal("E", 4, -1),
    ]
    made = document(*rows, ceiling=4, lock=[{"proposal": "C", "decision": "reject"}])
    assert told(desk(made)) == []


def test_an_agency_without_a_ceiling_has_no_reserve():
    assert told(desk(document(proposal("A", 4, 9), ceiling="unlimited"))) == []


def test_one_proposal_left_out_is_the_list():
    assert told(desk(document(proposal("A", 12, 9)))) == [(1, "A", 0, 2)]


def test_an_impossible_desk_has_no_reserve():
    made = document(proposal("A", 5, 5), locations=[{"district": "Barat", "min_amount": 8}])
    assert told(desk(made)) == []


def test_without_time_the_list_is_there_and_its_price_is_not_told():
    rows = [proposal("A", 5, 5), proposal("B", 2, 3), proposal("C", 7, 9)]
    questions = desk(document(*rows, ceiling=5), seconds=0.0)
    found = reserve(questions)
    assert [item.rank for item in found.items] == [1, 2]
    assert (found.nesting, found.left) == ({}, 2)
