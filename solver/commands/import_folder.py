"""The folder of an import: written again and again, without losing what somebody changed in it.

Its scenario.toml carries a mark and a digest of every file of the import. A folder with a scenario
of another origin is not touched. A file that was changed since is kept beside the new one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solver.errors import UsageError
from solver.scenario.write import write_whole
from solver.words import say

SCENARIO = "scenario.toml"
_MARK = "# kayuh-import-sipd:"
_DIGEST = re.compile(r"(\S+)=([0-9a-f]{16})")


@dataclass(frozen=True)
class Written:
    """What was done: files written, and those that were changed by hand, with their new names."""

    files: tuple[str, ...]
    kept: Mapping[str, str]


def marks(folder: Path) -> dict[str, str] | None:
    """The digests that the last import left, None where the folder holds no scenario.

    UsageError where its scenario was not written by an import.
    """
    path = folder / SCENARIO
    if not path.is_file():
        return None
    text = path.read_text("utf-8-sig", errors="replace")
    line = next((line for line in text.splitlines() if line.startswith(_MARK)), None)
    if line is None:
        raise UsageError("import_other_scenario", path=str(path))
    return dict(_DIGEST.findall(line))


def write(
    folder: Path, files: Mapping[str, bytes], scenario: str, language: str, mapping: str | None
) -> Written:
    """Write an import's files, scenario.toml last; `mapping` is the mapping file's name.

    `mapping` alone is written over without a look: the planner's own lines are in its new text.
    """
    before = marks(folder) or {}
    kept = {}
    for name in {*files, *before, SCENARIO} - {mapping}:
        path = folder / name
        new = files.get(name)
        if not path.is_file() or path.read_bytes() == new:
            continue
        if before.get(name) != _digest(_body(path)):
            kept[name] = _put_aside(path)
        elif new is None and name != SCENARIO:
            path.unlink()
    for name, data in files.items():
        write_whole(folder / name, data)
    digests = {name: _digest(data) for name, data in files.items() if name != mapping}
    write_whole(folder / SCENARIO, _marked(scenario, digests, language))
    return Written((*files, SCENARIO), kept)


def _marked(scenario: str, digests: Mapping[str, str], language: str) -> bytes:
    digests = {**digests, SCENARIO: _digest(scenario.encode("utf-8"))}
    shown = " ".join(f"{name}={digest}" for name, digest in sorted(digests.items()))
    head = [f"# {line}" for line in say("sipd.scenario_head", language).splitlines()]
    return "\n".join((*head, f"{_MARK} {shown}", "", scenario)).encode("utf-8")


def _body(path: Path) -> bytes:
    """A file's bytes; of scenario.toml what stands below its mark."""
    data = path.read_bytes()
    if path.name != SCENARIO:
        return data
    text = data.decode("utf-8-sig", errors="replace")
    return text.partition(_MARK)[2].partition("\n\n")[2].encode("utf-8")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _put_aside(path: Path) -> str:
    """Rename a file to a name that is free: proposals.lama.csv, proposals.lama-2.csv, ..."""
    number = 1
    while True:
        ending = ".lama" if number == 1 else f".lama-{number}"
        target = path.with_name(f"{path.stem}{ending}{path.suffix}")
        if not target.exists():
            path.rename(target)
            return target.name
        number += 1
