"""What each ward asked for and what a plan gives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from service.desk.limits import CityLimits
from service.pages.plans import Given

ELSEWHERE = ""
"""The ward of proposals that concern a whole district."""


@dataclass
class Ward:
    """A ward, or with an empty name what a whole district asked for.

    `granted` of the `asked` proposals are accommodated, wherever that is. `amount` is what is spent
    in the ward, in rupiah, whoever asked; `asked_amount` what its own proposals would cost.
    """

    district: str
    name: str
    population: int | None = None
    asked: int = 0
    asked_amount: int = 0
    granted: int = 0
    amount: int = 0

    @property
    def share(self) -> float | None:
        """How much of what it asked for is accommodated; None where it asked for nothing."""
        return self.granted / self.asked if self.asked else None

    @property
    def per_head(self) -> int | None:
        """Whole rupiah a head; None where nobody knows how many live there."""
        return self.amount // self.population if self.population else None

    @property
    def has_nothing(self) -> bool:
        """Whether it asked and got nothing at all."""
        return self.asked > 0 and self.granted == 0 and self.amount == 0


def wards(
    limits: CityLimits, plan: Mapping[str, Given], of: Collection[str] | None = None
) -> list[Ward]:
    """Every ward of the city, by district and name; `of` are the proposals looked at, or all."""
    found: dict[tuple[str, str], Ward] = {}

    def at(district: str, ward: str) -> Ward:
        return found.setdefault((district, ward), Ward(district, ward))

    for place in limits.scenario.instance.locations:
        if place.ward:
            at(place.district, place.ward).population = place.population
    for proposal in limits.proposals.values():
        if of is not None and proposal.id not in of:
            continue
        asked = proposal.requested
        own = at(asked.district, asked.ward)
        own.asked += 1
        own.asked_amount += asked.full.amount
        given = plan.get(proposal.id)
        if given is not None:
            own.granted += 1
            at(given.option.district, given.option.ward).amount += given.amount
    return [found[key] for key in sorted(found)]


def districts(limits: CityLimits, rows: Iterable[Ward]) -> list[Ward]:
    """The same summed by district."""
    heads = {p.district: p.population for p in limits.scenario.instance.locations if not p.ward}
    by_name: dict[str, list[Ward]] = defaultdict(list)
    for ward in rows:
        by_name[ward.district].append(ward)
    return [
        Ward(
            name,
            "",
            heads.get(name),
            sum(ward.asked for ward in members),
            sum(ward.asked_amount for ward in members),
            sum(ward.granted for ward in members),
            sum(ward.amount for ward in members),
        )
        for name, members in sorted(by_name.items())
    ]
