"""The tile map: a tile for each ward, those of a kecamatan side by side.

Boundaries of wards have licences and errors of their own, so no border is drawn. A tile says its
number in words; the shade repeats it, and a ward with nothing has a dashed border besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from service.svg.element import element, shortened

WIDTH, HEIGHT, GAP = 110, 46, 5
LABEL = 168
ACROSS = 9
"""Tiles in a row."""
SHADES = ("#ffffff", "#e3f1ef", "#bfe0db", "#8cc7bf", "#4d9f95", "#0b5d56")
INK = ("#14181c",) * 5 + ("#ffffff",)
QUIET = "#56606a"
"""Shades are from nothing to all; ink is what can be read on them (4.5 : 1 and more)."""
LETTERS = 16


@dataclass(frozen=True)
class Tile:
    """A ward: its name, the value in words, all of it in a sentence, and where a click leads.

    `share` is how much of the whole the value is, 0 to 1; None where nothing was asked for.
    """

    name: str
    value: str
    share: float | None
    about: str
    link: str | None = None


@dataclass(frozen=True)
class Block:
    """The tiles of one kecamatan."""

    name: str
    tiles: Sequence[Tile]


def shade(share: float | None) -> int:
    """The step of the shade: 0 for nothing, 5 for all."""
    if not share:
        return 0
    return 5 if share >= 1 else 1 + int(share * 4)


def tile_map(blocks: Sequence[Block], title: str) -> Markup:
    """The map as SVG, with a title; the table that tells the same stands beside it on the page."""
    parts: list[Markup] = [element("title", title)]
    top = 0
    for block in blocks:
        parts.append(
            element(
                "text",
                shortened(block.name, 21),
                x=0,
                y=top + HEIGHT / 2 + 4,
                font_size=13,
                font_weight="bold",
            )
        )
        for place, tile in enumerate(block.tiles):
            down, right = divmod(place, ACROSS)
            parts.append(_tile(tile, LABEL + right * (WIDTH + GAP), top + down * (HEIGHT + GAP)))
        rows = max(1, -(-len(block.tiles) // ACROSS))
        top += rows * (HEIGHT + GAP) + 2 * GAP
    width = LABEL + ACROSS * (WIDTH + GAP)
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {width} {top}",
        role="group",
        aria_label=title,
        font_family="inherit",
        class_="tiles",
    )


def _tile(tile: Tile, x: int, y: int) -> Markup:
    step = shade(tile.share)
    is_empty = tile.share is not None and step == 0
    body = [
        element("title", tile.about),
        element(
            "rect",
            x=x,
            y=y,
            width=WIDTH,
            height=HEIGHT,
            rx=3,
            fill=SHADES[step],
            stroke="#9c1f24" if is_empty else "#7b858f",
            stroke_width=2 if is_empty else 1,
            stroke_dasharray="5 3" if is_empty else None,
        ),
        _text(shortened(tile.name, LETTERS), x + 7, y + 19, INK[step], 12),
        _text(tile.value, x + 7, y + 36, INK[step], 12, "bold"),
    ]
    if tile.link is None:
        return element("g", *body)
    return element("a", *body, href=tile.link)


def _text(text: str, x: int, y: int, ink: str, size: int, weight: str | None = None) -> Markup:
    return element("text", text, x=x, y=y, fill=ink, font_size=size, font_weight=weight)
