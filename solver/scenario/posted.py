"""A scenario that arrives as JSON: read strictly, counted, and its problems located in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from solver.errors import Issue
from solver.scenario.draft import TABLES
from solver.tables import json
from solver.tables.columns import COLUMNS
from solver.tables.problems import Problems
from solver.tables.rows import column_named

_STEP = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)\.?")


def read_json(data: bytes) -> Any:
    """The JSON document with decimals as Decimal; InputError where it has no one meaning."""
    problems = Problems()
    found = json.read(data, "", problems)
    problems.stop()
    return found


def pointer(issue: Issue, document: Mapping[str, Any]) -> str:
    """Where in the posted document a problem stands, as a JSON pointer (RFC 6901).

    A cell is found under the heading that the row itself uses. A problem in what the document only
    inherits is shown at its `extends`.
    """
    key, column = issue.place.key, issue.column
    changes = document.get("set")
    if key and isinstance(changes, Mapping) and key in changes:
        return _text(["set", key])
    steps = _steps(key) if key else []
    if column is not None and column != key:
        steps.append(_heading(steps, column, document))
    elif not steps and column is not None:
        steps = [column]
    if steps and steps[0] not in document and "extends" in document and len(steps) > 1:
        return "/extends"
    return _text(steps)


def _steps(key: str) -> list[str]:
    """The steps of a place's key: objective.stages[2] is objective, stages, 1."""
    steps = []
    for name, numbers in _STEP.findall(key):
        steps.append(name)
        steps += [str(int(number) - 1) for number in re.findall(r"\d+", numbers)]
    return steps


def _heading(steps: list[str], column: str, document: Mapping[str, Any]) -> str:
    """The row's own heading for a column; the column's name where the row has none for it."""
    table = {"proposal": "proposals", "limit": "limits"}.get(steps[0], steps[0]) if steps else ""
    if table not in COLUMNS or len(steps) != 2:
        return column
    rows = document.get(steps[0])
    number = int(steps[1])
    row = rows[number] if isinstance(rows, list) and number < len(rows) else None
    names = row if isinstance(row, Mapping) and column not in row else ()
    for name in names:
        found = column_named(table, name) if name else None
        if found is not None and found.name == column:
            return str(name)
    return column


def _text(steps: list[str]) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def count_rows(document: Mapping[str, Any]) -> dict[str, int]:
    """How many rows each table and each list of rows in the document has."""
    names = (*TABLES, "proposal", "limit")
    return {n: len(document[n]) for n in names if isinstance(document.get(n), list)}
