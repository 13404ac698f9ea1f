"""The agenda as a document: what to discuss first, then what is in, then what is out."""

from __future__ import annotations

from collections import Counter
from typing import Any

from solver.tradeoffs.robust import Robust, Standing
from solver.words import say
from solver.write.analyses.plans import Document, Titles, plain, unanswered


def document(found: Robust, language: str, titles: Titles) -> Document:
    """`cases` are those that count; `settled` names what decides a proposal in every case."""
    drawn = found.drawn
    return {
        "status": _status(found),
        "cases": found.counted,
        "asked": found.asked,
        "impossible": found.impossible,
        "unanswered": found.unanswered,
        "drawn": None
        if drawn is None
        else {
            "scores": plain(drawn.scores),
            "costs": plain(drawn.costs),
            "weights": plain(drawn.weights),
            "seed": drawn.seed,
        },
        "rows": [_row(standing, found, language, titles) for standing in found.standings],
        "text": sentence(found, language),
    }


def _row(standing: Standing, found: Robust, language: str, titles: Titles) -> Document:
    facts = {
        "name": titles.name(standing.proposal),
        "times": standing.times,
        "cases": found.counted,
    }
    code = "robust_settled" if standing.settled else f"robust_row_{standing.verdict}"
    return {
        "proposal": standing.proposal,
        "times": standing.times,
        "share": plain(standing.share),
        "verdict": standing.verdict,
        "settled": standing.settled,
        "text": say(f"analysis.{code}", language, facts),
    }


def _status(found: Robust) -> str | None:
    if not found.counted:
        return None
    return "proven" if found.drawn is None and not found.unanswered else "sampled"


def sentence(found: Robust, language: str) -> str:
    """How many cases say what, and how many stand apart."""
    if not found.asked:
        return unanswered(True, language)
    verdicts = Counter(s.verdict for s in found.standings if not s.settled)
    facts: dict[str, Any] = {
        "cases": found.counted,
        "asked": found.asked,
        "impossible": found.impossible,
        "unanswered": found.unanswered,
        **{name: verdicts[name] for name in ("in", "out", "discuss")},
    }
    texts = []
    if found.counted:
        code = "robust_stated" if found.drawn is None else "robust_drawn"
        if found.drawn is not None:
            facts |= {"scores": found.drawn.scores, "costs": found.drawn.costs}
        texts.append(say(f"analysis.{code}", language, facts))
    else:
        texts.append(say("analysis.robust_nothing", language, facts))
    texts += [
        say(f"analysis.robust_{name}", language, facts)
        for name in ("impossible", "unanswered")
        if facts[name]
    ]
    return " ".join(texts)
