"""A result on the screen, for a person to enjoy reading."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from solver.words import millions, say
from solver.write import summary

BAR = 20
MOST_CHANGED = 8
_COLOURS = {"optimal": "green", "feasible": "yellow", "infeasible": "red", "no_answer": "red"}


def show(
    document: dict[str, Any], language: str, console: Console, *, stopped: bool = False
) -> None:
    """Status, figures, agencies, districts, what was passed over, and the list made by hand."""
    colour = _COLOURS[document["status"]]
    lines = summary.paragraphs(document, language, stopped=stopped)
    title = wrapped(document["scenario"]["title"] or "Kayuh", console.width - 4)
    text = Text(f"{title}\n", style="bold")
    text.append("\n".join(wrapped(line, console.width - 4) for line in lines), style="not bold")
    console.print(Panel(text, border_style=colour))
    if document["decisions"]:
        console.print(_agencies(document, language))
        console.print()
        console.print(_districts(document, language))
        _changed(document, language, console)
    if document["conflict"]:
        _conflict(document["conflict"], language, console)
    for warning in document["warnings"]:
        console.print(Text(wrapped(f"! {warning['text']}", console.width), style="yellow"))


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> str:
    """The text in lines of a width, broken at blanks but never inside `Rp 1,25 M`."""
    return textwrap.fill(text, width, initial_indent=first, subsequent_indent=rest)


def bar(used: int, room: int | None) -> Text:
    """A bar of how full a ceiling is: full blocks for what is used."""
    if not room:
        return Text()
    filled = min(BAR, round(BAR * used / room))
    return Text("█" * filled, style="cyan") + Text("░" * (BAR - filled), style="dim")


def _table(title: str, language: str, columns: Iterable[tuple[str, bool]]) -> Table:
    heading = f"{say(f'heading.{title}', language)} ({say('heading.in_millions', language)})"
    table = Table(title=heading, title_justify="left", box=None)
    for name, is_number in columns:
        heading = say(f"heading.{name}", language) if name else ""
        table.add_column(heading, justify="right" if is_number else "left")
    return table


def _agencies(document: dict[str, Any], language: str) -> Table:
    columns = ("agency", False), ("funded", True), ("asked", True), ("room", True)
    table = _table("by_agency", language, [*columns, ("used", True), ("", False), ("left", True)])
    for part in summary.by_agency(document):
        unlimited = say("heading.unlimited", language)
        table.add_row(
            escape(part.name),
            f"{part.funded}/{part.proposals}",
            millions(part.asked, language),
            unlimited if part.room is None else millions(part.room, language),
            millions(part.used, language),
            bar(part.used, part.room),
            "" if part.room is None else millions(part.room - part.used, language),
        )
    return table


def _districts(document: dict[str, Any], language: str) -> Table:
    columns = ("district", False), ("funded", True), ("asked", True), ("used", True)
    table = _table("by_district", language, [*columns, ("", False)])
    for part in summary.by_district(document):
        table.add_row(
            escape(part.name),
            f"{part.funded}/{part.proposals}",
            millions(part.asked, language),
            millions(part.used, language),
            bar(part.used, part.asked),
        )
    return table


def _changed(document: dict[str, Any], language: str, console: Console) -> None:
    """The first proposals that are funded with changes, with the reason."""
    changed = [d for d in document["decisions"] if d["decision"] == "fund_changed"]
    if changed:
        console.print(f"\n{say('result.changed', language)}", style="italic")
    for decision in changed[:MOST_CHANGED]:
        name = summary.named(decision["proposal"], decision["title"])
        why = decision["reasons"][-1]["text"]
        console.print(Text(wrapped(f"{name}. {why}", console.width, "  • ", "    ")))
    if len(changed) > MOST_CHANGED:
        console.print(f"  … +{len(changed) - MOST_CHANGED}")


def _conflict(conflict: dict[str, Any], language: str, console: Console) -> None:
    for rule in conflict["rules"]:
        console.print(Text(wrapped(rule["text"], console.width, "  • ", "    ")))
    if conflict["repairs"]:
        console.print(f"\n{say('result.repairs', language)}")
    for place, repair in enumerate(conflict["repairs"], 1):
        facts = {
            "text": repair["text"],
            "grantor": say(f"result.grantor_{repair['grantor']}", language),
            "points": repair["points_after"],
        }
        text = say("result.repair_after", language, facts)
        console.print(Text(wrapped(text, console.width, f"  {place}. ", "     ")))
