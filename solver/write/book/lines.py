"""The sheet of the Renja: every line before and after the plan, as a tree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from solver.words import joined, say
from solver.write.book.decisions import Decisions
from solver.write.book.page import Live, Marked, Page
from solver.write.book.styles import STRONG, places_of
from solver.write.book.table import Column, Table

DEEPEST = 15
"""So many steps a title is indented at most."""


class Branch(NamedTuple):
    """A line in its tree: how deep it stands (1: a root), and how many lines stand below it."""

    line: dict[str, Any]
    depth: int
    below: int


def tree(document: dict[str, Any]) -> list[Branch]:
    """The lines of a result, each right before those below it, sisters by code."""
    parents = {line["code"]: line.get("parent", "") for line in document["input"].get("lines", ())}
    children = defaultdict(list)
    for line in sorted(document["lines"], key=lambda line: str(line["line"]), reverse=True):
        children[parents[line["line"]]].append(line)
    ordered, waiting = [], [(root, 1) for root in children[""]]
    while waiting:
        line, depth = waiting.pop()
        ordered.append((line, depth))
        waiting += [(child, depth + 1) for child in children[line["line"]]]
    below: Counter[str] = Counter()
    for line, _ in reversed(ordered):
        below[parents[line["line"]]] += 1 + below[line["line"]]
    return [Branch(line, depth, below[line["line"]]) for line, depth in ordered]


def fill(page: Page, document: dict[str, Any], decisions: Decisions) -> None:
    """Write the sheet."""
    found = tree(document)
    moves = any(branch.line["moved"] for branch in found)
    table = Table(page, "lines", _columns(page, found, moves=moves), len(found))
    table.write(_totals(page, table, found), _rows(page, table, decisions, found, document))


def _columns(page: Page, found: Sequence[Branch], *, moves: bool) -> dict[str, Column]:
    def heading(code: str) -> str:
        return say(f"heading.{code}", page.language)

    targets = [b.line[name] for b in found for name in ("target_before", "target_after")]
    target = page.styles.decimals(places_of(targets))
    columns = {
        "line": Column(heading("line"), 13),
        "title": Column(heading("title"), 40),
        "agency": Column(heading("agency"), 14),
        "ceiling": Column(heading("ceiling"), 16, "money"),
        "committed": Column(heading("committed"), 16, "money"),
        "moved": Column(heading("moved"), 15, "money"),
        "proposals": Column(heading("line_proposals"), 16, "money"),
        "left": Column(page.say("left"), 16, "money"),
        "target_before": Column(heading("target_before"), 10, target),
        "target_after": Column(heading("target_after"), 10, target),
        "unit": Column(heading("unit"), 8),
        "places_added": Column(heading("places_added"), 40),
        "level": Column(page.say("level"), 9, "count", printed=False),
        "parent": Column(page.say("parent"), 13, printed=False),
        "own": Column(page.say("own_proposals"), 17, "money", printed=False),
    }
    return columns if moves else {name: c for name, c in columns.items() if name != "moved"}


def _totals(page: Page, table: Table, found: Sequence[Branch]) -> dict[str, str | Live]:
    """Sums of the root lines, which hold all others; of ceilings only where each root has one."""
    roots = [branch.line for branch in found if branch.depth == 1]
    limited = all(root["ceiling"] is not None for root in roots)
    left = [_left(root) for root in roots if root["ceiling"] is not None]
    values = {
        "committed": sum(root["committed"] for root in roots),
        "proposals": sum(root["proposals"] for root in roots),
        **({"ceiling": sum(r["ceiling"] for r in roots), "left": sum(left)} if limited else {}),
    }
    level = table.here("level")
    return {
        "line": page.say("total"),
        **{
            name: Live(f"=SUMIFS({table.here(name)},{level},1)", value)
            for name, value in values.items()
        },
    }


def _left(line: dict[str, Any]) -> int:
    left: int = line["ceiling"] - line["committed"] + line["moved"] - line["proposals"]
    return left


def _rows(
    page: Page,
    table: Table,
    decisions: Decisions,
    found: Sequence[Branch],
    document: dict[str, Any],
) -> Iterator[Sequence[Any]]:
    parents = {line["code"]: line.get("parent", "") for line in document["input"].get("lines", ())}
    own: Counter[str] = Counter()
    for decision in document["decisions"]:
        own[decision["line"]] += decision["amount"]
    for row, (line, depth, below) in enumerate(found, table.first):
        code, ceiling = line["line"], line["ceiling"]
        more = STRONG if below else {}
        cells = {
            "line": code,
            "title": line["title"],
            "agency": line["agency"],
            "ceiling": say("heading.unlimited", page.language) if ceiling is None else ceiling,
            "committed": line["committed"],
            "moved": line["moved"],
            "proposals": Live(
                f"=SUM({table.cell('own', row)}:{table.cell('own', row + below)})",
                line["proposals"],
            ),
            "left": None if ceiling is None else _left_live(table, row, line),
            "target_before": line["target_before"],
            "target_after": line["target_after"],
            "unit": line["unit"],
            "places_added": joined(line["places_added"], page.language),
            "level": depth,
            "parent": parents[code],
            "own": Live(decisions.sum("amount", line=table.cell("line", row)), own[code]),
        }
        indent = {"title": {"align": "left", "indent": min(depth - 1, DEEPEST)}}
        yield [
            Marked(cells[name], table.look(name, **more, **indent.get(name, {})))
            for name in table.columns
        ]


def _left_live(table: Table, row: int, line: dict[str, Any]) -> Live:
    ceiling, committed, proposals = (
        table.cell(name, row) for name in ("ceiling", "committed", "proposals")
    )
    moved = f"+{table.cell('moved', row)}" if "moved" in table.columns else ""
    return Live(f"={ceiling}-{committed}{moved}-{proposals}", _left(line))
