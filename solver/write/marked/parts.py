"""The parts of a workbook that is changed: new ones get their relation and their type."""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import count

from solver.tables.package import relations_part
from solver.write.marked.splice import Changes, Element, elements, prefix

_TYPES = "[Content_Types].xml"
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


class Parts:
    """The parts of a file by name, whatever its capitals; those that were changed, and new ones."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = {name.lower(): name for name in archive.namelist()}
        self._changed: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.names

    def get(self, name: str) -> bytes:
        """A part as it stands now; KeyError where there is none."""
        name = self.names[name.lower()]
        return self._changed[name] if name in self._changed else self.archive.read(name)

    def put(self, name: str, data: bytes) -> None:
        """Give a part another content, or add it."""
        self._changed[self.names.setdefault(name.lower(), name)] = data

    def free_name(self, form: str) -> str:
        """A name that no part has: `form` with a number in the place of {}."""
        return next(name for n in count(1) if (name := form.format(n)) not in self)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation from a part to another; its id."""
        name = relations_part(part)
        data = self.get(name) if name in self else _NO_RELATIONS
        ids, root = _ids(data)
        new = next(one for n in count(1) if (one := f"rId{n}") not in ids)
        changes = Changes(data)
        changes.append(
            root,
            f'<{prefix(data, root)}Relationship Id="{new}" Type="{_KINDS}/{kind}" '
            f'Target="/{target}"/>',
        )
        self.put(name, changes.made())
        return new

    def declare(self, part: str, kind: str) -> None:
        """Say of which type a new part is."""
        self._add_type(f'Override PartName="/{part}" ContentType="{kind}"')

    def declare_ending(self, ending: str, kind: str) -> None:
        """Say of which type all parts with this ending are, if that is not said yet."""
        if not re.search(rf"Extension\s*=\s*[\"']{ending}[\"']", self.get(_TYPES).decode(), re.I):
            self._add_type(f'Default Extension="{ending}" ContentType="{kind}"')

    def _add_type(self, entry: str) -> None:
        data = self.get(_TYPES)
        _, root = _ids(data)
        changes = Changes(data)
        changes.append(root, f"<{prefix(data, root)}{entry}/>")
        self.put(_TYPES, changes.made())

    def drawings(self) -> Iterator[bytes]:
        """Every drawing of the old form."""
        for name in self.names.values():
            if name.lower().endswith(".vml"):
                yield self.get(name)

    def packed(self) -> bytes:
        """The file: unchanged parts as they were and in their order, new ones behind them."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in self.archive.infolist():
                # a copy, since writing changes what an entry says of its sizes
                new.writestr(copy.copy(entry), self.get(entry.filename))
            known = set(self.archive.namelist())
            for name in sorted(self._changed.keys() - known):
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, self._changed[name])
        return out.getvalue()


def _ids(data: bytes) -> tuple[set[str], Element]:
    """The ids that a part gives, and its outermost element."""
    found: list[Element] = []
    elements(data, found.append)
    return {element.attributes.get("Id", "") for element in found}, found[-1]
