"""Results as JSON lines in a folder, written as they come and never written twice.

A process that is killed while it writes leaves half a line at most. What is no whole line is no
result: it is taken off before the next is written, and its run is done again.
"""

from __future__ import annotations

import json as stdlib_json
import os
from collections.abc import Container, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from solver.tables import json

NAME = "results.jsonl"

Line = Mapping[str, Any]
"""`key`, the task's; `row`, what came of it; `seconds` it took."""


class Keeper(Protocol):
    """What keeps results as they come: a folder, or a database."""

    def add(self, line: Line, /) -> None:
        """Keep one result for good."""


class Store:
    """The results in a folder by key of their task; those of other sweeps may stand among them."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._file: BinaryIO | None = None

    def read(self, wanted: Container[str]) -> dict[str, Line]:
        """The results of the wanted keys; a line that is damaged is no result."""
        found = {}
        if self.path.exists():
            with self.path.open("rb") as file:
                for text in file:
                    line = _line(text)
                    if line is not None and line["key"] in wanted:
                        found[line["key"]] = line
        return found

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("a+b")
        _mend(self._file)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def add(self, line: Line) -> None:
        """Write one result, and let go of it: a killed process loses none that was added."""
        if self._file is None:
            msg = "the store is not open"
            raise ValueError(msg)
        self._file.write(json.dump(line).encode() + b"\n")
        self._file.flush()


def _line(text: bytes) -> Line | None:
    """The result on one line, or None where the line is not whole."""
    if not text.endswith(b"\n"):
        return None
    try:
        found = stdlib_json.loads(text)
    except ValueError:
        return None
    shape = {"key": str, "row": dict, "seconds": int | float}
    if not isinstance(found, dict):
        return None
    return found if all(isinstance(found.get(name), kind) for name, kind in shape.items()) else None


def _mend(file: BinaryIO) -> None:
    """Take off the half line that a killed process may have left at the end."""
    end = file.seek(0, os.SEEK_END)
    while end:
        begin = max(0, end - 65_536)
        file.seek(begin)
        block = file.read(end - begin)
        newline = block.rfind(b"\n")
        if newline >= 0:
            file.truncate(begin + newline + 1)
            return
        end = begin
    file.truncate(0)
