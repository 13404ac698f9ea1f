from pathlib import Path

import pytest

from solver.tables.columns import COLUMNS, KINDS, find, folded, headings, reference


@pytest.mark.parametrize("table", COLUMNS)
def test_no_heading_means_two_columns(table):
    meanings = {}
    for column in COLUMNS[table]:
        for heading in (column.name, column.heading, *column.also):
            assert meanings.setdefault(folded(heading), column.name) == column.name, heading


@pytest.mark.parametrize("table", COLUMNS)
def test_every_column_is_told_in_both_languages(table):
    for column in COLUMNS[table]:
        assert column.kind in KINDS
        assert column.heading
        assert column.id.endswith(".")
        assert column.en.endswith(".")
        assert column.id != column.en
        assert bool(column.choices) == (column.kind == "choice")


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("id", "id"),
        ("ID Usulan", "id"),
        ("id_usulan", "id"),
        ("No_usulan", "id"),
        ("OPD Tujuan", "agency"),
        ("opd_tujuan_akhir", "agency"),
        ("nama_skpd", "agency"),
        ("KECAMATAN", "district"),
        ("kelurahan", "ward"),
        ("Kelurahan/Desa", "ward"),
        ("Usulan", "title"),
        ("kamus_usulan", "title"),
        ("satuan", "unit"),
        ("Harga_Satuan", "unit_cost"),
        ("Harga_Total", "amount"),
        ("perkiraan_anggaran", "amount"),
        ("NilaiUsulan", "amount"),
        ("anggaran", "amount"),
        ("Urutan_Prioritas", "priority"),
        ("prior", "priority"),
        ("Skor", "score"),
        ("Target_Angka", "volume"),
        ("Sumber Dana", "source"),
        ("min volume", "min_volume"),
        ("catatan", "note"),
        ("c_Dampak Sosial", "c_dampak_sosial"),
        ("C_URGENCY", "c_urgency"),
    ],
)
def test_headings_of_real_files(heading, name):
    assert find("proposals", heading).name == name


def test_a_heading_that_says_nothing_is_unknown():
    for heading in ("jumlah", "c_", "pengusul", "", "!!"):
        assert find("proposals", heading) is None
    assert find("agencies", "c_x") is None
    assert "Harga Satuan" in headings("proposals")


def test_the_column_reference_is_up_to_date():
    path = Path(__file__).parent.parent / "scenarios" / "COLUMNS.md"
    assert path.read_text("utf-8") == reference(), "run python -m solver.tables.columns"
