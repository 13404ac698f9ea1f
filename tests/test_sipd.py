"""An import from SIPD: every row accounted for, every rupiah, every slip; and nobody's name."""

from __future__ import annotations

import json
import string
import tomllib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sipd_files import EMPTY, MATRIX, SIXTEEN, at, book, ceilings, export, made, row, says

from solver.errors import InputError
from solver.scenario import resolve
from solver.sipd.sentences import advice, fix, sentence
from solver.words import LANGUAGES
from solver.write.sipd_report import report

TWENTY_SIX = (
    "No", "id_usulan", "tanggal_usul", "pengusul", "profil", "usulan", "masalah", "alamat",
    "kabupaten", "kecamatan", "kelurahan", "usulan_ke", "opd_tujuan_awal", "opd_tujuan_akhir",
    "status", "catatan", "rekomendasi_mitra", "rekomendasi_kelurahan", "rekomendasi_kecamatan",
    "rekomendasi_skpd", "rekomendasi_tapd", "volume", "satuan", "anggaran", "jenis_belanja",
    "sub_kegiatan",
)  # fmt: skip


def only(found):
    [proposal] = found.document["proposals"]
    return proposal


def codes(findings):
    return [finding.code for finding in findings]


def one(findings, code):
    [finding] = [finding for finding in findings if finding.code == code]
    return finding


def alike(number, title="Meja tenis", price=5_900_000, **cells):
    """So many proposals of one thing, each in a ward of its own."""
    return [
        row(title=title, address=at("Mekar", f"Desa {n}"), bappeda=says(price, "1 buah"), **cells)
        for n in range(number)
    ]


def refused(*args):
    with pytest.raises(InputError) as caught:
        made(*args)
    return caught.value.issues


# What is read.


def test_a_row_of_sixteen_columns_becomes_a_proposal():
    found = made([row(bappeda=says(219_401_136, "3 paket", "sudah sesuai"))])
    proposal = only(found)
    assert proposal.pop("id").startswith("U-")
    assert proposal == {
        "title": "Rabat beton", "agency": "DINAS KESEHATAN", "district": "Mekar",
        "ward": "Sukamaju", "score": 1, "volume": 3, "unit": "paket", "amount": 219_401_136,
        "origin": "musrenbang", "tags": ["Diteruskan ke Forum SKPD", "renja"],
        "note": "Mitra Bappeda: sudah sesuai",
    }  # fmt: skip
    assert (found.read, found.left_out) == (1, ())


def test_nobody_s_name_and_no_street_comes_along():
    found = made([row(who="Budi Santoso", problem="jalan di depan rumah Pak Budi")], ceilings())
    everything = json.dumps(found.document) + found.mapping
    for secret in ("Budi", "Durian", "rumah"):
        assert secret not in everything


def test_twenty_six_columns_keep_their_id_and_go_to_the_last_agency():
    cells = [
        1, 88123, "2021-02-03", "Budi", "Lurah", "Drainase", "banjir", "Jl. Sawo", "Kab. Contoh",
        "Mekar", "Sukamaju", "SKPD", "Dinas A", "Dinas B", "Diterima", "segera", None, None, None,
        None, None, "2,5", "km", 75_000_000, "Belanja Modal", "1.03 Drainase",
    ]  # fmt: skip
    found = made(export(cells, headings=TWENTY_SIX))
    proposal = only(found)
    assert (proposal["id"], proposal["agency"], proposal["note"]) == ("88123", "Dinas B", "segera")
    assert (proposal["volume"], proposal["unit"], proposal["amount"]) == (2.5, "km", 75_000_000)
    assert (proposal["district"], proposal["ward"]) == ("Mekar", "Sukamaju")
    assert codes(found.slips) == []  # every heading is known, though not every one is taken over
    first = [*cells[:13], None, *cells[14:]]
    assert only(made(export(first, headings=TWENTY_SIX)))["agency"] == "Dinas A"


def test_the_mirror_table_has_a_column_for_each_part():
    headings = (
        "id_usulan", "giat_teks", "alamat_teks", "nama_skpd", "koefisien", "anggaran",
        "rekom_mitra_rekomendasi", "rekom_mitra_koefisien", "rekom_mitra_anggaran",
        "rekom_camat_anggaran", "status_usul_teks", "is_tolak", "jenis_usul_teks",
    )  # fmt: skip
    cells = (7, "PJU", at("Mekar"), "Dishub", "5 titik", 90_000_000, "setuju", "4 titik",
             70_000_000, 80_000_000, "Validasi", 1, "Pokir DPRD")  # fmt: skip
    found = made(export(cells, headings=headings))
    proposal = only(found)
    assert (proposal["volume"], proposal["amount"]) == (4, 70_000_000)
    assert proposal["origin"] == "pokir"
    assert proposal["tags"] == ["Validasi, Ditolak"]
    assert one(found.slips, "remark").facts["remark"] == "validasi, ditolak"


def test_other_offices_headings_are_read_too():
    kediri = ("id_usulan", "kecamatan", "alamat", "kamus_usulan", "masalah", "opd_tujuan",
              "volume", "perkiraan_anggaran", "prior", "catatan", "status")  # fmt: skip
    found = made(export((4, "Kec. Mekar", "Jl. Sawo 3", "Paving", "-", "Dinas PUPR", "120 m2",
                         "Rp 24.000.000", 1, None, "Belum Diproses"), headings=kediri))  # fmt: skip
    proposal = only(found)
    assert (proposal["district"], proposal.get("ward")) == ("Mekar", None)
    assert (proposal["volume"], proposal["unit"], proposal["amount"]) == (120, "m2", 24_000_000)
    assert (proposal["priority"], found.document["objective"]["score"]) == (1, "halving")
    asahan = ("Jenis Usulan", "Nm Permasalahan", "Detail Lokasi", "Kecamatan", "Kelurahan", "SKPD",
              "Volume", "Satuan", "Harga Satuan", "Skor", "Urutan Prioritas")  # fmt: skip
    found = made(export(("Gorong-gorong", "-", "Gg. 3", "Mekar", "Desa Sukamaju", "DPUPR", 12,
                         "m", 1_500_000, 78.5, "P2"), headings=asahan))  # fmt: skip
    proposal = only(found)
    assert (proposal["title"], proposal["ward"]) == ("Gorong-gorong", "Sukamaju")
    assert (proposal["amount"], proposal["score"], proposal["priority"]) == (18_000_000, 78.5, 2)
    assert found.document["objective"]["score"] == "column"


def test_titles_above_and_furniture_below_are_no_proposals():
    found = made(
        export(
            [str(n) for n in range(1, 17)],
            row(),
            list(SIXTEEN),
            row(title="Drainase"),
            ["JUMLAH", None, None, None, None, None, None, None, says(20_000_000)],
            above=4,
        )
    )
    assert [p["title"] for p in found.document["proposals"]] == ["Rabat beton", "Drainase"]
    assert codes(found.left_out) == ["left_column_numbers", "left_heading_again", "left_total_row"]
    assert [line.spot.row for line in found.rows] == [6, 7, 8, 9, 10]


def test_a_row_that_can_be_no_proposal_is_left_out_with_its_reason_and_its_money():
    found = made(
        [row(), row(title=None), row(agency=" "), row(address="Kp. Durian"), row(title="\u200b")]
    )
    assert found.read == 1
    assert codes(found.left_out) == [
        "left_no_title", "left_no_agency", "left_no_district", "left_no_title",
    ]  # fmt: skip
    whole = found.totals[0]
    assert (whole.rows_file, whole.rows_read) == (5, 1)
    assert (whole.amount_file, whole.amount_read) == (50_000_000, 10_000_000)
    assert whole.changes == {"left_out": -40_000_000}


def test_sheets_are_read_one_after_another_and_hidden_ones_are_not():
    import io

    import openpyxl

    data = book(Utara=[SIXTEEN, row()], Selatan=[SIXTEEN, row(title="Talud")], Catatan=[["halo"]])
    workbook = openpyxl.load_workbook(io.BytesIO(data))
    workbook["Utara"].row_dimensions[2].hidden = True
    hidden = workbook.copy_worksheet(workbook["Utara"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    workbook.save(out)
    found = made(out.getvalue())
    assert [p["title"] for p in found.document["proposals"]] == ["Rabat beton", "Talud"]
    assert one(found.slips, "rows_hidden").facts == {"sheet": "Utara", "count": 1}
    assert one(found.slips, "sheets_unread").facts["sheets"] == ["Catatan", "Utara Copy"]


@pytest.mark.parametrize(
    ("data", "code", "column"),
    [
        (book(Satu=[["halo", "dunia"], [1, 2]]), "sipd_no_headings", None),
        (export(row()[:7], headings=SIXTEEN[:7]), "sipd_column_missing", "OPD Tujuan"),
        (export(), "sipd_no_rows", None),
        (
            export([None, None, None, None, None, None, at("Mekar"), "DINAS X"]),
            "sipd_no_rows",
            None,
        ),
        (b"Tgl Usul,Usulan", "workbook_not_one", None),
    ],
)
def test_a_file_that_lists_nothing_is_refused(data, code, column):
    [issue] = refused(data)
    assert (issue.code, issue.column, issue.place.file) == (code, column, "usulan.xlsx")


# Whose figure counts.


@pytest.mark.parametrize(
    ("cells", "amount", "volume"),
    [
        ({"bappeda": says(7_000_000, "2 unit"), "district": says(9_000_000)}, 7_000_000, 2),
        ({"bappeda": EMPTY, "district": says(9_000_000, "3 unit")}, 9_000_000, 3),
        ({"bappeda": says(1, "1 unit"), "district": says(9_000_000, "3 unit")}, 9_000_000, 3),
        ({"bappeda": says(0, "0 unit"), "skpd": says(8_000_000, "5 m")}, 8_000_000, 5),
        ({"bappeda": says(999), "district": says(1_000)}, 1_000, 1),
        ({"bappeda": None, "ward": says("Rp 1,25 jt")}, 1_250_000, 1),
        ({"bappeda": 12_000_000}, 12_000_000, None),
        ({"bappeda": "Rekomendasi:oke\nKoefisien:4 m\nAnggaran:5.000.000"}, 5_000_000, 4),
    ],
)
def test_the_first_party_with_an_amount_gives_amount_and_volume(cells, amount, volume):
    proposal = only(made([row(**cells)]))
    assert (proposal["amount"], proposal.get("volume")) == (amount, volume)
    assert "gate" not in proposal


def test_another_party_s_figure_is_listed_as_a_repair_with_the_old_one():
    found = made([row(bappeda=says(1), district=says(9_000_000)), row(title="B")])
    repair = one(found.repaired, "other_party")
    assert (repair.before, repair.after, repair.spots[0].row) == (1, 9_000_000, 2)
    assert [line.outcome for line in found.rows] == ["repaired", "read"]
    assert found.totals[0].changes == {"other_party": 8_999_999}
    assert made([row(bappeda=EMPTY, district=says(9_000_000))]).repaired == ()


@pytest.mark.parametrize("amount", ["", 0, 1, "1.000,00,00", "12.50", "-5000000", 10**15])
def test_without_an_amount_a_proposal_stays_and_is_gated(amount):
    found = made([row(bappeda=says(amount))])
    proposal = only(found)
    assert (proposal["amount"], proposal["gate"]) == (0, "incomplete")
    assert "no_amount" in codes(found.slips)


def test_a_remark_may_hold_the_words_of_the_form():
    note = "lihat Rekomendasi : lama, Anggaran : 5 jt, Koefisien : beda"
    proposal = only(made([row(bappeda=says(6_000_000, "2 m", note))]))
    assert (proposal["amount"], proposal["volume"]) == (6_000_000, 2)
    assert proposal["note"] == f"Mitra Bappeda: {note}"


@pytest.mark.parametrize(
    ("volume", "read", "unit"),
    [
        ("3 paket", 3, "paket"), ("2,5 ha", 2.5, "ha"), ("0 M3", None, "M3"), ("1 1", 1, None),
        ("", None, None), ("paket", None, "paket"), ("12", 12, None),
        ("1.250.000 m", 1_250_000, "m"),
    ],
)  # fmt: skip
def test_a_volume_and_its_unit_are_parted(volume, read, unit):
    proposal = only(made([row(bappeda=says(5_000_000, volume))]))
    assert (proposal.get("volume"), proposal.get("unit")) == (read, unit)


# Names and codes.


def test_one_spelling_for_one_name_and_the_change_is_told():
    rows = [row(bappeda=says(5_000_000, f"{n} {unit}"), title=f"T{n}")
            for n, unit in enumerate(("Buah", "buah", "buah", "BUAH"), 1)]  # fmt: skip
    rows.append(row(title="T9", address="Kab. Contoh, MEKAR , sukamaju", agency="Dinas  Kesehatan"))
    found = made(rows)
    proposals = found.document["proposals"]
    assert {p["unit"] for p in proposals[:4]} == {"buah"}
    assert {(p["district"], p["ward"]) for p in proposals} == {("Mekar", "Sukamaju")}
    assert {p["agency"] for p in proposals} == {"DINAS KESEHATAN"}
    changed = [(f.column, f.before, f.after, f.facts["count"]) for f in found.repaired]
    assert changed == [
        ("agency", "Dinas Kesehatan", "DINAS KESEHATAN", 1), ("district", "MEKAR", "Mekar", 1),
        ("ward", "sukamaju", "Sukamaju", 1), ("unit", "BUAH", "buah", 1),
        ("unit", "Buah", "buah", 1),
    ]  # fmt: skip


def test_codes_stay_when_rows_are_sorted_anew_or_move_on():
    rows = [row(), row(title="Talud"), row(bappeda=says(9_000_000)), row(title="Talud", date="1")]
    by_content = {}
    for order in (rows, rows[::-1], [[*r[:-1], "Validasi"] for r in rows]):
        found = made(order)
        for proposal in found.document["proposals"]:
            key = (proposal["title"], proposal["amount"])
            by_content.setdefault(key, set()).add(proposal["id"])
    assert {len(ids) for key, ids in by_content.items() if key[0] != "Talud"} == {1}
    assert len(by_content["Talud", 10_000_000]) == 2
    names = [p["id"] for p in made(rows).document["proposals"]]
    assert len(set(names)) == 4
    assert [name.partition("-")[2].count("-") for name in names].count(1) == 1  # only the twin


def test_a_slash_never_gets_into_a_code():
    found = made([row(agency="DINAS PU/PR", address=at("Mekar/Baru"))])
    assert (only(found)["agency"], only(found)["district"]) == ("DINAS PU-PR", "Mekar-Baru")
    resolve(found.document)


def test_one_id_twice_is_one_proposal_and_joined_exports_count_once():
    headings = ("ID Usulan", "Usulan", "OPD", "Kecamatan", "Anggaran")
    a = (5, "PJU", "Dishub", "Mekar", 9_000_000)
    found = made(export(a, a, (5, "PJU", "Dishub", "Mekar", 8_000_000), headings=headings))
    assert codes(found.left_out) == ["left_same_row_again"]
    assert [(p["id"], p.get("gate")) for p in found.document["proposals"]] == [
        ("5", None), ("5-2", "duplicate"),
    ]  # fmt: skip
    assert [spot.row for spot in one(found.slips, "id_twice").spots] == [2, 4]
    # Without ids, rows that are all alike may be several houses: nothing is taken for granted.
    assert made([row(), row()]).read == 2


# Slips, each beside what is none.


def test_a_lost_digit_is_found_between_two_cells_and_the_usual_price_says_which():
    rows = alike(6)
    rows += [row(title="Meja tenis", bappeda=says(5_901_656, "1 buah"),
                 district=says(590_656, "1 buah"))]  # fmt: skip
    slip = one(made(rows).slips, "digits_differ_price")
    assert (slip.facts["amount"], slip.facts["other"]) == (5_901_656, 590_656)
    assert (slip.facts["price"], slip.facts["rows"]) == (5_900_000, 6)
    assert (slip.advice, slip.fix) == ("keep_amount", {})
    rows[-1] = row(title="Meja tenis", bappeda=says(59_000_000, "1 buah"),
                   district=says(5_900_000, "1 buah"))  # fmt: skip
    found = made(rows)
    slip = one(found.slips, "digits_differ_price")
    [name] = slip.proposals
    assert (slip.advice, slip.fix) == ("use_other_amount", {name: {"amount": 5_900_000}})
    # Money is never mended silently.
    assert found.document["proposals"][-1]["amount"] == 59_000_000


@pytest.mark.parametrize(
    ("one_party", "other_party", "slip"),
    [
        (39_240_000, 398_240_000, True),  # the 8 is lost
        (87_854_000, 87_854, True),  # a thousand times
        (6_930_000, 16_930_000, True),  # the first digit
        (66_247_050, 662_470_500, True),
        (15_700_000, 157, True),
        (10_000_000, 20_000_000, False),
        (5_901_656, 4_950_750, False),
        (12_345_000, 1_334_500, False),  # two digits differ
        (15_700_000, 1, False),  # no figure at all
        (15_700_000, 15_700_000, False),
    ],
)
def test_figures_a_digit_or_some_zeros_apart(one_party, other_party, slip):
    found = made([row(bappeda=says(one_party), district=says(other_party))])
    assert ("digits_differ" in codes(found.slips)) is slip


def test_more_money_for_more_volume_is_no_slip():
    more = row(
        title="Meja tenis",
        bappeda=says(5_900_000, "1 buah"),
        district=says(59_000_000, "10 buah"),
    )
    rows = [*alike(6), more]
    assert codes(made(rows).slips) == ["parties_differ"]


@pytest.mark.parametrize(
    ("amount", "volume", "code", "suggested"),
    [
        (59_000_000, "1 buah", "price_high", 5_900_000),
        (590_000, "1 buah", "price_low", 5_900_000),
        (5_900, "1 buah", "price_low", 5_900_000),
        (5_900_000_000, "1 buah", "price_high", 5_900_000),
        (50_000_000, "1 buah", "price_high", None),  # 8.5 times: odd, but no slip of zeros
        (41_300_000, "1 buah", None, None),  # seven times
        (59_000_000, "10 buah", None, None),
        (59_000_000, "1 paket", None, None),  # another unit
    ],
)
def test_an_amount_ten_or_a_thousand_times_that_of_the_same_thing(amount, volume, code, suggested):
    rows = [*alike(5), row(title="MEJA TENIS", bappeda=says(amount, volume))]
    found = [f for f in made(rows).slips if f.code.startswith("price")]
    assert codes(found) == ([code] if code else [])
    if code:
        assert found[0].facts.get("suggested") == suggested
        assert found[0].fix == ({found[0].proposals[0]: {"amount": suggested}} if suggested else {})


def test_a_price_says_nothing_where_too_few_rows_or_no_common_price_stand_behind_it():
    odd = row(title="Meja tenis", bappeda=says(59_000_000, "1 buah"))
    assert codes(made([*alike(3), odd]).slips) == []
    scattered = [
        row(title="Meja tenis", address=at("Mekar", f"Desa {n}"), bappeda=says(10**n, "1 buah"))
        for n in range(4, 10)
    ]
    assert codes(made([*scattered, odd]).slips) == []


def test_a_volume_with_two_readings_is_settled_by_the_price_but_not_written():
    rows = [row(title="Jalan", address=at("Mekar", f"D{n}"), bappeda=says(87_854_100, "100 M2"))
            for n in range(5)]  # fmt: skip
    rows.append(row(title="Jalan", bappeda=says(2_671_643_181, "3.041 M2")))
    found = made(rows)
    slip = one(found.slips, "volume_unreadable")
    assert slip.fix == {slip.proposals[0]: {"volume": 3041}}
    assert "volume" not in found.document["proposals"][-1]


def test_twins_are_told_and_kept_unless_the_planner_says_so():
    rows = [row(), row(), row(), row(date="04-02-2021"), row(address=at("Mekar", "Lain")),
            row(bappeda=says(10_000_001)), row(agency="DINAS SOSIAL")]  # fmt: skip
    found = made(rows)
    twins = one(found.slips, "repeated")
    assert (twins.facts["count"], [spot.row for spot in twins.spots]) == (3, [2, 3, 4])
    assert all("gate" not in p for p in found.document["proposals"])
    gated = made(rows, None, '[gates]\nrepeated = "duplicate"')
    assert [p.get("gate") for p in gated.document["proposals"]][:4] == [
        None, "duplicate", "duplicate", None,
    ]  # fmt: skip


def test_a_ward_s_name_in_two_districts_is_told():
    found = made([row(), row(address=at("Melati")), row(address=at("Melati", "Lain"))])
    slip = one(found.slips, "ward_twice")
    assert slip.facts == {"ward": "Sukamaju", "districts": ["Mekar (1)", "Melati (1)"]}


def test_remarks_that_read_as_a_refusal_wait_for_the_planner():
    rows = [row(bappeda=says(9_000_000, note="TIDAK sesuai DSP")), row(), row(status="Ditolak")]
    found = made(rows)
    assert [f.facts["remark"] for f in found.slips if f.code == "remark"] == [
        "ditolak", "tidak sesuai dsp",
    ]  # fmt: skip
    assert all("gate" not in p for p in found.document["proposals"])
    assert tomllib.loads(found.mapping)["remarks"] == {"ditolak": "", "tidak sesuai dsp": ""}
    found = made(rows, None, '[remarks]\n"Tidak Sesuai DSP" = "not_in_renja"')
    assert [p.get("gate") for p in found.document["proposals"]] == ["not_in_renja", None, None]


def test_cells_that_hold_no_value_are_told_and_left_blank():
    rows = [row(district="=VLOOKUP(A1,B:C,2)", bappeda=says(9_000_000)), row(title="=A1&B1")]
    found = made(rows)
    assert [(f.code, f.spots[0].row) for f in found.slips] == [("amount_unreadable", 2)]
    assert codes(found.left_out) == ["left_no_title"]


# Points.


def test_without_scores_and_ranks_every_proposal_scores_the_same_and_that_is_said():
    found = made([row(), row(title="B")])
    assert [p["score"] for p in found.document["proposals"]] == [1, 1]
    assert "score_same" in codes(found.guesses)
    assert [n.code for n in resolve(found.document).notices] == ["no_ranking"]
    assert only(made([row()], None, "score = 2.5"))["score"] == 2.5


def ranked(*cells):
    headings = ("Usulan", "OPD", "Kecamatan", "Desa", "Anggaran", "Prioritas")
    return export(*cells, headings=headings)


def test_ranks_become_points_and_a_blank_rank_comes_last():
    a, b = ("A", "X", "Mekar", "S", 9_000_000, 1), ("B", "X", "Mekar", "T", 9_000_000, 2)
    found = made(ranked(a, b, ("C", "X", "Mekar", "T", 9_000_000, None)))
    assert [p["priority"] for p in found.document["proposals"]] == [1, 2, 3]
    assert found.document["objective"]["rank_within"] == ["district"]
    assert one(found.guesses, "score_by_rank_district").facts == {"count": 1}
    points = resolve(found.document).instance.proposals
    assert sorted(p.requested.full.points for p in points) == [250 * 10**6, 500 * 10**6, 10**9]
    found = made(ranked(a, (*b[:5], "P1")))
    assert found.document["objective"]["rank_within"] == ["district", "ward"]


# The mapping.


def test_the_mapping_is_followed_and_what_it_leaves_open_keeps_its_usual_value():
    rows = [row(bappeda=says(9_000_000), district=says(7_000_000)), row(title="B", bappeda=says(1))]
    first = made(rows)
    name = first.document["proposals"][1]["id"]
    mapping = f"""
        title = "Pra-Musrenbang"
        year = 2031
        parties = ["kecamatan", "bappeda"]
        [gates]
        no_amount = "no_design"
        [proposals]
        "{name}" = {{volume = 2.5, gate = "land"}}
    """
    found = made(rows, None, mapping)
    assert (found.document["title"], found.document["year"]) == ("Pra-Musrenbang", 2031)
    a, b = found.document["proposals"]
    assert (a["amount"], b["amount"], b["volume"], b["gate"]) == (7_000_000, 0, 2.5, "land")
    assert only(made(rows[1:], None, '[gates]\nno_amount = "no_design"'))["gate"] == "no_design"
    corrected = made(rows, None, f'[proposals]\n"{name}" = {{amount = 5000000}}')
    assert corrected.document["proposals"][1]["amount"] == 5_000_000
    assert one(corrected.repaired, "corrected_amount").after == 5_000_000
    assert corrected.totals[0].changes == {"corrected": 4_999_999}
    assert "no_amount" not in codes(corrected.slips)


def test_the_lines_that_the_report_offers_are_followed_as_they_stand():
    rows = [*alike(5), row(title="Meja tenis", bappeda=says(59_000_000, "1 buah")), row(), row()]
    found = made(rows)
    lines = [fix(slip) for slip in found.slips if slip.fix]
    assert len(lines) == 2
    mended = made(rows, None, found.mapping + "\n".join(lines) + "\n")
    assert {f.code for f in mended.slips} == set()
    assert mended.document["proposals"][5]["amount"] == 5_900_000
    assert [p.get("gate") for p in mended.document["proposals"][6:]] == [None, "duplicate"]


def test_the_first_mapping_changes_nothing_when_it_is_read_back():
    rows = [
        row(),
        row(agency="DINAS PERTANIAN", address=at("Mekr")),
        row(title="B", bappeda=says(1)),
    ]
    for language in LANGUAGES:
        first = made(rows, ceilings(), None, language)
        again = made(rows, ceilings(), first.mapping, language)
        assert again.document == first.document
        assert (again.mapping, again.added) == (None, 0)


def test_new_names_are_added_to_the_mapping_and_nothing_else_in_it_moves():
    first = made([row()], ceilings())
    mine = first.mapping.replace(
        '"DINAS KESEHATAN" = "Dinkes"', '"DINAS KESEHATAN" = "DPUTR"  # saya'
    )
    assert mine != first.mapping
    found = made([row(), row(agency="DINAS PEKERJAAN UMUM DAN TATA RUANG"), row(status="ditolak")],
                 ceilings(), mine)  # fmt: skip
    assert [p["agency"] for p in found.document["proposals"]][::2] == ["DPUTR", "DPUTR"]
    assert found.added == 2
    left = [line for line in found.mapping.splitlines() if line not in mine.splitlines()]
    assert len(left) == 3  # the two lines, and a table for remarks
    assert set(mine.splitlines()) <= set(found.mapping.splitlines())
    tomllib.loads(found.mapping)


@pytest.mark.parametrize(
    ("mapping", "code", "key"),
    [
        ("score = ", "toml_syntax", None),
        ('skor = 1', "unknown_key", "skor"),
        ('score = "1"', "wrong_type", "score"),
        ("score = 1000000", "wrong_type", "score"),
        ("year = 20", "wrong_type", "year"),
        ('parties = ["camat"]', "unknown_choice", "parties"),
        ('[gates]\nno_amount = ""', "unknown_choice", "gates.no_amount"),
        ('[gates]\nrepeated = "kembar"', "unknown_choice", "gates.repeated"),
        ('[gates]\ntwins = "land"', "unknown_key", "gates.twins"),
        ('[agencies]\n"DINAS KESEHATAN" = "Dinkess"', "mapping_unknown_code",
         "agencies.DINAS KESEHATAN"),
        ('[agencies]\n"DINAS KESEHATAN" = "Din/kes"', "slash_in_id", "agencies.DINAS KESEHATAN"),
        ('[agencies]\n"DINAS KESEHATAN" = 3', "wrong_type", "agencies.DINAS KESEHATAN"),
        ('[ceilings]\n"Dinkess" = 5', "mapping_unknown_code", "ceilings.Dinkess"),
        ('[ceilings]\n"Dinkes" = "1.5"', "number_two_readings", "ceilings.Dinkes"),
        ('[agencies]\n"DINAS SOSIAL" = ""\n"Dinas Sosial" = ""', "toml_key_twice",
         "agencies.Dinas Sosial"),
        ('pots = ["PON"]', "mapping_unknown_pot", "pots"),
        ('[proposals]\n"U-XXXXXXX" = {amount = 5}', "unknown_proposal", "proposals.U-XXXXXXX"),
        ('[proposals]\n"U-XXXXXXX" = {amoun = 5}', "unknown_key", "proposals.U-XXXXXXX.amoun"),
        ('[remarks]\n"ditolak" = "tolak"', "unknown_choice", "remarks.ditolak"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_followed_is_told_with_its_key(mapping, code, key):
    issue = refused([row()], ceilings(), mapping)[0]
    assert (issue.code, issue.place.key, issue.place.file) == (code, key, "pemetaan.toml")


def test_a_near_miss_in_the_mapping_is_answered_with_the_nearest_name():
    mapping = '[agencies]\n"DINAS KESEHATAN" = "Dinkess"'
    assert refused([row()], ceilings(), mapping)[0].suggestion == "Dinkes"


# Whatever is typed.

HOSTILE = st.one_of(
    st.none(),
    st.integers(-(10**16), 10**16),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.text(st.sampled_from(string.printable + "éñ\u00a0\u200b\u202e😀"), max_size=40).filter(
        lambda text: not any(ord(c) < 32 and c not in "\t\n\r" for c in text)
    ),
    st.sampled_from(
        ["=1+1", "=SUM(A1:A2)", "#N/A", "JUMLAH", "Usulan", "a, b", "Kab. X, Y, Z", "1/2",
         says(5_000_000), says("5.000"), says("1e5"), says("∞"), EMPTY, "Rekomendasi : Koefisien :",
         "Anggaran : 5", "x" * 3000, "@cmd", "+1", "-", "''", '"', "U-1", "True"]
    ),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(HOSTILE, min_size=16, max_size=16), min_size=0, max_size=12))
def test_rows_and_rupiah_are_conserved_whatever_is_typed(rows):
    data = export(row(title="Satu yang benar"), *rows)
    found = made(data, ceilings())
    again = made(data, ceilings())
    assert again.document == found.document  # and nothing depends on chance
    spots = [line.spot for line in found.rows]
    assert len(spots) == len(set(spots))
    filled = [number for number, cells in enumerate([1, *rows], 2)
              if number == 2 or any(cell is not None and cell != "" for cell in cells)]  # fmt: skip
    assert [spot.row for spot in spots] == filled
    assert found.read + len(found.left_out) == len(spots)
    assert found.read == len(found.document["proposals"])
    for total in found.totals:
        assert total.amount_file + sum(total.changes.values()) == total.amount_read
    by = {kind: [t for t in found.totals if t.by == kind] for kind in ("all", "agency", "district")}
    for kind in ("agency", "district"):
        for name in ("rows_file", "rows_read", "amount_file", "amount_read"):
            assert sum(getattr(t, name) for t in by[kind]) == getattr(by["all"][0], name)
    assert by["all"][0].amount_read == sum(p["amount"] for p in found.document["proposals"])
    resolve(found.document)  # what is written can be read
    tomllib.loads(found.mapping)
    for language in LANGUAGES:
        assert report(found, [], language).startswith(b"PK")
        for finding in (*found.slips, *found.repaired, *found.left_out, *found.guesses):
            assert sentence(finding, language)
            assert advice(finding, language) or finding.advice is None


def test_money_is_read_as_it_is_everywhere_else():
    for text, amount in (
        ("Rp 1.250.000", 1_250_000),
        ("750 jt", 750_000_000),
        (" 5000000 ", 5_000_000),
    ):
        assert only(made([row(bappeda=says(text))]))["amount"] == amount
    assert Decimal(only(made([row(bappeda=5_000_000.0)]))["amount"]) == 5_000_000


def test_matrix_of_the_example_is_what_other_tests_rely_on():
    found = made([row()], ceilings())
    assert sum(limit["max"] for limit in found.document["limits"]) == sum(
        value for line in MATRIX[1:] for value in line[2:4]
    )
