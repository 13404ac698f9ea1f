"""A result on the screen, for a person to enjoy reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from solver.words import money, say
from solver.write import summary

BAR = 20
MOST_CHANGED = 8
_COLOURS = {"optimal": "green", "feasible": "yellow", "infeasible": "red", "no_answer": "red"}


def show(
    document: dict[str, Any], language: str, console: Console, *, stopped: bool = False
) -> None:
    """Status, figures, agencies, districts, what was passed over, and the list made by hand."""
    colour = _COLOURS[document["status"]]
    lines = [summary.headline(document, language, stopped=stopped)]
    if document["decisions"]:
        lines += [
            summary.figures(document, language),
            summary.against_hand(document, language),
            summary.passed_over(document, language),
        ]
    lines += [off] if (off := summary.switched_off(document, language)) else []
    title = escape(document["scenario"]["title"] or "Kayuh")
    console.print(Panel(escape("\n".join(lines)), title=title, border_style=colour))
    if document["decisions"]:
        console.print(_agencies(document, language))
        console.print(_districts(document, language))
        _changed(document, language, console)
    if document["conflict"]:
        _conflict(document["conflict"], language, console)
    for warning in document["warnings"]:
        console.print(f"[yellow]![/] {escape(warning['text'])}")


def bar(used: int, room: int | None) -> str:
    """A bar of how full a ceiling is: full blocks for what is used."""
    if not room:
        return ""
    filled = min(BAR, round(BAR * used / room))
    return "█" * filled + "░" * (BAR - filled)


def _table(title: str, language: str, columns: Iterable[tuple[str, bool]]) -> Table:
    table = Table(title=say(f"heading.{title}", language), title_justify="left", box=None)
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
            money(part.asked, language),
            unlimited if part.room is None else money(part.room, language),
            money(part.used, language),
            bar(part.used, part.room),
            "" if part.room is None else money(part.room - part.used, language),
        )
    return table


def _districts(document: dict[str, Any], language: str) -> Table:
    columns = ("district", False), ("funded", True), ("asked", True), ("used", True)
    table = _table("by_district", language, [*columns, ("", False)])
    for part in summary.by_district(document):
        table.add_row(
            escape(part.name),
            f"{part.funded}/{part.proposals}",
            money(part.asked, language),
            money(part.used, language),
            bar(part.used, part.asked),
        )
    return table


def _changed(document: dict[str, Any], language: str, console: Console) -> None:
    """The first proposals that are funded with changes, with the reason."""
    changed = [d for d in document["decisions"] if d["decision"] == "fund_changed"]
    if changed:
        console.print(f"\n{say('result.changed', language)}", style="italic")
    for decision in changed[:MOST_CHANGED]:
        name = decision["title"] or decision["proposal"]
        why = next(r for r in reversed(decision["reasons"]))["text"]
        console.print(f"  [bold]{escape(name)}[/] ({escape(decision['proposal'])}). {escape(why)}")
    if len(changed) > MOST_CHANGED:
        console.print(f"  … +{len(changed) - MOST_CHANGED}")


def _conflict(conflict: dict[str, Any], language: str, console: Console) -> None:
    for rule in conflict["rules"]:
        console.print(f"  [red]•[/] {escape(rule['text'])}")
    if conflict["repairs"]:
        console.print(f"\n{say('result.repairs', language)}")
    for place, repair in enumerate(conflict["repairs"], 1):
        facts = {
            "text": repair["text"],
            "grantor": say(f"result.grantor_{repair['grantor']}", language),
            "points": repair["points_after"],
        }
        console.print(f"  {place}. {escape(say('result.repair_after', language, facts))}")
