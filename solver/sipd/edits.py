"""The mapping file changed by a program: what a planner chose on a page, in the same form.

Remarks of the file are lost by it; its choices are not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from solver.sipd.mapping import line

TABLES = ("agencies", "pot_agencies", "districts", "ceilings", "remarks")
"""Tables of names that a page may change."""


def choices(mapping: str) -> dict[str, Any]:
    """What a mapping file says, as tables; it has been read before, so it can be."""
    return tomllib.loads(mapping, parse_float=Decimal)


def edited(mapping: str, changes: Mapping[str, Any]) -> str:
    """The mapping with changes on top: whole values, and in TABLES single names.

    A change that says None takes the name or the value out.
    """
    whole = choices(mapping)
    for key, value in changes.items():
        if isinstance(value, Mapping):
            whole[key] = _without_none({**whole.get(key, {}), **value})
        else:
            whole[key] = value
    whole = _without_none(whole)
    plain = [line(key, value) for key, value in whole.items() if not isinstance(value, Mapping)]
    tables = [
        "\n".join(["", f"[{key}]", *(line(name, item) for name, item in value.items())])
        for key, value in whole.items()
        if isinstance(value, Mapping)
    ]
    return "\n".join([*plain, *tables]) + "\n"


def _without_none(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value is not None}
