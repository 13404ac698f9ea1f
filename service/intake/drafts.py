"""Files that somebody is looking at before saving: in memory only, the last few of them.

A draft is its owner's; it is gone when it is saved, thrown away, too old, or pushed out by others.
Whoever restarts the service uploads again: nothing was kept of a file that nobody wanted kept.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.intake import reading
from service.intake.reading import Correction, Reading, Source
from service.store import Actor

MOST = 12
MOST_BYTES = 120 * 1024 * 1024
MOST_CORRECTIONS = 2000
LASTS = 4 * 3600.0
"""Seconds without a look after which a draft is forgotten."""
KINDS = ("workbook", "sipd")


@dataclass(frozen=True)
class Draft:
    """One upload with what was chosen for it on the page so far; `city` is where it is meant to go.

    `mapping` is the city's remembered one, or empty. `changes` are the planner's, by the mapping's
    keys.
    """

    kind: str
    city: str | None
    source: Source
    ceilings: Source | None
    owner: tuple[str, str]
    mapping: str = ""
    corrections: Sequence[Correction] = ()
    changes: Mapping[str, Any] = field(default_factory=dict)
    reading: Reading = field(default_factory=lambda: Reading(None))

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return len(self.source.data) + (len(self.ceilings.data) if self.ceilings else 0)

    def read(self, language: str) -> Draft:
        """The draft with its files read anew."""
        if self.kind == "workbook":
            found = reading.of_workbook(self.source, self.corrections)
        else:
            found = reading.of_export(
                self.source, self.ceilings, self.mapping, self.changes, language
            )
        return replace(self, reading=found)


class Drafts:
    """The drafts of one service, by a name that can't be guessed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, Draft]] = OrderedDict()

    def add(self, draft: Draft) -> str:
        """Keep a draft, and give its name; the oldest ones make room."""
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._kept[name] = time.monotonic(), draft
            self._make_room()
        return name

    def get(self, name: str, owner: Actor) -> Draft | None:
        """The owner's draft of that name; None where there is none any more."""
        with self._lock:
            self._make_room()
            found = self._kept.get(name)
            if found is None or found[1].owner != owner_of(owner):
                return None
            self._kept[name] = time.monotonic(), found[1]
            self._kept.move_to_end(name)
            return found[1]

    def put(self, name: str, draft: Draft) -> None:
        """Exchange a draft that is there."""
        with self._lock:
            if name in self._kept:
                self._kept[name] = time.monotonic(), draft

    def drop(self, name: str) -> None:
        """Forget a draft."""
        with self._lock:
            self._kept.pop(name, None)

    def _make_room(self) -> None:
        limit = time.monotonic() - LASTS
        for name in [name for name, (seen, _) in self._kept.items() if seen < limit]:
            del self._kept[name]
        while len(self._kept) > 1 and (len(self._kept) > MOST or self._bytes() > MOST_BYTES):
            self._kept.popitem(last=False)

    def _bytes(self) -> int:
        return sum(draft.size for _, draft in self._kept.values())


def owner_of(actor: Actor) -> tuple[str, str]:
    """Who may see a draft."""
    return actor.name, actor.role
