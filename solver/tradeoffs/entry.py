"""What it would take for a proposal left out to come in: by itself, and for the others.

For a proposal p that the base plan does not fund. "In" means: in some best plan, that is, V with p
funded is no less than V with p left out.

`cost`: V less V(p is funded), in millionths of a point; infinite (None, proven) where no plan
funds it, as with a gate or a lock that rejects. Any option and volume of p counts; `option` is the
label of the one in the plan that answers. `leaves` are who falls out in a plan that changes little;
where it is one proposal alone, that is a swap.

Levers, each alone, everything else as it stands:
`price_cut`: the least whole rupiah by which all options of p would have to cost less, none below
zero, with volume and points as they are (cut steps stay as they are).
`volume_cut`: how much less would have to be asked of an option that can't be cut: the least
multiple of its `step` by which its volume falls, with rupiah and points falling as CONTRACT
section 3 says. None for what can be cut, since smaller volumes were open to the plan already.
`score_gain`: by how many millionths of a point the full volume of every option of p would have to
be worth more, smaller volumes in proportion.
`ceilings`: for every upper limit in money over p (ceiling, line, cap, limit, no shares): the extra
rupiah within 0 and the largest amount of p that counts there (more where the limit is overdrawn)
with which p is in, as intervals [first, last]. A larger limit can push p out again: money for p is
money for its rivals.

Each lever is solved anew at its answer and one unit before it, so the answer is the smallest. None
with `proven`: not even the whole reach of the lever brings p in. A lever that ran out of time is
None with status None.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from solver.instance import Proposal
from solver.tradeoffs.levers import (
    UNASKED,
    Lever,
    Window,
    ceilings_of,
    price_cut,
    score_gain,
    volume_cut,
)
from solver.tradeoffs.loss import Loss, loss
from solver.tradeoffs.moves import NO_MOVES, Moves, moves
from solver.tradeoffs.question import Questions, forced_in

NAME = "entry"


@dataclass(frozen=True)
class Entered:
    """What it takes for one proposal; `is_locked` where a lock rejects it and it was not asked."""

    proposal: str
    cost: Loss
    moves: Moves = NO_MOVES
    option: str | None = None
    price_cut: Lever = UNASKED
    volume_cut: Lever = UNASKED
    score_gain: Lever = UNASKED
    ceilings: tuple[Window, ...] = ()
    is_locked: bool = False

    @property
    def swap(self) -> str | None:
        """The one proposal that it could be exchanged for."""
        gone = self.moves.leaves
        is_swap = len(gone) == 1 and not self.moves.cut and len(self.moves.enters) == 1
        return gone[0] if is_swap else None


@dataclass(frozen=True)
class Entry:
    """One row a proposal that was asked; `left` were not reached in the time."""

    possible: bool | None
    rows: tuple[Entered, ...] = ()
    left: int = 0


def entry(
    questions: Questions, only: Collection[str] | None = None, *, levers: bool = True
) -> Entry:
    """Every proposal left out, or those of `only` among them, by id; `levers` or the cost alone."""
    base = questions.base
    if base.taken is None or not questions.asks_points:
        return Entry(base.possible)
    funded = {base.case.space.options[position].proposal for position in base.taken}
    asked = [
        proposal
        for proposal in questions.scenario.instance.proposals
        if proposal.id not in funded
        and not proposal.covered_by
        and (only is None or proposal.id in only)
    ]
    rows: list[Entered] = []
    for number, proposal in enumerate(asked):
        questions.budget.tell(NAME, number, len(asked))
        if questions.budget.left() <= 0:
            return Entry(True, tuple(rows), len(asked) - number)
        rows.append(_entered(questions, proposal, levers=levers))
    return Entry(True, tuple(rows))


def _entered(questions: Questions, proposal: Proposal, *, levers: bool) -> Entered:
    locked = {lock.proposal for lock in questions.scenario.instance.active_locks}
    if proposal.id in locked:
        return Entered(proposal.id, Loss(None, None), is_locked=True)
    answer = questions.same_case([forced_in(questions.case, proposal.id)])
    cost = loss(questions.base, answer)
    taken = answer.taken or {}
    options = answer.case.space.options
    label = next((options[i].label for i in taken if options[i].proposal == proposal.id), None)
    found = Entered(proposal.id, cost, moves(questions.base, answer), label)
    if not levers or all(option.gate for option in proposal.options):
        return found
    return Entered(
        found.proposal,
        found.cost,
        found.moves,
        found.option,
        price_cut(questions, proposal),
        volume_cut(questions, proposal),
        score_gain(questions, proposal, answer),
        ceilings_of(questions, proposal),
    )
