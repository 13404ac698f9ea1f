"""What the service's commands share: the database they mean, and how refusals are told."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from service.settings import default_database
from service.store import Store
from service.store.engine import parse
from service.store.errors import RefusedError, UnreachableError
from solver.commands import common


def told(command: Callable[..., int]) -> Callable[..., int]:
    """Tell what the store or the desk refuses as one sentence; stands below @common.common."""

    @functools.wraps(command)
    def run(*args: Any, lang: str, **kwargs: Any) -> int:
        try:
            return command(*args, lang=lang, **kwargs)
        except RefusedError as error:
            click.echo(error.text(lang), err=True)
            return common.USAGE

    return run


database_option = click.option("--database", metavar="URL", help="Else SQLite in your own folder.")


@contextmanager
def made(database: str | None) -> Iterator[Store]:
    """The database, made where there is none, its tables brought up to date."""
    store = Store(database or default_database())
    try:
        store.upgrade()
        yield store
    finally:
        store.close()


@contextmanager
def existing(database: str | None) -> Iterator[Store]:
    """The database, which has to be there."""
    url = database or default_database()
    file = parse(url).database if parse(url).drivername == "sqlite" else None
    if file is not None and not Path(file).is_file():
        raise UnreachableError("no_database")
    store = Store(url)
    try:
        store.check()
        yield store
    finally:
        store.close()
