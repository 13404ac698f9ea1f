"""The fast method: shared limits get prices, the rest falls apart into rooms solved exactly.

The bound is in whole numbers and comes with its certificate. It is far tighter than the
relaxation's where choices are many and most limits lie within one another; where many limits that
cross bind, it is not, and HiGHS takes over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from solver.certificate import Certificate, certified
from solver.certificate.room import Rooms, rooms_of
from solver.model import Effort, relaxation
from solver.program import Program, Terms
from solver.rooms.budgets import ImpossibleError, settle
from solver.rooms.find import rooms_in, whole_prices
from solver.rooms.plan import Plan, Planner

SPLIT = 1e-6
"""A choice that the relaxation takes by more than this, and not in full, is split."""

MANY, LARGE = 1_000, 10_000
"""With fewer choices HiGHS is as fast; with so many it has no chance even of a good plan."""

COARSE, LARGE_FOR_COARSE = 0.001, 2_500
"""Where such a gap is enough, rooms are there first from so many choices on (1.7 to 5.5 times)."""

FEW_SHARED = 12
"""With more shared limits that have a price HiGHS takes over at once."""

WIDTHS = (8, 16, 24)
"""So many choices a room are set free, one attempt after the other."""

PATIENCE = 2.0
"""An attempt may take so many times what the bound took, and half a second."""


@dataclass(frozen=True)
class Bounded:
    """A bound as its certificate, the rooms it comes from, and what the relaxation splits.

    `is_promising`: the rooms were settled, and a plan near them is worth looking for.
    """

    certificate: Certificate
    rooms: Rooms
    split: tuple[int, ...]
    is_promising: bool
    seconds: float


def may_suit(program: Program, method: str) -> bool:
    """Whether to look for rooms: where they were asked for, or choices are many enough."""
    return method == "rooms" or (method == "auto" and len(program.fund) >= MANY)


def bounded(program: Program, terms: Terms, effort: Effort, method: str) -> Bounded | None:
    """The bound by rooms; None where the relaxation or a room has no plan: that is HiGHS's.

    With the method `auto` rooms are not settled where many limits that they share have a price, but
    for a city large for its gap: HiGHS by itself soon has a better bound there, and as good a plan.
    """
    began = time.monotonic()
    relaxed = relaxation(program, terms, "max")
    if relaxed is None:
        return None
    prices = whole_prices(program, relaxed.prices)
    rooms = rooms_of(program, terms, prices, rooms_in(program, prices))
    if rooms is None:
        return None
    shared = sum(number not in rooms.nest.uses for number in rooms.prices)
    large = LARGE_FOR_COARSE if effort.gap >= COARSE else LARGE
    promising = method == "rooms" or shared <= FEW_SHARED or len(program.fund) >= large
    try:
        for room in rooms.rooms if promising else ():
            settle(room, _until(began + effort.seconds, effort.stop))
    except ImpossibleError:
        return None
    split = tuple(
        position
        for position, variable in enumerate(program.fund)
        if SPLIT < relaxed.values[variable] < 1 - SPLIT
    )
    seconds = time.monotonic() - began
    return Bounded(certified(rooms, terms), rooms, split, promising, seconds)


def _until(end: float, stop: threading.Event | None) -> Callable[[], bool]:
    return lambda: time.monotonic() < end and not (stop is not None and stop.is_set())


def plans(program: Program, terms: Terms, found: Bounded, effort: Effort) -> Iterator[Plan]:
    """Plans near what the rooms would do alone, each with more set free; to be judged by rows."""
    planner = Planner(program, terms, found.rooms, found.split)
    plan = planner.alone()
    if plan is not None:
        yield plan
    seconds = PATIENCE * found.seconds + 0.5
    for width in WIDTHS:
        plan = planner.near(width, replace(effort, seconds=min(effort.seconds, seconds)))
        if plan is not None:
            yield plan
