"""A curve as a picture: four panels over one varied key, as SVG that stands alone.

It holds no script, style or link, so it may be shown under a strict content security policy, and
what a person typed is only ever text in it. A hollow dot is the scenario as it is; a cross at the
foot is a value without a plan.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from typing import Any

from solver.words import money, number, say
from solver.write.book.styles import ACCENT, INK, LINE, QUIET
from solver.write.sweep.axis import Axis, axis
from solver.write.sweep.document import Document, settings, short, shown

WIDE, HIGH = 960, 640
PANEL = 460, 250
PLOT = 78, 34, 440, 205
"""Left, top, right and foot of the plot within its panel."""

PANELS = {"points": (15, 75), "amount": (490, 75), "worst": (15, 345), "inversions": (490, 345)}
"""Where each panel stands."""

ALONE = 484, 236
"""How large a panel is that stands alone: its last number below reaches beyond PANEL."""

FONT = "Arial, Helvetica, sans-serif"
MOST_NAMED = 6
"""So many values that are no numbers are written below an axis; of more, every second or so."""

LETTERS = 16
"""So many letters of such a value."""

LARGE = 10**6
"""From here on a varied number is told as money."""


def name_of(curve: Document) -> str:
    """A file name for the curve: its scenario and key, and digits that tell it from others."""
    whole = "|".join((curve["scenario"], curve["key"], settings(curve["held"], "en")))
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{curve['scenario']}-{curve['key']}").strip("-.")
    return f"{plain[:80]}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}.svg"


def picture(curve: Document, language: str) -> str:
    """The curve as an SVG document."""
    title = say("sweep.curve_title", language, curve)
    held = settings(curve["held"], language)
    note = say("sweep.curve_held", language, {"held": held}) if held else ""
    told = f"{title}. {_told(curve, language)}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'lang="{language}" font-family="{FONT}" font-size="12" fill="{INK}">',
        f"<title>{_safe(title)}</title><desc>{_safe(told)}</desc>",
        f'<rect width="{WIDE}" height="{HIGH}" fill="#FFFFFF"/>',
        _text(20, 34, short(title, 96), size=18, bold=True, colour=ACCENT),
        _text(20, 56, short(note, 140), colour=QUIET),
    ]
    for measure, (left, top) in PANELS.items():
        parts.append(f'<g transform="translate({left} {top})">')
        parts += _panel(curve, measure, language)
        parts.append("</g>")
    parts += [_text(20, HIGH - 16, say("sweep.curve_legend", language), colour=QUIET), "</svg>"]
    return "\n".join(parts) + "\n"


def panel(curve: Document, measure: str, language: str) -> str:
    """One measure alone, as SVG for a page that has its figures in a table beside it."""
    wide, high = ALONE
    name = say(f"sweep.curve_{measure}", language)
    title = f"{name}. {say('sweep.curve_title', language, curve)}"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" '
            f'font-family="{FONT}" font-size="12" fill="{INK}">',
            f"<title>{_safe(title)}</title>",
            *_panel(curve, measure, language),
            "</svg>",
        )
    )


def _told(curve: Document, language: str) -> str:
    """The same figures in words, for who does not see the picture."""
    return "; ".join(
        say("sweep.curve_spot", language, {"value": _value(spot, language), "points": points})
        for spot in curve["spots"]
        if (points := spot["points"]) is not None
    )


def _panel(curve: Document, measure: str, language: str) -> Iterator[str]:
    """One measure over the varied key."""
    left, top, right, foot = PLOT
    yield _text(left - 60, 16, say(f"sweep.curve_{measure}", language), bold=True)
    spots = curve["spots"]
    values = [spot[measure] for spot in spots if spot[measure] is not None]
    if not values:
        yield _text(left, 60, say("sweep.curve_none", language), colour=QUIET)
        return
    up = axis(values, foot, top, whole=measure in ("amount", "inversions"))
    for tick in up.ticks:
        y = up.at(tick)
        yield f'<path d="M{left} {y}H{right}" stroke="{LINE}" stroke-width="0.5"/>'
        yield _text(left - 6, y + 4, _figure(tick, measure, language), size=10, anchor="end")
    places = _places(curve)
    yield from _foot(curve, places, language)
    yield from _line([(places[i], spot[measure]) for i, spot in enumerate(spots)], up)
    for place, spot in zip(places, spots, strict=True):
        yield _dot(place, spot, measure, up, language)


def _line(points: list[tuple[float, Any]], up: Axis) -> Iterator[str]:
    """Lines between neighbours that both have a plan."""
    steps = [
        f"{'L' if index and points[index - 1][1] is not None else 'M'}{x} {up.at(value)}"
        for index, (x, value) in enumerate(points)
        if value is not None
    ]
    yield f'<path d="{"".join(steps)}" fill="none" stroke="{ACCENT}" stroke-width="1.8"/>'


def _dot(place: float, spot: Document, measure: str, up: Axis, language: str) -> str:
    """A run: a full dot, hollow for the scenario as it is; a cross where it has no plan."""
    value = spot[measure]
    foot = PLOT[3]
    if value is None:
        cross = f"M{place - 4} {foot - 10}l8 8m0 -8l-8 8"
        return f'<path d="{cross}" stroke="#A33A2A" stroke-width="1.8"/>'
    fill = "#FFFFFF" if spot["set"] is None else ACCENT
    told = f"{_value(spot, language)}: {_figure(value, measure, language)}"
    return (
        f'<circle cx="{place}" cy="{up.at(value)}" r="4" fill="{fill}" stroke="{ACCENT}" '
        f'stroke-width="1.8"><title>{_safe(told)}</title></circle>'
    )


def _across(curve: Document) -> Axis:
    return axis([spot["value"] for spot in curve["spots"]], PLOT[0], PLOT[2], whole=False)


def _places(curve: Document) -> list[float]:
    """Where each run stands from left to right: by its value, or one after the other."""
    left, _, right, _ = PLOT
    spots = curve["spots"]
    if curve["numeric"]:
        across = _across(curve)
        return [across.at(spot["value"]) for spot in spots]
    wide = (right - left) / len(spots)
    return [round(left + wide * (place + 0.5), 1) for place in range(len(spots))]


def _foot(curve: Document, places: list[float], language: str) -> Iterator[str]:
    """The axis below: round numbers, or the values themselves."""
    left, _, right, foot = PLOT
    yield f'<path d="M{left} {foot}H{right}" stroke="{QUIET}"/>'
    if curve["numeric"]:
        across = _across(curve)
        large = max(map(abs, across.ticks)) >= LARGE
        for tick in across.ticks:
            told = _figure(tick, "amount" if large else "number", language)
            yield _text(across.at(tick), foot + 18, told, size=10, anchor="middle")
        return
    every = -(-len(places) // MOST_NAMED)
    for place, spot in list(zip(places, curve["spots"], strict=True))[::every]:
        told = short(_value(spot, language), LETTERS)
        yield _text(place, foot + 18, told, size=10, anchor="middle")


def _value(spot: Document, language: str) -> str:
    """What the key is in a run, and how it was given where that is another text."""
    value, given = spot["value"], spot["set"]
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= LARGE:
        told = money(int(value), language)
    else:
        told = shown(value, language)
    return f"{told} ({given})" if isinstance(given, str) and given not in ("", told) else told


def _figure(value: float, measure: str, language: str) -> str:
    if measure == "amount":
        return money(round(value), language)
    if measure == "worst":
        return say("sweep.share", language, {"value": value})
    return number(value, language, 2)


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    bold: bool = False,
    colour: str = INK,
    anchor: str = "start",
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}"{weight}>{_safe(text)}</text>'
    )


def _safe(text: str) -> str:
    """Text as XML may hold it: nothing of it is markup, and no control characters."""
    return html.escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text))
