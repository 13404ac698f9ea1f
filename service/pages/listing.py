"""The desk's one list: what was asked for, recommended, decided, locked and agreed, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.desk import decisions, locks
from service.desk.agreement import Standing, needed, standings
from service.desk.city import limits_for
from service.desk.decisions import Decision
from service.desk.limits import CityLimits
from service.desk.locks import DeskLock
from service.store import Tx
from service.store.models import Desk
from solver.instance import Figures, Option, Proposal, to_micro

FUNDED = ("fund", "fund_changed")
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is recommended for one proposal. `code` is its first reason's; volume in millionths."""

    kind: str
    option: Option
    volume: int
    amount: int
    code: str
    texts: Sequence[str]

    @property
    def is_funded(self) -> bool:
        """Whether it gets new money."""
        return self.kind in FUNDED

    @property
    def is_above(self) -> bool:
        """Whether it stands above the ceiling line: with new money, or in the Renja already."""
        return self.kind != "not_fund"


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal of the desk.

    `moved`: in, out or changed since the recommendation before; `needed`: so many have to agree.
    """

    proposal: Proposal
    decision: Decision
    lock: DeskLock
    standing: Standing
    advice: Advice | None = None
    moved: str = ""
    skipped: bool = False
    placed: Option | None = None
    needed: int = 0

    @property
    def asked(self) -> Option:
        """The request."""
        return self.proposal.requested

    @property
    def is_moved_to(self) -> Option | None:
        """The option decided on, where its place is another than was asked for."""
        here = self.placed
        if here is None or not self.decision.is_funded:
            return None
        asked = (self.asked.district, self.asked.ward)
        return None if (here.district, here.ward) == asked else here

    @property
    def differs(self) -> bool:
        """Whether what is decided is not what is recommended."""
        if self.advice is None or self.decision.code in ("undiscussed", "deferred"):
            return self.advice is not None and self.decision.code == "deferred" and self.is_wanted
        if not self.decision.is_funded:
            return self.is_wanted
        given = (self.decision.option, self.decision.volume or 0, self.decision.amount)
        return given != (self.advice.option.label, self.advice.volume, self.advice.amount)

    @property
    def is_wanted(self) -> bool:
        """Whether the recommendation gives it new money."""
        return self.advice is not None and self.advice.is_funded

    @property
    def consent(self) -> int:
        """How many of the parties needed have agreed to the decision as it is now."""
        return self.needed - len(self.standing.silent) - len(self.standing.excepted)

    @property
    def marks(self) -> str:
        """What the list can be filtered by, a word each."""
        decided = self.decision.code
        found = {
            decided: True,
            "decided": decided != "undiscussed",
            "wanted": self.advice is not None and self.advice.is_above,
            "unwanted": self.advice is not None and not self.advice.is_above,
            "differs": self.differs,
            "locked": self.lock.decision != "none",
            "skipped": self.skipped,
            "moved": bool(self.moved),
            "agreed": self.standing.agreed,
            "disputed": bool(self.standing.excepted),
        }
        return " ".join(name for name, holds in found.items() if holds)

    @property
    def order(self) -> tuple[Any, ...]:
        """By the desk's own priority, those without one last; then by place."""
        rank = self.proposal.priority
        return (rank is None, rank or 0, self.asked.district, self.asked.ward, self.proposal.id)


def rows(
    tx: Tx, desk: Desk, now: Document | None = None, before: Document | None = None
) -> list[Row]:
    """Every proposal of the desk beside the recommendation `now`, in the desk's own order."""
    limits = limits_for(tx, desk.city)
    found, locked = decisions.of_desk(tx, desk), locks.of_desk(tx, desk)
    said = standings(tx, desk)
    advised = {} if now is None else {d["proposal"]: d for d in now["decisions"]}
    earlier = {} if before is None else {d["proposal"]: d for d in before["decisions"]}
    skipped = set() if now is None else {pair["skipped"] for pair in now["inversions"]}
    listed = [
        Row(
            proposal=limits.proposals[name],
            decision=decision,
            lock=locked.get(name) or DeskLock(name),
            standing=said[name],
            advice=_advice(limits, advised.get(name)),
            moved=_moved(advised.get(name), earlier.get(name)),
            skipped=name in skipped,
            placed=limits.option(name, decision.option),
            needed=len(needed(limits, decision)),
        )
        for name, decision in found.items()
    ]
    return sorted(listed, key=lambda row: row.order)


def _advice(limits: CityLimits, found: Document | None) -> Advice | None:
    if found is None or found["proposal"] not in limits.proposals:
        return None
    option = limits.option(found["proposal"], found["option"])
    if option is None:
        return None
    return Advice(
        kind=found["decision"],
        option=option,
        volume=micro(found["volume"]),
        amount=found["amount"],
        code=found["reasons"][0]["code"] if found["reasons"] else "",
        texts=[reason["text"] for reason in found["reasons"]],
    )


def _moved(now: Document | None, before: Document | None) -> str:
    """How a recommendation differs from the one before."""
    if now is None or before is None:
        return ""
    was, is_now = before["decision"] in FUNDED, now["decision"] in FUNDED
    if was != is_now:
        return "in" if is_now else "out"
    same = all(before[name] == now[name] for name in ("option", "volume", "amount"))
    return "" if same or not is_now else "changed"


def micro(volume: int | float | None) -> int:
    """A printed volume in millionths; 0 where none is stated."""
    return 0 if volume is None else to_micro(Decimal(str(volume)))


def figures_of(row: Row) -> Figures:
    """What is decided on the row, as figures."""
    placed = row.placed or row.asked
    if not row.decision.is_funded:
        return Figures()
    return placed.full if row.decision.volume is None else placed.at(row.decision.volume)
