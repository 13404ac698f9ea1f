"""Renja: the ten columns of every agency's work plan after the desk, and before beside after.

Each agency has a sheet of its own in the form of the work plan, to be pasted into its draft, with
each accommodated proposal under its line. What Kayuh can't know (indicators, the year after) stays
blank. The first sheet shows every line before and after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solver.instance import Agency
from solver.write.forms.sheets import Book, Cell, Live, Sheet, cell, subtotal
from solver.write.forms.source import Source
from solver.write.forms.tree import Forest, Node, target

PLAN = (12, 33, 12, 19, 10, 19, 8, 25, 9, 11)
"""Widths of the ten columns, in characters."""
FUNDS = 5
"""The column of money, counted from 0."""

COMPARED = (12, 36, 10, 10, 19, 11, 19, 18, 19, 17)
CEILING, MOVED, BEFORE, GRANTED, AFTER, LEFT = range(4, 10)
COMPARED_NAMES = (
    "code", "name", "target_before", "target_after",
    "ceiling", "moved", "before", "granted", "after", "left",
)  # fmt: skip

Plan = tuple[Sheet, Mapping[Node, int]]
"""An agency's sheet with the row of each node."""


def write(source: Source) -> tuple[bytes, int]:
    """The workbook, and how many proposals it lists."""
    forest = Forest(source)
    trees = [(agency, forest.agency(agency)) for agency in source.agencies]
    book = Book(source.language)
    compared = book.sheet(source.say("renja_compare"), COMPARED)
    # An agency that no desk concerns has nothing to paste; before and after it stands all the same.
    plans = [
        _plan(book, source, agency, tree) if any(n.use or n.entry for _, n in tree.walk()) else None
        for agency, tree in trees
    ]
    _compare(compared, source, trees, plans)
    listed = sum(node.entry is not None for _, tree in trees for _, node in tree.walk())
    return book.close(), listed


def _plan(book: Book, source: Source, agency: Agency, tree: Node) -> Plan:
    """One agency's sheet in the form of the work plan."""
    say = source.say
    sheet = book.sheet(agency.code, PLAN)
    name = source.agency_name(agency.code)
    sheet.title(say("renja_title"), name, notes=(source.scenario.title, say("draft")))
    plan = ("location", "target", "funds", "source")
    sheet.heading(
        [
            say("renja_code"),
            say("renja_title_column"),
            say("renja_indicator"),
            (say("renja_plan", year=source.year), [say(f"renja_{name}") for name in plan]),
            say("renja_notes"),
            (
                say("renja_forward", year=source.next_year),
                [say("renja_target"), say("renja_funds")],
            ),
        ]
    )
    rows: dict[Node, int] = {}
    for depth, node in tree.walk():
        funds: Cell = node.amount
        if node.children:
            last = sheet.row + sum(1 for _ in node.walk()) - 1
            funds = subtotal(sheet.row + 1, last, FUNDS, node.total)
        is_part = node.children or node.use
        text, money = ("sum", "sum_money") if is_part else ("text", "money")
        cells = (node.code, node.title, None, node.places, node.target)
        rows[node] = sheet.write(
            [*cells, funds, node.source, node.note, None, None],
            [text] * FUNDS + [money] + [text] * (len(PLAN) - FUNDS - 1),
            depth,
        )
    return sheet, rows


def _compare(
    sheet: Sheet,
    source: Source,
    trees: Sequence[tuple[Agency, Node]],
    plans: Sequence[Plan | None],
) -> None:
    """Every agency and line before and after, in money and targets."""
    notes = (source.scenario.title, source.say("draft"))
    sheet.title(source.say("renja_compare_title"), notes=notes)
    sheet.heading([source.say(f"renja_{name}") for name in COMPARED_NAMES])
    tops = []
    all_before = all_after = 0
    for (agency, tree), plan in zip(trees, plans, strict=True):
        lines = [(depth, n, n.use) for depth, n in tree.walk() if n.use is not None]
        before = agency.committed + sum(use.line.committed for _, _, use in lines)
        all_before, all_after = all_before + before, all_after + tree.total
        after = _after(plan, tree)
        money = _money(sheet.row, agency.ceiling, 0, before, after)
        cells = [agency.code, tree.title, None, None, *money]
        tops.append(sheet.write(cells, ["sum"] * CEILING + ["sum_money"] * len(money)))
        for depth, node, use in lines:
            after = _after(plan, node)
            targets = [
                target(size, use, source.language) for size in (use.target_before, use.target_after)
            ]
            money = _money(sheet.row, use.line.ceiling, use.moved, use.committed, after)
            cells = [node.code, node.title, *targets, *money]
            sheet.write(cells, ["text"] * CEILING + ["money"] * len(money), depth)
    sums = {BEFORE: all_before, GRANTED: all_after - all_before, AFTER: all_after}
    totals = [_sum(tops, column, value) for column, value in sums.items()]
    cells = [None, source.say("total"), None, None, None, None, *totals, None]
    sheet.write(cells, ["sum"] * BEFORE + ["sum_money"] * len(totals) + ["sum"])


def _after(plan: Plan | None, node: Node) -> Live:
    """The node's money, taken from the agency's own sheet where there is one."""
    if plan is None:
        return Live(f"={node.total}", node.total)
    sheet, rows = plan
    return Live(f"={sheet.cell(rows[node], FUNDS)}", node.total)


def _money(row: int, ceiling: int | None, moved: int, before: int, after: Live) -> Sequence[Cell]:
    """From the ceiling to what is left of it; blank where the ceiling is unlimited."""
    granted = f"={cell(row, AFTER)}-{cell(row, BEFORE)}"
    left: Cell = None
    if ceiling is not None:
        formula = f"={cell(row, CEILING)}+{cell(row, MOVED)}-{cell(row, AFTER)}"
        left = Live(formula, ceiling + moved - after.value)
    return [ceiling, moved or None, before, Live(granted, after.value - before), after, left]


def _sum(rows: Sequence[int], column: int, value: int) -> Live:
    return Live("=" + "+".join(cell(row, column) for row in rows), value)
