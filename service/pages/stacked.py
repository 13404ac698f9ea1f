"""Tables that a phone shows row by row: each cell then says what its column is called."""

from __future__ import annotations

import html
import re
from itertools import count

from markupsafe import Markup, escape

_TABLE = re.compile(r'<table class="[^"]*\bstack\b[^"]*">.*?</table>', re.DOTALL)
_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_MARKS = re.compile(r"<[^>]*>")


def stacked(piece: Markup) -> Markup:
    """The page's piece with data-label at every cell of its tables of the class `stack`.

    Such a table has one row of heads, and no cell of it goes over more than one column.
    """
    return Markup(_TABLE.sub(lambda table: _labelled(table[0]), str(piece)))  # noqa: S704 (escaped)


def _labelled(table: str) -> str:
    head = _HEAD.search(table)
    if head is None:
        return table
    names = [html.unescape(_MARKS.sub("", c[3])).strip() for c in _CELL.finditer(head[0])]

    def row(found: re.Match[str]) -> str:
        place = count()

        def cell(one: re.Match[str]) -> str:
            name = names[next(place)]
            label = f' data-label="{escape(name)}"' if one[1] == "td" and name else ""
            return f"<{one[1]}{label}{one[2]}>{one[3]}</{one[1]}>"

        return _CELL.sub(cell, found[0])

    return table[: head.end()] + _ROW.sub(row, table[head.end() :])
