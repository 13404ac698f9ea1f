"""Opens the database: SQLite in a file, or PostgreSQL by its URL.

SQLite runs in WAL mode, so that readers never wait for a writer, and syncs at every commit, so that
what was acknowledged outlives a killed process and a power cut. A writing transaction takes the
write lock when it begins: what it has read cannot change under it. On PostgreSQL an advisory lock
does the same.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from service.store.errors import BusyError, UnreachableError

_CONNECTIONS = 48
"""More than the server has threads, so that none waits for a connection."""


def parse(url: str | URL) -> URL:
    """The URL of a database that Kayuh can use; UnreachableError where it is none."""
    try:
        found = make_url(url)
    except ArgumentError:
        raise UnreachableError("bad_url") from None
    if found.drivername == "postgresql":
        found = found.set(drivername="postgresql+psycopg")
    if found.drivername == "sqlite" and (
        found.database in (None, "", ":memory:") or found.query or found.host
    ):
        raise UnreachableError("not_a_file")
    if found.drivername not in ("sqlite", "postgresql+psycopg"):
        raise UnreachableError("bad_url")
    return found


def open_engine(url: URL, wait: float) -> Engine:
    """The engine; `wait` is how many seconds a writer waits for another."""
    if url.drivername == "sqlite":
        return _sqlite(url, wait)
    try:
        return _postgresql(url, wait)
    except ImportError:
        raise UnreachableError("no_driver") from None


def _sqlite(url: URL, wait: float) -> Engine:
    _create_private(Path(str(url.database)))
    engine = create_engine(
        url,
        connect_args={"timeout": wait, "check_same_thread": False},
        pool_size=8,
        max_overflow=_CONNECTIONS - 8,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, see below
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode != "wal":  # a folder on the network, most likely
            raise UnreachableError("no_wal")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _create_private(file: Path) -> None:
    """A new database is its owner's alone: it holds the hashes of passwords."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError:
        raise UnreachableError("cannot_open") from None


def _postgresql(url: URL, wait: float) -> Engine:
    engine = create_engine(
        url,
        connect_args={"connect_timeout": max(2, int(wait))},
        pool_size=8,
        max_overflow=_CONNECTIONS - 8,
        pool_pre_ping=True,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.execute(text(f"SET LOCAL lock_timeout = '{int(wait * 1000)}ms'"))
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext('kayuh ' || current_schema()))")
            )

    return engine


def for_reading(engine: Engine) -> Engine:
    """The engine whose transactions see one moment throughout."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def for_writing(engine: Engine) -> Engine:
    """The engine whose transactions take the write lock when they begin.

    On PostgreSQL each statement has to see what was committed before the lock was had.
    """
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="READ COMMITTED")
    return engine.execution_options(writes=True)


def claim(engine: Engine) -> Callable[[], None]:
    """Hold what only one service can hold of a database, and give what lets it go.

    The system lets it go when the process ends, however it ends. BusyError where it is held.
    """
    if engine.dialect.name == "postgresql":
        return _claim_postgresql(engine)
    # SQLite's own lock on an empty file beside the database: it works on every system.
    held = sqlite3.connect(f"{engine.url.database}-service", timeout=0, check_same_thread=False)
    try:
        held.isolation_level = None
        held.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        held.close()
        raise BusyError("in_use") from None
    return held.close


def _claim_postgresql(engine: Engine) -> Callable[[], None]:
    held = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    key = "hashtext('kayuh service ' || current_schema())"
    if not held.execute(text(f"SELECT pg_try_advisory_lock({key})")).scalar():
        held.close()
        raise BusyError("in_use")

    def let_go() -> None:
        held.invalidate()  # closed for good: in the pool it would keep the lock
        held.close()

    return let_go
