"""Workbooks from raw parts: every byte of a zip and of its XML is the test's own choice."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

TYPES, ROOT, RELS = "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"
BOOK, STYLES, TEXTS = "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
READ = (TYPES, ROOT, RELS, BOOK, STYLES, TEXTS, SHEET)
"""Every part that a reader has to open."""

Part = str | bytes | Iterable[bytes]

GENERAL, DATE, PERCENT = 0, 1, 2
"""The styles of `styles()`."""


def styles(*more: str) -> str:
    """A plain style, a date and a percentage; then one for each further number format."""
    codes = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(more)
    )
    ids = (0, 14, 10, *(164 + n for n in range(len(more))))
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(more)}">{codes}</numFmts>'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(ids)}">'
        + "".join(f'<xf numFmtId="{n}" xfId="0" applyNumberFormat="1"/>' for n in ids)
        + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles></styleSheet>"
    )


def sheet(rows: str = "", before: str = "", after: str = "", namespace: str = MAIN) -> str:
    """A worksheet with these rows, and what stands before and behind them."""
    return (
        f'{HEAD}<worksheet xmlns="{namespace}" xmlns:r="{RELATIONS}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def rows(*cells: str) -> str:
    """Rows 1, 2, ... whose cells are given as XML."""
    return "".join(f'<row r="{n}">{inner}</row>' for n, inner in enumerate(cells, 1))


def texts(*items: str) -> str:
    """The shared texts, each as XML."""
    inner = "".join(f"<si>{item}</si>" for item in items)
    return f'{HEAD}<sst xmlns="{MAIN}" count="1" uniqueCount="1">{inner}</sst>'


def relations(*entries: tuple[str, str, str]) -> str:
    """A part of relations: id, kind and the rest of the attributes."""
    inner = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONS}/{kind}" {rest}/>'
        for name, kind, rest in entries
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def book(sheets: str | None = None, before: str = "", after: str = "") -> str:
    """The workbook's own part; by default with the one sheet Usulan."""
    one = '<sheet name="Usulan" sheetId="1" r:id="rId1"/>'
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}'
        f"<sheets>{one if sheets is None else sheets}</sheets>{after}</workbook>"
    )


def types(main: str = f"{TYPE}.sheet.main+xml") -> str:
    """The types of the parts."""
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{BOOK}" ContentType="{main}"/>'
        f'<Override PartName="/{SHEET}" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/{STYLES}" ContentType="{TYPE}.styles+xml"/>'
        f'<Override PartName="/{TEXTS}" ContentType="{TYPE}.sharedStrings+xml"/></Types>'
    )


def parts(changes: Mapping[str, Part | None] | None = None) -> dict[str, Part]:
    """The parts of a small good workbook, some of them replaced, added or (None) left out."""
    whole: dict[str, Part | None] = {
        TYPES: types(),
        ROOT: relations(("rId1", "officeDocument", f'Target="{BOOK}"')),
        BOOK: book(),
        RELS: relations(
            ("rId1", "worksheet", 'Target="worksheets/sheet1.xml"'),
            ("rId2", "styles", 'Target="styles.xml"'),
            ("rId3", "sharedStrings", 'Target="sharedStrings.xml"'),
        ),
        STYLES: styles(),
        TEXTS: texts("<t>ID Usulan</t>", "<t>Anggaran</t>", "<t>U-1</t>"),
        SHEET: sheet(
            rows(
                '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>',
                '<c r="A2" t="s"><v>2</v></c><c r="B2"><v>1250000</v></c>',
            )
        ),
        **(changes or {}),
    }
    return {name: part for name, part in whole.items() if part is not None}


GOOD = [(1, ("ID Usulan", "Anggaran")), (2, ("U-1", 1_250_000))]
"""What `parts()` holds."""


def zipped(whole: Mapping[str, Part], method: int = zipfile.ZIP_DEFLATED, level: int = 6) -> bytes:
    """The parts as a file; one that is given piece by piece is never whole in memory."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=level) as archive:
        for name, part in whole.items():
            if isinstance(part, str | bytes):
                archive.writestr(name, part)
                continue
            with archive.open(name, "w", force_zip64=True) as stream:
                for piece in part:
                    stream.write(piece)
    return out.getvalue()


def made(changes: Mapping[str, Part | None] | None = None) -> bytes:
    """The file of `parts(changes)`."""
    return zipped(parts(changes))


def of_rows(*cells: str, more: Mapping[str, Part | None] | None = None) -> bytes:
    """A workbook whose one sheet has these rows."""
    return made({SHEET: sheet(rows(*cells)), **(more or {})})


def repeated(before: str, unit: str, times: int, after: str) -> Iterable[bytes]:
    """A part of one unit many times over, in pieces."""
    yield before.encode()
    block = max(1, 1_000_000 // len(unit.encode()))
    whole, rest = divmod(times, block)
    piece = unit.encode() * block
    for _ in range(whole):
        yield piece
    yield unit.encode() * rest + after.encode()


def around(part: str, marker: str = "@") -> tuple[str, str]:
    """A part's text before and behind a marker."""
    before, after = part.split(marker)
    return before, after


def entries(data: bytes) -> dict[str, int]:
    """Where each part's entry in the zip's directory begins."""
    found = {}
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        found[data[at + 46 : at + 46 + length].decode()] = at
        at = data.find(b"PK\x01\x02", at + 46)
    return found


FLAGS, METHOD, PACKED, UNPACKED, OFFSET = (8, "<H"), (10, "<H"), (20, "<I"), (24, "<I"), (42, "<I")
"""Fields of an entry of the directory."""


def claiming(data: bytes, part: str, field: tuple[int, str], value: int) -> bytes:
    """The file with one field of a part's directory entry changed."""
    out = bytearray(data)
    struct.pack_into(field[1], out, entries(data)[part] + field[0], value)
    return bytes(out)
