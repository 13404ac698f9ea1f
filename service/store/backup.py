"""A backup is one SQLite file, whatever the database is; it is restored into an empty one only.

It can be made while others write: it holds one moment. Nobody who is signed in is part of what is
restored, nor what the throttle has counted.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Table, insert, inspect, select

from service.store import events
from service.store.errors import UnreachableError
from service.store.events import Fault, Mark
from service.store.models import Attempt, Base, Login
from service.store.store import Store, Tx
from service.store.trouble import told
from solver.errors import UsageError

_LEFT_OUT = {Login.__tablename__, Attempt.__tablename__}
_AT_ONCE = 500


def backup(store: Store, file: Path) -> Mark:
    """Write a backup, whole or not at all, and give the log's head in it.

    UsageError where the file is there already: a backup is never written over.
    """
    store.check()
    if file.exists():
        raise UsageError("already_there", path=str(file))
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with told():
            os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            if store.file is not None:
                _online(store.file, beside)
            else:
                _dump(store, beside)
        mark = _head_of(beside)
        beside.replace(file)
    except OSError as error:
        reason = error.strerror or "?"
        raise UsageError("cannot_write", name=str(file), reason=reason) from None
    finally:
        for left in (beside, *(beside.with_name(beside.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
    return mark


def restore(store: Store, file: Path, verify: Callable[[Tx], Sequence[Fault]]) -> Mark:
    """Fill an empty database from a backup, whole or not at all, and give the log's head.

    `verify` finds what in the backup is not as it was written.
    Raises UnreachableError where the target holds data, or where the backup is none, or is not as
    it was made.
    """
    with _opened(file) as source, source.session() as old:
        if faults := verify(old):
            raise UnreachableError("backup_faulty", number=len(faults))
        _require_empty(store)
        store.upgrade()
        with store.write() as new:
            for table in Base.metadata.sorted_tables:
                if table.name not in _LEFT_OUT:
                    _copy(table, old, new)
        return events.head(old)


def _online(source: Path, target: Path) -> None:
    """SQLite's own backup, in one step: no writer can change the pages half way."""
    with (
        closing(sqlite3.connect(source, timeout=30)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, also where it can't be written to


def _dump(store: Store, target: Path) -> None:
    """All rows of one moment, written into a new SQLite database."""
    copy = Store(_address(target))
    try:
        copy.upgrade()
        with store.session() as old, copy.write() as new:
            for table in Base.metadata.sorted_tables:
                if table.name not in _LEFT_OUT:
                    _copy(table, old, new)
    finally:
        copy.close()
    with closing(sqlite3.connect(target)) as file:
        file.execute("PRAGMA journal_mode=DELETE")


def _address(file: Path) -> URL:
    return URL.create("sqlite", database=str(file))


def _copy(table: Table, old: Tx, new: Tx) -> None:
    rows = old.execute(select(table).execution_options(yield_per=_AT_ONCE))
    for part in rows.mappings().partitions():
        new.execute(insert(table), [dict(row) for row in part])


@contextmanager
def _opened(file: Path) -> Iterator[Store]:
    """A copy of the backup, brought to this version's tables; the backup itself stays as it is."""
    if not file.is_file():
        raise UnreachableError("no_backup")
    with tempfile.TemporaryDirectory(prefix="kayuh-") as folder:
        copy = Path(folder) / "backup.db"
        copy.write_bytes(file.read_bytes())
        _require_sound(copy)
        store = Store(_address(copy))
        try:
            store.upgrade()
            yield store
        finally:
            store.close()


def _require_sound(file: Path) -> None:
    """Raise UnreachableError unless it is a database of ours that can be read whole."""
    try:
        with closing(sqlite3.connect(file)) as found:
            sound = found.execute("PRAGMA quick_check").fetchone()[0] == "ok"
            found.execute("SELECT version_num FROM alembic_version").fetchone()
            found.execute("SELECT seq FROM event LIMIT 1").fetchone()
    except sqlite3.Error:
        raise UnreachableError("no_backup") from None
    if not sound:
        raise UnreachableError("corrupt")


def _head_of(file: Path) -> Mark:
    with closing(sqlite3.connect(file)) as found:
        row = found.execute("SELECT seq, hash FROM head").fetchone()
    return Mark(*row) if row else Mark(0, events.START)


def _require_empty(store: Store) -> None:
    """Raise UnreachableError where a table of ours holds a row."""
    with store.session() as tx:
        there = inspect(tx.connection()).get_table_names()
        for table in Base.metadata.sorted_tables:
            if table.name in there and tx.execute(select(table).limit(1)).first() is not None:
                raise UnreachableError("not_empty")
