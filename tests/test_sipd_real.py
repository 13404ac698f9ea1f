"""A real export and the real ceilings: imported without a hand edit, every row and rupiah there.

The files are read a second time with openpyxl and the standard library alone, and added up again.
"""

from __future__ import annotations

import csv
import json
import re
import time
from collections import Counter, defaultdict
from statistics import median

import openpyxl
import pytest
from click.testing import CliRunner
from published import DATA, needs_data
from sipd_files import export

from service.cli import main

pytestmark = needs_data

FOLDER = "kab-bandung-2022"
CODES = {
    "DINAS KESEHATAN": "Dinkes", "DINAS PENDIDIKAN": "Disdik", "DINAS LINGKUNGAN HIDUP": "DLH",
    "DINAS PERUMAHAN DAN KAWASAN PERMUKIMAN DAN PERTANAHAN": "Disperkimtan",
    "DINAS PEKERJAAN UMUM DAN TATA RUANG": "DPUTR", "DINAS SOSIAL": "Dinsos",
    "DINAS PEMADAMAN KEBAKARAN DAN PENYELAMATAN": "Disdamkar", "DINAS PERTANIAN": "Distan",
    "DINAS KOPERASI DAN USAHA KECIL DAN MENENGAH": "DiskopUKM", "DINAS KETENAGAKERJAAN": "Disnaker",
    "DINAS PANGAN DAN PERIKANAN": "Dispakan", "DINAS PARIWISATA DAN KEBUDAYAAN": "Disparbud",
    "DINAS PEMUDA DAN OLAH RAGA": "Dispora",
}  # fmt: skip
WITHOUT = "DINAS PERINDUSTRIAN DAN PERDAGANGAN"
CELL = re.compile(r"Rekomendasi :(.*)Koefisien :(.*)Anggaran :(.*)", re.S)


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def amount(cell):
    """The rupiah of a party's cell; 0 where there is none."""
    text = CELL.fullmatch(cell)[3].strip() if cell else ""
    return int(text or 0)


@pytest.fixture(scope="module")
def rows():
    """The export's rows by their number in Excel."""
    sheet = openpyxl.load_workbook(DATA / FOLDER / "usulan-sipd.xlsx").active
    lines = list(sheet.iter_rows(values_only=True))
    return {n: dict(zip(lines[0], cells, strict=True)) for n, cells in enumerate(lines[1:], 2)}


@pytest.fixture(scope="module")
def cells():
    """The matrix: (kecamatan, agency) -> rupiah."""
    sheet = openpyxl.load_workbook(DATA / FOLDER / "pagu-indikatif-kewilayahan.xlsx").worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    return {(line[1], lines[0][place]): line[place] for line in lines[1:] for place in range(2, 15)}


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """The folder, the JSON document and the seconds of the import."""
    out = tmp_path_factory.mktemp("impor") / "kab"
    began = time.monotonic()
    result = run(
        "import", "sipd", DATA / FOLDER / "usulan-sipd.xlsx", "--ceilings",
        DATA / FOLDER / "pagu-indikatif-kewilayahan.xlsx", "--out", out, "--json",
    )  # fmt: skip
    seconds = time.monotonic() - began
    assert result.exit_code == 0, result.stderr
    return out, json.loads(result.stdout), seconds


@pytest.fixture(scope="module")
def proposals(taken):
    return list(csv.DictReader((taken[0] / "proposals.csv").read_text("utf-8").splitlines()))


def expected(row):
    """The amount that counts: the planning agency's, else the kecamatan's; Rp 1 is none."""
    named = (amount(row["Rekomendasi Mitra Bappeda"]), amount(row["Rekomendasi Kecamatan"]))
    return next((rupiah for rupiah in named if rupiah > 1), 0)


def test_every_row_is_accounted_for_and_says_what_the_file_says(rows, taken, proposals):
    _, document, _ = taken
    assert len(rows) == 3_484 == document["rows"] == document["read"] == len(proposals)
    assert document["left_out"] == []
    assert len({proposal["id"] for proposal in proposals}) == 3_484
    for row, proposal in zip(rows.values(), proposals, strict=True):
        district, ward = (part.strip() for part in row["Alamat"].split(",")[-2:])
        assert (proposal["district"], proposal["ward"]) == (district, ward)
        assert proposal["title"].lstrip("'") == " ".join(row["Usulan"].split())
        assert proposal["agency"] == CODES.get(row["OPD Tujuan"], WITHOUT)
        assert int(proposal["amount"]) == expected(row)
        assert proposal["score"] == "1"
        gate = "other_source" if row["OPD Tujuan"] == WITHOUT else ""
        assert proposal["gate"] == (gate or ("" if expected(row) else "incomplete"))


def test_repairs_are_exactly_the_amounts_that_came_from_another_cell(rows, taken):
    repaired = {
        (r["row"], r["from"], r["to"]) for r in taken[1]["repaired"] if r["code"] == "other_party"
    }
    assert repaired == {
        (number, amount(row["Rekomendasi Mitra Bappeda"]), expected(row))
        for number, row in rows.items()
        if row["Rekomendasi Mitra Bappeda"]
        and amount(row["Rekomendasi Mitra Bappeda"]) <= 1
        and expected(row)
    }


def test_control_totals_agree_with_the_file_by_agency_and_kecamatan(rows, cells, taken):
    before, after, count = Counter(), Counter(), Counter()
    for row in rows.values():
        first = row["Rekomendasi Mitra Bappeda"] or row["Rekomendasi Kecamatan"]
        agency = CODES.get(row["OPD Tujuan"], WITHOUT)
        for key in (("all", ""), ("agency", agency), ("district", row["Alamat"].split(", ")[-2])):
            before[key] += amount(first)
            after[key] += expected(row)
            count[key] += 1
    totals = {(total["by"], total["name"]): total for total in taken[1]["totals"]}
    assert set(totals) == set(count) | {("district", district) for district, _ in cells}
    for key, total in totals.items():
        assert total["rows_file"] == total["rows_read"] == count[key]
        assert (total["amount_file"], total["amount_read"]) == (before[key], after[key])
        assert total["amount_file"] + sum(total["changes"].values()) == total["amount_read"]


def test_ceilings_are_there_to_the_rupiah(cells, taken):
    folder, document, _ = taken
    limits = list(csv.DictReader((folder / "limits.csv").read_text("utf-8").splitlines()))
    assert len(cells) == 403
    assert {(x["district"], x["agency"]): int(x["max"]) for x in limits} == cells
    agencies = csv.DictReader((folder / "agencies.csv").read_text("utf-8").splitlines())
    by_agency = Counter()
    for (_, agency), rupiah in cells.items():
        by_agency[agency] += rupiah
    ceilings = {line["code"]: int(line["ceiling"]) for line in agencies}
    assert ceilings == {**by_agency, WITHOUT: 0}
    assert [slip for slip in document["slips"] if slip["code"] == "pots_differ"] == []
    assert sum(cells.values()) == 188_288_300_000


def test_only_the_agency_without_a_ceiling_is_left_open(taken):
    unsure = [g for g in taken[1]["guesses"] if g["code"].startswith("agency") and g["suggestion"]]
    assert [guess["facts"]["name"] for guess in unsure] == [WITHOUT]
    assert [
        s["facts"]["agency"] for s in taken[1]["slips"] if s["code"] == "agency_without_ceiling"
    ] == [WITHOUT]


def test_the_lost_digit_is_found_with_its_evidence(taken):
    found = [slip for slip in taken[1]["slips"] if slip["code"].startswith("digits")]
    [slip] = [slip for slip in found if slip["facts"]["other"] == 590_656]
    assert slip["facts"]["amount"] == 5_901_656
    assert slip["facts"]["price"] == 5_901_656
    assert slip["facts"]["rows"] > 90


def test_amounts_ten_or_a_thousand_times_the_usual_are_found_and_little_else(rows, taken):
    """Counted a second way: the unit price against the median of its title and unit."""
    prices = defaultdict(list)
    for number, row in rows.items():
        for name in ("Rekomendasi Mitra Bappeda", "Rekomendasi Kecamatan"):
            if row[name] and amount(row[name]) > 1:
                volume, _, unit = CELL.fullmatch(row[name])[2].strip().partition(" ")
                if volume.isdigit() and int(volume):
                    key = (row["Usulan"], unit.casefold().strip())
                    prices[key].append((amount(row[name]) / int(volume), number))
                break
    found = {row for slip in taken[1]["slips"] if "price" in slip["facts"] for row in slip["rows"]}
    sure = set()
    for group in prices.values():
        usual = median(price for price, _ in group)
        near = [price for price, _ in group if usual / 1.2 < price < usual * 1.2]
        if len(group) >= 10 and len(near) > 0.8 * len(group):
            sure |= {n for price, n in group if price > 9 * usual or price < usual / 9}
    assert len(sure) >= 15
    assert sure <= found
    assert len(found) < 80  # a list that an officer reads in an hour, of 3,484 rows


def test_known_slips_of_other_kinds_are_told(taken):
    by_code = defaultdict(list)
    for slip in taken[1]["slips"]:
        by_code[slip["code"]].append(slip)
    assert len(by_code["no_amount"]) == 138
    assert {slip["facts"]["ward"] for slip in by_code["ward_twice"]} >= {"Sukamanah", "Cangkuang"}
    assert sum(len(slip["rows"]) - 1 for slip in by_code["repeated"]) > 300
    assert {slip["facts"]["remark"] for slip in by_code["remark"]} >= {"tidak sesuai dsp"}
    [volume] = by_code["volume_unreadable"]
    assert volume["fix"] == {volume["proposals"][0]: {"volume": 3041}}
    [idle] = by_code["districts_not_asked"]
    assert len(idle["facts"]["districts"]) == 10


def test_codes_survive_a_file_in_another_order(rows, proposals, tmp_path):
    lines = [list(row.values()) for row in rows.values()][::-1]
    headings = next(iter(rows.values())).keys()
    (tmp_path / "balik.xlsx").write_bytes(export(*lines, headings=list(headings)))
    out = tmp_path / "balik"
    assert run("import", "sipd", tmp_path / "balik.xlsx", "--out", out).exit_code == 0
    again = list(csv.DictReader((out / "proposals.csv").read_text("utf-8").splitlines()))
    columns = ("id", "title", "district", "ward", "amount", "volume", "unit")
    assert {tuple(p[c] for c in columns) for p in again} == {
        tuple(p[c] for c in columns) for p in proposals
    }


def test_import_and_check_take_seconds(taken):
    began = time.monotonic()
    result = run("check", taken[0], "--json")
    seconds = time.monotonic() - began
    assert result.exit_code == 0
    assert json.loads(result.stdout)["totals"]["proposals"] == 3_484
    assert "no_ranking" in {w["code"] for w in json.loads(result.stdout)["warnings"]}
    assert taken[2] < 20
    assert seconds < 20


def test_the_recommendation_keeps_every_cell(rows, cells, taken, proposals, tmp_path):
    result = run("recommend", taken[0], "--time-limit", 20, "--out", tmp_path)
    assert result.exit_code in (0, 3), result.stderr
    decisions = list(csv.DictReader((tmp_path / "decisions.csv").read_text("utf-8").splitlines()))
    by_id = dict(zip((p["id"] for p in proposals), rows.values(), strict=True))
    funded = [d for d in decisions if d["decision"] in ("fund", "fund_changed")]
    spent, by_agency = Counter(), Counter()
    for decision in funded:
        row = by_id[decision["proposal"]]  # the money is that of the file, not of the result
        agency = CODES[row["OPD Tujuan"]]
        assert int(decision["amount"]) == expected(row) > 0
        spent[row["Alamat"].split(", ")[-2], agency] += expected(row)
        by_agency[agency] += expected(row)
    assert all(rupiah <= cells[key] for key, rupiah in spent.items())
    for agency, rupiah in by_agency.items():
        assert rupiah <= sum(ceiling for (_, a), ceiling in cells.items() if a == agency)
    # Nothing is held back for fear of a limit: what is left out does not fit into its cell.
    assert len(funded) > 3_000
    taken_ids = {decision["proposal"] for decision in funded}
    for name, row in by_id.items():
        agency = CODES.get(row["OPD Tujuan"])
        if name not in taken_ids and agency and expected(row):
            key = (row["Alamat"].split(", ")[-2], agency)
            assert spent[key] + expected(row) > cells[key]
