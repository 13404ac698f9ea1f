"""Data sets, scenarios and results: never changed, named by the sha256 of their canonical text."""

from __future__ import annotations

import json
import zlib
from typing import Any, NamedTuple

from sqlalchemy import LargeBinary, select, type_coerce

from service.store.canonical import canonical, sha256
from service.store.events import Fault
from service.store.models import Snapshot
from service.store.store import Tx, now

_AS_KEPT = type_coerce(Snapshot.text, LargeBinary)


class Sealed(NamedTuple):
    """A document made ready to be kept: that takes long, so it is done before a transaction."""

    digest: str
    packed: bytes


def sealed(document: Any) -> Sealed:
    """The document as it is kept."""
    text = canonical(document)
    return Sealed(sha256(text), zlib.compress(text.encode("utf-8")))


def keep(tx: Tx, kind: str, document: Any) -> str:
    """Keep a document, sealed or not, and give its digest; what is there is not written again."""
    ready = document if isinstance(document, Sealed) else sealed(document)
    if tx.scalar(select(Snapshot.digest).where(Snapshot.digest == ready.digest)) is None:
        tx.add(Snapshot(digest=ready.digest, kind=kind, text=ready.packed, at=now()))
        tx.flush()
    return ready.digest


def verify(tx: Tx) -> list[Fault]:
    """A fault for each document that is no longer the one its digest names."""
    faults = []
    for row in tx.execute(select(Snapshot.digest, _AS_KEPT).execution_options(yield_per=50)):
        try:
            fits = sha256(zlib.decompress(row[1]).decode("utf-8")) == row[0]
        except (zlib.error, UnicodeDecodeError):
            fits = False
        if not fits:
            faults.append(Fault("snapshot_altered", facts={"subject": row[0][:16]}))
    return faults


def read(tx: Tx, digest: str) -> Any | None:
    """The document of a digest, or None where there is none."""
    found = tx.get(Snapshot, digest)
    return None if found is None else json.loads(found.text)
