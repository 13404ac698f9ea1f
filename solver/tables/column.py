"""What is known of one column, and the choices of columns that hold a code."""

from __future__ import annotations

from dataclasses import dataclass

ORIGINS = ("musrenbang", "pokir", "renja")
GATES = (
    "not_authority",
    "wrong_agency",
    "not_in_renja",
    "duplicate",
    "land",
    "zoning",
    "no_design",
    "incomplete",
    "over_price_catalogue",
    "below_minimum",
    "other_source",
    "waits_for_stage",
)
CHOICE_WORDS = {
    "not_authority": "bukan kewenangan",
    "wrong_agency": "OPD tidak tepat",
    "not_in_renja": "tidak sesuai Renja",
    "duplicate": "duplikasi",
    "land": "lahan belum siap",
    "zoning": "tata ruang",
    "no_design": "DED belum ada",
    "incomplete": "data tidak lengkap",
    "over_price_catalogue": "harga melebihi kamus",
    "below_minimum": "di bawah volume minimum",
    "other_source": "sumber dana lain",
    "waits_for_stage": "menunggu tahap sebelumnya",
    "amount": "anggaran",
    "count": "jumlah usulan",
    "points": "poin",
    "beneficiaries": "penerima manfaat",
}
"""Codes in Indonesian words, as workbooks show them; both are read. The other codes are words."""


@dataclass(frozen=True)
class Column:
    """One column: its name, kind, Indonesian heading, and meaning in both languages.

    `heading` is what Kayuh writes in workbooks. `also` lists other headings that offices use,
    SIPD's spellings among them; a word that means different things in different offices
    ("jumlah", "nilai") is left out on purpose. `signed` numbers may be below zero.
    """

    name: str
    kind: str
    heading: str
    id: str
    en: str
    also: tuple[str, ...] = ()
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    signed: bool = False


RUPIAH = "rupiah"
