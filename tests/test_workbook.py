"""The workbook form: what an officer may type in it, where problems are said to stand, its sums."""

import io
import resource
import shutil
import subprocess
import time

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner
from small import document
from test_lossless import RICH

import scenarios
from service.cli import main
from solver.errors import InputError, UsageError
from solver.scenario import read, resolve
from solver.tables.columns import COLUMNS
from solver.tables.sheets import SHEETS, joined, parted
from solver.write.workbook import workbook


def opened(whole=None, language="id"):
    data = workbook(resolve(whole or document()).document, language)
    return openpyxl.load_workbook(io.BytesIO(data))


def place(book, sheet, heading):
    """The column of a heading, from 1."""
    return next(cell.column for cell in book[sheet][1] if cell.value == heading)


def typed(tmp_path, cells, whole=None):
    """The scenario of the small workbook after an officer typed some cells."""
    book = opened(whole)
    for (sheet, row, heading), value in cells.items():
        cell = book[sheet].cell(row, place(book, sheet, heading))
        cell.value, cell.number_format = value if isinstance(value, tuple) else (value, "General")
    # A program saves what it computed; this library does not, so the two columns are taken out.
    book["OPD"].delete_cols(5, 2)
    book.save(tmp_path / "kota.xlsx")
    return read(tmp_path / "kota.xlsx")


def issues(tmp_path, cells, whole=None):
    with pytest.raises(InputError) as caught:
        typed(tmp_path, cells, whole)
    return [(i.code, i.place.sheet, i.place.row, i.column) for i in caught.value.issues]


def test_numbers_dates_and_percentages_as_a_spreadsheet_keeps_them(tmp_path):
    scenario = typed(
        tmp_path,
        {
            ("OPD", 2, "Pagu"): "Rp 1,25 M",
            ("Usulan", 3, "ID Usulan"): 17,
            ("Usulan", 3, "Skor"): 0.1 + 0.2,
            ("Wilayah", 2, "Kecamatan"): "Tengah",
            ("Wilayah", 3, "Kecamatan"): "Barat",
            ("Wilayah", 2, "Anggaran Maksimum"): (0.7, "0%"),
            ("Wilayah", 2, "Bagian"): (0.125, "0.0%"),
        },
    )
    assert {a["code"]: a["ceiling"] for a in scenario.document["agencies"]} == {
        "PERKIM": 1_250_000_000, "PUPR": 1_000_000_000,
    }  # fmt: skip
    assert scenario.document["proposals"][0]["id"] == "17"
    assert 0.3 in {row["score"] for row in scenario.document["proposals"]}
    _, tengah = scenario.document["locations"]
    assert (tengah["max_amount"], tengah["share"]) == ("70%", "12.5%")


def test_every_problem_is_told_with_its_sheet_row_and_column(tmp_path):
    found = issues(
        tmp_path,
        {
            ("Usulan", 2, "OPD"): "PUPT",
            ("Usulan", 3, "Anggaran"): "1,250,000",
            ("Usulan", 4, "Kecamatan"): None,
            ("OPD", 3, "Pagu"): -5,
            ("Renja", 2, "Satuan"): 3.5,
            ("Aturan", 2, "Aturan"): "kunci",
            ("Aturan", 2, "Usulan"): "U-9",
            ("Aturan", 2, "Keputusan"): "danai",
            ("Aturan", 3, "Aturan"): "bersamaan",
            ("Aturan", 4, "Aturan"): "bersama",
            ("Aturan", 4, "Usulan"): "U-1; U-2",
            ("Aturan", 4, "Volume"): 3,
            ("Skenario", 6, "Kunci"): "objective.stages.2",
            ("Skenario", 6, "Nilai"): "poin",
            ("Skenario", 7, "Kunci"): "judul",
            ("Skenario", 7, "Nilai"): "x",
            ("Skenario", 8, "Kunci"): "extends",
            ("Skenario", 8, "Nilai"): "../../rahasia.toml",
        },
    )
    for expected in [
        ("unknown_agency", "Usulan", 2, "agency"),
        ("number_two_readings", "Usulan", 3, "amount"),
        ("cell_missing", "Usulan", 4, "district"),
        ("number_negative", "OPD", 3, "ceiling"),
        ("number_for_text", "Renja", 2, "unit"),
        ("unknown_proposal", "Aturan", 2, "proposal"),
        ("unknown_choice", "Aturan", 3, "kind"),
        ("cell_not_of_rule", "Aturan", 4, "volume"),
        ("unknown_stage", "Skenario", 6, "name"),
        ("unknown_key", "Skenario", 7, "judul"),
        ("path_not_allowed", "Skenario", 8, "extends"),
    ]:
        assert expected in found
    assert len(found) == 11


def test_what_a_workbook_may_get_wrong_as_a_whole(tmp_path):
    book = opened()
    del book["OPD"]
    book["Renja"].title = "Proposals"
    book["Usulan"].merge_cells("E3:E4")
    book["Aturan"]["A1"] = "Hal"
    book["Skenario"]["A5"] = "title"
    book["Skenario"]["B5"] = "lagi"
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "x.xlsx")
    codes = {(issue.code, issue.place.sheet) for issue in caught.value.issues}
    assert {
        ("sheet_missing", None),
        ("sheet_twice", "Proposals"),
        ("merged_cells", "Usulan"),
        ("headings_missing", "Aturan"),
        ("key_twice", "Skenario"),
    } <= codes


def test_a_file_that_is_refused_is_told_once(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "x.xlsx")
    assert [issue.code for issue in caught.value.issues] == ["workbook_broken"]


def test_titles_above_hidden_rows_and_sheets_are_read_and_told(tmp_path):
    book = opened()
    book["OPD"].delete_cols(5, 2)
    book["Usulan"].insert_rows(1, 3)
    book["Usulan"]["A1"] = "USULAN KECAMATAN TAHUN 2018"
    book["Usulan"].row_dimensions[6].hidden = True
    book["Renja"].sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")
    scenario = read(tmp_path / "x.xlsx")
    assert scenario.digest == resolve(document()).digest
    assert {notice.code for notice in scenario.notices} >= {"sheet_hidden", "rows_hidden"}


def test_a_formula_that_was_never_calculated_is_no_zero(tmp_path):
    assert ("formula_without_value", "Usulan", 2, "volume") in issues(
        tmp_path, {("Usulan", 2, "Volume"): "=100+20"}
    )


def test_a_what_if_may_stand_on_a_workbook(tmp_path):
    (tmp_path / "kota.xlsx").write_bytes(workbook(resolve(document()).document, "id"))
    (tmp_path / "turun.toml").write_text(
        'extends = "kota.xlsx"\n[set]\n"agency.PUPR.ceiling" = "-10%"\n'
    )
    scenario = read(tmp_path / "turun.toml")
    assert [c.after for c in scenario.changes] == [900_000_000]


def test_what_was_typed_stays_text(tmp_path):
    whole = document(title='=HYPERLINK("http://x")')
    whole["proposals"][1]["title"] = "=1+1"
    whole["proposals"][1]["note"] = "http://contoh.id/a"
    book = opened(whole)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                computed = str(sheet.cell(1, cell.column).value or "").endswith("(otomatis)")
                assert cell.data_type != "f" or computed
    found = book["Usulan"].cell(3, place(book, "Usulan", "Usulan"))
    assert (found.value, found.data_type) == ("=1+1", "s")


def test_every_column_has_its_heading_meaning_and_choices():
    book = opened()
    for table, columns in COLUMNS.items():
        sheet = book[SHEETS[table][0]]
        headings = [cell.value for cell in sheet[1]]
        assert headings[: len(columns)] == [column.heading for column in columns]
        assert all(cell.comment for cell in sheet[1][: len(columns)])
        covered = " ".join(str(rule.sqref) for rule in sheet.data_validations.dataValidation)
        for position, column in enumerate(columns, 1):
            if column.choices or column.kind == "yesno":
                assert openpyxl.utils.get_column_letter(position) + "2:" in covered
        assert sheet.freeze_panes


def test_lists_in_one_cell_hold_any_name():
    for names in ([], ["a"], ["a;b", 'c"d', "e\nf", "g, h"], ["=1", ";"]):
        assert parted(joined(names)) == names


def test_a_text_too_long_for_a_cell_is_refused():
    whole = document()
    whole["proposals"][0]["note"] = "x" * 40_000
    with pytest.raises(UsageError) as caught:
        workbook(resolve(whole).document, "id")
    assert caught.value.code == "too_long_for_cell"


def sums(book):
    sheet = book["OPD"]
    first = place(book, "OPD", "Diminta (otomatis)")
    rows = ((sheet.cell(row, 1).value, row) for row in range(2, sheet.max_row + 1))
    return {
        code: (sheet.cell(row, first).value, sheet.cell(row, first + 1).value)
        for code, row in rows
        if code
    }


@pytest.mark.parametrize("name", ["contoh.json", "banjarmasin-2018", "belajar/line_flex.json"])
def test_the_sums_beside_the_ceilings_are_what_a_spreadsheet_computes(tmp_path, name):
    scenario = read(scenarios.path(name))
    asked = {agency["code"]: 0 for agency in scenario.document["agencies"]}
    for proposal in scenario.instance.proposals:
        asked[proposal.requested.agency] += proposal.requested.full.amount
    path = tmp_path / "kota.xlsx"
    path.write_bytes(workbook(scenario.document, "id"))
    stored = sums(openpyxl.load_workbook(path, data_only=True))
    assert {code: found[0] for code, found in stored.items()} == asked
    if shutil.which("libreoffice") is None:
        pytest.skip("LibreOffice is not here to compute the sums again")
    subprocess.run(
        ["libreoffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless",
         "--convert-to", "ods", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    subprocess.run(
        ["libreoffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "again"),
         str(tmp_path / "kota.ods")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    again = sums(openpyxl.load_workbook(tmp_path / "again" / "kota.xlsx", data_only=True))
    assert {code: (a, b or "") for code, (a, b) in again.items()} == {
        code: (a, b or "") for code, (a, b) in stored.items()
    }


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_template_solves_and_is_never_written_over(tmp_path):
    path = tmp_path / "usulan.xlsx"
    assert run("template", path).exit_code == 0
    before = path.read_bytes()
    again = run("template", path)
    assert (again.exit_code, path.read_bytes()) == (2, before)
    assert run("recommend", path).exit_code == 0
    assert run("template", tmp_path / "usulan.xls").exit_code == 2
    english = tmp_path / "proposals.xlsx"
    assert run("template", english, "--lang", "en").exit_code == 0
    assert read(english).digest == read(path).digest == read(scenarios.path("contoh.json")).digest


def test_convert_takes_every_form_to_every_other(tmp_path):
    source = scenarios.path("belajar/line_flex.json")
    wanted = read(source).digest
    for target in ("a.xlsx", "b", "c.json", "d.xlsx"):
        result = run("convert", source, tmp_path / target)
        assert result.exit_code == 0, result.output
        source = tmp_path / target
        assert read(source).digest == wanted
    assert run("convert", source, tmp_path / "b").exit_code == 2
    assert run("convert", source, tmp_path / "x.csv").exit_code == 2
    assert not (tmp_path / "x.csv").exists()


RICH_AS_WORKBOOK = opened(RICH)


def test_a_rich_scenario_names_its_lists_in_words():
    rules = [[cell.value for cell in row] for row in RICH_AS_WORKBOOK["Aturan"].iter_rows()]
    assert ["alternatif", "U-1;U-2", None, 1, None, None, None, None] in rules
    assert any(row[0] == "kunci" and row[5] == '""' for row in rules)


def many(number):
    whole = document()
    road = {**whole["proposals"][1], "note": "catatan panjang untuk baris ini", "volume": 120.5}
    whole["proposals"] = [{**road, "id": f"U-{n:06d}", "amount": 10**8 + n} for n in range(number)]
    return whole


def times(number, repeat):
    """The least time to write the same cells with and without what Kayuh adds."""
    whole = many(number)

    def bare():
        with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for place, row in enumerate(whole["proposals"]):
                for column, value in enumerate(row.values()):
                    sheet.write(place, column, value)

    def ours():
        workbook(whole, "id")

    found = {}
    for work in (bare, ours) * repeat:
        began = time.process_time()
        work()
        spent = time.process_time() - began
        found[work] = min(spent, found.get(work, spent))
    return found[ours], found[bare]


def test_writing_takes_little_more_than_the_library_alone():
    ours, bare = times(4_000, 3)
    assert ours < 1.5 * bare + 0.15  # the drop-downs and headings of seven sheets


@pytest.mark.soak
def test_writing_fifty_thousand_rows():
    ours, bare = times(50_000, 2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"write 50,000 rows: {ours:.2f} s, bare {bare:.2f} s, {ours / bare:.2f}; {peak} MB")
    assert ours < 1.5 * bare
