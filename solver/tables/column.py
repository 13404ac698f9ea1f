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
