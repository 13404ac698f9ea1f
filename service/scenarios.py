"""Stored scenarios as the solver knows them: resolved once, kept while they are asked for."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping

from service.store import Store, Tx, scenarios, snapshots
from solver.scenario import Scenario, resolve

KEPT = 8
"""So many resolved scenarios are held in memory: those used last."""

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
"""What a stored scenario may be called."""


class Library:
    """The scenarios of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Scenario] = OrderedDict()

    def known(self) -> Known:
        """Every named scenario, as of now."""
        with self.store.session() as tx:
            return Known(self, {row.name: row.digest for row in scenarios.listed(tx)})

    def of(self, digests: Mapping[str, str]) -> Known:
        """The scenarios of these digests under these names, whatever the names stand for now."""
        return Known(self, dict(digests))

    def get(self, digest: str) -> Scenario:
        """The kept scenario of a digest; KeyError where there is none."""
        with self._lock:
            if digest in self._kept:
                self._kept.move_to_end(digest)
                return self._kept[digest]
        with self.store.session() as tx:
            document = snapshots.read(tx, digest)
        if document is None:
            raise KeyError(digest)
        found = resolve(document)
        with self._lock:
            self._kept[digest] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


class Known(Mapping[str, Scenario]):
    """Scenarios by name, each resolved when it is first asked for."""

    def __init__(self, library: Library, digests: Mapping[str, str]) -> None:
        self._library = library
        self.digests = digests

    def __getitem__(self, name: str) -> Scenario:
        return self._library.get(self.digests[name])

    def __contains__(self, name: object) -> bool:
        return name in self.digests

    def __iter__(self) -> Iterator[str]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)


def keep(tx: Tx, name: str, scenario: Scenario) -> str:
    """Keep a scenario under a name, whatever that stood for before; gives its digest."""
    digest = snapshots.keep(tx, "scenario", scenario.document)
    scenarios.name(tx, name, digest, scenario.title)
    return digest
