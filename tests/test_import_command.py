"""kayuh import sipd as an officer types it, again and again over the same folder."""

from __future__ import annotations

import csv
import json
import tomllib

import openpyxl
import pytest
from click.testing import CliRunner
from sipd_files import at, ceilings, export, row, says

from service.cli import main

MAPPING = "pemetaan.toml"
REPORT = "laporan-impor.xlsx"
NAMES = {"scenario.toml", "proposals.csv", "agencies.csv", "locations.csv", "limits.csv",
         MAPPING, REPORT}  # fmt: skip
ROWS = (row(), row(title="@Talud", bappeda=says(1)), row(title="Jalan", address=at("Melati")))


@pytest.fixture
def office(tmp_path):
    (tmp_path / "usulan.xlsx").write_bytes(export(*ROWS))
    (tmp_path / "pagu.xlsx").write_bytes(ceilings())
    return tmp_path


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def sipd(office, *more, status=0):
    words = ("import", "sipd", office / "usulan.xlsx", "--ceilings", office / "pagu.xlsx")
    result = run(*words, "--out", office / "kota", *more)
    assert result.exit_code == status, result.output + result.stderr
    return result


def files(office):
    return {path.name for path in (office / "kota").iterdir()}


def table(office, name):
    return list(csv.DictReader((office / "kota" / name).read_text("utf-8").splitlines()))


def test_the_folder_holds_a_scenario_that_the_other_commands_take(office):
    result = sipd(office)
    assert files(office) == NAMES
    assert str(office / "kota") in result.stdout
    assert [line["title"] for line in table(office, "proposals.csv")] == [
        "Rabat beton", "'@Talud", "Jalan",
    ]  # fmt: skip
    assert run("check", office / "kota").exit_code == 0
    assert run("recommend", office / "kota").exit_code == 0


def test_json_is_one_document_with_the_keys_of_the_contract(office):
    document = json.loads(sipd(office, "--json").stdout)
    assert document["read"] == 3
    for key in ("repaired", "left_out", "totals", "guesses", "slips"):
        assert isinstance(document[key], list)
    assert {"by", "name", "rows_file", "rows_read", "amount_file", "amount_read", "ceiling"} <= set(
        document["totals"][0]
    )
    [slip] = [slip for slip in document["slips"] if slip["code"] == "no_amount"]
    assert (slip["sheet"], slip["row"]) == ("Usulan", 3)
    assert slip["text"]
    assert slip["suggestion"]
    assert set(document["files"]) == NAMES


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_report_accounts_for_every_row_and_holds_no_formula(office, language):
    sipd(office, "--lang", language)
    book = openpyxl.load_workbook(office / "kota" / REPORT)
    assert len(book.sheetnames) == 5
    cells = [c for sheet in book for line in sheet.iter_rows() for c in line if c.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    rows = list(book.worksheets[3].iter_rows(min_row=2, values_only=True))
    assert [line[1] for line in rows] == [2, 3, 4]
    assert "@Talud" in {cell.value for cell in cells}


def contents(office):
    return {name: (office / "kota" / name).read_bytes() for name in files(office)}


def test_importing_again_changes_nothing_by_itself(office):
    sipd(office)
    first = contents(office)
    result = sipd(office)
    second = contents(office)
    # What stands in the mapping is no guess any more, so the report no longer tells it.
    assert {name for name in NAMES if first[name] != second[name]} == {REPORT, "scenario.toml"}
    assert tomllib.loads(first["scenario.toml"].decode()) == tomllib.loads(
        second["scenario.toml"].decode()
    )
    assert "lama" not in result.stdout
    sipd(office)
    assert contents(office) == second


def test_a_changed_mapping_is_followed_and_never_written_over(office):
    sipd(office)
    path = office / "kota" / MAPPING
    text = path.read_text("utf-8").replace("score = 1", "score = 7  # menurut rapat")
    path.write_text(text, "utf-8")
    sipd(office)
    assert path.read_text("utf-8") == text
    assert {line["score"] for line in table(office, "proposals.csv")} == {"7"}
    assert files(office) == NAMES


def test_new_names_are_added_to_the_mapping_and_said(office):
    sipd(office)
    (office / "usulan.xlsx").write_bytes(export(*ROWS, row(agency="DINAS PERTANIAN")))
    result = sipd(office, "--lang", "en")
    assert "1 new lines" in result.stdout.replace("\u00a0", " ")
    text = (office / "kota" / MAPPING).read_text("utf-8")
    assert tomllib.loads(text)["agencies"]["DINAS PERTANIAN"] == ""


def test_what_was_changed_by_hand_is_kept_and_said(office):
    sipd(office)
    mine = (office / "kota" / "proposals.csv").read_text("utf-8").replace("Jalan", "Jalan besar")
    (office / "kota" / "proposals.csv").write_text(mine, "utf-8")
    scenario = office / "kota" / "scenario.toml"
    scenario.write_text(scenario.read_text("utf-8") + '\n[[lock]]\nproposal = "X"\n', "utf-8")
    result = sipd(office)
    assert files(office) == NAMES | {"proposals.lama.csv", "scenario.lama.toml"}
    assert (office / "kota" / "proposals.lama.csv").read_text("utf-8") == mine
    assert "[[lock]]" in (office / "kota" / "scenario.lama.toml").read_text("utf-8")
    assert "proposals.lama.csv" in result.stdout
    assert "scenario.lama.toml" in result.stdout
    (office / "kota" / "proposals.csv").write_text(mine, "utf-8")
    sipd(office)
    assert "proposals.lama-2.csv" in files(office)


def test_a_scenario_of_another_origin_is_not_touched(office):
    folder = office / "kota"
    folder.mkdir()
    (folder / "scenario.toml").write_text('format = 1\ntitle = "Milik orang"\n', "utf-8")
    (folder / "proposals.csv").write_text("id\n", "utf-8")
    result = sipd(office, status=2)
    assert "scenario.toml" in result.stderr
    assert files(office) == {"scenario.toml", "proposals.csv"}


def test_tables_that_nobody_marked_are_kept_too(office):
    folder = office / "kota"
    folder.mkdir()
    (folder / "proposals.csv").write_text("milik orang\n", "utf-8")
    sipd(office)
    assert (folder / "proposals.lama.csv").read_text("utf-8") == "milik orang\n"


def test_a_table_that_is_no_longer_there_goes(office):
    sipd(office)
    result = run("import", "sipd", office / "usulan.xlsx", "--out", office / "kota")
    assert result.exit_code == 5  # the mapping names agencies of a file that was not given
    (office / "kota" / MAPPING).unlink()
    assert run("import", "sipd", office / "usulan.xlsx", "--out", office / "kota").exit_code == 0
    assert "limits.csv" not in files(office)
    assert run("check", office / "kota").exit_code == 0


def test_problems_write_nothing_and_end_with_five(office):
    (office / "pagu.xlsx").write_bytes(b"bukan buku kerja")
    result = sipd(office, "--json", status=5)
    [issue] = json.loads(result.stdout)["errors"]
    assert (issue["file"], issue["code"]) == ("pagu.xlsx", "workbook_not_one")
    assert not (office / "kota").exists()


def test_a_file_that_is_not_there_is_wrong_usage(office):
    result = run("import", "sipd", office / "tidak-ada.xlsx", "--out", office / "kota")
    assert result.exit_code == 2
    assert "tidak-ada.xlsx" in result.stderr
