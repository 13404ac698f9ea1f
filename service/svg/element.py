"""SVG as text: elements with presentation attributes only, since no page allows inline styles."""

from __future__ import annotations

from markupsafe import Markup, escape


def element(name: str, *inside: str | Markup, **attributes: str | float | None) -> Markup:
    """One element; texts are escaped, Markup is not. `text_anchor` stands for text-anchor.

    An attribute that is None is left out; numbers have at most two decimals.
    """
    told = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _value(value))
        for key, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, told, Markup("").join(map(escape, inside)))


def _value(value: str | float | None) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def shortened(text: str, letters: int) -> str:
    """The text, or its beginning with an ellipsis where it is longer."""
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"
