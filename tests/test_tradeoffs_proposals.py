"""Replacement, entry with its levers, rule prices and next rupiah, against every plan."""

from __future__ import annotations

import copy
import random
from fractions import Fraction

import pytest
from asked import best_points, desk, desks, document, proposal

from solver.instance import MICRO
from solver.tradeoffs.entry import entry
from solver.tradeoffs.loss import Loss
from solver.tradeoffs.next_rupiah import next_rupiah
from solver.tradeoffs.question import forced_in
from solver.tradeoffs.replacement import replacement
from solver.tradeoffs.rule_prices import rule_prices

CHUNK = 20
SEEDS = range(0, 100, CHUNK)
SOAK = range(60_000, 61_000, 50)


def has(pid):
    return lambda takes: any(take.option.proposal == pid for take in takes)


def lacks(pid):
    return lambda takes: not has(pid)(takes)


def loss_of(before, after):
    """The exact loss from one value by every plan to another; None: no plan."""
    return Loss(None, "proven") if after is None else Loss(before - after, "proven")


def rows_of(made, table, **keys):
    return [row for row in made.get(table, ()) if all(row.get(k, "") == v for k, v in keys.items())]


# --- the same changes, made to the tables --------------------------------------------------------


def without(made, rule, subject):
    """The tables without one rule of one subject."""
    made = copy.deepcopy(made)
    match rule:
        case "locks":
            made["lock"] = [lock for lock in made["lock"] if lock["proposal"] != subject]
        case "gates":
            pid, _, label = subject.partition("/")
            for row in rows_of(made, "proposals", id=pid, option=label):
                row.pop("gate")
        case "agency_ceiling":
            rows_of(made, "agencies", code=subject)[0]["ceiling"] = "unlimited"
        case "line_ceiling":
            for key in ("ceiling", "flex"):
                rows_of(made, "lines", code=subject)[0].pop(key, None)
        case "line_target":
            for key in ("min_target", "max_target", "closed"):
                rows_of(made, "lines", code=subject)[0].pop(key, None)
        case "locations":
            district, _, ward = subject.partition("/")
            (row,) = rows_of(made, "locations", district=district, ward=ward)
            for key in ("min_amount", "max_amount", "min_count", "max_count"):
                row.pop(key, None)
        case "limits":
            made["limits"] = [row for row in made["limits"] if row["name"] != subject]
        case "alternatives" | "together":
            made[rule] = [
                entry for entry in made[rule] if ", ".join(sorted(entry["proposals"])) != subject
            ]
        case "requires":
            same = [entry for entry in made[rule] if entry["proposal"] == subject]
            if len(same) > 1:
                return None  # named alike: which one is meant is told by the order alone
            made[rule] = [entry for entry in made[rule] if entry["proposal"] != subject]
        case "priority_order":
            made["priority_order"]["enforce"] = False
    return made


def loosened(made, purse, rupiah):
    """The tables with one limit in money looser by so much."""
    made = copy.deepcopy(made)
    district, _, ward = purse.subject.partition("/")
    row, column = {
        "agency_ceiling": lambda: (rows_of(made, "agencies", code=purse.subject)[0], "ceiling"),
        "line_ceiling": lambda: (rows_of(made, "lines", code=purse.subject)[0], "ceiling"),
        "locations": lambda: (
            rows_of(made, "locations", district=district, ward=ward)[0], f"{purse.side}_amount"
        ),
        "limits": lambda: (rows_of(made, "limits", name=purse.subject)[0], purse.side),
    }[purse.rule]()  # fmt: skip
    row[column] = max(0, row[column] + (rupiah if purse.side == "max" else -rupiah))
    return made


# --- checks --------------------------------------------------------------------------------------


def check_replacement(seed, made, questions):
    base = best_points(made)
    found = replacement(questions)
    for row in found.rows:
        if row.is_locked:
            assert any(lock["proposal"] == row.proposal for lock in made["lock"]), seed
            continue
        assert row.loss == loss_of(base, best_points(made, lacks(row.proposal))), (seed, row)
        assert row.proposal in row.moves.leaves or row.loss.points is None, (seed, row)


def check_rule_prices(seed, made, questions):
    base = best_points(made)
    for row in rule_prices(questions).rows:
        changed = without(made, row.rule, row.subject)
        if changed is not None:
            value = best_points(changed)
            expected = Loss(None, None) if value is None else Loss(value - base, "proven")
            assert row.price == expected, (seed, row)


def check_next_rupiah(seed, made, questions):
    base = best_points(made)
    found = next_rupiah(questions, (1, 3, 1_000_000))
    for row in found.rows:
        value = best_points(loosened(made, row.purse, row.extra))
        expected = Loss(None, None) if value is None else Loss(value - base, "proven")
        assert row.gain == expected, (seed, row)
    for transfer in found.transfers:
        changed = loosened(made, transfer.giver, -transfer.rupiah)
        value = best_points(loosened(changed, transfer.taker, transfer.rupiah))
        assert transfer.gain == Loss(value - base, "proven"), (seed, transfer)
        assert transfer.gain.points > 0


def is_in(made, pid):
    """Whether some best plan of these tables funds the proposal."""
    with_it, without_it = best_points(made, has(pid)), best_points(made, lacks(pid))
    return with_it is not None and (without_it is None or with_it >= without_it)


def with_cells(made, pid, change):
    made = copy.deepcopy(made)
    for row in rows_of(made, "proposals", id=pid):
        change(row)
    return made


def check_levers(seed, made, questions, row):
    pid = row.proposal
    own = rows_of(made, "proposals", id=pid)
    plain = all("unit_cost" not in r and "min_volume" not in r for r in own)

    def cheaper(rupiah):
        return with_cells(
            made, pid, lambda r: r.update(amount=r["amount"] - min(rupiah, r["amount"]))
        )

    def worthier(points):
        return with_cells(
            made, pid, lambda r: r.update(score=round(r["score"] + points / MICRO, 6))
        )

    def smallest(lever, change, reach):
        if lever.turn is None:
            if lever.status == "proven" and reach is not None:
                assert not is_in(change(reach), pid), (seed, row, change.__name__)
            return
        assert is_in(change(lever.turn), pid), (seed, row, change.__name__)
        if lever.status == "proven" and lever.turn:
            assert not is_in(change(lever.turn - 1), pid), (seed, row, change.__name__)

    if plain:
        smallest(row.price_cut, cheaper, max(r["amount"] for r in own))
        by_column = made.get("objective", {}).get("score", "column") == "column"
        if by_column and all("score" in r for r in own):
            smallest(row.score_gain, worthier, None)
            check_volume(seed, made, row, own)


def check_volume(seed, made, row, own):
    """The least number of steps less with which it is in, of all there are."""
    sizes = {int(Fraction(str(r.get("step", 1))) * MICRO) for r in own if r.get("volume")}
    if row.volume_cut.status != "proven" or len(sizes) != 1:
        return
    (size,) = sizes
    most = max(int(r["volume"] * MICRO) - 1 for r in own if r.get("volume")) // size

    def smaller(steps):
        def cut(r):
            if not r.get("volume"):
                return
            full, points = int(r["volume"] * MICRO), round(r["score"] * MICRO)
            times, part = min(steps, (full - 1) // size), Fraction(size, full)
            r["volume"] = (full - times * size) / MICRO
            r["amount"] -= times * int(r["amount"] * part)
            r["score"] = (points - times * int(points * part + Fraction(1, 2))) / MICRO

        return with_cells(made, row.proposal, cut)

    turns = (k for k in range(most + 1) if is_in(smaller(k), row.proposal))
    first = next(turns, None)
    assert row.volume_cut.turn == (None if first is None else first * size), (seed, row)


def reach_of(questions, pid, purse):
    """The largest amount of a proposal that counts in a limit."""
    over = [r for r in questions.case.rows if r.element == (purse.rule, purse.subject)]
    (row,) = (r for r in over if r.measure == "amount" and r.upper is not None)
    options = questions.case.space.options
    own = [i for i in questions.case.space.positions[pid] if i in row.members]
    return max(options[i].full.amount for i in own if not options[i].gate)


def check_windows(seed, made, questions, row, rng):
    windows = {}
    for window in row.ceilings:
        windows.setdefault(window.purse, []).append(window)
    for purse, found in windows.items():
        if any(window.status != "proven" for window in found):
            continue
        inside = [(w.first, w.last) for w in found if w.first is not None]
        reach = reach_of(questions, row.proposal, purse)
        probes = {e for pair in inside for end in pair for e in (end - 1, end, end + 1)}
        probes |= {0, reach, rng.randint(0, reach)}
        for extra in probes:
            if 0 <= extra <= reach:
                expected = any(first <= extra <= last for first, last in inside)
                assert is_in(loosened(made, purse, extra), row.proposal) == expected, (
                    seed, row.proposal, purse, extra, inside,
                )  # fmt: skip


def check_entry(seed, made, questions):
    base, rng = best_points(made), random.Random(seed)
    for row in entry(questions).rows:
        if row.is_locked:
            continue
        assert row.cost == loss_of(base, best_points(made, has(row.proposal))), (seed, row)
        check_levers(seed, made, questions, row)
        if all("unit_cost" not in r for r in rows_of(made, "proposals", id=row.proposal)):
            check_windows(seed, made, questions, row, rng)


CHECKS = [check_replacement, check_rule_prices, check_next_rupiah, check_entry]


def known(seeds):
    """Desks with a plan whose base is proven."""
    for seed, made, questions in desks(seeds):
        if questions.base.taken is not None and questions.base.proven:
            yield seed, made, questions


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("first", SEEDS)
def test_what_is_told_is_what_every_plan_says(first, check):
    for seed, made, questions in known(range(first, first + CHUNK)):
        check(seed, made, questions)


@pytest.mark.soak
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("first", SOAK)
def test_what_is_told_on_many_more_desks(first, check):
    for seed, made, questions in known(range(first, first + 50)):
        check(seed, made, questions)


# --- by hand --------------------------------------------------------------------------------------


def test_a_larger_ceiling_can_push_a_proposal_out_again():
    """Room 10 takes A (10, 10); 15 takes B (8, 5) with C (7, 9); 17 takes A with C, without B."""
    made = document(proposal("A", 10, 10), proposal("B", 8, 5), proposal("C", 7, 9), ceiling=10)
    (b,) = entry(desk(made), ["B"]).rows
    assert [(w.first, w.last, w.status) for w in b.ceilings] == [(5, 6, "proven")]


def test_a_proposal_that_a_floor_needs_can_not_fall_out():
    made = document(
        proposal("A", 5, 1), proposal("B", 5, 9, district="Tengah", ward="Mawar"), ceiling=10,
        locations=[{"district": "Barat", "min_amount": 5}, {"district": "Tengah"},
                   {"district": "Barat", "ward": "Basirih"},
                   {"district": "Tengah", "ward": "Mawar"}],
    )  # fmt: skip
    rows = {row.proposal: row.loss for row in replacement(desk(made)).rows}
    assert rows == {"A": Loss(None, "proven"), "B": Loss(9 * MICRO, "proven")}


def test_a_gated_proposal_has_no_price_and_no_lever():
    made = document(proposal("A", 5, 1), proposal("B", 5, 9, gate="land"))
    (b,) = entry(desk(made)).rows
    assert b.cost == Loss(None, "proven")
    assert (b.price_cut.turn, b.price_cut.status, b.ceilings) == (None, None, ())


def test_the_levers_of_a_swap():
    """Room 10: A (10, 8) against B (10, 6): B needs 2 points, or to fit beside A, all its price."""
    (b,) = entry(desk(document(proposal("A", 10, 8), proposal("B", 10, 6)))).rows
    assert b.swap == "A"
    assert b.cost == Loss(2 * MICRO, "proven")
    assert (b.score_gain.turn, b.price_cut.turn) == (2 * MICRO, 10)
    assert [(w.first, w.last) for w in b.ceilings] == [(10, 10)]


def test_asking_for_less_can_let_it_in():
    """Room 10: A (6, 8); B asks 10 units for 10: with 4 units it fits beside A."""
    b = proposal("B", 10, 5, volume=10)
    (row,) = entry(desk(document(proposal("A", 6, 8), b))).rows
    assert row.volume_cut.turn == 6 * MICRO
    assert row.volume_cut.status == "proven"


def test_a_bound_that_the_plan_passes_by_the_solvers_tolerance_is_asked_about():
    """Desk 60140: HiGHS says that no plan with U-004 has more than 7.775924993 points; one has."""
    ((_, made, questions),) = known([60_140])
    answer = questions.same_case([forced_in(questions.case, "U-004")])
    assert answer.best == best_points(made, has("U-004"))
    assert answer.proven


def test_zero_points_ties_and_a_single_proposal():
    tied = document(proposal("A", 10, 5), proposal("B", 10, 5))
    (row,) = entry(desk(tied)).rows
    assert (row.cost, row.price_cut.turn) == (Loss(0, "proven"), 0)
    single = document(proposal("A", 3, 0))
    questions = desk(single)
    rows = replacement(questions).rows + entry(questions).rows
    assert all(row.loss == Loss(0, "proven") for row in rows if hasattr(row, "loss"))


def test_without_time_nothing_is_claimed():
    made = document(proposal("A", 10, 8), proposal("B", 10, 6))
    questions = desk(made, seconds=0)
    for found in (replacement(questions), entry(questions), rule_prices(questions),
                  next_rupiah(questions)):  # fmt: skip
        assert found.rows == ()
        assert found.left > 0


def test_without_a_plan_there_is_nothing_to_ask():
    made = document(proposal("A", 11, 8), lock=[{"proposal": "A", "decision": "fund"}])
    questions = desk(made)
    for analysis in (replacement, entry, rule_prices, next_rupiah):
        assert (analysis(questions).possible, analysis(questions).rows) == (False, ())
