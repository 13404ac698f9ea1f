"""The own shares as a document: one row a district, and the price of the guarantee."""

from __future__ import annotations

from solver.instance import from_micro
from solver.tradeoffs.own_share import District, OwnShare
from solver.words import say
from solver.write.analyses.plans import Document, Titles, plain, points, price, unanswered


def document(found: OwnShare, language: str, _titles: Titles) -> Document:
    """`price` and `status` are those of all guarantees together; a row has its own."""
    return {
        "rows": [_row(district, language) for district in found.districts],
        **price(found.price),
        "text": sentence(found, language),
    }


def _row(district: District, language: str) -> Document:
    given = district.guaranteed
    return {
        "district": district.district,
        "share": plain(district.share),
        "own": points(district.own),
        "sure": district.sure,
        "plan": from_micro(district.plan),
        "amount": district.amount,
        "met": district.met,
        "guaranteed": None if given is None else from_micro(given[0]),
        "guaranteed_amount": None if given is None else given[1],
        **price(district.price),
        "text": _told(district, language),
    }


def _told(district: District, language: str) -> str:
    facts = {
        "district": district.district,
        "share": round(float(district.share), 4),
        "own": district.own,
        "plan": district.plan,
        "points": district.price.points,
    }
    if district.own is None:
        return say("analysis.own_share_row_unknown", language, facts)
    met = {True: "met", False: "short", None: "unknown_met"}[district.met]
    text = say(f"analysis.own_share_row_{met}", language, facts)
    if district.met is False and district.price.status == "proven":
        code = "needs" if district.price.points is not None else "impossible"
        text += " " + say(f"analysis.own_share_row_{code}", language, facts)
    return text


def sentence(found: OwnShare, language: str) -> str:
    """Who gets less than its own share would have bought, and what it costs to give them that."""
    if not found.has_shares:
        return say("analysis.own_share_unknown", language)
    if not found.districts:
        return unanswered(found.possible, language)
    short = [d.district for d in found.districts if d.met is False]
    open_ = [d.district for d in found.districts if d.met is None]
    facts = {"number": len(found.districts), "short": short, "open": open_}
    code = "met" if not short and not open_ else "short" if short else "open"
    texts = [say(f"analysis.own_share_{code}", language, facts)]
    if short and open_:
        texts.append(say("analysis.own_share_also_open", language, facts))
    if short:
        texts.append(_price(found, language))
    return " ".join(texts)


def _price(found: OwnShare, language: str) -> str:
    loss = found.price
    if loss.status is None:
        return say("analysis.own_share_price_unknown", language)
    if loss.points is None:
        return say("analysis.own_share_price_none", language)
    facts = {"points": loss.points, "rupiah": found.moved}
    return say(f"analysis.own_share_price_{loss.status}", language, facts)
