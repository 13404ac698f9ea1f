"""Sums that live: over the rows of a table whose names equal those in a cell.

A criterion refers to a cell and never holds a name. SUMIFS is what a planner knows, but it reads a
criterion as a pattern, a number or a comparison where it looks like one (`PU*`, `1.10`, `>5`), and
to it `Pupr` is `PUPR`. Where a column holds such a name, EXACT compares instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_PLAIN = re.compile(r"[^\W\d_](?:[^\W\d]|[ .,'()/&-])*")
_LONGEST = 250
_TRUTHS = {"true", "false", "benar", "salah"}


class Names(NamedTuple):
    """A column of names, as a formula refers to it; `plain`: SUMIFS takes each for itself."""

    range: str
    plain: bool


def names(reference: str, texts: Iterable[str]) -> Names:
    """The column at a reference that holds these texts."""
    found = {text for text in texts if text}
    folded = {text.casefold() for text in found}
    plain = len(folded) == len(found) and not folded & _TRUTHS
    return Names(reference, plain and all(_is_plain(text) for text in found))


def _is_plain(text: str) -> bool:
    return len(text) <= _LONGEST and _PLAIN.fullmatch(text) is not None


def total(summed: str, *where: tuple[Names, str]) -> str:
    """The formula for the sum of a range where each column equals its cell; no cell: is empty."""
    if all(column.plain for column, _ in where):
        return f"=SUMIFS({summed},{_criteria(where)})"
    return f"=SUMPRODUCT({_same(where)}*{summed})"


def count(*where: tuple[Names, str]) -> str:
    """The formula for the number of rows where each column equals its cell; no cell: is empty."""
    if all(column.plain for column, _ in where):
        return f"=COUNTIFS({_criteria(where)})"
    return f"=SUMPRODUCT({_same(where)}*1)"


def _criteria(where: Iterable[tuple[Names, str]]) -> str:
    empty = '"="'
    return ",".join(f"{column.range},{cell or empty}" for column, cell in where)


def _same(where: Iterable[tuple[Names, str]]) -> str:
    empty = '""'
    return "*".join(f"EXACT({column.range},{cell or empty})" for column, cell in where)
