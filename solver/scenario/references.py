"""What one table says of another: agencies, lines, places and units that must agree."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping

from solver.instance import Instance, Limit, Line, Option
from solver.scenario.draft import Draft
from solver.scenario.places import known_places
from solver.tables.problems import Problems
from solver.tables.rows import Key, Row

_MOST_NAMED = 5
"""So many limits are named in one notice; the others are counted."""


def check_references(draft: Draft, instance: Instance, problems: Problems) -> None:
    """Every name is known, agencies agree, every agency that is asked has a ceiling."""
    lines = {line.code: line for line in instance.lines}
    _check_agencies(draft, problems)
    _check_lines(draft, lines, problems)
    for row in draft.rows("proposals").values():
        _check_proposal(row, lines, draft.rows("agencies"), problems)
    _check_places(draft, problems)
    _check_limits(draft, instance, lines, problems)
    _check_rooms(instance, problems)


def _check_agencies(draft: Draft, problems: Problems) -> None:
    """An agency that is asked has a row and a ceiling; said once an agency, at its first row."""
    agencies = {code: row for (code,), row in draft.rows("agencies").items()}
    asked: dict[str, list[Row]] = defaultdict(list)
    for row in draft.rows("proposals").values():
        if row.get("agency"):
            asked[row.text("agency")].append(row)
    for code, rows in asked.items():
        first = min(rows, key=lambda row: (row.place.file or "", row.place.row or 0))
        if code not in agencies:
            problems.unknown(
                "unknown_agency", code, lambda: agencies, first.where("agency"), "agency"
            )
        elif agencies[code].get("ceiling") is None and "ceiling" not in agencies[code].broken:
            problems.add(
                "ceiling_missing",
                agencies[code].where("ceiling"),
                "ceiling",
                None,
                agency=code,
                count=len(rows),
            )
    for table in ("lines", "limits"):
        for row in draft.rows(table).values():
            code = row.text("agency")
            if code and code not in agencies:
                problems.unknown(
                    "unknown_agency", code, lambda: agencies, row.where("agency"), "agency"
                )


def _check_lines(draft: Draft, lines: Mapping[str, Line], problems: Problems) -> None:
    """Parents exist and share the agency; no line is its own ancestor."""
    for (code,), row in draft.rows("lines").items():
        line = lines[code]
        if not line.parent:
            continue
        parent = lines.get(line.parent)
        if parent is None:
            problems.unknown(
                "unknown_line", line.parent, lambda: lines, row.where("parent"), "parent"
            )
        elif parent.agency != line.agency and line.agency and parent.agency:
            problems.add(
                "line_agency_differs",
                row.where("agency"),
                "agency",
                line.agency,
                parent.agency,
                line=parent.code,
                agency=parent.agency,
                value=line.agency,
            )
        elif _is_own_ancestor(line, lines):
            problems.add("line_cycle", row.where("parent"), "parent", line.parent, line=code)


def _is_own_ancestor(line: Line, lines: Mapping[str, Line]) -> bool:
    ancestor = line.parent
    for _ in lines:
        if ancestor == line.code:
            return True
        if ancestor not in lines or not lines[ancestor].parent:
            return False
        ancestor = lines[ancestor].parent
    return False


def _check_proposal(
    row: Row, lines: Mapping[str, Line], agencies: Collection[Key], problems: Problems
) -> None:
    """Where there are Renja lines, a proposal's line is one of them, of its agency and unit."""
    if not lines:
        return
    if (covering := row.text("covered_by")) and covering not in lines:
        problems.unknown(
            "unknown_line", covering, lambda: lines, row.where("covered_by"), "covered_by"
        )
    code = row.text("line")
    if not code:
        return
    line = lines.get(code)
    if line is None:
        problems.unknown("unknown_line", code, lambda: lines, row.where("line"), "line")
        return
    agency, unit = row.text("agency"), row.text("unit")
    if (agency,) in agencies and line.agency and agency != line.agency:
        problems.add(
            "line_agency_differs",
            row.where("line"),
            "agency",
            agency,
            line.agency,
            line=code,
            agency=line.agency,
            value=agency,
        )
    targets = (line.target, line.min_target, line.max_target)
    counted = any(target is not None for target in targets) and not row.get("covered_by")
    if counted and unit and line.unit and _unit(unit) != _unit(line.unit):
        problems.add(
            "unit_differs",
            row.where("unit"),
            "unit",
            unit,
            line.unit,
            line=code,
            unit=line.unit,
            value=unit,
        )


def _unit(text: str) -> str:
    """A unit as it is compared: m² is m2, and M2 is m2."""
    return unicodedata.normalize("NFKC", text).casefold()


def _check_places(draft: Draft, problems: Problems) -> None:
    """A locations table knows every district; a ward missing from it is told, not refused."""
    listed = draft.rows("locations")
    if not listed:
        return
    districts = {district for district, _ in listed}
    with_wards = {district for district, ward in listed if ward}
    missing: dict[str, set[str]] = defaultdict(set)
    for row in draft.rows("proposals").values():
        district, ward = row.text("district"), row.text("ward")
        if district and district not in districts:
            problems.unknown(
                "unknown_district", district, lambda: districts, row.where("district"), "district"
            )
        elif ward and district in with_wards and (district, ward) not in listed:
            missing[district].add(ward)
    for district, wards in sorted(missing.items()):
        problems.notice("ward_not_listed", district=district, wards=sorted(wards))


def _check_limits(
    draft: Draft, instance: Instance, lines: Mapping[str, Line], problems: Problems
) -> None:
    """A limit's line and place are known; those that match no proposal are told, all in one."""
    known = known_places(draft.tables)
    rows = draft.rows("limits")
    options = [option for proposal in instance.proposals for option in proposal.options]
    idle = []
    for limit in instance.limits:
        row = rows[limit.name,]
        if limit.line and lines and limit.line not in lines:
            problems.unknown("unknown_line", limit.line, lambda: lines, row.where("line"), "line")
        if _place_known(limit, row, known, problems) and not any(
            _matches(limit, option, lines) for option in options
        ):
            idle.append(limit.name)
    if idle:
        more = ["…"] if len(idle) > _MOST_NAMED else []
        names = [*idle[:_MOST_NAMED], *more]
        problems.notice("limit_matches_nothing", limits=names, number=len(idle))


def _place_known(
    limit: Limit, row: Row, known: Collection[tuple[str, str]], problems: Problems
) -> bool:
    if limit.district and (limit.district, "") not in known:
        districts = {district for district, _ in known}
        where = row.where("district")
        problems.unknown("unknown_district", limit.district, lambda: districts, where, "district")
        return False
    if limit.district and (limit.district, limit.ward) not in known:
        wards = {ward for district, ward in known if ward and district == limit.district}
        problems.unknown("unknown_ward", limit.ward, lambda: wards, row.where("ward"), "ward")
        return False
    return True


def _matches(limit: Limit, option: Option, lines: Mapping[str, Line]) -> bool:
    selectors = ("agency", "district", "ward", "source", "origin")
    return (
        all(getattr(limit, name) in ("", getattr(option, name)) for name in selectors)
        and (not limit.tag or limit.tag in option.tags)
        and (not limit.line or limit.line in _with_ancestors(option.line, lines))
    )


def _with_ancestors(code: str, lines: Mapping[str, Line]) -> Collection[str]:
    found = [code]
    while code in lines and lines[code].parent and lines[code].parent not in found:
        code = lines[code].parent
        found.append(code)
    return found


def _check_rooms(instance: Instance, problems: Problems) -> None:
    """Committed money above a ceiling leaves no room; that is told."""
    if problems.issues:
        return
    lines = {line.code: line for line in instance.lines}
    below: dict[str, int] = defaultdict(int)
    by_agency: dict[str, int] = defaultdict(int)
    for line in instance.lines:
        by_agency[line.agency] += line.committed
        for code in _with_ancestors(line.code, lines):
            below[code] += line.committed
    for agency in instance.agencies:
        committed = agency.committed + by_agency[agency.code]
        if agency.ceiling is not None and committed > agency.ceiling:
            problems.notice(
                "agency_room_negative",
                agency=agency.code,
                ceiling=agency.ceiling,
                committed=committed,
            )
    for line in instance.lines:
        if line.ceiling is not None and below[line.code] > line.ceiling:
            problems.notice(
                "line_room_negative",
                line=line.code,
                ceiling=line.ceiling,
                committed=below[line.code],
            )
