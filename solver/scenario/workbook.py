"""The workbook form of a scenario: a sheet a table, Aturan for the lists, Skenario for the rest.

A sheet Skenario has a key and a value a row; keys are those of scenario.toml joined by dots, the
entries of lists numbered from 1: `objective.stages.2.give_up`. What the two sheets say becomes the
same document that a scenario file holds, so that it is checked by the same code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from solver.errors import Place
from solver.scenario.draft import TABLES
from solver.tables import sheets, xlsx
from solver.tables.cells import Percent, Unread, text
from solver.tables.columns import folded
from solver.tables.grids import from_grid
from solver.tables.numbers import NumberError, yesno
from solver.tables.plan import PlanRow
from solver.tables.problems import Problems
from solver.tables.rows import Row
from solver.tables.xlsx import Grid

LISTS = (
    "objective.rank_within",
    "priority_order.within",
    "off.rules",
    "off.locks",
    "off.limits",
)
"""Keys of Skenario whose one cell holds a list."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "alternatives": ("alternatif", "alternatives"),
    "requires": ("prasyarat", "requires"),
    "together": ("bersama", "together"),
    "lock": ("kunci", "lock"),
}
"""What a row of Aturan is -> its word in Bahasa Indonesia and in English."""

RULE_COLUMNS: Mapping[str, tuple[str, str]] = {
    "kind": ("Aturan", "Rule"),
    "proposals": ("Usulan", "Proposals"),
    "needs": ("Syarat", "Needs"),
    "at_least": ("Paling Sedikit", "At Least"),
    "decision": ("Keputusan", "Decision"),
    "option": ("Opsi", "Option"),
    "volume": ("Volume", "Volume"),
    "reason": ("Alasan", "Reason"),
}
SCENARIO_COLUMNS: Mapping[str, tuple[str, str]] = {
    "key": ("Kunci", "Key"),
    "value": ("Nilai", "Value"),
    "meaning": ("Arti", "Meaning"),
}
DECISIONS: Mapping[str, tuple[str, ...]] = {
    "fund": ("danai", "fund"),
    "reject": ("tolak", "reject"),
}
NO_LABEL = '""'
"""In the column Opsi: the option whose label is empty; a blank cell leaves the option open."""

_OF_KIND = {
    "alternatives": ("proposals", "at_least"),
    "requires": ("proposals", "needs"),
    "together": ("proposals",),
    "lock": ("proposals", "decision", "option", "volume", "reason"),
}
_NUMBERS = ("format", "year", "at_least", "volume", "give_up")


class Workbook:
    """An opened workbook: reads the tables that its own document names by their sheets."""

    def __init__(self, data: bytes, file: str, problems: Problems) -> None:
        grids = xlsx.read(data, file, problems, lambda name: sheets.held(name) is not None)
        self.file = file
        self.problems = problems
        self.refused = bool(problems.issues)
        self.grids: dict[str, Grid] = {}
        for grid in grids:
            kind = sheets.held(grid.sheet) or ""
            if kind in self.grids:
                first = self.grids[kind].sheet
                problems.add("sheet_twice", Place(file, grid.sheet), None, grid.sheet, first=first)
            else:
                self.grids[kind] = grid

    def document(self) -> dict[str, Any]:
        """The scenario document, its tables named by their sheets."""
        if self.refused:
            return {}
        for table in ("proposals", "agencies"):
            if table not in self.grids:
                name = sheets.SHEETS[table][0]
                self.problems.add("sheet_missing", Place(self.file), None, name, name=name)
        document = self._scenario()
        for key in ("extends", "data"):
            if document.pop(key, None) is not None:
                self.problems.add("path_not_allowed", Place(self.file, key=key), key, key)
        tables = {table: self.grids[table].sheet for table in TABLES if self._has_rows(table)}
        return {**document, **self._rules(), "data": tables}

    def _has_rows(self, table: str) -> bool:
        """Whether there is anything under the headings; a sheet left blank is no table."""
        return table in self.grids and (table == "proposals" or len(self.grids[table].rows) > 1)

    def table(self, table: str, _name: str, _place: Place, problems: Problems) -> list[Row]:
        """The rows of a table's sheet, of which there is one."""
        return from_grid(table, self.grids[table], self.file, problems)

    def plan(self, name: str, place: Place, problems: Problems) -> tuple[PlanRow, ...]:
        """A workbook names no other file."""
        problems.add("path_not_allowed", place, "plan", name)
        return ()

    def _rows(
        self, kind: str, columns: Mapping[str, tuple[str, str]], first: str
    ) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The rows of Aturan or Skenario below their headings, their cells by column."""
        grid = self.grids.get(kind)
        known = {folded(word): name for name, words in columns.items() for word in words}
        names: list[str | None] | None = None
        for number, values in grid.rows if grid else ():
            place = Place(self.file, grid.sheet if grid else None, number)
            if names is None:
                found = [known.get(folded(str(value or ""))) for value in values]
                if first in found:
                    names = found
                    self._check_headings(values, found, known, place)
                continue
            pairs = zip(names, values, strict=False)
            cells = {name: value for name, value in pairs if name and value is not None}
            if cells:
                yield place, cells
        if grid and grid.rows and names is None:
            place = Place(self.file, grid.sheet, grid.rows[0][0])
            self.problems.add("headings_missing", place, name=columns[first][0])

    def _check_headings(
        self,
        values: tuple[Any, ...],
        found: list[str | None],
        known: Mapping[str, str],
        place: Place,
    ) -> None:
        for value, name in zip(values, found, strict=True):
            if name is None and value is not None and not sheets.is_own(str(value)):
                self.problems.unknown("unknown_heading", str(value), lambda: known, place)

    def _text(self, value: Any, place: Place, column: str) -> str:
        """What a cell says as a text; a percentage with its sign."""
        try:
            if isinstance(value, Unread):
                raise NumberError(value.code, value=value.shown)
            if isinstance(value, Percent):
                return value.text()
            return text(str(value))
        except NumberError as error:
            self.problems.add(error.code, place, column, str(value), **error.facts)
            return ""

    def _value(self, key: str, value: Any, place: Place) -> Any:
        """A cell as the scenario file would hold it: a number, a flag, a list, or a text."""
        name = key.rpartition(".")[2]
        numeric = name in _NUMBERS or key.startswith("objective.weights.")
        if numeric and type(value) in (int, float):
            return value
        found = self._text(value, place, key)
        if name == "enforce":
            try:
                return value if isinstance(value, bool) else yesno(found)
            except NumberError as error:
                self.problems.add(error.code, place, key, found, **error.facts)
                return None
        if key in LISTS:
            return sheets.parted(found) if found else None
        if numeric and not found.endswith("%"):
            return _number(found)
        return found

    def _scenario(self) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for place, cells in self._rows("scenario", SCENARIO_COLUMNS, "key"):
            key = self._text(cells.get("key", ""), place, "key")
            if not key:
                self.problems.add("cell_missing", place, "key", column=SCENARIO_COLUMNS["key"][0])
            elif key in flat:
                self.problems.add("key_twice", place, key, key, key=key)
            elif "value" in cells:
                self.problems.cells[self.file, _address(key)] = place
                flat[key] = self._value(key, cells["value"], place)
        return nested(flat)

    def _rules(self) -> dict[str, list[dict[str, Any]]]:
        """The lists of Aturan, each entry with its place for problems found later."""
        found: dict[str, list[dict[str, Any]]] = {}
        words = {folded(word): kind for kind, names in KINDS.items() for word in (kind, *names)}
        for place, cells in self._rows("rules", RULE_COLUMNS, "kind"):
            word = self._text(cells.pop("kind", ""), place, "kind")
            kind = words.get(folded(word))
            if kind is None:
                known = [names[0] for names in KINDS.values()]
                self.problems.add("unknown_choice", place, "kind", word, value=word, choices=known)
                continue
            entries = found.setdefault(kind, [])
            entries.append(self._entry(kind, cells, place))
            self.problems.cells[self.file, f"{kind}[{len(entries)}]"] = place
        return found

    def _entry(self, kind: str, cells: Mapping[str, Any], place: Place) -> dict[str, Any]:
        for name in cells:
            if name not in _OF_KIND[kind]:
                self.problems.add(
                    "cell_not_of_rule", place, name, None,
                    column=RULE_COLUMNS[name][0], rule=KINDS[kind][0],
                )  # fmt: skip
        entry: dict[str, Any] = {
            name: self._value(name, value, place)
            for name, value in cells.items()
            if name in _OF_KIND[kind]
        }
        proposals = sheets.parted(entry.pop("proposals", ""))
        if kind in ("alternatives", "together"):
            return {"proposals": proposals or None, **entry}
        if len(proposals) > 1:
            self.problems.add("one_proposal", place, "proposals", None, rule=KINDS[kind][0])
        if "needs" in entry:
            entry["needs"] = sheets.parted(entry["needs"])
        if entry.get("option") == NO_LABEL:
            entry["option"] = ""
        if "decision" in entry:
            meant = folded(entry["decision"])
            same = (d for d, names in DECISIONS.items() if meant in map(folded, names))
            entry["decision"] = next(same, entry["decision"])
        return {"proposal": next(iter(proposals), None), **entry}


def _number(found: str) -> Any:
    """A number typed as text, left as it is where it is none: the reader of the key says so."""
    return int(found) if found.isascii() and found.isdigit() else found


def _address(key: str) -> str:
    """A dotted key as problems name it: objective.stages.2.by -> objective.stages[2].by."""
    parts = key.split(".")
    return "".join(f"[{p}]" if p.isdigit() else f".{p}" for p in parts).removeprefix(".")


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted keys as tables in tables; a table whose keys are 1, 2, 3 ... is a list."""
    found: dict[str, Any] = {}
    for key, value in flat.items():
        *path, last = key.split(".")
        table = found
        for part in path:
            inner = table.setdefault(part, {})
            table = inner if isinstance(inner, dict) else table.setdefault(f"{part}.", {})
        table[last] = value
    return {key: _with_lists(value) for key, value in found.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_with_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _with_lists(inner) for key, inner in value.items()}


def flattened(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The inverse of `nested`: every value with its dotted key, lists of LISTS in one cell."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            yield from flattened(value, f"{path}.{key}" if path else str(key))
    elif isinstance(document, list) and path in LISTS:
        yield path, sheets.joined(document)
    elif isinstance(document, list):
        for number, value in enumerate(document, 1):
            yield from flattened(value, f"{path}.{number}")
    else:
        yield path, document
