"""The parts of one cell: an export packs a remark, a volume and an amount into one text.

Rekomendasi : sesuai DSP  Koefisien : 3 paket  Anggaran : 219401136
Kp. Sawah RT 2, Kab. Bandung, Nagreg, Nagreg
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from solver.tables import numbers
from solver.tables.cells import Unread, text
from solver.tables.numbers import NumberError

_LABEL = re.compile(r"(rekomendasi|koefisien|anggaran)\s*:", re.I)
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[0-9][0-9.,]*)\s*(?P<unit>.*)", re.S)
_YEAR = re.compile(r"\b(20[0-9]{2})\b")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DISTRICT = re.compile(r"(?:kecamatan|kec\.?)\s+", re.I)
_WARD = re.compile(r"(?:kelurahan|kel\.?|desa|ds\.?)\s+", re.I)
_CITY = re.compile(r"(?:kabupaten|kab|kota)\b", re.I)
_RANK = re.compile(r"(?:p|prioritas)?\s*\.?\s*([0-9]{1,6})", re.I)
_LONGEST = 2_000
"""Letters of a text that are kept; a cell can hold thirty thousand."""


class Trouble(NamedTuple):
    """A cell that has no one meaning: a sentence of the catalogue `input` and its facts."""

    code: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Figure:
    """What one party says of a proposal: remark, volume, unit, rupiah. None where it says nothing.

    `troubles`, by part, has what it says but can't be read.
    """

    party: str
    note: str = ""
    volume: Decimal | None = None
    unit: str = ""
    amount: int | None = None
    troubles: tuple[tuple[str, Trouble], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the party says nothing at all."""
        return not (self.note or self.amount is not None or self.volume or self.troubles)

    def trouble(self, part: str) -> Trouble | None:
        """Why this part could not be read, if so."""
        return dict(self.troubles).get(part)


def plain(value: Any) -> str:
    """A cell's text on one line, without what can't be printed; empty where it holds no value."""
    if isinstance(value, Unread):
        return value.shown if value.code == "date_cell" else ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return numbers.unambiguous(value)
    shown = _UNPRINTABLE.sub(" ", str(value if value is not None else "")[:_LONGEST])
    return " ".join(text(shown).split())


def figure(party: str, note: Any, volume: Any, amount: Any) -> Figure:
    """A party's figure of three cells, or of the three parts of one."""
    troubles = []
    count, unit, trouble = quantity(volume)
    if trouble:
        troubles.append(("volume", trouble))
    rupiah, trouble = money(amount)
    if trouble:
        troubles.append(("amount", trouble))
    return Figure(party, plain(note), count, unit, rupiah, tuple(troubles))


def recommendation(party: str, value: Any) -> Figure:
    """A party's figure of a cell `Rekomendasi : ... Koefisien : ... Anggaran : ...`.

    The last amount and the last volume before it count, since a remark may hold these words itself.
    A cell without them is an amount where it is a number, else a remark.
    """
    if value is None or isinstance(value, (int, float, Unread)):
        return figure(party, None, None, value)
    whole = str(value)
    labels = list(_LABEL.finditer(whole))
    money_label = _last(labels, "anggaran", len(whole))
    if money_label is None:
        return figure(party, whole, None, None)
    volume_label = _last(labels, "koefisien", money_label.start())
    end = volume_label.start() if volume_label else money_label.start()
    begin = labels[0].end() if labels[0][1].casefold() == "rekomendasi" else 0
    volume = whole[volume_label.end() : money_label.start()] if volume_label else None
    return figure(party, whole[begin:end], volume, whole[money_label.end() :])


def _last(labels: list[re.Match[str]], name: str, before: int) -> re.Match[str] | None:
    found = [label for label in labels if label[1].casefold() == name and label.start() < before]
    return found[-1] if found else None


def quantity(value: Any) -> tuple[Decimal | None, str, Trouble | None]:
    """`3 paket` as a volume and its unit. A volume of zero is none."""
    unit = ""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return numbers.decimal_of(Decimal(str(value)), value) or None, unit, None
        shown = plain(value)
        found = _NUMBER_AND_UNIT.fullmatch(shown)
        if found is None:
            return None, "" if shown == "-" else shown, None
        # A number again, as in `1 1`, is no unit.
        unit = "" if found["unit"].isdigit() else found["unit"]
        volume = numbers.decimal(found["number"], dot_is_decimal=False)
    except NumberError as error:
        return None, unit, Trouble(error.code, {**error.facts, "value": plain(value)})
    return volume or None, unit, None


def money(value: Any) -> tuple[int | None, Trouble | None]:
    """Whole rupiah, None for a blank cell or a dash."""
    if isinstance(value, Unread):
        return None, Trouble(value.code, {"value": value.shown})
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return numbers.money_of(Decimal(str(value))), None
        shown = plain(value)
        return (None if shown in ("", "-") else numbers.money(shown)), None
    except NumberError as error:
        return None, Trouble(error.code, error.facts)


def place(address: str) -> tuple[str, str]:
    """District and ward from the tail of an address; the rest of it is never taken over."""
    parts = [part.strip() for part in address.split(",")]
    if len(parts) < 2:
        return "", ""
    # An address that ends with its district has the city before it.
    return (parts[-1], "") if _CITY.match(parts[-2]) else (parts[-2], parts[-1])


def district(name: str) -> str:
    """A district's name without the word kecamatan."""
    return _without_slash(_DISTRICT.sub("", name, count=1) if _DISTRICT.match(name) else name)


def ward(name: str) -> str:
    """A ward's name without the word kelurahan or desa."""
    return _without_slash(_WARD.sub("", name, count=1) if _WARD.match(name) else name)


def code(name: str) -> str:
    """A name that may stand as a code: a slash would be read as what parts codes."""
    return _without_slash(name)


def _without_slash(name: str) -> str:
    return name.replace("/", "-")


def year(date: str) -> int | None:
    """The year of a date in any usual form."""
    found = _YEAR.search(date)
    return int(found[1]) if found else None


def rank(value: Any) -> int | None:
    """A rank written as 3, P3 or Prioritas 3; None for anything else and for zero."""
    found = _RANK.fullmatch(plain(value))
    return int(found[1]) or None if found else None
