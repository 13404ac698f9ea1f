"""Sentences: a code and its facts become real Bahasa Indonesia or real English.

Sentences live in catalogues/*.toml, one file a topic, both languages side by side; a package that
stands on this one adds a folder of its own (add_catalogues). A blank is
`{name}` or `{name:kind}`; the kinds are money, points, volume, quantity, number, percent and list.
Facts stay raw numbers everywhere else (rupiah; millionths of points and volumes), so only this file
knows how a number is written in a language.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from babel import Locale
from babel.numbers import NumberPattern, format_decimal, parse_pattern

from solver.instance import MICRO

LANGUAGES = ("id", "en")
_SHORT = {
    "id": ((10**12, "T"), (10**9, "M"), (10**6, "jt")),
    "en": ((10**12, "tn"), (10**9, "bn"), (10**6, "million")),
}
_SPACE = "\N{NO-BREAK SPACE}"


def number(value: int | float | Decimal | Fraction, language: str, decimals: int = 6) -> str:
    """A number in the language's form, with as many decimals as it has, at most `decimals`."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return str(format_decimal(value, format=_pattern(decimals), locale=_locale(language)))


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0." + "#" * decimals if decimals else "#,##0")


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def money(rupiah: int, language: str) -> str:
    """An amount, shortened (Rp 1,25 M; Rp 1.25 bn) only where no rupiah is lost by it."""
    for size, word in _SHORT[language]:
        if abs(rupiah) >= size and rupiah % (size // 1000) == 0:
            short = number(Decimal(rupiah) / size, language, 3)
            return f"Rp{_SPACE}{short}{_SPACE}{word}"
    return money_full(rupiah, language)


def millions(rupiah: int, language: str) -> str:
    """An amount in millions of rupiah, exact: for columns, where one unit is easier to compare."""
    return number(Decimal(rupiah) / 10**6, language)


def money_full(rupiah: int, language: str) -> str:
    """An amount with every digit: Rp 1.250.000.000."""
    return f"Rp{_SPACE}{number(rupiah, language, 0)}"


def joined(items: Iterable[str], language: str) -> str:
    """A, B dan C; A, B and C."""
    names = list(items)
    if len(names) < 2:
        return "".join(names)
    word = {"id": "dan", "en": "and"}[language]
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


class Quantity(NamedTuple):
    """A number of one measure, in whole units."""

    value: int
    measure: str
    unit: str = ""


def quantity(value: Quantity, language: str) -> str:
    """Rp 60 jt; 61,3 poin; 3 usulan; 120 m; 80 penerima manfaat."""
    if value.measure == "amount":
        return money(value.value, language)
    scale = MICRO if value.measure in ("points", "volume") else 1
    text = number(Decimal(value.value) / scale, language)
    noun = value.unit
    if value.measure != "volume":
        one = language == "en" and value.value == scale
        noun = catalogue()[f"measure.{value.measure}{'_one' if one else ''}"][language]
    return f"{text}{_SPACE}{noun}" if noun else text


class _Sentence(string.Formatter):
    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "":
                return str(value)
            case "money":
                return money(value, self.language)
            case "points" | "volume":
                return number(Decimal(value) / MICRO, self.language)
            case "quantity":
                return quantity(value, self.language)
            case "number":
                return number(value, self.language)
            case "percent":
                return number(Decimal(100) * _decimal(value), self.language, 4) + f"{_SPACE}%"
            case "list":
                return joined([str(item) for item in value], self.language)
        msg = f"unknown kind of blank: {format_spec}"
        raise ValueError(msg)


def _decimal(value: int | float | Decimal | Fraction) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(str(value))


_folders: list[Traversable] = [resources.files("solver") / "catalogues"]


def add_catalogues(folder: Traversable) -> None:
    """Let `say` know the sentences of another package, in the same form."""
    _folders.append(folder)
    catalogue.cache_clear()


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every sentence: "topic.code" -> language -> text."""
    sentences = {}
    for file in (file for folder in _folders for file in folder.iterdir()):
        if file.name.endswith(".toml"):
            topic = file.name.removesuffix(".toml")
            for code, texts in tomllib.loads(file.read_text("utf-8")).items():
                sentences[f"{topic}.{code}"] = texts
    return sentences


def say(code: str, language: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence of "topic.code" with its blanks filled; KeyError where there is none."""
    return _Sentence(language).vformat(catalogue()[code][language], (), facts or {})
