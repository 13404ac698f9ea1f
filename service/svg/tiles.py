"""The tile map: a tile for each ward, those of a kecamatan side by side, as many as the page holds.

Boundaries of wards have licences and errors of their own, so no border is drawn. A tile says its
number in words; the shade repeats it, and a ward with nothing has a dashed border besides.
"""

from __future__ import annotations

from markupsafe import Markup

from service.svg.element import element, shortened

WIDTH, HEIGHT = 114, 46
SHADES = ("#ffffff", "#e3f1ef", "#bfe0db", "#8cc7bf", "#4d9f95", "#0b5d56")
INK = ("#14181c",) * 5 + ("#ffffff",)
"""Shades are from nothing to all; ink is what can be read on them (4.5 : 1 and more)."""
LETTERS = 16
MOST_LETTERS = 20
"""A longer name is in smaller letters; only what is longer still is cut."""


def shade(share: float | None) -> int:
    """The step of the shade: 0 for nothing, 5 for all."""
    if not share:
        return 0
    return 5 if share >= 1 else 1 + int(share * 4)


def tile(name: str, value: str, share: float | None, about: str) -> Markup:
    """A ward as SVG: its name and the value in words; all of it in a sentence on hover and aloud.

    `share` is how much of the whole the value is, 0 to 1; None where nothing was asked for.
    """
    step = shade(share)
    is_empty = share is not None and step == 0
    return element(
        "svg",
        element("title", about),
        element(
            "rect",
            x=1,
            y=1,
            width=WIDTH - 2,
            height=HEIGHT - 2,
            rx=3,
            fill=SHADES[step],
            stroke="#9c1f24" if is_empty else "#7b858f",
            stroke_width=2 if is_empty else 1,
            stroke_dasharray="5 3" if is_empty else None,
        ),
        _text(
            shortened(name, MOST_LETTERS), 19, INK[step], size=12 if len(name) <= LETTERS else 9.6
        ),
        _text(value, 36, INK[step], "bold"),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        aria_label=about,
        font_family="inherit",
    )


def _text(text: str, y: int, ink: str, weight: str | None = None, size: float = 12) -> Markup:
    return element("text", text, x=8, y=y, fill=ink, font_size=size, font_weight=weight)
