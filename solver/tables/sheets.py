"""The sheets of a scenario workbook: their names, and how a list stands in one cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from solver.tables.columns import folded

SHEETS: dict[str, tuple[str, str]] = {
    "proposals": ("Usulan", "Proposals"),
    "agencies": ("OPD", "Agencies"),
    "locations": ("Wilayah", "Places"),
    "lines": ("Renja", "Lines"),
    "limits": ("Batas", "Limits"),
    "rules": ("Aturan", "Rules"),
    "scenario": ("Skenario", "Scenario"),
}
"""What a sheet holds -> its name in Bahasa Indonesia and in English; both are read."""

COMPUTED = ("(otomatis)", "(automatic)")
"""How headings of columns end that the workbook itself computes; they are never read."""

MARKS = ("Masalah", "Problems")
"""The column in which problems are handed back; it is never read."""


def held(name: str) -> str | None:
    """What the sheet of this name holds, or None where it is not of the scenario."""
    wanted = folded(name)
    for kind, names in SHEETS.items():
        if wanted in map(folded, names):
            return kind
    return None


def is_own(heading: str) -> bool:
    """Whether a heading belongs to a column that Kayuh puts there and never reads."""
    return heading.strip().lower().endswith(COMPUTED) or heading.strip() in MARKS


def joined(items: Sequence[str]) -> str:
    """A list in one cell: `;` between, an item that would be misread in quotes, `;` for none."""
    if not items:
        return ";"
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerow(items)
    return out.getvalue().removesuffix("\n")


def parted(cell: str) -> list[str]:
    """The items of such a cell."""
    rows = list(csv.reader(io.StringIO(cell, newline=""), delimiter=";", skipinitialspace=True))
    return [item for row in rows for item in row if item]
