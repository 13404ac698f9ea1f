"""compare.xlsx: the columns, the proposals, and the money by agency and by place.

A cell of the proposals is the money that the column gives; the colour says which decision that is,
and a second column says it in words.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from solver.words import catalogue, say
from solver.write.book import OPTIONS
from solver.write.book.page import Marked, Page
from solver.write.book.styles import DECISIONS, STRONG, Styles
from solver.write.book.table import Column, Table
from solver.write.comparison.document import Document

SHEETS = ("columns", "proposals", "agencies", "places")


class _Page(Page):
    """A page that has sentences of its own beside those of every workbook."""

    def say(self, code: str, **facts: Any) -> str:
        """A sentence of the comparison, else of the workbook."""
        own = f"compare.{code}"
        return say(own, self.language, facts) if own in catalogue() else super().say(code, **facts)


def book(document: Document, language: str) -> bytes:
    """The workbook of a comparison document; what a person typed stays text in it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as workbook:
        title = say("compare.book", language)
        workbook.set_properties({"title": title, "author": "Kayuh"})
        styles = Styles(workbook, language)
        digest = document["columns"][0]["digest"]
        about = {"scenario": {"title": title, "digest": digest}}
        for name in SHEETS:
            sheet = workbook.add_worksheet(say(f"compare.sheet_{name}", language))
            _fill(_Page(sheet, styles, about), name, document)
    return out.getvalue()


def _fill(page: Page, name: str, document: Document) -> None:
    if name == "columns":
        _columns(page, document)
    elif name == "proposals":
        _proposals(page, document)
    else:
        _money(page, document, name)


def _heading(page: Page, code: str) -> str:
    return say(f"heading.{code}", page.language)


def _columns(page: Page, document: Document) -> None:
    """What each column is, how good, and what it changes against the first."""
    columns = {
        "column": Column(page.say("letter"), 8),
        "title": Column(page.say("told"), 46),
        "sure": Column(page.say("sure"), 26),
        "points": Column(_heading(page, "points"), 13, page.styles.decimals(2)),
        "amount": Column(page.say("amount"), 18, "money"),
        "funded": Column(_heading(page, "funded"), 10, "count"),
        **{
            name: Column(page.say(name), 11, "count")
            for name in ("enters", "leaves", "less", "more")
        },
    }
    table = Table(page, "columns", columns, len(document["columns"]))
    rows = zip(document["columns"], document["totals"], strict=True)
    table.write({}, (_about(page, column, total) for column, total in rows), filtered=False)


def _about(page: Page, column: dict[str, Any], total: dict[str, Any]) -> Sequence[Any]:
    """One column; without a plan it has no numbers."""
    sure = page.say(f"sure_{column['status']}") if column["kind"] == "scenario" else ""
    if column["breaks"]:
        sure = page.say("breaks", number=len(column["breaks"]))
    told = (column["column"], column["title"], sure)
    if column["points"] is None:
        return (*told, *[None] * 7)
    changes = (len(total[name]) for name in ("enters", "leaves", "less", "more"))
    return (*told, column["points"], column["amount"], total["funded"], *changes)


def _proposals(page: Page, document: Document) -> None:
    """Every proposal: what each column gives it, and whether it is always in."""
    letters = [column["column"] for column in document["columns"]]
    columns = {
        "proposal": Column(_heading(page, "proposal"), 9),
        "title": Column(_heading(page, "title"), 30),
        "agency": Column(_heading(page, "agency"), 13),
        "place": Column(page.say("place"), 20),
        "verdict": Column(page.say("verdict"), 12),
        **{name: Column(name, 15, "money") for name in letters},
        **{
            f"{name} told": Column(page.say("decision", column=name), 16, printed=False)
            for name in letters
        },
    }
    table = Table(page, "proposals", columns, len(document["rows"]))
    sums = {
        name: total["amount"]
        for name, total in zip(letters, document["totals"], strict=True)
        if total["amount"] is not None
    }
    table.write(sums, (_row(page, row) for row in document["rows"]))


def _row(page: Page, row: dict[str, Any]) -> Sequence[Any]:
    looks = {name: page.styles.of("money", **colours) for name, colours in DECISIONS.items()}
    return (
        row["proposal"],
        row["title"],
        row["agency"],
        ", ".join(filter(None, (row["ward"], row["district"]))),
        page.say(row["verdict"]),
        *(
            Marked(cell["amount"] or None, looks[cell["decision"]]) if cell["decision"] else None
            for cell in row["cells"]
        ),
        *(
            say(f"result.decision_{cell['decision']}", page.language) if cell["decision"] else None
            for cell in row["cells"]
        ),
    )


def _money(page: Page, document: Document, kind: str) -> None:
    """Rupiah by agency or place: what each column spends, and by how much that differs."""
    letters = [column["column"] for column in document["columns"]]
    first = "agency" if kind == "agencies" else "place"
    heading = _heading(page, "agency") if kind == "agencies" else page.say("place")
    columns = {
        first: Column(heading, 34),
        **{name: Column(name, 18, "money") for name in letters},
        **{
            f"{name} moved": Column(page.say("moved", column=name), 18, "money")
            for name in letters[1:]
        },
    }
    totals = document["totals"]
    subjects = sorted({subject for total in totals for subject in total[kind]})
    table = Table(page, kind, columns, len(subjects))
    strong = [page.styles.of(column.kind, **STRONG) for column in table.columns.values()]
    rows = ((subject, _sums(subject, totals, kind)) for subject in subjects)
    table.write(
        {},
        (
            cells
            if kind == "agencies" or "/" in subject
            else [Marked(*pair) for pair in zip(cells, strong, strict=True)]
            for subject, cells in rows
        ),
    )


def _sums(subject: str, totals: Sequence[dict[str, Any]], kind: str) -> Sequence[Any]:
    sums = [total[kind].get(subject, {"amount": 0, "moved": 0}) for total in totals]
    told = [None if total["points"] is None else s for total, s in zip(totals, sums, strict=True)]
    return (
        subject,
        *(s and s["amount"] for s in told),
        *(s and s["moved"] for s in told[1:]),
    )
