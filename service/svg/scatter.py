"""The frontier: efficient plans as points, what is first across and what is second upwards.

The present plan is a square, the chosen one a diamond, and every point has its number, so that the
table beside it can be read against it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from service.svg.element import element

WIDTH, HEIGHT = 620, 360
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 22, 50
INK, LINE, ACCENT = "#14181c", "#c8ced5", "#0b5d56"
QUIET = "#56606a"
STEPS = 4

Scale = Callable[[float], float]


@dataclass(frozen=True)
class Dot:
    """A plan: its two values, their texts, and what it is: now, chosen, or one of the others."""

    x: float
    y: float
    name: str
    about: str
    kind: str = ""
    link: str | None = None


@dataclass(frozen=True)
class Axis:
    """What an axis is called, and how its numbers are written."""

    name: str
    marks: Sequence[tuple[float, str]]


def scatter(dots: Sequence[Dot], across: Axis, up: Axis, title: str) -> Markup:
    """The picture as SVG; the points lie on a line of steps, since between them is no plan."""
    xs = [dot.x for dot in dots] + [mark for mark, _ in across.marks]
    ys = [dot.y for dot in dots] + [mark for mark, _ in up.marks]
    place_x = _scale(xs, LEFT, WIDTH - RIGHT)
    place_y = _scale(ys, HEIGHT - BOTTOM, TOP)
    parts = [element("title", title), *_grid(across, up, place_x, place_y)]
    ordered = sorted(dots, key=lambda dot: dot.x)
    if len(ordered) > 1:
        parts.append(
            element(
                "polyline",
                points=" ".join(f"{place_x(d.x):.1f},{place_y(d.y):.1f}" for d in ordered),
                fill="none",
                stroke=QUIET,
                stroke_dasharray="3 4",
            )
        )
    parts += [_dot(dot, place_x(dot.x), place_y(dot.y)) for dot in ordered]
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="group",
        aria_label=title,
        font_family="inherit",
        class_="scatter",
    )


def marks_of(values: Sequence[float]) -> list[float]:
    """Round numbers from below the least value to above the largest."""
    least, most = min(values), max(values)
    if least == most:
        room = abs(least) * 0.05 or 1.0
        least, most = least - room, most + room
    rough = (most - least) / STEPS
    power = 1.0
    while power * 10 <= rough:
        power *= 10
    while power > rough:
        power /= 10
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999)
    first = least // step * step
    found = [first]
    while found[-1] < most:
        found.append(round(first + len(found) * step, 10))
    return found


def _scale(values: Sequence[float], low: float, high: float) -> Scale:
    """From a value to its place in the picture."""
    least, most = min(values), max(values)
    wide = (most - least) or 1.0
    return lambda value: low + (value - least) / wide * (high - low)


def _grid(across: Axis, up: Axis, place_x: Scale, place_y: Scale) -> list[Markup]:
    found = []
    for mark, text in up.marks:
        y = place_y(mark)
        found.append(element("line", x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y, stroke=LINE))
        found.append(_text(text, LEFT - 8, y + 4, "end"))
    for mark, text in across.marks:
        x = place_x(mark)
        found.append(element("line", x1=x, y1=TOP, x2=x, y2=HEIGHT - BOTTOM, stroke=LINE))
        found.append(_text(text, x, HEIGHT - BOTTOM + 18, "middle"))
    found.append(_text(across.name, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "middle", "bold"))
    found.append(_text(up.name, 4, 13, "start", "bold"))
    return found


def _text(text: str, x: float, y: float, anchor: str, weight: str | None = None) -> Markup:
    return element(
        "text", text, x=x, y=y, text_anchor=anchor, fill=INK, font_size=12, font_weight=weight
    )


def _dot(dot: Dot, x: float, y: float) -> Markup:
    size = 7.0
    look: dict[str, str | float] = {"fill": "#fff", "stroke": INK, "stroke_width": 2}
    if dot.kind == "now":
        shape = element("rect", x=x - size, y=y - size, width=14, height=14, **look)
    elif dot.kind == "chosen":
        points = f"{x},{y - 10} {x + 10},{y} {x},{y + 10} {x - 10},{y}"
        shape = element("polygon", points=points, fill=ACCENT, stroke=INK)
    else:
        shape = element("circle", cx=x, cy=y, r=size, **look)
    body = [element("title", dot.about), shape, _text(dot.name, x + 11, y - 8, "start")]
    return element("g", *body) if dot.link is None else element("a", *body, href=dot.link)
