import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.tables import csv
from solver.tables.cells import text
from solver.tables.numbers import NumberError
from solver.tables.problems import Problems


def read(data, expect=()):
    problems = Problems()
    sheet = csv.read(data, "x.csv", problems)
    found = [(issue.code, issue.place.row) for issue in problems.issues]
    assert found == list(expect)
    return sheet


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_files_of_any_office(encoding, delimiter, newline):
    content = newline.join(["id,title", "U-1,Café", ""]).replace(",", delimiter)
    sheet = read(content.encode(encoding))
    assert sheet.headings == ("id", "title")
    assert sheet.rows == ((2, ("U-1", "Café")),)
    assert sheet.dot_is_decimal == (delimiter == ",")


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    sheet = read(b'id,title\n\n"U-1","two\nlines"\n,\nU-2,x\n')
    assert sheet.rows == ((3, ("U-1", "two\nlines")), (5, ("U-2", "x")))


def test_the_header_may_come_after_blank_rows():
    sheet = read(b"\n,,\nid,title\nU-1,x\n")
    assert (sheet.heading_row, sheet.rows) == (3, ((4, ("U-1", "x")),))


def test_a_delimiter_inside_a_quoted_heading_does_not_count():
    assert read(b'id;"title, or, name, or, words"\nU-1;x\n').headings[0] == "id"


def test_blank_fields_too_many_do_no_harm():
    assert read(b"id,title\nU-1,x,,,\n").rows == ((2, ("U-1", "x")),)


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"", "file_empty", None),
        (b"\n\n  \n", "file_empty", None),
        (b"\xef\xbb\xbf", "file_empty", None),
        (b"id,title\nU-1,x\nU-\0,x\n", "nul_byte", 3),
        ("id,title\n".encode("utf-16"), "nul_byte", 1),
        (b"id,title\nU-1,\x81\n", "encoding_unknown", 2),
        (b"id,title\nU-1,x,y\n", "row_length", 2),
        (b"id,title\nU-1\n", "row_length", 2),
        (b"id,\nU-1,x\n", "heading_blank", 2),
        (b'id,title\nU-1,"x\nU-2,y\n', "csv_quotes", 2),
        (b'id,title\nU-1,"x"y\n', "csv_quotes", 2),
        (b"id,title\nU-1," + b"x" * 200_000, "csv_quotes", 2),
    ],
)
def test_what_is_wrong_with_the_form(data, code, row):
    read(data, [(code, row)])


def test_nothing_becomes_a_formula():
    cells = ["=1+1", "+62", "-5", "@x", "'=x", "''", "plain", "a'b", "'"]
    data = csv.write(["title"], [{"title": cell} for cell in cells])
    for line in data.decode().splitlines()[1:]:
        assert not line.strip('"').startswith(("=", "+", "-", "@"))
    assert [row[0] for _, row in read(data).rows] == cells


def test_numbers_are_written_as_numbers():
    row = {"a": -5, "b": 61.3, "c": 0.000001, "d": True, "e": ["x", "y"], "f": ["=x"]}
    data = csv.write(list("abcdef"), [row])
    assert data == b"a,b,c,d,e,f\n-5,61.3,0.000001,yes,x;y,'=x\n"


def kept(raw):
    try:
        return text(raw)
    except NumberError:
        return ""


@given(st.lists(st.tuples(st.text().map(kept), st.text().map(kept)), min_size=1))
def test_any_text_comes_back_as_it_was(rows):
    data = csv.write(["id", "title"], [{"id": a, "title": b} for a, b in rows])
    sheet = read(data)
    assert [texts for _, texts in sheet.rows] == [row for row in rows if any(row)]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_reported(data):
    problems = Problems()
    sheet = csv.read(data, "x.csv", problems)
    assert sheet.headings or problems.issues
