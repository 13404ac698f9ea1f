"""Rooms and prices: no bound below the best, no plan that generic HiGHS would not have proven."""

from __future__ import annotations

import random
from itertools import product

import pytest
from benchmarks.cities import city
from random_scenarios import scenario

from solver import rooms
from solver.assess import points_of, violations
from solver.case import Case
from solver.certificate import certified
from solver.certificate.groups import MOST_PICKS
from solver.certificate.loss import LOSS, TooManyError, closed, least_of, within
from solver.certificate.priced import PRECISION, priced
from solver.certificate.room import Nest, NotNestedError, rooms_of
from solver.model import Effort
from solver.result import Status
from solver.rooms.budgets import ImpossibleError, settle
from solver.rooms.find import rooms_in, whole_prices
from solver.rooms.trace import best_picks
from solver.scenario import resolve
from solver.solve import Params, solve

SEEDS = range(50)


def made(seed):
    """The case of a random scenario whose first stage is points, its program and its points."""
    case = Case(resolve(scenario(seed)).instance)
    if case.aims[0].name != "points":
        pytest.skip("points are not the first stage")
    program = case.program()
    return case, program, case.aims[0].expression(program)


def document(*proposals, **keys):
    return {
        "format": 1,
        "agencies": [{"code": "A", "ceiling": 10}],
        "proposals": [
            {"id": f"U-{n}", "agency": "A", "district": "D", "amount": amount, "score": score}
            for n, (amount, score) in enumerate(proposals)
        ],
    } | keys


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_generic_one_and_no_bound_is_below_it(seed):
    instance = resolve(scenario(seed)).instance
    generic = solve(instance, Params(method="generic"))
    found = solve(instance, Params(method="rooms"))
    assert (found.status, found.unique, found.taken) == (
        generic.status,
        generic.unique,
        generic.taken,
    )
    assert [s.best for s in found.stages] == [s.best for s in generic.stages]
    assert generic.certificate is None
    if found.certificate is not None and found.stages:
        assert found.certificate.bound >= generic.points.best
    if found.method == "rooms":
        assert found.certificate.bound == generic.points.best


def test_enough_of_these_are_proven_by_rooms():
    instances = [resolve(scenario(seed)).instance for seed in range(30)]
    methods = [solve(instance, Params(method="rooms")).method for instance in instances]
    assert methods.count("rooms") >= 8
    assert methods.count("generic") >= 8


def random_prices(program, rng):
    """Any prices where there are limits for them: none has to make sense."""
    found = {}
    for number, constraint in enumerate(program.constraints):
        if constraint.row is None or rng.random() < 0.4:
            continue
        price = rng.randint(1, 30) << rng.randrange(PRECISION + 5)
        if constraint.upper is not None:
            found[number] = price
        elif constraint.lower is not None:
            found[number] = -price
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_at_any_prices_and_with_any_rooms_the_bound_is_true(seed):
    case, program, terms = made(seed)
    best = solve(case.instance, Params(method="generic")).points
    rng = random.Random(seed)
    for _ in range(5):
        prices = random_prices(program, rng)
        nest = Nest(program)
        for number in rng.sample(range(len(program.constraints)), len(program.constraints)):
            if prices.get(number, 0) >= 0 and rng.random() < 0.5:
                try:
                    nest.add(number)
                except NotNestedError:
                    continue
        found = rooms_of(program, terms, prices, nest.uses)
        try:
            for room in found.rooms if found else ():
                settle(room, lambda: True)
        except ImpossibleError:
            found = None
        if found is None:
            assert best is None
            continue
        certificate = certified(found, terms)
        certificate.check(program, terms)
        if best is not None:
            assert certificate.bound >= best.best


def every_loss(room):
    """What each plan of a room within its limits loses, counted out: use and loss of each."""
    choices = [[(0, 0), *moves.moves] for moves in room.moves]
    found = [[(use, loss) for use, loss in every_loss(inner)] for inner in room.rooms]
    for picks in product(*choices, *[[(loss, use) for use, loss in inner] for inner in found]):
        use = room.base + sum(u for _, u in picks)
        if use <= room.limit:
            yield use, sum(loss for loss, _ in picks) + room.price * (room.limit - use)


def test_a_room_loses_just_what_counting_out_says():
    counted = 0
    for seed in range(200):
        case = Case(resolve(scenario(seed)).instance)
        program = case.program()
        terms = program.expression("points", ((i, 1) for i in range(len(program.fund))))
        prices = random_prices(program, random.Random(seed))
        found = rooms_of(program, terms, prices, rooms_in(program, prices))
        for room in found.rooms if found else ():
            size = 1
            for inner in room.inner():
                for moves in inner.moves:
                    size *= 1 + len(moves.moves)
            if size > 20_000:
                continue
            least = min((loss for _, loss in every_loss(room)), default=None)
            if least is None:
                with pytest.raises(ImpossibleError):
                    settle(room, lambda: True)
                continue
            settle(room, lambda: True)
            assert room.is_settled
            assert room.least == least
            assert closed(room, within(room, least - 1), least - 1) == []
            assert least_of(closed(room, within(room, least), least)) == least
            counted += 1
    assert counted > 200


@pytest.mark.parametrize("kind", ["easy", "hard"])
@pytest.mark.parametrize("scores", ["smooth", "ranked"])
def test_a_plan_traced_back_is_worth_what_its_room_says(kind, scores):
    case = Case(city(600, 3, kind, scores))
    program = case.program()
    terms = case.aims[0].expression(program)
    found = rooms.bounded(program, terms, Effort(60), "rooms")
    checked = 0
    for room in found.rooms.rooms:
        assert room.is_settled
        groups = [m.group for inner in room.inner() for m in inner.moves]
        picks = {id(group): pick for group, pick in best_picks(room)}
        lost = sum(group.picks[picks.get(id(group), 0)].loss for group in groups)
        steps = {}
        for inner in room.inner():
            for group in [*inner.still, *(m.group for m in inner.moves)]:
                pick = group.picks[picks.get(id(group), 0)]
                steps |= dict(zip(group.positions, pick.steps, strict=True))
        for inner in room.inner():
            uses = found.rooms.nest.uses[inner.number]
            used = sum(use.at(steps[position]) for position, use in uses.items())
            assert used <= inner.limit
            lost += inner.price * (inner.limit - used)
        assert lost == room.least
        checked += len(room.rooms)
    assert checked > 10  # lines within agencies


def test_a_city_with_floors_is_left_to_rooms():
    instance = city(1_500, 1)
    found = solve(instance, Params(gap=1e-3))
    assert (found.method, found.certificate.level) == ("rooms", "rooms")
    assert violations(found.case, found.taken) == []
    assert found.points.gap <= 1e-3
    assert found.points.bound == found.certificate.bound
    generic = solve(instance, Params(gap=2e-3, method="generic"))
    # Both bounds are true, so neither plan passes the other's.
    assert points_of(generic.taken) <= found.points.bound
    assert points_of(found.taken) <= generic.points.bound


def test_auto_leaves_small_cities_to_highs_and_says_so():
    found = solve(city(150, 1), Params(gap=0.01))
    assert (found.method, found.certificate) == ("generic", None)


def test_what_is_impossible_is_said_by_highs():
    locks = [{"proposal": f"U-{n}", "decision": "fund"} for n in (0, 1)]
    instance = resolve(document((6, 5), (6, 4), lock=locks)).instance
    assert solve(instance, Params(method="rooms")).status is Status.INFEASIBLE


def test_another_first_stage_is_left_to_highs():
    made_so = document((6, 5), (5, 4), objective={"stages": ["spread", "points"]})
    found = solve(resolve(made_so).instance, Params(method="rooms"))
    assert (found.method, found.certificate) == ("generic", None)


def test_a_stage_after_points_holds_them():
    """6 + 4 = 10 points either way; the thrifty plan takes the cheaper one of the two."""
    instance = resolve(
        document((6, 6), (4, 4), (3, 4), objective={"stages": ["points", "thrift"]})
    ).instance
    found = solve(instance, Params(method="rooms"))
    assert found.status is Status.OPTIMAL
    assert [stage.best for stage in found.stages] == [10_000_000, 9]


def test_a_proposal_of_very_many_steps_is_in_no_room():
    proposals = document((10, 5))["proposals"]
    proposals[0] |= {"volume": 1000, "min_volume": 1, "step": 1, "amount": 100_000, "unit": "m"}
    instance = resolve(document() | {"proposals": proposals}).instance
    case = Case(instance)
    program = case.program()
    ceiling = next(
        number
        for number, constraint in enumerate(program.constraints)
        if constraint.row and constraint.row.measure == "amount"
    )
    assert instance.proposals[0].requested.steps > MOST_PICKS
    with pytest.raises(NotNestedError):
        Nest(program).add(ceiling)
    assert solve(instance, Params(method="rooms")).status is Status.OPTIMAL


def test_a_room_too_large_keeps_what_was_proven(monkeypatch):
    instance = city(600, 1)
    case = Case(instance)
    program = case.program()
    terms = case.aims[0].expression(program)
    exact = rooms.bounded(program, terms, Effort(60), "rooms").certificate
    monkeypatch.setattr("solver.certificate.loss.MOST_PLANS", 40)
    weak = rooms.bounded(program, terms, Effort(60), "rooms").certificate
    weak.check(program, terms)
    by_prices = priced(program, terms, weak.prices).fixed >> PRECISION
    assert exact.bound < weak.bound
    assert by_prices != weak.bound
    with pytest.raises(TooManyError):
        within(next(iter(rooms.bounded(program, terms, Effort(60), "rooms").rooms.rooms)), LOSS)


def test_prices_without_a_limit_are_left_out():
    case = Case(resolve(document((6, 5), (5, 4))).instance)
    program = case.program()
    estimates = [-1.0] * len(program.constraints)
    assert whole_prices(program, estimates) == {
        number: -(1 << PRECISION)
        for number, constraint in enumerate(program.constraints)
        if constraint.row is not None and constraint.lower is not None
    }


def test_where_many_shared_limits_bind_auto_settles_no_room():
    case = Case(city(1_200, 1, "hard"))
    program = case.program()
    terms = case.aims[0].expression(program)
    left = rooms.bounded(program, terms, Effort(60), "auto")
    assert (left.is_promising, left.certificate.level) == (False, "prices")
    found = rooms.bounded(program, terms, Effort(60), "rooms")
    assert (found.is_promising, found.certificate.level) == (True, "rooms")
    assert found.certificate.bound < left.certificate.bound
    for bounded in (left, found):
        bounded.certificate.check(program, terms)


def test_where_a_coarse_gap_is_enough_auto_settles_the_rooms_of_a_smaller_city(monkeypatch):
    case = Case(city(1_200, 1, "hard"))
    program = case.program()
    terms = case.aims[0].expression(program)
    monkeypatch.setattr(rooms, "LARGE_FOR_COARSE", 1_100)
    fine = rooms.bounded(program, terms, Effort(60, gap=rooms.COARSE / 2), "auto")
    coarse = rooms.bounded(program, terms, Effort(60, gap=rooms.COARSE), "auto")
    assert (fine.is_promising, coarse.is_promising) == (False, True)
    assert coarse.certificate.bound < fine.certificate.bound
