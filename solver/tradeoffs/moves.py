"""Who comes in and who falls out between the base plan and the plan of an answer."""

from __future__ import annotations

from dataclasses import dataclass

from solver.tradeoffs.answer import Answer


@dataclass(frozen=True)
class Moves:
    """Proposals by id: `enters` are funded in the answer only, `leaves` in the base plan only.

    `cut` are funded in both, in the answer at a smaller volume or amount.
    """

    enters: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


NO_MOVES = Moves()


def moves(base: Answer, asked: Answer) -> Moves:
    """What the answer's plan changes; nothing where either has no plan."""
    before, after = _funded(base), _funded(asked)
    if base.taken is None or asked.taken is None:
        return NO_MOVES
    return Moves(
        enters=tuple(sorted(after.keys() - before.keys())),
        leaves=tuple(sorted(before.keys() - after.keys())),
        cut=tuple(sorted(p for p in before.keys() & after.keys() if after[p] < before[p])),
    )


def _funded(answer: Answer) -> dict[str, tuple[int, int]]:
    options = answer.case.space.options
    return {
        options[position].proposal: (figures.amount, figures.volume)
        for position, figures in (answer.taken or {}).items()
    }
