"""Everything that is wrong with an input, collected, so that a planner sees all of it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from solver.errors import InputError, Issue, Notice, Place, nearest

_MAX_SUGGESTIONS = 200  # a search among 10,000 names takes long, and nobody reads that many


class Problems:
    """Collects issues and notices; `stop` raises every issue found, by file and row."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.notices: list[Notice] = []
        self.cells: dict[tuple[str | None, str], Place] = {}
        """Where a workbook holds what a scenario file has under a key; by file and key."""
        self._nearest: dict[str, str | None] = {}

    def add(
        self,
        code: str,
        place: Place,
        column: str | None = None,
        value: Any = None,
        suggestion: str | None = None,
        /,
        **facts: Any,
    ) -> None:
        """One more issue; `facts` may hold a value or a column of their own."""
        place = self._seen(place, column) if self.cells else place
        self.issues.append(Issue(code, facts, place, column, value, suggestion))

    def _seen(self, place: Place, column: str | None) -> Place:
        """The row of a workbook's sheet that a key stands in; any other place as it is."""
        if place.row is not None:
            return place
        keys = [f"{place.key}.{column}" if place.key else column, place.key]
        found = (self.cells.get((place.file, key)) for key in keys if key)
        cell = next((cell for cell in found if cell), place)
        return replace(place, sheet=cell.sheet, row=cell.row)

    def unknown(
        self,
        code: str,
        name: str,
        known: Callable[[], Iterable[str]],
        place: Place,
        column: str | None = None,
    ) -> None:
        """An issue about a name that nothing bears, with the nearest one that something does."""
        key = f"{code}\n{name}"
        if key not in self._nearest and len(self._nearest) < _MAX_SUGGESTIONS:
            self._nearest[key] = nearest(name, known())
        self.add(code, place, column, name, self._nearest.get(key), value=name)

    def notice(self, code: str, **facts: Any) -> None:
        """One more thing to know that stops nothing."""
        self.notices.append(Notice(code, facts))

    def stop(self) -> None:
        """Raise InputError where there is any issue."""
        if self.issues:
            raise InputError(sorted(self.issues, key=_order))


def _order(issue: Issue) -> tuple[str, str, int, str, str]:
    place = issue.place
    return (
        place.file or "",
        place.sheet or "",
        place.row or 0,
        place.key or "",
        issue.column or "",
    )
