"""What to look at before a desk is sealed: what is open, unexplained, unspoken or broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.desk import city as cities
from service.desk.limits import CityLimits
from service.papers.papers import Papers
from service.store import Tx
from solver.instance import from_micro
from solver.write.forms import Ruling

GIVES = {"fund": True, "fund_changed": True, "covered": True, "not_fund": False}


@dataclass(frozen=True)
class Check:
    """One thing to look at: `code` names its sentence, `proposals` are those it is about.

    `stops`: the desk can't be sealed with it.
    """

    code: str
    proposals: Sequence[str]
    stops: bool = False
    names: Sequence[str] = ()

    @property
    def is_fine(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.proposals or self.names)


def checks(tx: Tx, papers: Papers, last: Mapping[str, Any] | None) -> list[Check]:
    """The checks of a desk's newest version; `last` is its last recommendation, if there is one."""
    rulings = papers.own
    given = ("accommodated", "accommodated_changed")
    unspoken = [r.proposal for r in rulings if r.code != "undiscussed" and r.silent]
    bare = [
        r.proposal
        for r in rulings
        if r.code in ("deferred", "declined") and not (r.reason or r.note)
    ]
    found = [
        Check("undiscussed", [r.proposal for r in rulings if r.code == "undiscussed"]),
        Check("no_reason", bare, stops=True),
        Check("unspoken", unspoken, stops=True),
        Check("excepted", [r.proposal for r in rulings if r.excepted]),
        Check("over", [], stops=True, names=_over(tx, papers)),
    ]
    if last is not None:
        differing = _differing(rulings, last, papers.limits)
        told = {r.proposal for r in rulings if r.reason or r.note}
        found.append(Check("differs", differing))
        found.append(Check("differs_bare", [p for p in differing if p not in told]))
    changed = [r for r in rulings if r.code == given[1] and not (r.reason or r.note)]
    return [*found, Check("changed_bare", [r.proposal for r in changed])]


def _over(tx: Tx, papers: Papers) -> list[str]:
    """The limits that this desk can mend and that the plan of all desks passes."""
    taken = cities.taken(tx, papers.desk.city)
    limits = papers.limits
    usages = limits.breaches(taken, papers.desk.agency, limits.desks)
    return [usage.row.subject for usage in usages]


def _differing(rulings: Sequence[Ruling], last: Mapping[str, Any], limits: CityLimits) -> list[str]:
    """Discussed proposals that were decided otherwise than recommended."""
    advised = {decision["proposal"]: decision for decision in last["decisions"]}
    found = []
    for ruling in rulings:
        advice = advised.get(ruling.proposal)
        if ruling.code == "undiscussed" or advice is None:
            continue
        gives = ruling.code in ("accommodated", "accommodated_changed")
        same = gives == GIVES[advice["decision"]]
        if gives and same and not limits.proposals[ruling.proposal].covered_by:
            volume = None if ruling.volume is None else from_micro(ruling.volume)
            same = (ruling.option, ruling.amount) == (advice["option"], advice["amount"])
            same = same and volume in (advice["volume"], None)
        if not same:
            found.append(ruling.proposal)
    return found
