"""Reads a mapping of a scenario file key by key, and reports every key that should not be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.errors import Place
from solver.tables import numbers
from solver.tables.cells import text
from solver.tables.numbers import NumberError
from solver.tables.problems import Problems


class Fields:
    """The keys of one table of a scenario file; a wrong value is reported and read as absent."""

    def __init__(self, raw: Any, allowed: Iterable[str], place: Place, problems: Problems) -> None:
        self.place = place
        self.problems = problems
        self.raw: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
        if not isinstance(raw, Mapping):
            self.wrong(None, raw)
        names = tuple(allowed)
        for key in self.raw:
            if key not in names:
                problems.unknown("unknown_key", key, lambda: names, place, key)

    def __contains__(self, name: str) -> bool:
        return self.raw.get(name) is not None

    def wrong(self, name: str | None, value: Any) -> None:
        """Report a value of the wrong type."""
        self.problems.add("wrong_type", self.place, name, value, value=str(value)[:40])

    def text(self, name: str, required: bool = False) -> str:
        """A text, empty where it is absent; a required one can't be blank."""
        value = self.raw.get(name)
        if value is None or value == "":
            if required:
                self.problems.add("key_missing", self.place, name, name=name)
            return ""
        if not isinstance(value, str):
            self.wrong(name, value)
            return ""
        try:
            return text(value)
        except NumberError as error:
            self.problems.add(error.code, self.place, name, value, **error.facts)
            return ""

    def texts(self, name: str, required: bool = False) -> tuple[str, ...]:
        """A list of texts without repeats, in its own order."""
        value = self.raw.get(name)
        if value is None:
            if required:
                self.problems.add("key_missing", self.place, name, name=name)
            return ()
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            self.wrong(name, value)
            return ()
        try:
            return tuple(dict.fromkeys(text(item) for item in value))
        except NumberError as error:
            self.problems.add(error.code, self.place, name, None, **error.facts)
            return ()

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One of the choices."""
        value = self.text(name) or default
        if value in choices or not value:
            return value
        self.unknown_choice(name, value, choices)
        return default

    def choices(
        self, name: str, choices: tuple[str, ...], default: tuple[str, ...]
    ) -> tuple[str, ...]:
        """A list of some of the choices."""
        if name not in self:
            return default
        values = self.texts(name)
        for value in values:
            if value not in choices:
                self.unknown_choice(name, value, choices)
        return tuple(value for value in values if value in choices)

    def unknown_choice(self, name: str, value: str, choices: tuple[str, ...]) -> None:
        """Report a value that is none of the choices."""
        self.problems.add("unknown_choice", self.place, name, value, value=value, choices=choices)

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.raw.get(name, default)
        if not isinstance(value, bool):
            self.wrong(name, value)
            return default
        return value

    def whole(self, name: str) -> int | None:
        """A whole number from 0 on."""
        value = self.decimal(name)
        if value is not None and (value < 0 or value != int(value)):
            code = "number_negative" if value < 0 else "not_whole"
            self.problems.add(code, self.place, name, value, value=str(value))
            return None
        return None if value is None else int(value)

    def decimal(self, name: str) -> Decimal | None:
        """A number with at most six decimals."""
        value = self.raw.get(name)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, str):
                return numbers.decimal(text(value), dot_is_decimal=False)
            if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
                self.wrong(name, value)
                return None
            return numbers.decimal_of(exact(value))
        except NumberError as error:
            self.problems.add(error.code, self.place, name, value, **error.facts)
            return None

    def give_up(self, name: str) -> Fraction | Decimal:
        """A percentage of the best as "1%", or a number in the stage's own unit."""
        value = self.raw.get(name)
        if isinstance(value, str) and value.strip().endswith("%"):
            try:
                return numbers.share(text(value))
            except NumberError as error:
                self.problems.add(error.code, self.place, name, value, **error.facts)
            return Decimal(0)
        number = self.decimal(name) or Decimal(0)
        if number < 0:
            self.problems.add("number_negative", self.place, name, value, value=str(value))
        return number


def exact(number: int | float | Decimal) -> int | Decimal:
    """A float as the decimal it was written as."""
    return Decimal(str(number)) if isinstance(number, float) else number


def list_of(raw: Any, place: Place, name: str, problems: Problems) -> list[Any]:
    """The list under a key; anything else is reported."""
    if raw is None:
        return []
    if not isinstance(raw, (list, tuple)):
        problems.add("wrong_type", place, name, raw, value=str(raw)[:40])
        return []
    return list(raw)
