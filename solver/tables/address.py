"""Where a cell stands: B7 is row 7, column 2."""

from __future__ import annotations

import re
from functools import cache

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and column that a spreadsheet has."""
_LETTERS = re.compile("[A-Z]{1,3}")
_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


@cache
def column_of(letters: str) -> int:
    """The number of a column, from 1; ValueError where there is none of this name."""
    if not _LETTERS.fullmatch(letters):
        raise ValueError(letters)
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    if number > LAST_COLUMN:
        raise ValueError(letters)
    return number


def letters_of(column: int) -> str:
    """The inverse of `column_of`."""
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(ord("A") + letter) + found
    return found


def cell_of(reference: str) -> tuple[int, int]:
    """Row and column of a reference; ValueError where it is none."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    return int(found[2]), column_of(found[1])


def reference_of(row: int, column: int) -> str:
    """The inverse of `cell_of`."""
    return f"{letters_of(column)}{row}"
