"""The reserve lists as a document: by agency, in the order in which extra money is spent."""

from __future__ import annotations

from typing import Any

from solver.instance import from_micro
from solver.tradeoffs.loss import UNKNOWN, Loss
from solver.tradeoffs.reserve import Item, Reserve
from solver.words import say
from solver.write.analyses.plans import Document, Titles, points, unanswered


def document(found: Reserve, language: str, titles: Titles) -> Document:
    """`extra` and `nesting` of a row hold for the list up to its rank, that included."""
    rows = []
    for item in found.items:
        option = found.case.space.options[item.position]
        nesting = found.nesting.get((item.agency, item.rank), UNKNOWN)
        rows.append(
            {
                "agency": item.agency,
                "rank": item.rank,
                "proposal": option.proposal,
                "option": option.label,
                "volume": from_micro(item.figures.volume) if option.full.volume else None,
                "amount": item.figures.amount,
                "points": from_micro(item.figures.points),
                "extra": item.extra,
                "nesting": points(nesting.points),
                "status": nesting.status,
                "text": _told(item, option.proposal, nesting, language, titles),
            }
        )
    return {
        "status": _status(found),
        "rows": rows,
        "left": found.left,
        "text": sentence(found, language),
    }


def _told(item: Item, proposal: str, nesting: Loss, language: str, titles: Titles) -> str:
    facts = {
        "agency": item.agency,
        "rank": item.rank,
        "name": titles.name(proposal),
        "points": item.figures.points,
        "amount": item.figures.amount,
        "extra": item.extra,
        "nesting": nesting.points,
    }
    text = say("analysis.reserve_row", language, facts)
    if nesting.points is not None and nesting.points > 0:
        text += " " + say("analysis.reserve_row_nesting", language, facts)
    return text


def _status(found: Reserve) -> str | None:
    """The list itself is a fact; the status is that of what nesting costs."""
    if not found.possible or not found.asks_points:
        return None
    exact = all(loss.status == "proven" for loss in found.nesting.values())
    return "proven" if exact and not found.left else "at_least"


def sentence(found: Reserve, language: str) -> str:
    """How long the lists are, and what following them costs at most."""
    if not found.possible or not found.asks_points:
        return unanswered(found.possible, language)
    if not found.items:
        return say("analysis.reserve_empty", language)
    known = {k: loss.points for k, loss in found.nesting.items() if loss.points is not None}
    facts: dict[str, Any] = {
        "number": len(found.items),
        "agencies": len({i.agency for i in found.items}),
    }
    texts = [say("analysis.reserve", language, facts)]
    if known:
        (agency, rank), most = max(known.items(), key=lambda item: (item[1], item[0]))
        facts = {"agency": agency, "rank": rank, "points": most, "left": found.left}
        exact = _status(found) == "proven"
        code = "costs" if most > 0 else "free" if exact else "free_so_far"
        texts.append(say(f"analysis.reserve_{code}", language, facts))
    if found.left:
        texts.append(say("analysis.left", language, {"left": found.left}))
    return " ".join(texts)
