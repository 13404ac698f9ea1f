"""One cell: from what a file or a JSON document holds to a value of its column, and back.

Values in memory: str, int (rupiah, whole numbers), Decimal, bool, Fraction (shares), tuple of str
(lists), and "unlimited". A blank cell is None, or is left out of its row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.tables import numbers
from solver.tables.column import CHOICE_WORDS, Column
from solver.tables.columns import folded
from solver.tables.numbers import NumberError

UNLIMITED = "unlimited"
_UNLIMITED = frozenset({"unlimited", "tanpabatas", "takterbatas"})
OUTER = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + "\u200b\ufeff"
"""What is cut from both ends of a text: every blank, and the invisible marks of web pages."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Unread:
    """A workbook's cell that holds no value to read: why, and what is seen there.

    `code` is formula_without_value, error_cell or date_cell.
    """

    code: str
    shown: str

    def __str__(self) -> str:
        return self.shown


class Percent(float):
    """A number that its workbook shows as a percentage: 0.15 for 15 %."""

    def text(self) -> str:
        """The percentage as it could have been typed: 15%."""
        return numbers.percent_text(Fraction(str(self)))


Value = str | int | Decimal | bool | Fraction | tuple[str, ...]


def text(raw: str) -> str:
    """A text as it is kept: no outer blanks, plain newlines and blanks, composed letters."""
    plain = raw.strip(OUTER)
    if "\r" in plain:
        plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", plain).replace("\u00a0", " ")
    if _UNPRINTABLE.search(plain):
        raise NumberError("control_character", value=_UNPRINTABLE.sub("?", plain))
    return plain


def _choice(column: Column, raw: str) -> str:
    wanted = folded(raw)
    for choice in column.choices:
        if wanted in (folded(choice), folded(CHOICE_WORDS.get(choice, choice))):
            return choice
    raise NumberError("unknown_choice", value=raw, choices=column.choices)


def _id(raw: str) -> str:
    if "/" in raw:
        raise NumberError("slash_in_id", value=raw)
    return raw


def _ceiling(raw: str) -> int | str:
    return UNLIMITED if folded(raw) in _UNLIMITED else numbers.money(raw)


def _items(raw: str) -> tuple[str, ...]:
    return tuple(sorted({item for part in raw.split(";") if (item := part.strip(OUTER))}))


def _amount_or_share(raw: str, dot_is_decimal: bool) -> int | Fraction:
    if raw.endswith("%"):
        return numbers.share(raw, dot_is_decimal)
    return numbers.money(raw)


_FROM_TEXT: Mapping[str, Callable[[Column, str, bool], Value]] = {
    "id": lambda _column, raw, _dot: _id(raw),
    "text": lambda _column, raw, _dot: raw,
    "money": lambda _column, raw, _dot: numbers.money(raw),
    "ceiling": lambda _column, raw, _dot: _ceiling(raw),
    "decimal": lambda _column, raw, dot: numbers.decimal(raw, dot),
    "whole": lambda _column, raw, _dot: numbers.whole(raw),
    "yesno": lambda _column, raw, _dot: numbers.yesno(raw),
    "list": lambda _column, raw, _dot: _items(raw),
    "share": lambda _column, raw, dot: numbers.share(raw, dot),
    "amount_or_share": lambda _column, raw, dot: _amount_or_share(raw, dot),
    "choice": lambda column, raw, _dot: _choice(column, raw),
}
_FROM_NUMBER: Mapping[str, Callable[[int | Decimal], Value]] = {
    "money": numbers.money_of,
    "ceiling": numbers.money_of,
    "decimal": numbers.decimal_of,
    "whole": numbers.whole_of,
    "share": numbers.share_of,
    "amount_or_share": numbers.money_of,
}


def kind_of(column: Column, measure: object = None) -> str:
    """The column's kind; that of a limit's number follows from its measure."""
    if column.kind != "measured":
        return column.kind
    wanted = folded(str(measure or "amount"))
    words = (code for code, word in CHOICE_WORDS.items() if folded(word) == wanted)
    match next(words, wanted):
        case "points" | "volume":
            return "decimal"
        case "count" | "beneficiaries":
            return "whole"
    return "money"


def cell(
    column: Column, raw: Any, dot_is_decimal: bool = False, measure: Any = None
) -> Value | None:
    """The value of a cell, None where it is blank; NumberError where it has no one meaning."""
    kind = kind_of(column, measure)
    if isinstance(raw, str):
        plain = text(raw)
        if not plain:
            return None
        value: Value | None = _FROM_TEXT[kind](column, plain, dot_is_decimal)
    elif raw is None:
        return None
    elif isinstance(raw, Unread):
        raise NumberError(raw.code, value=raw.shown)
    elif isinstance(raw, bool):
        if kind != "yesno":
            raise NumberError("wrong_type", value=str(raw).lower())
        value = raw
    elif isinstance(raw, Percent) and kind in ("share", "amount_or_share"):
        value = numbers.share(raw.text())
    elif isinstance(raw, (int, float, Decimal)):
        value = _from_number(kind, Decimal(str(raw)) if isinstance(raw, float) else raw)
    elif isinstance(raw, Sequence) and kind == "list":
        value = _from_list(raw)
    else:
        raise NumberError("wrong_type", value=str(raw)[:40])
    if isinstance(value, Decimal) and value < 0 and not column.signed:
        raise NumberError("number_negative", value=str(raw))
    return value


def _from_number(kind: str, raw: int | Decimal) -> Value:
    if kind in ("id", "text", "list", "choice"):
        # A budget code such as 1.03 is a text; as a number 1.10 would quietly become 1.1.
        raise NumberError("number_for_text", value=str(raw)[:40])
    if kind == "yesno":
        raise NumberError("not_yes_or_no", value=str(raw)[:40])
    return _FROM_NUMBER[kind](raw)


def _from_list(raw: Sequence[Any]) -> tuple[str, ...] | None:
    items = set()
    for item in raw:
        plain = text(item) if isinstance(item, str) else ";"
        if ";" in plain:
            raise NumberError("wrong_type", value=str(item)[:40])
        items.add(plain)
    return tuple(sorted(items - {""})) or None


def as_json(value: Value) -> Any:
    """A value as JSON documents and TOML files hold it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Fraction):
        return numbers.percent_text(value)
    return list(value) if isinstance(value, tuple) else value


def as_text(value: Any) -> str:
    """A JSON value as a CSV cell, `.` before the decimals."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, float):
        return f"{Decimal(str(value)):f}"
    return str(value)
