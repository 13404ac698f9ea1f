"""Whether a result is what its scenario file expects of it: a scenario as a test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solver.errors import Notice

FUNDED = ("fund", "fund_changed")


def unmet(expect: Mapping[str, Any], document: Mapping[str, Any]) -> list[Notice]:
    """The expectations that a result document does not meet, with what it has instead."""
    kinds = {d["proposal"]: d["decision"] for d in document["decisions"]}
    points = document["points"]
    failures = []
    for key, wanted in expect.items():
        match key:
            case "status" | "amount" | "unique":
                found, holds = document[key], document[key] == wanted
            case "points_min":
                found, holds = points, points is not None and points >= wanted
            case "points_max":
                found, holds = points, points is not None and points <= wanted
            case "fund":
                found = [p for p in wanted if kinds.get(p) not in FUNDED]
                holds = not found
            case _:
                found = [p for p in wanted if kinds.get(p) in FUNDED]
                holds = not found and bool(kinds)
        if not holds:
            failures.append(Notice("unexpected", {"key": key, "wanted": wanted, "found": found}))
    return failures
