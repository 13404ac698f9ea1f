"""The sheet of recommendations: one row a proposal, as a desk reads them.

First the agency and the kecamatan, whose list it is; in it what is funded, what is funded with
changes, what the Renja holds already, what is left out; in each of these the neighbourhood's own
rank. Columns that only filters and formulas need stand on the right and are not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from solver.words import joined, say
from solver.write.book import live
from solver.write.book.page import Live, Marked, Page
from solver.write.book.styles import DECISIONS, places_of
from solver.write.book.table import Column, Table

FUNDED = ("fund", "fund_changed")
NAMED = ("agency", "line", "district", "ward")
"""Columns of names that formulas select by: as recommended, and as requested."""

_ORDER = {kind: place for place, kind in enumerate(DECISIONS)}


class Decisions:
    """The table of recommendations, for formulas on other sheets."""

    def __init__(self, table: Table, decisions: Sequence[dict[str, Any]]) -> None:
        self._table = table
        self._names = {}
        for name in NAMED:
            asked = f"requested_{name}"
            given = (d[name] for d in decisions)
            self._names[name] = live.names(table.range(name), given)
            requested = (d["requested"][name] for d in decisions)
            self._names[asked] = live.names(table.range(asked), requested)

    def range(self, column: str) -> str:
        """A column as a formula on any sheet names it."""
        return self._table.range(column)

    def sum(self, column: str, **cells: str) -> str:
        """The formula for a column's sum over the rows whose named columns equal these cells."""
        return live.total(self._table.range(column), *self._where(cells))

    def count(self, **cells: str) -> str:
        """The formula for the number of rows whose named columns equal these cells."""
        return live.count(*self._where(cells))

    def _where(self, cells: dict[str, str]) -> list[tuple[live.Names, str]]:
        return [(self._names[name], cell) for name, cell in cells.items()]


def fill(page: Page, document: dict[str, Any]) -> Decisions:
    """Write the sheet; what other sheets may sum over."""
    decisions = sorted(document["decisions"], key=_reading_order)
    table = Table(page, "decisions", _columns(page, decisions), len(decisions))
    table.write(_totals(page, table, decisions), rows(page, decisions))
    return Decisions(table, decisions)


def _reading_order(decision: dict[str, Any]) -> tuple[Any, ...]:
    priority = decision["priority"]
    return (
        decision["agency"],
        decision["district"],
        _ORDER[decision["decision"]],
        priority is None,
        priority,
        decision["ward"],
        decision["proposal"],
    )


def _columns(page: Page, decisions: Sequence[dict[str, Any]]) -> dict[str, Column]:
    def heading(code: str) -> str:
        return say(f"heading.{code}", page.language)

    def decimals(values: Iterator[int | float | None]) -> str:
        return page.styles.decimals(places_of(values))

    volume = decimals(v for d in decisions for v in (d["volume"], d["requested"]["volume"]))
    points = decimals(d["points"] for d in decisions)
    return {
        "agency": Column(heading("agency"), 12),
        "district": Column(heading("district"), 13),
        "ward": Column(heading("ward"), 13),
        "priority": Column(heading("priority"), 9, "count"),
        "proposal": Column(heading("proposal"), 9),
        "title": Column(heading("title"), 26),
        "decision": Column(heading("decision"), 14),
        "requested_volume": Column(heading("requested_volume"), 10, volume),
        "volume": Column(page.say("volume"), 11, volume),
        "unit": Column(heading("unit"), 9),
        "requested_amount": Column(heading("requested_amount"), 15, "money"),
        "amount": Column(page.say("amount"), 15, "money"),
        "points": Column(heading("points"), 10, points),
        "reasons": Column(heading("reasons"), 54),
        "funded": Column(page.say("funded_flag"), 10, "count", printed=False),
        "changes": Column(heading("changes"), 16, printed=False),
        "option": Column(heading("option"), 10, printed=False),
        "line": Column(heading("line"), 13, printed=False),
        "codes": Column(heading("codes"), 24, printed=False),
        **{
            f"requested_{name}": Column(page.say("was", what=heading(name)), 14, printed=False)
            for name in NAMED
        },
    }


def _totals(page: Page, table: Table, decisions: Sequence[dict[str, Any]]) -> dict[str, str | Live]:
    """Sums and a count of the rows that a filter leaves to be seen."""

    def shown(function: int, column: str, value: float) -> Live:
        return Live(f"=SUBTOTAL({function},{table.here(column)})", value)

    return {
        "agency": page.say("total_shown"),
        "proposal": shown(103, "proposal", len(decisions)),
        "requested_amount": shown(
            109, "requested_amount", sum(d["requested"]["amount"] for d in decisions)
        ),
        "amount": shown(109, "amount", sum(d["amount"] for d in decisions)),
        "points": shown(109, "points", round(sum(d["points"] for d in decisions), 6)),
        "funded": shown(109, "funded", sum(d["decision"] in FUNDED for d in decisions)),
    }


def rows(page: Page, decisions: Sequence[dict[str, Any]]) -> Iterator[Sequence[Any]]:
    """The cells of each decision, in the order of the columns."""
    words = {}
    for kind, look in DECISIONS.items():
        word = say(f"result.decision_{kind}", page.language)
        words[kind] = Marked(word[0].upper() + word[1:], page.styles.of(**look))
    codes = ("volume", "amount", "agency", "line", "place")
    changes = {code: page.say(f"change_{code}") for code in codes}
    for decision in decisions:
        asked, changed, reasons = decision["requested"], decision["changes"], decision["reasons"]
        why = " ".join([reason["text"] for reason in reasons])
        yield (
            decision["agency"],
            decision["district"],
            decision["ward"],
            decision["priority"],
            decision["proposal"],
            decision["title"],
            words[decision["decision"]],
            asked["volume"],
            decision["volume"],
            decision["unit"],
            asked["amount"],
            decision["amount"],
            decision["points"],
            _with_origin(page, decision, why) if changed else why,
            1 if decision["decision"] in FUNDED else 0,
            joined([changes[code] for code in changed], page.language),
            decision["option"],
            decision["line"],
            "; ".join([reason["code"] for reason in reasons]),
            asked["agency"],
            asked["line"],
            asked["district"],
            asked["ward"],
        )


def _with_origin(page: Page, decision: dict[str, Any], why: str) -> str:
    """The reasons, after what was asked for where another agency, line or place is recommended."""
    asked = decision["requested"]
    before = {
        "agency": asked["agency"],
        "line": asked["line"],
        "place": ", ".join(filter(None, (asked["ward"], asked["district"]))),
    }
    moved = [
        page.say(f"moved_{code}", before=before[code] or "–")
        for code in decision["changes"]
        if code in before
    ]
    return f"{page.say('moved', changes=moved)} {why}" if moved else why
