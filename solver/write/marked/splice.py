"""XML changed in place: every byte that is not part of a change stays as it was."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from solver.tables.xml import Attributes, local, walk

_START_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_NAME = re.compile(rb"<(?:([\w.-]+):)?[\w.-]+")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True, eq=False)
class Element:
    """One element and where it stands, in bytes.

    From `start` to `inside` is its first tag, to `until` what it holds, to `end` its last tag; an
    element written as <a/> has all but the first at its end. `depth` counts from 1.
    """

    name: str
    parent: str
    depth: int
    attributes: Attributes
    start: int
    inside: int
    until: int
    end: int

    @property
    def is_closed(self) -> bool:
        """Whether it is written as <a/>."""
        return self.inside == self.end


def elements(
    data: bytes, see: Callable[[Element], None], skipped: frozenset[str] = frozenset()
) -> None:
    """Call back for each element as it ends, so inner ones first; not for those of skipped names.

    Raises ValueError where the bytes are no UTF-8, and what solver.tables.xml.walk raises.
    """
    data.decode("utf-8")
    open_ones: list[tuple[str, Attributes, int, int]] = []
    passed: tuple[str, Attributes, int, int] = ("", {}, 0, 0)
    parsers: list[expat.XMLParserType] = []

    def start(name: str, attributes: Attributes) -> None:
        name = local(name)
        if name in skipped:
            open_ones.append(passed)
            return
        at = parsers[0].CurrentByteIndex
        found = _START_TAG.match(data, at)
        if found is None:  # where the parser and the bytes differ, nothing may be changed
            raise ValueError(name)
        open_ones.append((name, attributes, at, found.end()))

    def end(_name: str) -> None:
        name, attributes, first, inside = open_ones.pop()
        if not name:
            return
        at = parsers[0].CurrentByteIndex
        if data[inside - 2 : inside] == b"/>":
            until = behind = inside
        else:
            until = at
            behind = data.index(b">", at) + 1
        parent = open_ones[-1][0] if open_ones else ""
        see(Element(name, parent, len(open_ones) + 1, attributes, first, inside, until, behind))

    walk(io.BytesIO(data), start, end, watch=parsers.append)


def prefix(data: bytes, element: Element) -> str:
    """The prefix that an element's name is written with, its colon included."""
    found = _NAME.match(data, element.start)
    return f"{found[1].decode()}:" if found and found[1] else ""


class Changes:
    """Changes to the bytes of one part, made all at once."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._changes: list[tuple[int, int, bytes]] = []
        self._held: dict[Element, list[str]] = {}

    def replace(self, start: int, end: int, new: str) -> None:
        """Put a text in the place of these bytes."""
        self._changes.append((start, end, new.encode("utf-8")))

    def insert(self, at: int, new: str) -> None:
        """Put a text before this byte; of several for one byte the first comes first."""
        self.replace(at, at, new)

    def append(self, element: Element, new: str) -> None:
        """Put a text at the end of what an element holds."""
        if element.is_closed:
            self._held.setdefault(element, []).append(new)
        else:
            self.insert(element.until, new)

    def attribute(self, element: Element, name: str, value: str) -> None:
        """Give an attribute that an element has another value."""
        tag = self.data[element.start : element.inside]
        found = re.search(rb"\s%s\s*=\s*(\"[^\"]*\"|'[^']*')" % name.encode(), tag)
        if found is not None:
            start, end = found.span(1)
            self.replace(element.start + start, element.start + end, f'"{value}"')

    def made(self) -> bytes:
        """The part with all changes."""
        for element, texts in self._held.items():
            name = self.data[element.start + 1 : element.inside - 2].split()[0].decode()
            self.replace(element.inside - 2, element.inside, f">{''.join(texts)}</{name}>")
        self._held.clear()
        pieces: list[bytes] = []
        at = 0
        for start, end, new in sorted(self._changes, key=lambda change: change[:2]):
            pieces += [self.data[at:start], new]
            at = max(at, end)
        return b"".join([*pieces, self.data[at:]])


def escaped(text: str) -> str:
    """A text as it may stand in a part: no markup, and nothing that XML or Excel would change."""
    plain = _LIKE_ESCAPED.sub("_x005F_", _UNWRITABLE.sub("?", "\n".join(text.splitlines())))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
