"""The XML parts of a workbook, read as a stream of events: no tree, no DOCTYPE, nothing fetched.

A part may be far larger than its file, and XML can declare entities that swell a second time. So
nothing is kept of a part but what its reader takes, and the first word of a DOCTYPE ends the
reading; no spreadsheet program writes one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from solver.tables.archive import RefusedError

Attributes = Mapping[str, str]

MAX_TEXT = 100_000
"""Characters in one text; Excel allows 32,767 in a cell."""
MAX_DEPTH = 100
MAX_ELEMENTS = 300_000
"""So many elements may stand in a part that is not read cell by cell."""
_CHUNK = 1 << 16
_PROLOG_STEP = 256
_MAX_PROLOG = 1 << 15
_MAX_TOKEN = 1 << 20
"""Bytes between two events at most: a longer tag or comment is only meant to take time."""


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def walk(
    part: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    pieces: list[str] | None = None,
    watch: Callable[[expat.XMLParserType], None] | None = None,
) -> None:
    """Call back for every element of a part, names as `namespace}name`.

    Texts are put into `pieces`, which the callbacks empty; a long one comes in several. `watch` is
    given the parser before it begins, for callbacks that want to know where they are.
    Raises RefusedError, expat.ExpatError where the XML is broken, and what the callbacks raise.
    """
    begun = False

    def first(name: str, attributes: dict[str, str]) -> None:
        nonlocal begun
        begun = True
        parser.StartElementHandler = start
        start(name, attributes)

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = first
    parser.EndElementHandler = end
    if pieces is not None:
        parser.CharacterDataHandler = pieces.append
    if watch is not None:
        watch(parser)
    fed = 0
    # Small steps at first: what stands behind a DOCTYPE in the same step would still be parsed.
    while chunk := part.read(_CHUNK if begun else _PROLOG_STEP):
        parser.Parse(chunk)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > _MAX_TOKEN or (not begun and fed > _MAX_PROLOG):
            raise RefusedError("workbook_odd_xml")
        if pieces and sum(map(len, pieces)) > MAX_TEXT:
            raise RefusedError("workbook_too_large")
    parser.Parse(b"", True)


def _refuse(*_doctype: object) -> None:
    raise RefusedError("workbook_odd_xml")


def visit(part: IO[bytes], see: Callable[[str, str, Attributes], None]) -> None:
    """Call back for every element of a part: its parent's name, its own, its attributes.

    Names without namespaces; "" is the parent of the first.
    """
    path = [""]
    left = MAX_ELEMENTS

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise RefusedError("workbook_too_large")
        if len(path) > MAX_DEPTH:
            raise RefusedError("workbook_odd_xml")
        see(path[-1], local(name), attributes)
        path.append(local(name))

    def end(_name: str) -> None:
        path.pop()

    walk(part, start, end)
