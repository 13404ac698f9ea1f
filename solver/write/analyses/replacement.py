"""What falls out and what comes in for it, as a document: one row a funded proposal."""

from __future__ import annotations

from solver.tradeoffs.replacement import Fallen, Replacement
from solver.words import say
from solver.write.analyses.plans import Document, Titles, points, reached, unanswered


def document(found: Replacement, language: str, titles: Titles) -> Document:
    """`loss` is null with `proven` where no plan does without it; null without, where locked."""
    return {
        **reached([row.loss for row in found.rows if not row.is_locked], found.left),
        "rows": [_row(row, language, titles) for row in found.rows],
        "text": sentence(found, language, titles),
    }


def _row(row: Fallen, language: str, titles: Titles) -> Document:
    return {
        "proposal": row.proposal,
        "loss": points(row.loss.points),
        "status": row.loss.status,
        "enters": list(row.moves.enters),
        "leaves": [p for p in row.moves.leaves if p != row.proposal],
        "locked": row.is_locked,
        "text": _told(row, language, titles),
    }


def _told(row: Fallen, language: str, titles: Titles) -> str:
    facts = {
        "name": titles.name(row.proposal),
        "points": row.loss.points,
        "enters": titles.names(row.moves.enters),
    }
    if row.is_locked:
        code = "replacement_locked"
    elif row.loss.status is None:
        code = "replacement_unknown"
    elif row.loss.points is None:
        code = "replacement_needed"
    elif row.loss.points == 0 and row.loss.status == "proven":
        code = "replacement_free" if row.moves.enters else "replacement_idle"
    else:
        code = f"replacement_{row.loss.status}"
    text = say(f"tradeoff.{code}", language, facts)
    if row.moves.enters and row.loss.points:
        text += " " + say("tradeoff.comes_in", language, facts)
    return text


def sentence(found: Replacement, language: str, titles: Titles) -> str:
    """Which proposals carry the plan most, and how many could be exchanged at no cost."""
    if not found.possible:
        return unanswered(found.possible, language)
    known = [row for row in found.rows if row.loss.points is not None]
    needed = [r for r in found.rows if r.loss.points is None and r.loss.status == "proven"]
    texts = []
    if known:
        most = max(known, key=lambda row: row.loss.points or 0)
        free = [row for row in known if row.loss == type(row.loss)(0, "proven")]
        facts = {
            "number": len(known),
            "free": len(free),
            "name": titles.name(most.proposal),
            "points": most.loss.points,
        }
        texts.append(say("tradeoff.replacement", language, facts))
    if needed:
        facts = {"names": titles.names([row.proposal for row in needed])}
        texts.append(say("tradeoff.replacement_all_needed", language, facts))
    if found.left:
        texts.append(say("analysis.left", language, {"left": found.left}))
    return " ".join(texts) or say("tradeoff.nothing_funded", language)
