"""Whether each district gets at least what its share would have bought alone.

A district's share is its population over that of all districts; where a district that asks has no
population on record, the column `share` of the locations table. Without either there is no answer.

What its share buys (`own`) is the best sum of points from the options that lie in the district
alone, when every upper limit is cut to that share of its room, rounded down to a whole rupiah,
proposal, person or millionth: the room of agencies and of Renja lines (what their ceilings leave
after committed money, and what lines may move), the room of line targets, caps of places and
limits. Minimums, floors and locks are left out, and caps that are a percentage of the plan's whole
amount, which no part of the money has. The other rules stay as they are: gates, options,
alternatives, together, needs and an enforced order, this last among the district's own proposals. A
proposal that needs another district's can't be had alone; what a Renja line covers is there for
all. Divisible proposals are cut on their grid. Where not even an empty list keeps the rules alone
(something covered needs another district's), the share buys nothing, 0 points.

`plan` is what the base plan gives the options of the district, and the guarantee is met where that
is at least `own`: True, False, or None where the time left it open. The guarantee is that of
district-fair participatory budgeting (Hershkowitz, Kahng, Peters and Procaccia 2021,
arXiv 2102.06115), stated there for one budget.

`price` is what the guarantee costs: the points of the best plan less those of the best plan in
which each district has its own, all rules with it; None where no plan gives all districts theirs,
or where the time was over. A district's own `price` is that of its guarantee alone. What a plan
with the guarantee gives each district is `guaranteed`, in points and in rupiah; other plans of the
same points may divide it otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from solver.case import Case
from solver.instance import Agency, Instance, Limit, Line, Location, Lock, Proposal, StageSpec
from solver.rules import Row, Taken, renja
from solver.tradeoffs.loss import AT_LEAST, PROVEN, UNKNOWN, Loss, loss
from solver.tradeoffs.question import POINTS, RULE, Questions

NAME = "own_share"


def shares(instance: Instance) -> Mapping[str, Fraction] | None:
    """The share of each district that asks, by population or else by the column; None: neither."""
    asking = sorted({o.district for p in instance.proposals if not p.covered_by for o in p.options})
    districts = {place.district: place for place in instance.locations if not place.ward}
    known = [districts.get(name) for name in asking]
    everyone = sum(place.population or 0 for place in districts.values())
    if all(place is not None and place.population for place in known):
        return {
            name: Fraction(place.population or 0, everyone)
            for name, place in zip(asking, known, strict=True)
            if place is not None
        }
    if all(place is not None and place.share is not None for place in known):
        return {
            name: place.share or Fraction(0)
            for name, place in zip(asking, known, strict=True)
            if place is not None
        }
    return None


def alone(instance: Instance, district: str, share: Fraction) -> Instance:
    """The instance in which a district has its share of every upper limit to itself."""
    own = [_own(proposal, district) for proposal in instance.proposals]
    others = {p.id for p, kept in zip(instance.proposals, own, strict=True) if kept is None}
    locks = tuple(Lock(name, "reject") for name in sorted(others))
    proposals = zip(instance.proposals, own, strict=True)
    return replace(
        instance,
        proposals=tuple(proposal if kept is None else kept for proposal, kept in proposals),
        agencies=tuple(_agency(agency, instance, share) for agency in instance.agencies),
        lines=_lines(instance, share),
        locations=tuple(_location(place, share) for place in instance.locations),
        limits=tuple(_limit(limit, share) for limit in instance.limits),
        alternatives=tuple(replace(group, at_least=0) for group in instance.alternatives),
        locks=locks,
        off=replace(instance.off, rules=instance.off.rules - {"locks"}, locks=frozenset()),
        stages=(StageSpec("points"),),
    )


def _own(proposal: Proposal, district: str) -> Proposal | None:
    """The proposal with its options in the district; None without any. Covered stays covered."""
    options = tuple(option for option in proposal.options if option.district == district)
    if proposal.covered_by or len(options) == len(proposal.options):
        return proposal
    return replace(proposal, options=options) if options else None


def _part(limit: int, share: Fraction) -> int:
    """A share of a room, rounded down; what lies below zero counts as zero."""
    return int(max(0, limit) * share)


def _agency(agency: Agency, instance: Instance, share: Fraction) -> Agency:
    if agency.ceiling is None:
        return agency
    lines = sum(line.committed for line in instance.lines if line.agency == agency.code)
    room = agency.ceiling - agency.committed - lines
    return replace(agency, ceiling=_part(room, share), committed=0)


def _lines(instance: Instance, share: Fraction) -> tuple[Line, ...]:
    committed = {line.code: line.committed for line in instance.lines}
    below = renja.below(instance)
    found = []
    for line in instance.lines:
        ceiling, most = line.ceiling, line.max_target
        if ceiling is not None:
            ceiling = _part(ceiling - sum(committed[code] for code in below[line.code]), share)
        if most is not None:
            most = _part(most - line.committed_target, share)
        found.append(
            replace(
                line,
                ceiling=ceiling,
                committed=0,
                committed_target=0,
                min_target=None,
                max_target=most,
                flex=_part(line.flex, share),
            )
        )
    return tuple(found)


def _location(place: Location, share: Fraction) -> Location:
    most = place.max_amount
    return replace(
        place,
        min_amount=None,
        min_count=None,
        max_amount=_part(most, share) if isinstance(most, int) else None,
        max_count=None if place.max_count is None else _part(place.max_count, share),
    )


def _limit(limit: Limit, share: Fraction) -> Limit:
    return replace(limit, min=None, max=None if limit.max is None else _part(limit.max, share))


@dataclass(frozen=True)
class District:
    """One district: points in millionths, amounts in rupiah.

    `own` is the best that was found of what its share buys alone, exact where `sure`. `plan` and
    `amount` are what the base plan gives it, `guaranteed` points and rupiah of a plan in which all
    have their own. `price` is what its guarantee alone costs.
    """

    district: str
    share: Fraction
    own: int | None
    sure: bool
    plan: int
    amount: int
    met: bool | None
    price: Loss
    guaranteed: tuple[int, int] | None = None


@dataclass(frozen=True)
class OwnShare:
    """The districts by name, and what all guarantees together cost.

    There are none without a base plan (`possible`), without the stage `points`, or where no share
    is known (`has_shares`). `sure` is whether every `own` is exact; where not, the guarantee may be
    higher than stated here.
    """

    possible: bool | None
    has_shares: bool = True
    districts: tuple[District, ...] = ()
    price: Loss = UNKNOWN
    sure: bool = True

    @property
    def moved(self) -> int:
        """Rupiah that districts get more in the plan with the guarantee, added up."""
        given = ((d.guaranteed, d.amount) for d in self.districts)
        return sum(max(0, now[1] - before) for now, before in given if now is not None)


def own_share(questions: Questions) -> OwnShare:
    """What each district's share would have bought, what it gets, and the price of the former."""
    if questions.base.taken is None or not questions.asks_points:
        return OwnShare(questions.base.possible)
    parts = shares(questions.scenario.instance)
    if parts is None:
        return OwnShare(True, has_shares=False)
    case = questions.base.case
    districts = []
    for done, (name, share) in enumerate(parts.items()):
        questions.budget.tell(NAME, done, len(parts))
        districts.append(_district(questions, name, share))
    rows = [_guarantee(case, d.district, d.own) for d in districts if d.own is not None]
    answer = questions.same_case(rows)
    if answer.taken is not None:
        districts = [
            replace(d, guaranteed=_given(answer.case, answer.taken, d.district)) for d in districts
        ]
    sure = all(district.sure for district in districts)
    points_first = questions.scenario.instance.stages[0].name == POINTS
    price = loss(questions.base, answer)
    price = _together(price, districts, sure=sure, points_first=points_first)
    return OwnShare(True, True, tuple(districts), price, sure)


def _together(
    price: Loss, districts: Sequence[District], *, sure: bool, points_first: bool
) -> Loss:
    """The price of all guarantees; with `points` first it is no less than that of any one."""
    if sure and (price.status == PROVEN or not points_first):
        return price
    prices = [price, *(district.price for district in districts)] if points_first else []
    if Loss(None, PROVEN) in prices:
        return Loss(None, PROVEN)
    least = max((p.points or 0 for p in prices if p.status in (PROVEN, AT_LEAST)), default=0)
    if least > 0:
        return Loss(least, AT_LEAST)
    return price if sure else UNKNOWN  # a higher guarantee may cost more


def _district(questions: Questions, name: str, share: Fraction) -> District:
    instance = alone(questions.scenario.instance, name, share)
    answer = questions.instance(instance, near=False)
    if answer.possible is False:
        answer = replace(answer, best=0, bound=0)  # not even an empty list could stand alone
    own, sure = answer.best, answer.proven
    case, taken = questions.base.case, questions.base.taken or {}
    plan, amount = _given(case, taken, name)
    met = None
    if own is not None and plan < own:
        met = False
    elif answer.bound is not None and plan >= answer.bound:
        met = True
    price = UNKNOWN
    if own is not None:
        price = loss(questions.base, questions.same_case([_guarantee(case, name, own)]))
    return District(name, share, own, sure, plan, amount, met, price)


def _guarantee(case: Case, district: str, points: int) -> Row:
    """The row by which the options of a district have so many points at least."""
    members = tuple(i for i, o in enumerate(case.space.options) if o.district == district)
    return Row(RULE, district, "points", members, lower=points)


def _given(case: Case, taken: Taken, district: str) -> tuple[int, int]:
    """Points and rupiah that a plan gives the options of a district."""
    there = [f for i, f in taken.items() if case.space.options[i].district == district]
    return sum(f.points for f in there), sum(f.amount for f in there)
