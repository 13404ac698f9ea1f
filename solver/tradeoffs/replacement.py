"""What the plan loses where one funded proposal falls out, and who comes in for it.

For a proposal p that the base plan funds: V less V(p is not funded), in millionths of a point. All
options and volumes of p are out together; every other rule and lock stands. The loss is infinite
(None, proven) where no plan leaves p out: a floor, a target or a link needs it. A proposal that a
lock funds is not asked: what the lock costs is told by `rule_prices`. One that is covered takes no
new money and is not asked either. Never below zero, for leaving p out is one rule more.

This is the replacement cost of reserve selection (Moilanen 2009; prioritizr and oppr).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from solver.tradeoffs.loss import Loss, loss
from solver.tradeoffs.moves import NO_MOVES, Moves, moves
from solver.tradeoffs.question import Questions, forced_out

NAME = "replacement"


@dataclass(frozen=True)
class Fallen:
    """One funded proposal without which the desk has to do; `is_locked` where it was not asked."""

    proposal: str
    loss: Loss
    moves: Moves = NO_MOVES
    is_locked: bool = False


@dataclass(frozen=True)
class Replacement:
    """One row a funded proposal that was asked; `left` were not reached in the time.

    `possible` is whether there is a base plan at all.
    """

    possible: bool | None
    rows: tuple[Fallen, ...] = ()
    left: int = 0


def replacement(questions: Questions, only: Collection[str] | None = None) -> Replacement:
    """Every funded proposal, or those of `only` among them, by id."""
    base = questions.base
    if base.taken is None or not questions.asks_points:
        return Replacement(base.possible)
    options = base.case.space.options
    funded = sorted({options[position].proposal for position in base.taken})
    asked = [proposal for proposal in funded if only is None or proposal in only]
    locked = {lock.proposal for lock in questions.scenario.instance.active_locks}
    rows: list[Fallen] = []
    for number, proposal in enumerate(asked):
        questions.budget.tell(NAME, number, len(asked))
        if proposal in locked:
            rows.append(Fallen(proposal, Loss(None, None), is_locked=True))
            continue
        if questions.budget.left() <= 0:
            return Replacement(True, tuple(rows), len(asked) - number)
        answer = questions.same_case([forced_out(questions.case, proposal)])
        rows.append(Fallen(proposal, loss(base, answer), moves(base, answer)))
    return Replacement(True, tuple(rows))
