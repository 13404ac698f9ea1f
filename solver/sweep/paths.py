"""Which scenarios a sweep is about: each path is one scenario, or a folder of many.

A folder without a scenario.toml holds scenarios: files that end in .toml, .json or .xlsx, and
folders with a scenario.toml, such as a folder of regions. They are taken in order of their names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from solver.errors import UsageError

ENDINGS = (".toml", ".json", ".xlsx")
HIDDEN = (".", "~$")
"""How names begin that are no scenario of a folder: hidden files, and what Excel leaves beside."""


class Named(NamedTuple):
    """A scenario's path, and what it is called in tables."""

    name: str
    path: Path


def scenarios_of(paths: Sequence[Path]) -> list[Named]:
    """Every scenario of the paths, each once; UsageError where a folder holds none.

    A name is the file's, without its ending, or the folder's; names that are not the only ones of
    their kind are given as paths.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for one in _expanded(path):
            found.setdefault(one.resolve(), one)
    times = Counter(_name(path) for path in found.values())
    return [
        Named(_name(path) if times[_name(path)] == 1 else path.as_posix(), path)
        for path in found.values()
    ]


def _expanded(path: Path) -> list[Path]:
    if not path.is_dir() or (path / "scenario.toml").is_file():
        return [path]
    found = [
        entry
        for entry in sorted(path.iterdir())
        if not entry.name.startswith(HIDDEN)
        and (
            (entry / "scenario.toml").is_file()
            if entry.is_dir()
            else entry.suffix.lower() in ENDINGS
        )
    ]
    if not found:
        raise UsageError("no_scenarios_in", path=str(path))
    return found


def _name(path: Path) -> str:
    whole = path.resolve()
    if whole.name == "scenario.toml":
        return whole.parent.name
    return whole.name if whole.is_dir() else whole.stem
