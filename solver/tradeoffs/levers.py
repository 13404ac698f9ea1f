"""The levers that could bring one proposal in: each its smallest turn, solved anew at the answer.

A lever's first guess comes from one small program, or from the arithmetic of a plan. What is told
is only what solving the changed scenario again says: in at the answer, not in one unit before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from solver.assess import points_of, violations
from solver.case import Case
from solver.instance import MICRO, Figures, Instance, Option, Proposal, half_up
from solver.model import Effort, optimise
from solver.program import Program
from solver.rules import Row
from solver.tradeoffs.answer import Answer
from solver.tradeoffs.money import Purse, purses
from solver.tradeoffs.question import POINTS, Questions, forced_in, forced_out, up_to_points

LOOKS = 24
"""Plans looked at in search of one smallest turn."""

GUESSING = 5.0
"""Seconds for the program that gives a first guess."""

BREAKS = 80
"""Amounts at which a ceiling's answer may change before the rest is left open."""


@dataclass(frozen=True)
class Lever:
    """The smallest turn (rupiah, or millionths of a point or of a volume).

    None with `proven`: no turn of this lever is enough. None with None: not known, or not asked.
    `at_most`: it is enough, and a smaller one may be.
    """

    turn: int | None = None
    status: str | None = None


NEVER = Lever(None, "proven")
UNASKED = Lever()


@dataclass(frozen=True)
class Window:
    """The extra rupiah, first to last, with which a larger limit brings the proposal in.

    Both None: with no extra within the proposal's own amount (`proven`), or not known (None).
    """

    purse: Purse
    first: int | None
    last: int | None
    status: str | None


def price_cut(questions: Questions, proposal: Proposal) -> Lever:
    """The least cut of its own price that brings it in."""

    def cheaper(rupiah: int) -> Proposal:
        return _with_each(
            proposal, lambda o: replace(o, full=_less(o.full, min(rupiah, o.smallest.amount)))
        )

    reach = max((o.smallest.amount for o in proposal.options if not o.gate), default=0)
    guess = _price_guess(questions, proposal).turn
    return _smallest(questions, proposal, cheaper, reach, guess)


def volume_cut(questions: Questions, proposal: Proposal) -> Lever:
    """The least cut of the volume asked for that brings it in; the turn is in millionths."""
    rigid = [o for o in proposal.options if not o.steps and o.full.volume and not o.gate]
    if not rigid:
        return UNASKED
    elastic = {option.label: _elastic(questions, option) for option in rigid}
    if all(option.steps == 0 for option in elastic.values()):
        return NEVER
    sizes = {option.step.volume for option in elastic.values() if option.steps}
    if len(sizes) > 1:
        return UNASKED  # options counted in different steps have no one lever

    def smaller(steps: int) -> Proposal:
        def change(option: Option) -> Option:
            other = elastic.get(option.label)
            if other is None:
                return option
            return replace(option, full=other.cut(min(steps, other.steps)))

        return _with_each(proposal, change)

    (size,) = sizes
    found = _first_in(questions, proposal, smaller, _volume_guess(questions, proposal, elastic))
    return found if found.turn is None else replace(found, turn=found.turn * size)


def score_gain(questions: Questions, proposal: Proposal, now: Answer) -> Lever:
    """The least gain of points that brings it in; `now` is the answer with it forced in."""
    if now.possible is False:
        return NEVER
    base = questions.base
    if now.taken is None or now.best is None or base.best is None:
        return UNASKED

    def worthier(points: int) -> Proposal:
        return _with_each(proposal, lambda o: _worth_more(o, points))

    option, figures = _choice(now, proposal)
    short = max(base.best - points_of(now.taken), 0)
    enough = 2 * short * max(1, option.full.volume) // max(1, figures.volume) + 2
    guess = _least_for(questions, now, proposal, worthier, enough)
    return _smallest(questions, proposal, worthier, guess, guess)


def ceilings_of(questions: Questions, proposal: Proposal) -> tuple[Window, ...]:
    """The windows of every upper limit in money over the proposal, in the order of the rules."""
    found: list[Window] = []
    for purse in purses(questions.scenario.instance):
        if purse.side == "max":
            found += _windows(questions, proposal, purse)
    return tuple(found)


def _windows(questions: Questions, proposal: Proposal, purse: Purse) -> list[Window]:
    """Where more money lets it in: from the largest extra downwards, one plan after the other.

    A plan stays possible while the limit falls to what it uses, and nothing better comes up while
    it falls. So a plan with it settles all extras down to there where it is in, and one without it
    where it is out. Once a plan with it is worth less than the base, it is out from there down.
    """
    own = questions.case.space.positions.get(proposal.id, ())
    row = _row(questions.case, purse)
    amounts = [
        questions.case.space.options[i].full.amount
        for i in own
        if row and i in row.members and not questions.case.space.options[i].gate
    ]
    if row is None or not amounts:
        return []
    if row.pool or not _is_plain(questions):
        return [Window(purse, None, None, None)]
    extra = row.overdrawn + max(amounts)
    inside: list[tuple[int, int]] = []
    with_it = without_it = None
    low_in = low_out = extra + 1
    for _ in range(BREAKS):
        if extra < 0:
            return _told(purse, inside)
        instance = purse.moved(questions.scenario.instance, extra)
        if with_it is None or extra < low_in:
            with_it = _with_it(questions, instance, proposal)
            low_in = _down_to(with_it, purse, extra)
        if _compare(with_it, questions.base) is False:
            return _told(purse, inside)
        if without_it is None or extra < low_out:
            without_it = _without_it(questions, instance, proposal)
            low_out = _down_to(without_it, purse, extra)
        verdict = _compare(with_it, without_it)
        if verdict is None:
            return _told(purse, inside, "at_least")
        if verdict:
            inside.append((max(low_in, 0), extra))
        extra = (low_in if verdict else low_out) - 1
    return _told(purse, inside, "at_least")


def _told(purse: Purse, inside: list[tuple[int, int]], status: str = "proven") -> list[Window]:
    """Stretches side by side become one window; the lowest first."""
    joined: list[tuple[int, int]] = []
    for first, last in reversed(inside):
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [Window(purse, first, last, status) for first, last in joined] or [
        Window(purse, None, None, status if status == "proven" else None)
    ]


def _down_to(answer: Answer, purse: Purse, extra: int) -> int:
    """The smallest extra down to which the answer stays just this."""
    if answer.possible is False:
        return 0  # with less money it is no more possible
    row = _row(answer.case, purse)
    if answer.taken is None or row is None or not isinstance(row.upper, int):
        return extra
    used = row.used(answer.taken)
    return extra - (row.upper - used) if used > 0 else 0


def _row(case: Case, purse: Purse) -> Row | None:
    """The row that the limit makes, if anything counts in it."""
    element = (purse.rule, purse.subject)
    rows = (row for row in case.rows if row.element == element and row.measure == "amount")
    return next((row for row in rows if row.upper is not None), None)


@dataclass(frozen=True)
class _Guess:
    """The least turn by one program, `is_sure` but for tolerances; None: no turn, or not known."""

    turn: int | None
    is_sure: bool


def _first_in(
    questions: Questions,
    proposal: Proposal,
    changed: Callable[[int], Proposal],
    guess: _Guess,
) -> Lever:
    """The first turn that brings it in, from one before the guess on.

    For what may be in at one turn and out again at a larger one: of those below the guess only the
    program says that it is out.
    """
    if guess.turn is None:
        return NEVER if guess.is_sure and _is_plain(questions) else UNASKED
    first = max(guess.turn - 1, 0)
    for turn in range(first, first + LOOKS):
        verdict, _ = _tried(questions, proposal, changed(turn))
        if verdict is None:
            return UNASKED
        if verdict:
            is_least = guess.is_sure and turn >= guess.turn and _is_plain(questions)
            return Lever(turn, "proven" if is_least else "at_most")
    return UNASKED


def _smallest(
    questions: Questions,
    proposal: Proposal,
    changed: Callable[[int], Proposal],
    reach: int,
    guess: int | None,
) -> Lever:
    """The smallest turn in [0, reach] that brings it in, near a guess of it; None: no guess."""
    at = reach if guess is None else min(reach, guess)
    verdict, answer = _tried(questions, proposal, changed(at))
    jump = 1
    while verdict is False and at < reach:  # the program's tolerance let it stop short
        at, jump = min(reach, at + jump), jump * 4
        verdict, answer = _tried(questions, proposal, changed(at))
    if verdict:
        return _lowered(questions, proposal, changed, at, answer)
    return NEVER if verdict is False and _is_plain(questions) else UNASKED


def _lowered(
    questions: Questions,
    proposal: Proposal,
    changed: Callable[[int], Proposal],
    at: int,
    answer: Answer,
) -> Lever:
    """Down from a turn that is enough to one of which one unit less is not.

    Each plan is enough down to a turn that needs no solving. By turns the next one is looked for
    just below that, and half way down.
    """
    enough, too_little = _least_for(questions, answer, proposal, changed, at), -1
    is_below = True
    for _ in range(LOOKS):
        if enough - too_little <= 1:
            return Lever(enough, "proven" if _is_plain(questions) else "at_most")
        probe = enough - 1 if is_below else (enough + too_little) // 2
        verdict, answer = _tried(questions, proposal, changed(probe))
        if verdict is None:
            break
        if verdict:
            enough = _least_for(questions, answer, proposal, changed, probe)
        else:
            too_little = probe
        is_below = not is_below
    return Lever(enough, "at_most")


def _least_for(
    questions: Questions,
    answer: Answer,
    proposal: Proposal,
    changed: Callable[[int], Proposal],
    at: int,
) -> int:
    """The least turn, `at` or below, with which the plan of an answer is still good enough.

    What it is for the other proposals does not depend on the turn. Where the turn moves more than
    the plan, `at` itself is told.
    """
    if not _is_plain(questions) or answer.taken is None:
        return at
    own = questions.case.space.positions[proposal.id]
    others = {i: figures for i, figures in answer.taken.items() if i not in own}
    (place,) = answer.taken.keys() - others.keys()
    label, figures = answer.case.space.options[place].label, answer.taken[place]

    def is_enough(turn: int) -> bool:
        option = next(option for option in changed(turn).options if option.label == label)
        plan = {**others, place: _at(option, figures)}
        is_worth_it = points_of(plan) >= (questions.base.best or 0)
        return is_worth_it and not violations(questions.case, plan)

    low, high = 0, at
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle + 1, high)
    return low


def _is_plain(questions: Questions) -> bool:
    """Whether points come first and no order is enforced, so that V moves one way only."""
    instance = questions.scenario.instance
    return instance.stages[0].name == POINTS and not instance.order.enforce


def _tried(
    questions: Questions, proposal: Proposal, changed: Proposal
) -> tuple[bool | None, Answer]:
    """Whether some best plan of the changed scenario funds the proposal, and one that does.

    None: not known. What it would be without the proposal is the base itself, since only the
    proposal changed; where others depend on it, both are asked.
    """
    instance = _with(questions.scenario.instance, changed)
    answer = _with_it(questions, instance, proposal)
    if _is_plain(questions):
        return _compare(answer, questions.base), answer
    return _compare(answer, _without_it(questions, instance, proposal)), answer


def _compare(with_it: Answer, without_it: Answer) -> bool | None:
    if with_it.possible is False:
        return False
    if without_it.possible is False:
        return True
    if None not in (with_it.best, without_it.bound) and with_it.best >= without_it.bound:  # type: ignore[operator]
        return True
    if None not in (with_it.bound, without_it.best) and with_it.bound < without_it.best:  # type: ignore[operator]
        return False
    return None


def _with_it(questions: Questions, instance: Instance, proposal: Proposal) -> Answer:
    return _asked(questions, instance, lambda case: forced_in(case, proposal.id))


def _without_it(questions: Questions, instance: Instance, proposal: Proposal) -> Answer:
    return _asked(questions, instance, lambda case: forced_out(case, proposal.id))


def _asked(questions: Questions, instance: Instance, row: Callable[[Case], Row]) -> Answer:
    shortened = up_to_points(instance)
    return questions.of(Case(shortened, [row(Case(shortened))]), near=False)


def _with(instance: Instance, changed: Proposal) -> Instance:
    """The instance with one proposal as it is now."""
    proposals = tuple(changed if p.id == changed.id else p for p in instance.proposals)
    return replace(instance, proposals=proposals)


def _with_each(proposal: Proposal, change: Callable[[Option], Option]) -> Proposal:
    """The proposal with every option changed."""
    return replace(proposal, options=tuple(map(change, proposal.options)))


def _choice(answer: Answer, proposal: Proposal) -> tuple[Option, Figures]:
    """The option in which an answer's plan funds the proposal, and what it adds."""
    space, taken = answer.case.space, answer.taken or {}
    place = next(i for i in space.positions[proposal.id] if i in taken)
    return space.options[place], taken[place]


def _less(figures: Figures, rupiah: int) -> Figures:
    return replace(figures, amount=figures.amount - rupiah)


def _worth_more(option: Option, points: int) -> Option:
    """The option whose full volume is worth more; a step's part of it half up, as when read."""
    full = replace(option.full, points=option.full.points + points)
    if not option.steps:
        return replace(option, full=full)
    part = Fraction(option.step.volume, option.full.volume)
    step = replace(option.step, points=half_up(full.points * part))
    return replace(option, full=full, step=step)


def _at(option: Option, figures: Figures) -> Figures:
    """The option's figures at the volume of these."""
    return option.at(figures.volume) if option.steps else option.full


def _elastic(questions: Questions, option: Option) -> Option:
    """An option that can't be cut as if it could, down to one step, by CONTRACT section 3."""
    rows = questions.scenario.document["proposals"]
    row = next(
        r for r in rows if r["id"] == option.proposal and r.get("option", "") == option.label
    )
    size = int(Fraction(str(row.get("step", 1))) * MICRO)
    steps = (option.full.volume - 1) // size
    if steps <= 0:
        return option
    part = Fraction(size, option.full.volume)
    by_unit = row.get("unit_cost")
    amount = option.full.amount * part if by_unit is None else Fraction(by_unit * size, MICRO)
    step = Figures(
        count=0,
        amount=int(amount),
        points=half_up(option.full.points * part),
        volume=size,
        beneficiaries=int(option.full.beneficiaries * part),
    )
    while steps and option.full.amount - steps * step.amount < 0:
        steps -= 1
    return replace(option, step=step, steps=steps)


def _price_guess(questions: Questions, proposal: Proposal) -> _Guess:
    """The least cut by one program: the price of each option as a variable."""
    program, held = _held(questions, questions.scenario.instance, proposal)
    cuts: dict[int, int] = {}
    for position in held:
        option = program.space.options[position]
        most = option.smallest.amount
        if option.gate or not most:
            continue
        less = cuts[position] = program.add(0, most)
        program.require({less: 1, program.fund[position]: -most}, upper=0)
    for place, constraint in enumerate(program.constraints):
        if constraint.row is None or not _is_money(constraint.row):
            continue
        terms = dict(constraint.terms)
        for position, less in cuts.items():
            full = program.space.options[position].full.amount
            if each := terms.get(program.fund[position], 0) // full:
                terms[less] = -each
        program.constraints[place] = replace(constraint, terms=terms)
    return _least(questions, program, dict.fromkeys(cuts.values(), 1))


def _is_money(row: Row) -> bool:
    return row.measure == "amount"


def _volume_guess(questions: Questions, proposal: Proposal, elastic: dict[str, Option]) -> _Guess:
    smaller = _with_each(proposal, lambda o: elastic.get(o.label, o))
    instance = _with(questions.scenario.instance, smaller)
    program, held = _held(questions, instance, proposal)
    return _least(questions, program, {program.cut[i]: 1 for i in held if i in program.cut})


def _held(
    questions: Questions, instance: Instance, proposal: Proposal
) -> tuple[Program, tuple[int, ...]]:
    """The program with the proposal in, at no fewer points than the base plan."""
    shortened = up_to_points(instance)
    case = Case(shortened, [forced_in(Case(shortened), proposal.id)])
    program = case.program()
    everything = ((i, 1) for i in range(len(case.space.options)))
    program.require(program.expression("points", everything), lower=questions.base.best)
    return program, case.space.positions[proposal.id]


def _least(questions: Questions, program: Program, terms: dict[int, int]) -> _Guess:
    """The least value of the terms, as the solver's tolerances allow."""
    seconds = min(questions.budget.left(), GUESSING)
    answer = optimise(program, terms, "min", Effort(max(seconds, 0.01), stop=questions.budget.stop))
    is_sure = answer.outcome in ("optimal", "infeasible")
    if answer.values is None:
        return _Guess(None, is_sure)
    turn = sum(answer.values[variable] * factor for variable, factor in terms.items())
    return _Guess(turn, is_sure)
