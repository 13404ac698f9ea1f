"""What it would take for those left out, as a document: one row a proposal."""

from __future__ import annotations

from solver.instance import from_micro
from solver.tradeoffs.entry import Entered, Entry
from solver.tradeoffs.levers import Window
from solver.words import say
from solver.write.analyses.plans import Document, Titles, points, reached, unanswered


def document(found: Entry, language: str, titles: Titles) -> Document:
    """`cost` is null with `proven` where no plan takes it in; each lever has its own status."""
    return {
        **reached([row.cost for row in found.rows if not row.is_locked], found.left),
        "rows": [_row(row, language, titles) for row in found.rows],
        "text": sentence(found, language, titles),
    }


def _row(row: Entered, language: str, titles: Titles) -> Document:
    volume = row.volume_cut.turn
    return {
        "proposal": row.proposal,
        "cost": points(row.cost.points),
        "status": row.cost.status,
        "option": row.option,
        "leaves": list(row.moves.leaves),
        "cut": list(row.moves.cut),
        "swap": row.swap,
        "price_cut": row.price_cut.turn,
        "volume_cut": None if volume is None else from_micro(volume),
        "score_gain": points(row.score_gain.turn),
        "levers": {
            "price_cut": row.price_cut.status,
            "volume_cut": row.volume_cut.status,
            "score_gain": row.score_gain.status,
        },
        "ceilings": [_window(window) for window in row.ceilings if window.first is not None],
        "locked": row.is_locked,
        "text": told(row, language, titles),
    }


def _window(window: Window) -> Document:
    return {
        "rule": window.purse.rule,
        "subject": window.purse.subject,
        "from": window.first,
        "to": window.last,
        "status": window.status,
    }


def told(row: Entered, language: str, titles: Titles) -> str:
    """What it takes, in sentences: who would leave, and each lever that is enough alone."""
    facts = {
        "name": titles.name(row.proposal),
        "points": row.cost.points,
        "leaves": titles.names(row.moves.leaves),
    }
    if row.is_locked:
        return say("tradeoff.entry_locked", language, facts)
    if row.cost.status is None:
        return say("tradeoff.entry_unknown", language, facts)
    if row.cost.points is None:
        code = "entry_never"
    elif row.cost.points == 0 and row.cost.status == "proven":
        code = "entry_free"
    else:
        code = f"entry_{row.cost.status}"
    texts = [say(f"tradeoff.{code}", language, facts)]
    if row.swap:
        texts.append(say("tradeoff.entry_swap", language, facts))
    elif row.moves.leaves and row.cost.points is not None:
        texts.append(say("tradeoff.entry_leaves", language, facts))
    if levers := _levers(row, language, titles):
        texts.append(say("tradeoff.entry_levers", language, {"levers": "; ".join(levers)}))
    elif row.cost.points != 0 and row.price_cut.status == row.score_gain.status == "proven":
        texts.append(say("tradeoff.entry_no_lever", language))
    return " ".join(texts)


def _levers(row: Entered, language: str, titles: Titles) -> list[str]:
    found = []
    if row.price_cut.turn:
        facts = {"rupiah": row.price_cut.turn}
        found.append(say(f"tradeoff.lever_price_{row.price_cut.status}", language, facts))
    if row.volume_cut.turn:
        facts = {"volume": row.volume_cut.turn}
        unit = {"unit": titles.unit(row.proposal)}
        found.append(say(f"tradeoff.lever_volume_{row.volume_cut.status}", language, facts | unit))
    if row.score_gain.turn:
        facts = {"points": row.score_gain.turn}
        found.append(say(f"tradeoff.lever_score_{row.score_gain.status}", language, facts))
    for window in row.ceilings:
        if window.first:
            place = say(f"tradeoff.purse_{window.purse.rule}", language,
                        {"subject": window.purse.subject})  # fmt: skip
            facts_of = {"place": place, "rupiah": window.first}
            found.append(say("tradeoff.lever_ceiling", language, facts_of))
    return found


def sentence(found: Entry, language: str, titles: Titles) -> str:
    """How near those left out are, the nearest by name."""
    if not found.possible:
        return unanswered(found.possible, language)
    known = [row for row in found.rows if row.cost.points is not None]
    never = [r for r in found.rows if r.cost.points is None and r.cost.status == "proven"]
    texts = []
    if known:
        nearest = min(known, key=lambda row: (row.cost.points or 0, row.proposal))
        facts = {
            "number": len(known),
            "name": titles.name(nearest.proposal),
            "points": nearest.cost.points,
        }
        texts.append(say("tradeoff.entry", language, facts))
    if never:
        texts.append(say("tradeoff.entry_all_never", language, {"number": len(never)}))
    if found.left:
        texts.append(say("analysis.left", language, {"left": found.left}))
    return " ".join(texts) or say("tradeoff.nothing_left_out", language)
