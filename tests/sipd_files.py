"""Exports and ceiling tables of an invented regency, as workbooks made in the test."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

from solver.sipd import Imported, Source, imported

SIXTEEN = (
    "Tgl Usul", "Pengusul", "Profil", "Urusan", "Usulan", "Permasalahan", "Alamat", "OPD Tujuan",
    "Rekomendasi Mitra Bappeda", "Kategori Usulan", "Koefisien", "Rekomendasi Kelurahan/Desa",
    "Rekomendasi Kecamatan", "Rekomendasi SKPD", "Rekomendasi TAPD", "Status",
)  # fmt: skip
EMPTY = "Rekomendasi :   Koefisien :    Anggaran :"


def says(amount: Any, volume: str = "1 paket", note: str = "sesuai DSP") -> str:
    """One party's cell."""
    return f"Rekomendasi : {note}  Koefisien : {volume}  Anggaran : {amount}"


def row(**cells: Any) -> list[Any]:
    """A row of the 16-column export; keyword arguments replace cells by short names."""
    usual = {
        "date": "03-02-2021", "who": "Budi Santoso", "profile": "Kepala Desa Sukamaju",
        "field": "Pekerjaan Umum", "title": "Rabat beton", "problem": "rusak",
        "address": "Kp. Durian RT 3, Kab. Contoh, Mekar, Sukamaju", "agency": "DINAS KESEHATAN",
        "bappeda": says(10_000_000), "category": "renja", "request": None, "ward": EMPTY,
        "district": None, "skpd": None, "tapd": EMPTY, "status": "Diteruskan ke Forum SKPD",
    }  # fmt: skip
    assert set(cells) <= set(usual), set(cells) - set(usual)
    return list({**usual, **cells}.values())


def at(district: str, ward: str = "Sukamaju") -> str:
    """An address."""
    return f"Kp. Durian RT 3, Kab. Contoh, {district}, {ward}"


def book(**sheets: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of these sheets; a text that begins with = is a formula without a value."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name.replace("_", " "))
        for values in rows:
            sheet.append(list(values))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def export(*rows: Sequence[Any], headings: Sequence[Any] = SIXTEEN, above: int = 0) -> bytes:
    """An export with so many title rows above its headings."""
    titles = [["DAFTAR USULAN", None, f"halaman {n}"] for n in range(above)]
    return book(Usulan=[*titles, headings, *rows])


MATRIX = (
    ("No", "Kecamatan", "Dinkes", "DPUTR", None),
    (1, "Mekar", 50_000_000, 100_000_000, "=SUM(C2:D2)"),
    (2, "Melati", 30_000_000, 0, "=SUM(C3:D3)"),
)
POTS = (
    ("PAGU INDIKATIF KEWILAYAHAN 2022",),
    (),
    ("No.", "Perangkat Daerah", "PEN", "Non-PEN", "Total"),
    (1, "Dinas Kesehatan", 30_000_000, 50_000_000, "=SUM(C4:D4)"),
    (2, "Dinas Pekerjaan Umum dan Tata Ruang", 0, 100_000_000, "=SUM(C5:D5)"),
    ("TOTAL", None, "=SUM(C4:C5)", "=SUM(D4:D5)", "=SUM(E4:E5)"),
)


def ceilings(matrix: Any = MATRIX, pots: Any = POTS) -> bytes:
    """A workbook of ceilings; None leaves a table out."""
    sheets = {"PIK_Kecamatan": matrix, "PIK_PD": pots}
    return book(**{name: rows for name, rows in sheets.items() if rows is not None})


def made(
    proposals: bytes | Sequence[Sequence[Any]],
    limits: bytes | None = None,
    mapping: str | None = None,
    language: str = "id",
) -> Imported:
    """The import of an export, given as a workbook or as rows of sixteen columns."""
    data = proposals if isinstance(proposals, bytes) else export(*proposals)
    return imported(
        Source("usulan.xlsx", data),
        None if limits is None else Source("pagu.xlsx", limits),
        None if mapping is None else mapping.encode("utf-8"),
        language,
    )
