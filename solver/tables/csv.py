"""CSV as offices make it, read without losing a row; and CSV written so that nothing runs.

Read: UTF-8 with or without BOM, else cp1252; `,` or `;` by the header. A text that starts with
= + - @ tab CR or ' is written with a ' before it, so that no spreadsheet takes it for a formula;
reading takes one such ' off, so the round trip is lossless.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.errors import Place
from solver.tables.cells import OUTER, as_text
from solver.tables.problems import Problems

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


@dataclass(frozen=True)
class Sheet:
    """A CSV's texts. Rows are numbered as a spreadsheet shows them: the header is usually row 1."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    dot_is_decimal: bool
    heading_row: int = 1


_EMPTY = Sheet((), (), dot_is_decimal=True)


def read(data: bytes, file: str, problems: Problems) -> Sheet:
    """The texts of a CSV; what is wrong with its form goes to `problems`."""
    content = _decoded(data, file, problems)
    if content is None:
        return _EMPTY
    delimiter = _delimiter(content)
    records = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    headings: tuple[str, ...] | None = None
    heading_row = 1
    rows = []
    number = 0
    try:
        for number, record in enumerate(records, 1):
            texts = [_unguarded(text.strip(OUTER)) for text in record]
            if not any(texts):
                continue
            if headings is None:
                headings, heading_row = tuple(texts), number
            elif _fits(texts, headings, Place(file=file, row=number), problems):
                rows.append((number, tuple(texts)))
    except csv.Error:
        problems.add("csv_quotes", Place(file=file, row=number + 1))
    if headings is None:
        problems.add("file_empty", Place(file=file))
        return _EMPTY
    return Sheet(headings, tuple(rows), delimiter == ",", heading_row)


def _decoded(data: bytes, file: str, problems: Problems) -> str | None:
    if b"\0" in data:
        row = data[: data.index(b"\0")].count(b"\n") + 1
        problems.add("nul_byte", Place(file=file, row=row))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        problems.add("encoding_unknown", Place(file=file, row=row))
        return None


def _delimiter(content: str) -> str:
    """The delimiter that the header has more of outside its quotes; a comma where they tie."""
    header = next((line for line in content.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return ";" if bare.count(";") > bare.count(",") else ","


def _fits(texts: list[str], headings: Sequence[str], place: Place, problems: Problems) -> bool:
    """Whether the row has a field for each heading; blank ones too many do no harm."""
    while len(texts) > len(headings) and not texts[-1]:
        texts.pop()
    if len(texts) != len(headings):
        problems.add("row_length", place, found=len(texts), expected=len(headings))
        return False
    for text, heading in zip(texts, headings, strict=True):
        if text and not heading:
            problems.add("heading_blank", place, None, text, value=text)
            return False
    return True


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith(_STARTS_FORMULA) else text


def _guarded(value: Any) -> str:
    text = as_text(value)
    if isinstance(value, (str, list)) and text.startswith(_STARTS_FORMULA):
        return "'" + text
    return text


def write(headings: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A CSV of JSON values: UTF-8, `,` between fields, `.` before decimals."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_guarded(row[name]) if name in row else "" for name in headings])
    return out.getvalue().encode("utf-8")
