"""An edit made on a state that is no more, told with who changed what."""

from __future__ import annotations

from typing import Any

from service.store import Tx
from service.store.errors import Phrase, StaleError
from service.store.events import body_of
from service.store.models import Event

_MOST_TOLD = 20


def check_revision(tx: Tx, standing: int, seen: int, subject: str) -> None:
    """Raise StaleError unless what was seen is what stands.

    Its details hold `rev`, the revision that stands, and `changes` since the one seen, oldest
    first, each with rev, at, by, party and what it changed: field -> [before, after].
    """
    if standing == seen:
        return
    changes = _changes(tx, standing, seen)
    details = {"rev": standing, "changes": changes}
    if not changes:
        raise StaleError("other_revision", details, subject=subject)
    fields = [Phrase(f"desk.field_{name}", {}) for name in changes[-1]["changed"]]
    raise StaleError("stale", details, subject=subject, by=changes[-1]["by"], fields=fields)


def _changes(tx: Tx, standing: int, seen: int) -> list[dict[str, Any]]:
    """The entries that changed the thing since, each of which names the one before it."""
    found: list[dict[str, Any]] = []
    rev = standing
    while rev > seen and len(found) < _MOST_TOLD:
        event = tx.get_one(Event, rev)
        body = body_of(event)
        before, after = body["before"], body["after"]
        found.append(
            {
                "rev": rev,
                "at": event.at,
                "by": event.actor,
                "party": event.party,
                "changed": {
                    name: [before[name], after[name]]
                    for name in after
                    if before[name] != after[name]
                },
            }
        )
        rev = before["rev"]
    return found[::-1]
