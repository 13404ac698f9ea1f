"""A number in a cell is read in one way only, or refused with every way it could be read.

Money is whole rupiah: digits, Indonesian groups (1.250.000), Rp, and rb, jt, M, T with the
Indonesian decimal comma. A parser that guesses would multiply money by a hundred: 1250000.00 is
1.250.000 to one office and 125.000.000 to another.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_MONEY = 10**14
MAX_WHOLE = 10**12
MAX_DECIMAL = 10**9  # nine digits and six decimals still fit a JSON number without loss
DECIMALS = 6
_MAX_LENGTH = 28  # all digits then fit a Decimal without rounding

_SUFFIXES = {
    "rb": 10**3,
    "ribu": 10**3,
    "jt": 10**6,
    "juta": 10**6,
    "miliar": 10**9,
    "milyar": 10**9,
    "bn": 10**9,
    "triliun": 10**12,
    "trilyun": 10**12,
}
_LETTERS = {"M": 10**9, "T": 10**12}  # in capitals only: a small m is a metre, or a million

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_MONEY = re.compile(r"(?:rp\.?\s*)?(?P<body>[0-9][0-9.,]*?)(?:,-)?\s*(?P<suffix>[a-z]*)", re.I)
_BODY = re.compile(r"(?P<whole>[0-9.]+)(?:,(?P<part>[0-9]+))?")
_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009\u2007]+")
_YES = frozenset({"ya", "yes", "y", "true", "benar", "1"})
_NO = frozenset({"tidak", "no", "n", "false", "salah", "0"})


class NumberError(ValueError):
    """The text is no number of the kind wanted; `code` and `facts` name the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def _two_readings(body: str, text: str, suffix: str = "", groups: bool = False) -> NumberError:
    """The error for a number whose last separator may group thousands or begin the decimals.

    Both readings are shown in a form that can be typed as it stands and has one meaning: groups
    only where the column reads them (money and whole numbers without a suffix).
    """
    last = max(body.rfind("."), body.rfind(","))
    readings = (
        Decimal(re.sub(r"[.,]", "", body)),
        Decimal(re.sub(r"[.,]", "", body[:last]) + "." + (body[last + 1 :] or "0")),
    )
    shown = []
    for reading in readings:
        whole, _, part = unambiguous(reading).partition(".")
        if groups:
            whole = f"{int(whole):,}".replace(",", ".")
        shown.append(f"{whole},{part}" if part else whole)
    ending = f" {suffix}" if suffix else ""
    return NumberError(
        "number_two_readings", value=text, first=shown[0] + ending, second=shown[1] + ending
    )


def trimmed(text: str) -> str:
    """The text without outer blanks and with plain blanks inside, a length guard included."""
    if len(text) > _MAX_LENGTH:
        raise NumberError("number_too_long", value=text[:_MAX_LENGTH] + "…")
    return _BLANKS.sub(" ", text).strip()


def _english_billions(body: str, text: str) -> Decimal:
    """1.25 bn as the English page writes it; three decimals could also be a group."""
    whole, separator, part = body.replace(",", ".").partition(".")
    if "." in part or len(part) == 3:
        raise _two_readings(body, text, "bn")
    return Decimal(f"{whole}.{part or 0}" if separator else whole)


def _indonesian_number(body: str, text: str, suffix: str) -> Decimal:
    """Digits or groups, then a decimal comma; anything else has two readings."""
    found = _BODY.fullmatch(body)
    if found is None or not body[-1].isdigit():
        raise _two_readings(body, text, suffix, groups=not suffix)
    whole, part = found["whole"], found["part"] or ""
    if "." in whole:
        if not _GROUPED.fullmatch(whole) or (suffix and not part and whole.count(".") == 1):
            raise _two_readings(body, text, suffix, groups=not suffix)
    elif len(part) == 3 and whole[0] != "0" and len(whole) <= 3:
        raise _two_readings(
            body, text, suffix, groups=not suffix
        )  # 750,000 is 750 thousand in English
    return Decimal(f"{whole.replace('.', '')}.{part or 0}")


def money(text: str) -> int:
    """Whole rupiah; NumberError where the text has no reading or more than one."""
    plain = trimmed(text)
    if plain.isascii() and plain.isdigit():
        return _rupiah(int(plain), text)
    if re.match(r"(?:rp\.?\s*)?[-\u2212(]", plain, re.I):
        raise NumberError("number_negative", value=text)
    found = _MONEY.fullmatch(plain)
    if found is None:
        raise NumberError("money_not_a_number", value=text)
    body, suffix = found["body"], found["suffix"]
    if suffix == "m":
        number = body.rstrip(".,")
        raise NumberError(
            "number_two_readings", value=text, first=f"{number} M", second=f"{number} jt"
        )
    factor = _LETTERS.get(suffix) or _SUFFIXES.get(suffix.casefold(), 0 if suffix else 1)
    if not factor:
        raise NumberError("money_not_a_number", value=text)
    english = suffix.casefold() == "bn"
    value = _english_billions(body, text) if english else _indonesian_number(body, text, suffix)
    return _rupiah(value * factor, text)


def _rupiah(value: Decimal | int, text: object) -> int:
    if value != int(value):
        raise NumberError("money_fraction", value=str(text))
    if value < 0:
        raise NumberError("number_negative", value=str(text))
    if value > MAX_MONEY:
        raise NumberError("money_too_large", value=str(text), max=MAX_MONEY)
    return int(value)


def money_of(number: int | Decimal) -> int:
    """Whole rupiah of a JSON or TOML number; 5197606.0 is whole."""
    return _rupiah(_finite(number), number)


def decimal(text: str, dot_is_decimal: bool) -> Decimal:
    """A number with at most six decimals, with or without a minus sign.

    `dot_is_decimal` is true in a `,`-separated CSV only; elsewhere 61.300 has two readings.
    """
    plain = trimmed(text)
    sign, body = (-1, plain[1:]) if plain.startswith("-") else (1, plain)
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", body):
        raise NumberError("not_a_number", value=text)
    dots, commas = body.count("."), body.count(",")
    ambiguous_group = re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", body)
    if commas == 0 and dots <= 1:
        if dots and ambiguous_group and not dot_is_decimal:
            raise _two_readings(body, text)
        value = Decimal(body)
    elif commas == 1 and not dots:
        if ambiguous_group:
            raise _two_readings(body, text)
        value = Decimal(body.replace(",", "."))
    else:
        whole, _, part = body.partition(",")
        if not _GROUPED.fullmatch(whole) or not (part or "0").isdigit():
            raise _two_readings(body, text)
        value = Decimal(f"{whole.replace('.', '')}.{part or 0}")
    return decimal_of(sign * value, text)


def decimal_of(number: int | Decimal, text: object = None) -> Decimal:
    """A JSON or TOML number, checked for size and for its decimals."""
    shown = str(number if text is None else text)[:60]
    value = _finite(number)
    if abs(value) > MAX_DECIMAL:
        raise NumberError("number_too_large", value=shown, max=MAX_DECIMAL)
    if value != round(value, DECIMALS):
        raise NumberError("too_many_decimals", value=shown)
    return value + 0  # a negative zero is zero


def whole(text: str) -> int:
    """A whole number from 0 on; groups as in 12.500 are read as Indonesian groups."""
    plain = trimmed(text)
    if plain.startswith("-"):
        raise NumberError("number_negative", value=text)
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", plain):
        raise NumberError("not_a_number", value=text)
    return whole_of(_indonesian_number(plain, text, ""), text)


def whole_of(number: int | Decimal, text: object = None) -> int:
    """A whole number from 0 on of a JSON or TOML number."""
    shown = str(number if text is None else text)[:60]
    value = _finite(number)
    if value < 0:
        raise NumberError("number_negative", value=shown)
    if value != int(value):
        raise NumberError("not_whole", value=shown)
    if value > MAX_WHOLE:
        raise NumberError("number_too_large", value=shown, max=MAX_WHOLE)
    return int(value)


def yesno(text: str) -> bool:
    """Yes or no, in either language."""
    plain = trimmed(text).casefold()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise NumberError("not_yes_or_no", value=text)


def share(text: str, dot_is_decimal: bool = False) -> Fraction:
    """A part of a whole: `15%`, or a number below one such as 0,15."""
    plain = trimmed(text)
    if plain.endswith("%"):
        return _part(Fraction(decimal(plain[:-1], dot_is_decimal)) / 100, text)
    value = decimal(plain, dot_is_decimal)
    if value >= 1:
        raise NumberError("share_needs_percent", value=text)
    return _part(Fraction(value), text)


def share_of(number: int | Decimal) -> Fraction:
    """A part of a whole of a JSON or TOML number below one."""
    value = decimal_of(number)
    if value >= 1:
        raise NumberError("share_needs_percent", value=str(number))
    return _part(Fraction(value), number)


def _part(value: Fraction, text: object) -> Fraction:
    if not 0 <= value <= 1:
        raise NumberError("share_out_of_range", value=str(text))
    return value


def percent_text(part: Fraction) -> str:
    """A share as it is written to files: 12.5%."""
    return unambiguous(Decimal(part.numerator * 100) / Decimal(part.denominator)) + "%"


def unambiguous(value: int | float | Decimal) -> str:
    """A number as a text that every reader here takes as it is meant.

    For texts that programs write, such as the "+10.1250" of a change: without an exponent, and
    never with exactly three decimals, which could be a group of thousands.
    """
    plain = f"{Decimal(str(value)):f}"
    whole, _, part = plain.partition(".")
    part = part.rstrip("0")
    if not part:
        return whole
    return f"{whole}.{part}0" if len(part) == 3 else f"{whole}.{part}"


def _finite(number: int | Decimal) -> Decimal:
    value = Decimal(number)
    if not value.is_finite():
        raise NumberError("not_a_number", value=str(number))
    if value.adjusted() > _MAX_LENGTH:  # 1e999999999 would fill the memory once made an integer
        raise NumberError("number_too_long", value=str(number)[:_MAX_LENGTH] + "…")
    return value
