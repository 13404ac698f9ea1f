"""A small table among the paragraphs of a page, where several stand below each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from solver.write.book.page import Block, Marked, Page
from solver.write.book.styles import apart


class Span(NamedTuple):
    """A column of a grid over the page's columns `first` to `last`, counted from 0."""

    first: int
    last: int
    heading: str
    kind: str = "text"


def grid(page: Page, spans: Sequence[Span], rows: Iterable[Sequence[Any]]) -> None:
    """Headings, where there are any, and rows of values; a Marked value has its own format."""
    styles = page.styles
    kinds = [
        (span.kind, beside)
        for span, beside in zip(spans, apart([s.kind for s in spans]), strict=True)
    ]
    if any(span.heading for span in spans):
        heads = [styles.heading(kind, **beside) for kind, beside in kinds]
        page.band(
            [Block(*span[:3], head) for span, head in zip(spans, heads, strict=True)], least=18
        )
    looks = [styles.of(kind, **beside) for kind, beside in kinds]
    start = page.row
    for row in rows:
        blocks = []
        for span, cell, look in zip(spans, row, looks, strict=True):
            marked = cell if isinstance(cell, Marked) else Marked(cell, look)
            blocks.append(Block(span.first, span.last, *marked))
        page.band(blocks)
    if page.row > start:
        places = [span.first for span in spans if span.kind == "money"]
        page.money("money", [(start, place, page.row - 1, place) for place in places])
