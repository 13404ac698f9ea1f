"""Answers kept from one run to the next, by the digest of the question.

One line an answer, written whole and with a checksum, as soon as it is known: a command that was
stopped goes on from there. Only what is proven is kept. A line that is torn, changed or of another
form is passed over, and a plan is believed only where it keeps the rules and adds up to its points.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from solver.assess import points_of, violations
from solver.case import Case
from solver.instance import Figures, Off
from solver.tradeoffs.answer import Answer


def key_of(case: Case, *, near: bool) -> str:
    """The sha256 of everything that decides the answer: the instance, the rows, and how it is put.

    What is switched off shows in the rows; as a set it has no fixed order to be written in.
    """
    instance = replace(case.instance, off=Off())
    return digest(instance, case.rows, near)


def digest(*parts: object) -> str:
    """The sha256 of what these parts say."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


class Cache:
    """The answers of a file, which grows by every answer that is new. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[str, Mapping[str, Any]] = {}
        if path.is_file():
            for line in path.read_text("utf-8", errors="replace").splitlines():
                if entry := _checked(line):
                    self.lines[entry["key"]] = entry

    def get(self, key: str, case: Case) -> Answer | None:
        """The answer to a question that was asked before."""
        entry = self.lines.get(key)
        if entry is None:
            return None
        if not entry["possible"]:
            return Answer(None, None, False, None, case)
        taken = _taken(entry["taken"], case)
        if taken is None or points_of(taken) != entry["best"] or violations(case, taken):
            return None
        return Answer(entry["best"], entry["best"], True, taken, case)

    def put(self, key: str, answer: Answer) -> None:
        """Keep a proven answer."""
        if not answer.proven or key in self.lines:
            return
        taken = sorted((answer.taken or {}).items())
        entry: dict[str, Any] = {
            "key": key,
            "possible": answer.possible,
            "best": answer.best,
            "taken": [[position, figures.volume] for position, figures in taken],
        }
        self.lines[key] = entry
        line = json.dumps({**entry, "check": _check(entry)}, sort_keys=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _check(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:16]


def _checked(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict):
        return None
    check = entry.pop("check", None)
    return entry if check == _check(entry) else None


def _taken(kept: list[list[int]], case: Case) -> dict[int, Figures] | None:
    """The plan, its figures worked out again; None where it does not fit the case."""
    taken = {}
    for position, volume in kept:
        if not 0 <= position < len(case.space.options):
            return None
        option = case.space.options[position]
        if volume == option.full.volume:
            taken[position] = option.full
        elif 0 < volume < option.full.volume:
            taken[position] = option.at(volume)
        else:
            return None
    return taken
