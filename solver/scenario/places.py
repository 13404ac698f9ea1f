"""Which districts and wards exist: those of the proposals and those of the locations table."""

from __future__ import annotations

from collections.abc import Mapping

from solver.tables.rows import Key, Row

Tables = Mapping[str, Mapping[Key, Row]]


def asked_places(tables: Tables) -> set[tuple[str, str]]:
    """The wards that proposals name, and their districts."""
    found = set()
    for row in tables.get("proposals", {}).values():
        district, ward = row.text("district"), row.text("ward")
        if district:
            found.add((district, ""))
            found.add((district, ward))
    return found


def known_places(tables: Tables) -> set[tuple[str, str]]:
    """Every district (with an empty ward) and every ward in it."""
    found = asked_places(tables)
    for district, ward in tables.get("locations", {}):
        found.add((district, ""))
        found.add((district, ward))
    return found


def with_place(tables: Tables, district: str, ward: str) -> dict[Key, Row]:
    """The locations table with a row for a place that so far only proposals name.

    A table that lists one district lists all of them, and one that lists one ward of a district
    lists all its wards: so the places beside it get a row too, else they would now count as
    unknown.
    """
    rows = dict(tables.get("locations", {}))
    asked = asked_places(tables)
    new = {(district, ward)}
    if not rows:
        new |= {place for place in asked if not place[1]}
    if ward and not any(key[0] == district and key[1] for key in rows):
        new |= {place for place in asked if place[0] == district}
    for place in sorted(new - rows.keys()):
        cells = {"district": place[0]} | ({"ward": place[1]} if place[1] else {})
        rows[place] = Row(cells)
    return rows
