"""The mapping file: every guess and every choice of an import, for the planner to change.

It is written once. Later imports read it and follow it; names that are new in the files are added
below the heading of their table, and nothing else in it is touched.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from solver.errors import Place
from solver.sipd.choice import ORDER
from solver.tables import numbers
from solver.tables.cells import UNLIMITED
from solver.tables.column import GATES
from solver.tables.columns import folded
from solver.tables.numbers import NumberError
from solver.tables.problems import Problems

FILE = "pemetaan.toml"

_BARE = re.compile("[A-Za-z0-9_]+")

Ceiling = int | str


@dataclass(frozen=True)
class PlannerMapping:
    """What the planner has decided; what the file leaves open has its usual value.

    The keys of `agencies`, `pot_agencies`, `districts` and `remarks` are folded names: see
    looked_up. A ceiling is rupiah or "unlimited". `proposals` maps a proposal's code to the cells
    that replace what the export says: amount, volume, gate.
    """

    title: str | None = None
    year: int | None = None
    parties: tuple[str, ...] = ORDER
    score: Decimal = Decimal(1)
    no_ceiling: str = "other_source"
    no_amount: str = "incomplete"
    repeated: str = ""
    pots: tuple[str, ...] | None = None
    agencies: Mapping[str, str] = field(default_factory=dict)
    pot_agencies: Mapping[str, str] = field(default_factory=dict)
    districts: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    ceilings: Mapping[str, Ceiling] = field(default_factory=dict)
    proposals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def looked_up(table: Mapping[str, str], name: str) -> str | None:
    """What a table of names says of a name, whatever its case and blanks; None where nothing."""
    return table.get(folded(name))


def parse(data: bytes, file: str, problems: Problems) -> PlannerMapping:
    """The mapping of a file; every value that can't be followed goes to `problems`."""
    raw = _toml(data, file, problems)
    return _Reader(raw, file, problems).mapping()


def _toml(data: bytes, file: str, problems: Problems) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        problems.add("not_utf8", Place(file, row=row))
    except (ValueError, ArithmeticError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        code = "toml_key_twice" if "overwrite" in str(error) else "toml_syntax"
        problems.add(code, Place(file, row=int(found[1]) if found else None))
    return {}


class _Reader:
    def __init__(self, raw: Mapping[str, Any], file: str, problems: Problems) -> None:
        self.raw = raw
        self.file = file
        self.problems = problems

    def mapping(self) -> PlannerMapping:
        """Every key read; unknown ones are problems."""
        readers: Mapping[str, Callable[[str, Any], Any]] = {
            "title": self._text,
            "year": self._year,
            "parties": self._parties,
            "score": self._score,
            "pots": self._texts,
            "gates": self._gates,
            "agencies": self._names,
            "pot_agencies": self._names,
            "districts": self._names,
            "remarks": self._gates_of_remarks,
            "ceilings": self._ceilings,
            "proposals": self._proposals,
        }
        found: dict[str, Any] = {}
        for key, value in self.raw.items():
            if key not in readers:
                self.problems.unknown("unknown_key", key, lambda: readers, self._place(key))
                continue
            read = readers[key](key, value)
            if read is not None:
                found |= read if key == "gates" else {key: read}
        return PlannerMapping(**found)

    def _place(self, *keys: str) -> Place:
        return Place(self.file, key=".".join(keys))

    def _wrong(self, value: Any, *keys: str) -> None:
        self.problems.add(
            "wrong_type", self._place(*keys), keys[-1], str(value)[:40], value=str(value)[:40]
        )

    def _text(self, key: str, value: Any) -> str | None:
        if isinstance(value, str):
            return value
        self._wrong(value, key)
        return None

    def _texts(self, key: str, value: Any) -> tuple[str, ...] | None:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._wrong(value, key)
        return None

    def _table(self, key: str, value: Any) -> Mapping[str, Any]:
        if isinstance(value, dict):
            return value
        self._wrong(value, key)
        return {}

    def _year(self, key: str, value: Any) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and 1900 < value < 2200:
            return value
        self._wrong(value, key)
        return None

    def _parties(self, key: str, value: Any) -> tuple[str, ...] | None:
        names = self._texts(key, value)
        for name in names or ():
            if name not in ORDER:
                self._choice(name, ORDER, key)
        return tuple(dict.fromkeys(names)) if names else None

    def _score(self, key: str, value: Any) -> Decimal | None:
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            try:
                score = numbers.decimal_of(value)
            except NumberError as error:
                self.problems.add(error.code, self._place(key), key, value, **error.facts)
                return None
            if abs(score) <= 100_000:
                return score
        self._wrong(value, key)
        return None

    def _choice(self, value: str, choices: tuple[str, ...], *keys: str) -> None:
        self.problems.add(
            "unknown_choice", self._place(*keys), keys[-1], value, value=value, choices=choices
        )

    def _gate(self, value: Any, *keys: str, blank: bool = True) -> str:
        if not isinstance(value, str):
            self._wrong(value, *keys)
        elif value not in GATES and not (blank and not value):
            self._choice(value, GATES, *keys)
        else:
            return value
        return ""

    def _gates(self, key: str, value: Any) -> dict[str, str]:
        known = ("no_ceiling", "no_amount", "repeated")
        found: dict[str, str] = {}
        for name, gate in self._table(key, value).items():
            if name not in known:
                self.problems.unknown("unknown_key", name, lambda: known, self._place(key, name))
            else:
                found[name] = self._gate(gate, key, name, blank=name != "no_amount")
        return found

    def _names(self, key: str, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, code in self._table(key, value).items():
            if not isinstance(code, str):
                self._wrong(code, key, name)
            elif "/" in code:
                self.problems.add("slash_in_id", self._place(key, name), name, code, value=code)
            else:
                self._keep(found, key, name, code.strip())
        return found

    def _keep(self, found: dict[str, str], key: str, name: str, value: str) -> None:
        """One more name of a table; two spellings of one name can't both be followed."""
        if folded(name) in found:
            self.problems.add("toml_key_twice", self._place(key, name), name, name)
        found[folded(name)] = value

    def _gates_of_remarks(self, key: str, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for text, gate in self._table(key, value).items():
            self._keep(found, key, text, self._gate(gate, key, text))
        return found

    def _ceilings(self, key: str, value: Any) -> dict[str, Ceiling]:
        found: dict[str, Ceiling] = {}
        for code, raw in self._table(key, value).items():
            if raw == UNLIMITED:
                found[code] = UNLIMITED
            elif (rupiah := self._money(raw, key, code)) is not None:
                found[code] = rupiah
        return found

    def _money(self, value: Any, *keys: str) -> int | None:
        try:
            if isinstance(value, str):
                return numbers.money(value)
            if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
                return numbers.money_of(value)
        except NumberError as error:
            self.problems.add(
                error.code, self._place(*keys), keys[-1], str(value), error.facts.get("first"),
                **error.facts,
            )  # fmt: skip
            return None
        self._wrong(value, *keys)
        return None

    def _proposals(self, key: str, value: Any) -> dict[str, dict[str, Any]]:
        return {
            proposal: self._cells(self._table(f"{key}.{proposal}", cells), key, proposal)
            for proposal, cells in self._table(key, value).items()
        }

    def _cells(self, cells: Mapping[str, Any], *keys: str) -> dict[str, Any]:
        known = ("amount", "volume", "gate")
        found: dict[str, Any] = {}
        for name, value in cells.items():
            if name == "amount":
                if (rupiah := self._money(value, *keys, name)) is not None:
                    found[name] = rupiah
            elif name == "gate":
                found[name] = self._gate(value, *keys, name)
            elif name == "volume" and isinstance(value, (int, Decimal)) and value > 0:
                found[name] = Decimal(value)
            elif name in known:
                self._wrong(value, *keys, name)
            else:
                place = self._place(*keys, name)
                self.problems.unknown("unknown_key", name, lambda: known, place)
        return found


def line(key: str, value: Any, remark: str = "") -> str:
    """One line of a table of the file: the key, its value, and a remark that fits on the line."""
    ending = f"  # {' '.join(remark.split())}" if remark else ""
    return f"{key if _BARE.fullmatch(key) else quoted(key)} = {shown(value)}{ending}"


def quoted(text: str) -> str:
    """A text in quotes, as TOML reads it."""
    # JSON's escapes are TOML's too, but for DEL, which TOML refuses in texts.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def shown(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {shown(item)}" for key, item in value.items()) + "}"
    return f"{Decimal(value):f}"


def with_lines(text: str, additions: Mapping[str, list[str]]) -> str:
    """The file's text with lines added below the headings of their tables; the rest stays."""
    lines = text.splitlines()
    for table, added in additions.items():
        if not added:
            continue
        heading = re.compile(rf"\s*\[\s*{table}\s*\]\s*(#.*)?")
        place = next((n for n, found in enumerate(lines) if heading.fullmatch(found)), None)
        if place is None:
            lines += ["", f"[{table}]", *added]
        else:
            lines[place + 1 : place + 1] = added
    return "\n".join(lines) + "\n"
