"""What more money buys at each ceiling, cap and line, what less floor frees, and the best moves.

For a limit in money and an extra of Rp 50, 100, 200 and 500 million: V of the scenario with that
limit higher by the extra (a floor lower by it, never below zero), less V of the scenario, in
millionths of a point; who comes in and who falls out, against the base plan. A limit that is a
share of the whole has no rupiah of its own and is left out. With the stage `points` first and a
free order more money never loses points; otherwise it can, and the gain is then below zero.

A transfer takes the extra from one limit and gives it to another of the same kind, so that nothing
more is spent than was allowed before; its gain is V of the scenario with both changed, less V.
Asked are the limits with the largest gains as takers and those with most room left by the base
plan as givers: the best of those asked, and perhaps not the best of all. It answers Q7 of the field
study: cells over and under their ceilings at once while the totals balance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.assess import usages
from solver.tradeoffs.loss import Loss, loss
from solver.tradeoffs.money import Purse, purses
from solver.tradeoffs.moves import NO_MOVES, Moves, moves
from solver.tradeoffs.question import POINTS, Questions

NAME = "next_rupiah"
EXTRAS = (50_000_000, 100_000_000, 200_000_000, 500_000_000)
TAKERS = GIVERS = 6
"""So many limits on either side are paired for transfers."""


@dataclass(frozen=True)
class Bought:
    """What one extra buys at one limit."""

    purse: Purse
    extra: int
    gain: Loss
    moves: Moves


@dataclass(frozen=True)
class Transfer:
    """What moving `rupiah` from one limit to another gains."""

    giver: Purse
    taker: Purse
    rupiah: int
    gain: Loss
    moves: Moves


@dataclass(frozen=True)
class NextRupiah:
    """Rows by limit and extra, and the transfers that gain something, the best sure gain first.

    `left` are questions that were not reached in the time.
    """

    possible: bool | None
    rows: tuple[Bought, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    left: int = 0


def next_rupiah(questions: Questions, extras: Sequence[int] = EXTRAS) -> NextRupiah:
    """Every limit with every extra, then the transfers."""
    base = questions.base
    if base.taken is None or not questions.asks_points:
        return NextRupiah(base.possible)
    found = list(purses(questions.scenario.instance))
    rows: list[Bought] = []
    for number, purse in enumerate(found):
        questions.budget.tell(NAME, number, len(found))
        rows += _of_purse(questions, purse, sorted(extras, reverse=True))
    left = len(found) * len(extras) - len(rows)
    rows.sort(key=lambda row: (row.purse.rule, row.purse.subject, row.purse.side, row.extra))
    pairs = list(_pairs(questions, rows, found, sorted(extras)))
    transfers = []
    for giver, taker, rupiah in pairs:
        if questions.budget.left() <= 0:
            break
        transfers.append(_moved(questions, giver, taker, rupiah))
    gaining = [t for t in transfers if (t.gain.points or 0) > 0]
    gaining.sort(key=_best_first)
    return NextRupiah(True, tuple(rows), tuple(gaining), left + len(pairs) - len(transfers))


def _best_first(transfer: Transfer) -> tuple[bool, int, int, str, str]:
    gain, giver, taker = transfer.gain, transfer.giver.subject, transfer.taker.subject
    return (not gain.is_sure, -(gain.points or 0), transfer.rupiah, giver, taker)


def _of_purse(questions: Questions, purse: Purse, extras: Sequence[int]) -> Iterator[Bought]:
    """The largest extra first: where it buys nothing and money can't harm, less buys nothing."""
    useless = False
    for extra in extras:
        if useless:
            yield Bought(purse, extra, Loss(0, "proven"), NO_MOVES)
            continue
        if questions.budget.left() <= 0:
            return
        instance = purse.moved(questions.scenario.instance, extra)
        answer = questions.instance(instance)
        gain = loss(answer, questions.base)
        useless = gain == Loss(0, "proven") and never_harms(questions)
        yield Bought(purse, extra, gain, moves(questions.base, answer))


def never_harms(questions: Questions) -> bool:
    """Whether a looser limit can't lower V: `points` come first, and no order is enforced."""
    instance = questions.scenario.instance
    return instance.stages[0].name == POINTS and not instance.order.enforce


def _pairs(
    questions: Questions, rows: Sequence[Bought], found: Sequence[Purse], extras: Sequence[int]
) -> Iterator[tuple[Purse, Purse, int]]:
    """Who could give to whom: upper limits of one kind, within what the giver's limit is."""
    gains: dict[Purse, int] = {}
    for row in rows:
        gains[row.purse] = max(gains.get(row.purse, 0), row.gain.points or 0)
    rooms = _rooms(questions)
    upper = [purse for purse in found if purse.side == "max"]
    for kind in dict.fromkeys((purse.rule, purse.kind) for purse in upper):
        same = [purse for purse in upper if (purse.rule, purse.kind) == kind]
        takers = sorted((p for p in same if gains.get(p, 0) > 0), key=lambda p: -gains[p])
        givers = sorted(same, key=lambda p: -rooms.get((p.rule, p.subject), 0))
        for taker in takers[:TAKERS]:
            for giver in givers[:GIVERS]:
                for rupiah in extras:
                    if giver != taker and rupiah <= giver.limit:
                        yield giver, taker, rupiah


def _rooms(questions: Questions) -> dict[tuple[str, str], int]:
    """What the base plan leaves of every upper limit in money."""
    base = questions.base
    rows = [row for row in base.case.rows if row.measure == "amount"]
    return {
        usage.row.element: usage.upper - usage.used
        for usage in usages(rows, base.taken or {})
        if usage.upper is not None
    }


def _moved(questions: Questions, giver: Purse, taker: Purse, rupiah: int) -> Transfer:
    instance = taker.moved(giver.moved(questions.scenario.instance, -rupiah), rupiah)
    answer = questions.instance(instance)
    gain = loss(answer, questions.base)
    return Transfer(giver, taker, rupiah, gain, moves(questions.base, answer))
