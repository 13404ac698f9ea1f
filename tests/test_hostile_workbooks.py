"""Workbooks made to do harm are refused in time, with a sentence; odd ones are read right."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import openpyxl
import pytest
import xlsxwriter
from workbooks import (
    BOOK,
    DATE,
    FLAGS,
    GOOD,
    HEAD,
    MAIN,
    METHOD,
    OFFSET,
    PACKED,
    PERCENT,
    READ,
    RELATIONS,
    RELS,
    ROOT,
    SHEET,
    STRICT,
    STRICT_RELATIONS,
    STYLES,
    TEXTS,
    TYPES,
    UNPACKED,
    around,
    book,
    claiming,
    entries,
    made,
    of_rows,
    parts,
    relations,
    repeated,
    rows,
    sheet,
    styles,
    texts,
    types,
    zipped,
)

from solver.tables import xlsx
from solver.tables.cells import Percent, Unread
from solver.tables.grids import from_grid
from solver.tables.problems import Problems
from solver.words import LANGUAGES, say

MAX_SECONDS = 2.0
"""Of the processor, so that other work on the machine does not count."""
MOST_PARSINGS = 40
"""On a machine that is slower, so many times what a fixed parsing beside it takes is allowed.

The worst files took 20 to 27 of them where the fixed parsing took 0.12 to 0.2 s.
"""
MAX_MEGABYTES = 200

READER = r"""
import json, os, resource, sys, time, traceback
from xml.parsers import expat
from solver.tables import xlsx
from solver.tables.problems import Problems

def look(path, out):
    with open(path, "rb") as file:
        data = file.read()
    seen = []
    def watch(event, args):
        outside = event.startswith(("socket.", "subprocess.", "urllib.", "os.system", "os.exec"))
        if outside or event == "open" and not str(args[0]).endswith((".py", ".pyc")):
            seen.append(f"{event} {args[0]}")
    sys.addaudithook(watch)
    problems = Problems()
    grids = xlsx.read(data, "buku.xlsx", problems)
    issues = [(i.code, i.place.sheet, i.place.row, i.facts) for i in problems.issues]
    shown = [[grid.sheet, len(grid.rows), repr(grid.rows[:3])[:500]] for grid in grids]
    os.write(out, json.dumps({"issues": issues, "grids": shown, "opened": seen}).encode())

SHEET = b"<a>" + b"<c><v>1</v></c>" * 200_000 + b"</a>"

def calibrated():
    began, found = time.process_time(), []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append(name)
    parser.Parse(SHEET, True)
    return time.process_time() - began

for line in sys.stdin:
    before = calibrated()
    into, out = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        try:
            look(line.strip(), out)
        except BaseException:
            os.write(out, json.dumps({"error": traceback.format_exc()}).encode())
        os._exit(0)
    os.close(out)
    with os.fdopen(into, "rb") as pipe:
        answer = pipe.read()
    _, status, used = os.wait4(child, 0)
    found = json.loads(answer) if answer else {"error": f"ended with {status}"}
    found["seconds"] = used.ru_utime + used.ru_stime
    found["megabytes"] = used.ru_maxrss / 1024
    found["calibration"] = max(before, calibrated())
    print(json.dumps(found), flush=True)
"""


@pytest.fixture(scope="module")
def reader():
    """Reads a file in a process of its own and tells what it found, took and touched."""
    if not sys.platform.startswith("linux"):
        pytest.skip("measures with fork and wait4 as Linux has them")
    process = subprocess.Popen(
        [sys.executable, "-c", READER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        text=True,
    )

    def look(path):
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield look
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()


def read(data):
    problems = Problems()
    grids = xlsx.read(data, "buku.xlsx", problems)
    return grids, problems.issues


def values(data):
    """The rows of the one sheet of a workbook that has nothing wrong."""
    (grid,), issues = read(data)
    assert issues == []
    return grid.rows


def codes(data):
    return [issue.code for issue in read(data)[1]]


# --- made to do harm -----------------------------------------------------------------------------

ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "ha">{ENTITIES}]>'
BLOW_UP = f'<!DOCTYPE x [<!ENTITY a11 "{"ha" * 50_000}">]>'
DEEP = (
    "<!DOCTYPE x [<!ENTITY a0 'x'>"
    + "".join(f"<!ENTITY a{n} '&a{n - 1};'>" for n in range(1, 4000))
    + "<!ENTITY a11 '&a3999;'>]>"
)
SECRET = '<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'


def with_doctype(part, doctype):
    """The good workbook, one part of which begins with a DOCTYPE and uses its entity."""
    text = parts()[part].replace(HEAD, f"{HEAD}{doctype}", 1)
    if "a11" in doctype:
        at = text.rindex("</")
        text = text[:at] + "&a11;" * (10_000 if doctype is BLOW_UP else 1) + text[at:]
    return made({part: text})


def entity_files():
    doctypes = {
        "laughs": LAUGHS,
        "blow-up": BLOW_UP,
        "secret": SECRET,
        "remote": REMOTE,
        "parameter": PARAMETER,
        "deep": DEEP,
    }
    for part in READ:
        for kind, doctype in doctypes.items():
            yield f"{kind} in {part}", with_doctype, (part, doctype), "workbook_odd_xml"


def hidden_doctype(encoding):
    text = parts()[SHEET].replace(HEAD, f"<!-- a --><?b c?>\n<!-- {'d' * 9000} -->\n{LAUGHS}", 1)
    return made({SHEET: text.replace("<v>1250000", "<v>&a11;").encode(encoding)})


def bomb(size, **more):
    zeros = (b"\0" * 1_000_000 for _ in range(size))
    return zipped({**parts(), "xl/media/image1.png": zeros, **more})


def bomb_in_a_sheet(size=300):
    start, end = around(sheet("@"))
    return made({SHEET: [start.encode(), *[b" " * 1_000_000] * size, end.encode()]})


def nested():
    inner = zipped({"a.xml": (b"\0" * 1_000_000 for _ in range(150))})
    return zipped({**parts(), "xl/embeddings/inner.zip": inner, "b": bomb(150)})


def many_parts():
    return zipped({**parts(), **{f"xl/media/{n}.png": "" for n in range(50_000)}}, 0)


def lying(size, claimed):
    return claiming(bomb(size), "xl/media/image1.png", UNPACKED, claimed)


def lying_sheet():
    return claiming(bomb_in_a_sheet(190), SHEET, PACKED, 150_000_000)


def overlapping():
    data = zipped({**parts(), "xl/media/a.png": "x" * 50, "xl/media/b.png": "x" * 50})
    first = int.from_bytes(
        data[(at := entries(data)["xl/media/a.png"] + OFFSET[0]) : at + 4], "little"
    )
    return claiming(data, "xl/media/b.png", OFFSET, first)


def twice():
    out = io.BytesIO(made())
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SHEET, sheet())
    return out.getvalue()


def packed(method):
    return zipped(parts(), method)


def flagged():
    data = made()
    for part in READ:
        data = claiming(data, part, FLAGS, 1)
    return data


def end_of(data, offset, value):
    """The file with a field of its last record changed."""
    out = bytearray(data)
    at = data.rindex(b"PK\x05\x06")
    out[at + offset : at + offset + len(value)] = value
    return bytes(out)


def zip64(field):
    """A directory entry whose sizes stand in an extra field that is too short or absurd."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts().items():
            info = zipfile.ZipInfo(name)
            info.extra = b"" if name != SHEET else struct.pack("<HH", 0x4141, len(field)) + field
            archive.writestr(info, part)
    data = bytearray(out.getvalue())
    at = entries(bytes(data))[SHEET]
    struct.pack_into("<II", data, at + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    extra = at + 46 + len(SHEET)
    struct.pack_into("<H", data, extra, 1)
    return bytes(data)


def loose(changes):
    """A workbook that is not packed, so that its swelling does not give it away."""
    return zipped(parts(changes), zipfile.ZIP_STORED)


def sheet_of(unit, times, before="", after=""):
    """A workbook whose sheet holds one unit many times over."""
    start, end = around(sheet("@"))
    return loose({SHEET: repeated(start + before, unit, times, after + end)})


def part_of(part, marker, unit, times):
    """A workbook one of whose parts holds a unit many times over."""
    start, end = around(parts()[part].replace(marker, f"@{marker}", 1))
    return loose({part: repeated(start, unit, times, end)})


def sheets_on_one_part():
    entry = '<sheet name="S{0}" sheetId="{0}" r:id="rId1"/>'
    return made({
        BOOK: book("".join(entry.format(n) for n in range(1, 50_001))),
        SHEET: sheet("".join(f'<row r="{n}"/>' for n in range(1, 40_000))),
    })  # fmt: skip


def many_sheets(number, content):
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(number))
    targets = [(f"r{n}", "worksheet", f'Target="worksheets/s{n}.xml"') for n in range(number)]
    sheets = {f"xl/worksheets/s{n}.xml": content for n in range(number)}
    return made({BOOK: book(named), RELS: relations(*targets), **sheets})


def blank_cells(count):
    start, end = around(sheet("@"))
    return loose({SHEET: repeated(start, f"<row>{'<c/>' * 1000}</row>", count, end)})


def numbers(count):
    """Rows of 250 numbers, as dense as they can stand."""
    start, end = around(sheet("@"))
    body = (
        f"<row>{''.join(f'<c><v>.{n + k}</v></c>' for k in range(250))}</row>".encode()
        for n in range(count)
    )
    return zipped(parts({SHEET: [start.encode(), *body, end.encode()]}), level=1)


def distinct(cell, count):
    """Rows of 100 cells that differ, so that no text is stored once for all."""
    body = (
        f"<row>{''.join(cell.format(100 * n + k) for k in range(100))}</row>".encode()
        for n in range(count)
    )
    start, end = around(sheet("@"))
    return zipped(parts({SHEET: [start.encode(), *body, end.encode()]}), level=1)


def shared_texts(count):
    start, end = around(parts()[TEXTS].replace("</sst>", "@</sst>"))
    body = (f"<si><t>{n:099}\U0001f6a3</t></si>".encode() for n in range(count))
    return zipped(parts({TEXTS: [start.encode(), *body, end.encode()]}), level=1)


def texts_and_cells(count, cells):
    """The most work that is not refused: short texts, each used by a cell."""
    text_start, text_end = around(parts()[TEXTS].replace("</sst>", "@</sst>"))
    start, end = around(sheet("@"))
    one = '<c t="s"><v>9</v></c>'
    return loose({
        TEXTS: repeated(text_start, "<si><t>a</t></si>", count, text_end),
        SHEET: repeated(start, f"<row>{one * 200}</row>", cells // 200, end),
    })  # fmt: skip


def attributes(count, prefix=""):
    return "".join(f' {prefix}a{n}="{n}"' for n in range(count))


SHORT = '<c r="A1"><v>1</v></c>'
LONG = 20_000_000
HARMFUL = [
    # name, maker, its arguments, code
    ("300 MB of zeros", bomb, (300,), "workbook_too_large"),
    ("300 MB of blanks in a sheet", bomb_in_a_sheet, (), "workbook_too_large"),
    ("150 MB of zeros", bomb, (150,), "workbook_too_large"),
    ("150 MB of blanks in a sheet", bomb_in_a_sheet, (150,), "workbook_too_large"),
    ("zips in zips, which nobody opens", nested, (), None),
    ("60 MB of photographs", lambda: loose({"xl/media/a.jpeg": b"\0" * 60_000_000}), (),
     "workbook_too_large"),
    ("50,000 parts", many_parts, (), "workbook_too_large"),
    ("says 1 KB, holds 300 MB", lying, (300, 1000), None),
    ("says it is hardly packed", lying_sheet, (), "workbook_broken"),
    ("says 4 GB", lying, (1, 0xFFFFFFFE), "workbook_too_large"),
    ("two parts on one place", overlapping, (), "workbook_broken"),
    ("one name twice", twice, (), "workbook_broken"),
    ("encrypted parts", flagged, (), "workbook_old_or_locked"),
    ("packed with bzip2", packed, (zipfile.ZIP_BZIP2,), "workbook_broken"),
    ("packed with lzma", packed, (zipfile.ZIP_LZMA,), "workbook_broken"),
    ("packed in a way that is none", lambda: claiming(made(), SHEET, METHOD, 77), (),
     "workbook_broken"),
    ("zip64 without its sizes", zip64, (b"",), "workbook_broken"),
    ("zip64 cut short", zip64, (b"\x01\x02\x03",), "workbook_broken"),
    ("zip64 of 16 exabytes", zip64, (b"\xff" * 16,), "workbook_too_large"),
    ("zip64 below zero", zip64, (b"\0" * 7 + b"\x80" + b"\0" * 7 + b"\x80",), "workbook_too_large"),
    ("directory beyond the end", lambda: end_of(made(), 16, b"\xfe\xff\xff\x7f"), (),
     "workbook_broken"),
    ("directory too long", lambda: end_of(made(), 12, b"\xfe\xff\xff\x7f"), (), "workbook_broken"),
    ("directory of 65,535 entries", lambda: end_of(made(), 8, b"\xff" * 12), (), "workbook_broken"),
    *entity_files(),
    ("DOCTYPE behind comments", hidden_doctype, ("utf-8",), "workbook_odd_xml"),
    ("DOCTYPE in UTF-16", hidden_doctype, ("utf-16",), "workbook_odd_xml"),
    ("DOCTYPE in UTF-16 big end first", lambda: made({SHEET: b"\xfe\xff" + (
        LAUGHS + sheet().removeprefix(HEAD)).encode("utf-16-be")}), (), "workbook_odd_xml"),
    ("DOCTYPE behind a megabyte", lambda: loose({SHEET: f"<!--{'x' * 10**6}-->{LAUGHS}<x/>"}), (),
     "workbook_odd_xml"),
    ("a million comments first", lambda: loose({SHEET: "<!---->" * 10**6 + "<x/>"}), (),
     "workbook_odd_xml"),
    ("never begins", lambda: loose({SHEET: [b" " * 10**6] * 20}), (), "workbook_odd_xml"),
    ("EBCDIC", lambda: made({SHEET: sheet().replace("UTF-8", "cp037").encode("cp037")}), (),
     "workbook_broken"),
    ("UTF-7", lambda: made({SHEET: sheet().replace("UTF-8", "utf-7").encode("utf-7")}), (),
     "workbook_broken"),
    ("an encoding that is none", lambda: made({SHEET: sheet().replace("UTF-8", "x-" * 999)}), (),
     "workbook_broken"),
    ("a codec that unpacks", lambda: made({SHEET: sheet().replace("UTF-8", "zlib_codec")}), (),
     "workbook_broken"),
    ("a million cells in a row", sheet_of, ("<c/>", 10**6, "<row>", "</row>"), "workbook_broken"),
    ("a million cells of one place", sheet_of, (SHORT, 10**6, '<row r="1">', "</row>"),
     "workbook_broken"),
    ("a million values in a cell", sheet_of, ("<v/>", 10**6, "<row><c>", "</c></row>"),
     "workbook_broken"),
    ("a million pieces in a cell", sheet_of,
     ("<r><t>a</t></r>", 10**6, '<row><c t="inlineStr"><is>', "</is></c></row>"),
     "workbook_too_large"),
    ("ten million blank pieces", sheet_of,
     ("<t/>", 10**7, '<row><c t="inlineStr"><is>', "</is></c></row>"), "workbook_too_large"),
    ("a text of a million runs", part_of, (TEXTS, "<t>ID", "<r><t>a</t></r>", 10**6),
     "workbook_too_large"),
    ("eight million blank texts", part_of, (TEXTS, "</sst>", "<si/>", 8 * 10**6),
     "workbook_too_large"),
    ("a text of ten million blank runs", part_of, (TEXTS, "<t>ID", "<t/>", 10**7),
     "workbook_too_large"),
    ("ten million elements among the texts", part_of, (TEXTS, "</sst>", "<a/>", 10**7),
     "workbook_too_large"),
    ("runs of 20 letters, 180,000 in all", sheet_of,
     (f"<r><t>{'a' * 20}</t></r>", 9_000, '<row><c t="inlineStr"><is>', "</is></c></row>"),
     "workbook_too_large"),
    ("shared texts that differ, with one letter of four bytes", shared_texts, (400_000,),
     "workbook_too_large"),
    ("200,000 attributes", lambda: of_rows(f"<c{attributes(200_000)}/>"), (), "workbook_odd_xml"),
    ("200,000 namespaces", lambda: of_rows(f"<c{attributes(200_000, 'xmlns:')}/>"), (),
     "workbook_odd_xml"),
    ("a million levels in a sheet", sheet_of, ("<a>", 10**6), "workbook_odd_xml"),
    ("a million rows in rows", sheet_of, ("<row>", 10**6), "workbook_broken"),
    ("a million cells in cells", sheet_of, ("<c>", 10**6, "<row>"), "workbook_broken"),
    *(
        (f"a million levels in {part}", part_of, (part, "</", "<a>", 10**6), "workbook_odd_xml")
        for part in READ if part != SHEET
    ),
    ("20 MB in a value", sheet_of, ("1", LONG, "<row><c><v>", "</v></c></row>"),
     "workbook_too_large"),
    ("20 MB in a text", sheet_of,
     ("a", LONG, '<row><c t="inlineStr"><is><t>', "</t></is></c></row>"), "workbook_too_large"),
    ("20 MB in a shared text", part_of, (TEXTS, "ID Usulan", "a", LONG), "workbook_too_large"),
    ("20 MB of CDATA", sheet_of, ("<![CDATA[a]]>", 10**6, "<row><c><v>", "</v></c></row>"),
     "workbook_too_large"),
    ("20 MB in an attribute", sheet_of, ("a", LONG, '<row><c r="', '"/></row>'),
     "workbook_odd_xml"),
    ("20 MB in a name", sheet_of, ("a", LONG, "<row><", "/></row>"), "workbook_odd_xml"),
    ("20 MB in a comment", sheet_of, ("a", LONG, "<!--", "-->"), "workbook_odd_xml"),
    ("20 MB in an order to a program", sheet_of, ("a", LONG, "<?a ", "?>"), "workbook_odd_xml"),
    ("a sheet's name of 20 MB", part_of, (BOOK, 'Usulan" ', "a", LONG), "workbook_odd_xml"),
    ("a sheet's name of 200 KB", part_of, (BOOK, 'Usulan" ', "a", 200_000), "workbook_broken"),
    ("a million formats", part_of, (STYLES, "</cellXfs>", '<xf numFmtId="3"/>', 10**6),
     "workbook_too_large"),
    ("a million sheets", part_of, (BOOK, "</sheets>", '<sheet name="a" r:id="rId1"/>', 10**6),
     "workbook_too_large"),
    ("50,000 sheets on one part", sheets_on_one_part, (), "workbook_broken"),
    ("a million relations", part_of,
     (RELS, "</Relationships>", '<Relationship Id="a" Type="b" Target="c"/>', 10**6),
     "workbook_too_large"),
    ("a million types", part_of, (TYPES, "</Types>", '<Default Extension="a"/>', 10**6),
     "workbook_too_large"),
    ("500 sheets of blank cells", many_sheets, (500, sheet("<row><c/></row>" * 20_000)),
     "workbook_too_large"),
    ("a million merged cells", sheet_of,
     ('<mergeCell ref="A1:B2"/>', 10**6, "</sheetData><mergeCells>", "</mergeCells><sheetData>"),
     "workbook_too_large"),
    ("a million hidden columns", sheet_of,
     ('<col min="1" max="2" hidden="1"/>', 10**6, "</sheetData><cols>", "</cols><sheetData>"),
     "workbook_broken"),
    ("ten million blank cells", blank_cells, (10_000,), "workbook_too_large"),
    ("ten million numbers", numbers, (40_000,), "workbook_too_large"),
    ("texts that differ, with one letter of four bytes", distinct,
     ('<c t="str"><v>{:099}\U0001f6a3</v></c>', 10_000), "workbook_too_large"),
    ("a million formulas without results", distinct, ("<c><f>A{}</f></c>", 10_000),
     "workbook_too_large"),
    ("a format of half a million brackets", lambda: made({STYLES: styles("[" * 500_000)}), (),
     None),
    ("a format of half a million quotes", lambda: made({STYLES: styles("&quot;" * 99_999)}), (),
     None),
    ("numbers of 90,000 digits", lambda: loose({SHEET: sheet(rows(
        *[f"<c><v>{'7' * 90_000}</v></c>"] * 50))}), (), None),
    ("a million hidden rows that are blank", sheet_of, ('<row hidden="1"/>', 10**6), None),
]  # fmt: skip
HARMFUL_NAMES = [name for name, *_ in HARMFUL]


def is_soon(found, seconds=MAX_SECONDS, parsings=MOST_PARSINGS):
    """Whether it took no longer than so many seconds, or so many fixed parsings where more."""
    return found["seconds"] < max(seconds, parsings * found["calibration"])


@pytest.mark.parametrize(("name", "make", "arguments", "code"), HARMFUL, ids=HARMFUL_NAMES)
def test_a_harmful_file_is_refused_in_two_seconds_and_200_megabytes(
    name, make, arguments, code, reader, tmp_path
):
    path = tmp_path / "buku.xlsx"
    path.write_bytes(make(*arguments))
    found = reader(path)
    print(f"{name}: {path.stat().st_size:,} bytes, {found['seconds']:.2f} s, "
          f"{found['megabytes']:.0f} MB, {found['calibration']:.2f} s, "
          f"{found.get('issues')}")  # fmt: skip
    assert "error" not in found, found["error"]
    assert [issue[0] for issue in found["issues"]] == ([code] if code else [])
    assert found["opened"] == []
    assert "root:" not in json.dumps(found)
    assert found["megabytes"] < MAX_MEGABYTES
    assert is_soon(found), found
    if code:
        assert found["grids"] == []
        for language in LANGUAGES:
            assert say(f"input.{code}", language, found["issues"][0][3])


def test_the_most_that_is_read_at_all_stays_in_bounds(reader, tmp_path):
    """590,000 texts and 840,000 cells in one file: no hostile file can cost more."""
    path = tmp_path / "buku.xlsx"
    path.write_bytes(texts_and_cells(590_000, 840_000))
    found = reader(path)
    print(f"{found['seconds']:.2f} s, {found['megabytes']:.0f} MB, {found['calibration']:.2f} s")
    assert (found["issues"], found["grids"][0][1]) == ([], 4_200)
    assert is_soon(found, 2 * MAX_SECONDS), found  # and in no more of the fixed parsings
    assert found["megabytes"] < MAX_MEGABYTES


@pytest.mark.parametrize("target", [
    'Target="file:///etc/passwd" TargetMode="External"',
    'Target="file:///etc/passwd"',
    'Target="../../../../../../etc/passwd"',
    'Target="/etc/passwd"',
    'Target="http://127.0.0.1:9/sheet.xml"',
    'Target="\\\\127.0.0.1\\c$\\sheet.xml"',
    'Target="worksheets/sheet1.xml" TargetMode="External"',
])  # fmt: skip
@pytest.mark.parametrize("kind", ["worksheet", "sharedStrings", "styles"])
def test_nothing_outside_the_file_is_opened(kind, target, reader, tmp_path):
    number = {"worksheet": "rId1", "styles": "rId2", "sharedStrings": "rId3"}[kind]
    kept = [r for r in (
        ("rId1", "worksheet", 'Target="worksheets/sheet1.xml"'),
        ("rId2", "styles", 'Target="styles.xml"'),
        ("rId3", "sharedStrings", 'Target="sharedStrings.xml"'),
    ) if r[0] != number]  # fmt: skip
    path = tmp_path / "buku.xlsx"
    path.write_bytes(made({RELS: relations((number, kind, target), *kept)}))
    found = reader(path)
    assert found["opened"] == []
    assert "root:" not in json.dumps(found)
    if kind != "styles" or "External" not in target:  # without styles there is a plain workbook
        assert [issue[0] for issue in found["issues"]] == ["workbook_broken"]


def test_the_watch_over_the_reader_would_see_a_file_opened(reader, tmp_path):
    """A test that cannot fail is none: the same child does see its reader open a file."""
    script = READER.replace("grids = xlsx.read(", "open('/etc/passwd'); grids = xlsx.read(")
    path = tmp_path / "buku.xlsx"
    path.write_bytes(made())
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=f"{path}\n",
        capture_output=True,
        cwd=Path(__file__).parents[1],
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["opened"] == ["open /etc/passwd"]


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_is_refused_or_makes_no_difference(seed):
    """A hundred places a seed in a file as a spreadsheet writes it; never another value."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        page = workbook.add_worksheet("Usulan")
        money = workbook.add_format({"num_format": "#,##0"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for n in range(40):
            page.write_row(n, 0, [f"U-{n}", f"Jalan {n}", "PUPR"])
            page.write_number(n, 3, 1_250_000 + n, money)
            page.write_number(n, 4, 43_101 + n, day)
    data = out.getvalue()
    (good,), issues = read(data)
    assert issues == []
    chance = random.Random(seed)
    refused = 0
    for _ in range(100):
        bad = bytearray(data)
        bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        grids, issues = read(bytes(bad))
        refused += bool(issues)
        assert len(issues) <= 1
        assert all(issue.code.startswith("workbook_") for issue in issues)
        assert grids == ([] if issues else [good])
    assert refused > 30


@pytest.mark.parametrize("share", [0, 1, 10, 50, 90, 99])
def test_a_file_that_was_cut_off_is_refused(share):
    data = made()
    wanted = "workbook_not_one" if share == 0 else "workbook_broken"
    assert codes(data[: len(data) * share // 100]) == [wanted]
    assert codes(data[:-1]) == ["workbook_broken"]


# --- of another kind -----------------------------------------------------------------------------

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 4000
OTHER_KINDS = {
    "an .xls, or one with a password": (lambda: OLE, "workbook_old_or_locked"),
    "nothing": (lambda: b"", "workbook_not_one"),
    "a CSV": (lambda: b"ID Usulan;Anggaran\r\nU-1;5\r\n", "workbook_not_one"),
    "a web page": (lambda: b"<html><table><tr><td>U-1</td></tr></table>", "workbook_not_one"),
    "XML of Excel 2003": (lambda: b'<?xml version="1.0"?><Workbook/>', "workbook_not_one"),
    "two letters": (lambda: b"PK", "workbook_broken"),
    "an .ods": (
        lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                        "content.xml": "<x/>"}),
        "workbook_not_one",
    ),
    "a zip of CSVs": (lambda: zipped({"usulan.csv": "ID;OPD"}), "workbook_not_one"),
    "a letter": (
        lambda: made({BOOK: None, "word/document.xml": "<document/>",
                      ROOT: relations(("rId1", "officeDocument", 'Target="word/document.xml"')),
                      "word/_rels/document.xml.rels": relations()}),
        "workbook_not_one",
    ),
    "an .xlsb": (
        lambda: made({BOOK: None, "xl/workbook.bin": b"\x83",
                      ROOT: relations(("rId1", "officeDocument", 'Target="xl/workbook.bin"'))}),
        "workbook_not_one",
    ),
    "an .xlsm": (lambda: made({"xl/vbaProject.bin": b"\xcc\x61"}), "workbook_macros"),
    "an .xlsm whose macros were taken out": (
        lambda: made({TYPES: types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")}),
        "workbook_macros",
    ),
    "macros of Excel 4": (lambda: made({"xl/macrosheets/sheet1.xml": sheet()}), "workbook_macros"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_another_kind_of_file_is_named_as_such(name):
    make, code = OTHER_KINDS[name]
    grids, (issue,) = read(make())
    assert (issue.code, issue.place.file, grids) == (code, "buku.xlsx", [])
    for language in LANGUAGES:
        assert ".xlsx" in say(f"input.{code}", language, issue.facts)


# --- odd, and read right -------------------------------------------------------------------------


def cell(reference, kind="", value="", style=0):
    type_of = f' t="{kind}"' if kind else ""
    return f'<c r="{reference}"{type_of} s="{style}"><v>{value}</v></c>'


def one(xml, **more):
    """The value of a sheet's only cell."""
    ((number, (value,)),) = values(of_rows(xml, **more))
    assert number == 1
    return value


def strict():
    def turned(text):
        return text.replace(MAIN, STRICT).replace(RELATIONS, STRICT_RELATIONS)

    return zipped({name: turned(part) for name, part in parts().items()})


def prefixed():
    text = parts()[SHEET]
    for name in ("worksheet", "sheetData", "row", "c", "v"):
        for mark in ("<", "</"):
            for end in (" ", ">"):
                text = text.replace(f"{mark}{name}{end}", f"{mark}x:{name}{end}")
    return made({SHEET: text.replace("xmlns=", "xmlns:x=")})


GOOD_FILES = {
    "as it is": made,
    "in the strict form": strict,
    "with a prefix on every name": prefixed,
    "in UTF-16": lambda: made({SHEET: parts()[SHEET].replace("UTF-8", "utf-16").encode("utf-16")}),
    "in Latin 1": lambda: made({
        SHEET: parts()[SHEET].replace("UTF-8", "iso-8859-1").encode("latin-1")}),
    "with a byte order mark": lambda: made({SHEET: parts()[SHEET].encode("utf-8-sig")}),
    "without a declaration": lambda: made({SHEET: parts()[SHEET].removeprefix(HEAD)}),
    "with comments": lambda: made({SHEET: parts()[SHEET].replace(
        "<v>", "<!-- <v>9</v> --><v><!-- 9 -->").replace("<row", "<?a b?><row")}),
    "with CDATA": lambda: made({SHEET: parts()[SHEET].replace("1250000", "<![CDATA[1250]]>000")}),
    "not packed": lambda: zipped(parts(), zipfile.ZIP_STORED),
    "with capitals in its parts' names": lambda: zipped(
        {name.replace("sheet1", "Sheet1"): part for name, part in parts().items()}),
    "with targets from the root": lambda: made({RELS: parts()[RELS].replace(
        'Target="', 'Target="/xl/')}),
    "with its workbook elsewhere": lambda: zipped({
        name.replace("xl/workbook", "xl/buku").replace("xl/_rels/workbook", "xl/_rels/buku"):
        part.replace('"xl/workbook.xml"', '"xl/buku.xml"') for name, part in parts().items()}),
    "says it is one cell large": lambda: made({SHEET: parts()[SHEET].replace(
        "<sheetData>", '<dimension ref="A1"/><sheetData>')}),
    "says it is as large as can be": lambda: made({SHEET: parts()[SHEET].replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')}),
    "says its size is nonsense": lambda: made({SHEET: parts()[SHEET].replace(
        "<sheetData>", '<dimension ref="nonsense"/><sheetData>')}),
    "wrong counts of texts": lambda: made({TEXTS: parts()[TEXTS].replace(
        'count="1" uniqueCount="1"', 'count="-1" uniqueCount="99999999999"')}),
    "without references": lambda: made({SHEET: parts()[SHEET].replace(
        'r="A1" ', "").replace('r="B1" ', "").replace('r="A2" ', "").replace(
        'r="B2"', "").replace('r="1"', "").replace('r="2"', "")}),
    "texts in the cells": lambda: made({TEXTS: None, RELS: relations(
        ("rId1", "worksheet", 'Target="worksheets/sheet1.xml"')), STYLES: None, SHEET: sheet(rows(
            '<c t="inlineStr"><is><t>ID Usulan</t></is></c><c t="str"><v>Anggaran</v></c>',
            '<c t="inlineStr"><is><r><t>U</t></r><r><t>-1</t></r></is></c>'
            "<c><v>1250000</v></c>"))}),
    "texts in runs, with readings": lambda: made({TEXTS: texts(
        "<r><rPr><b/></rPr><t>ID </t></r><r><t>Usulan</t></r>",
        '<t>Anggaran</t><rPh sb="0" eb="1"><t>x</t></rPh><phoneticPr fontId="1"/>',
        "<t>U-1</t>")}),
    "a sheet of charts beside": lambda: made({
        BOOK: book('<sheet name="Grafik" sheetId="2" r:id="rId9"/>'
                   '<sheet name="Usulan" sheetId="1" r:id="rId1"/>'),
        RELS: parts()[RELS].replace("</Relationships>", (
            f'<Relationship Id="rId9" Type="{RELATIONS}/chartsheet" '
            'Target="chartsheets/sheet1.xml"/></Relationships>'))}),
    "links to other workbooks": lambda: made({
        RELS: parts()[RELS].replace("</Relationships>", (
            f'<Relationship Id="rId9" Type="{RELATIONS}/externalLink" '
            'Target="externalLinks/externalLink1.xml"/></Relationships>')),
        "xl/externalLinks/externalLink1.xml": "<externalLink/>",
        SHEET: parts()[SHEET].replace("<v>1250000", "<f>[1]Pagu!$B$2</f><v>1250000")}),
    "orders to other programs": lambda: made({SHEET: parts()[SHEET].replace(
        "<v>1250000", "<f>cmd|'/c calc'!A0</f><v>1250000")}),
    "a million blank rows behind": lambda: loose({SHEET: parts()[SHEET].replace(
        "</sheetData>", "".join(f'<row r="{n}" spans="1:5" ht="15"/>' for n in range(3, 1_000_003))
        + "</sheetData>")}),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD_FILES)
def test_an_odd_file_gives_the_same_values(name):
    assert values(GOOD_FILES[name]()) == GOOD


NUMBERS = [
    # as it stands in the file, what is read
    ("5", 5),
    ("-5", -5),
    ("0", 0),
    ("1250000", 1_250_000),
    ("1.25E6", 1_250_000),
    ("61.3", 61.3),
    ("61.299999999999997", 61.3),
    ("0.1", 0.1),
    ("0.30000000000000004", 0.3),
    ("149999999.99999997", 150_000_000),
    ("123456789012345", 123_456_789_012_345),
    ("1E-320", 1e-320),
    (" 5 ", 5),
    ("5.0", 5),
    ("-0", 0),
    ("1E14", 10**14),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_number_is_read_as_the_spreadsheet_shows_it(text, value):
    found = one(cell("A1", value=text))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["1E999", "-1E999", "NaN", "INF", "Infinity", "1_000"])
def test_a_number_that_is_none_is_no_value(text):
    assert one(cell("A1", value=text)) == Unread("error_cell", text)
    assert one(cell("A1", value=text, style=DATE)) == Unread("error_cell", text)
    assert one(cell("A1", value=text, style=PERCENT)) == Unread("error_cell", text)


@pytest.mark.parametrize("text", ["lima", "1,5", "0x10", "1 2", "", "--5", "²"])
def test_what_is_no_number_at_all_breaks_the_file_or_is_blank(text):
    data = of_rows(cell("A1", value=text))
    if text:
        assert codes(data) == ["workbook_broken"]
    else:
        assert values(data) == []


def test_a_number_of_5000_digits_is_no_crash():
    assert codes(of_rows(cell("A1", value="9" * 5000))) == []
    assert one(cell("A1", value="9" * 5000)) == Unread("error_cell", "9" * 60 + "…")
    assert one(cell("A1", value="1" + "0" * 300)) == 1e300


DATES = [
    (0, "00:00:00"), (0.5, "12:00:00"), (1, "1900-01-01"), (59, "1900-02-28"),
    (61, "1900-03-01"), (43_101, "2018-01-01"), (43_101.75, "2018-01-01 18:00:00"),
    (2_958_465, "9999-12-31"), (2_958_466, "2.95847e+06"), (-1, "1899-12-29"),
    (-700_000, "-700000"), (1e300, "1e+300"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "shown"), DATES)
def test_a_date_is_no_number(number, shown):
    assert one(cell("A1", value=number, style=DATE)) == Unread("date_cell", shown)


def test_days_may_count_from_1904():
    since_1904 = {BOOK: book(before='<workbookPr date1904="1"/>')}
    found = one(cell("A1", value=41_639, style=DATE), more=since_1904)
    assert found == Unread("date_cell", "2018-01-01")
    found = one(cell("A1", value=5, style=DATE), more=since_1904)
    assert found == Unread("date_cell", "1904-01-06")  # without the day that 1900 never had
    assert one('<c r="A1" t="d"><v>2018-01-01</v></c>') == Unread("date_cell", "2018-01-01")


FORMATS = [
    ("dd/mm/yyyy", "date"), ("[$-421]dd mmmm yyyy;@", "date"), ("[h]:mm", "date"),
    ("mmm-yy", "date"), ("DD-MM-YYYY", "date"), ("s.00", "date"), ("[ss]", "date"),
    ("0%", "percent"), ("0.00%;[Red]-0.00%", "percent"),
    ("#,##0", "number"), ("&quot;Rp&quot;#,##0;[Red]-&quot;Rp&quot;#,##0", "number"),
    ("_-&quot;Rp&quot;* #,##0_-;-&quot;Rp&quot;* #,##0_-", "number"), ("[$Rp-421]#,##0", "number"),
    ("0 &quot;hari&quot;", "number"), ("0\\ \\m", "number"), ("0&quot;%&quot;", "number"),
    ("General", "number"), ("0.00E+00", "number"), ("@", "number"), ("[Red]0", "number"),
    ("#,##0_d", "number"), ("0;&quot;;&quot;yyyy", "number"), ("", "number"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "meaning"), FORMATS)
def test_a_format_of_ones_own_tells_dates_from_percentages_and_numbers(code, meaning):
    found = one(cell("A1", value="0.15", style=3), more={STYLES: styles(code)})
    kind = {Unread: "date", Percent: "percent", float: "number"}[type(found)]
    assert kind == meaning
    # openpyxl's own reading, where it has one; it takes 0"%" for a number too
    is_date = openpyxl.styles.numbers.is_date_format(code.replace("&quot;", '"'))
    assert is_date == (meaning == "date")


FORMULAS = [
    # cell, what is read
    ("<c><f>1+1</f><v>2</v></c>", 2),
    ("<c><f>1+1</f></c>", Unread("formula_without_value", "=1+1")),
    ("<c><f>1+1</f><v/></c>", Unread("formula_without_value", "=1+1")),
    ('<c t="str"><f>A9&amp;""</f><v>a</v></c>', "a"),
    ('<c t="str"><f>A9</f></c>', Unread("formula_without_value", "=A9")),
    ('<c><f t="shared" si="0"/></c>', Unread("formula_without_value", "=...")),
    ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', Unread("error_cell", "#DIV/0!")),
    ('<c t="e"><v>#REF!</v></c>', Unread("error_cell", "#REF!")),
    ('<c t="b"><f>TRUE()</f><v>1</v></c>', True),
    ('<c t="b"><v>0</v></c>', False),
    (f"<c><f>{'A' * 9000}</f></c>", Unread("formula_without_value", "=" + "A" * 59 + "…")),
]


@pytest.mark.parametrize(("xml", "value"), FORMULAS)
def test_a_formula_gives_its_saved_result_and_never_0(xml, value):
    found = one(xml)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("xml", [
    '<c t="str"><f>""</f><v></v></c>', '<c t="str"><f>""</f><v/></c>', "<c/>", "<c><v/></c>",
    '<c t="inlineStr"><is><t></t></is></c>', '<c t="inlineStr"><is/></c>', '<c t="s"/>',
    '<c t="inlineStr"/>',
])  # fmt: skip
def test_a_blank_cell_is_blank(xml):
    assert values(of_rows(f"{xml}<c><v>1</v></c>")) == [(1, (None, 1))]
    assert values(of_rows(xml)) == []


def test_a_workbook_that_says_it_is_not_calculated_has_no_results():
    """XlsxWriter writes 0 as the result of every formula, and that it is still to be calculated."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        workbook.add_worksheet("Usulan").write_row(0, 0, [5, "=A1*2"])
    assert values(out.getvalue()) == [(1, (5, Unread("formula_without_value", "=A1*2")))]


@pytest.mark.parametrize(("text", "value"), [
    ("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("_xyz_", "_xyz_"), ("a\n b ", "a\n b "),
    ("&lt;b&gt; &amp;amp;", "<b> &amp;"), ("=1+1", "=1+1"),
    ("\U0001f6a3 kayuh", "\U0001f6a3 kayuh"),
])  # fmt: skip
def test_a_text_is_taken_as_it_is(text, value):
    assert one('<c t="s"><v>0</v></c>', more={TEXTS: texts(f"<t>{text}</t>")}) == value
    assert one(f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>') == value
    assert one(f'<c t="str"><v>{text}</v></c>') == value


BROKEN = {
    "a text that is not there": '<c t="s"><v>3</v></c>',
    "a text below zero": '<c t="s"><v>-1</v></c>',
    "a text that is no number": '<c t="s"><v>a</v></c>',
    "a text far off": f'<c t="s"><v>{10**30}</v></c>',
    "a style that is not there": '<c s="3"><v>1</v></c>',
    "a style below zero": '<c s="-1"><v>1</v></c>',
    "a style far off": f'<c s="{10**30}"><v>1</v></c>',
    "a style that is no number": '<c s="x"><v>1</v></c>',
    "a kind that is none": '<c t="x"><v>1</v></c>',
    "cells the wrong way round": cell("B1", value=1) + cell("A1", value=2),
    "one cell twice": cell("A1", value=1) + cell("A1", value=2),
    "a cell of another row": cell("A2", value=1),
    "a cell of no column": cell("1", value=1),
    "a cell beyond the last column": cell("XFE1", value=1),
    "a small letter": cell("a1", value=1),
    "a dollar": cell("$A$1", value=1),
    "a cell that is a range": cell("A1:B1", value=1),
    "two values": "<c><v>1</v><v>2</v></c>",
    "a value in a value": "<c><v>1<v>2</v></v></c>",
    "a cell in a cell": "<c><c><v>1</v></c></c>",
    "a tag left open": "<c><v>1</c>",
    "an entity that nobody declared": "<c><v>&satu;</v></c>",
    "a character that XML does not know": '<c t="str"><v>\x01</v></c>',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_cell_that_cannot_be_told_breaks_the_file(name):
    grids, (issue,) = read(of_rows(BROKEN[name]))
    assert (issue.code, issue.place.sheet, issue.place.row) == ("workbook_broken", "Usulan", 1)
    assert grids == []


ROWS = {
    "the wrong way round": '<row r="2"/><row r="1"/>',
    "twice": '<row r="1"/><row r="1"/>',
    "zero": '<row r="0"/>',
    "below zero": '<row r="-3"/>',
    "no number": '<row r="x"/>',
    "beyond the last": '<row r="1048577"/>',
    "of 5000 digits": f'<row r="{"9" * 5000}"/>',
    "in a row": "<row><row/></row>",
    "after the data": "</sheetData><row/><sheetData>",
    "in two parts": "<row/></sheetData><sheetData><row/>",
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_that_cannot_be_told_break_the_file(name):
    assert codes(made({SHEET: sheet(ROWS[name])})) == ["workbook_broken"]


SHEETS = {
    "one name twice": '<sheet name="A" r:id="rId1"/><sheet name="a" r:id="rId8"/>',
    "one part twice": '<sheet name="A" r:id="rId1"/><sheet name="B" r:id="rId1"/>',
    "a part that is not there": '<sheet name="A" r:id="rId8"/>',
    "a relation that is not there": '<sheet name="A" r:id="rId99"/>',
    "no relation": '<sheet name="A"/>',
    "no name": '<sheet r:id="rId1"/>',
}


@pytest.mark.parametrize("name", SHEETS)
def test_sheets_that_cannot_be_told_break_the_file(name):
    more = f'<Relationship Id="rId8" Type="{RELATIONS}/worksheet" Target="s8.xml"/></Relationships>'
    changes = {BOOK: book(SHEETS[name]), RELS: parts()[RELS].replace("</Relationships>", more)}
    if name == "one name twice":
        changes["xl/s8.xml"] = sheet()
    assert codes(made(changes)) == ["workbook_broken"]


@pytest.mark.parametrize("part", READ)
@pytest.mark.parametrize("content", ["", "nonsense", "<x/>", "<x>", None])
def test_a_part_that_is_empty_nonsense_or_gone_is_never_a_crash(part, content):
    """Some parts may be as good as empty; then cells that need them break the file."""
    found = codes(made({part: content}))
    assert len(found) <= 1
    assert set(found) <= {"workbook_broken", "workbook_not_one"}
    if part == TYPES and content == "<x/>":
        assert found == []  # nothing in it is needed but that it names no macros
    elif part != TYPES:
        assert found != []


FAR = [
    # reference, code, row
    ("XFD1", "sheet_far_cell", 1),
    ("IW1", "sheet_far_cell", 1),
    ("C1048576", "sheet_far_cell", 1_048_576),
    ("XFD1048576", "sheet_far_cell", 1_048_576),
    ("A1003", "sheet_far_cell", 1003),
]


@pytest.mark.parametrize(("reference", "code", "row"), FAR)
def test_a_value_far_from_all_others_is_named(reference, code, row):
    letters = reference.rstrip("0123456789")
    far = f'<row r="{row}">{cell(f"{letters}{row}", value=1)}</row>'
    first = f"<row r='2'>{cell('A2', value=1)}</row>" if row > 1 else ""
    grids, (issue,) = read(made({SHEET: sheet(first + far)}))
    assert (issue.code, issue.place.sheet, issue.place.row) == (code, "Usulan", row)
    assert (issue.facts, grids) == ({"cell": reference}, [])


def test_what_is_just_near_enough_is_read():
    xml = f'<row r="1">{cell("IV1", value=7)}</row><row r="1001">{cell("A1001", value=8)}</row>'
    assert values(made({SHEET: sheet(xml)})) == [(1, (*(None,) * 255, 7)), (1001, (8,))]


def test_a_sheet_of_too_many_rows_is_refused_with_the_most_there_may_be():
    short = "<row><c><v>1</v></c></row>"
    _, (issue,) = read(loose({SHEET: sheet(short * 200_001)}))
    assert (issue.code, issue.place.row) == ("sheet_too_long", 200_001)
    assert issue.facts == {"max": 200_000}
    assert len(values(loose({SHEET: sheet(short * 200_000)}))) == 200_000


def test_what_is_out_of_sight_or_merged_is_read_and_told():
    before = (
        '<cols><col min="2" max="2" hidden="1"/><col min="9" max="16384" hidden="true"/></cols>'
    )
    merged = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    data = made({
        BOOK: book('<sheet name="Usulan" sheetId="1" state="veryHidden" r:id="rId1"/>'),
        SHEET: sheet(
            f'<row r="1">{cell("A1", value=1)}{cell("B1", value=2)}</row>'
            f'<row r="2" hidden="1">{cell("A2", value=3)}</row><row r="3" hidden="1"/>',
            before,
            merged,
        ),
    })  # fmt: skip
    (grid,), issues = read(data)
    assert issues == []
    assert grid.rows == [(1, (1, 2)), (2, (3,))]
    assert (grid.hidden, grid.hidden_rows, grid.hidden_columns) == (True, (2,), (2,))
    assert grid.merged == ("A1:B1",)
    problems = Problems()
    from_grid("proposals", grid, "buku.xlsx", problems)
    told = {notice.code: notice.facts for notice in problems.notices}
    assert told["columns_hidden"] == {"sheet": "Usulan", "columns": ["B"]}
    assert set(told) == {"sheet_hidden", "rows_hidden", "columns_hidden"}
    for language in LANGUAGES:
        assert "B" in say("warning.columns_hidden", language, told["columns_hidden"])


def test_only_the_sheets_wanted_are_read():
    other = sheet('<row><c t="x"><v>1</v></c></row>')
    data = made({
        BOOK: book('<sheet name="Catatan" r:id="r8"/><sheet name="Usulan" r:id="rId1"/>'),
        RELS: parts()[RELS].replace("</Relationships>", (
            f'<Relationship Id="r8" Type="{RELATIONS}/worksheet" Target="s8.xml"/>'
            "</Relationships>")),
        "xl/s8.xml": other,
    })  # fmt: skip
    problems = Problems()
    (grid,) = xlsx.read(data, "buku.xlsx", problems, lambda name: name == "Usulan")
    assert (grid.sheet, grid.rows, problems.issues) == ("Usulan", GOOD, [])
    assert codes(data) == ["workbook_broken"]


@pytest.mark.parametrize("name", ["a'b", 'R&D "2018"', "=1+1", "日本", "A<B>", " ", "x" * 255])
def test_a_sheet_may_have_any_name(name):
    (grid,), issues = read(made({BOOK: book(f'<sheet name={quoteattr(name)} r:id="rId1"/>')}))
    assert (grid.sheet, issues) == (name, [])


# --- real programs, speed, and every code --------------------------------------------------------


def test_a_workbook_of_openpyxl_is_read_as_openpyxl_reads_it(tmp_path):
    path = tmp_path / "buku.xlsx"
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = "Usulan"
    chance = random.Random(4)
    for n in range(300):
        page.append([f"U-{n}", chance.random(), chance.randrange(10**12), n % 2 == 0, None, "é😀"])
    workbook.save(path)
    again = openpyxl.load_workbook(path, read_only=True, data_only=True)
    wanted = [tuple(row) for row in again["Usulan"].iter_rows(values_only=True)]
    again.close()
    found = [row for _, row in values(path.read_bytes())]
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours[0:1] + ours[2:] == theirs[0:1] + theirs[2:]
        assert ours[1] == pytest.approx(theirs[1], rel=1e-14)


COLUMNS = 15


def large(path, count):
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        page = workbook.add_worksheet("Usulan")
        page.write_row(0, 0, [f"Judul {k}" for k in range(COLUMNS)])
        for n in range(1, count + 1):
            page.write_row(n, 0, [
                f"U-{n}", f"Peningkatan jalan lingkungan RT {n % 40}", "PUPR", "1.03.01",
                f"Kec {n % 30}", f"Kel {n % 300}", n % 20 + 1, 100 - n % 90 + 0.5, 120, "m",
                150_000_000 + n * 1000, n % 500, "PAD", "musrenbang", "catatan yang panjang",
            ])  # fmt: skip


def seconds_of(call):
    began = time.process_time()
    call()
    return time.process_time() - began


@pytest.mark.parametrize("count", [5_000, pytest.param(50_000, marks=pytest.mark.soak)])
def test_reading_takes_no_more_than_half_again_of_openpyxl_alone(count, reader, tmp_path):
    path = tmp_path / "besar.xlsx"
    large(path, count)

    def bare():
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        assert sum(1 for _ in workbook["Usulan"].iter_rows(values_only=True)) == count + 1
        workbook.close()

    def ours():
        assert len(values(path.read_bytes())) == count + 1

    ratio = min(seconds_of(ours) for _ in range(2)) / min(seconds_of(bare) for _ in range(2))
    found = reader(path)
    print(f"{count} rows: {ratio:.2f} of openpyxl alone, {found['megabytes']:.0f} MB")
    assert ratio < 1.5
    assert found["megabytes"] < 300


def test_every_code_of_the_reader_is_provoked_here():
    folder = Path(__file__).parents[1] / "solver" / "tables"
    source = "".join(
        (folder / f"{name}.py").read_text("utf-8")
        for name in ("archive", "xml", "package", "worksheet", "xlsx")
    )
    known = set(re.findall(r'"((?:workbook|sheet|formula|error|date)_[a-z_]+)"', source))
    own = Path(__file__).read_text("utf-8")
    assert {code for code in known if own.count(f'"{code}"') == 0} == set()
    assert len(known) == 11
