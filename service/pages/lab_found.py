"""What came of a sweep, as its page shows it: curves with their figures, runs, and verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from service.pages.shell import gap, language, tell
from solver.words import money_full, number
from solver.write.sweep import panel

MEASURES = ("points", "amount", "worst", "inversions")
TOLD = ("infeasible", "no_answer", "failed", "waiting")
"""Statuses that are told of besides the proven ones, where there are any."""
SHOWN = 150
"""Proposals that the page lists; the workbook has them all."""

Document = Mapping[str, Any]


def facts(found: Document) -> dict[str, Any]:
    """What the template is given of a sweep's document."""
    city = found["cities"][0]
    sometimes = [row for row in city["proposals"] if row["verdict"] == "sometimes"]
    return {
        "totals": found["totals"],
        "told": [status for status in TOLD if found["totals"][status]],
        "curves": [one for curve in found["curves"] for one in _curves(curve)],
        "runs": [_run(run) for run in found["runs"]],
        "city": city,
        "sometimes": sometimes[:SHOWN],
        "left": max(0, len(sometimes) - SHOWN),
    }


def _curves(curve: Document) -> Iterator[dict[str, Any]]:
    """A picture a measure, with the same figures as rows: set to, becomes, figure."""
    spoken = language()
    for measure in MEASURES:
        yield {
            "measure": measure,
            # The picture escapes what it says; its numbers and colours are ours.
            "picture": Markup(panel(dict(curve), measure, spoken)),  # noqa: S704
            "rows": [
                (_set_to(spot["set"]), _becomes(spot["value"]), _figure(measure, spot[measure]))
                for spot in curve["spots"]
            ],
        }


def _run(run: Document) -> dict[str, Any]:
    against = run["against"]
    set_to = next(iter(run["set"].values()), None)
    return {
        "number": run["run"],
        "set": _set_to(set_to),
        "status": tell(f"sweep.status_{run['status']}"),
        "has_plan": run["points"] is not None,
        "gap": gap(run["gap"]) if run["status"] == "feasible" else "",
        **{name: _figure(name, run[name]) for name in MEASURES},
        "funded": _figure("funded", run["funded"]),
        "district": run["worst_district"],
        "enters": None if against is None else len(against["enters"]),
        "leaves": None if against is None else len(against["leaves"]),
        "why": run["why"],
    }


def _set_to(value: str | int | None) -> str:
    """A value as it was asked for, in the reader's language: -2,5 %; Rp 8.500.000.000."""
    if value is None:
        return tell("sweep.as_it_is")
    if isinstance(value, int):
        return money_full(value, language())
    sign = value[0] if value[0] in "+-" else ""
    size = Decimal(value.strip("+-%").replace(",", "."))
    told = tell("page_more.percent", number=number(size, language()))
    return sign.replace("-", "\N{MINUS SIGN}") + told


def _becomes(value: str | int | None) -> str:
    """What the cell is in a run; a share of the plan is kept as a text."""
    if value is None:
        return tell("sweep.blank")
    return money_full(value, language()) if isinstance(value, int) else _set_to(value)


def _figure(measure: str, value: float | None) -> str:
    """A figure of a plan; nothing where there is no plan."""
    if value is None:
        return ""
    if measure == "amount":
        return money_full(int(value), language())
    if measure == "worst":
        return tell("sweep.share", value=round(value, 3))
    return number(value, language(), 2)
