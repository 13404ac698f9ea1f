"""Where things stand in a worksheet's part: what a sheet with marks has to change or add to."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

from solver.tables.address import cell_of
from solver.write.marked.splice import Element, elements, prefix

FORMULA = '"Kayuh"="Kayuh"'
"""The condition of our colours: always true, and how they are known again."""
_DEFAULT_WIDTH, _PIXELS_A_LETTER, _PADDING = 8.43, 7, 5
_TRUE = ("1", "true")
_OF_CELLS = frozenset({"v", "f", "is", "t", "r", "rPr"})
"""What stands inside of cells and is of no interest here."""


@dataclass(frozen=True)
class RowPlace:
    """A row: its cell in the column of messages, the first one behind it, the style before it."""

    number: int
    whole: Element
    own: Element | None
    behind: Element | None
    style: str


@dataclass(frozen=True)
class Format:
    """A conditional format: its rules, and which of them are ours."""

    whole: Element
    rules: tuple[Element, ...]
    ours: tuple[Element, ...]


@dataclass
class _Open:
    """What was seen of the row and of the conditional format that are not at their ends yet."""

    position: int = 0
    own: Element | None = None
    behind: Element | None = None
    style: str = "0"
    formula: str = ""
    rules: list[Element] = field(default_factory=list)
    ours: list[Element] = field(default_factory=list)


class Layout:
    """A worksheet's part, looked through once; `column` is that of the messages, if any."""

    def __init__(self, data: bytes, column: int | None) -> None:
        self.data = data
        self.column = column or 0
        self.children: list[Element] = []
        self.columns: list[Element] = []
        self.formats: list[Format] = []
        self.rows: list[RowPlace] = []
        self.last_priority = 0
        self._open = _Open()
        elements(data, self._see, _OF_CELLS)
        self.root = self.children.pop()
        self.prefix = prefix(data, self.root)

    def child(self, name: str) -> Element | None:
        """The sheet's own part of this name."""
        return next((child for child in self.children if child.name == name), None)

    def _see(self, element: Element) -> None:
        match element.name, element.depth:
            case "c", 4:
                self._see_cell(element)
            case "row", 3:
                self._see_row(element)
            case "col", 3:
                self.columns.append(element)
            case "formula", 4:
                self._open.formula = self.data[element.inside : element.until].decode()
            case "cfRule", _:
                self._see_rule(element)
            case "conditionalFormatting", 2:
                found = Format(element, tuple(self._open.rules), tuple(self._open.ours))
                self.formats.append(found)
                self._open = _Open()
        if element.depth <= 2:
            self.children.append(element)

    def _see_cell(self, element: Element) -> None:
        row = self._open
        reference = element.attributes.get("r")
        row.position = cell_of(reference)[1] if reference else row.position + 1
        if row.position < self.column and not element.is_closed:
            row.style = element.attributes.get("s", "0")
        elif row.position == self.column:
            row.own = element
        elif row.position > self.column and row.behind is None:
            row.behind = element

    def _see_row(self, element: Element) -> None:
        before = self.rows[-1].number if self.rows else 0
        number = int(element.attributes.get("r") or before + 1)
        row = self._open
        self.rows.append(RowPlace(number, element, row.own, row.behind, row.style))
        self._open = _Open()

    def _see_rule(self, element: Element) -> None:
        self._open.rules.append(element)
        if html.unescape(self._open.formula) == FORMULA:
            self._open.ours.append(element)
        else:
            priority = int(element.attributes.get("priority", 0))
            self.last_priority = max(self.last_priority, priority)
        self._open.formula = ""

    def width(self, column: int) -> int:
        """A column's width in pixels."""
        letters = _DEFAULT_WIDTH
        form = self.child("sheetFormatPr")
        if form is not None:
            letters = float(form.attributes.get("defaultColWidth", letters))
        for element in self.columns:
            if int(element.attributes["min"]) <= column <= int(element.attributes["max"]):
                if element.attributes.get("hidden") in _TRUE:
                    return 0
                letters = float(element.attributes.get("width", letters))
        return round(letters * _PIXELS_A_LETTER) + _PADDING
