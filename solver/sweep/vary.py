"""The values to try: lists by key, from --vary or a scenario's [sweep], and their product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

from solver.errors import Issue, Place, UsageError

Values = tuple[Any, ...]
Lists = Mapping[str, Values]


def lists_of(pairs: Sequence[str]) -> Lists:
    """KEY=a,b,c of --vary, the values as --set has them; `;` parts values that hold commas."""
    found: dict[str, Values] = {}
    for pair in pairs:
        key, sign, text = pair.partition("=")
        key = key.strip()
        values = [value.strip() for value in text.split(";" if ";" in text else ",")]
        if not sign or not key or not all(values):
            raise UsageError("bad_vary", value=pair)
        if key in found:
            raise UsageError("vary_twice", key=key)
        found[key] = tuple(dict.fromkeys(values))
    return found


def lists_in(table: Any, file: str | None) -> tuple[Lists, list[Issue]]:
    """The lists of a scenario's [sweep], and what is wrong with them.

    Each key is one of [set], each value a list of what [set] takes for that key.
    """
    if table is None:
        return {}, []
    if not isinstance(table, Mapping):
        return {}, [_wrong(file, None, table)]
    found: dict[str, Values] = {}
    issues = []
    for key, values in table.items():
        if (
            isinstance(values, list | tuple)
            and values
            and all(isinstance(v, str | int | float | Decimal | bool) for v in values)
        ):
            found[key] = tuple(_each_once(values))
        else:
            issues.append(_wrong(file, key, values))
    return found, issues


def _each_once(values: Sequence[Any]) -> Iterator[Any]:
    """The values without repeats; true and 1 are two values."""
    seen = set()
    for value in values:
        mark = (type(value) is bool, value)
        if mark not in seen:
            seen.add(mark)
            yield value


def _wrong(file: str | None, key: str | None, value: Any) -> Issue:
    place = Place(file, key="sweep" if key is None else f"sweep.{key}")
    facts = {"value": str(value)[:40]}
    return Issue("wrong_type", facts, place, key, value)


def products(lists: Lists) -> Iterator[dict[str, Any]]:
    """Each way to take one value of every list, the last key changing fastest; none of no lists."""
    if lists:
        for values in product(*lists.values()):
            yield dict(zip(lists, values, strict=True))
