"""The names that stored scenarios go by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from service.store.errors import UnknownError
from service.store.events import record
from service.store.models import Scenario, Snapshot
from service.store.store import Tx


def name(tx: Tx, name: str, digest: str, title: str) -> Scenario:
    """Let a name stand for a kept scenario, whatever it stood for before."""
    if tx.get(Snapshot, digest) is None:
        raise UnknownError("no_snapshot", digest=digest)
    row = tx.get(Scenario, name)
    before = None if row is None else row.digest
    body = {"name": name, "digest": digest, "title": title, "before": before}
    rev = record(tx, "scenario.named", body).seq
    if row is None:
        row = Scenario(name=name, digest=digest, title=title, rev=rev)
        tx.add(row)
    else:
        row.digest, row.title, row.rev = digest, title, rev
    tx.flush()
    return row


def listed(tx: Tx) -> Sequence[Scenario]:
    """Every named scenario, by name."""
    return tx.scalars(select(Scenario).order_by(Scenario.name)).all()


def digest_of(tx: Tx, name: str) -> str | None:
    """The digest that a name stands for, or None."""
    row = tx.get(Scenario, name)
    return None if row is None else row.digest
