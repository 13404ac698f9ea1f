"""Writes a resolved scenario: a folder of CSVs with scenario.toml, or one JSON file.

A file appears whole or not at all: it is written beside its place and then takes it.
"""

from __future__ import annotations

import json as stdlib_json
import os
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from solver.scenario.draft import TABLES
from solver.scenario.scenario import Scenario
from solver.tables import csv, json
from solver.tables.columns import COLUMNS


def write_json(scenario: Scenario, path: str | Path) -> None:
    """The resolved scenario as one JSON file."""
    write_whole(Path(path), (json.pretty(scenario.document) + "\n").encode("utf-8"))


def write_folder(scenario: Scenario, folder: str | Path) -> None:
    """The resolved scenario as a folder: one CSV a table, and scenario.toml, which comes last."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    document = dict(scenario.document)
    data = {}
    for table in TABLES:
        rows = document.pop(table, None)
        if rows is None:
            continue
        data[table] = f"{table}.csv"
        write_whole(folder / data[table], csv.write(_headings(table, rows), rows))
    write_whole(folder / "scenario.toml", toml({**document, "data": data}).encode("utf-8"))


def _headings(table: str, rows: list[Mapping[str, Any]]) -> list[str]:
    """The table's required columns and those in use, criteria last."""
    used = {name for row in rows for name in row}
    own = [column.name for column in COLUMNS[table] if column.required or column.name in used]
    return own + sorted(used - {column.name for column in COLUMNS[table]})


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is never seen half written."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)  # mkstemp's files are for their owner only
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def toml(document: Mapping[str, Any]) -> str:
    """A scenario document without tables as TOML: values, then [tables], then [[lists]]."""
    plain = {k: v for k, v in document.items() if not isinstance(v, dict) and not _entries(v)}
    lines = [f"{key} = {_value(value)}" for key, value in sorted(plain.items())]
    for key, value in sorted(document.items()):
        if isinstance(value, dict):
            lines += _table(key, value)
        elif _entries(value):
            for entry in value:
                lines += ["", f"[[{key}]]"]
                lines += [f"{_key(name)} = {_value(item)}" for name, item in sorted(entry.items())]
    return "\n".join(lines) + "\n"


def _entries(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def _table(key: str, value: Mapping[str, Any]) -> list[str]:
    lines = ["", f"[{key}]"]
    lines += [
        f"{_key(name)} = {_value(item)}"
        for name, item in sorted(value.items())
        if not isinstance(item, dict)
    ]
    for name, item in sorted(value.items()):
        if isinstance(item, dict):
            lines += _table(f"{key}.{_key(name)}", item)
    return lines


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else _text(name)


def _text(value: str) -> str:
    # JSON's escapes are TOML's too, but for DEL, which is refused in texts.
    return stdlib_json.dumps(value, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in sorted(value.items())) + "}"
    return f"{Decimal(str(value)):f}"
