"""What more money buys, as a document: one row a limit and extra, then the transfers."""

from __future__ import annotations

from solver.tradeoffs.money import Purse
from solver.tradeoffs.next_rupiah import Bought, NextRupiah, Transfer
from solver.words import say
from solver.write.analyses.plans import Document, Titles, points, reached, unanswered


def document(found: NextRupiah, language: str, titles: Titles) -> Document:
    """`side` is min where a floor falls by the extra, else max."""
    return {
        **reached([row.gain for row in found.rows], found.left),
        "rows": [_row(row) for row in found.rows],
        "transfers": [_transfer(row) for row in found.transfers],
        "text": sentence(found, language, titles),
    }


def _row(row: Bought) -> Document:
    return {
        "rule": row.purse.rule,
        "subject": row.purse.subject,
        "side": row.purse.side,
        "extra": row.extra,
        "gain": points(row.gain.points),
        "status": row.gain.status,
        "enters": list(row.moves.enters),
        "leaves": list(row.moves.leaves),
    }


def _transfer(row: Transfer) -> Document:
    return {
        "rule": row.giver.rule,
        "from": row.giver.subject,
        "to": row.taker.subject,
        "rupiah": row.rupiah,
        "gain": points(row.gain.points),
        "status": row.gain.status,
        "enters": list(row.moves.enters),
        "leaves": list(row.moves.leaves),
    }


def sentence(found: NextRupiah, language: str, titles: Titles) -> str:
    """Where more money buys most, with the names of who comes in; and the best transfer.

    What is only known to be at most so much is named where nothing is known better.
    """
    if not found.possible:
        return unanswered(found.possible, language)
    gaining = [row for row in found.rows if (row.gain.points or 0) > 0]
    texts = []
    if gaining:
        best = max(gaining, key=lambda row: (row.gain.is_sure, (row.gain.points or 0) / row.extra))
        code = "next_floor" if best.purse.side == "min" else "next_rupiah"
        facts = {
            "place": _place(best.purse, language),
            "rupiah": best.extra,
            "points": best.gain.points,
            "enters": titles.names(best.moves.enters),
        }
        texts.append(say(f"tradeoff.{code}_{best.gain.status}", language, facts))
        if best.moves.enters:
            texts.append(say("tradeoff.comes_in", language, facts))
    elif not found.left:
        texts.append(say("tradeoff.next_nothing", language))
    if found.transfers:
        first = found.transfers[0]
        facts = {
            "rupiah": first.rupiah,
            "giver": _place(first.giver, language),
            "taker": _place(first.taker, language),
            "points": first.gain.points,
        }
        texts.append(say(f"tradeoff.transfer_{first.gain.status}", language, facts))
    if found.left:
        texts.append(say("analysis.left", language, {"left": found.left}))
    return " ".join(texts)


def _place(purse: Purse, language: str) -> str:
    return say(f"tradeoff.purse_{purse.rule}", language, {"subject": purse.subject})
