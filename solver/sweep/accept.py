"""--accept: what a run must keep to be acceptable, such as "district.amount >= 95% of base".

    rule    = measure (">=" | "<=") limit
    measure = points | amount | funded | changed | inversions | gap | worst
            | district [.NAME] .part | agency [.CODE] .part       part = amount | points | count
    limit   = NUMBER | NUMBER% | NUMBER% of base | base | base + NUMBER | base - NUMBER

`worst` is the share that the worst-off kecamatan gets of the points it asked for; without a NAME or
CODE every one must keep the rule. NUMBER is read as everywhere: 1250000000, 1.250.000.000, 1,25 M.
A percentage alone is of one, for `gap` and `worst`. `base` is the first run of the same city; what
a run has more or less of is compared exactly, never rounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.errors import UsageError, nearest
from solver.tables import numbers
from solver.tables.numbers import NumberError

WHOLE = ("points", "amount", "funded", "changed", "inversions", "gap", "worst")
PARTS = ("amount", "points", "count")
TABLES = {"district": "districts", "agency": "agencies"}

_RULE = re.compile(r"\s*(?P<measure>.+?)\s*(?P<sign>>=|<=)\s*(?P<limit>.+?)\s*")
_OF_BASE = re.compile(r"(?P<number>.+?)\s*%\s+of\s+base")
_BASE = re.compile(r"base(?:\s*(?P<sign>[+-])\s*(?P<number>.+))?")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Accept:
    """One rule: `subject` names a district or agency, all of them where it is None.

    The limit is `factor` times the base's value, plus `number`.
    """

    text: str
    measure: str
    table: str | None
    subject: str | None
    sign: str
    factor: Fraction
    number: Fraction

    @property
    def needs_base(self) -> bool:
        """Whether it compares with the base."""
        return self.factor != 0


@dataclass(frozen=True)
class Breach:
    """A rule that a run does not keep: for whom, what it has, and what it would need.

    `has` and `needs` are in the measure's printed unit; None where there is no plan to look at.
    """

    rule: Accept
    subject: str | None
    has: Fraction | None
    needs: Fraction | None


def parsed(text: str, districts: Iterable[str], agencies: Iterable[str]) -> Accept:
    """The rule that a text says; UsageError where it says none, or names nobody who is there."""
    found = _RULE.fullmatch(text)
    if found is None:
        raise UsageError("accept_form", value=text)
    measure, table, subject = _measure(found["measure"], text)
    known = {"districts": districts, "agencies": agencies}
    if table is not None and subject is not None and subject not in set(known[table]):
        like = nearest(subject, known[table])
        code = "accept_unknown" if like is None else "accept_unknown_near"
        raise UsageError(code, value=text, name=subject, nearest=like)
    factor, number = _limit(found["limit"], measure, text)
    return Accept(text.strip(), measure, table, subject, found["sign"], factor, number)


def _measure(name: str, text: str) -> tuple[str, str | None, str | None]:
    """What is measured: points; or amount of the districts, of all or of one."""
    if name in WHOLE:
        return name, None, None
    kind, _, rest = name.partition(".")
    subject, _, part = rest.rpartition(".")
    if kind in TABLES and part in PARTS:
        return part, TABLES[kind], subject or None
    raise UsageError("accept_measure", value=text, name=name)


def _limit(limit: str, measure: str, text: str) -> tuple[Fraction, Fraction]:
    """What is multiplied with the base, and what is added."""
    if found := _OF_BASE.fullmatch(limit):
        return _number(found["number"], "percent", text) / 100, Fraction(0)
    if found := _BASE.fullmatch(limit):
        number = _number(found["number"], measure, text) if found["number"] else Fraction(0)
        return Fraction(1), -number if found["sign"] == "-" else number
    if limit.endswith("%"):
        return Fraction(0), _number(limit[:-1].strip(), "percent", text) / 100
    return Fraction(0), _number(limit, measure, text)


def _number(number: str, measure: str, text: str) -> Fraction:
    try:
        if measure == "amount":
            return Fraction(numbers.money(number))
        return Fraction(numbers.decimal(number, dot_is_decimal=False))
    except NumberError:
        raise UsageError("accept_number", value=text, number=number) from None


def breaches(rules: Sequence[Accept], row: Row, base: Row | None) -> list[Breach]:
    """What a run does not keep of the rules, in their order. Without a plan it keeps none."""
    return [breach for rule in rules for breach in _broken(rule, row, base)]


def _broken(rule: Accept, row: Row, base: Row | None) -> Iterator[Breach]:
    has_base = not rule.needs_base or (base is not None and "taken" in base)
    if "taken" not in row or not has_base:
        yield Breach(rule, rule.subject, None, None)
        return
    here, there = _values(rule, row), _values(rule, base) if rule.needs_base and base else {}
    for subject in sorted(here.keys() | there.keys(), key=str):
        has = here.get(subject, Fraction(0))
        needs = rule.factor * there.get(subject, Fraction(0)) + rule.number
        if has is None:
            yield Breach(rule, subject, None, needs)
        elif has < needs if rule.sign == ">=" else has > needs:
            yield Breach(rule, subject, has, needs)


def _values(rule: Accept, row: Row) -> Mapping[str | None, Fraction]:
    """The values that a rule looks at, by district or agency; by None for the whole plan."""
    if rule.table is not None:
        return {
            name: _exact(parts[rule.measure])
            for name, parts in row[rule.table].items()
            if rule.subject in (None, name)
        }
    match rule.measure:
        case "funded":
            return {None: Fraction(len(row["taken"]))}
        case "changed":
            return {None: Fraction(len(row["changed"]))}
        case "worst":
            share = row["worst"]
            return {share["district"]: _exact(share["share"])} if share else {}
        case "gap":
            return {} if row["gap"] is None else {None: _exact(row["gap"])}
    return {None: _exact(row[rule.measure])}


def _exact(value: float) -> Fraction:
    """A number as it is written, without the noise of its binary form."""
    return Fraction(Decimal(repr(value)))
