"""Whether an .xlsx file is safe to open: looked at from outside, before anything is unpacked.

An office file is a zip of XML parts. A few kilobytes of zip can unpack to gigabytes, and a zip's
directory can say one thing of a part while the part is another; no spreadsheet program writes that.
"""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise
from typing import Any

from solver.errors import Place
from solver.tables.problems import Problems

MAX_FILE = 50_000_000
MAX_PARTS = 2_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
_SMALL = 1_000_000
"""Bytes; a part below this may have any ratio: a thousand equal rows shrink very well."""
_OLD_OFFICE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENTRY = b"PK\x01\x02"
"""How each entry of a zip's directory begins."""
_MACROS = ("vbaproject.bin", "/macrosheets/")


class RefusedError(Exception):
    """The workbook is not read on: `code` and `facts` name the sentence, `row` the place."""

    def __init__(self, code: str, row: int | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.facts = facts


def opened(data: bytes, file: str, problems: Problems) -> zipfile.ZipFile | None:
    """The archive of a workbook; None where it was refused, the reason in `problems`."""
    code = _form(data)
    if code is None:
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
            code = _parts(archive)
        except Exception:  # damaged directories fail in many ways, and zipfile names few of them
            code = "workbook_broken"
    if code is None:
        return archive
    problems.add(code, Place(file=file))
    return None


def _form(data: bytes) -> str | None:
    """What is wrong with the file as a whole, before its directory is read."""
    if data.startswith(_OLD_OFFICE):
        return "workbook_old_or_locked"
    if not data.startswith(b"PK"):
        return "workbook_not_one"
    is_large = len(data) > MAX_FILE or data.count(_ENTRY) > MAX_PARTS
    return "workbook_too_large" if is_large else None


def _parts(archive: zipfile.ZipFile) -> str | None:
    """What is wrong with the archive's directory: its names, sizes and ways of packing."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if "[content_types].xml" not in names:
        return "workbook_not_one"
    if any(mark in name for name in names for mark in _MACROS):
        return "workbook_macros"
    if any(part.flag_bits & 1 for part in parts):
        return "workbook_old_or_locked"
    if sum(part.file_size for part in parts) > MAX_UNPACKED or any(map(_swells, parts)):
        return "workbook_too_large"
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    odd = any(part.compress_type not in plain for part in parts)
    if odd or len(set(names)) < len(names) or _overlap(archive):
        return "workbook_broken"
    return None


def _swells(part: zipfile.ZipInfo) -> bool:
    return part.file_size > max(_SMALL, MAX_RATIO * part.compress_size)


def _overlap(archive: zipfile.ZipFile) -> bool:
    """Whether one stretch of the file is claimed by two parts, or by a part and the directory."""
    parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    claimed = [(part.header_offset, part.header_offset + part.compress_size) for part in parts]
    claimed.append((archive.start_dir, archive.start_dir))
    return any(end > start for (_, end), (start, _) in pairwise(claimed))
