"""Comments on cells: ours are added, those of an earlier time taken off, the user's own kept."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from solver.tables.address import cell_of, reference_of
from solver.write.marked.splice import Changes, Element, elements, escaped, prefix

_AUTHOR = "Kayuh"
MARK = f"{_AUTHOR}: "
"""How each of our comments begins, which is how they are known again."""
Cell = tuple[int, int]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EMPTY = f'<comments xmlns="{_MAIN}"><authors/><commentList/></comments>'.encode()
_OURS = re.compile(rf"(?:\A|\n)\s*{MARK}")
_MOST_LETTERS = 30_000
"""Of one comment: a cell of Excel holds 32,767."""


@dataclass
class _Comment:
    """One comment: its element, its text's, and the pieces of the text."""

    whole: Element
    text: Element
    pieces: list[Element] = field(default_factory=list)
    runs: list[Element] = field(default_factory=list)


@dataclass(frozen=True)
class Commented:
    """A part of comments with ours, and what of the boxes that show them has to change."""

    data: bytes
    added: dict[Cell, str]
    removed: set[Cell]


def with_comments(data: bytes | None, wanted: Mapping[Cell, Sequence[str]]) -> Commented:
    """The part (None: there is none yet) with our comments on these cells and on no others."""
    data = data or _EMPTY
    changes = Changes(data)
    found: dict[str, Element] = {}
    authors: list[bytes] = []
    comments: list[_Comment] = []
    inner: dict[str, list[Element]] = {"t": [], "r": [], "text": []}

    def see(element: Element) -> None:
        if element.name == "comment":
            pieces = [t for t in inner["t"] if t.parent in ("r", "text")]
            comments.append(_Comment(element, inner["text"][0], pieces, list(inner["r"])))
            for group in inner.values():
                group.clear()
        elif element.name in inner:
            inner[element.name].append(element)
        elif element.name == "author":
            authors.append(data[element.inside : element.until])
        else:
            found[element.name] = element

    elements(data, see)
    p = prefix(data, found["comments"])
    removed = set()
    kept = set()
    for comment in comments:
        cell = cell_of(comment.whole.attributes["ref"])
        if _cleaned(changes, comment):
            kept.add(cell)
            if cell in wanted:
                _append(changes, comment, p, _told(wanted[cell]))
        else:
            removed.add(cell)
    added = {cell: _told(texts) for cell, texts in sorted(wanted.items()) if cell not in kept}
    if added and _AUTHOR.encode() not in authors:
        changes.append(found["authors"], f"<{p}author>{_AUTHOR}</{p}author>")
        authors.append(_AUTHOR.encode())
    for cell, text in added.items():
        author = authors.index(_AUTHOR.encode())
        changes.append(
            found["commentList"],
            f'<{p}comment ref="{reference_of(*cell)}" authorId="{author}"><{p}text>'
            f"{_run(p, text)}</{p}text></{p}comment>",
        )
    return Commented(changes.made(), added, removed)


def _told(texts: Sequence[str]) -> str:
    return (MARK + "\n".join(texts))[:_MOST_LETTERS]


def _run(p: str, text: str) -> str:
    look = f'<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="Tahoma"/></{p}rPr>'
    return f'<{p}r>{look}<{p}t xml:space="preserve">{escaped(text)}</{p}t></{p}r>'


def _cleaned(changes: Changes, comment: _Comment) -> bool:
    """Take our words off a comment; whether anything of it is left, else it is taken off whole."""
    texts = [
        html.unescape(changes.data[piece.inside : piece.until].decode()) for piece in comment.pieces
    ]
    ours = _OURS.search("".join(texts))
    if ours is None:
        return True
    if ours.start() == 0:
        changes.replace(comment.whole.start, comment.whole.end, "")
        return False
    at = 0
    for piece, text in zip(comment.pieces, texts, strict=True):
        if at >= ours.start():
            outer = next((run for run in comment.runs if run.start < piece.start < run.end), piece)
            changes.replace(outer.start, outer.end, "")
        elif at + len(text) > ours.start():
            changes.replace(piece.inside, piece.until, escaped(text[: ours.start() - at]))
        at += len(text)
    return True


def _append(changes: Changes, comment: _Comment, p: str, text: str) -> None:
    """Put our words behind the user's; a text that is in no run has to become one."""
    for piece in comment.pieces:
        if piece.parent == "text":
            changes.insert(piece.start, f"<{p}r>")
            changes.insert(piece.end, f"</{p}r>")
    changes.append(comment.text, _run(p, f"\n\n{text}"))
