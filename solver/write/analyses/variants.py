"""Variants as a document: one row a plan, and the guarantee beside them."""

from __future__ import annotations

from solver.assess import amount_of
from solver.instance import from_micro
from solver.tradeoffs.variants import Variants, funded
from solver.words import Quantity, say
from solver.write.analyses.plans import Document, Titles, plain, plan, unanswered


def document(found: Variants, language: str, titles: Titles) -> Document:
    """`enters` and `leaves` of a row are against the first one, that of most points."""
    first = funded(found.case, found.plans[0].taken) if found.plans else set()
    rows = []
    for variant in found.plans:
        here = funded(found.case, variant.taken)
        changes = {"enters": titles.names(here - first), "leaves": titles.names(first - here)}
        code = "variants_row" if here != first else "variants_first"
        rows.append(
            {
                "points": from_micro(variant.points),
                "amount": amount_of(variant.taken),
                "distance": variant.distance,
                "enters": sorted(here - first),
                "leaves": sorted(first - here),
                "decisions": plan(found.case, variant.taken),
                "text": say(f"analysis.{code}", language, {"points": variant.points, **changes}),
            }
        )
    return {
        "status": _status(found),
        "rows": rows,
        "guarantee": {
            "apart": found.apart,
            "measure": found.measure,
            "loss": plain(found.loss),
            "loss_at_most": plain(found.loss_at_most),
            "further": found.further,
        },
        "text": sentence(found, language),
    }


def _status(found: Variants) -> str | None:
    """Proven: no plan lacks more than was asked; at most: they lack what `loss_at_most` says."""
    if not found.plans or found.loss_at_most is None:
        return None
    return "proven" if found.loss_at_most <= found.loss else "at_most"


def sentence(found: Variants, language: str) -> str:
    """How many plans, how far apart, what they may lack, and whether there are others."""
    if not found.plans:
        return unanswered(found.possible, language)
    facts = {
        "number": len(found.plans),
        "apart": Quantity(found.apart, found.measure),
        "loss": found.loss,
        "lacks": found.loss_at_most,
    }
    if len(found.plans) == 1:
        code = "variants_none" if found.further is False else "variants_unknown"
        return say(f"analysis.{code}", language, facts)
    text = say("analysis.variants", language, facts)
    status = _status(found)
    if status is None:
        text += " " + say("analysis.variants_unproven", language, facts)
    elif status == "at_most":
        text += " " + say("analysis.variants_at_most", language, facts)
    code = "variants_no_more" if found.further is False else "variants_maybe_more"
    return f"{text} {say(f'analysis.{code}', language, facts)}"
