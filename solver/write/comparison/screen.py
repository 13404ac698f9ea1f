"""A comparison on the screen: the columns, the money that moves, and who depends on the column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from solver.words import millions, say
from solver.write.comparison.document import Document
from solver.write.screen import wrapped

MOST = 40
"""So many proposals are listed on the screen at most; the workbook has them all."""

TITLE = 34
"""So many letters of a title fit beside the columns."""


def show(document: Document, language: str, console: Console) -> None:
    """What each column comes to, then money by agency and district, then the proposals."""
    for line in sentences(document, language):
        console.print(Text(wrapped(line, console.width, "", "   ")))
    console.print()
    for kind in ("agencies", "places"):
        _titled(kind, _money(document, kind, language), language, console)
        console.print()
    verdicts = [row["verdict"] for row in document["rows"]]
    counts = {name: verdicts.count(name) for name in ("always", "sometimes", "never")}
    console.print(Text(wrapped(say("compare.verdicts", language, counts), console.width)))
    differing = sorted(filter(_differs, document["rows"]), key=_at_stake, reverse=True)
    if differing:
        console.print()
        _titled("proposals", _proposals(differing[:MOST], document, language), language, console)
    if len(differing) > MOST:
        more = {"number": len(differing) - MOST}
        console.print(Text(say("compare.more_rows", language, more)))


def sentences(document: Document, language: str) -> Iterator[str]:
    """One sentence a column: what it is, how good, and who enters and leaves against the first."""
    planned = [c["column"] for c in document["columns"] if c["points"] is not None]
    for column, total in zip(document["columns"], document["totals"], strict=True):
        facts = {**total, **column, "first": planned[0] if planned else ""}
        if column["points"] is None:
            yield say(f"compare.column_{column['status']}", language, facts)
            continue
        text = say("compare.column", language, facts)
        if column["kind"] == "scenario":
            text += " " + say(f"compare.column_{column['status']}", language)
        elif column["breaks"]:
            text += " " + say("compare.breaks", language, {"number": len(column["breaks"])})
        if column["column"] != facts["first"]:
            changes = {n: len(total[n]) for n in ("enters", "leaves", "less", "more")}
            text += " " + say("compare.against", language, {**facts, **changes})
        yield text


def _titled(name: str, table: Table, language: str, console: Console) -> None:
    title = wrapped(say(f"compare.{name}", language), console.width)
    console.print(Text(title, style="italic"))
    console.print(table)


def _table(first: str, language: str) -> Table:
    table = Table(box=None)
    table.add_column(say(f"heading.{first}", language))
    return table


def _money(document: Document, kind: str, language: str) -> Table:
    """Millions of rupiah by agency or district: the first plan's, then how others differ."""
    first = "agency" if kind == "agencies" else "district"
    table = _table(first, language)
    totals = [total for total in document["totals"] if total["points"] is not None]
    for total in totals:
        table.add_column(total["column"], justify="right")
    subjects = {subject for total in totals for subject in total[kind] if "/" not in subject}
    for subject in sorted(subjects):
        cells = [
            _moved(total[kind].get(subject), place, language) for place, total in enumerate(totals)
        ]
        table.add_row(escape(subject), *cells)
    return table


def _moved(sums: dict[str, int] | None, place: int, language: str) -> str:
    if place == 0:
        return millions(sums["amount"] if sums else 0, language)
    change = sums["moved"] if sums else 0
    return f"{'+' if change > 0 else ''}{millions(change, language)}" if change else "="


def _differs(row: dict[str, Any]) -> bool:
    """Whether the columns with a plan decide it differently, in money or at all."""
    cells = [(cell["decision"], cell["amount"]) for cell in row["cells"]]
    return (
        len({cell for cell in cells if cell != (None, None)}) > 1 or row["verdict"] == "sometimes"
    )


def _at_stake(row: dict[str, Any]) -> int:
    """By how much money the columns differ."""
    amounts = [cell["amount"] or 0 for cell in row["cells"]]
    return max(amounts) - min(amounts)


def _proposals(rows: list[dict[str, Any]], document: Document, language: str) -> Table:
    table = _table("proposal", language)
    table.add_column(say("heading.title", language))
    for column in document["columns"]:
        table.add_column(column["column"], justify="right")
    table.add_column("")
    for row in rows:
        title = row["title"] if len(row["title"]) <= TITLE else row["title"][: TITLE - 1] + "…"
        cells = [_cell(cell, language) for cell in row["cells"]]
        verdict = say(f"compare.{row['verdict']}", language)
        table.add_row(escape(row["proposal"]), escape(title), *cells, verdict)
    return table


def _cell(cell: dict[str, Any], language: str) -> str:
    """Millions of rupiah; what is cut or changed is marked, what gets nothing has a dash."""
    match cell["decision"]:
        case "fund":
            return millions(cell["amount"], language)
        case "fund_changed":
            return f"{millions(cell['amount'], language)} *"
        case "covered":
            return say("compare.cell_covered", language)
        case "not_fund":
            return "–"
    return ""
