"""The workbook: every sheet tells what the result says, its sums live, and nothing typed acts."""

from __future__ import annotations

import copy
import io
import json
import re
import resource
import shutil
import subprocess
import sys
import time
import tomllib
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter

import scenarios
from solver import words
from solver.baseline import baseline
from solver.case import Case
from solver.recommend import recommend
from solver.recommendation import described
from solver.result import Result, Status
from solver.scenario import read, resolve
from solver.write.book import OPTIONS, SHEETS, book, decisions, fit, live
from solver.write.book.page import LONGEST, Marked, Page
from solver.write.book.styles import Styles
from solver.write.document import document as document_of

NAMES = {
    "id": ["Ringkasan", "Rekomendasi", "Per OPD", "Per wilayah", "Renja", "Batas", "Dilompati",
           "Daftar tangan", "Skenario"],
    "en": ["Summary", "Recommendations", "By agency", "By place", "Renja", "Limits",
           "Passed over", "Hand-made list", "Scenario"],
}  # fmt: skip
HEAD, FIRST = 5, 6
"""Rows of a table's headings and of its first data, counted from 1; the totals stand above."""

DESK = {
    "format": 1,
    "title": "Desk & rekan <2018>",
    "year": 2018,
    "proposals": [
        {"id": "U-1", "title": "Jalan Basirih", "agency": "PUPR", "line": "1.03.15",
         "district": "Barat", "ward": "Basirih", "priority": 1, "score": 61.3, "volume": 120,
         "min_volume": 40, "step": 20, "unit": "m", "unit_cost": 12_000_000},
        {"id": "U-2", "title": "Drainase", "agency": "PUPR", "district": "Barat",
         "ward": "Basirih", "priority": 2, "score": 40, "amount": 900_000_000},
        {"id": "U-3", "title": "Siring", "agency": "PUPR", "district": "Barat",
         "ward": "Basirih", "priority": 3, "score": 30, "amount": 100_000_000},
        {"id": "U-4", "title": "Rumah", "agency": "PERKIM", "district": "Tengah",
         "priority": 1, "score": 20, "amount": 1_250_000_000},
        {"id": "U-5", "title": "Titian", "agency": "PUPR", "line": "1.03.15.01",
         "district": "Tengah", "ward": "Mawar", "priority": 1, "score": 25.5,
         "amount": 200_000_000},
        {"id": "U-6", "title": "Taman", "agency": "PUPR", "district": "Tengah", "ward": "Mawar",
         "priority": 2, "score": 10, "amount": 50_000_000, "option": "A", "gate": "land"},
        {"id": "U-6", "title": "Taman", "agency": "PERKIM", "district": "Barat",
         "priority": 2, "score": 10, "amount": 50_000_000, "option": "B"},
        {"id": "U-7", "title": "Lampu", "agency": "PUPR", "district": "Tengah", "ward": "Mawar",
         "priority": 3, "score": 10, "amount": 40_000_000, "covered_by": "1.03.15"},
    ],
    "agencies": [
        {"code": "PUPR", "name": "Dinas PUPR", "ceiling": 2_000_000_000,
         "committed": 100_000_000},
        {"code": "PERKIM", "ceiling": 3_000_000_000},
        {"code": "DINKES", "ceiling": 500_000_000},
    ],
    "lines": [
        {"code": "1.03.15", "agency": "PUPR", "title": "Jalan", "ceiling": 1_400_000_000,
         "committed": 400_000_000, "target": 500, "unit": "m"},
        {"code": "1.03.15.01", "parent": "1.03.15", "agency": "PUPR", "title": "Titian",
         "ceiling": 300_000_000},
    ],
    "locations": [
        {"district": "Barat", "min_amount": 100_000_000, "max_count": 4},
        {"district": "Tengah", "ward": "Mawar", "max_amount": 250_000_000},
    ],
    "limits": [{"name": "Bersama", "measure": "points", "max": 500}],
}  # fmt: skip


def solved(scenario, language="id"):
    """The result document of a small scenario."""
    return json.loads(json.dumps(document_of(recommend(scenario), language)))


def teaching(name):
    """A teaching scenario's result."""
    return solved(read(scenarios.path("belajar") / f"{name}.json"))


def by_hand(document, language="id"):
    """The result of a large scenario, with the list made by hand as its plan: no search."""
    scenario = resolve(document)
    case = Case(scenario.instance)
    hand = baseline(case)
    result = Result(case, Status.FEASIBLE, hand, taken=hand.taken)
    return document_of(described(scenario, result, ()), language)


@pytest.fixture(scope="module")
def desk():
    return solved(resolve(DESK))


@pytest.fixture(scope="module")
def city():
    return by_hand(read(scenarios.path("banjarmasin-2018")).document)


def opened(data, *, values=False):
    """The workbook as openpyxl reads it: formulas, or the values that stand in their place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it does not know data bars
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def table(sheet):
    """A sheet's table: a row each, by heading; empty cells are left out."""
    headings = [cell.value for cell in sheet[HEAD]]
    return [
        {h: cell.value for h, cell in zip(headings, row, strict=True) if cell.value is not None}
        for row in sheet.iter_rows(min_row=FIRST)
        if row[0].value is not None
    ]


def formulas(workbook):
    """Every formula of a workbook: (sheet, cell) -> formula."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def texts(workbook):
    """Every text in a workbook's cells."""
    return [
        cell.value for sheet in workbook for row in sheet for cell in row if cell.data_type == "s"
    ]


# Sheets.


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_sheets_stand_in_order_in_the_language_of_the_file(desk, language):
    assert opened(book(desk, language)).sheetnames == NAMES[language]
    assert len(SHEETS) == len(NAMES[language])


def test_sheets_that_would_be_empty_are_left_out():
    assert opened(book(teaching("cut"), "en")).sheetnames == [
        "Summary", "Recommendations", "By agency", "By place", "Limits", "Hand-made list",
        "Scenario",
    ]  # fmt: skip


def test_an_impossible_scenario_is_told_in_the_desks_words_without_empty_tables():
    document = teaching("impossible")
    workbook = opened(book(document, "id"))
    assert workbook.sheetnames == ["Ringkasan", "Skenario"]
    said = texts(workbook)
    for told in document["conflict"]["rules"]:
        assert f"• {told['text']}" in said
    for place, repair in enumerate(document["conflict"]["repairs"], 1):
        assert f"{place}. {repair['text']}" in said
    assert any("tidak ada rencana" in text for text in said)
    assert not formulas(workbook)


def test_no_answer_in_time_is_a_sentence_too():
    document = {**teaching("impossible"), "status": "no_answer", "conflict": None}
    said = texts(opened(book(document, "en")))
    assert any("No plan was found in the time given" in text for text in said)
    assert not any("clash" in text.lower() for text in said)


# What stands in them.


def test_every_proposal_has_its_row_with_all_that_the_result_says(city):
    rows = table(opened(book(city, "en"))["Recommendations"])
    assert len(rows) == len(city["decisions"])
    found = {row["Proposal"]: row for row in rows}
    for decision in city["decisions"]:
        row, asked = found[decision["proposal"]], decision["requested"]
        assert row["Agency"] == decision["agency"]
        assert row["Agency asked"] == asked["agency"]
        assert row["Title"] == decision["title"]
        assert row["Amount asked (Rp)"] == asked["amount"]
        assert row["Amount recommended (Rp)"] == decision["amount"]
        assert row.get("Volume asked") == asked["volume"]
        assert row.get("Volume recommended") == decision["volume"]
        assert row["Points"] == decision["points"]
        assert row.get("Priority") == decision["priority"]
        assert row["Reasons"].endswith(" ".join(r["text"] for r in decision["reasons"]))
        word = words.say(f"result.decision_{decision['decision']}", "en")
        assert row["Recommendation"].lower() == word.lower()
        assert row["Funded (1 = yes)"] == (decision["decision"] in ("fund", "fund_changed"))


def test_rows_are_sorted_as_a_desk_reads(city):
    rows = table(opened(book(city, "en"))["Recommendations"])
    kinds = ["Funded", "Funded with changes", "Already in the Renja", "Not funded"]
    keys = [
        (
            row["Agency"],
            row["District"],
            kinds.index(row["Recommendation"]),
            row.get("Priority", 10**9),
        )
        for row in rows
    ]
    assert keys == sorted(keys)
    assert len({key[2] for key in keys}) >= 3


def test_a_decision_has_a_word_and_a_colour_of_its_own(desk):
    sheet = opened(book(desk, "id"))["Rekomendasi"]
    column = next(cell.column for cell in sheet[HEAD] if cell.value == "Rekomendasi")
    cells = [row[column - 1] for row in sheet.iter_rows(min_row=FIRST)]
    colours = {cell.value: cell.fill.start_color.rgb for cell in cells}
    assert len(colours) >= 3
    assert len(set(colours.values())) == len(colours)
    assert None not in colours


def test_where_another_place_or_agency_is_recommended_the_row_says_what_was_asked(desk):
    row = next(
        r for r in table(opened(book(desk, "en"))["Recommendations"]) if r["Title"] == "Taman"
    )
    assert row["Recommendation"] == "Funded with changes"
    assert row["Reasons"].startswith("Moved from what was asked (agency PUPR")
    assert "place Mawar, Tengah" in row["Reasons"]
    assert (row["Agency"], row["Agency asked"], row["Changes"]) == (
        "PERKIM", "PUPR", "agency and place",
    )  # fmt: skip


def test_agencies_add_up_and_agree_with_the_limits(city):
    sheet = opened(book(city, "en"), values=True)["By agency"]
    rows = {row["Agency"]: row for row in table(sheet) if row["Agency"] != "By agency"}
    rooms = {row["subject"]: row for row in city["limits"] if row["rule"] == "agency_ceiling"}
    for code, limit in rooms.items():
        assert rows[code]["Room (Rp)"] == limit["max"]
        assert rows[code]["Amount recommended (Rp)"] == limit["used"]
        assert rows[code]["Left (Rp)"] == limit["max"] - limit["used"]
    totals = [cell.value for cell in sheet[HEAD - 1]]
    assert city["amount"] in totals
    assert sum(d["requested"]["amount"] for d in city["decisions"]) in totals


def test_places_show_their_floors_and_caps_and_only_those_that_there_are(desk):
    rows = table(opened(book(desk, "en"), values=True)["By place"])
    found = {(row["District"], row["Ward"]): row for row in rows}
    assert found["Barat", "all wards"]["Minimum (Rp)"] == 100_000_000
    assert found["Barat", "all wards"]["Maximum proposals"] == 4
    assert found["Tengah", "Mawar"]["Maximum (Rp)"] == 250_000_000
    assert found["Tengah", "(no ward named)"]["Amount asked (Rp)"] == 1_250_000_000
    assert not any("Minimum proposals" in row for row in rows)
    # Districts first, then their wards.
    kinds = [ward == "all wards" for _, ward in found]
    assert kinds == sorted(kinds, reverse=True)


def test_the_renja_is_a_tree_whose_left_is_what_the_result_says(city):
    workbook = book(city, "en")
    rows = {row["Renja line"]: row for row in table(opened(workbook, values=True)["Renja"])}
    parents = {line["code"]: line.get("parent", "") for line in city["input"]["lines"]}
    assert list(rows) == sorted(rows)
    for line in city["lines"]:
        row = rows[line["line"]]
        left = line["ceiling"] - line["committed"] + line["moved"] - line["proposals"]
        assert row["Left (Rp)"] == left
        assert row["To proposals (Rp)"] == line["proposals"]
        assert row.get("Parent line", "") == parents[line["line"]]
        assert row["Level"] == (2 if parents[line["line"]] else 1)
    indents = {c.value: c.alignment.indent for c in opened(workbook)["Renja"]["B"][FIRST - 1 :]}
    assert sorted(set(indents.values())) == [0, 1]


def test_money_moved_between_lines_has_a_column_where_there_is_any(desk):
    moved = table(opened(book(teaching("line_flex"), "en"), values=True)["Renja"])
    assert sorted(row["Moved (Rp)"] for row in moved) == [-100_000_000, 100_000_000]
    assert "Moved (Rp)" not in table(opened(book(desk, "en"))["Renja"])[0]


def test_limits_are_told_in_words_with_their_use(desk):
    rows = table(opened(book(desk, "en"), values=True)["Limits"])
    assert len(rows) == len(desk["limits"])
    for row, limit in zip(rows, desk["limits"], strict=True):
        assert row["Used"] == limit["used"]
        assert row.get("Maximum") == limit["max"]
        assert (row.get("Tight") == "tight") == limit["tight"]
    told = {(row["Rule"], row["For"], row["Measure"]) for row in rows}
    assert ("Agency ceiling", "Dinas PUPR (PUPR)", "rupiah") in told
    assert ("Renja line ceiling", "1.03.15.01 Titian", "rupiah") in told
    assert ("Limits of places", "Barat", "proposals") in told
    assert ("Other limits", "Bersama", "points") in told


def test_inversions_name_both_sides(city):
    rows = list(opened(book(city, "en"))["Passed over"].iter_rows(min_row=FIRST, values_only=True))
    by_id = {d["proposal"]: d for d in city["decisions"]}
    assert len(rows) == len(city["inversions"]) > 0
    for row, pair in zip(rows, city["inversions"], strict=True):
        skipped, taken = by_id[pair["skipped"]], by_id[pair["taken"]]
        assert row[:3] == (skipped["proposal"], skipped["title"], skipped["requested"]["agency"])
        assert row[4:6] == (skipped["priority"], skipped["requested"]["amount"])
        assert row[7:] == (
            taken["proposal"], taken["title"], taken["agency"], taken["priority"],
            taken["amount"],
        )  # fmt: skip


def test_the_hand_made_list_claims_no_gain_where_it_breaks_rules():
    document = teaching("locations")
    assert document["baseline"]["breaks"]
    sheet = opened(book(document, "en"), values=True)["Hand-made list"]
    points = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "Points")
    assert points[3:] == (document["baseline"]["points"], document["points"], None)
    broken = [row[1] for row in sheet.iter_rows(values_only=True) if row[0] == "Limits of places"]
    assert broken == [b["subject"] for b in document["baseline"]["breaks"]]
    kept = opened(book(teaching("cut"), "en"), values=True)["Hand-made list"]
    points = next(row for row in kept.iter_rows(values_only=True) if row[0] == "Points")
    assert points[3:] == (116, 116, 0)


def test_the_scenario_sheet_alone_tells_where_the_numbers_come_from(desk):
    document = copy.deepcopy(desk)
    document["scenario"]["changes"] = [
        {"key": "agency.PUPR.ceiling", "from": 3_000_000_000, "to": 2_000_000_000, "file": "a.toml"}
    ]
    document["scenario"]["off"] = {"rules": ["together"], "locks": ["U-9"]}
    rows = list(opened(book(document, "en"))["Scenario"].iter_rows(values_only=True))
    flat = [value for row in rows for value in row]
    for fact in (
        document["scenario"]["digest"], document["solver"]["kayuh"], "a.toml", 3_000_000_000,
        "agency.PUPR.ceiling", "Locks: U-9", document["stages"][0]["best"],
    ):  # fmt: skip
        assert fact in flat
    held = {row[0]: row[2] for row in rows if row[2] in ("in force", "switched off")}
    assert held["All or none"] == "switched off"
    assert held["Agency ceiling"] == "in force"


# Sums that live.


def test_totals_stand_above_the_table_and_follow_the_filter(city):
    data = book(city, "id")
    sheet, values = opened(data)["Rekomendasi"], opened(data, values=True)["Rekomendasi"]
    last = HEAD + len(city["decisions"])
    columns = {cell.value: cell.column_letter for cell in sheet[HEAD]}
    for heading, function, total in (
        ("Jumlah diusulkan (Rp)", 109, sum(d["requested"]["amount"] for d in city["decisions"])),
        ("Jumlah disarankan (Rp)", 109, city["amount"]),
        ("ID usulan", 103, len(city["decisions"])),
    ):
        letter = columns[heading]
        span = f"${letter}${FIRST}:${letter}${last}"
        assert sheet[f"{letter}{HEAD - 1}"].value == f"=SUBTOTAL({function},{span})"
        assert values[f"{letter}{HEAD - 1}"].value == total
    last_column = get_column_letter(len(columns))
    assert sheet.auto_filter.ref == f"A{HEAD}:{last_column}{last}"
    assert sheet.freeze_panes == f"A{FIRST}"


def test_what_planners_know_is_used_where_names_are_plain_and_exact_matching_where_not(desk):
    found = formulas(opened(book(desk, "id")))
    by_sheet = {}
    for (sheet, _), formula in found.items():
        by_sheet.setdefault(sheet, []).append(formula)
    assert any(f.startswith("=SUMIFS(Rekomendasi!") for f in by_sheet["Per OPD"])
    assert any(f.startswith("=COUNTIFS(") for f in by_sheet["Per wilayah"])
    # A line's code looks like a number or a date to SUMIFS.
    assert not any("SUMIFS(Rekomendasi" in f for f in by_sheet["Renja"])
    assert any("EXACT(" in f for f in by_sheet["Renja"])


@pytest.mark.parametrize(
    ("texts", "plain"),
    [
        (["PUPR", "DISPERKIM", "Dinas A/B (C), D.", "Satpol-PP & Damkar", ""], True),
        (["PU*"], False),
        (["PU?R"], False),
        (["PU~R"], False),
        (["=PUPR"], False),
        ([">5"], False),
        (["1.10", "1.1"], False),
        (["Mei 2018"], False),
        (["pupr", "PUPR"], False),
        (["Benar"], False),
        (["P" * 300], False),
        ([" PUPR"], False),
    ],
)
def test_a_name_that_a_criterion_would_misread_is_not_plain(texts, plain):
    assert live.names("X", texts).plain is plain


class Office:
    """LibreOffice, which computes every formula anew when it opens a workbook."""

    def __init__(self, home):
        self.home = home
        profile = home / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
            '<item oor:path="/org.openoffice.Office.Calc/Formula/Load">'
            '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>'
            "</oor:items>",
            "utf-8",
        )

    def convert(self, kind, files):
        """Files by name, converted: name -> the new file."""
        source, target = self.home / "in", self.home / kind
        shutil.rmtree(source, ignore_errors=True)
        source.mkdir()
        for name, data in files.items():
            (source / f"{name}.xlsx").write_bytes(data)
        subprocess.run(
            [
                "libreoffice", f"-env:UserInstallation=file://{self.home}/profile", "--headless",
                "--convert-to", kind, "--outdir", str(target),
                *(str(source / f"{name}.xlsx") for name in files),
            ],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
        return {name: target / f"{name}.{kind}" for name in files}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    if not shutil.which("libreoffice"):
        pytest.skip("LibreOffice is not installed, so formulas can't be computed anew")
    return Office(tmp_path_factory.mktemp("office"))


def spoilt(data):
    """The workbook with -7 for every cached value of a formula, and how many there are."""
    out, number = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, found = re.subn(rb"(</f><v>)[^<]*(</v>)", rb"\g<1>-7\2", content)
                number += found
            new.writestr(name, content)
    return out.getvalue(), number


NASTY = {
    "PUPR": "=PU*R", "PERKIM": "pu*r", "DINKES": ">5", "Barat": "1.10", "Tengah": "1.1",
    "Basirih": '"); DROP', "Mawar": "TRUE", "Dinas PUPR": "+1", "Jalan Basirih": "@SUM(A1)",
    "Drainase": '=HYPERLINK("http://x.example","klik")', "Siring": "<b>tebal</b> & {{x}} &P",
    "Rumah": "x" * 40_000, "Taman": "-2+3", "Desk & rekan <2018>": "=1+1 &P <b>",
}  # fmt: skip


def renamed(value):
    """A scenario in which every name is one that a program could take for something else."""
    if isinstance(value, dict):
        return {key: renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [renamed(item) for item in value]
    return NASTY.get(value, value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def nasty():
    return solved(resolve(renamed(DESK)))


def test_every_formula_computed_anew_gives_the_value_that_was_written(desk, city, nasty, office):
    flex = teaching("line_flex")
    books = {
        "desk": book(desk, "id"),
        "city": book(city, "en"),
        "nasty": book(nasty, "id"),
        "flex": book(flex, "en"),
        "hand": book(teaching("locations"), "id"),
    }
    pairs = {name: spoilt(data) for name, data in books.items()}
    found = office.convert("xlsx", {name: data for name, (data, _) in pairs.items()})
    for name, data in books.items():
        there = formulas(opened(data))
        written, anew = opened(data, values=True), opened(found[name].read_bytes(), values=True)
        assert len(there) == pairs[name][1] > 20
        for sheet, cell in there:
            value = anew[sheet][cell].value
            assert value == pytest.approx(written[sheet][cell].value), (name, sheet, cell)


def test_an_amount_that_is_changed_changes_agency_place_line_and_total(desk, office):
    workbook = opened(book(desk, "en"))
    sheet = workbook["Recommendations"]
    columns = {cell.value: cell.column for cell in sheet[HEAD]}
    row = next(
        r for r in sheet.iter_rows(min_row=FIRST) if r[columns["Title"] - 1].value == "Titian"
    )
    cell = row[columns["Amount recommended (Rp)"] - 1]
    cell.value += 7_000_000
    out = io.BytesIO()
    workbook.save(out)
    after = opened(
        office.convert("xlsx", {"lain": out.getvalue()})["lain"].read_bytes(), values=True
    )
    before = opened(book(desk, "en"), values=True)

    def moved(name, heading, first, second=None):
        rows = [
            next(
                r
                for r in table(b[name])
                if first in r.values() and (second is None or second in r.values())
            )
            for b in (before, after)
        ]
        return rows[1][heading] - rows[0][heading]

    assert moved("By agency", "Amount recommended (Rp)", "PUPR") == 7_000_000
    assert moved("By agency", "Left (Rp)", "PUPR") == -7_000_000
    assert moved("By agency", "Amount recommended (Rp)", "PERKIM") == 0
    assert moved("By place", "Amount recommended (Rp)", "Tengah", "all wards") == 7_000_000
    assert moved("By place", "Amount recommended (Rp)", "Tengah", "Mawar") == 7_000_000
    assert moved("By place", "Amount recommended (Rp)", "Barat", "Basirih") == 0
    assert moved("Renja", "Left (Rp)", "1.03.15.01") == -7_000_000
    assert moved("Renja", "Left (Rp)", "1.03.15") == -7_000_000


# Nothing that a person typed acts.


def test_typed_text_stays_text(nasty):
    data = book(nasty, "id")
    workbook = opened(data)
    said = texts(workbook)
    for typed in NASTY.values():
        if len(typed) < 1_000:
            assert typed in said or any(typed in text for text in said), typed
    assert not any(cell.hyperlink for sheet in workbook for row in sheet for cell in row)
    for formula in formulas(workbook).values():
        assert re.match(
            r"=(SUBTOTAL|SUMIFS|SUMPRODUCT|COUNTIFS|SUM|COUNTA|IF|MAX|\$?[A-Z])", formula
        )
        for typed in NASTY.values():
            # As a criterion or an operand: "1.1" may well be part of a number's place.
            assert f'"{typed}"' not in formula
            assert f",{typed}" not in formula
            assert "HYPERLINK" not in formula
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not [name for name in parts.namelist() if "hyperlink" in name.lower()]
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        xml = b"".join(parts.read(name) for name in sheets)
    assert b"<b>tebal" not in xml
    assert b"hyperlink" not in xml


def test_a_text_longer_than_a_cell_is_cut_so_that_one_sees_it(nasty):
    sheet = opened(book(nasty, "id"))["Rekomendasi"]
    longest = max((cell.value for cell in sheet["F"] if cell.value), key=len)
    assert len(longest) == LONGEST
    assert longest.endswith("x … (dipotong di sini; selengkapnya di result.json)")


def test_text_outside_the_basic_plane_is_cut_by_what_excel_counts(desk):
    document = copy.deepcopy(desk)
    document["decisions"][0]["title"] = "\N{MONEY BAG}" * 20_000
    sheet = opened(book(document, "en"))["Recommendations"]
    longest = max((cell.value for cell in sheet["F"] if cell.value), key=len)
    assert LONGEST - 1 <= len(longest.encode("utf-16-le")) // 2 <= LONGEST
    assert longest.endswith("(cut here; all of it is in result.json)")


def headers(data):
    """The page header of each sheet, as the file has it."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        found = [re.search(r"<oddHeader>(.*?)<", parts.read(n).decode()) for n in sheets]
    return [header[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            for header in found]  # fmt: skip


def test_a_title_is_no_code_in_a_page_header(nasty):
    for header in headers(book(nasty, "id")):
        assert " =1+1 &&P <b>&R" in header


def test_a_title_of_ampersands_still_leaves_a_header(desk):
    document = copy.deepcopy(desk)
    document["scenario"]["title"] = "&" * 300
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = book(document, "id")
    assert all(0 < len(header) <= 255 for header in headers(data))


# Paper.


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sheet_prints_on_a4_with_its_origin_on_every_page(desk, language):
    for sheet in opened(book(desk, language)):
        setup = sheet.page_setup
        assert setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert setup.fitToWidth in (None, 1)
        assert sheet.print_area
        assert desk["scenario"]["digest"][:12] in sheet.oddFooter.left.text
        assert "&P" in sheet.oddFooter.right.text
        assert "&N" in sheet.oddFooter.right.text
        if sheet.auto_filter.ref:
            assert sheet.print_title_rows == f"${HEAD}:${HEAD}"
            assert sheet.freeze_panes == f"A{FIRST}"


def test_columns_for_formulas_only_are_not_printed(desk):
    sheet = opened(book(desk, "en"))["Recommendations"]
    reasons = next(cell.column_letter for cell in sheet[HEAD] if cell.value == "Reasons")
    last = HEAD + len(desk["decisions"])
    assert sheet.print_area == f"'Recommendations'!$A$1:${reasons}${last}"


def test_rows_are_as_high_as_their_longest_text(city):
    sheet = opened(book(city, "id"))["Rekomendasi"]
    column = next(cell.column_letter for cell in sheet[HEAD] if cell.value == "Alasan")
    width = sheet.column_dimensions[column].width
    heights = []
    for row in range(FIRST, FIRST + 200):
        text = sheet[f"{column}{row}"].value
        height = sheet.row_dimensions[row].height or 15
        # No line holds more letters than the column has digits, times 1.25 for narrow ones.
        assert height >= 12 * len(text) / (1.25 * width)
        heights.append(height)
    assert len(set(heights)) > 3


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1),
        ("aaaa", 10, 1),
        ("aaaa bbbb cccc", 10, 2),
        ("aaaaaaaaa bbbbbbbbb ccccccccc", 10, 3),
        ("a" * 100, 10, 12),  # a word longer than the column: nine letters fit in a line
        ("MMMMMMMM", 10, 2),
        ("iiiiiiiiiiiiiiiiiiii", 10, 1),
    ],
)
def test_lines_of_a_text(text, width, lines):
    assert fit.lines(text, width) == lines


def test_a_row_is_never_higher_than_excel_can_have_it():
    assert fit.height(fit.lines("kata " * 8_000, 20)) == 409


# Money looks the same everywhere.


def shown(value, language, kind="money"):
    """How a workbook program shows an amount: by the format's sections, then by its conditions."""
    styles = Styles(xlsxwriter.Workbook(io.BytesIO()), language)
    code = styles.kind(kind)["num_format"]
    for rule in styles.money_rules(kind):
        if (rule.low is None or value >= rule.low) and (rule.high is None or value <= rule.high):
            code = rule.number_format
            break
    else:
        for section in code.split(";"):
            least = re.match(r"\[>=(\d+)\]", section)
            if least is None or value >= int(least[1]):
                code = section.removeprefix(least[0] if least else "")
                break
    code = code.replace("[Red]", "").removesuffix("_-")
    prefix = re.match(r'("[^"]*")?', code)[0]
    groups = re.findall(r"\\(.)000", code)
    digits, parts = str(abs(value)), []
    for _ in groups:
        digits, part = digits[:-3], digits[-3:]
        parts.insert(0, part.rjust(3, "0"))
    # Digits beyond the first group are not separated: the format must have had a group for them.
    assert len(digits) <= 3 or abs(value) >= 10**15
    assert (digits != "") == (value != 0 or not groups) or digits == "0"
    number = (groups[0] if groups else "").join([digits or "0", *parts])
    return ("-" if value < 0 else "") + prefix.strip('"') + number


@pytest.mark.parametrize("sign", [1, -1])
def test_an_amount_is_grouped_by_the_files_language_whatever_its_size(sign):
    for value in (0, 1, 12, 999, 1000, 12_345, 999_999, 10**6, 1_250_000, 999_999_999, 10**9,
                  74_874_750_000, 999_999_999_999, 10**12, 123_456_789_012_345):  # fmt: skip
        value *= sign
        assert shown(value, "en") == f"{value:,}"
        assert shown(value, "id") == f"{value:,}".replace(",", ".")
    assert shown(1_250_000_000, "id", "rupiah") == "Rp\N{NO-BREAK SPACE}1.250.000.000"


def test_amounts_print_in_the_files_language_on_any_computer(office, desk):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed, so a printed page can't be read")
    books = {language: book(desk, language) for language in ("id", "en")}
    pages = office.convert("pdf", books)
    printed = {
        language: subprocess.run(
            ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True
        ).stdout.decode()
        for language, path in pages.items()
    }
    for language, mark in (("id", "."), ("en", ",")):
        for amount in (1_250_000_000, 2_000_000_000, 50_000_000):
            assert f"{amount:,}".replace(",", mark) in printed[language]
        assert re.search(
            rf"Rp\s{desk['amount']:,}".replace(",", re.escape(mark)), printed[language]
        )
        other = {".": ",", ",": "."}[mark]
        assert f"{1_250_000_000:,}".replace(",", other) not in printed[language]
        assert "###" not in printed[language]


# Sentences.


def test_every_sentence_of_the_workbook_is_said_somewhere(desk, monkeypatch):
    said = set()
    tell = words.say

    def heard(code, language, facts=None):
        said.add(code)
        return tell(code, language, facts)

    for name, module in sys.modules.items():
        if name.startswith("solver.write") and hasattr(module, "say"):
            monkeypatch.setattr(module, "say", heard)
    documents = [desk, teaching("impossible"), teaching("least_served"), teaching("locations")]
    document = copy.deepcopy(documents[1])
    del document["input"]["year"]
    documents.append(document)
    base = copy.deepcopy(desk)
    base["scenario"]["off"] = {"rules": ["together"], "locks": ["U-9"], "limits": ["X"]}
    base["decisions"][0]["changes"] = ["volume", "amount", "agency", "line", "place"]
    base["decisions"][0]["title"] = "x" * 40_000
    base["warnings"] = [{"code": "x", "text": "Perhatikan."}]
    base["stages"] = [
        {**base["stages"][0], "name": name, "sense": sense, "proven": name == "points"}
        for name, sense in (
            ("points", "max"), ("least_served", "max"), ("spread", "max"), ("inversions", "min"),
            ("few_cuts", "min"), ("few_changes", "min"), ("thrift", "min"),
        )
    ]  # fmt: skip
    for score, level in (("halving", "prices"), ("linear", "rooms"), ("criteria", "none")):
        other = copy.deepcopy(base)
        other["input"]["objective"]["score"] = score
        other["certificate"]["level"] = level
        documents.append(other)
    many = copy.deepcopy(desk)
    many["decisions"] = [
        {**d, "agency": f"OPD {n}", "requested": {**d["requested"], "agency": f"OPD {n}"}}
        for n in range(20)
        for d in many["decisions"][:1]
    ]
    many["input"]["agencies"] += [{"code": f"OPD {n}", "ceiling": "unlimited"} for n in range(20)]
    many["input"]["locations"] = [{"district": "Barat"}]
    many["limits"].append(
        {"rule": "locations", "subject": "Barat", "measure": "count", "used": 1, "min": 1,
         "max": None, "tight": True}
    )  # fmt: skip
    many["inversions"] = [
        {"skipped": d["proposal"], "taken": d["proposal"]} for d in many["decisions"][:1]
    ]
    documents.append(many)
    for found in documents:
        book(found, "en")
    catalogue = tomllib.loads(
        (Path(words.__file__).parent / "catalogues" / "book.toml").read_text("utf-8")
    )
    assert {f"book.{code}" for code in catalogue} == {c for c in said if c.startswith("book.")}


# Size.


def copies(document, number):
    """The result with so many proposals: its decisions over and over, each under its own id."""
    rows = document["decisions"]
    many = [
        {**rows[n % len(rows)], "proposal": f"{rows[n % len(rows)]['proposal']}-{n // len(rows)}"}
        for n in range(number)
    ]
    return {**document, "decisions": many, "inversions": []}


def bare(cells):
    """What the writer alone needs for cells, with two formats: seconds of processor time."""
    began = time.process_time()
    with xlsxwriter.Workbook(io.BytesIO(), OPTIONS) as workbook:
        sheet = workbook.add_worksheet()
        text = workbook.add_format({"text_wrap": True, "valign": "top", "bottom": 1})
        number = workbook.add_format({"num_format": "#,##0", "valign": "top", "bottom": 1})
        for row, values in enumerate(cells):
            for column, value in enumerate(values):
                if value is None or value == "":
                    sheet.write_blank(row, column, None, text)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value, text)
                else:
                    sheet.write_number(row, column, value, number)
    return time.process_time() - began


def cells_of(document):
    """The cells of the recommendations, without their formats."""
    workbook = xlsxwriter.Workbook(io.BytesIO())
    page = Page(workbook.add_worksheet(), Styles(workbook, "id"), document)
    return [
        [cell.value if isinstance(cell, Marked) else cell for cell in row]
        for row in decisions.rows(page, document["decisions"])
    ]


def ratio(document):
    """How many times what the writer needs for the recommendations the whole book takes."""
    cells = cells_of(document)
    began = time.process_time()
    assert book(document, "id")
    return (time.process_time() - began) / bare(cells)


def test_the_whole_book_costs_little_more_than_its_cells(city):
    # About 1.4 by itself; the fixed cost of the other sheets weighs more in a small book.
    assert min(ratio(copies(city, 6_000)) for _ in range(2)) < 2.2


@pytest.mark.soak
def test_fifty_thousand_proposals_take_at_most_half_more_than_their_cells_and_little_memory(city):
    large = copies(city, 50_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert book(large, "id")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * 1024 < 300 * 10**6
    assert min(ratio(large) for _ in range(2)) < 1.5
