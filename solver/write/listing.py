"""decisions.csv: one line a proposal, a plan that `kayuh assess` reads back."""

from __future__ import annotations

from typing import Any

from solver.tables import csv

COLUMNS = (
    "proposal",
    "option",
    "title",
    "decision",
    "volume",
    "unit",
    "amount",
    "points",
    "priority",
    "agency",
    "line",
    "district",
    "ward",
    "requested_volume",
    "requested_amount",
    "changes",
    "codes",
    "reasons",
)


def listing(document: dict[str, Any]) -> bytes:
    """The decisions of a result document as CSV, sorted by proposal."""
    return csv.write(COLUMNS, [flat(decision) for decision in document["decisions"]])


def flat(decision: dict[str, Any]) -> dict[str, Any]:
    """One decision as one row of plain cells; what is not known has no cell."""
    cells = {
        **{name: decision[name] for name in COLUMNS if name in decision},
        "requested_volume": decision["requested"]["volume"],
        "requested_amount": decision["requested"]["amount"],
        "changes": ";".join(decision["changes"]),
        "codes": ";".join(reason["code"] for reason in decision["reasons"]),
        "reasons": " ".join(reason["text"] for reason in decision["reasons"]),
    }
    return {name: value for name, value in cells.items() if value is not None}
