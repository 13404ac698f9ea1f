"""Any plan, from the solver or made by hand, judged by adding up rows in whole numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from solver.case import Case
from solver.rules import RULES, Row, Taken, Usage


def amount_of(taken: Taken) -> int:
    """What a plan costs, in rupiah."""
    return sum(figures.amount for figures in taken.values())


def points_of(taken: Taken) -> int:
    """The points of a plan, in millionths."""
    return sum(figures.points for figures in taken.values())


def usages(rows: Sequence[Row], taken: Taken) -> list[Usage]:
    """Each row with its use; where money may move between sister lines, as it has to move."""
    amount = amount_of(taken)
    found = []
    used = [row.used(taken) for row in rows]
    moves = _moves(rows, used)
    for index, (row, total) in enumerate(zip(rows, used, strict=True)):
        lower, upper = row.bounds(amount)
        if upper is not None:
            upper += moves.get(index, 0)
        found.append(Usage(row, total, lower, upper, amount))
    return found


def moved(rows: Sequence[Row], taken: Taken) -> Mapping[str, int]:
    """By how much each flexible limit has to move for the plan, in rupiah; by subject."""
    moves = _moves(rows, [row.used(taken) for row in rows])
    return {rows[index].subject: by for index, by in moves.items() if by}


def _moves(rows: Sequence[Row], used: Sequence[int]) -> Mapping[int, int]:
    """How each flexible limit moves: up by what its line needs, down where there is room, to zero.

    Sisters give in the order of the rows. Where they can't give enough the last needs stay unmet.
    """
    pools: dict[str, list[int]] = defaultdict(list)
    spare: dict[int, int] = {}
    for index, row in enumerate(rows):
        if row.pool and isinstance(row.upper, int):
            pools[row.pool].append(index)
            spare[index] = row.upper - used[index]
    moves: dict[int, int] = {}
    for members in pools.values():
        can_give = sum(min(rows[i].flex, spare[i]) for i in members if spare[i] > 0)
        given = 0
        for i in members:
            if spare[i] < 0:
                moves[i] = min(-spare[i], rows[i].flex, can_give - given)
                given += moves[i]
        for i in members:
            if spare[i] > 0 and given:
                gift = min(given, rows[i].flex, spare[i])
                moves[i] = -gift
                given -= gift
    return moves


def violations(case: Case, taken: Taken) -> list[Usage]:
    """The rows that the plan breaks."""
    return [usage for usage in usages(case.rows, taken) if usage.breach]


def limits(case: Case, taken: Taken) -> Iterator[Usage]:
    """The numeric limits with their use, and whether they are tight, in the order of the rules."""
    funded = {case.space.options[i].proposal for i in taken}
    shown = [
        row for row in case.rows if row.shown and row.rule in RULES and RULES[row.rule].measured
    ]
    for usage in usages(shown, taken):
        row = usage.row
        tight = usage.used == usage.lower
        if usage.upper is not None and not tight:
            left = usage.upper - usage.used
            tight = not any(
                case.space.options[i].smallest.of(row.measure) <= left
                for i in row.members
                if i not in case.stopped and case.space.options[i].proposal not in funded
            )
        yield replace(usage, tight=tight)
