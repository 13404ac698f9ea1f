"""Problems come back in the user's own workbook: marks are there, and nothing else is touched."""

from __future__ import annotations

import io
import itertools
import json
import random
import re
import shutil
import struct
import subprocess
import time
import zipfile
import zlib

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from lxml import etree
from small import document
from workbooks import (
    BOOK,
    MAIN,
    RELS,
    SHEET,
    STYLES,
    TEXTS,
    TYPES,
    made,
    parts,
    relations,
    rows,
    sheet,
    zipped,
)

from service.cli import main
from solver.commands.common import message
from solver.errors import Issue, Place, UsageError
from solver.scenario import read as read_scenario
from solver.scenario import resolve
from solver.tables import xlsx
from solver.tables.problems import Problems
from solver.words import say
from solver.write.marked import marked
from solver.write.workbook import workbook

SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
COLOUR = "FFFFD966"


def issue(row=2, column="amount", code="not_a_number", sheet="Usulan", value="x", suggestion=None):
    return Issue(code, {"value": value}, Place("buku.xlsx", sheet, row), column, value, suggestion)


def text(found, language="id"):
    return message(found, language)


def grids(data):
    problems = Problems()
    found = xlsx.read(data, "buku.xlsx", problems)
    assert problems.issues == []
    return {grid.sheet: grid for grid in found}


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def inside(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def coloured(page):
    """Every cell that our condition colours."""
    found = set()
    for area, rules in page.conditional_formatting._cf_rules.items():
        for rule in rules:
            if rule.formula == ['"Kayuh"="Kayuh"']:
                assert rule.dxf.fill.bgColor.rgb == COLOUR
                found |= {
                    (row, column)
                    for part in area.sqref.ranges
                    for row in range(part.min_row, part.max_row + 1)
                    for column in range(part.min_col, part.max_col + 1)
                }
    return found


def commented(page):
    return {
        (cell.row, cell.column): cell.comment.text
        for row in page.iter_rows()
        for cell in row
        if cell.comment
    }


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    for kind, body in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0\0\0")),
        (b"IEND", b""),
    )
)
HEADINGS = ("ID Usulan", "Usulan", "OPD", "Kecamatan", "Skor", "Anggaran")


def rich():
    """A workbook with everything an office puts into one; three rows of proposals below a title."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        head = book.add_format({"bold": True, "bg_color": "#1F4E5F", "font_color": "white"})
        money = book.add_format({"num_format": '"Rp"#,##0', "bg_color": "#FFEEEE"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet("Usulan")
        page.merge_range("A1:F1", "USULAN KECAMATAN", head)
        page.write_row(1, 0, HEADINGS, head)
        for n in range(3):
            page.write_row(2 + n, 0, [f"U-{n}", f"Jalan {n}", "PUPR", "Barat", 50 + n])
            page.write_formula(2 + n, 5, f"=E{3 + n}*1000000", money, (50 + n) * 1_000_000)
        page.data_validation("C3:C99", {"validate": "list", "source": ["PUPR", "PERKIM"]})
        page.conditional_format(
            "E3:E99", {"type": "cell", "criteria": "<", "value": 0, "format": head}
        )
        page.conditional_format("F3:F99", {"type": "data_bar"})
        page.autofilter("A2:F5")
        page.freeze_panes(2, 1)
        page.set_column("B:B", 44)
        page.set_column("G:XFD", None, None, {"hidden": True})
        page.set_row(3, 30, None, {"hidden": True})
        page.print_area("A1:F5")
        page.repeat_rows(1)
        page.set_landscape()
        page.set_header("&L&G", {"image_left": "x.png", "image_data_left": io.BytesIO(PNG)})
        page.insert_image("A9", "x.png", {"image_data": io.BytesIO(PNG)})
        page.insert_button("B12", {"caption": "Tombol"})
        page.write_url("B9", "https://example.go.id/", string="laman")
        page.write_comment("B3", "Tolong dicek, Bu", {"author": "Ani"})
        page.write_comment("F3", "Angka dari camat")
        page.set_h_pagebreaks([20])
        page.protect("rahasia", {"format_cells": True})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Usulan!$F$3:$F$5"})
        page.insert_chart("B20", chart)
        page.add_sparkline("B10", {"range": "Usulan!E3:E5"})
        other = book.add_worksheet("OPD")
        other.add_table(
            "A1:B3",
            {
                "columns": [{"header": "Kode OPD"}, {"header": "Pagu"}],
                "data": [["PUPR", 10**9], ["PERKIM", 5 * 10**8]],
            },
        )
        third = book.add_worksheet("Catatan")
        third.write_number(0, 0, 43_102, day)
        third.hide()
        pie = book.add_chart({"type": "pie"})
        pie.add_series({"values": "=OPD!$B$2:$B$3"})
        book.add_chartsheet("Grafik").set_chart(pie)
        book.define_name("Pagu", "=OPD!$B$2")
    # XlsxWriter says that nothing is calculated; a program that saved the results does not
    whole = inside(out.getvalue())
    whole[BOOK] = whole[BOOK].replace(b' fullCalcOnLoad="1"', b"")
    return zipped(whole)


RICH = rich()
ISSUES = [
    issue(3, "agency", "unknown_agency", value="PUPT", suggestion="PUPR"),
    issue(3, "amount"),
    issue(4, "amount", value="12,500"),
    issue(5, "amount", "cell_missing"),
    issue(5, "score", "score_missing"),
    issue(2, None, "unknown_heading", value="Skor"),
    issue(3, "district", "unknown_district", value="Barat"),
]
ISSUES[3] = Issue("cell_missing", {"column": "amount"}, Place("b", "Usulan", 5), "amount")


def without_marks(part):
    """A sheet's part with all that marks add taken out again."""
    part = re.sub(
        rb'<conditionalFormatting sqref="[^"]*"><cfRule type="expression" dxfId="\d+" '
        rb'priority="\d+"><formula>"Kayuh"="Kayuh"</formula></cfRule></conditionalFormatting>',
        b"",
        part,
    )
    part = re.sub(rb'<c r="G\d+" s="\d+" t="inlineStr">.*?</c>', b"", part)
    return part.replace(b'<col min="7" max="7" width="80" customWidth="1"/><col min="8"',
                        b'<col min="7"').replace(b'spans="1:7"', b'spans="1:6"').replace(
                        b'<dimension ref="A1:G', b'<dimension ref="A1:F')  # fmt: skip


def test_all_but_the_marks_is_the_same_to_the_byte():
    before, after = inside(RICH), inside(marked(RICH, ISSUES, "id"))
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        SHEET, STYLES, "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert list(after) == list(before)
    assert without_marks(after[SHEET]) == before[SHEET]
    assert without_marks(before[SHEET]) == before[SHEET]
    # of the styles: one colour and one style more, behind all others
    colour = rb"<dxf><fill><patternFill><bgColor rgb=.FFFFD966./></patternFill></fill></dxf>"
    styles = re.sub(colour, b"", after[STYLES])
    styles = styles.replace(
        b'<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        b"</cellXfs>", b"</cellXfs>")  # fmt: skip
    count = rb'(<(?:dxfs|cellXfs) count=")\d+"'
    assert re.sub(count, rb"\1", styles) == re.sub(count, rb"\1", before[STYLES])
    assert styles.count(b"<dxf>") == before[STYLES].count(b"<dxf>")
    root = etree.fromstring(after[STYLES])
    for name in ("dxfs", "cellXfs"):
        (group,) = root.iter(f"{{*}}{name}")
        assert int(group.get("count")) == len(group)
    # the user's drawing, a button and a comment, is all there, with more boxes behind
    drawing = after["xl/drawings/vmlDrawing1.vml"]
    for shape in re.findall(rb"<v:shape .*?</v:shape>", before["xl/drawings/vmlDrawing1.vml"]):
        assert shape in drawing


def everything(page):
    """What openpyxl knows of a sheet, but for comments and for the seventh column."""
    cells = {
        cell.coordinate: (
            cell.value, cell.number_format, repr(cell.font), repr(cell.fill), repr(cell.border),
            repr(cell.alignment), repr(cell.protection), cell.hyperlink and cell.hyperlink.target,
        )
        for row in page.iter_rows(max_col=6)
        for cell in row
    }  # fmt: skip
    return {
        "cells": cells,
        "widths": {k: (d.width, d.hidden) for k, d in page.column_dimensions.items() if k < "G"},
        "rows": {k: (d.height, d.hidden) for k, d in page.row_dimensions.items()},
        "validations": [(v.sqref, v.formula1) for v in page.data_validations.dataValidation],
        "conditions": [
            (str(area.sqref), rule.type, rule.priority)
            for area, rules in page.conditional_formatting._cf_rules.items()
            for rule in rules
            if rule.formula != ['"Kayuh"="Kayuh"']
        ],
        "filter": page.auto_filter.ref,
        "frozen": page.freeze_panes,
        "merged": sorted(map(str, page.merged_cells.ranges)),
        "print": (page.print_area, page.print_title_rows, page.page_setup.orientation,
                  [b.id for b in page.row_breaks.brk]),
        "protected": (page.protection.sheet, page.protection.password),
        "state": page.sheet_state,
        "tables": page.tables.items(),
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_another_program_finds_all_that_was_there():
    before, after = opened(RICH), opened(marked(RICH, ISSUES, "id"))
    assert after.sheetnames == before.sheetnames
    assert {k: v.value for k, v in after.defined_names.items()} == {"Pagu": "OPD!$B$2"}
    for name in before.sheetnames[:3]:
        assert everything(after[name]) == everything(before[name])
    assert len(after["Usulan"]._charts) == len(before["Usulan"]._charts) == 1


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_marks_stand_where_the_problems_are():
    page = opened(marked(RICH, ISSUES, "id"))["Usulan"]
    assert coloured(page) == {(3, 3), (3, 6), (4, 6), (5, 6), (5, 5), (2, 5), (3, 4)}
    comments = commented(page)
    assert comments[3, 3] == f"Kayuh: {text(ISSUES[0])}"
    assert "“PUPR”" in comments[3, 3]
    assert comments[2, 5] == f"Kayuh: {text(ISSUES[5])}"
    assert comments[3, 2] == "Tolong dicek, Bu"
    assert comments[3, 6] == f"Angka dari camat\n\nKayuh: {text(ISSUES[1])}"
    assert page["G2"].value == "Masalah"
    assert page["G3"].value == (
        f"OPD: {text(ISSUES[0])} | Anggaran: {text(ISSUES[1])} | Kecamatan: {text(ISSUES[6])}"
    )
    assert page["G5"].value == f"Anggaran: {text(ISSUES[3])} | Skor: {text(ISSUES[4])}"
    assert (page.column_dimensions["G"].width, page.column_dimensions["G"].hidden) == (80, False)
    assert page.column_dimensions["H"].hidden  # the rest of what the user hid
    english = opened(marked(RICH, ISSUES, "en"))["Usulan"]
    assert english["G2"].value == "Problems"
    assert english["G4"].value == f"Anggaran: {text(ISSUES[2], 'en')}"


def test_what_is_read_again_is_the_same():
    before, after = grids(RICH), grids(marked(RICH, ISSUES, "id"))
    assert list(after) == list(before)
    assert [(n, values[:6]) for n, values in after["Usulan"].rows] == [
        (n, (*values, *(None,) * (6 - len(values))) if n in (3, 5) else values)
        for n, values in before["Usulan"].rows
    ]
    assert after["OPD"] == before["OPD"]


def test_marking_twice_is_marking_once():
    once = marked(RICH, ISSUES, "id")
    twice = inside(marked(once, ISSUES, "id"))
    for name, part in inside(once).items():
        if not name.endswith(".vml"):  # whose boxes are numbered anew
            assert twice[name] == part, name
    boxes = [len(re.findall(b"<v:shape ", p["xl/drawings/vmlDrawing1.vml"]))
             for p in (inside(once), twice)]  # fmt: skip
    assert boxes[0] == boxes[1]


def elsewhere():
    return [issue(2, "ceiling", sheet="OPD")]


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_marks_of_what_was_mended_are_taken_off():
    again = marked(marked(RICH, ISSUES, "id"), elsewhere(), "id")
    book = opened(again)
    page = book["Usulan"]
    assert coloured(page) == set()
    assert commented(page) == {(3, 2): "Tolong dicek, Bu", (3, 6): "Angka dari camat"}
    assert [page[f"G{n}"].value for n in range(1, 6)] == [None, "Masalah", None, None, None]
    assert coloured(book["OPD"]) == {(2, 2)}
    # but for the empty column that stays, all is as it was before
    found = without_marks(inside(again)[SHEET])
    assert found == inside(RICH)[SHEET]
    boxes = inside(again)["xl/drawings/vmlDrawing1.vml"]
    assert boxes.count(b"<v:shape ") == inside(RICH)["xl/drawings/vmlDrawing1.vml"].count(
        b"<v:shape "
    )


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_marks_are_known_again_after_openpyxl_has_rewritten_the_file():
    book = opened(marked(RICH, ISSUES, "id"))
    for row in book["Usulan"].iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.value = 5
    out = io.BytesIO()
    book.save(out)
    page = opened(marked(out.getvalue(), [issue(4, "score")], "id"))["Usulan"]
    assert coloured(page) == {(4, 5)}
    assert commented(page) == {
        (3, 2): "Tolong dicek, Bu",
        (3, 6): "Angka dari camat",
        (4, 5): f"Kayuh: {text(issue(4))}",
    }
    assert [page[f"G{n}"].value is not None for n in range(2, 6)] == [True, False, True, False]
    assert page["H2"].value is None


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def resaved(data, folder):
    """The file as LibreOffice reads and writes it."""
    (folder / "buku.xlsx").write_bytes(data)
    subprocess.run(
        [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "neu"), "buku.xlsx"],
        cwd=folder, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "neu" / "buku.xlsx").read_bytes()


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice")
@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.filterwarnings("ignore:Print area cannot be set")
def test_libreoffice_shows_the_marks_and_they_are_known_again_after_it(tmp_path):
    saved = resaved(marked(RICH, ISSUES, "id"), tmp_path)
    page = opened(saved)["Usulan"]
    assert coloured(page) == {(3, 3), (3, 6), (4, 6), (5, 6), (5, 5), (2, 5), (3, 4)}
    comments = commented(page)
    assert comments[3, 3] == f"Kayuh: {text(ISSUES[0])}"
    assert comments[3, 6] == f"Angka dari camat\n\nKayuh: {text(ISSUES[1])}"
    assert page["G2"].value == "Masalah"
    assert page["G5"].value == f"Anggaran: {text(ISSUES[3])} | Skor: {text(ISSUES[4])}"
    again = marked(saved, [issue(4, "score")], "id")
    page = opened(again)["Usulan"]
    assert coloured(page) == {(4, 5)}
    assert commented(page) == {
        (3, 2): "Tolong dicek, Bu",
        (3, 6): "Angka dari camat",
        (4, 5): f"Kayuh: {text(issue(4))}",
    }
    assert [page[f"G{n}"].value is not None for n in range(2, 6)] == [True, False, True, False]
    for n, values in grids(RICH)["Usulan"].rows:
        assert dict(grids(again)["Usulan"].rows)[n][: len(values)] == values


# --- odd workbooks -------------------------------------------------------------------------------

HOSTILE = [
    '=HYPERLINK("http://jahat.example","klik")', "+1+1", "-1", "@SUM(A1)", "\t=1", "</t></is></c>",
    "<![CDATA[", "]]>", "&amp;&lt;", "a_x000D_b", "_x005F_", "a\x00b\x1b\x08", "\ud800", "\uffff",
    "a\r\nb\rc", "\U0001f6a3", "{value}", "%s", "' or 1=1", "x" * 40_000, "Kayuh: bukan kami",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_person_typed_stays_a_text(value):
    data = marked(made(), [issue(2, "amount", value=value), issue(1, None, "unknown_heading",
                                                                 value=value)], "id")  # fmt: skip
    page = opened(data)["Usulan"]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert page["C2"].data_type in ("s", "inlineStr")
    wanted = f"Anggaran: {text(issue(2, value=value))}"
    wanted = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\uffff]", "?", wanted)
    wanted = "\n".join(wanted.splitlines())[:32_000]
    (_, values) = grids(data)["Usulan"].rows[1]
    assert values[:2] == ("U-1", 1_250_000)
    assert values[2] == wanted
    assert commented(page)[2, 2].startswith('Kayuh: "')
    again = opened(marked(data, [], "id"))["Usulan"]
    assert commented(again) == {}
    assert coloured(again) == set()


def prefixed():
    """The good workbook with a prefix on every name of its sheet, its texts and its styles."""

    def turned(part):
        part = part.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
        return re.sub(r"<(/?)(?=[a-z])", r"<\1x:", part)

    return made({name: turned(parts()[name]) for name in (SHEET, STYLES, TEXTS, BOOK)})


def columns_of(xml):
    return made({SHEET: parts()[SHEET].replace("<sheetData>", f"<cols>{xml}</cols><sheetData>")})


ODD = {
    "as it is": made,
    "with prefixes": prefixed,
    "without references": lambda: made({
        SHEET: re.sub(r' r="[A-Z]*\d+"', "", parts()[SHEET])}),
    "with a byte order mark": lambda: made({SHEET: parts()[SHEET].encode("utf-8-sig")}),
    "with quotes of the other kind": lambda: made({SHEET: parts()[SHEET].replace('"', "'")}),
    "with comments in the XML": lambda: made({SHEET: parts()[SHEET].replace(
        "</row>", "<!-- </row> <c r='C2'> --></row>")}),
    "with blank cells behind": lambda: made({SHEET: parts()[SHEET].replace(
        "</row>", "<c r='C@' s='2'/><c r='E@' s='1'/></row>", 1).replace("@", "1").replace(
        "<v>1250000</v></c>", "<v>1250000</v></c><c r='C2' s='2'/><c r='D2' s='1'/>")}),
    "with a blank cell behind that": lambda: made({SHEET: parts()[SHEET].replace(
        "<v>1250000</v></c>", "<v>1250000</v></c><c r='D2' s='1'/>")}),
    "one width for all": lambda: columns_of('<col min="1" max="16384" width="20" style="1"/>'),
    "a width from there on": lambda: columns_of('<col min="3" max="9" width="20" hidden="1"/>'),
    "a width up to there": lambda: columns_of('<col min="1" max="3" width="20"/>'),
    "a width of its own": lambda: columns_of('<col min="3" max="3" width="2"></col>'),
    "widths around it": lambda: columns_of(
        '<col min="1" max="2" width="20"/><col min="5" max="6" width="20"/>'),
    "spans and a size": lambda: made({SHEET: parts()[SHEET].replace(
        "<sheetData>", '<dimension ref="A1:B2"/><sheetData>').replace(
        '<row r="2"', '<row r="2" spans="1:2"')}),
    "a size of one cell": lambda: made({SHEET: parts()[SHEET].replace(
        "<sheetData>", '<dimension ref="A1"/><sheetData>')}),
    "all that may follow": lambda: made({SHEET: parts()[SHEET].replace("</sheetData>", (
        '</sheetData><sheetProtection sheet="1"/><autoFilter ref="A1:B2"/>'
        '<mergeCells count="1"><mergeCell ref="A9:B9"/></mergeCells>'
        '<dataValidations count="1"><dataValidation type="whole" sqref="B2">'
        "<formula1>1</formula1></dataValidation></dataValidations>"
        '<pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/>'
        '<headerFooter><oddFooter>&amp;C&amp;P</oddFooter></headerFooter>'))}),
    "a condition like ours in other words": lambda: made({SHEET: parts()[SHEET].replace(
        "</sheetData>", '</sheetData><conditionalFormatting sqref="A1"><cfRule type="expression" '
        'priority="7"><formula>"Kayuh"="kayuh"</formula></cfRule></conditionalFormatting>')}),
}  # fmt: skip

ORDER = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
    protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells
    phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup
    headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
    legacyDrawing legacyDrawingHF picture oleObjects controls webPublishItems tableParts extLst
""".split()  # noqa: SIM905
"""ISO/IEC 29500-1, CT_Worksheet."""


def check_sheet(part):
    """The rules of the format that a careless change would break."""
    root = etree.fromstring(part)
    names = [etree.QName(child).localname for child in root if isinstance(child.tag, str)]
    assert names == sorted(names, key=ORDER.index)
    assert all(names.count(n) == 1 for n in set(names) - {"conditionalFormatting"})
    ranges = [(int(c.get("min")), int(c.get("max"))) for c in root.iter("{*}col")]
    assert all(a[1] < b[0] for a, b in itertools.pairwise(ranges))
    for row in root.iter("{*}row"):
        references = [c.get("r") for c in row.iter("{*}c") if c.get("r")]
        places = [openpyxl.utils.cell.coordinate_to_tuple(r)[1] for r in references]
        assert places == sorted(set(places))
        if row.get("spans") and places:
            first, last = map(int, row.get("spans").split(":"))
            assert first <= places[0] <= places[-1] <= last
    priorities = [rule.get("priority") for rule in root.iterfind("*/{*}cfRule")]
    assert len(set(priorities)) == len(priorities)


def widths(part):
    """The width and the looks of the first columns but for that of the messages."""
    columns = list(etree.fromstring(part).iter("{*}col"))
    return {
        number: [
            {k: v for k, v in c.attrib.items() if k not in ("min", "max")}
            for c in columns
            if int(c.get("min")) <= number <= int(c.get("max"))
        ]
        for number in (1, 2, 4, 5, 6, 9, 16384)
    }


@pytest.mark.parametrize("name", ODD)
def test_an_odd_workbook_keeps_its_values_and_its_form(name):
    data = ODD[name]()
    done = marked(data, [issue(2), issue(1, None, "unknown_heading", value="Anggaran")], "id")
    check_sheet(inside(done)[SHEET])
    assert widths(inside(done)[SHEET]) == widths(inside(data)[SHEET])
    before, after = grids(data)["Usulan"], grids(done)["Usulan"]
    assert [values[:2] for _, values in after.rows] == [values[:2] for _, values in before.rows]
    assert after.rows[0][1][2] == "Masalah"
    assert after.rows[1][1][2] == f"Anggaran: {text(issue(2))}"
    if "references" not in name:
        page = opened(done)["Usulan"]
        assert coloured(page) == {(2, 2), (1, 2)}
        assert set(commented(page)) == {(2, 2), (1, 2)}
        assert page.column_dimensions["C"].width == 80
        assert not page.column_dimensions["C"].hidden
    clean = marked(done, [], "id")
    check_sheet(inside(clean)[SHEET])
    assert b"Kayuh" not in inside(clean)[SHEET].replace(b'"Kayuh"="kayuh"', b"")
    assert [v[:2] for _, v in grids(clean)["Usulan"].rows] == [v[:2] for _, v in before.rows]


def test_an_empty_sheet_gets_its_headings_problem():
    for xml in ("<sheetData/>", "<sheetData></sheetData>"):
        data = made({SHEET: parts()[SHEET][: parts()[SHEET].index("<sheetData>")] + xml
                     + "</worksheet>"})  # fmt: skip
        missing = Issue("headings_missing", {"name": "ID"}, Place("b", "Usulan", 1))
        page = opened(marked(data, [missing, issue(7)], "id"))["Usulan"]
        assert page["A1"].value == "Masalah"
        assert page["A7"].value == f"Anggaran: {text(issue(7))}"
        assert commented(page) == {(1, 1): f"Kayuh: {text(missing)}"}


def test_rows_that_are_not_there_are_put_in_their_places():
    data = made({SHEET: sheet(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="5"><c r="A5" t="s"><v>2</v></c></row>')})  # fmt: skip
    done = marked(data, [issue(n) for n in (2, 4, 5, 9)], "id")
    check_sheet(inside(done)[SHEET])
    page = opened(done)["Usulan"]
    assert [n for n in range(1, 12) if page[f"C{n}"].value] == [1, 2, 4, 5, 9]


def test_problems_of_no_row_or_no_sheet_stand_at_the_headings():
    whole = Issue("sheet_missing", {"name": "OPD"}, Place("b"), None, "OPD")
    no_row = Issue("sheet_twice", {"first": "x"}, Place("b", "Usulan"))
    page = opened(marked(made(), [whole, no_row], "id"))["Usulan"]
    assert commented(page) == {(1, 3): f"Kayuh: {text(whole)}\n{text(no_row)}"}
    assert coloured(page) == {(1, 3)}
    assert page["C1"].value == "Masalah"
    other = made({BOOK: parts()[BOOK].replace("Usulan", "Lembar 1")})
    page = opened(marked(other, [whole], "id"))["Lembar 1"]
    assert commented(page) == {(1, 3): f"Kayuh: {text(whole)}"}


def test_a_row_whose_column_is_not_there_says_which():
    found = Issue("cell_missing", {"column": "agency"}, Place("b", "Usulan", 2), "agency")
    assert opened(marked(made(), [found], "id"))["Usulan"]["C2"].value == f"OPD: {text(found)}"
    page = opened(marked(made(), [found], "en"))["Usulan"]
    assert page["C2"].value == f"agency: {text(found, 'en')}"
    assert coloured(page) == set()


def test_the_sheets_of_rules_and_of_the_scenario_are_marked_too(tmp_path):
    whole = document(lock=[{"proposal": "U-1", "decision": "fund"}])
    book = opened(workbook(resolve(whole).document, "id"))
    book["OPD"].delete_cols(5, 2)
    book["Aturan"]["B2"], book["Aturan"]["E2"] = "U-99", "mungkin"
    book["Skenario"]["B4"] = "dua ribu"
    book["Renja"]["A3"] = None
    book.save(tmp_path / "kota.xlsx")
    result = run("check", tmp_path / "kota.xlsx", "--mark", tmp_path / "tanda.xlsx")
    assert result.exit_code == 5
    page = openpyxl.load_workbook(tmp_path / "tanda.xlsx")
    assert coloured(page["Aturan"]) == {(2, 2), (2, 5)}
    assert coloured(page["Skenario"]) == {(4, 2)}
    assert coloured(page["Renja"]) == {(3, 1)}
    assert page["Skenario"]["D1"].value == "Masalah"


NO_BOXES = (
    f'<comments xmlns="{MAIN}"><authors><author>Ani</author></authors>'
    "<commentList>{}</commentList></comments>"
)


def with_comments(inner, more=()):
    """A workbook with comments as some programs write them, without a drawing of their boxes."""
    return made({
        "xl/comments1.xml": NO_BOXES.format(inner),
        SHEET_RELS: relations(("rId1", "comments", 'Target="../comments1.xml"'), *more),
        TYPES: parts()[TYPES].replace("</Types>", (
            '<Override PartName="/xl/comments1.xml" ContentType="application/vnd.openxmlformats-'
            'officedocument.spreadsheetml.comments+xml"/></Types>')),
    })  # fmt: skip


@pytest.mark.parametrize(("inner", "kept"), [
    ("<t>Ani: cek</t>", "Ani: cek"),
    ("<r><rPr><b/></rPr><t>Ani:</t></r><r><t xml:space='preserve'>\ncek &amp; ricek</t></r>",
     "Ani:\ncek & ricek"),
    ("<t/>", ""),
    ("", ""),
])  # fmt: skip
def test_a_comment_of_the_users_is_kept_whatever_its_form(inner, kept):
    data = with_comments(f'<comment ref="B2" authorId="0"><text>{inner}</text></comment>')
    done = marked(data, [issue(2)], "id")
    wanted = f"{kept}\n\nKayuh: {text(issue(2))}"
    assert commented(opened(done)["Usulan"]) == {(2, 2): wanted}
    for element in etree.fromstring(inside(done)["xl/comments1.xml"]).iter("{*}text"):
        assert {etree.QName(child).localname for child in element} == {"r"}
    assert inside(marked(done, [issue(2)], "id"))["xl/comments1.xml"].count(b"Kayuh: ") == 1
    after = commented(opened(marked(done, [], "id"))["Usulan"])
    assert after.get((2, 2), "").strip() == kept.strip()


def test_a_conversation_is_left_to_the_program_that_leads_it():
    talk = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    data = with_comments('<comment ref="B2" authorId="0"><text><t>[Threaded]</t></text></comment>')
    whole = inside(data)
    whole[SHEET_RELS] = whole[SHEET_RELS].replace(
        b"</Relationships>",
        (
            b'<Relationship Id="rId2" Target="../threadedComments/threadedComment1.xml" Type="http://'
            b'schemas.microsoft.com/office/2017/10/relationships/threadedComment"/></Relationships>'
        ),
    )
    whole["xl/threadedComments/threadedComment1.xml"] = (
        f'<ThreadedComments xmlns="{talk}"><threadedComment ref="B2" id="x"><text>Halo</text>'
        "</threadedComment></ThreadedComments>").encode()  # fmt: skip
    page = opened(marked(zipped(whole), [issue(2), issue(2, "id")], "id"))["Usulan"]
    assert commented(page) == {(2, 2): "[Threaded]", (2, 1): f"Kayuh: {text(issue(2))}"}
    assert coloured(page) == {(2, 1), (2, 2)}


def test_cells_that_do_not_touch_are_coloured_in_several_formats():
    lines = [f'<c r="A{n}" t="s"><v>2</v></c><c r="B{n}"><v>{n}</v></c>' for n in range(2, 2402)]
    data = made({SHEET: sheet(rows('<c r="B1" t="s"><v>1</v></c>', *lines))})
    done = marked(data, [issue(n) for n in range(2, 2402, 2)], "id")
    check_sheet(inside(done)[SHEET])
    assert inside(done)[SHEET].count(b"<conditionalFormatting") == 3
    assert coloured(opened(done)["Usulan"]) == {(n, 2) for n in range(2, 2402, 2)}


def test_boxes_of_many_comments_have_numbers_of_their_own():
    lines = [f'<c r="A{n}" t="s"><v>2</v></c><c r="B{n}"><v>{n}</v></c>' for n in range(2, 3002)]
    head = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
    data = made({SHEET: sheet(rows(head, *lines))})
    done = inside(marked(data, [issue(n) for n in range(2, 3002)], "id"))
    drawing = done["xl/drawings/vmlDrawing1.vml"].decode()
    numbers = re.findall(r'<v:shape [^>]*id="_x0000_s(\d+)"', drawing)
    assert len(set(numbers)) == len(numbers) == 3000
    blocks = {int(n) for n in re.search(r'data="([\d,]+)"', drawing)[1].split(",")}
    assert {int(n) // 1024 for n in numbers} == blocks
    assert done[SHEET].count(b"<conditionalFormatting") == 1  # one range for all 3,000


UNMARKABLE = {
    "no workbook": (lambda: b"PK", "workbook_not_markable"),
    "damaged": (lambda: made({TEXTS: "<x>"}), "workbook_not_markable"),
    "in UTF-16": (
        lambda: made({SHEET: parts()[SHEET].replace("UTF-8", "utf-16").encode("utf-16")}),
        "workbook_not_markable",
    ),
    "without styles": (
        lambda: made({STYLES: None, RELS: parts()[RELS].replace("/styles", "/other")}),
        "workbook_not_markable",
    ),
    "damaged comments": (lambda: with_comments("<comment>"), "workbook_not_markable"),
    "comments that declare entities": (
        lambda: zipped({**inside(with_comments("")), "xl/comments1.xml": (
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><comments>&a;</comments>')}),
        "workbook_not_markable",
    ),
    "comments that are not there": (
        lambda: made({SHEET_RELS: relations(("rId1", "comments", 'Target="../x.xml"'))}),
        "workbook_not_markable",
    ),
    "signed": (lambda: made({"_xmlsignatures/sig1.xml": "<x/>"}), "workbook_signed"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNMARKABLE)
def test_a_workbook_that_would_be_damaged_is_not_handed_back(name):
    make, code = UNMARKABLE[name]
    with pytest.raises(UsageError) as caught:
        marked(make(), [issue(2)], "id")
    assert caught.value.code == code
    for language in ("id", "en"):
        assert ".xlsx" in say(f"usage.{code}", language) or code == "workbook_signed"


@pytest.mark.parametrize("seed", range(20))
def test_any_problems_anywhere_leave_the_values_alone(seed):
    chance = random.Random(seed)
    found = [
        issue(
            chance.choice([None, 1, 2, 3, 4, 5, 6, 40]),
            chance.choice(["agency", "amount", "score", "id", "ward", "Kolom", None]),
            sheet=chance.choice(["Usulan", "OPD", "Renja", None]),
            value=chance.choice(["x", "PUPR", 5, None, "Usulan"]),
        )
        for _ in range(chance.randrange(1, 30))
    ]
    data = RICH
    for number in range(1, 4):
        data = marked(data, found[::number], chance.choice(["id", "en"]))
        check_sheet(inside(data)[SHEET])
    before, after = grids(RICH), grids(data)
    for name in before:
        shown = dict(after[name].rows)
        for n, values in before[name].rows:
            assert shown[n][: len(values)] == values


def test_five_thousand_rows_take_a_few_seconds():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet("Usulan")
        page.write_row(0, 0, HEADINGS)
        for n in range(1, 5001):
            page.write_row(n, 0, [f"U-{n}", f"Jalan {n}", "PUPT", "Barat", 5, "1,250,000"])
    found = [issue(n, column) for n in range(2, 5002) for column in ("agency", "amount")]
    began = time.process_time()
    data = marked(out.getvalue(), found, "id")
    seconds = time.process_time() - began
    print(f"10,000 problems in 5,000 rows: {seconds:.1f} s, {len(data):,} bytes")
    assert seconds < 10
    page = opened(data)["Usulan"]
    assert len(commented(page)) == 10_000
    assert coloured(page) == {(n, c) for n in range(2, 5002) for c in (3, 6)}


# --- the command ---------------------------------------------------------------------------------


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def wrong(tmp_path):
    """A workbook with two problems."""
    book = opened(workbook(resolve(document()).document, "id"))
    book["OPD"].delete_cols(5, 2)
    place = {cell.value: cell.column for cell in book["Usulan"][1]}
    book["Usulan"].cell(2, place["OPD"]).value = "PUPT"
    book["Usulan"].cell(3, place["Anggaran"]).value = "1,250,000"
    path = tmp_path / "kota.xlsx"
    book.save(path)
    return path


def test_check_writes_the_marked_workbook_and_says_where(wrong, tmp_path):
    out = tmp_path / "baru" / "kota-masalah.xlsx"
    result = run("check", wrong, "--mark", out)
    assert result.exit_code == 5
    assert "PUPT" in result.stderr
    assert str(out) in result.stderr
    page = openpyxl.load_workbook(out)["Usulan"]
    assert len(coloured(page)) == 2
    assert [p.name for p in out.parent.iterdir()] == ["kota-masalah.xlsx"]
    # the marked workbook has the same two problems, and its column is not read
    again = run("check", out, "--json")
    assert [e["code"] for e in json.loads(again.stdout)["errors"]] == [
        "unknown_agency", "number_two_readings",
    ]  # fmt: skip


def test_check_without_mark_tells_of_it(wrong):
    assert "--mark" in run("check", wrong).stderr
    assert "kota-problems.xlsx" in run("check", wrong, "--lang", "en").stderr
    spaced = wrong.with_name("kota kita.xlsx")
    wrong.rename(spaced)
    assert f'"{spaced}" --mark "kota kita-masalah.xlsx"' in run("check", spaced).stderr


def test_the_json_of_check_says_where_the_marked_workbook_is(wrong, tmp_path):
    out = tmp_path / "tanda.xlsx"
    found = json.loads(run("check", wrong, "--mark", out, "--json").stdout)
    assert (found["ok"], found["marked"], len(found["errors"])) == (False, str(out), 2)
    assert "marked" not in json.loads(run("check", wrong, "--json").stdout)


def test_a_mended_workbook_is_right_again_with_its_column_of_problems(wrong, tmp_path):
    out, last = tmp_path / "tanda.xlsx", tmp_path / "lagi.xlsx"
    run("check", wrong, "--mark", out)
    book = openpyxl.load_workbook(out)
    place = {cell.value: cell.column for cell in book["Usulan"][1]}
    book["Usulan"].cell(2, place["OPD"]).value = "PUPR"
    book["Usulan"].cell(3, place["Anggaran"]).value = 1_250_000
    book.save(out)
    result = run("check", out, "--mark", last)
    assert result.exit_code == 0
    assert str(last) in result.stdout
    assert not last.exists()
    assert read_scenario(out).document["proposals"][0]["agency"]
    found = json.loads(run("check", out, "--mark", last, "--json").stdout)
    assert (found["ok"], found["marked"]) == (True, None)


def test_wrong_uses_of_mark_end_with_2_and_change_nothing(wrong, tmp_path):
    before = wrong.read_bytes()
    (tmp_path / "scenario.toml").write_text("format = 1", "utf-8")
    link = tmp_path / "sama.xlsx"
    link.hardlink_to(wrong)
    for words in (
        (wrong, "--mark", wrong),
        (wrong, "--mark", tmp_path / "x" / ".." / "kota.xlsx"),
        (wrong, "--mark", link),
        (wrong, "--mark", tmp_path / "tanda.csv"),
        (tmp_path / "scenario.toml", "--mark", tmp_path / "tanda.xlsx"),
        (tmp_path, "--mark", tmp_path / "tanda.xlsx"),
    ):
        result = run("check", *words)
        assert result.exit_code == 2, words
        assert result.stderr
        assert "Traceback" not in result.output
    assert wrong.read_bytes() == before
    assert not (tmp_path / "tanda.xlsx").exists()


def test_a_workbook_that_cannot_be_marked_has_its_problems_told_all_the_same(tmp_path):
    path, out = tmp_path / "kota.xlsx", tmp_path / "tanda.xlsx"
    path.write_bytes(made({TEXTS: "<x>"}))
    result = run("check", path, "--mark", out, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 5
    assert [e["code"] for e in found["errors"]] == ["workbook_broken"]
    assert found["marked"] is None
    assert say("usage.workbook_not_markable", "id") in result.stderr
    assert not out.exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(wrong, tmp_path):
    (tmp_path / "berkas").write_text("bukan folder")
    result = run("check", wrong, "--mark", tmp_path / "berkas" / "x.xlsx")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
