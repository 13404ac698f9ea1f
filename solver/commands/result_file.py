"""Reads a result.json that somebody hands in: strictly, and only what has a result's shape."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from solver.errors import InputError, UsageError
from solver.instance import to_micro
from solver.result import Status
from solver.tables import json
from solver.tables.problems import Problems


def read_result(path: Path) -> dict[str, Any]:
    """The result with its `input`; UsageError or InputError where the file is none."""
    if not path.is_file():
        raise UsageError("file_not_found", path=str(path))
    problems = Problems()
    found = json.read(path.read_bytes(), path.name, problems)
    if problems.issues:
        raise InputError(problems.issues)
    if not _fits(found, RESULT) or (found["decisions"] and not _fits(found, PLAN)):
        raise UsageError("no_result_with_input", name=path.name)
    return dict(found)


def _fits(value: Any, shape: Any) -> bool:
    """Whether a value has what a shape names: objects with keys, lists of one shape, checks."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            key in value and _fits(value[key], inner) for key, inner in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(item, shape[0]) for item in value)
    return bool(shape(value))


def _is_a(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _is_volume(value: Any) -> bool:
    """A number with at most six decimals, or null."""
    try:
        return value is None or isinstance(to_micro(value), int)
    except (ValueError, TypeError, ArithmeticError):
        return False


def _is_status(value: Any) -> bool:
    return isinstance(value, str) and value in set(Status)


TEXT, BOOLEAN, NUMBER = _is_a(str), _is_a(bool), _is_a(int, Decimal)
NUMBER_OR_NULL = _is_a(int, Decimal, type(None))
RESULT = {"status": _is_status, "decisions": [{}], "scenario": {}, "input": {}}
PLAN = {
    "unique": BOOLEAN,
    "gap": NUMBER_OR_NULL,
    "bound": NUMBER_OR_NULL,
    "certificate": {"gap": NUMBER_OR_NULL, "bound": NUMBER_OR_NULL},
    "stages": [
        {
            "name": TEXT,
            "sense": TEXT,
            "best": NUMBER,
            "bound": NUMBER_OR_NULL,
            "value": NUMBER,
            "proven": BOOLEAN,
        }
    ],
    "decisions": [{"proposal": TEXT, "option": TEXT, "decision": TEXT, "volume": _is_volume}],
}
"""What has to be there, where there is a plan, for it to be added up again."""
