"""The log: every change is appended in its own transaction, each entry sealing the one before.

hash = sha256 of the hash before it followed by the entry as canonical JSON. Whoever alters or
deletes, inserts or moves an entry breaks the chain; whoever writes the whole chain anew ends at
another head than the one printed in the minutes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from service.store.canonical import canonical, sha256
from service.store.models import Event, Head
from service.store.store import Tx, actor_of, now

START = "0" * 64
"""The hash before the first entry."""
_ONLY = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in the log: the number and the hash of its last entry."""

    seq: int
    hash: str

    @property
    def fingerprint(self) -> str:
        """The mark as the minutes print it: 4711-7f3a-91c2-5e0d-a1b7."""
        return "-".join([str(self.seq), *(self.hash[i : i + 4] for i in range(0, 16, 4))])


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the log that is not as it was written; `code` names a sentence of `log`."""

    code: str
    seq: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def head(tx: Tx) -> Mark:
    """The last entry; number 0 before the first."""
    row = tx.get(Head, _ONLY)
    return Mark(0, START) if row is None else Mark(row.seq, row.hash)


def marks(tx: Tx, fingerprint: str) -> bool:
    """Whether a fingerprint that was printed once is that of an entry of this log."""
    number, _, printed = fingerprint.strip().lower().partition("-")
    if not number.isdecimal() or len(number) > 18:
        return False
    event = tx.get(Event, int(number))
    return event is not None and Mark(event.seq, event.hash).fingerprint == f"{event.seq}-{printed}"


def append(
    tx: Tx, actor: str, party: str | None, desk: str | None, kind: str, body: Mapping[str, Any]
) -> Event:
    """Add an entry at the end of the log; it is kept or lost together with the transaction."""
    row = tx.get(Head, _ONLY)
    last = Mark(0, START) if row is None else Mark(row.seq, row.hash)
    entry = Event(
        seq=last.seq + 1,
        at=now(),
        actor=actor,
        party=party,
        desk=desk,
        kind=kind,
        body=canonical(body),
        prev=last.hash,
    )
    entry.hash = _hash(entry)
    tx.add(entry)
    if row is None:
        tx.add(Head(id=_ONLY, seq=entry.seq, hash=entry.hash))
    else:
        row.seq, row.hash = entry.seq, entry.hash
    tx.flush()
    return entry


def record(tx: Tx, kind: str, body: Mapping[str, Any], desk: str | None = None) -> Event:
    """Add an entry for whoever writes in this transaction."""
    actor = actor_of(tx)
    return append(tx, actor.name, actor.party, desk, kind, body)


def body_of(event: Event) -> Any:
    """What an entry says."""
    return json.loads(event.body)


def verify(tx: Tx) -> list[Fault]:
    """Every fault of the chain, in order; an empty list where the log is as it was written."""
    faults = []
    before = Mark(0, START)
    for entry in tx.scalars(select(Event).order_by(Event.seq).execution_options(yield_per=500)):
        if entry.seq != before.seq + 1:
            faults.append(
                Fault("missing", entry.seq, {"first": before.seq + 1, "last": entry.seq - 1})
            )
        elif entry.prev != before.hash:
            faults.append(Fault("broken_link", entry.seq))
        if entry.hash != _hash(entry):
            faults.append(Fault("altered", entry.seq))
        before = Mark(entry.seq, entry.hash)
    if head(tx) != before:
        faults.append(Fault("cut_short", before.seq, {"head": head(tx).seq, "last": before.seq}))
    return faults


def _hash(entry: Event) -> str:
    """The entry's seal, from the text of its body as it stands and all that is said beside it."""
    sealed = {
        "seq": entry.seq,
        "at": entry.at,
        "actor": entry.actor,
        "party": entry.party,
        "desk": entry.desk,
        "kind": entry.kind,
        "body": entry.body,
    }
    return sha256(entry.prev + canonical(sealed))
