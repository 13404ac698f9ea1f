"""The JSON form of a scenario as JSON Schemas, made from the columns and keys the reader goes by.

They tell what a document may look like; what its names refer to is found out by reading it.
Headings in the other spellings of scenarios/COLUMNS.md are read as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from solver.scenario.draft import ALWAYS_ON, GROUPS, RULES, SCORES, TABLES
from solver.scenario.fragment import STATUSES
from solver.scenario.stages import OPTIONS
from solver.tables import plan
from solver.tables.column import Column
from solver.tables.columns import COLUMNS
from solver.tables.numbers import MAX_DECIMAL, MAX_MONEY, MAX_WHOLE

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number", "minimum": -MAX_DECIMAL, "maximum": MAX_DECIMAL}
SIZE: Schema = {"type": "number", "minimum": 0, "maximum": MAX_DECIMAL}
MONEY: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_MONEY}
WHOLE: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_WHOLE}
SHARE: Schema = {"type": "number", "minimum": 0, "exclusiveMaximum": 1}
LIMIT: Schema = {**NUMBER, "maximum": MAX_MONEY}
TEXTS: Schema = {"type": "array", "items": TEXT}


def _either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def _or_null(*schemas: Schema) -> Schema:
    return _either(*schemas, {"type": "null"})


def _list(item: Schema) -> Schema:
    return _or_null({"type": "array", "items": item})


def _closed(fields: Mapping[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    """An object of these fields and no other."""
    found: Schema = {
        "type": "object",
        "properties": dict(fields),
        "additionalProperties": False,
    }
    return {**found, "required": list(required)} if required else found


_KINDS: Mapping[str, tuple[Schema, ...]] = {
    "id": (TEXT,),
    "text": (TEXT,),
    "choice": (TEXT,),
    "money": (MONEY, TEXT),
    "ceiling": (MONEY, TEXT),
    "amount_or_share": (MONEY, TEXT),
    "decimal": (SIZE, TEXT),
    "whole": (WHOLE, TEXT),
    "measured": (LIMIT, TEXT),
    "share": (SHARE, TEXT),
    "yesno": (FLAG, TEXT),
    "list": (TEXTS, TEXT),
}
"""What JSON may hold in a cell of each kind; numbers may be written as text, as in a CSV."""

ROWS: Mapping[str, str] = {
    "proposals": "ProposalRow",
    "agencies": "AgencyRow",
    "locations": "LocationRow",
    "lines": "LineRow",
    "limits": "LimitRow",
}


def schemas(reference: Callable[[str], str]) -> dict[str, Schema]:
    """The schemas of Scenario, Stage, PlanRow and one of ROWS a table; `reference` gives a $ref."""

    def of(name: str) -> Schema:
        return {"$ref": reference(name)}

    rows = {ROWS[table]: _row(COLUMNS[table]) for table in TABLES}
    rows["ProposalRow"]["patternProperties"] = {"^c_[a-z0-9]": _or_null(NUMBER, TEXT)}
    return {
        **rows,
        "PlanRow": {**_row(plan.COLUMNS), "additionalProperties": True},
        "Stage": _stage(of("PlanRow")),
        "Scenario": _scenario(of),
    }


def _row(columns: tuple[Column, ...]) -> Schema:
    return _closed(
        {column.name: _cell(column) for column in columns},
        tuple(column.name for column in columns if column.required),
    )


def _cell(column: Column) -> Schema:
    kinds = _KINDS[column.kind]
    if column.kind == "decimal" and column.signed:
        kinds = (NUMBER, TEXT)
    held = _either(*kinds) if column.required else _or_null(*kinds)
    return {"description": column.en, **held}


def _stage(row: Schema) -> Schema:
    name: Schema = {"enum": list(OPTIONS)}
    options = {
        "name": name,
        "give_up": _or_null(SIZE, TEXT),
        "by": _or_null({"enum": ["district", "ward"]}),
        "measure": _or_null({"enum": ["points", "amount"]}),
        "per": _or_null({"enum": ["asked", "head", "share"]}),
        "plan": _list(row),
    }
    return _either(name, _closed(options, ("name",)))


def _scenario(of: Callable[[str], Schema]) -> Schema:
    fields = {
        "format": _or_null({"enum": [1]}),
        "title": _or_null(TEXT),
        "year": _or_null({**SIZE, "type": "integer"}, TEXT),
        "extends": {
            "description": "The name of a stored scenario that this one changes; never a path.",
            **_or_null(TEXT),
        },
        "data": {
            "description": "Paths belong in files: none is followed here (path_not_allowed).",
            **_closed({table: {"type": "null"} for table in TABLES}),
        },
        **{table: _list(of(ROWS[table])) for table in TABLES},
        "objective": _closed(
            {
                "stages": _or_null({"type": "array", "items": of("Stage"), "minItems": 1}),
                "score": _or_null({"enum": list(SCORES)}),
                "rank_within": _list({"enum": list(GROUPS)}),
                "weights": {"type": "object", "additionalProperties": _or_null(NUMBER, TEXT)},
            }
        ),
        "set": {
            "description": "Cells to change: KIND.ID.COLUMN to a value, or to +x, -x, +p%, -p%.",
            "type": "object",
            "additionalProperties": _or_null(LIMIT, TEXT, FLAG, TEXTS),
        },
        "proposal": _list(of("ProposalRow")),
        "limit": _list(of("LimitRow")),
        "alternatives": _list(
            _closed({"proposals": TEXTS, "at_least": _or_null({"enum": [0, 1]})}, ("proposals",))
        ),
        "requires": _list(_closed({"proposal": TEXT, "needs": TEXTS}, ("proposal", "needs"))),
        "together": _list(_closed({"proposals": TEXTS}, ("proposals",))),
        "lock": _list(_lock()),
        "priority_order": _closed(
            {"within": _list({"enum": list(GROUPS)}), "enforce": _or_null(FLAG)}
        ),
        "off": _off(),
        "expect": _or_null(_expect()),
        "sweep": {"description": "For kayuh sweep; passed over here."},
    }
    return {"description": "A scenario file's keys with its tables inline.", **_closed(fields)}


def _lock() -> Schema:
    fields = {
        "proposal": TEXT,
        "decision": {"enum": ["fund", "reject"]},
        "option": _or_null(TEXT),
        "volume": _or_null(SIZE, TEXT),
        "reason": _or_null(TEXT),
    }
    return _closed(fields, ("proposal", "decision"))


def _off() -> Schema:
    rules = [rule for rule in RULES if rule not in ALWAYS_ON]
    return _closed({"rules": _list({"enum": rules}), "locks": _list(TEXT), "limits": _list(TEXT)})


def _expect() -> Schema:
    number = {"type": "number", "minimum": -MAX_MONEY, "maximum": MAX_MONEY}
    return _closed(
        {
            "status": _or_null({"enum": list(STATUSES)}),
            "points_min": _or_null(number),
            "points_max": _or_null(number),
            "amount": _or_null(number),
            "fund": _list(TEXT),
            "not_fund": _list(TEXT),
            "unique": _or_null(FLAG),
        }
    )
