"""What the Lab is asked: one thing of a scenario, and the values to try as people type them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from service.pages.numbers import decimal, rupiah
from service.pages.shell import tell
from service.store.errors import InvalidError
from solver.instance import Instance
from solver.sweep import Lists
from solver.words import money, say

MOST = 50
"""Values in one sweep: at 30 seconds each, 25 minutes at the worst."""
DECIMALS = 2
"""Of a percentage: with three, [set] could not tell 2,125% from 2.125%."""

_BETWEEN = re.compile(r"[;\r\n]+")
_PERCENT = re.compile(r"(?P<sign>[+-]?)\s*(?P<size>[0-9.,]+)\s*%")
_RUPIAH = re.compile(r"(?:Rp\.?\s*)?[0-9.,]+")


class LabError(InvalidError):
    """What was typed into the Lab's form can't be meant."""

    topic = "lab"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be varied: its key of [set], what it is called, and what it is now."""

    key: str
    name: str
    now: int | Fraction | None

    def told(self, language: str) -> str:
        """Its name and its present value."""
        if self.now is None:
            return tell("lab.now_none", name=self.name)
        if isinstance(self.now, Fraction):
            value = say("sweep.share", language, {"value": self.now})
        else:
            value = money(self.now, language)
        return tell("lab.now", name=self.name, value=value)


def things(instance: Instance) -> Mapping[str, list[Thing]]:
    """All that can be varied, by group: ceilings that there are, and what kecamatan get."""
    places = [place for place in instance.locations if not place.ward]
    return {
        "agency_ceiling": [
            Thing(f"agency.{agency.code}.ceiling", _named(agency.code, agency.name), agency.ceiling)
            for agency in instance.agencies
            if agency.ceiling is not None
        ],
        "line_ceiling": [
            Thing(f"line.{line.code}.ceiling", _named(line.code, line.title), line.ceiling)
            for line in instance.lines
            if line.ceiling is not None
        ],
        "location_min_amount": [
            Thing(f"location.{place.district}.min_amount", place.district, place.min_amount)
            for place in places
        ],
        "location_max_amount": [
            Thing(f"location.{place.district}.max_amount", place.district, place.max_amount)
            for place in places
        ],
    }


def _named(code: str, name: str) -> str:
    return f"{code}, {name}" if name else code


def called(key: str) -> str:
    """What a key is called in the reader's language: Pagu PUPR."""
    kind, _, rest = key.partition(".")
    name, _, column = rest.rpartition(".")
    return tell(f"lab.what_{kind}_{column}", name=name)


def lists(form: Mapping[str, str], instance: Instance, language: str) -> Lists:
    """The key and its values; LabError says what is wrong with them and what to do."""
    key = form.get("key", "")
    if not any(thing.key == key for group in things(instance).values() for thing in group):
        raise LabError("no_such_key", {"field": "key"})
    parts = (part.strip() for part in _BETWEEN.split(form.get("values", "")))
    typed = list(dict.fromkeys(part for part in parts if part))
    if not typed:
        raise LabError("no_values", {"field": "values"})
    if len(typed) > MOST:
        raise LabError("too_many", {"field": "values"}, number=len(typed), most=MOST)
    return {key: tuple(dict.fromkeys(_value(one, key, language) for one in typed))}


def _value(typed: str, key: str, language: str) -> str | int:
    """A value as [set] has it: -2,5% or rupiah; a place may be given a share of the plan, 15%."""
    text = typed.replace("\N{MINUS SIGN}", "-")
    about = {"field": "values"}
    found = _PERCENT.fullmatch(text)
    if found is None:
        amount = rupiah(text, language, "values") if _RUPIAH.fullmatch(text) else None
        if amount is None:
            raise LabError("value_unreadable", about, typed=typed[:40])
        return amount
    size = decimal(found["size"], language, "values")
    if size is None:
        raise LabError("value_unreadable", about, typed=typed[:40])
    if size != round(size, DECIMALS):
        raise LabError("value_fine", about, typed=typed[:40])
    if not found["sign"] and not key.startswith("location."):
        raise LabError("value_unsigned", about, typed=typed[:40])
    return f"{found['sign']}{size.normalize():f}%".replace(".", ",")
