"""What stays in and what stays out when scores, costs and weights are not quite as written.

Each case is a scenario of its own, solved anew: a stated fragment of scenario keys, or one drawn at
random. Drawn are, for each case: where the points are sums of weighted criteria, a factor for every
weight; then for every proposal a factor for its points and one for its money. Factors are spread
evenly within 1 +- `scores`, `costs` and `weights` and are fixed by the seed, the number of the case
and the id alone, so that they depend on no order and no machine. All options of a proposal move by
the same factors, and so do its cut steps. Points are rounded half up to millionths, and rupiah down
to a round number, as people write them: the largest power of ten that goes at least a hundred times
into the smallest amount and the smallest cut step there is. Volumes, ceilings and all other rules
stay. Weights keep six decimals.

A case counts only where its best plan is proven. Then a proposal is in where that plan funds it;
where several are best, it is one that differs little from the base plan. A case without any plan
and a case that ran out of time are counted apart and are no evidence for anything. `share` is the
part of the cases that count with the proposal in. It is `in` where that is all of them, `out`
where it is none, else `discuss`. What a lock, a gate or a Renja line settles, in every case the
same, is `settled` and no finding. These are the core, exterior and borderline projects of robust
portfolio modelling (Liesio, Mild and Salo 2007, 2008), by cases instead of by all values between
bounds: drawn cases show that something can happen, never that it can't.

The rows are the meeting's agenda: what is to be discussed first, the most contested (share nearest
to one half) before the others, then what is in, then what is out; among equals more points first,
then by id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.instance import MICRO, Figures, Instance, Option, Proposal, half_up
from solver.scenario import Scenario, variant
from solver.stages.tie_break import WEIGHTS, weight
from solver.tradeoffs.answer import Answer
from solver.tradeoffs.question import Questions

NAME = "robust"
PARTS = 100
"""Of so many parts of the smallest amount one may be lost where drawn rupiah are rounded."""


@dataclass(frozen=True)
class Drawn:
    """Cases at random: how far each factor may lie from 1, how many cases, and the seed."""

    scores: Fraction = Fraction(1, 10)
    costs: Fraction = Fraction(1, 10)
    weights: Fraction = Fraction(1, 10)
    cases: int = 40
    seed: int = 2018


@dataclass(frozen=True)
class Standing:
    """One proposal: in how many of the cases that count it is funded, and what follows.

    `settled` names what decides it in every case: locks, gates or covered.
    """

    proposal: str
    times: int
    share: Fraction
    verdict: str
    settled: str = ""


@dataclass(frozen=True)
class Robust:
    """The agenda, and how many cases stand behind it.

    `drawn` is None where the cases were stated. Of `asked` cases `counted` have a proven best plan,
    `impossible` have none, and the others ran out of time.
    """

    standings: tuple[Standing, ...]
    drawn: Drawn | None
    asked: int
    counted: int
    impossible: int

    @property
    def unanswered(self) -> int:
        """The cases that ran out of time."""
        return self.asked - self.counted - self.impossible


def robust(
    questions: Questions,
    cases: Sequence[Mapping[str, Any]] | None = None,
    drawn: Drawn | None = None,
) -> Robust:
    """The agenda over the stated cases (fragments of scenario keys), else over drawn ones.

    Without the stage `points` none is asked. InputError where a fragment does not fit the scenario.
    """
    if not questions.asks_points:
        return Robust((), None, 0, 0, 0)
    if cases is None:
        drawn = drawn or Drawn()
        asked, answers = drawn.cases, _drawn(questions, drawn)
    else:
        drawn, asked = None, len(cases)
        answers = (questions.changed(fragment) for fragment in cases)
    times: Counter[str] = Counter()
    counted = impossible = 0
    for number, answer in enumerate(answers, 1):
        questions.budget.tell(NAME, number, asked)
        impossible += answer.possible is False
        if answer.taken is not None and answer.proven:
            counted += 1
            times.update({answer.case.space.options[i].proposal for i in answer.taken})
    standings = _agenda(questions, times, counted)
    return Robust(standings, drawn, asked, counted, impossible)


def _drawn(questions: Questions, drawn: Drawn) -> Iterator[Answer]:
    for number in range(1, drawn.cases + 1):
        instance = drawn_case(questions, drawn, number)
        yield questions.instance(instance)


def drawn_case(questions: Questions, drawn: Drawn, number: int) -> Instance:
    """The instance of one drawn case; cases are numbered from 1."""
    instance = _weighed(questions.scenario, drawn, number).instance
    unit = _unit(instance) if drawn.costs else 1
    proposals = []
    for proposal in instance.proposals:
        score = factor(drawn.scores, drawn.seed, number, proposal.id, "score")
        cost = factor(drawn.costs, drawn.seed, number, proposal.id, "cost")
        options = tuple(_scaled(option, score, cost, unit) for option in proposal.options)
        proposals.append(replace(proposal, options=options))
    return replace(instance, proposals=tuple(proposals))


def _weighed(scenario: Scenario, drawn: Drawn, number: int) -> Scenario:
    """The scenario with other weights, where its points are sums of weighted criteria."""
    if scenario.draft.score != "criteria":
        return scenario
    weights = {
        name: _rounded(old * factor(drawn.weights, drawn.seed, number, name, "weight"))
        for name, old in ((n, Fraction(w)) for n, w in scenario.draft.weights.items())
    }
    return variant(scenario, {"objective": {"weights": weights}})


def _rounded(value: Fraction) -> Decimal:
    return Decimal(half_up(value * MICRO)) / MICRO


def factor(spread: Fraction, seed: int, number: int, name: str, what: str) -> Fraction:
    """A factor within 1 +- spread, evenly spread and fixed by what it is for."""
    drawn = weight(NAME, str(seed), str(number), name, what)
    return 1 + spread * Fraction(2 * (drawn - 1) - (WEIGHTS - 1), WEIGHTS - 1)


def _unit(instance: Instance) -> int:
    """The round number to which drawn rupiah are rounded down."""
    options = [option for proposal in instance.proposals for option in proposal.options]
    amounts = [figures.amount for o in options for figures in (o.full, o.step)]
    smallest = min((amount for amount in amounts if amount), default=1)
    return int(10 ** (len(str(max(1, smallest // PARTS))) - 1))


def _scaled(option: Option, score: Fraction, cost: Fraction, unit: int) -> Option:
    def moved(figures: Figures) -> Figures:
        amount = int(figures.amount * cost / unit) * unit
        return replace(figures, points=half_up(figures.points * score), amount=amount)

    return replace(option, full=moved(option.full), step=moved(option.step))


def _agenda(questions: Questions, times: Mapping[str, int], counted: int) -> tuple[Standing, ...]:
    """Every proposal with what the cases say of it, in the order of the meeting."""
    instance = questions.scenario.instance
    standings = [_standing(instance, p, times.get(p.id, 0), counted) for p in instance.proposals]
    points = {p.id: p.points for p in instance.proposals}
    order = ("discuss", "in", "out")

    def turn(standing: Standing) -> tuple[int, Fraction, int, str]:
        contested = abs(standing.share - Fraction(1, 2))
        place = order.index(standing.verdict)
        return place, contested, -points[standing.proposal], standing.proposal

    return tuple(sorted(standings, key=turn)) if counted else ()


def _standing(instance: Instance, proposal: Proposal, times: int, counted: int) -> Standing:
    locked = {lock.proposal for lock in instance.active_locks}
    settled = ""
    if proposal.covered_by:
        settled, times = "covered", counted
    elif proposal.id in locked:
        settled = "locks"
    elif instance.is_on("gates") and all(option.gate for option in proposal.options):
        settled = "gates"
    verdict = "in" if times == counted else "out" if times == 0 else "discuss"
    share = Fraction(times, counted) if counted else Fraction(0)
    return Standing(proposal.id, times, share, verdict, settled)
