"""Workbooks as offices make them, read without believing what they say of themselves.

A sheet's own statement of its size is passed over: exports carry wrong ones. Values only: a formula
gives what the spreadsheet program last calculated, and where that was not saved, the cell is Unread
and never 0. Nothing outside the file is opened, whatever it links to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solver.errors import Place
from solver.tables import archive as guard
from solver.tables.archive import RefusedError
from solver.tables.package import Package, SheetPart
from solver.tables.problems import Problems
from solver.tables.worksheet import Shared, Worksheet
from solver.tables.xml import walk


@dataclass(frozen=True)
class Grid:
    """One worksheet's values: rows that are not blank, numbered as Excel shows them.

    A value is a str, int, float, Percent, bool, None or Unread; trailing blanks are cut.
    `hidden_columns` are positions from 1 that hold values; `merged` are ranges such as "A1:E1".
    """

    sheet: str
    rows: list[tuple[int, tuple[Any, ...]]]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[str, ...] = ()


def read(
    data: bytes, file: str, problems: Problems, wanted: Callable[[str], bool] = lambda _name: True
) -> list[Grid]:
    """The worksheets whose names are `wanted`; none where the file is refused, with the reason."""
    archive = guard.opened(data, file, problems)
    if archive is None:
        return []
    found = []
    sheet = None
    try:
        with archive:
            package = Package(archive)
            shared = Shared(package)
            for sheet in package.sheets:
                if wanted(sheet.name):
                    found.append(_grid(package, sheet, shared))
    except RefusedError as error:
        place = Place(file=file, sheet=sheet.name if sheet else None, row=error.row)
        problems.add(error.code, place, **error.facts)
        return []
    except Exception:  # a broken part fails anywhere below, in ways that nobody can list
        problems.add("workbook_broken", Place(file=file, sheet=sheet.name if sheet else None))
        return []
    return found


def _grid(package: Package, sheet: SheetPart, shared: Shared) -> Grid:
    reader = Worksheet(shared)
    try:
        walk(package.stream(sheet.part), reader.start, reader.end, reader.pieces)
    except RefusedError:
        raise
    except Exception as error:
        raise RefusedError("workbook_broken", reader.number or None) from error
    shared.elements_left = reader.left
    return Grid(
        sheet.name,
        reader.rows,
        sheet.is_hidden,
        tuple(reader.hidden_rows),
        tuple(reader.hidden_columns()),
        tuple(reader.merged),
    )
