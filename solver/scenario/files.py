"""The files of a scenario: the chain of parents, and the tables that each of them names.

Files are called by their path from the folder of the scenario asked for, so that neither an error
nor a result tells where on a machine they lie.
"""

from __future__ import annotations

import os
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from solver.errors import Place, UsageError, nearest
from solver.scenario.fragment import Fragment, parse
from solver.scenario.stages import Files
from solver.scenario.workbook import Workbook
from solver.tables import csv, json
from solver.tables.plan import PlanRow, rows_of_csv
from solver.tables.problems import Problems
from solver.tables.rows import Row, from_sheet

_ENDINGS = (".toml", ".json", ".xlsx")


def scenario_file(path: Path) -> Path:
    """The file that a path given by the user stands for; UsageError where there is none."""
    file = path / "scenario.toml" if path.is_dir() else path
    if not file.is_file():
        raise UsageError("file_not_found", path=str(file))
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError("not_a_scenario", path=str(path))
    return file


def chain(path: Path, problems: Problems) -> list[Fragment]:
    """The scenario file's fragments, its furthest parent first."""
    file = scenario_file(path).absolute()
    root = file.parent
    seen: list[Path] = []
    fragments: list[Fragment] = []
    while True:
        seen.append(file.resolve())
        label = _label(file, root)
        raw, files = _load(file, label, root, problems)
        fragments.append(parse(raw, label, files, problems))
        parent = raw.get("extends")
        if parent is None:
            break
        place = Place(label, key="extends")
        if not isinstance(parent, str):
            problems.add("wrong_type", place, "extends", parent, value=str(parent)[:40])
            break
        found = _parent(file.parent / parent, parent, place, problems)
        if found is None:
            break
        if found.resolve() in seen:
            problems.add("extends_cycle", place, "extends", parent, value=parent)
            break
        file = found
    return fragments[::-1]


def _parent(path: Path, name: str, place: Place, problems: Problems) -> Path | None:
    file = path / "scenario.toml" if path.is_dir() else path
    if file.suffix.lower() not in _ENDINGS:
        problems.add("extends_form", place, "extends", name, value=name)
    elif not file.is_file():
        problems.add("extends_missing", place, "extends", name, _near(file), value=name)
    else:
        return file
    return None


def _label(file: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(file, root)).as_posix()
    except ValueError:  # another drive of a Windows machine
        return file.name


def _near(file: Path) -> str | None:
    """The name of a file in the same folder that is most like the one looked for."""
    if not file.parent.is_dir():
        return None
    return nearest(file.name, (other.name for other in file.parent.iterdir()))


def _load(file: Path, label: str, root: Path, problems: Problems) -> tuple[dict[str, Any], Files]:
    """What a scenario file says, and what reads the tables that it names."""
    data = file.read_bytes()
    if file.suffix.lower() == ".xlsx":
        workbook = Workbook(data, label, problems)
        return workbook.document(), workbook
    return _document(data, file, label, problems), _Folder(file.parent, root)


def _document(data: bytes, file: Path, label: str, problems: Problems) -> dict[str, Any]:
    if file.suffix.lower() == ".json":
        raw = json.read(data, label, problems)
    else:
        raw = _toml(data, label, problems)
    if raw is not None and not isinstance(raw, dict):
        problems.add("wrong_type", Place(label), None, None, value=str(raw)[:40])
    return raw if isinstance(raw, dict) else {}


def _toml(data: bytes, label: str, problems: Problems) -> Any:
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        problems.add("not_utf8", Place(label, row=row))
        return None
    try:
        return tomllib.loads(content.replace("\r\n", "\n"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        # tomllib tells a syntax error's line in its text only; other errors are of huge numbers.
        found = re.search(r"at line (\d+), column (\d+)", str(error))
        line = int(found[1]) if found else None
        code = "toml_key_twice" if "overwrite" in str(error) else "toml_syntax"
        problems.add(code, Place(label, row=line))
        return None


class _Folder:
    """Reads the tables and plans that a scenario file names, relative to that file."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = root

    def table(self, table: str, name: str, place: Place, problems: Problems) -> list[Row]:
        """The rows of a table's CSV."""
        file = self._file(name, table, place, problems)
        if file is None:
            return []
        label = _label(file, self.root)
        return from_sheet(table, csv.read(file.read_bytes(), label, problems), label, problems)

    def plan(self, name: str, place: Place, problems: Problems) -> tuple[PlanRow, ...]:
        """The rows of a plan's CSV."""
        file = self._file(name, "plan", place, problems)
        if file is None:
            return ()
        return rows_of_csv(file.read_bytes(), _label(file, self.root), problems)

    def _file(self, name: str, column: str, place: Place, problems: Problems) -> Path | None:
        file = self.folder / name
        if file.suffix.lower() != ".csv":
            problems.add("data_not_csv", place, column, name, value=name)
        elif not file.is_file():
            problems.add("data_missing", place, column, name, _near(file), value=name)
        else:
            return file
        return None
