"""The frontier as a picture: points across, the second aim upwards, a chosen plan beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from service.desk.city import limits_for
from service.pages.shell import language, tell
from service.store import Tx, models
from service.svg.scatter import Axis, Dot, marks_of, scatter
from solver.words import millions, number

Document = Mapping[str, Any]
NAMED = 40


def picture(tx: Tx, desk: models.Desk, found: Document, chosen: int | None) -> dict[str, Any]:
    """The picture, its points as a table, and the plan that is chosen against the first one."""
    rows: Sequence[Document] = found["rows"] or []
    if not rows:
        return {}
    spoken = language()
    second = found["second"]
    points = [
        {
            "number": place,
            "points": number(row["points"], spoken, 2),
            "second": value(row["second"], second, spoken),
            "amount": row["amount"],
            "link": url_for("weigh.show", desk=desk.id, point=place, _anchor="frontier"),
        }
        for place, row in enumerate(rows, 1)
    ]
    chosen = chosen if chosen is not None and 1 <= chosen <= len(rows) else None
    facts: dict[str, Any] = {
        "points": points,
        "second_name": _name(second),
        "chosen": chosen,
        "svg": _drawn(rows, points, second, chosen) if len(rows) > 1 else "",
    }
    if chosen is not None and chosen > 1:
        titles = {p.id: p.title for p in limits_for(tx, desk.city).proposals.values()}
        facts |= _against(rows[0], rows[chosen - 1], titles)
    return facts


def _drawn(
    rows: Sequence[Document], points: Sequence[Document], second: Document, chosen: int | None
) -> Any:
    spoken = language()
    dots = [
        Dot(
            float(row["points"]),
            float(row["second"]),
            str(point["number"]),
            tell("page_more.point_about", number=point["number"], points=point["points"],
                 second=point["second"]),
            "chosen" if point["number"] == chosen else "now" if point["number"] == 1 else "",
            point["link"],
        )
        for row, point in zip(rows, points, strict=True)
    ]  # fmt: skip
    across = [(m, number(round(m, 6), spoken, 2)) for m in marks_of([d.x for d in dots])]
    up = [(m, value(m, second, spoken)) for m in marks_of([d.y for d in dots])]
    title = tell("page_more.frontier_title", second=_name(second))
    return scatter(dots, Axis(tell("page_more.points"), across), Axis(_name(second), up), title)


def _name(second: Document) -> str:
    """What points are weighed against."""
    by = f"_{second['by']}" if second["name"] == "least_served" else ""
    return tell(f"page_more.second_{second['name']}{by}")


def value(raw: float, second: Document, spoken: str) -> str:
    """A second value as people write it: 40 %; Rp 1.250 jt; 12."""
    exact = Decimal(repr(raw))
    if second["name"] == "least_served" and second["per"] == "asked":
        share = number(round(100 * exact, 1), spoken, 1)
        return tell("page_more.percent", number=share)
    if second["name"] == "thrift" or second.get("measure") == "amount":
        return tell("page_more.in_millions", number=millions(int(exact), spoken))
    return number(round(exact, 6), spoken, 2)


def _against(first: Document, other: Document, titles: Mapping[str, str]) -> dict[str, Any]:
    """Who enters, leaves and changes from the first plan to the chosen one."""
    old, new = ({d["proposal"]: d for d in plan["decisions"]} for plan in (first, other))
    changed = [p for p in sorted(old.keys() & new.keys()) if old[p]["amount"] != new[p]["amount"]]

    def named(proposals: Sequence[str]) -> list[tuple[str, str]]:
        return [(p, titles.get(p, "")) for p in proposals]

    return {
        "enters": named(sorted(new.keys() - old.keys())),
        "leaves": named(sorted(old.keys() - new.keys())),
        "changes": named(changed),
        "named": NAMED,
    }
