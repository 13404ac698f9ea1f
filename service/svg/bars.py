"""How full a limit is, as a bar: what is decided, what is recommended, floor and ceiling."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 160, 14
_MARGIN = 10
"""Room on the right, so that what is over the ceiling is seen to be over it."""


@dataclass(frozen=True, slots=True)
class Level:
    """One limit in its own unit; None where there is no such thing."""

    used: int | float
    recommended: int | float | None = None
    lower: int | float | None = None
    upper: int | float | None = None

    @property
    def is_over(self) -> bool:
        """Whether more is decided than the ceiling allows."""
        return self.upper is not None and self.used > self.upper

    @property
    def is_short(self) -> bool:
        """Whether less is decided than the floor asks for."""
        return self.lower is not None and self.used < self.lower


def bar(level: Level, width: int = WIDTH) -> Markup:
    """The bar of a level. It says nothing of its own: the numbers stand beside it in words.

    Filled: decided. Outlined beyond it: recommended. A full-height stroke is the ceiling, a dashed
    one the floor.
    """
    whole = max(
        level.upper or 0, level.used, level.recommended or 0, (level.lower or 0) * 1.25
    )  # a bar without a ceiling ends a little beyond its floor
    room = width - _MARGIN

    def at(value: float) -> float:
        return round(room * value / whole, 1) if whole else 0.0

    kind = " over" if level.is_over else " short" if level.is_short else ""
    parts = [f'<rect class="ground" x="0.5" y="2.5" width="{room}" height="9"/>']
    if level.recommended is not None:
        parts.append(
            f'<rect class="wanted" x="0.5" y="2.5" width="{at(level.recommended)}" height="9"/>'
        )
    parts.append(f'<rect class="used" x="0.5" y="4" width="{at(level.used)}" height="6"/>')
    for name, value in (("floor", level.lower), ("ceiling", level.upper)):
        if value is not None:
            x = at(value) + 0.5
            parts.append(f'<path class="{name}" d="M{x} 0V14"/>')
    return Markup(  # noqa: S704 (numbers of ours only)
        f'<svg class="level{kind}" viewBox="0 0 {width} {HEIGHT}" width="{width}" '
        f'height="{HEIGHT}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )
