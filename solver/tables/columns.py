"""Every column of every input table, once: what it is called, holds and means.

Readers, writers, checks, the workbook and scenarios/COLUMNS.md all follow COLUMNS; there is no
second list. `python -m solver.tables.columns` writes the reference again.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from solver.tables.column import CHOICE_WORDS, Column
from solver.tables.other_columns import AGENCIES, LIMITS, LINES, LOCATIONS
from solver.tables.proposal_columns import PROPOSALS

COLUMNS: dict[str, tuple[Column, ...]] = {
    "proposals": PROPOSALS,
    "agencies": AGENCIES,
    "locations": LOCATIONS,
    "lines": LINES,
    "limits": LIMITS,
}

KEYS: dict[str, tuple[str, ...]] = {
    "proposals": ("id", "option"),
    "agencies": ("code",),
    "locations": ("district", "ward"),
    "lines": ("code",),
    "limits": ("name",),
}
"""The columns that tell the rows of a table apart; no change can touch them."""

KINDS: dict[str, tuple[str, str]] = {
    "id": ("kode atau nama pasti, tanpa `/`", "exact code or name, without `/`"),
    "text": ("teks", "text"),
    "money": ("rupiah utuh", "whole rupiah"),
    "ceiling": ("rupiah utuh, atau `tanpa batas`", "whole rupiah, or `unlimited`"),
    "decimal": ("angka, paling banyak 6 desimal", "number with at most 6 decimals"),
    "whole": ("bilangan bulat", "whole number"),
    "yesno": ("ya atau tidak", "yes or no"),
    "list": ("daftar, dipisah `;`", "list, `;` between"),
    "share": ("persen, misalnya `15%`", "percent, such as `15%`"),
    "amount_or_share": ("rupiah utuh, atau persen", "whole rupiah, or percent"),
    "measured": ("angka dalam satuan ukurannya", "number in the unit of its measure"),
    "choice": ("salah satu pilihan", "one of the choices"),
}


def folded(heading: str) -> str:
    """A heading without what matching ignores: case, blanks, underscores and punctuation."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def criterion(heading: str) -> str | None:
    """The name of the criterion that a `c_NAME` heading stands for, else None."""
    plain = unicodedata.normalize("NFKC", heading).strip().casefold()
    if not plain.startswith("c_"):
        return None
    words = "".join(letter if letter.isalnum() else " " for letter in plain[2:]).split()
    return "c_" + "_".join(words) if words else None


@cache
def _by_heading(table: str) -> dict[str, Column]:
    return {
        folded(heading): column
        for column in COLUMNS[table]
        for heading in (column.name, column.heading, *column.also)
    }


@cache
def by_name(table: str) -> dict[str, Column]:
    """The columns of a table by their own names."""
    return {column.name: column for column in COLUMNS[table]}


@cache
def find(table: str, heading: str) -> Column | None:
    """The column that a heading means in this table, or None."""
    if table == "proposals" and (name := criterion(heading)):
        return Column(name, "decimal", name, "Kriteria", "Criterion", signed=True)
    return _by_heading(table).get(folded(heading))


def headings(table: str) -> tuple[str, ...]:
    """Every heading that this table knows, for naming the nearest one."""
    return tuple(
        heading
        for column in COLUMNS[table]
        for heading in (column.name, column.heading, *column.also)
    )


_TITLES = {
    "proposals": ("usulan", "proposals"),
    "agencies": ("perangkat daerah", "agencies"),
    "locations": ("wilayah", "places"),
    "lines": ("baris Renja", "Renja lines"),
    "limits": ("batas", "limits"),
}

_UNITS = {
    "": ("", ""),
    "rupiah": ("rupiah", "rupiah"),
    "points": ("poin", "points"),
    "people": ("orang", "people"),
    "unit": ("kolom `unit`", "column `unit`"),
}


def _named(choice: str, language: int) -> str:
    word = CHOICE_WORDS.get(choice)
    return f"`{choice}` ({word})" if word and language == 0 else f"`{choice}`"


def _row(column: Column, language: int) -> str:
    required = ("wajib" if language == 0 else "required") if column.required else ""
    kind = KINDS[column.kind][language]
    if column.choices:
        kind += ": " + ", ".join(_named(choice, language) for choice in column.choices)
    names = ", ".join((column.heading, *column.also))
    unit = _UNITS[column.unit][language]
    meaning = column.id if language == 0 else column.en
    return f"| `{column.name}` | {required} | {kind} | {unit} | {meaning} | {names} |"


def reference() -> str:
    """The column reference as Markdown, in Bahasa Indonesia and in English."""
    parts = ["<!-- Written by `python -m solver.tables.columns`. -->"]
    top = ("# Kolom tabel masukan", "# Columns of the input tables")
    heads = (
        "| kolom | | isi | satuan | arti | juga dikenali |",
        "| column | | holds | unit | means | also read |",
    )
    notes = (
        "Kolom `c_NAMA` pada usulan adalah kriteria. Besar kecilnya huruf, spasi, garis bawah dan "
        "tanda baca pada judul kolom tidak dibedakan.",
        "A `c_NAME` column of the proposals is a criterion. Case, blanks, underscores and "
        "punctuation of a heading make no difference.",
    )
    for language in (0, 1):
        parts += ["", top[language], "", notes[language]]
        for table, columns in COLUMNS.items():
            title = _TITLES[table][language]
            parts += ["", f"## {table}: {title}" if language == 0 else f"## {table} ({title})", ""]
            parts += [heads[language], "|---|---|---|---|---|---|"]
            parts += [_row(column, language) for column in columns]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write scenarios/COLUMNS.md again."""
    Path("scenarios/COLUMNS.md").write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
