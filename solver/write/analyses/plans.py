"""What the documents of several analyses have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from solver.case import Case
from solver.instance import Figures, Instance, from_micro
from solver.tradeoffs.loss import Loss
from solver.words import say

Document = dict[str, Any]


def plan(case: Case, taken: Mapping[int, Figures]) -> list[Document]:
    """What a plan funds, by id: a list that `kayuh assess` reads; volume null without one."""
    found = []
    for position in sorted(taken):
        option, figures = case.space.options[position], taken[position]
        found.append(
            {
                "proposal": option.proposal,
                "option": option.label,
                "volume": from_micro(figures.volume) if option.full.volume else None,
                "amount": figures.amount,
                "points": from_micro(figures.points),
            }
        )
    return found


def points(value: int | None) -> int | float | None:
    """Points as they are printed."""
    return None if value is None else from_micro(value)


def plain(value: Fraction | None) -> int | float | None:
    """A number as JSON has it."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def price(loss: Loss) -> Document:
    """A price with its status; both null where nothing is known, the price alone: no such plan."""
    return {"price": points(loss.points), "status": loss.status}


def unanswered(possible: bool | None, language: str) -> str:
    """Why there is nothing to tell: no plan is possible, no points are asked, or no time."""
    code = {False: "impossible", True: "no_points", None: "no_time"}[possible]
    return say(f"analysis.{code}", language)


MOST_NAMED = 5
"""So many proposals are named in one sentence; the others are counted."""


class Titles:
    """The names by which a desk knows its proposals."""

    def __init__(self, instance: Instance, language: str) -> None:
        self.language = language
        self.proposals = {proposal.id: proposal for proposal in instance.proposals}

    def name(self, proposal: str) -> str:
        """TITLE (ID), or the id alone."""
        found = self.proposals.get(proposal.partition("/")[0])
        return f"{found.title} ({proposal})" if found and found.title else proposal

    def names(self, proposals: Collection[str]) -> list[str]:
        """The first few by name, the rest as a number."""
        found = [self.name(proposal) for proposal in sorted(proposals)[:MOST_NAMED]]
        if more := len(proposals) - len(found):
            found.append(say("tradeoff.more", self.language, {"number": more}))
        return found

    def unit(self, proposal: str) -> str:
        """The unit in which it was asked for."""
        return self.proposals[proposal].requested.unit


def reached(prices: Iterable[Loss], left: int) -> Document:
    """`status` is proven where all rows are and none is missing, else null; rows have their own."""
    whole = not left and all(price.status == "proven" for price in prices)
    return {"status": "proven" if whole else None, "left": left}
