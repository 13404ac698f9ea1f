"""What a database says when it can't, in our words; what is a defect of ours stays as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.store.errors import BusyError, FullError, StoreError, UnreachableError

_SQLITE: Mapping[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_BUSY: (BusyError, "busy"),
    sqlite3.SQLITE_LOCKED: (BusyError, "busy"),
    sqlite3.SQLITE_FULL: (FullError, "full"),
    sqlite3.SQLITE_IOERR: (FullError, "io_error"),
    sqlite3.SQLITE_READONLY: (FullError, "read_only"),
    sqlite3.SQLITE_PERM: (UnreachableError, "cannot_open"),
    sqlite3.SQLITE_CANTOPEN: (UnreachableError, "cannot_open"),
    sqlite3.SQLITE_NOTADB: (UnreachableError, "not_ours"),
    sqlite3.SQLITE_CORRUPT: (UnreachableError, "corrupt"),
}
_POSTGRESQL = (
    ("55P03", BusyError, "busy"),  # lock_timeout
    ("40", BusyError, "busy"),  # deadlock, serialisation
    ("53100", FullError, "full"),
    ("53", BusyError, "busy"),  # out of connections or memory
    ("58", FullError, "io_error"),
    ("25006", FullError, "read_only"),
    ("08", UnreachableError, "unreachable"),
    ("28", UnreachableError, "unreachable"),
    ("3D", UnreachableError, "unreachable"),
    ("57P", UnreachableError, "unreachable"),
    ("XX001", UnreachableError, "corrupt"),
)


@contextmanager
def told() -> Iterator[None]:
    """Raise a StoreError for what the database refuses; its own text may name files and hosts."""
    try:
        yield
    except PoolTimeout:
        raise BusyError("busy") from None
    except (DBAPIError, sqlite3.Error) as error:
        meant = _meant(error)
        if meant is None:
            raise
        raise meant from None


def _meant(error: DBAPIError | sqlite3.Error) -> StoreError | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        found = _SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        return None if found is None else found[0](found[1])
    state = getattr(cause, "sqlstate", None)
    if state:
        fitting = (kind(code) for start, kind, code in _POSTGRESQL if state.startswith(start))
        return next(fitting, None)
    # psycopg gives no state where no connection could be had.
    return UnreachableError("unreachable") if isinstance(error, OperationalError) else None
