"""Ceilings: found on their sheets, added up, compared, and matched with the agencies that ask."""

from __future__ import annotations

import io
import time

import openpyxl
import pytest
from sipd_files import MATRIX, POTS, at, book, ceilings, made, row

from solver.errors import InputError
from solver.scenario import resolve
from solver.sipd.names import likeness, matched

ASKED = [row(), row(title="Talud", agency="DINAS PEKERJAAN UMUM DAN TATA RUANG")]


def changed(table, row_number, column, value):
    """The table with one cell changed, both counted from 1."""
    rows = [list(cells) for cells in table]
    rows[row_number - 1][column - 1] = value
    return rows


def limits(found):
    return {limit["name"]: limit["max"] for limit in found.document["limits"]}


def money(found):
    return {agency["code"]: agency["ceiling"] for agency in found.document["agencies"]}


def refused(data, *more):
    with pytest.raises(InputError) as caught:
        made(ASKED, data, *more)
    return caught.value.issues


def codes(findings):
    return [finding.code for finding in findings]


# The tables.


def test_every_cell_becomes_a_limit_and_zero_is_a_limit_of_zero():
    found = made(ASKED, ceilings())
    assert limits(found) == {
        "Dinkes di Mekar": 50_000_000, "DPUTR di Mekar": 100_000_000,
        "Dinkes di Melati": 30_000_000, "DPUTR di Melati": 0,
    }  # fmt: skip
    assert money(found) == {"Dinkes": 80_000_000, "DPUTR": 100_000_000}
    assert [place["district"] for place in found.document["locations"]] == ["Mekar", "Melati"]
    assert [p["agency"] for p in found.document["proposals"]] == ["Dinkes", "DPUTR"]
    instance = resolve(found.document).instance
    assert {limit.max for limit in instance.limits} == {0, 30_000_000, 50_000_000, 100_000_000}


def test_the_matrix_alone_gives_the_agencies_its_column_sums():
    assert money(made(ASKED, ceilings(pots=None))) == {"Dinkes": 80_000_000, "DPUTR": 100_000_000}


def test_the_pots_alone_give_ceilings_by_their_own_names():
    found = made(ASKED, ceilings(matrix=None))
    assert money(found) == {
        "Dinas Kesehatan": 80_000_000, "Dinas Pekerjaan Umum dan Tata Ruang": 100_000_000,
    }  # fmt: skip
    assert limits(found) == {}


def test_the_planner_chooses_among_the_pots():
    assert money(made(ASKED, ceilings(), 'pots = ["Non-PEN"]'))["Dinkes"] == 50_000_000
    found = made(ASKED, ceilings(pots=changed(POTS, 4, 4, 51_000_000)), "pots = []")
    assert money(found)["Dinkes"] == 80_000_000  # the matrix's own column


def test_pots_and_matrix_that_differ_are_told_with_both_figures():
    found = made(ASKED, ceilings(pots=changed(POTS, 4, 4, 51_000_000)))
    [slip] = [f for f in found.slips if f.code == "pots_differ"]
    assert slip.facts == {"agency": "Dinkes", "pots": 81_000_000, "matrix": 80_000_000}
    assert money(found)["Dinkes"] == 81_000_000
    assert "pots_differ" not in codes(made(ASKED, ceilings()).slips)


@pytest.mark.parametrize(
    ("matrix", "pots", "place", "facts"),
    [
        (changed(MATRIX, 2, 5, 150_000_001), POTS, ("PIK Kecamatan", 2, "E"),
         ("Mekar", 150_000_001, 150_000_000)),
        (MATRIX, changed(POTS, 4, 5, 79_999_999), ("PIK PD", 4, "Total"),
         ("Dinas Kesehatan", 79_999_999, 80_000_000)),
        (MATRIX, changed(POTS, 6, 3, 30_000_001), ("PIK PD", 6, "PEN"),
         ("PEN", 30_000_001, 30_000_000)),
        (MATRIX, changed(POTS, 6, 5, "=SUM(C4:C5)"), ("PIK PD", 6, "Total"),
         ("Total", 30_000_000, 180_000_000)),
        (MATRIX, changed(POTS, 6, 4, "=SUM(D4:D4)"), ("PIK PD", 6, "Non-PEN"),
         ("Non-PEN", 50_000_000, 150_000_000)),
    ],
)  # fmt: skip
def test_a_total_that_does_not_add_up_refuses_the_file(matrix, pots, place, facts):
    issues = refused(ceilings(matrix, pots))
    issue = issues[0]
    assert issue.code == "ceilings_total_differs"
    assert (issue.place.sheet, issue.place.row, issue.column) == place
    assert (issue.facts["name"], issue.facts["stated"], issue.facts["computed"]) == facts


def test_stated_totals_that_add_up_are_as_good_as_sums():
    stated = changed(changed(MATRIX, 2, 5, 150_000_000), 3, 5, "Rp 30.000.000")
    titled = [("RENCANA PAGU",), ("Tahun 2022", None, None), *stated,
              ("Jumlah", None, 80_000_000, 100_000_000, 180_000_000),
              ("Ket: sementara",)]  # fmt: skip
    assert limits(made(ASKED, ceilings(titled, None))) == limits(made(ASKED, ceilings()))


def test_totals_of_parts_and_of_the_whole_both_add_up():
    parts = [
        ("No", "Kecamatan", "Dinkes", "DPUTR"),
        (1, "Mekar", 5, 10), ("", "Jumlah Wilayah I", 5, 10), (2, "Melati", 3, 1),
        ("", "JUMLAH", 3, 1),
        ("", "TOTAL", "=SUM(C2,C4)", "=SUM(D2;D4)"),
    ]  # fmt: skip
    assert limits(made(ASKED, ceilings(parts, None)))["Dinkes di Melati"] == 3


def test_headings_in_two_rows_numbered_columns_and_a_turned_table_are_read():
    two = [
        ("No", "Kecamatan", "Perangkat Daerah", None, "Jumlah"),
        (None, None, "Dinkes", "DPUTR", None),
        (1, 2, 3, 4, 5),
        (1, "Kec. Mekar", 50_000_000, "100.000.000", 150_000_000),
        (2, "Kec. Melati", 30_000_000, "-", 30_000_000),
    ]
    assert limits(made(ASKED, ceilings(two, None))) == limits(made(ASKED, ceilings()))
    turned = [("OPD", "Mekar", "Melati"), ("Dinkes", 50_000_000, 30_000_000),
              ("DPUTR", 100_000_000, 0)]  # fmt: skip
    rows = [*ASKED, row(title="C", address=at("Melati"))]
    assert limits(made(rows, ceilings(turned, None))) == limits(made(rows, ceilings()))


@pytest.mark.parametrize("heading", ["PIK", "Pagu", "Jumlah", "Pagu Indikatif"])
def test_caps_of_districts_without_agencies_become_their_maximum(heading):
    caps = [("Kecamatan", heading), ("Mekar", 9_000_000), ("Melati", 7_000_000)]
    found = made(ASKED, ceilings(caps, None))
    assert [place.get("max_amount") for place in found.document["locations"]] == [
        9_000_000, 7_000_000,
    ]  # fmt: skip
    assert limits(found) == {}


@pytest.mark.parametrize(
    ("matrix", "code", "row_number"),
    [
        ([("Judul",), (1, 2)], "ceilings_not_found", None),
        ([("Pagu dalam ribuan rupiah",), *MATRIX], "ceilings_scaled", 1),
        ([("Satuan: Rp. Juta",), *MATRIX], "ceilings_scaled", 1),
        ([*MATRIX, (3, None, 5, 5, None)], "ceilings_without_name", 4),
        ([*MATRIX, (3, "mekar", 5, 5, "=SUM(C4:D4)")], "ceilings_name_twice", 4),
        (
            [("No", "Kecamatan", "Dinkes", "DINKES"), (1, "Mekar", 5, 5)],
            "ceilings_heading_twice",
            1,
        ),
        ([(*MATRIX[0][:4], None), (1, "Mekar", 5, 5, 7)], "ceilings_without_heading", 2),
        (changed(MATRIX, 2, 3, "5.5"), "number_two_readings", 2),
        (changed(MATRIX, 2, 3, -5), "number_negative", 2),
        (changed(MATRIX, 2, 3, "lima"), "money_not_a_number", 2),
        (changed(MATRIX, 2, 3, "=D2*2"), "formula_without_value", 2),
        (changed(MATRIX, 2, 5, "=AVERAGE(C2:D2)"), "formula_without_value", 2),
        (changed(MATRIX, 2, 5, "=SUM(C2:E2)"), "formula_without_value", 2),
        (changed(MATRIX, 2, 5, "=SUM(Lain!C2:D2)"), "formula_without_value", 2),
    ],
)
def test_a_table_that_leaves_a_doubt_is_refused_where_the_doubt_stands(matrix, code, row_number):
    issue = refused(ceilings(matrix, None))[0]
    assert (issue.code, issue.place.row) == (code, row_number)


def test_two_tables_of_one_kind_are_refused_and_hidden_sheets_do_not_count():
    data = book(A=MATRIX, B=MATRIX)
    assert codes(refused(data)) == ["ceilings_two_tables"]
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    workbook["B"].sheet_state = "hidden"
    out = io.BytesIO()
    workbook.save(out)
    found = made(ASKED, out.getvalue())
    assert len(limits(found)) == 4
    assert [f.facts for f in found.slips if f.code == "sheets_unread"] == [{"sheets": ["B"]}]


def test_sums_of_sums_do_not_hold_up_the_reading():
    rows = [list(MATRIX[0]), [1, "Mekar", "=SUM(D2:IV1000)", "=SUM(C3:IV1000)", None]]
    rows += [[n, f"K{n}", f"=SUM(D{n}:IV1000)", f"=SUM(C{n + 1}:IV1000)"] for n in range(3, 900)]
    began = time.monotonic()
    assert refused(ceilings(rows, None))[0].code == "formula_without_value"
    assert time.monotonic() - began < 10


def test_blank_cells_count_as_zero_and_that_is_told():
    found = made(ASKED, ceilings(changed(MATRIX, 3, 4, None), None))
    assert limits(found)["DPUTR di Melati"] == 0
    [slip] = [f for f in found.slips if f.code == "cells_blank"]
    assert slip.facts["cells"] == ["Melati × DPUTR"]


# Who is who.


def test_an_agency_without_a_ceiling_is_gated_and_told():
    rows = [*ASKED, row(title="Pasar", agency="DINAS PERINDUSTRIAN DAN PERDAGANGAN")]
    found = made(rows, ceilings())
    assert [p.get("gate") for p in found.document["proposals"]] == [None, None, "other_source"]
    [slip] = [f for f in found.slips if f.code == "agency_without_ceiling"]
    assert slip.facts["agency"] == "DINAS PERINDUSTRIAN DAN PERDAGANGAN"
    assert slip.facts["amount"] == 10_000_000
    assert money(found)["DINAS PERINDUSTRIAN DAN PERDAGANGAN"] == 0
    given = '[ceilings]\n"DINAS PERINDUSTRIAN DAN PERDAGANGAN" = "Rp 25.000.000"'
    found = made(rows, ceilings(), given)
    assert money(found)["DINAS PERINDUSTRIAN DAN PERDAGANGAN"] == 25_000_000
    assert all("gate" not in p for p in found.document["proposals"])
    other = made(rows, ceilings(), '[gates]\nno_ceiling = "not_in_renja"')
    assert other.document["proposals"][2]["gate"] == "not_in_renja"


def test_without_a_file_of_ceilings_nothing_is_shut_out_and_that_is_said():
    found = made(ASKED)
    assert set(money(found).values()) == {"unlimited"}
    assert [f.facts for f in found.guesses if f.code == "ceilings_not_given"] == [{"count": 2}]
    mapping = found.mapping.replace(
        '"DINAS KESEHATAN" = "unlimited"', '"DINAS KESEHATAN" = 7000000'
    )
    assert mapping != found.mapping
    assert money(made(ASKED, None, mapping))["DINAS KESEHATAN"] == 7_000_000


def test_districts_that_only_one_file_knows_are_told():
    rows = [*ASKED, row(title="C", address=at("Melti"))]
    found = made(rows, ceilings())
    [slip] = [f for f in found.slips if f.code == "district_without_ceiling"]
    assert (slip.facts["district"], slip.facts["nearest"]) == ("Melti", "Melati")
    assert [f.facts["districts"] for f in found.slips if f.code == "districts_not_asked"] == [
        ["Melati"]
    ]
    found = made(rows, ceilings(), '[districts]\nMelti = "Melati"')
    assert found.document["proposals"][2]["district"] == "Melati"
    assert "district_without_ceiling" not in codes(found.slips)


def test_spelling_of_districts_follows_the_ceilings():
    found = made([row(address=at("KECAMATAN MEKAR"))], ceilings())
    assert found.document["proposals"][0]["district"] == "Mekar"


FULL = (
    "DINAS KESEHATAN", "DINAS PENDIDIKAN", "DINAS PERUMAHAN, KAWASAN PERMUKIMAN DAN PERTANAHAN",
    "DINAS LINGKUNGAN HIDUP", "DINAS PEKERJAAN UMUM DAN PENATAAN RUANG",
    "DINAS PEMADAM KEBAKARAN DAN PENYELAMATAN", "DINAS SOSIAL",
    "DINAS KOPERASI, USAHA KECIL DAN MENENGAH", "DINAS TENAGA KERJA",
    "DINAS PANGAN DAN PERIKANAN", "DINAS PARIWISATA DAN KEBUDAYAAN",
    "DINAS PEMUDA DAN OLAHRAGA", "DINAS PERTANIAN", "DINAS PERHUBUNGAN",
    "DINAS KOMUNIKASI DAN INFORMATIKA", "DINAS PEMBERDAYAAN MASYARAKAT DAN DESA",
    "BADAN PENANGGULANGAN BENCANA DAERAH", "SATUAN POLISI PAMONG PRAJA",
)  # fmt: skip
SHORT = (
    "Dinkes", "Disdik", "Disperkimtan", "DLH", "DPUPR", "Disdamkar", "Dinsos", "DiskopUKM",
    "Disnaker", "Dispakan", "Disparbud", "Dispora", "Distan", "Dishub", "Diskominfo", "DPMD",
    "BPBD", "Satpol PP",
)  # fmt: skip


def test_abbreviations_find_their_agencies_both_ways():
    for names, others in ((FULL, SHORT), (SHORT, FULL)):
        found = {m.name: m.code for m in matched(names, dict.fromkeys(others, ()))}
        assert found == dict(zip(names, others, strict=True))


def test_no_agency_takes_another_s_place():
    found = matched(["DINAS PERINDUSTRIAN DAN PERDAGANGAN"], {"Dinkes": (), "Dinsos": ()})
    assert [(m.code, m.sure) for m in found] == [("", False)]
    assert found[0].other in ("Dinkes", "Dinsos")
    pair = {m.name: m for m in matched(["Dinas Sosial", "DINAS SOSIAL DAN TENAGA KERJA"],
                                       {"Dinsos": (), "Dinsosnaker": ()})}  # fmt: skip
    assert pair["Dinas Sosial"].code == "Dinsos"
    assert pair["DINAS SOSIAL DAN TENAGA KERJA"].code == "Dinsosnaker"


def test_a_tie_is_a_guess_and_names_the_runner_up():
    found = matched(["DINAS PERTANIAN"], {"Distan": (), "Dintan": ()})
    assert [(m.code, m.other, m.sure) for m in found] == [("Dintan", "Distan", False)]
    rows = [row(agency="DINAS PERTANIAN")]
    table = [("Kecamatan", "Distan", "Dintan"), ("Mekar", 5, 6)]
    imported = made(rows, ceilings(table, None))
    [guess] = [f for f in imported.guesses if f.code == "agency_guessed"]
    assert (guess.facts["sure"], guess.advice) == (False, "agency_check")
    assert "TEBAKAN" in imported.mapping


def test_likeness_is_of_letters_not_of_case_and_the_same_either_way():
    assert likeness("dinas  kesehatan", "DINAS KESEHATAN") == 1
    assert likeness("Dinkes", "DINAS KESEHATAN") == likeness("DINAS KESEHATAN", "Dinkes") < 1
    assert likeness("Dinkes", "DINAS KESEHATAN") > likeness("Dinkes", "DINAS SOSIAL")
    assert likeness("", "Dinkes") == likeness("5", "Dinkes") == 0


def test_the_same_money_in_both_tables_is_evidence_where_names_are_not():
    pots = changed(POTS, 4, 2, "Urusan Wajib Satu")
    found = made(ASKED, ceilings(pots=pots))
    assert money(found) == {"Dinkes": 80_000_000, "DPUTR": 100_000_000}
    pots = changed(changed(pots, 4, 3, 1), 4, 5, 50_000_001)
    pots = changed(changed(pots, 6, 3, 1), 6, 5, 150_000_001)
    found = made(ASKED, ceilings(pots=pots))
    assert money(found)["Urusan Wajib Satu"] == 50_000_001
    assert "agencies_without_cells" in codes(found.slips)


def test_many_names_under_the_wrong_heading_do_not_hold_up_the_reading():
    rows = [row(agency=f"Bapak nomor {n}") for n in range(6_000)]
    began = time.monotonic()
    found = made(rows, ceilings())
    assert time.monotonic() - began < 20
    assert {p["gate"] for p in found.document["proposals"]} == {"other_source"}
