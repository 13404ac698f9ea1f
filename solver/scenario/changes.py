"""[set]: changes of cells, by a key such as "agency.PUPR.ceiling" and a value or "-10%".

Kind before the first dot, column after the last, the id between; /OPTION and /WARD narrow it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from solver.errors import Place
from solver.instance import MICRO, half_up
from solver.scenario.draft import SINGULAR, Change, Draft
from solver.scenario.places import known_places, with_place
from solver.tables import numbers
from solver.tables.cells import UNLIMITED, Value, as_json, cell, kind_of
from solver.tables.column import Column
from solver.tables.columns import KEYS, by_name
from solver.tables.numbers import NumberError
from solver.tables.problems import Problems
from solver.tables.rows import Key, Row, column_named

_RELATIVE = re.compile(r"(?P<sign>[+-])\s*(?P<size>[^\s%][^%]*?)\s*(?P<percent>%?)")
_NUMERIC = ("money", "ceiling", "decimal", "whole", "share", "amount_or_share", "measured")
_FIRST = ("amount", "measure")  # what other cells of the same row depend on is set before them


@dataclass(frozen=True)
class _Target:
    key: str
    kind: str
    table: str
    rows: tuple[Key, ...]
    column: Column
    raw: Any


def apply_changes(
    draft: Draft, changes: Mapping[str, Any], file: str | None, problems: Problems
) -> Draft:
    """The draft with the cells changed and every change logged, old value and new.

    Locations come last: a place that a proposal is moved to in the same file is known by then.
    """
    for of_locations in (False, True):
        part = {key: v for key, v in changes.items() if key.startswith("location.") == of_locations}
        draft = _applied(draft, part, file, problems)
    return draft


def _applied(
    draft: Draft, changes: Mapping[str, Any], file: str | None, problems: Problems
) -> Draft:
    tables = {table: dict(rows) for table, rows in draft.tables.items()}
    targets = []
    for key, raw in changes.items():
        place = Place(file, key=key)
        target = _target(key, raw, tables, place, problems)
        if target is not None:
            targets.append(target)
    targets = _once(targets, file, problems)
    log = []
    for target in sorted(targets, key=lambda target: target.column.name not in _FIRST):
        place = Place(file, key=target.key)
        for row_key in target.rows:
            row = tables[target.table][row_key]
            value = _changed(row, target, place, problems)
            if value is _REFUSED:
                continue
            before = row.get(target.column.name)
            tables[target.table][row_key] = _with_value(row, target, value, place)
            log.append(
                Change(
                    _full_key(target, row_key),
                    None if before is None else as_json(before),
                    None if value is None else as_json(value),
                    file,
                )
            )
    return replace(draft, tables=tables, changes=draft.changes + tuple(log))


_REFUSED: Any = object()


def _target(
    key: str, raw: Any, tables: dict[str, dict[Key, Row]], place: Place, problems: Problems
) -> _Target | None:
    kind, _, rest = key.partition(".")
    name, _, column_name = rest.rpartition(".")
    if not name:
        problems.add("set_key_form", place, None, key, value=key)
        return None
    table = SINGULAR.get(kind)
    if table is None:
        problems.unknown("unknown_kind", kind, lambda: SINGULAR, place)
        return None
    column = column_named(table, column_name)
    known = _columns(table, tables)
    if column is None or column.name not in known:
        problems.unknown("unknown_column", column_name, lambda: known, place)
        return None
    if column.name in KEYS[table]:
        problems.add("set_key_column", place, column.name, raw, column=column.name)
        return None
    rows = _rows(kind, table, name, tables, place, problems)
    return _Target(key, kind, table, rows, column, raw) if rows else None


def _columns(table: str, tables: Mapping[str, Mapping[Key, Row]]) -> list[str]:
    """The table's columns, the criteria that some row has included."""
    names = {name for row in tables.get(table, {}).values() for name in row.cells}
    return [*by_name(table), *sorted(names - by_name(table).keys())]


def _rows(
    kind: str,
    table: str,
    name: str,
    tables: dict[str, dict[Key, Row]],
    place: Place,
    problems: Problems,
) -> tuple[Key, ...]:
    """The keys of the rows that are meant; none where the name is unknown, which is reported."""
    rows = tables.get(table, {})
    first, slash, second = name.partition("/")
    if kind == "proposal":
        options = tuple(key for key in rows if key[0] == first)
        if not options:
            problems.unknown("unknown_proposal", first, lambda: {key[0] for key in rows}, place)
            return ()
        if not slash:
            return options
        if (first, second) in rows:
            return ((first, second),)
        problems.unknown("unknown_option", second, lambda: [key[1] for key in options], place)
        return ()
    if kind == "location":
        if (first, second) not in rows:
            if (first, second) not in known_places(tables):
                problems.unknown(
                    "unknown_place",
                    name,
                    lambda: ["/".join(key).rstrip("/") for key in known_places(tables)],
                    place,
                )
                return ()
            tables["locations"] = with_place(tables, first, second)
        return ((first, second),)
    if (name,) in rows:
        return ((name,),)
    problems.unknown(f"unknown_{kind}", name, lambda: [key[0] for key in rows], place)
    return ()


def _once(targets: Sequence[_Target], file: str | None, problems: Problems) -> list[_Target]:
    """Each cell may be changed once in a file, however its key is written."""
    seen: dict[tuple[str, Key, str], str] = {}
    kept = []
    for target in targets:
        cells = [(target.table, row, target.column.name) for row in target.rows]
        first = next((seen[cell] for cell in cells if cell in seen), None)
        if first is not None:
            problems.add(
                "set_twice",
                Place(file, key=target.key),
                target.column.name,
                target.raw,
                key=target.key,
                first=first,
            )
            continue
        seen.update(dict.fromkeys(cells, target.key))
        kept.append(target)
    return kept


def _full_key(target: _Target, row: Key) -> str:
    """The key of one row's cell: the option is named where the proposal has several rows."""
    name = "/".join(row) if len(target.rows) > 1 or (row[1:] and row[1]) else row[0]
    return f"{target.kind}.{name}.{target.column.name}"


def _changed(row: Row, target: _Target, place: Place, problems: Problems) -> Any:
    """The new value of a cell; `_REFUSED` where the change has none, which is reported."""
    column, raw = target.column, target.raw
    measure = row.get("measure")
    kind = kind_of(column, measure)
    try:
        if isinstance(raw, str) and column.kind in _NUMERIC:
            found = _RELATIVE.fullmatch(raw.strip())
            if found is not None:
                return _relative(row, column, kind, found, target)
        value = cell(column, raw, measure=measure)
    except NumberError as error:
        problems.add(error.code, place, column.name, raw, error.facts.get("first"), **error.facts)
        return _REFUSED
    if value is None and column.required:
        problems.add("cell_missing", place, column.name, column=column.name)
        return _REFUSED
    return value


def _relative(row: Row, column: Column, kind: str, found: re.Match[str], target: _Target) -> Value:
    """Old value plus or minus a number or a percentage; money and counts round down."""
    before = row.get(column.name)
    if before is None and column.name == "amount":
        before = full_amount(row)
    if before is None:
        raise NumberError("relative_of_blank", value=str(target.raw))
    if before == UNLIMITED:
        raise NumberError("relative_of_unlimited", value=str(target.raw))
    sign = -1 if found["sign"] == "-" else 1
    if found["percent"]:
        part = Fraction(numbers.decimal(found["size"], dot_is_decimal=False)) / 100
        value = Fraction(before) * (1 + sign * part)
    elif isinstance(before, Fraction):
        raise NumberError("relative_of_share", value=str(target.raw))
    else:
        size: Any = cell(replace(column, signed=False), found["size"], measure=row.get("measure"))
        if not isinstance(size, (int, Decimal)):
            raise NumberError("not_a_number", value=str(target.raw))
        value = Fraction(before) + sign * Fraction(size)
    return _fitted(value, before, kind, column, str(target.raw))


def _fitted(value: Fraction, before: Any, kind: str, column: Column, raw: str) -> Value:
    if value < 0 and not (column.signed and kind == "decimal"):
        raise NumberError("number_negative", value=raw)
    if isinstance(before, Fraction):
        if value > 1:
            raise NumberError("share_out_of_range", value=raw)
        return Fraction(floor(value * 10**8), 10**8)
    if kind == "decimal":
        return numbers.decimal_of(Decimal(half_up(value * MICRO)) / MICRO, raw)
    whole = floor(value)
    return numbers.whole_of(whole, raw) if kind == "whole" else numbers.money_of(whole)


def full_amount(row: Row) -> int | None:
    """What the whole volume costs by its unit cost; None where the row has none."""
    unit_cost, volume = row.get("unit_cost"), row.get("volume")
    if unit_cost is None or volume is None:
        return None
    exact: Fraction = (row.get("fixed_cost") or 0) + unit_cost * Fraction(volume)
    return floor(exact)


def _with_value(row: Row, target: _Target, value: Value | None, place: Place) -> Row:
    changed = row.with_cell(target.column.name, value, place)
    if target.table == "proposals" and target.column.name == "amount" and value is not None:
        changed = changed.with_cell("unit_cost", None, place).with_cell("fixed_cost", None, place)
    return changed
