"""Which column of an export holds what: the COLUMNS dictionary, and what only SIPD has beside it.

Read from the layouts that cities use: the exports of SIPD with 16 and 26 columns, the mirror table
data_asmas, and the tables of Asahan, Bintan and Kediri.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.errors import Place
from solver.tables.columns import find, folded
from solver.tables.problems import Problems
from solver.tables.xlsx import Grid

PARTIES = ("bappeda", "skpd", "tapd", "kecamatan", "kelurahan", "request")
"""Whose figures an export holds. `request` is the proposer's own, in columns of its own."""

_SEARCHED = 30
"""Headings stand in one of so many first rows; titles may stand above them."""

_FEWEST = 3

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "date": ("Tgl Usul", "Tanggal Usul", "Tanggal"),
    "profile": ("Profil", "level_pengusul"),
    "address": ("Alamat", "alamat_teks", "Lokasi", "Detail Lokasi"),
    "category": ("Kategori Usulan", "Kategori"),
    "status": ("Status", "Status Usulan", "status_usul_teks"),
    "first_agency": ("opd_tujuan_awal", "nama_skpd_awal"),
    "kind_of_works": ("Jenis Usulan",),
    "rejected": ("is_tolak",),
    "cancelled": ("is_batal",),
    "request.volume": ("Koefisien", "Jumlah Volume"),
    "bappeda": ("Rekomendasi Mitra Bappeda", "rekomendasi_mitra", "rekom_mitra"),
    "skpd": ("Rekomendasi SKPD", "Rekomendasi OPD", "rekom_skpd"),
    "tapd": ("Rekomendasi TAPD", "rekom_tapd"),
    "kecamatan": ("Rekomendasi Kecamatan", "rekomendasi_camat", "rekom_camat"),
    "kelurahan": (
        "Rekomendasi Kelurahan/Desa",
        "Rekomendasi Kelurahan",
        "Rekomendasi Desa",
        "rekom_lurah",
    ),
    **{
        f"{party}.{part}": (f"rekom_{short}_{heading}",)
        for party, short in (
            ("bappeda", "mitra"),
            ("skpd", "skpd"),
            ("tapd", "tapd"),
            ("kecamatan", "camat"),
            ("kelurahan", "lurah"),
        )
        for part, heading in (
            ("note", "rekomendasi"),
            ("volume", "koefisien"),
            ("amount", "anggaran"),
        )
    },
}
"""A field that COLUMNS does not have -> its headings. `PARTY.part`: a figure of one party."""

_BY_HEADING = {
    folded(heading): field for field, headings in _FIELDS.items() for heading in headings
}
_PASSED_OVER = frozenset(
    folded(heading)
    for heading in (
        # A running number is no code, since it changes by sorting; a bare code may be of anything.
        *("No", "No.", "No Urut", "Nomor", "Kode"),
        *("Pengusul", "Nama Pengusul", "nik", "Telepon", "No HP"),  # persons are never taken over
        *("Permasalahan", "Masalah", "Nm Permasalahan", "Urusan", "Bidang Urusan"),
        *("Latitude", "Longitude", "Lat", "Long", "Latitute", "Koordinat", "lat/long"),
        *("detail_latpeta", "detail_langpeta", "id_kecamatan", "id_kelurahan", "usulan_ke"),
        *("Kabupaten", "Kabupaten/Kota", "Kota", "Provinsi", "Tahun", "Jenis Belanja"),
        *("Sub Kegiatan", "is_verif", "is_kembalikan", "tolak_teks"),
    )
)
_REQUEST = {"volume": "request.volume", "unit": "request.unit", "amount": "request.amount"}
_WRITTEN_LATER = frozenset({"option", "line", "gate", "covered_by", "min_volume", "step"})
"""Columns of a scenario that no export knows: the desk fills them in."""


@dataclass(frozen=True)
class Layout:
    """A sheet's columns: field -> position. `unknown` are headings that are not read."""

    grid: Grid
    row: int
    fields: Mapping[str, int]
    unknown: tuple[str, ...] = ()

    def has(self, *fields: str) -> bool:
        """Whether any of these fields has a column."""
        return any(field in self.fields for field in fields)


def field_of(heading: str) -> str | None:
    """The field that a heading means; "" for one that is passed over on purpose, else None."""
    wanted = folded(heading)
    if wanted in _PASSED_OVER:
        return ""
    if wanted in _BY_HEADING:
        return _BY_HEADING[wanted]
    column = find("proposals", heading)
    if column is None or column.name in _WRITTEN_LATER or column.name.startswith("c_"):
        return None
    return _REQUEST.get(column.name, column.name)


def layout_of(grid: Grid) -> Layout | None:
    """The columns of a sheet by the row that knows most headings; None where it lists nothing."""
    best: Layout | None = None
    for row, values in grid.rows[:_SEARCHED]:
        found = _layout(grid, row, values)
        if best is None or len(found.fields) > len(best.fields):
            best = found
    return best if best and len(best.fields) >= _FEWEST else None


def _layout(grid: Grid, row: int, values: Sequence[Any]) -> Layout:
    fields: dict[str, int] = {}
    unknown = []
    for position, value in enumerate(values):
        if not isinstance(value, str) or not value.strip():
            continue
        field = field_of(value)
        if field is None or field in fields:
            unknown.append(" ".join(value.split()))
        elif field:
            fields[field] = position
    if "title" not in fields and "kind_of_works" in fields:
        fields["title"] = fields.pop("kind_of_works")
    return Layout(grid, row, fields, tuple(unknown))


def layouts_of(grids: Sequence[Grid], file: str, problems: Problems) -> list[Layout]:
    """The sheets that list proposals; what such a sheet lacks goes to `problems`."""
    found = []
    for grid in grids:
        layout = None if grid.hidden else layout_of(grid)
        if layout is None:
            continue
        lacks = [
            name
            for name, fields in (
                ("Usulan", ("title",)),
                ("OPD Tujuan", ("agency", "first_agency")),
                ("Alamat", ("address", "district")),
            )
            if not layout.has(*fields)
        ]
        for name in lacks:
            problems.add(
                "sipd_column_missing",
                Place(file, grid.sheet, layout.row),
                name,
                column=name,
                found=[str(value) for value in dict(grid.rows)[layout.row] if value],
            )
        if not lacks:
            found.append(layout)
    if not found and not problems.issues:
        problems.add("sipd_no_headings", Place(file))
    return found
