"""The parts of an opened workbook beside its sheets: where they lie, its texts and its formats."""

from __future__ import annotations

import posixpath
import re
import sys
import zipfile
from dataclasses import dataclass
from typing import IO

from solver.tables.archive import RefusedError
from solver.tables.formats import meaning
from solver.tables.xml import MAX_DEPTH, MAX_TEXT, Attributes, local, visit, walk

MAX_TEXT_ELEMENTS = 1_200_000
"""Of the texts that cells share: one that is all of one look is two elements."""
MAX_NAME = 255
"""Characters in the name of a sheet; Excel allows 31."""
_POINTER = 8
_TRUE = ("1", "true")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class SheetPart:
    """A worksheet as the workbook lists it."""

    name: str
    part: str
    is_hidden: bool


def relations_part(part: str) -> str:
    """Where the relations of a part are kept."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels".lstrip("/")


class Memory:
    """What the values read so far take, in bytes; more than there may be ends the reading."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, size: int) -> None:
        """Count so many bytes."""
        self.left -= size
        if self.left < 0:
            raise RefusedError("workbook_too_large")


class Package:
    """An opened workbook's parts, found by the relations between them as Excel finds them.

    Whatever is broken raises one of many errors; a part that is named and is not there, KeyError.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._entries = {entry.filename.lower(): entry for entry in archive.infolist()}
        self.main = next(
            target for kind, target in self.relations("").values() if kind == "officeDocument"
        )
        self._refuse_other_kinds()
        self._related = self.relations(self.main)
        self.sheets: list[SheetPart] = []
        self.since_1904 = False
        self.is_stale = False
        """Whether the workbook itself says that its formulas are still to be calculated."""
        visit(self.stream(self.main), self._see)
        parts = {sheet.part.lower() for sheet in self.sheets}
        names = {sheet.name.casefold() for sheet in self.sheets}
        is_odd = any(len(name) > MAX_NAME for name in names)
        if is_odd or min(len(parts), len(names)) < len(self.sheets):
            raise ValueError(self.sheets)

    def stream(self, part: str) -> IO[bytes]:
        """A part's bytes, unpacked as they are read."""
        return self.archive.open(self._entries[part.lower()])

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts that a part names ("" is the file as a whole): id -> kind and path."""
        folder = posixpath.dirname(part)
        path = relations_part(part)
        found: dict[str, tuple[str, str]] = {}
        if path.lower() not in self._entries:
            return found

        def see(_parent: str, _name: str, attributes: Attributes) -> None:
            if "Target" in attributes and attributes.get("TargetMode") != "External":
                kind = attributes["Type"].rpartition("/")[2]
                target = posixpath.normpath(posixpath.join("/", folder, attributes["Target"]))
                found[attributes["Id"]] = kind, target.lstrip("/")

        visit(self.stream(path), see)
        return found

    def _refuse_other_kinds(self) -> None:
        """Binary workbooks can't be read, and ones that may hold macros are not taken."""
        if self.main.endswith(".bin"):
            raise RefusedError("workbook_not_one")

        def see(_parent: str, _name: str, attributes: Attributes) -> None:
            if "macroenabled" in attributes.get("ContentType", "").lower():
                raise RefusedError("workbook_macros")

        visit(self.stream("[Content_Types].xml"), see)

    def _see(self, parent: str, name: str, attributes: Attributes) -> None:
        match parent, name:
            case "", root if root != "workbook":  # a letter or a presentation
                raise RefusedError("workbook_not_one")
            case "workbook", "workbookPr":
                self.since_1904 = attributes.get("date1904") in _TRUE
            case "workbook", "calcPr":
                self.is_stale = attributes.get("fullCalcOnLoad") in _TRUE
            case "sheets", "sheet":
                relation = next(v for k, v in attributes.items() if local(k) == "id")
                kind, part = self._related[relation]
                if kind == "worksheet":
                    is_hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append(SheetPart(attributes["name"], part, is_hidden))

    def _one(self, wanted: str) -> str | None:
        """The part of this kind, None where the workbook has none."""
        return next((part for kind, part in self._related.values() if kind == wanted), None)

    def styles(self) -> dict[str, str]:
        """A cell's style number as it is written -> "date", "percent" or "number"."""
        codes: dict[int, str] = {}
        formats: list[int] = []

        def see(parent: str, name: str, attributes: Attributes) -> None:
            if name == "numFmt" and parent == "numFmts":
                codes[int(attributes["numFmtId"])] = attributes["formatCode"]
            elif name == "xf" and parent == "cellXfs":
                formats.append(int(attributes.get("numFmtId", 0)))

        part = self._one("styles")
        if part is None:
            return {"0": "number"}
        visit(self.stream(part), see)
        meanings = {number: meaning(number, codes.get(number)) for number in set(formats)}
        return {str(style): meanings[number] for style, number in enumerate(formats)}

    def texts(self, memory: Memory) -> list[str]:
        """The texts that the cells of all sheets share."""
        part = self._one("sharedStrings")
        if part is None:
            return []
        reader = _Texts(memory)
        walk(self.stream(part), reader.start, reader.end, reader.pieces)
        return reader.found


def unescaped(text: str) -> str:
    """A text with Excel's _x000D_ for what XML can't hold turned back."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class RichText:
    """The text of an item: its runs joined, readings of East Asian letters left out.

    `namespace` is that of the names, as solver.tables.xml.walk gives them.
    """

    def __init__(self, pieces: list[str], namespace: str) -> None:
        self._pieces = pieces
        self._t, self._reading = f"{namespace}t", f"{namespace}rPh"
        self._runs: list[str] = []
        self._length = 0
        self._is_reading = False

    def start(self, name: str) -> None:
        """Into an element of the item."""
        if name == self._reading:
            self._is_reading = True

    def end(self, name: str) -> None:
        """Out of an element of the item."""
        if name == self._t:
            if not self._is_reading:
                self._add("".join(self._pieces))
        elif name == self._reading:
            self._is_reading = False

    def _add(self, run: str) -> None:
        self._runs.append(run)
        self._length += len(run)
        if self._length > MAX_TEXT:
            raise RefusedError("workbook_too_large")

    def taken(self) -> str:
        """The whole text, and begin anew."""
        text = unescaped("".join(self._runs))
        self._runs.clear()
        self._length = 0
        return text


class _Texts:
    """Collects the texts that cells share."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.found: list[str] = []
        self.pieces: list[str] = []
        self._text = RichText(self.pieces, "")
        self._depth = 0
        self._left = MAX_TEXT_ELEMENTS

    def start(self, name: str, _attributes: Attributes) -> None:
        """Into an element."""
        self.pieces.clear()
        self._left -= 1
        if self._left < 0:
            raise RefusedError("workbook_too_large")
        self._depth += 1
        if self._depth > 2:
            if self._depth > MAX_DEPTH:
                raise RefusedError("workbook_odd_xml")
            self._text.start(name)
        elif self._depth == 1:
            self._text = RichText(self.pieces, name.removesuffix("sst"))

    def end(self, name: str) -> None:
        """Out of an element."""
        self._depth -= 1
        if self._depth > 1:
            self._text.end(name)
        elif self._depth == 1:
            text = self._text.taken()
            self.memory.take(sys.getsizeof(text) + _POINTER)
            self.found.append(text)
