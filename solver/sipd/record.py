"""The rows of an export as records: what each row says, nothing decided yet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from solver.sipd import parts
from solver.sipd.headings import PARTIES, Layout, field_of
from solver.sipd.parts import Figure, Trouble
from solver.tables.cells import Unread, cell
from solver.tables.columns import by_name, folded
from solver.tables.numbers import NumberError

TOTALS = frozenset(
    {"total", "jumlah", "jml", "grandtotal", "jumlahtotal", "totaljumlah", "subtotal"}
    | {"totalpagu", "jumlahpagu", "totalpik", "jumlahpik", "totalrp", "jumlahrp"}
)
"""What sums are called, folded."""

_POKIR = ("pokir", "pokok-pokok pikiran", "dprd", "dewan")
_MUSRENBANG = ("musrenbang", "masyarakat", "kepala desa", "desa", "lurah", "kelurahan", "rw", "rt")
_TAKEN = ("beneficiaries", "source", "continued", "tags")


class Spot(NamedTuple):
    """Where a row stands: its sheet, and its number as Excel shows it."""

    sheet: str
    row: int


@dataclass(frozen=True)
class Record:
    """One row of an export.

    `own_id` is SIPD's id, empty where the layout has none. `figures` are the parties that say
    something, in the order of PARTIES. `cells` are columns of the proposals table that are taken
    over as they are. `troubles`, by field, has what else can't be read. `digest` is of all cells.
    """

    spot: Spot
    digest: str
    own_id: str = ""
    title: str = ""
    agency: str = ""
    district: str = ""
    ward: str = ""
    date: str = ""
    status: str = ""
    category: str = ""
    note: str = ""
    figures: tuple[Figure, ...] = ()
    priority: int | None = None
    score: Decimal | None = None
    origin: str = ""
    cells: Mapping[str, Any] = field(default_factory=dict)
    troubles: tuple[tuple[str, Trouble], ...] = ()

    def figure(self, party: str) -> Figure | None:
        """What this party says, None where it says nothing."""
        return next((figure for figure in self.figures if figure.party == party), None)

    def remarks(self) -> list[str]:
        """Every remark on the proposal, its status among them."""
        return [text for text in (*(f.note for f in self.figures), self.note, self.status) if text]


@dataclass(frozen=True)
class LeftOut:
    """A row that is no proposal, or can't be one: the reason's code, and what it says."""

    spot: Spot
    code: str
    record: Record | None = None


def records_of(layout: Layout) -> tuple[list[Record], list[LeftOut]]:
    """The rows below a sheet's headings, each of them in one of the two lists."""
    records, left_out = [], []
    for row, values in layout.grid.rows:
        if row <= layout.row:
            continue
        spot = Spot(layout.grid.sheet, row)
        if code := _is_furniture(values, layout):
            left_out.append(LeftOut(spot, code))
            continue
        record = _record(spot, values, layout)
        if reason := _lacking(record):
            left_out.append(LeftOut(spot, reason, record))
        else:
            records.append(record)
    return records, left_out


def _is_furniture(values: Sequence[Any], layout: Layout) -> str:
    """Whether a row belongs to the sheet, not to the list: headings, their numbers, a sum."""
    texts = [value for value in values if isinstance(value, str) and value.strip()]
    known = [text for text in texts if field_of(text)]
    if len(known) > 2 and len(known) * 2 > len(texts):
        return "heading_again"
    given = [value for value in values if value is not None]
    if len(given) > 2 and all(
        parts.plain(value).strip("()") == str(place) for place, value in enumerate(given, 1)
    ):
        return "column_numbers"
    has_title = parts.plain(_at(values, layout, "title"))
    if any(folded(text) in TOTALS for text in texts) and (
        not has_title or folded(has_title) in TOTALS
    ):
        return "total_row"
    return ""


def _lacking(record: Record) -> str:
    for code, value in (
        ("no_title", record.title),
        ("no_agency", record.agency),
        ("no_district", record.district),
    ):
        if not value:
            return code
    return ""


def _at(values: Sequence[Any], layout: Layout, name: str) -> Any:
    position = layout.fields.get(name, len(values))
    return values[position] if position < len(values) else None


def _record(spot: Spot, values: Sequence[Any], layout: Layout) -> Record:
    def at(name: str) -> Any:
        return _at(values, layout, name)

    def text(name: str) -> str:
        return parts.plain(at(name))

    troubles = [
        (name, Trouble(value.code, {"value": value.shown}))
        for name in ("id", "title", "agency", "district", "ward", "address")
        if isinstance(value := at(name), Unread)
    ]
    cells: dict[str, Any] = {}
    for name in (*_TAKEN, "score"):
        try:
            value = cell(by_name("proposals")[name], _as_text_where_due(name, at(name)))
        except NumberError as error:
            troubles.append((name, Trouble(error.code, error.facts)))
        else:
            if value is not None:
                cells[name] = value
    score = cells.pop("score", None)
    tail = parts.place(text("address")) if at("address") is not None else ("", "")
    rank = at("priority")
    priority = parts.rank(rank)
    if priority is None and parts.plain(rank) not in ("", "-"):
        troubles.append(("priority", Trouble("not_a_number", {"value": parts.plain(rank)})))
    return Record(
        spot=spot,
        digest=hashlib.sha256(repr(values).encode("utf-8", "replace")).hexdigest(),
        own_id=text("id"),
        title=text("title"),
        agency=parts.code(text("agency") or text("first_agency")),
        district=parts.district(text("district") or tail[0]),
        ward=parts.ward(text("ward") or ("" if text("district") else tail[1])),
        date=text("date"),
        status=_status(text),
        category=text("category"),
        note=text("note"),
        figures=tuple(_figures(layout, at, text)),
        priority=priority,
        score=score,
        origin=_origin(text("origin"), text("profile")),
        cells=cells,
        troubles=tuple(troubles),
    )


def _as_text_where_due(name: str, value: Any) -> Any:
    """A number where a text belongs, such as a source of funds 1, is that text."""
    return parts.plain(value) if name in ("source", "tags", "continued") else value


def _status(text: Any) -> str:
    """The status, and what a mark in a column of its own says."""
    marks = [
        word
        for name, word in (("rejected", "Ditolak"), ("cancelled", "Dibatalkan"))
        if folded(text(name)) in ("1", "ya", "true")
    ]
    return ", ".join(word for word in (text("status"), *marks) if word)


def _origin(stated: str, profile: str) -> str:
    for words in (stated, profile):
        padded = f" {words.casefold()} "
        if any(word in padded for word in _POKIR):
            return "pokir"
        if any(f" {word} " in padded for word in _MUSRENBANG):
            return "musrenbang"
    return ""


def _figures(layout: Layout, at: Any, text: Any) -> list[Figure]:
    """The figures of every party that says something."""
    found = []
    for party in PARTIES[:-1]:
        figure = parts.recommendation(party, at(party))
        if layout.has(f"{party}.volume", f"{party}.amount", f"{party}.note"):
            figure = parts.figure(
                party, at(f"{party}.note"), at(f"{party}.volume"), at(f"{party}.amount")
            )
        found.append(figure)
    found.append(_request(at, text))
    return [figure for figure in found if not figure.is_empty]


def _request(at: Any, text: Any) -> Figure:
    """The proposer's own figure; its amount may be given by the price of one unit only."""
    amount = at("request.amount")
    if parts.plain(amount) in ("", "-") and not isinstance(amount, Unread):
        volume, _, _ = parts.quantity(at("request.volume"))
        price, _ = parts.money(at("unit_cost"))
        fixed, _ = parts.money(at("fixed_cost"))
        if volume is not None and price is not None:
            amount = int(price * volume) + (fixed or 0)
    figure = parts.figure("request", None, at("request.volume"), amount)
    unit = text("request.unit")
    return replace(figure, unit=unit) if unit else figure
