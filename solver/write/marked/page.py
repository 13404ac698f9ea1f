"""One worksheet with its marks: colours, the column of messages, and no other byte changed.

The colour of a marked cell is a conditional format, so that the cell's own look is never touched
and the colour can be taken off again after a spreadsheet program has rewritten the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from solver.tables.address import cell_of, letters_of, reference_of
from solver.write.marked.layout import FORMULA, Layout, RowPlace
from solver.write.marked.looks import Looks
from solver.write.marked.splice import Changes, Element, escaped
from solver.write.marked.where import Marks

WIDTH = 80
"""Of the column of messages, in letters. A longer one goes on to the right, where nothing stands:
to break it into lines would need higher rows, and those are the user's own."""

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing",
)  # fmt: skip
"""What a worksheet may hold, in the one order that is allowed, as far as we add to it."""
_MOST_AREAS = 500
"""Of one conditional format."""
_MOST_LETTERS = 32_000
"""Of one message; a cell of Excel holds 32,767."""
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPANS = re.compile(r"(\d+):(\d+)")


class Page:
    """A worksheet's part that is given its marks."""

    def __init__(self, layout: Layout, marks: Marks, looks: Looks) -> None:
        self.layout = layout
        self.marks = marks
        self.looks = looks
        self.changes = Changes(layout.data)
        self._p = layout.prefix

    def made(self, drawing: str | None) -> bytes:
        """The part with its marks; `drawing` is the relation to new boxes of comments, if any."""
        marks = self.marks
        if marks.column is not None and (not marks.is_new or marks.cells or marks.rows):
            self._write_messages(marks.column)
            if marks.is_new:
                self._widen(marks.column)
        self._colour()
        if drawing is not None:
            self._insert(
                "legacyDrawing",
                f'<{self._p}legacyDrawing xmlns:r="{_RELATIONS}" r:id="{drawing}"/>',
            )
        return self.changes.made()

    def _insert(self, name: str, new: str) -> None:
        """Put a part of the sheet in its place among the others."""
        before = _ORDER[: _ORDER.index(name) + 1]
        known = [child.end for child in self.layout.children if child.name in before]
        self.changes.insert(max(known, default=self.layout.root.inside), new)

    # the column of messages

    def _write_messages(self, column: int) -> None:
        marks = self.marks
        left = {row: self._message(row, column, texts) for row, texts in marks.rows.items()}
        there = {row.number for row in self.layout.rows}
        if marks.is_new and marks.heading not in there:
            left[marks.heading] = self._heading(column, "0")
        missing = sorted(left.keys() - there, reverse=True)
        for row in self.layout.rows:
            while missing and missing[-1] < row.number:
                number = missing.pop()
                self.changes.insert(row.whole.start, self._row(number, left[number]))
            if row.number == marks.heading and marks.is_new:
                self._put(row, self._heading(column, row.style))
            elif row.number in left:
                self._put(row, left[row.number])
            elif row.own is not None and not marks.is_new and row.number > marks.heading:
                self.changes.replace(row.own.start, row.own.end, "")
        data = self.layout.child("sheetData")
        if data is None:
            raise ValueError(column)
        for number in reversed(missing):
            self.changes.append(data, self._row(number, left[number]))

    def _put(self, row: RowPlace, cell: str) -> None:
        """Put a cell in its place in a row, for the one that stands there if there is one."""
        if row.own is not None:
            self.changes.replace(row.own.start, row.own.end, cell)
            return
        if row.behind is not None:
            self.changes.insert(row.behind.start, cell)
        else:
            self.changes.append(row.whole, cell)
        spans = _SPANS.fullmatch(row.whole.attributes.get("spans", ""))
        column = self.marks.column or 0
        if spans and int(spans[2]) < column:
            self.changes.attribute(row.whole, "spans", f"{spans[1]}:{column}")

    def _heading(self, column: int, style: str) -> str:
        return self._cell(self.marks.heading, column, style, self.marks.title)

    def _message(self, row: int, column: int, texts: list[str]) -> str:
        return self._cell(row, column, str(self.looks.message), " | ".join(texts)[:_MOST_LETTERS])

    def _cell(self, row: int, column: int, style: str, text: str) -> str:
        """A cell with a text of its own, which nothing takes for a formula."""
        p = self._p
        return (
            f'<{p}c r="{reference_of(row, column)}" s="{style}" t="inlineStr"><{p}is>'
            f'<{p}t xml:space="preserve">{escaped(text)}</{p}t></{p}is></{p}c>'
        )

    def _row(self, number: int, cell: str) -> str:
        return f'<{self._p}row r="{number}">{cell}</{self._p}row>'

    def _widen(self, column: int) -> None:
        """Give the new column its width, and let the sheet say that it is as large as it is."""
        own = f'<{self._p}col min="{column}" max="{column}" width="{WIDTH}" customWidth="1"/>'
        columns = self.layout.child("cols")
        if columns is None:
            self._insert("cols", f"<{self._p}cols>{own}</{self._p}cols>")
        else:
            self._part_columns(columns, column, own)
        size = self.layout.child("dimension")
        if size is not None:
            first, _, last = size.attributes.get("ref", "").partition(":")
            row, end = cell_of(last or first)
            new = f"{first}:{reference_of(row, max(end, column))}"
            self.changes.attribute(size, "ref", new)

    def _part_columns(self, columns: Element, column: int, own: str) -> None:
        for element in self.layout.columns:
            first, last = int(element.attributes["min"]), int(element.attributes["max"])
            if last < column:
                continue
            if first > column:
                self.changes.insert(element.start, own)
                return
            left = self._columns(element, first, column - 1)
            right = self._columns(element, column + 1, last)
            self.changes.replace(element.start, element.end, left + own + right)
            return
        self.changes.append(columns, own)

    def _columns(self, element: Element, first: int, last: int) -> str:
        """An entry of columns as it is, for some of its columns only."""
        if first > last:
            return ""
        text = self.layout.data[element.start : element.end].decode()
        for name, number in (("min", first), ("max", last)):
            text = re.sub(rf"(\s{name}\s*=\s*)(\"\d+\"|'\d+')", rf'\g<1>"{number}"', text, count=1)
        return text

    # the colours

    def _colour(self) -> None:
        for form in self.layout.formats:
            if form.ours and len(form.ours) == len(form.rules):
                self.changes.replace(form.whole.start, form.whole.end, "")
            else:
                for rule in form.ours:
                    self.changes.replace(rule.start, rule.end, "")
        areas = _areas(self.marks.cells)
        p = self._p
        for number, at in enumerate(range(0, len(areas), _MOST_AREAS), 1):
            priority = self.layout.last_priority + number
            self._insert(
                "conditionalFormatting",
                f'<{p}conditionalFormatting sqref="{" ".join(areas[at : at + _MOST_AREAS])}">'
                f'<{p}cfRule type="expression" dxfId="{self.looks.colour}" priority="{priority}">'
                f"<{p}formula>{FORMULA}</{p}formula></{p}cfRule></{p}conditionalFormatting>",
            )


def _areas(cells: Iterable[tuple[int, int]]) -> list[str]:
    """Cells as ranges, those that touch in a column together: K2:K7, M3."""
    by_column = sorted((column, row) for row, column in cells)
    found = []
    for _, run in groupby(enumerate(by_column), key=lambda one: (one[1][0], one[1][1] - one[0])):
        touching = [cell for _, cell in run]
        (column, first), (_, last) = touching[0], touching[-1]
        name = letters_of(column)
        found.append(f"{name}{first}" if first == last else f"{name}{first}:{name}{last}")
    return found
