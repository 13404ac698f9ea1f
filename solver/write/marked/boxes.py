"""The boxes that show comments: an old form of drawing (VML) that all spreadsheets still use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from solver.write.marked.comments import Cell

_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_FORM = (
    f'<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_EMPTY = (
    f'<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout>'
    "</xml>"
)
_SHAPE = re.compile(r"<v:shape\b.*?</v:shape>", re.S)
_PLACE = re.compile(r"<x:(Row|Column)>\s*(\d+)\s*</x:\1>")
_BLOCKS = re.compile(r"(<o:idmap\b[^>]*\bdata=[\"'])([\d,]*)")
_A_BLOCK = 1_024
"""Shapes of a drawing are numbered in blocks that no other drawing of the workbook uses."""
_LETTERS_A_LINE, _LINE, _WIDTH = 46, 15, 300
"""Of a box: letters in a line, a line's height and the least width in pixels."""
_ROW, _MOST_COLUMNS = 20, 30


def blocks_of(drawing: bytes) -> set[int]:
    """The blocks of numbers that a drawing uses."""
    text = drawing.decode("utf-8", "replace")
    return {int(n) for _, data in _BLOCKS.findall(text) for n in data.split(",") if n}


def with_boxes(
    data: bytes | None,
    added: Mapping[Cell, str],
    removed: set[Cell],
    free: Iterable[int],
    width: Callable[[int], int],
) -> bytes:
    """The drawing (None: there is none yet) with a box for each comment added.

    `free` are numbers of blocks that no drawing uses; `width` gives a column's width in pixels.
    """
    text = data.decode("utf-8") if data else _EMPTY
    text = _SHAPE.sub(lambda found: "" if _cell(found[0]) in removed else found[0], text)
    blocks = iter(free)
    used: list[int] = []
    shapes = []
    for number, (cell, words) in enumerate(added.items()):
        if number % (_A_BLOCK - 1) == 0:
            used.append(next(blocks))
        name = used[-1] * _A_BLOCK + number % (_A_BLOCK - 1) + 1
        shapes.append(_shape(name, cell, words, width))
    if shapes and 'id="_x0000_t202"' not in text:
        shapes.insert(0, _FORM)
    text = _BLOCKS.sub(lambda found: found[1] + _with(found[2], used), text, count=1)
    at = text.rindex("</xml>")
    return (text[:at] + "".join(shapes) + text[at:]).encode("utf-8")


def _with(blocks: str, more: list[int]) -> str:
    return ",".join([*(block for block in blocks.split(",") if block), *map(str, more)])


def _cell(shape: str) -> Cell | None:
    """The cell whose comment a shape shows."""
    if 'ObjectType="Note"' not in shape:
        return None
    place = {name: int(number) for name, number in _PLACE.findall(shape)}
    return place.get("Row", -1) + 1, place.get("Column", -1) + 1


def _shape(name: int, cell: Cell, words: str, width: Callable[[int], int]) -> str:
    row, column = cell
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in words.split("\n"))
    last, wide = column, 0
    while wide < _WIDTH and last < column + _MOST_COLUMNS:  # hidden ones are not wide at all
        last += 1
        wide += width(last)
    bottom = row - 1 + (lines * _LINE + 2 * _ROW) // _ROW
    anchor = f"{column}, 12, {row - 1}, 4, {last}, 0, {bottom}, 4"
    return (
        f'<v:shape {_SPACES} id="_x0000_s{name}" type="#_x0000_t202" '
        'style="position:absolute;margin-left:60pt;margin-top:1.5pt;width:225pt;height:60pt;'
        'z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row>"
        f"<x:Column>{column - 1}</x:Column></x:ClientData></v:shape>"
    )
