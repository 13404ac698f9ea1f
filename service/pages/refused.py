"""A refusal explained in place: the limit, the room left and who holds it, or who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.desk.city import limits_for
from service.desk.over import name_of
from service.pages.listing import micro
from service.pages.told import field_change
from service.store import LOCAL, Tx
from service.store.errors import Phrase, RefusedError, spoken
from service.store.models import Desk
from solver.words import Quantity


def explained(tx: Tx, desk: Desk, refusal: RefusedError, language: str) -> dict[str, Any]:
    """What the page shows of a refusal: its sentence, the limits in numbers, the changes."""
    details = refusal.details
    if refusal.facts.get("by") == LOCAL.name:
        refusal.facts["by"] = Phrase("page.local", {})
    return {
        "text": refusal.text(language),
        "limits": [_limit(tx, desk, one, language) for one in details.get("limits", ())],
        "changes": [
            {
                "by": change["by"],
                "at": change["at"],
                "fields": [
                    field_change(name, before, after, language)
                    for name, (before, after) in change["changed"].items()
                ],
            }
            for change in details.get("changes", ())
        ],
    }


def _limit(tx: Tx, desk: Desk, found: Mapping[str, Any], language: str) -> dict[str, Any]:
    limits = limits_for(tx, desk.city)
    key = (found["rule"], found["subject"], found["measure"])
    row = next(r for r in limits.rows if (r.rule, r.subject, r.measure) == key)
    units = {limits.space.options[i].unit for i in row.members}
    unit = units.pop() if row.measure == "volume" and len(units) == 1 else ""

    def told(value: int | float) -> Quantity:
        whole = micro(value) if row.measure in ("points", "volume") else int(value)
        return Quantity(whole, row.measure, unit)

    return {
        "name": spoken(name_of(row), language),
        "max": None if found["max"] is None else told(found["max"]),
        "need": told(found["need"]) if "need" in found else None,
        "room": told(found["room"]) if "room" in found else None,
        "holders": [(h["agency"], told(h["used"])) for h in found.get("holders", ())],
    }
