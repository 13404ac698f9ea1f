"""Numbers that people type, read strictly in their own language's form."""

from __future__ import annotations

import re
from decimal import Decimal

from babel.numbers import NumberFormatError, parse_decimal

from service.store.errors import InvalidError

_DIGITS = re.compile("[0-9.,]+")


class TypedError(InvalidError):
    """What was typed can't be read, or is missing."""

    topic = "page"


def decimal(typed: str, language: str, field: str) -> Decimal | None:
    """The number, None where nothing was typed; TypedError where it can be read in two ways."""
    text = typed.strip()
    if not text:
        return None
    if not _DIGITS.fullmatch(text):
        raise TypedError("number_unreadable", {"field": field}, typed=text[:40], near=[])
    try:
        found = parse_decimal(text, locale=language, strict=True)
    except NumberFormatError as error:
        near = [str(one) for one in error.suggestions or ()]
        code = "number_unclear" if near else "number_unreadable"
        raise TypedError(code, {"field": field}, typed=text[:40], near=near) from None
    return Decimal(found)


def rupiah(typed: str, language: str, field: str) -> int | None:
    """An amount in whole rupiah, `Rp` before it or not."""
    found = decimal(typed.strip().removeprefix("Rp").removeprefix("."), language, field)
    if found is not None and found != found.to_integral_value():
        raise TypedError("number_unreadable", {"field": field}, typed=typed[:40], near=[])
    return None if found is None else int(found)
