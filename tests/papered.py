"""The small city with a desk that has decided, heard its parties, and may be sealed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from desks import PUPR, city_at

from service.desk import agreement, decisions, sessions
from service.desk.decisions import Edit
from service.store import LOCAL, Actor, Store, events

NASTY = '=HYPERLINK("http://x") <b>tebal</b> {{ 7*7 }} {% for x in y %} \u202egnp'
"""What somebody types who wants it to become a formula, markup or a template."""


def decide(store: Store, proposal: str, code: str, desk: str = PUPR, **more: Any) -> None:
    """One decision on top of what stands."""
    with store.write(LOCAL) as tx:
        found = decisions.of_city(tx, "kota").get(proposal)
        decisions.edit(tx, desk, proposal, Edit(code, **more), found.rev if found else 0)


def agree(store: Store, desk: str = PUPR, excepted: dict[str, list[str]] | None = None) -> None:
    """All three parties to every list; `excepted`: by district what its kecamatan leaves out."""
    with store.session() as tx:
        head = events.head(tx).seq
    for district in ("Barat", "Tengah"):
        for party in ("opd", "kecamatan", "planner"):
            left = (excepted or {}).get(district, []) if party == "kecamatan" else []
            with store.write(Actor("Ketua", "local")) as tx:
                try:
                    agreement.agree(tx, desk, party, district, head, left)
                except Exception as error:
                    if getattr(error, "code", "") not in ("no_list", "nothing_discussed"):
                        raise


@contextmanager
def decided(url: str, nasty: str = NASTY, **changes: Any):
    """PUPR has cut U-1, deferred U-2, kept U-6; U-5 is undiscussed, the kecamatan excepts U-2."""
    with city_at(url, **changes) as store:
        decide(store, "U-1", "accommodated", volume=80, note=nasty)
        decide(store, "U-2", "deferred", reason="land", note="surat belum ada")
        decide(store, "U-6", "accommodated")
        agree(store, excepted={"Tengah": ["U-2"]})
        yield store


def seal(store: Store, desk: str = PUPR) -> None:
    """Close the desk and seal it."""
    with store.write(LOCAL) as tx:
        sessions.close(tx, desk)
    with store.write(LOCAL) as tx:
        sessions.sign(tx, desk)
