"""What each rule costs, as a document: one row a rule and subject, the dearest first."""

from __future__ import annotations

from solver.tradeoffs.rule_prices import RulePrice, RulePrices
from solver.words import say
from solver.write.analyses.plans import Document, Titles, price, reached, unanswered

MOST_NAMED = 3


def document(found: RulePrices, language: str, titles: Titles) -> Document:
    """`enters` and `leaves` are who would come and go if the rule did not hold there."""
    return {
        **reached([row.price for row in found.rows], found.left),
        "rows": [_row(row, language, titles) for row in found.rows],
        "text": sentence(found, language, titles),
    }


def _row(row: RulePrice, language: str, titles: Titles) -> Document:
    return {
        "rule": row.rule,
        "subject": row.subject,
        **price(row.price),
        "enters": list(row.moves.enters),
        "leaves": list(row.moves.leaves),
        "text": _named(row, language, titles),
    }


def _named(row: RulePrice, language: str, titles: Titles) -> str:
    subject = titles.name(row.subject) if row.rule in ("locks", "gates") else row.subject
    rule = say(f"rule.{row.rule}", language)
    return f"{rule}: {subject}" if subject else rule


def sentence(found: RulePrices, language: str, titles: Titles) -> str:
    """Which rules cost most, and how many cost nothing."""
    if not found.possible:
        return unanswered(found.possible, language)
    dear = [row for row in found.rows if (row.price.points or 0) > 0]
    free = [row for row in found.rows if row.price.points == 0 and row.price.status == "proven"]
    texts = []
    if dear:
        names = [
            say(f"tradeoff.rule_price_{row.price.status}", language,
                {"name": _named(row, language, titles), "points": row.price.points})
            for row in dear[:MOST_NAMED]
        ]  # fmt: skip
        facts = {"number": len(dear), "names": names}
        texts.append(say("tradeoff.rule_prices", language, facts))
    if free:
        texts.append(say("tradeoff.rule_prices_free", language, {"number": len(free)}))
    if found.left:
        texts.append(say("analysis.left", language, {"left": found.left}))
    return " ".join(texts) or say("tradeoff.no_rules", language)
