"""The store: one database, read in moments and written by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

from service.store import schema
from service.store.actor import SYSTEM, Actor
from service.store.engine import claim, for_reading, for_writing, open_engine, parse
from service.store.errors import BusyError, UnreachableError
from service.store.models import Head
from service.store.trouble import told

Tx = Session
"""A transaction; what is read in it belongs to one moment."""


def stamp(moment: datetime) -> str:
    """A time in UTC as it stands in every table: the text sorts as the time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now() -> str:
    """The present time."""
    return stamp(datetime.now(UTC))


def actor_of(tx: Tx) -> Actor:
    """Who writes in this transaction."""
    actor: Actor = tx.info["actor"]
    return actor


class Store:
    """The database behind `url`. Raises StoreError where it can't be had.

    `wait` is how many seconds a writer waits for the others before it is refused.
    """

    def __init__(self, url: str | URL, wait: float = 10.0) -> None:
        self.url = parse(url)
        self.wait = wait
        self._engine = open_engine(self.url, wait)
        self._read = sessionmaker(for_reading(self._engine), expire_on_commit=False)
        self._write = sessionmaker(for_writing(self._engine), expire_on_commit=False)
        # Writers of this process queue here: the database's own waiting is a poll, and unfair.
        self._turn = threading.Lock()
        self._claims = ExitStack()

    @contextmanager
    def session(self) -> Iterator[Tx]:
        """Reads of one moment; nothing is written."""
        with told(), self._read() as tx:
            tx.info["actor"] = SYSTEM
            yield tx

    @contextmanager
    def write(self, actor: Actor = SYSTEM) -> Iterator[Tx]:
        """One writing transaction: kept whole when the block ends, undone whole where it fails."""
        if not self._turn.acquire(timeout=self.wait):
            raise BusyError("busy")
        try:
            with told(), self._write.begin() as tx:
                tx.info["actor"] = actor
                tx.connection()  # takes the write lock before anything is read
                yield tx
        finally:
            self._turn.release()

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(str(self.url.database)) if self.url.drivername == "sqlite" else None

    def check(self) -> None:
        """Raise UnreachableError unless the tables are there, at this version's revision."""
        with self.session() as tx:
            revision = schema.revision_of(tx.connection())
        if revision is None:
            raise UnreachableError("not_ours")
        if revision != schema.newest():
            raise UnreachableError("other_revision")

    def probe(self) -> None:
        """Write what stands there already: StoreError where an edit would be refused now."""
        with self.write() as tx:
            tx.execute(update(Head).values(seq=Head.seq))

    def upgrade(self, revision: str = "head") -> None:
        """Bring the tables to a revision, by default the newest; a new database gets them all."""
        with self.write() as tx:
            schema.upgrade(tx.connection(), revision)

    def downgrade(self, revision: str) -> None:
        """Bring the tables back to an older revision; `base` is no tables at all."""
        with self.write() as tx:
            schema.downgrade(tx.connection(), revision)

    def claim(self) -> None:
        """Be the one service that works on this database's jobs, till `close` or till killed.

        BusyError where another one is: it would take that one's jobs for left behind.
        """
        with told():
            self._claims.callback(claim(self._engine))

    def close(self) -> None:
        """Let go of every connection."""
        self._claims.close()
        self._engine.dispose()
