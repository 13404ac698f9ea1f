"""What a planner types on the page of an import: cells read otherwise, names matched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from service.intake import reading
from service.intake.drafts import Draft
from service.intake.reading import Correction, Same

MAPPED = ("agencies", "pot_agencies", "districts", "ceilings", "remarks")
"""The tables of a mapping that the page shows."""
LONGEST = 500
"""Letters of a cell or a name."""


def corrections(groups: Sequence[Same]) -> list[Correction]:
    """What was typed beside the problems: a value for all of a group, or their rows left out.

    A group's own button takes what is suggested for it, and nothing for the others.
    """
    use, _, which = request.form.get("use", "").partition(":")
    found = []
    for number, group in enumerate(groups):
        if use not in ("", str(number)):
            continue
        text = request.form.get(f"fix-{number}", "").strip()
        if use:
            offered = group.readings or [group.suggestion]
            text = offered[int(which)] if which in ("0", "1")[: len(offered)] else ""
        # Without a column it is about a heading: the row of all headings is never left out.
        is_out = not use and f"drop-{number}" in request.form and bool(group.column)
        if text or is_out:
            found += [
                Correction(
                    issue.place.sheet or "",
                    issue.place.row or 0,
                    issue.column or "",
                    None if is_out else text[:LONGEST],
                    group.value,
                    everywhere=group.is_name,
                )
                for issue in group.issues
                if reading.can_correct(issue)
            ]
    return found


def choices(draft: Draft) -> dict[str, Any]:
    """The draft's changes with what was typed over the choices of its mapping."""
    before = reading.choices(draft.reading.mapping)
    found = dict(draft.changes)
    title = request.form.get("title", "").strip()
    if title and title != before.get("title"):
        found["title"] = title[:LONGEST]
    year = request.form.get("year", type=int)
    if year and year != before.get("year"):
        found["year"] = year
    for table in MAPPED:
        typed = {}
        for number, (name, value) in enumerate(before.get(table, {}).items()):
            text = request.form.get(f"{table}-{number}")
            if text is not None and text.strip() != str(value):
                typed[name] = text.strip()[:LONGEST]
        if typed:
            found[table] = {**found.get(table, {}), **typed}
    return found
