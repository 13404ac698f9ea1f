"""The worst-off district (or ward) gets as much as possible, per head, per asked or per share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

from solver.instance import Instance, StageSpec
from solver.program import Program, Terms
from solver.rules import Row, Space, Taken

Place = tuple[str, str]


class LeastServed:
    """The least of served / denominator over the places that have something eligible.

    Served is the points (millionths) or rupiah of what is funded in the place. The denominator is
    its population, its share, or all that its proposals asked for, covered ones left out; a place
    without one is left out. Without any place the value is 0.
    """

    name = "least_served"
    sense = "max"
    whole = False

    def __init__(
        self, instance: Instance, space: Space, stopped: Mapping[int, Row], spec: StageSpec
    ) -> None:
        self.measure = spec.measure
        self.kind = "number"
        if spec.per != "asked":
            self.kind = "points" if spec.measure == "points" else "money"
        self.by_ward = spec.by == "ward"
        places: dict[Place, list[int]] = defaultdict(list)
        for position, option in enumerate(space.options):
            place = self._place(option.district, option.ward)
            if place is not None:
                places[place].append(position)
        denominators = self._denominators(instance, space, spec.per)
        self.places = {
            place: (positions, denominators[place])
            for place, positions in places.items()
            if denominators.get(place) and any(i not in stopped for i in positions)
        }
        asked = (
            (sum(abs(space.options[i].full.of(self.measure)) for i in positions), denominator)
            for positions, denominator in self.places.values()
        )
        self.unit = max((1 + int(total / denominator) for total, denominator in asked), default=1)

    def _place(self, district: str, ward: str) -> Place | None:
        if not self.by_ward:
            return district, ""
        return (district, ward) if ward else None

    def _denominators(self, instance: Instance, space: Space, per: str) -> Mapping[Place, Fraction]:
        if per == "asked":
            asked: dict[Place, Fraction] = defaultdict(Fraction)
            for proposal in instance.proposals:
                option = proposal.requested
                place = self._place(option.district, option.ward)
                if place is not None and proposal.id not in space.covered:
                    asked[place] += option.full.of(self.measure)
            return {place: total for place, total in asked.items() if total > 0}
        found = {}
        for location in instance.locations:
            number = location.population if per == "head" else location.share
            if number and bool(location.ward) == self.by_ward:
                found[location.district, location.ward] = Fraction(number)
        return found

    def value(self, taken: Taken) -> Fraction:
        """What the worst-off place gets."""
        served = (
            sum(taken[i].of(self.measure) for i in positions if i in taken) / denominator
            for positions, denominator in self.places.values()
        )
        return Fraction(min(served, default=Fraction(0)))

    def expression(self, program: Program) -> Terms:
        """A helper between -1 and 1 that, times `unit`, is at most every place's ratio."""
        least = program.add(-1, 1, whole=False)
        if not self.places:
            program.require({least: 1}, 0, 0)
        for positions, denominator in self.places.values():
            terms = program.expression(
                self.measure, ((i, denominator.denominator) for i in positions)
            )
            terms[least] = -denominator.numerator * self.unit
            program.require(terms, lower=0)
        return {least: 1}

    def hold(self, program: Program, _terms: Terms, limit: Fraction) -> None:
        """Every place gets at least the limit, in whole numbers."""
        self._require(program, limit, 0)

    def surpass(self, program: Program, value: Fraction) -> None:
        """Every place gets more than the value: impossible if and only if the value is the best."""
        if not self.places:
            program.require({}, lower=1)
        self._require(program, value, 1)

    def behind(self, taken: Taken, value: Fraction) -> list[int]:
        """The positions of places that a plan gives no more than the value."""
        found = []
        for positions, denominator in self.places.values():
            served = sum(taken[i].of(self.measure) for i in positions if i in taken)
            if served <= value * denominator:
                found.extend(positions)
        return found

    def _require(self, program: Program, limit: Fraction, more: int) -> None:
        for positions, denominator in self.places.values():
            factor = denominator.denominator * limit.denominator
            lower = limit.numerator * denominator.numerator + more
            enough, part = self._enough(program.space, positions, factor, lower)
            terms = program.expression(self.measure, ((i, factor) for i in part))
            terms.update({program.fund[i]: lower for i in enough})
            program.require(terms, lower=lower)

    def _enough(
        self, space: Space, positions: Sequence[int], factor: int, lower: int
    ) -> tuple[Sequence[int], Sequence[int]]:
        """Positions that reach the limit alone even at their smallest, and the others.

        The former may count as just the limit. Without this a billion times 1e-9 of an option, well
        within the solver's tolerance, would pass for the one rupiah that is asked.
        """
        worth = {i: factor * space.options[i].smallest.of(self.measure) for i in positions}
        if lower <= 0 or min(worth.values(), default=0) < 0:
            return (), positions
        enough = [i for i in positions if worth[i] >= lower]
        return enough, [i for i in positions if worth[i] < lower]
