"""A plan made to fit again, by hand: what was agreed stays as far as the rows let it.

A re-solve begins from it. What broke is mended where it costs the fewest points, what is then left
over is spent on the best points per rupiah. It is a start for the search and proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from solver.assess import violations
from solver.baseline import Hand, companies
from solver.case import Case
from solver.instance import Choice, Figures
from solver.rules import Row, Taken

TRIES = 1000
"""Steps of mending after which it is given up."""


class _Move(NamedTuple):
    """A position at smaller figures (None: dropped), and what that costs for what it mends."""

    price: float
    position: int
    figures: Figures | None


def refit(case: Case, near: Sequence[Choice]) -> Taken | None:
    """A plan of the case near one that may be of other numbers; None where none was found.

    Choices that the case does not know are left out; what is locked in is taken.
    """
    hand = Hand(case)
    for position, figures in _known(case, near).items():
        hand.put(position, figures)
    for proposal, meant in hand.meant.items():
        _settle(hand, proposal, meant)
    if not _mended(hand):
        return None
    mended = dict(hand.taken)
    _refill(hand)
    return next((plan for plan in (hand.taken, mended) if not violations(case, plan)), None)


def _known(case: Case, near: Sequence[Choice]) -> Taken:
    options = {(option.proposal, option.label): option for option in case.space.options}
    known = []
    for choice in near:
        option = options.get((choice.proposal, choice.option))
        if option is not None and (choice.volume or 0) <= option.full.volume:
            known.append(choice)
    return case.space.take(known)


def _settle(hand: Hand, proposal: str, meant: Sequence[int]) -> None:
    """Take what a lock settled, in one of the positions meant."""
    there = [i for i in hand.case.space.positions[proposal] if i in hand.taken]
    if any(i in meant for i in there):
        return
    for i in there:
        hand.drop(i)
    if meant:
        hand.put(meant[0], hand.case.space.options[meant[0]].full)


def _mended(hand: Hand) -> bool:
    """Cut, drop and add until no upper limit is passed and no link is broken."""
    for _ in range(TRIES):
        over = _over(hand)
        moves = list(_smaller(hand, over) if over else _loose(hand))
        if moves:
            move = min(moves, key=lambda m: (m.price, m.position, m.figures is None))
            hand.drop(move.position)
            if move.figures is not None:
                hand.put(move.position, move.figures)
        elif not _completed(hand):
            return not over
    return False


def _completed(hand: Hand) -> bool:
    """Whether something was added that what is locked in needs: what it requires, its company."""
    space = hand.case.space
    for row, used in zip(hand.case.rows, hand.used, strict=True):
        if row.lower != 0 or not (used < 0 or (row.upper == 0 and used > 0)):
            continue
        for member, factor in row.terms():
            proposal = space.options[member].proposal
            helps = (factor > 0) == (used < 0)
            if helps and member not in hand.taken and proposal not in hand.meant:
                hand.put(member, space.options[member].full)
                hand.meant[proposal] = (member,)
                return True
    return False


def _over(hand: Hand) -> dict[int, int]:
    """The rows that are passed, by how much; sister lines may have lent what they can."""
    return {
        index: used - row.upper - row.flex
        for index, (row, used) in enumerate(zip(hand.case.rows, hand.used, strict=True))
        if isinstance(row.upper, int) and used > row.upper + row.flex
    }


def _smaller(hand: Hand, over: dict[int, int]) -> Iterator[_Move]:
    """Every way to take less of what is passed."""
    locked = {i for meant in hand.meant.values() for i in meant}
    for position, figures in hand.taken.items():
        option = hand.case.space.options[position]
        rows = [(i, f) for i, f in hand.rows_of[position] if i in over and f > 0]
        if not rows:
            continue
        if position not in locked:
            yield _priced(hand, over, rows, position, None)
        done = option.steps_at(figures.volume)
        if option.steps and done is not None:
            for index, factor in rows:
                by = factor * option.step.of(hand.case.rows[index].measure)
                steps = done - (-over[index] // by) if by > 0 else option.steps + 1
                if steps <= option.steps:
                    yield _priced(hand, over, rows, position, option.cut(steps))


def _priced(
    hand: Hand,
    over: dict[int, int],
    rows: Sequence[tuple[int, int]],
    position: int,
    figures: Figures | None,
) -> _Move:
    """The points a move costs, for each whole row that it mends."""
    before, after = hand.taken[position], figures or Figures()
    mended = 0.0
    for index, factor in rows:
        measure = hand.case.rows[index].measure
        relief = factor * (before.of(measure) - after.of(measure))
        mended += min(relief, over[index]) / over[index]
    cost = before.points - after.points
    return _Move(cost / mended if mended > 0 else float("inf"), position, figures)


def _loose(hand: Hand) -> Iterator[_Move]:
    """What is taken without what it needs has to go."""
    locked = {i for meant in hand.meant.values() for i in meant}
    for row, used in zip(hand.case.rows, hand.used, strict=True):
        if row.lower == 0 and used < 0:
            for member in _dependent(row):
                if member in hand.taken and member not in locked:
                    yield _Move(float(hand.taken[member].points), member, None)


def _dependent(row: Row) -> Iterator[int]:
    return (member for member, factor in row.terms() if factor < 0)


def _refill(hand: Hand) -> None:
    """Spend what is left: first on what was cut, then on the best points per rupiah."""
    space = hand.case.space

    def worth(proposal: str) -> float:
        full = space.proposals[proposal].requested.full
        return full.points / max(1, full.amount)

    there = {space.options[i].proposal: i for i in hand.taken}
    for proposal in sorted(there, key=worth, reverse=True):
        position = there[proposal]
        figures = hand.taken[position]
        hand.drop(position)
        hand.meant[proposal] = (position,)
        hand.take_all([proposal])
        if position not in hand.taken:  # off its grid, or held by a floor
            hand.put(position, figures)
    queue = sorted(space.proposals, key=worth, reverse=True)
    company = companies(hand.case, queue)
    hand.tried.update(there)
    for proposal in queue:
        if proposal not in hand.tried and proposal not in space.covered:
            hand.take_all(company.get(proposal, [proposal]))
