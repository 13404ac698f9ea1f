"""One worksheet, taken event by event: its values, and what of it is out of sight or merged."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from typing import Any

from solver.tables.address import LAST_COLUMN, LAST_ROW, column_of, reference_of
from solver.tables.archive import RefusedError
from solver.tables.cells import Percent, Unread
from solver.tables.formats import date_text
from solver.tables.package import Memory, Package, RichText, unescaped
from solver.tables.xml import MAX_DEPTH, Attributes

MAX_ROWS = 200_000
MAX_COLUMNS = 256
MAX_GAP = 1_000
"""So many blank rows may stand between two rows; a value further down was left there by mistake."""
MAX_ELEMENTS = 2_400_000
"""Of all sheets read together: a row and a blank cell are one element each, a value is one more."""
MAX_MEMORY = 140_000_000
"""Bytes that all values together may take."""
MAX_MERGED = 100_000

_MAIN = (
    "schemas.openxmlformats.org/spreadsheetml/2006/main",
    "purl.oclc.org/ooxml/spreadsheetml/main",
)
_NAMESPACES = tuple(f"http://{name}}}" for name in _MAIN)
"""Of worksheets as all programs write them, and of the strict form."""
_ROW_SIZE, _VALUE_SIZE, _UNREAD_SIZE = 150, 40, 200
_SHOWN = 60
"""Characters of an unreadable cell that a message shows."""
_MAX_DIGITS = 15
"""As many digits of a number as a spreadsheet shows."""
_RANGE = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}(?::[A-Z]{1,3}[1-9][0-9]{0,6})?")
_TRUE = ("1", "true")


class Shared:
    """What the sheets of one workbook share: formats, texts, and how much may be read at all."""

    def __init__(self, package: Package) -> None:
        self.since_1904 = package.since_1904
        self.is_stale = package.is_stale
        self.memory = Memory(MAX_MEMORY)
        self.elements_left = MAX_ELEMENTS
        self.styles = package.styles()
        self.texts = package.texts(self.memory)


class Worksheet:
    """Takes the events of a worksheet and keeps its values.

    `_inside` is the innermost of sheetData, row and c that is open; `_depth` counts all elements
    that are open but row, c and v.
    """

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self.left = shared.elements_left
        self.number = 0
        self.rows: list[tuple[int, tuple[Any, ...]]] = []
        self.hidden_rows: list[int] = []
        self.merged: list[str] = []
        self._hidden_ranges: list[range] = []
        self._row = self._cell = self._v = ""  # until the first element tells the namespace
        self._starts: dict[str, Callable[[Attributes], None]] = {}
        self._ends: dict[str, Callable[[], None]] = {}
        self._depth = 0
        self._inside = ""
        self._last = 0
        self._suffix = ""
        self._is_hidden = False
        self._values: list[Any] = []
        self._position = 0
        self._attributes: Attributes = {}
        self.pieces: list[str] = []
        self._v_text: str | None = None
        self._formula: str | None = None
        self._inline = RichText(self.pieces, "")
        self._is_inline = False
        self._is_rare = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Into an element."""
        self.pieces.clear()
        self.left -= 1
        if self.left < 0:
            raise RefusedError("workbook_too_large")
        if name == self._v:
            if self._inside != "c":
                raise ValueError(name)
            self._inside = "v"
        elif name == self._cell:
            self._start_cell(attributes)
        elif name == self._row:
            self._start_row(attributes)
        else:
            self._start_other(name, attributes)

    def end(self, name: str) -> None:
        """Out of an element."""
        if name == self._v:
            if self._v_text is not None:
                raise ValueError(name)
            self._inside = "c"
            self._v_text = "".join(self.pieces)
        elif name == self._cell:
            self._inside = "row"
            if self._v_text is not None or self._is_rare:
                self._end_cell()
        elif name == self._row:
            self._inside = "sheetData"
            if self._values:
                self._end_row()
        else:
            self._end_other(name)

    def _start_other(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise RefusedError("workbook_odd_xml")
        if self._is_inline:
            self._inline.start(name)
        elif self._depth == 1:
            self._begin(name)
        elif name in self._starts:
            self._starts[name](attributes)

    def _end_other(self, name: str) -> None:
        self._depth -= 1
        if self._is_inline:
            self._inline.end(name)
        elif name in self._ends:
            self._ends[name]()

    def _begin(self, name: str) -> None:
        namespace = name.removesuffix("worksheet")
        if namespace not in _NAMESPACES:
            raise ValueError(name)
        self._row, self._cell, self._v = (namespace + own for own in ("row", "c", "v"))
        self._inline = RichText(self.pieces, namespace)
        starts = {
            "sheetData": self._start_data,
            "col": self._start_column,
            "mergeCell": self._start_merged,
            "is": self._start_inline,
        }
        ends = {"sheetData": self._end_data, "f": self._end_formula}
        self._starts = {namespace + own: call for own, call in starts.items()}
        self._ends = {namespace + own: call for own, call in ends.items()}

    def _start_data(self, _attributes: Attributes) -> None:
        if self.number or self._depth != 2:  # a second one, or one in another place
            raise ValueError(self.number)
        self._inside = "sheetData"

    def _end_data(self) -> None:
        self._inside = ""

    def _start_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in _TRUE:
            first, last = int(attributes["min"]), int(attributes["max"])
            if len(self._hidden_ranges) == LAST_COLUMN:
                raise ValueError(first)
            self._hidden_ranges.append(range(first, last + 1))

    def _start_merged(self, attributes: Attributes) -> None:
        cells = attributes["ref"]
        if not _RANGE.fullmatch(cells):
            raise ValueError(cells)
        if len(self.merged) == MAX_MERGED:
            raise RefusedError("workbook_too_large")
        self.merged.append(cells)

    def _start_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r") or self.number + 1)
        if self._inside != "sheetData" or not self.number < number <= LAST_ROW:
            raise ValueError(number)
        self._inside = "row"
        self.number = number
        self._suffix = str(number)
        self._is_hidden = attributes.get("hidden") in _TRUE
        self._values = []
        self._position = 0

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference:
            position = column_of(reference.removesuffix(self._suffix))
        else:
            position = self._position + 1
        if self._inside != "row" or not self._position < position <= LAST_COLUMN:
            raise ValueError(reference)
        self._inside = "c"
        self._position = position
        self._attributes = attributes

    def _end_formula(self) -> None:
        if self._inside == "c":
            self._is_rare = True
            self._formula = "".join(self.pieces)

    def _start_inline(self, _attributes: Attributes) -> None:
        if self._inside == "c":
            self._is_rare = self._is_inline = True
            self.left += 1  # so that its text costs as much as any other value

    def _end_cell(self) -> None:
        value = self._rare_value() if self._is_rare else self._value(self._v_text)
        self._v_text = None
        if value is None or value == "":
            return
        position = self._position
        if position > MAX_COLUMNS:
            self._refuse_far(position)
        values = self._values
        if position > len(values) + 1:
            values.extend([None] * (position - 1 - len(values)))
        values.append(value)

    def _end_row(self) -> None:
        if self.number - self._last > MAX_GAP:
            first = next(i for i, value in enumerate(self._values, 1) if value is not None)
            self._refuse_far(first)
        if len(self.rows) == MAX_ROWS:
            raise RefusedError("sheet_too_long", self.number, max=MAX_ROWS)
        self.shared.memory.take(_ROW_SIZE + _VALUE_SIZE * len(self._values))
        self.rows.append((self.number, tuple(self._values)))
        self._last = self.number
        if self._is_hidden:
            self.hidden_rows.append(self.number)

    def _refuse_far(self, position: int) -> None:
        cell = reference_of(self.number, position)
        raise RefusedError("sheet_far_cell", self.number, cell=cell)

    def hidden_columns(self) -> list[int]:
        """The positions of hidden columns in which something stands."""
        width = max((len(values) for _, values in self.rows), default=0)
        return [
            p for p in range(1, width + 1) if any(p in hidden for hidden in self._hidden_ranges)
        ]

    def _rare_value(self) -> Any:
        """What stands in a cell with a formula or a text of its own."""
        text, formula = self._v_text, self._formula
        is_inline = self._is_inline
        self._formula = None
        self._is_rare = self._is_inline = False
        if formula is not None and self._is_uncalculated(text):
            return self._unread("formula_without_value", "=" + (formula or "..."))
        return self._kept(self._inline.taken()) if is_inline else self._value(text)

    def _is_uncalculated(self, text: str | None) -> bool:
        """Whether a formula has no result; of a text, blank is one."""
        is_blank = not text and self._attributes.get("t") != "str"
        return self.shared.is_stale or text is None or is_blank

    def _value(self, text: str | None) -> Any:
        """What the text of a cell means; None where it is blank."""
        if not text:
            return None
        match self._attributes.get("t", "n"):
            case "n":
                return self._number(text)
            case "s":
                number = int(text)
                if number < 0:
                    raise IndexError(number)
                return self.shared.texts[number]
            case "str" | "inlineStr":
                return self._kept(unescaped(text))
            case "b":
                return text in _TRUE
            case "e":
                return self._unread("error_cell", text)
            case "d":
                return self._unread("date_cell", text)
        raise ValueError(text)

    def _kept(self, text: str) -> str:
        self.shared.memory.take(sys.getsizeof(text))
        return text

    def _unread(self, code: str, shown: str) -> Unread:
        self.shared.memory.take(_UNREAD_SIZE)
        return Unread(code, shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…")

    def _number(self, text: str) -> Any:
        meaning = self.shared.styles[self._attributes.get("s", "0")]
        is_short = len(text) <= _MAX_DIGITS
        if meaning == "number" and is_short and text.isascii() and text.isdigit():
            return int(text)
        number = float(text)
        if not math.isfinite(number) or "_" in text:
            return self._unread("error_cell", text)
        if meaning == "date":
            shown = date_text(number, since_1904=self.shared.since_1904)
            return self._unread("date_cell", shown)
        if not is_short:
            number = float(f"{number:.{_MAX_DIGITS}g}")
        if meaning == "percent":
            return Percent(number)
        return int(number) if number.is_integer() and abs(number) < 10**_MAX_DIGITS else number
