"""What each lock, floor, cap, link and the order cost: the points with and without it.

The price of a rule for its subject is V of the scenario without just that (without.py says what is
taken off), less V of the scenario, in millionths of a point. With the stage `points` first it is
never below zero; with other stages before it, those are at their own best each time, so that
giving a rule up can cost points, and the price is then below zero. Ceilings are rules as well:
their price is what a desk without any ceiling there would gain, seldom what one rupiah is worth.
Where the scenario has no plan at all there is nothing to compare; where taking a rule off makes the
first plan possible is told by the repairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.case import Case
from solver.tradeoffs.loss import Loss, loss
from solver.tradeoffs.moves import NO_MOVES, Moves, moves
from solver.tradeoffs.question import Questions
from solver.tradeoffs.without import Without, every

NAME = "rule_prices"


@dataclass(frozen=True)
class RulePrice:
    """What one rule costs for one subject, and who would come and go without it."""

    rule: str
    subject: str
    price: Loss
    moves: Moves = NO_MOVES


@dataclass(frozen=True)
class RulePrices:
    """One row a rule and subject, the dearest sure price first; `left` were not reached in time."""

    possible: bool | None
    rows: tuple[RulePrice, ...] = ()
    left: int = 0


def rule_prices(questions: Questions) -> RulePrices:
    """Every price, those that are known first, the dearest before the others."""
    base = questions.base
    if base.taken is None or not questions.asks_points:
        return RulePrices(base.possible)
    asked = list(every(questions.scenario.instance))
    rows = list(_priced(questions, asked))
    left = len(asked) - len(rows)
    return RulePrices(True, tuple(sorted(rows, key=_dearest_first)), left)


def _priced(questions: Questions, asked: list[Without]) -> Iterator[RulePrice]:
    for number, without in enumerate(asked):
        questions.budget.tell(NAME, number, len(asked))
        if questions.budget.left() <= 0:
            return
        if _binds_nothing(questions.case, without):
            yield RulePrice(without.rule, without.subject, Loss(0, "proven"))
            continue
        answer = questions.instance(without.instance)
        price = loss(answer, questions.base)
        yield RulePrice(without.rule, without.subject, price, moves(questions.base, answer))


def _binds_nothing(case: Case, without: Without) -> bool:
    """Whether no choice at all could break the rows in question, so that none can matter.

    Only where the order is free: what a limit stops even alone counts there.
    """
    if case.instance.order.enforce:
        return False
    rows = [row for row in case.rows if row.element == (without.rule, without.subject)]
    return bool(rows) and all(
        row.lower is None
        and isinstance(row.upper, int)
        and not row.pool
        and row.base + sum(f * case.space.options[m].full.of(row.measure) for m, f in row.terms())
        <= row.upper
        and all(f >= 0 and case.space.options[m].smallest.of(row.measure) >= 0
                for m, f in row.terms())
        for row in rows
    )  # fmt: skip


def _dearest_first(row: RulePrice) -> tuple[bool, bool, int, str, str]:
    points = row.price.points
    return (points is None, not row.price.is_sure, -(points or 0), row.rule, row.subject)
