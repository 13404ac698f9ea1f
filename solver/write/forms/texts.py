"""How the forms write what people typed, and places, sizes and counts."""

from __future__ import annotations

import re

from solver.instance import Option
from solver.words import Quantity, quantity

# Line breaks and tabs mean something to Word's templates; no file may hold the other controls,
# lone surrogates and noncharacters; and marks that turn the writing round change its neighbours.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)


def clean(text: str) -> str:
    """What a person typed as one line of plain text."""
    return _UNPRINTABLE.sub(" ", text).strip()


def named(proposal: str, title: str) -> str:
    """TITLE (ID), or the id where there is no title."""
    return clean(f"{title} ({proposal})" if title else proposal)


def place(district: str, ward: str) -> str:
    """WARD, DISTRICT, or the district alone."""
    return clean(", ".join(filter(None, (ward, district))))


def volume(size: int, option: Option, language: str) -> str:
    """A volume in millionths with the option's unit; empty where none was stated."""
    return clean(quantity(Quantity(size, "volume", option.unit), language)) if size else ""


def counted(number: int, language: str) -> str:
    """1 proposal, 12 proposals; 12 usulan."""
    return quantity(Quantity(number, "count"), language)
