"""The frontier as a document: one row an efficient plan, most points first."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.assess import amount_of
from solver.instance import MICRO, from_micro
from solver.tradeoffs.frontier import Frontier, Point
from solver.words import money, number, say
from solver.write.analyses.plans import Document, Titles, plain, plan, unanswered


def document(found: Frontier, language: str, _titles: Titles) -> Document:
    """`second` of a row is in the unit of the second aim: points, rupiah, a number or a share."""
    spec = found.spec
    complete = found.left_out == 0
    return {
        "status": ("proven" if complete else "at_least") if found.points else None,
        "second": {
            "name": spec.name,
            "sense": found.aim.sense,
            **(
                {"by": spec.by, "measure": spec.measure, "per": spec.per}
                if spec.name == "least_served"
                else {}
            ),
        },
        "rows": [
            {
                "points": from_micro(point.points),
                "second": plain(_printed(found, point)),
                "amount": amount_of(point.taken),
                "decisions": plan(found.case, point.taken),
                "text": say("analysis.frontier_row", language, _facts(found, point, language)),
            }
            for point in found.points
        ],
        "left_out": found.left_out,
        "text": sentence(found, language),
    }


def sentence(found: Frontier, language: str) -> str:
    """How many choices there are, from where to where, and whether these are all."""
    if not found.points:
        return unanswered(found.possible, language)
    facts = {
        "second": name(found, language),
        "number": len(found.points),
        "first": _end(found, found.points[0], language),
        "last": _end(found, found.points[-1], language),
    }
    if found.left_out is None:
        return say("analysis.frontier_some", language, facts)
    return say(f"analysis.frontier{'_one' if len(found.points) == 1 else ''}", language, facts)


def name(found: Frontier, language: str) -> str:
    """What points are weighed against, as a noun."""
    spec = found.spec
    code = f"{spec.name}_{spec.by}" if spec.name == "least_served" else spec.name
    return say(f"analysis.second_{code}", language)


def _printed(found: Frontier, point: Point) -> Fraction:
    return point.second / (MICRO if found.aim.kind == "points" else 1)


def value(found: Frontier, point: Point, language: str) -> str:
    """A second value as people write it: Rp 1,25 M; 40 %; 12."""
    printed = _printed(found, point)
    exact = Decimal(printed.numerator) / Decimal(printed.denominator)
    if found.spec.name == "least_served" and found.spec.per == "asked":
        return say("analysis.part", language, {"part": round(exact, 4)})
    if found.aim.kind == "money":
        return money(int(printed), language)
    return number(exact, language, 2)


def _facts(found: Frontier, point: Point, language: str) -> dict[str, Any]:
    second = name(found, language)
    return {"points": point.points, "second": second, "value": value(found, point, language)}


def _end(found: Frontier, point: Point, language: str) -> str:
    return say("analysis.frontier_end", language, _facts(found, point, language))
