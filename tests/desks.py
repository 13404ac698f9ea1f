"""A small city of two desks with limits that they share, and stores that hold it."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from typing import Any

from service.desk import city, sessions
from service.store import LOCAL, Store, snapshots
from solver.scenario import resolve

PUPR, PERKIM = "kota.PUPR", "kota.PERKIM"
AGENCIES = [
    {"code": "PUPR", "name": "Dinas PUPR", "ceiling": 1_000_000_000},
    {"code": "PERKIM", "name": "Dinas Perkim", "ceiling": 1_000_000_000},
]
ROAD = {
    "id": "U-1", "title": "Jalan Basirih", "agency": "PUPR", "district": "Barat",
    "ward": "Basirih", "priority": 1, "score": 60, "volume": 120, "min_volume": 40, "step": 20,
    "unit": "m", "unit_cost": 1_000_000,
}  # fmt: skip
PROPOSALS = [
    ROAD,
    {"id": "U-2", "title": "Drainase Mawar", "agency": "PUPR", "district": "Tengah",
     "ward": "Mawar", "priority": 1, "score": 40, "amount": 90_000_000},
    {"id": "U-3", "title": "RTLH Basirih", "agency": "PERKIM", "district": "Barat",
     "ward": "Basirih", "priority": 2, "score": 30, "amount": 100_000_000},
    {"id": "U-4", "title": "MCK", "agency": "PERKIM", "district": "Barat", "ward": "Basirih",
     "priority": 3, "score": 20, "amount": 60_000_000},
    {"id": "U-4", "option": "B", "title": "MCK", "agency": "PERKIM", "district": "Tengah",
     "ward": "Mawar", "priority": 3, "score": 20, "amount": 60_000_000},
    {"id": "U-5", "title": "Siring", "agency": "PUPR", "district": "Barat", "ward": "Telawang",
     "priority": 4, "score": 10, "amount": 50_000_000, "gate": "land"},
    {"id": "U-6", "title": "Sudah di Renja", "agency": "PUPR", "district": "Barat",
     "ward": "Telawang", "priority": 5, "score": 10, "amount": 10_000_000, "covered_by": "1.03"},
]  # fmt: skip


def document(**changes: Any) -> dict[str, Any]:
    """The city's scenario: at most Rp 200 million go to Barat, whichever desk spends them."""
    whole = {
        "format": 1,
        "title": "Kota kecil",
        "year": 2018,
        "proposals": PROPOSALS,
        "agencies": AGENCIES,
        "lines": [{"code": "1.03", "agency": "PUPR"}],
        "locations": [{"district": "Barat", "max_amount": 200_000_000}, {"district": "Tengah"}],
    }
    return copy.deepcopy({**whole, **changes})


def keep(tx: Any, whole: dict[str, Any]) -> str:
    """The digest under which a scenario document is kept, resolved."""
    return snapshots.keep(tx, "scenario", resolve(whole).document)


@contextmanager
def city_at(url: str, wait: float = 10.0, opened: bool = True, **changes: Any):
    """A store with the small city in it, both desks open."""
    store = Store(url, wait)
    try:
        store.upgrade()
        with store.write(LOCAL) as tx:
            city.create(tx, "kota", keep(tx, document(**changes)))
        if opened:
            with store.write(LOCAL) as tx:
                for desk in city.desks(tx, "kota"):
                    sessions.open_session(tx, desk.id)
        yield store
    finally:
        store.close()
