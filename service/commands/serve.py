"""kayuh serve: the desk over HTTP, until it is asked to stop."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

import scenarios as embedded
from service import logs, scenarios
from service.app import create_app
from service.commands.common import database_option, told
from service.context import KEY
from service.desk import city as cities
from service.server import Server
from service.settings import CITY, Settings, default_database, trusted_names
from service.store import Store, jobs, people
from service.store import scenarios as names
from solver.commands import common
from solver.errors import UsageError
from solver.scenario import read
from solver.words import say

TURN = 0.0005
"""Seconds after which a solve has to let a request go on, each time that one comes back from the
database or the network; Python's own 5 ms would add up to a tenth of a second a request."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@database_option
@common.common
@told
def serve(host: str, port: int, database: str | None, lang: str, as_json: bool) -> int:
    """Run the desk, for this computer only unless --host says otherwise.

    Example: kayuh serve --port 8080 --database sqlite:///kota.db
    """
    settings = Settings(
        database=database or default_database(),
        host=host,
        port=port,
        trusted=trusted_names(host),
        language=lang,
    )
    logs.to_standard_error()
    sys.setswitchinterval(TURN)
    store = Store(settings.database)
    store.claim()
    prepare(store, lang)
    _check_accounts(store, settings, lang)
    app = create_app(settings, store)
    server = Server(app, settings)
    _tell_where(server.url, store, lang, as_json=as_json)
    runner = app.extensions[KEY].runner
    with _stopping(runner.close, lang):
        server.run()
    runner.close()
    store.close()
    click.echo(say("serve.stopped", lang), err=True)
    return common.DONE


def prepare(store: Store, language: str) -> None:
    """Bring the tables up to date, give a new database the embedded city, and get the cities ready.

    Jobs that the last process left under way are marked as interrupted.
    """
    store.upgrade()
    with store.write() as tx:
        left = jobs.interrupted(tx)
        is_new = names.digest_of(tx, CITY) is None
    if left:
        click.echo(say("serve.interrupted", language, {"number": len(left)}), err=True)
    if is_new:
        click.echo(say("serve.making", language), err=True)
        city = read(embedded.path(CITY))
        with store.write() as tx:
            cities.create(tx, CITY, scenarios.keep(tx, CITY, city))
    with store.session() as tx:
        cities.warm(tx)


def _check_accounts(store: Store, settings: Settings, language: str) -> None:
    """Other machines may call only where people have to sign in."""
    if settings.is_loopback:
        return
    with store.session() as tx:
        if not any(user.active for user in people.listed(tx)):
            raise UsageError("needs_accounts", host=settings.host)
    click.echo(say("serve.plain_http", language), err=True)


def _tell_where(url: str, store: Store, language: str, *, as_json: bool) -> None:
    facts = {"url": url, "database": store.url.render_as_string(hide_password=True)}
    if as_json:
        common.emit(facts)
    else:
        click.echo(say("serve.started", language, facts))


@contextmanager
def _stopping(close: Callable[[], None], language: str) -> Iterator[None]:
    """SIGTERM and SIGINT end the server; at once its solves are told to give their best.

    A second one ends the process as it would any other.
    """

    def ask(_number: int, _frame: Any) -> None:
        for number in before:
            signal.signal(number, signal.SIG_DFL)
        click.echo(say("serve.stopping", language), err=True)
        # Requests that wait for a result hold up the server's end, so it does not come first.
        threading.Thread(target=close, name="closing").start()
        raise SystemExit

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
