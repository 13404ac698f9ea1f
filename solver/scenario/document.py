"""The resolved scenario as one canonical JSON document, and its digest.

Only cells that are not blank, every list in a fixed order, the objective's defaults written out: so
the digest depends neither on the order of rows and keys nor on how a scenario was put together.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.instance import Alternatives, Choice, Instance, Lock, StageSpec, from_micro
from solver.scenario.draft import TABLES, Draft
from solver.tables import json
from solver.tables.cells import as_json
from solver.tables.numbers import percent_text


def document_of(draft: Draft, instance: Instance) -> dict[str, Any]:
    """The document: JSON values only, what is empty left out, without set, extends and expect."""
    document: dict[str, Any] = {
        "format": 1,
        "title": draft.title,
        "year": draft.year,
        "objective": _objective(draft, instance),
        "alternatives": [_alternatives(noun) for noun in instance.alternatives],
        "requires": [{"proposal": n.proposal, "needs": list(n.needs)} for n in instance.requires],
        "together": [{"proposals": list(noun.proposals)} for noun in instance.together],
        "lock": [_lock(lock) for lock in instance.locks],
        "off": {
            kind: sorted(names)
            for kind in ("rules", "locks", "limits")
            if (names := getattr(draft.off, kind))
        },
    }
    if draft.order is not None:
        document["priority_order"] = {
            "within": list(draft.order.within),
            "enforce": draft.order.enforce,
        }
    found = {key: value for key, value in document.items() if value not in (None, "", [], {})}
    for table in TABLES:
        if table in draft.tables and (table == "proposals" or draft.tables[table]):
            found[table] = [dict(row.document) for _, row in sorted(draft.tables[table].items())]
    return found


def digest_of(document: dict[str, Any]) -> str:
    """The sha256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(json.dump(document).encode("utf-8")).hexdigest()


def _objective(draft: Draft, instance: Instance) -> dict[str, Any]:
    objective: dict[str, Any] = {
        "stages": [_stage(spec) for spec in instance.stages],
        "score": draft.score,
        "rank_within": list(draft.rank_within),
    }
    if draft.weights:
        objective["weights"] = {name: as_json(draft.weights[name]) for name in draft.weights}
    return objective


def _stage(spec: StageSpec) -> str | dict[str, Any]:
    """A stage as it could have been written: the name alone where it has nothing to add."""
    found: dict[str, Any] = {"name": spec.name}
    if spec.give_up:
        found["give_up"] = _give_up(spec.give_up)
    if spec.name == "least_served":
        found |= {"by": spec.by, "measure": spec.measure, "per": spec.per}
    if spec.name == "few_changes":
        found["plan"] = [_choice(choice) for choice in spec.plan]
    return found if len(found) > 1 else spec.name


def _give_up(value: Fraction | Decimal) -> Any:
    return percent_text(value) if isinstance(value, Fraction) else as_json(value)


def _choice(choice: Choice) -> dict[str, Any]:
    found: dict[str, Any] = {"proposal": choice.proposal}
    if choice.option:
        found["option"] = choice.option
    if choice.volume is not None:
        found["volume"] = from_micro(choice.volume)
    return found


def _alternatives(noun: Alternatives) -> dict[str, Any]:
    found: dict[str, Any] = {"proposals": list(noun.proposals)}
    if noun.at_least:
        found["at_least"] = noun.at_least
    return found


def _lock(lock: Lock) -> dict[str, Any]:
    found: dict[str, Any] = {"proposal": lock.proposal, "decision": lock.decision}
    if lock.option is not None:
        found["option"] = lock.option
    if lock.volume is not None:
        found["volume"] = from_micro(lock.volume)
    if lock.reason:
        found["reason"] = lock.reason
    return found
