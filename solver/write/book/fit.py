"""How high a row must be for a wrapped text, from the widths of Arial's letters.

A workbook's writer can't ask for a fitting height; without one a reader sees the first line only.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

LINE = 12.75
"""Height of one line of Arial 10, in points."""

HIGHEST = 409.0
"""Excel's highest row, in points."""

_DIGIT = 56
"""Width of a digit, in hundredths of the font's size: a column's width is counted in digits."""

_TIGHT = 0.95
"""A column of n digits is n x 7 pixels wide, of which a digit as printed takes 7.4."""

_LETTERS = {
    20: "ijl'|",
    28: " !,./:;I[\\]ft\N{NO-BREAK SPACE}",
    34: '()-`r{}"°',
    40: "*^",
    50: "ckvsxyzJ",
    58: "+<=>~",
    61: "FTZ",
    67: "&ABEKPSVXY",
    72: "CDHNRUw",
    78: "GOQ",
    84: "mM",
    92: "%W",
    102: "@",
}
_WIDTHS = bytearray([_DIGIT] * 256)
for _width, _letters in _LETTERS.items():
    for _letter in _letters.encode("latin-1"):
        _WIDTHS[_letter] = _width


def width(text: str) -> float:
    """The width of a text in one line, in digits of a column."""
    return sum(text.encode("latin-1", "replace").translate(_WIDTHS)) / (_TIGHT * _DIGIT)


def lines(text: str, width: float) -> int:
    """How many lines the text takes in a column `width` digits wide, broken at blanks."""
    room = int(width * _TIGHT * _DIGIT)
    widths = text.encode("latin-1", "replace").translate(_WIDTHS)
    if sum(widths) <= room:
        return 1
    ends = list(accumulate(widths))  # where each letter ends if all stood in one line
    found, start, before = 1, 0, 0
    while ends[-1] - before > room:
        beyond = bisect_right(ends, before + room)
        blank = text.rfind(" ", start, beyond + 1)
        # A word longer than the column is broken within.
        start = blank + 1 if blank > start else max(beyond, start + 1)
        before = ends[start - 1]
        found += 1
    return found


def height(most: int, size: float = 10) -> float:
    """The height of a row of so many lines of a font's size, in points."""
    return min(most * LINE * size / 10 + 2, HIGHEST)
