"""A proposal as it goes into the scenario, with what it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from solver.sipd.choice import Choice
from solver.sipd.record import Record


@dataclass(frozen=True)
class Entry:
    """One row of the scenario's proposals. `gate` is empty where nothing stands in the way.

    `corrected` are the cells that the planner has set in the mapping, so that nobody asks again.
    """

    id: str
    record: Record
    choice: Choice
    agency: str
    district: str
    ward: str
    volume: Decimal | None
    unit: str
    amount: int
    gate: str = ""
    corrected: frozenset[str] = frozenset()
