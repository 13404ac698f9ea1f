"""Other plans that are almost as good and really differ, with a guarantee.

Two plans differ in a proposal when one funds it and the other does not; another option or volume of
a proposal that both fund is no difference. The distance of two plans is how many proposals they
differ in (`measure` count) or what these asked for in rupiah (`amount`). Every two plans of the
list are at least `apart` from each other, and each has at least (1 - `loss`) of the points of the
best plan known (for points below zero: best - `loss` x |best|). All rules hold, and so does what
the stages before `points` reach in the base plan; later stages play no part.

The list begins with the base plan itself, where that has the points. Each further plan is the one
of most points that is far enough from all before it, as far as the time goes: a row says that of
the proposals funded there and not here, or here and not there, at least `apart` count (the Hamming
rows of Balas and Jeroslow 1972; MGA, Brill 1982; a contract that prioritizr's portfolios do not
give, peers.md f).

What is guaranteed of the list: its points and distances are added up again in whole numbers, so
they are facts. `loss_at_most` is what its poorest plan may lack against every possible plan, a part
of the best: it is measured against the proven bound, and None where there is no bound. `further` is
False where it is proven that no plan at all could be added to this list: that is not to say that
another list could not be longer. It is None where the list is as long as was asked, or the time was
over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from solver.assess import points_of
from solver.case import Case
from solver.instance import Figures, StageSpec
from solver.rules import Row, Taken
from solver.tradeoffs.held import Hold, best_with
from solver.tradeoffs.question import POINTS, RULE, Questions

NAME = "variants"
MOST = 5
"""So many plans in all, the base plan among them."""

LOSS = Fraction(1, 100)
"""What a plan may lack of the best points, where nothing else is asked."""

SLICE = 15.0
"""Seconds that one plan may take at most; what it then is keeps the guarantee all the same."""

LEAST_APART = 3
PART_APART = 10
"""Where nothing else is asked: a tenth of what the base plan funds, rounded up, at least three."""


@dataclass(frozen=True)
class Variant:
    """One plan: points in millionths, and its least distance to any other plan of the list."""

    points: int
    distance: int | None
    taken: Mapping[int, Figures]


@dataclass(frozen=True)
class Variants:
    """The plans, most points first, and what is sure of them.

    `possible` is whether the scenario has a plan at all, None where that is not known.
    """

    case: Case
    plans: tuple[Variant, ...]
    apart: int
    measure: str
    loss: Fraction
    loss_at_most: Fraction | None
    further: bool | None
    possible: bool | None


def variants(
    questions: Questions,
    *,
    apart: int | None = None,
    measure: str = "count",
    loss: Fraction = LOSS,
    most: int = MOST,
) -> Variants:
    """Up to `most` plans, pairwise at least `apart` (a number, or rupiah), each within `loss`."""
    base, case = questions.base, questions.base.case
    if apart is None:
        apart = max(LEAST_APART, -(-len(base.taken or {}) // PART_APART))
    weights = _weights(case, measure)
    found: list[Mapping[int, Figures]] = []
    further: bool | None = None
    if base.best is not None:
        least = base.best - int(loss * abs(base.best))
        if base.taken is not None and points_of(base.taken) >= least:
            found.append(base.taken)
        while len(found) < most:
            questions.budget.tell(NAME, len(found), most)
            plan, further = _next(questions, _rows(case, found, weights, least, apart))
            if plan is None:
                break
            found.append(plan)
    plans = [_variant(case, plan, found, weights) for plan in found]
    poorest = min((plan.points for plan in plans), default=0)
    bound = base.bound
    return Variants(
        case,
        tuple(sorted(plans, key=lambda plan: -plan.points)),
        apart,
        measure,
        loss,
        None if bound is None else Fraction(max(0, bound - poorest), max(1, abs(bound))),
        further,
        base.possible,
    )


def distance(case: Case, one: Taken, other: Taken, weights: Mapping[str, int]) -> int:
    """How far two plans are from each other: the weights of what only one of them funds."""
    first, second = (funded(case, taken) for taken in (one, other))
    return sum(weights[proposal] for proposal in first ^ second)


def funded(case: Case, taken: Taken) -> set[str]:
    """The proposals that a plan funds."""
    return {case.space.options[position].proposal for position in taken}


def _weights(case: Case, measure: str) -> Mapping[str, int]:
    """What a proposal counts in a distance: one, or what it asked for."""
    return {
        proposal.id: 1 if measure == "count" else proposal.requested.full.amount
        for proposal in case.instance.proposals
    }


def _rows(
    case: Case,
    found: Sequence[Taken],
    weights: Mapping[str, int],
    least: int,
    apart: int,
) -> Sequence[Row]:
    """Enough points, and far enough from each plan found."""
    options = case.space.options
    everything = tuple(range(len(options)))
    rows = [Row(RULE, "enough", "points", everything, lower=least)]
    for taken in found:
        here = funded(case, taken)
        signed = tuple(
            -weights[o.proposal] if o.proposal in here else weights[o.proposal] for o in options
        )
        lower = apart - sum(weights[proposal] for proposal in here)
        rows.append(Row(RULE, "apart", "count", everything, lower=lower, factors=signed))
    return rows


def _next(
    questions: Questions, rows: Sequence[Row]
) -> tuple[Mapping[int, Figures] | None, bool | None]:
    """The best plan that keeps the rows; else None, and False where there is proven to be none."""
    instance = questions.scenario.instance
    case = Case(replace(instance, stages=(StageSpec(POINTS),)), rows)
    found = best_with(questions, case, earlier(questions), SLICE)
    return found.taken, False if found.possible is False else None


def earlier(questions: Questions) -> Sequence[Hold]:
    """What the stages before `points` reach in the base plan, less what they give up."""
    holds = []
    result = questions.result
    specs = result.case.instance.stages
    for stage, aim, spec in zip(result.stages, result.case.aims, specs, strict=False):
        if stage.name == POINTS:
            break
        give_up = stage.give_up if aim.sense == "max" else -stage.give_up
        holds.append(Hold(aim, spec, stage.best - give_up))
    return holds


def _variant(
    case: Case,
    taken: Mapping[int, Figures],
    found: Sequence[Taken],
    weights: Mapping[str, int],
) -> Variant:
    apart = [distance(case, taken, other, weights) for other in found if other is not taken]
    return Variant(points_of(taken), min(apart, default=None), taken)
