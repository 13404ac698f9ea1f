"""Rows of agencies, places, Renja lines and limits become nouns."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from solver.instance import MICRO, Agency, Limit, Line, Location
from solver.scenario.draft import Draft
from solver.scenario.places import known_places
from solver.tables.cells import UNLIMITED
from solver.tables.problems import Problems
from solver.tables.rows import Row


def agencies_of(draft: Draft) -> tuple[Agency, ...]:
    """The agencies, by code."""
    found = []
    for (code,), row in sorted(draft.rows("agencies").items()):
        ceiling = row.get("ceiling")
        found.append(
            Agency(
                code=code,
                name=row.text("name"),
                ceiling=None if ceiling == UNLIMITED else ceiling,
                committed=row.get("committed") or 0,
            )
        )
    return tuple(found)


def locations_of(draft: Draft, problems: Problems) -> tuple[Location, ...]:
    """The districts and wards with what they must and may receive."""
    found = []
    for (district, ward), row in sorted(draft.rows("locations").items()):
        _check_bounds(row, "min_amount", "max_amount", problems)
        _check_bounds(row, "min_count", "max_count", problems)
        found.append(
            Location(
                district,
                ward,
                name=row.text("name"),
                population=row.get("population"),
                share=row.get("share"),
                min_amount=row.get("min_amount"),
                max_amount=row.get("max_amount"),
                min_count=row.get("min_count"),
                max_count=row.get("max_count"),
            )
        )
    return tuple(found)


def _check_bounds(row: Row, low: str, high: str, problems: Problems) -> None:
    """A minimum above its maximum can never be kept; rupiah and shares don't compare."""
    least, most = row.get(low), row.get(high)
    if least is None or most is None or isinstance(least, Fraction) != isinstance(most, Fraction):
        return
    if least > most:
        problems.add("min_above_max", row.where(low), low, least, low=low, high=high)


def _micro(value: Decimal | None) -> int | None:
    return None if value is None else int(value * MICRO)


def lines_of(draft: Draft, problems: Problems) -> tuple[Line, ...]:
    """The Renja lines, by code."""
    found = []
    places = known_places(draft.tables)
    for (code,), row in sorted(draft.rows("lines").items()):
        _check_bounds(row, "min_target", "max_target", problems)
        found.append(
            Line(
                code=code,
                agency=row.text("agency"),
                parent=row.text("parent"),
                title=row.text("title"),
                ceiling=row.get("ceiling"),
                committed=row.get("committed") or 0,
                target=_micro(row.get("target")),
                committed_target=_micro(row.get("committed_target")) or 0,
                min_target=_micro(row.get("min_target")),
                max_target=_micro(row.get("max_target")),
                unit=row.text("unit"),
                places=tuple(_places(row, places, problems)),
                closed=bool(row.get("closed")),
                flex=row.get("flex") or 0,
            )
        )
    return tuple(found)


def _places(row: Row, known: set[tuple[str, str]], problems: Problems) -> Iterable[tuple[str, str]]:
    """DISTRICT, DISTRICT/WARD, or a bare ward where only one district has it."""
    for name in row.get("places") or ():
        district, _, ward = (part.strip() for part in name.partition("/"))
        if (district, ward) in known:
            yield district, ward
            continue
        districts = [] if ward else sorted(d for d, w in known if w == district)
        if len(districts) == 1:
            yield districts[0], district
        elif districts:
            problems.add(
                "ward_in_two_districts",
                row.where("places"),
                "places",
                name,
                f"{districts[0]}/{district}",
                ward=district,
                districts=districts,
            )
        else:
            problems.unknown(
                "unknown_place",
                name,
                lambda: (
                    ["/".join(place).rstrip("/") for place in known]
                    + [ward for _, ward in known if ward]
                ),
                row.where("places"),
                "places",
            )


def limits_of(draft: Draft, problems: Problems) -> tuple[Limit, ...]:
    """The named limits, their numbers in the unit of what they measure."""
    found = []
    for (name,), row in sorted(draft.rows("limits").items()):
        measure = row.text("measure") or "amount"
        _check_bounds(row, "min", "max", problems)
        if row.get("ward") and not row.get("district"):
            problems.add(
                "ward_without_district", row.where("ward"), "district", None, ward=row.text("ward")
            )
        found.append(
            Limit(
                name=name,
                agency=row.text("agency"),
                line=row.text("line"),
                district=row.text("district"),
                ward=row.text("ward"),
                source=row.text("source"),
                origin=row.text("origin"),
                tag=row.text("tag"),
                measure=measure,
                min=_measured(row, "min", measure, problems),
                max=_measured(row, "max", measure, problems),
            )
        )
    return tuple(found)


def _measured(row: Row, column: str, measure: str, problems: Problems) -> int | None:
    """A limit's number in the unit of its measure, which a change may have turned into another."""
    value: Any = row.get(column)
    if value is None:
        return None
    if measure in ("points", "volume"):
        if measure == "volume" and value < 0:
            problems.add("number_negative", row.where(column), column, value, value=str(value))
        return int(value * MICRO)
    if value != int(value) or value < 0:
        code = "number_negative" if value < 0 else "not_whole"
        problems.add(code, row.where(column), column, value, value=str(value))
    return int(value)
