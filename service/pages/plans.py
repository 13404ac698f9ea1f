"""The plans that a screen can look at: what the desks decided, and the last recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.desk import decisions
from service.desk.limits import CityLimits
from service.pages import runs
from service.store import Tx, models
from solver.instance import Option

IN = ("fund", "fund_changed", "covered")


@dataclass(frozen=True, slots=True)
class Given:
    """What a plan gives to one proposal: the option taken and whole rupiah."""

    option: Option
    amount: int


def decided(tx: Tx, city: str, limits: CityLimits) -> dict[str, Given]:
    """What all desks have decided to accommodate, by proposal."""
    found = {}
    for decision in decisions.of_city(tx, city).values():
        option = None
        if decision.is_funded and decision.proposal in limits.proposals:
            option = limits.option(decision.proposal, decision.option)
        if option is not None:
            found[decision.proposal] = Given(option, decision.amount)
    return found


def recommended(document: Mapping[str, Any], limits: CityLimits) -> dict[str, Given]:
    """What a result accommodates, by proposal; what the city no longer has is left out."""
    found = {}
    for decision in document["decisions"]:
        option = None
        if decision["decision"] in IN and decision["proposal"] in limits.proposals:
            option = limits.option(decision["proposal"], decision["option"])
        if option is not None:
            found[decision["proposal"]] = Given(option, decision["amount"])
    return found


def last_result(tx: Tx, desk: models.Desk) -> Mapping[str, Any] | None:
    """The desk's newest recommendation, if it has a plan."""
    now = runs.standing(tx, desk).now
    found = None if now is None else runs.document(tx, now)
    return found if found and found["decisions"] else None
