"""A workbook handed back with its problems marked in it, and nothing else touched.

The parts that need no mark are copied byte for byte, and in those that do only the marks are put
in: a colour and a comment on each cell, and a column of messages right of the last one. So charts,
drop-downs, filters and whatever else a workbook may hold stay as they are.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from itertools import count
from xml.parsers import expat

from solver.errors import Issue, UsageError
from solver.tables import xlsx
from solver.tables.address import cell_of
from solver.tables.archive import RefusedError
from solver.tables.package import Package
from solver.tables.problems import Problems
from solver.tables.sheets import held
from solver.tables.xlsx import Grid
from solver.write.marked.boxes import blocks_of, with_boxes
from solver.write.marked.comments import MARK, Cell, with_comments
from solver.write.marked.layout import Layout
from solver.write.marked.looks import Looks, with_looks
from solver.write.marked.page import Page
from solver.write.marked.parts import Parts
from solver.write.marked.splice import Element, elements
from solver.write.marked.where import Marks, marks_of

__all__ = ["marked"]

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_BOXES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SIGNATURES = "_xmlsignatures/"


def marked(data: bytes, issues: Sequence[Issue], language: str) -> bytes:
    """The workbook with a mark on each cell that an issue is about; old marks are taken off.

    Raises UsageError where it can't be handed back whole: one that can't be read, or is signed.
    """
    grids = _grids(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = _Book(archive)
            if any(name.startswith(_SIGNATURES) for name in book.parts.names):
                raise UsageError("workbook_signed")
            return book.marked(grids, issues, language)
    except (RefusedError, expat.ExpatError, LookupError, ValueError) as error:
        # a part beside the sheets is damaged, or of a form that is not known
        raise UsageError("workbook_not_markable") from error


def _grids(data: bytes) -> list[Grid]:
    """The sheets of a scenario; where there is none, the first one."""
    problems = Problems()
    grids = xlsx.read(data, "", problems, lambda name: held(name) is not None)
    grids = grids or xlsx.read(data, "", problems)[:1]
    if problems.issues:
        raise UsageError("workbook_not_markable")
    return grids


class _Book:
    """A workbook whose sheets are marked one by one."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.package = Package(archive)
        self.parts = Parts(archive)
        blocks = {block for drawing in self.parts.drawings() for block in blocks_of(drawing)}
        self.free_blocks = count(max(blocks, default=0) + 1)

    def marked(self, grids: Sequence[Grid], issues: Sequence[Issue], language: str) -> bytes:
        """The file with its marks."""
        marks = marks_of(grids, issues, language)
        styles = dict(self.package.relations(self.package.main).values())["styles"]
        data, looks = with_looks(self.parts.get(styles))
        self.parts.put(styles, data)
        for sheet in self.package.sheets:
            if sheet.name in marks:
                self._mark(sheet.part, marks[sheet.name], looks)
        return self.parts.packed()

    def _mark(self, part: str, marks: Marks, looks: Looks) -> None:
        layout = Layout(self.parts.get(part), marks.column)
        drawing = self._comment(part, marks, layout)
        self.parts.put(part, Page(layout, marks, looks).made(drawing))

    def _comment(self, part: str, marks: Marks, layout: Layout) -> str | None:
        """Put comments on the marked cells; the relation to their boxes where that is new."""
        related = self.package.relations(part)
        comments = next((path for kind, path in related.values() if kind == "comments"), None)
        before = self.parts.get(comments) if comments else None
        taken = self._in_talks(related)
        wanted = {cell: texts for cell, texts in marks.cells.items() if cell not in taken}
        if not wanted and (before is None or MARK.encode() not in before):
            return None
        found = with_comments(before, wanted)
        if comments is None:
            comments = self.parts.free_name("xl/comments{}.xml")
            self.parts.relate(part, "comments", comments)
            self.parts.declare(comments, _COMMENTS_TYPE)
        self.parts.put(comments, found.data)
        drawing, relation = _drawing(layout, related), None
        if drawing is None:
            if not found.added:
                return None
            drawing = self.parts.free_name("xl/drawings/vmlDrawing{}.vml")
            relation = self.parts.relate(part, "vmlDrawing", drawing)
            self.parts.declare_ending("vml", _BOXES_TYPE)
        old = self.parts.get(drawing) if drawing in self.parts else None
        boxes = with_boxes(old, found.added, found.removed, self.free_blocks, layout.width)
        self.parts.put(drawing, boxes)
        return relation

    def _in_talks(self, related: dict[str, tuple[str, str]]) -> set[Cell]:
        """Cells with a conversation, whose comment a newer Excel writes itself."""
        found: set[Cell] = set()

        def see(element: Element) -> None:
            if element.name == "threadedComment":
                found.add(cell_of(element.attributes["ref"]))

        for kind, path in related.values():
            if kind == "threadedComment":
                elements(self.parts.get(path), see)
        return found


def _drawing(layout: Layout, related: dict[str, tuple[str, str]]) -> str | None:
    """The part in which the boxes of a sheet's comments are drawn."""
    element = layout.child("legacyDrawing")
    if element is None:
        return None
    (relation,) = (value for name, value in element.attributes.items() if name.endswith("}id"))
    return related[relation][1]
