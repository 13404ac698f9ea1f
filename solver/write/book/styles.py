"""The looks of the workbook: one font, one accent, and numbers in the file's language.

Excel writes `#,##0` with the separators of the reader's computer, whatever the file says. So money
carries its separators as letters of its format: Rp 1.250.000.000 everywhere in an Indonesian file,
and a number all the same. Where a format has no more room for another size, a conditional format
takes over. Other numbers can't: their decimal sign is the reader's in Excel and the file's
language's in LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format

SIZE = 10
FONT: dict[str, Any] = {"font_name": "Arial", "font_size": SIZE}
INK, QUIET, ACCENT = "#1D2B33", "#5B6B73", "#1F5A6B"
PALE, LINE = "#E3EEF1", "#C9D3D8"

DECISIONS: dict[str, dict[str, Any]] = {
    "fund": {"bg_color": "#D3EBD9", "font_color": "#14532D"},
    "fund_changed": {"bg_color": "#FCE9BF", "font_color": "#6B4200"},
    "covered": {"bg_color": "#D9E5F6", "font_color": "#1E3A70"},
    "not_fund": {"bg_color": "#E9E9E9", "font_color": "#3F3F3F"},
}
"""The colour of a decision, always beside its word."""

STRONG: dict[str, Any] = {"bold": True, "bg_color": PALE}
APART: dict[str, Any] = {"align": "left", "indent": 1}
"""A text beside a number, so that they don't touch."""

MICRO = 6
"""As many decimals as a result's number has at most."""

ALARM: dict[str, Any] = {"bold": True, "bg_color": "#FCE9BF", "font_color": "#6B4200"}

_APART = "_-"
"""The end of a number format: a little room, so that no number touches the text beside it."""

_SEPARATORS = {"id": ".", "en": ","}
_LOCALES = {"id": "421", "en": "409"}


class Rule(NamedTuple):
    """A number format for values from `low` to `high`; None where there is no such end."""

    low: int | None
    high: int | None
    number_format: str


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: xlsxwriter.Workbook, language: str) -> None:
        self.workbook = workbook
        self.language = language
        self._made: dict[tuple[Any, ...], Format] = {}

    def of(self, kind: str = "text", **more: Any) -> Format:
        """The format of a table's cell of a kind, with what is different about it."""
        look = {"valign": "top", "bottom": 1, "bottom_color": LINE, **self.kind(kind), **more}
        return self.plain(**look)

    def heading(self, kind: str, **more: Any) -> Format:
        """The format of the heading over cells of a kind, with what is different about it."""
        look: dict[str, Any] = {
            "bold": True,
            "bg_color": PALE,
            "font_color": ACCENT,
            "bottom": 1,
            "bottom_color": ACCENT,
            "text_wrap": True,
            "valign": "vcenter",
        }
        look["align"] = "left" if kind == "text" else "right"
        return self.plain(**{**look, **more})

    def plain(self, **look: Any) -> Format:
        """A format of just these properties."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self.workbook.add_format({"font_color": INK, **look})
        return self._made[key]

    def number(self, number_format: str) -> Format:
        """A conditional format that changes the number format and nothing else."""
        key = ("number", number_format)
        if key not in self._made:
            self._made[key] = self.workbook.add_format({"num_format": number_format})
        return self._made[key]

    def decimals(self, places: int) -> str:
        """The kind of a number with so many decimals."""
        return f"decimals {places}"

    def kind(self, kind: str) -> dict[str, Any]:
        """What makes a cell one of its kind: a number format, or that it is wrapped."""
        if kind == "text":
            return {"text_wrap": True}
        return {"num_format": self._number_format(kind), "align": "right"}

    def _number_format(self, kind: str) -> str:
        if kind in ("money", "rupiah"):
            return self._money(_prefix(kind))
        if kind == "share":
            return f"0\\\N{NO-BREAK SPACE}%{_APART}"
        places = 0 if kind == "count" else int(kind.removeprefix("decimals "))
        point = "." + "0" * places if places else ""
        return f"[$-{_LOCALES[self.language]}]#,##0{point}{_APART}"

    def millions(self) -> str:
        """The number format of rupiah shown in millions, on a chart's axis."""
        return f"[>=1000000000]{self._groups(1)},,;0,,"

    def _groups(self, number: int) -> str:
        """The format of a number with so many groups of three digits behind its first group."""
        return "0" + f"\\{_SEPARATORS[self.language]}000" * number

    def _money(self, prefix: str) -> str:
        """What holds wherever conditional formats are not known: 10^6 to 10^12."""
        small, millions, milliards = (
            prefix + self._groups(number) + _APART for number in (0, 2, 3)
        )
        return f"[>=1000000000]{milliards};[>=1000000]{millions};{small}"

    def money_rules(self, kind: str) -> Iterator[Rule]:
        """The sizes and signs that the format of a kind has no room for."""
        prefix = _prefix(kind)
        for number in (4, 3, 2, 1, 0):
            size, shown = 1000**number, prefix + self._groups(number) + _APART
            if number in (4, 1):
                yield Rule(size, None if number == 4 else 1000 * size - 1, shown)
            yield Rule(None if number == 4 else 1 - 1000 * size, -size, "[Red]" + shown)


def _prefix(kind: str) -> str:
    return '"Rp\N{NO-BREAK SPACE}"' if kind == "rupiah" else ""


def apart(kinds: Sequence[str]) -> list[dict[str, Any]]:
    """What the cells of each column need beside its neighbours, so that they don't touch."""
    return [
        APART if kind == "text" and before != "text" else {}
        for before, kind in pairwise(("text", *kinds))
    ]


def places_of(values: Iterable[int | float | None], most: int = 2) -> int:
    """How many decimals a column shows, at most `most`; its cells keep them all."""
    found = 0
    for value in values:
        while value is not None and found < most and round(value, found) != value:
            found += 1
    return found
