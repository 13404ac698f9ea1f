"""The tables' revisions: Alembic run on a connection that is already in a transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect

from service.store.errors import UnreachableError
from service.store.models import Base


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the steps up to a revision; UnreachableError where the tables are not ours, or newer."""
    there = set(inspect(connection).get_table_names())
    if revision_of(connection) is None and there & set(Base.metadata.tables):
        raise UnreachableError("not_ours")  # tables of the same names, made by somebody else
    try:
        command.upgrade(_config(connection), revision)
    except CommandError:
        raise UnreachableError("newer") from None


def downgrade(connection: Connection, revision: str) -> None:
    """Run the steps back to `revision`."""
    command.downgrade(_config(connection), revision)


def revision_of(connection: Connection) -> str | None:
    """The revision that the database is at; None: it has no tables of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this version of Kayuh works with."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    folder = Path(__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
