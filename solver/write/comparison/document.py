"""A comparison as the JSON document of CONTRACT section 1.

Columns are named A, B, C ... in their order. Money in rupiah; points and volumes as numbers of
their own unit.
"""

from __future__ import annotations

from typing import Any

from solver.decision import Decision
from solver.instance import from_micro
from solver.tradeoffs.compare import Against, Column, Comparison
from solver.words import say
from solver.write.document import violation

Document = dict[str, Any]


def document(comparison: Comparison, language: str) -> Document:
    """The columns, a row a proposal, and the totals of each column."""
    names = [letter(place) for place in range(len(comparison.columns))]
    return {
        "columns": [
            _column(name, column, comparison, language)
            for name, column in zip(names, comparison.columns, strict=True)
        ],
        "rows": [
            {
                "proposal": line.proposal.id,
                "title": line.proposal.title,
                "agency": line.proposal.requested.agency,
                "district": line.proposal.requested.district,
                "ward": line.proposal.requested.ward,
                "cells": [_cell(cell) for cell in line.cells],
                "verdict": line.verdict,
            }
            for line in comparison.lines
        ],
        "totals": [
            _totals(name, column, against)
            for name, column, against in zip(
                names, comparison.columns, comparison.against, strict=True
            )
        ],
    }


def letter(place: int) -> str:
    """The name of a column by its place, counted from 0: A to Z, AA, AB ..."""
    before, rest = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + rest)


def _column(name: str, column: Column, comparison: Comparison, language: str) -> Document:
    status = column.status
    return {
        "column": name,
        "kind": column.kind,
        "title": title(column, comparison, language),
        "file": column.name,
        "digest": column.scenario.digest,
        "status": None if status is None else str(status),
        "points": None if column.taken is None else from_micro(column.points),
        "bound": None if column.bound is None else from_micro(column.bound),
        "amount": None if column.taken is None else column.amount,
        "breaks": [violation(usage) for usage in column.breaks],
    }


def title(column: Column, comparison: Comparison, language: str) -> str:
    """What a column is called: the scenario's title, with its file where two have the same."""
    if column.kind == "baseline":
        return say("compare.by_hand", language)
    if column.kind == "list" or not column.scenario.title:
        return column.name
    same = [c for c in comparison.columns if c.kind == "scenario"]
    if sum(c.scenario.title == column.scenario.title for c in same) > 1:
        return f"{column.scenario.title} ({column.name})"
    return column.scenario.title


def _cell(decision: Decision | None) -> Document:
    """One decision; everything is null where the column's tables don't know the proposal."""
    if decision is None:
        return {"decision": None, "volume": None, "amount": None}
    has_volume = decision.kind != "covered" and decision.option.full.volume
    return {
        "decision": decision.kind,
        "volume": from_micro(decision.figures.volume) if has_volume else None,
        "amount": decision.figures.amount,
    }


def _totals(name: str, column: Column, against: Against | None) -> Document:
    kinds = [decision.kind for decision in column.decisions.values()]
    found: Document = {
        "column": name,
        "points": None if column.taken is None else from_micro(column.points),
        "amount": None if column.taken is None else column.amount,
        "funded": kinds.count("fund") + kinds.count("fund_changed"),
        "changed": kinds.count("fund_changed"),
        "covered": kinds.count("covered"),
    }
    for change in ("enters", "leaves", "less", "more"):
        found[change] = [] if against is None else list(getattr(against, change))
    for kind, amounts, moved in (
        ("agencies", column.by_agency, against and against.agencies),
        ("places", column.by_place, against and against.places),
    ):
        changes = moved or {}
        found[kind] = {
            subject: {"amount": amounts.get(subject, 0), "moved": changes.get(subject, 0)}
            for subject in sorted(amounts.keys() | changes.keys())
        }
    return found
