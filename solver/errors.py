"""What can go wrong, as one tree of exceptions.

    KayuhError
    |- UsageError      the command or the call was put wrongly (exit 2)
    `- InputError      the tables or the scenario hold problems (exit 5); carries every one found

An impossible scenario is not an error: it is a Result (see result.py).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where something stands in the user's own files; what is unknown stays None."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    key: str | None = None


@dataclass(frozen=True)
class Issue:
    """One problem in the input: where it is, what was found, and what to do.

    `code` names a sentence of the catalogue `input`; `facts` fill its blanks. `suggestion` is the
    nearest known name or the value to write instead, where there is one.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    place: Place = field(default_factory=Place)
    column: str | None = None
    value: Any = None
    suggestion: str | None = None


@dataclass(frozen=True)
class Notice:
    """Something a planner should know that stops nothing: a sentence of the catalogue `warning`."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class KayuhError(Exception):
    """The root of every error that Kayuh raises on purpose."""


class UsageError(KayuhError):
    """The command or the call was put wrongly; `code` and `facts` name the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class InputError(KayuhError):
    """The input holds problems; `issues` has every one that was found, never only the first."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__(", ".join(sorted({issue.code for issue in self.issues})))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None where nothing is alike."""
    folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    return folded[found[0]] if found else None
