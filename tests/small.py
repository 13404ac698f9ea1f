"""Tiny scenario documents: complete and right, to be bent in one place by a test."""

from __future__ import annotations

import copy
from typing import Any

ROAD = {
    "id": "U-1", "title": "Jalan Basirih", "agency": "PUPR", "line": "1.03.01",
    "district": "Barat", "ward": "Basirih", "priority": 1, "score": 61.3,
    "volume": 120, "min_volume": 40, "step": 20, "unit": "m", "unit_cost": 1_200_000,
    "beneficiaries": 90,
}  # fmt: skip
DRAIN = {
    "id": "U-2", "title": "Drainase Mawar", "agency": "PUPR", "district": "Tengah",
    "ward": "Mawar", "priority": 1, "score": 40, "amount": 90_000_000, "origin": "pokir",
}  # fmt: skip
HOUSE = {
    "id": "U-3", "title": "RTLH Basirih", "agency": "PERKIM", "district": "Barat",
    "ward": "Basirih", "priority": 2, "score": 30, "amount": 100_000_000,
}  # fmt: skip
OPTIONS = [
    {**HOUSE, "id": "U-4", "priority": 3, "score": 20},
    {**HOUSE, "id": "U-4", "option": "B", "ward": "Telawang", "priority": 3, "score": 15},
]


def document(**changes: Any) -> dict[str, Any]:
    """A right document of five rows; keyword arguments replace or add top-level keys."""
    whole: dict[str, Any] = {
        "format": 1,
        "title": "Desk kecil",
        "year": 2018,
        "proposals": [ROAD, DRAIN, HOUSE, *OPTIONS],
        "agencies": [
            {"code": "PUPR", "name": "Dinas PUPR", "ceiling": 1_000_000_000},
            {"code": "PERKIM", "ceiling": "unlimited"},
        ],
        "lines": [
            {"code": "1.03", "agency": "PUPR", "ceiling": 800_000_000},
            {"code": "1.03.01", "parent": "1.03", "agency": "PUPR", "target": 500, "unit": "m"},
        ],
    }
    return copy.deepcopy({**whole, **changes})


def with_proposal(number: int = 0, **cells: Any) -> dict[str, Any]:
    """The right document with cells of one row of proposals changed; None blanks a cell."""
    whole = document()
    whole["proposals"][number].update(cells)
    return whole
