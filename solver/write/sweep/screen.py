"""A sweep on the screen: what it comes to, a row a run, and what is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from solver.words import millions, number, say
from solver.write.screen import wrapped
from solver.write.sweep.document import Document, label, short, what

MOST = 40
"""So many runs are listed on the screen at most; the workbook has them all."""

TOLD = 10
"""So many runs are told of with their reasons."""

KEYS = 3
"""So many varied keys have a column each; more are told in one."""

LETTERS = 24, 44
"""So many letters of a scenario or value, and of all values in one column, fit beside figures."""


def show(document: Document, language: str, console: Console) -> None:
    """Sentences, the runs, the verdicts of each city, and what failed or is not accepted."""
    for line in sentences(document, language):
        console.print(Text(wrapped(line, console.width)))
    console.print()
    runs = document["runs"]
    console.print(_runs(document, language))
    if len(runs) > MOST:
        console.print(Text(say("sweep.more_runs", language, {"number": len(runs) - MOST})))
    cities = [city for city in document["cities"] if city["plans"] > 1]
    if cities:
        console.print()
    for city in cities[:TOLD]:
        text = say("sweep.verdicts", language, {**city, "name": city["title"] or city["scenario"]})
        console.print(Text(wrapped(text, console.width)))
    for line in _wrong(document, language):
        console.print(Text(wrapped(line, console.width, "! ", "  "), style="yellow"))


def sentences(document: Document, language: str) -> Iterator[str]:
    """What the sweep comes to, whole sentences for the screen and the workbook's first page."""
    totals = document["totals"]
    yield say("sweep.told_runs", language, totals)
    yield say("sweep.told_statuses", language, totals)
    for status in ("infeasible", "no_answer", "failed", "waiting"):
        if totals[status]:
            yield say(f"sweep.told_{status}", language, {"number": totals[status]})
    if len(document["cities"]) > 1:
        yield say("sweep.told_sum", language, {**totals, "cities": len(document["cities"])})
    yield from _range(document, language)
    if document["accept"]:
        yield say(f"sweep.{'not_' if totals['not_accepted'] else ''}accepted", language, totals)


def _range(document: Document, language: str) -> Iterator[str]:
    """The plans with most and fewest points, where all are of one city."""
    plans = [run for run in document["runs"] if run["points"] is not None]
    if len(document["cities"]) != 1 or len(plans) < 2:
        return
    for code, run in (
        ("highest", max(plans, key=lambda run: run["points"])),
        ("lowest", min(plans, key=lambda run: run["points"])),
    ):
        facts = {**run, "name": label(run, document, language)}
        yield say(f"sweep.told_{code}", language, facts)


def _runs(document: Document, language: str) -> Table:
    names = ("status", "points", "amount", "funded", "worst", "inversions")
    table = Table(box=None)
    table.add_column(say("sweep.column_run", language), justify="right")
    for name in _heads(document, language):
        table.add_column(Text(name))
    for name in names:
        justify: Any = "left" if name == "status" else "right"
        table.add_column(say(f"sweep.column_{name}", language), justify=justify)
    for run in document["runs"][:MOST]:
        table.add_row(*(Text(cell) for cell in _cells(run, document, language)))
    return table


def _heads(document: Document, language: str) -> list[str]:
    """The headings of what a run is: its scenario where there are several, and each varied key."""
    keys: list[str] = document["varied"]
    several = document["totals"]["scenarios"] > 1
    if len(keys) > KEYS:
        return [say("sweep.column_what", language)]
    return ([say("sweep.column_scenario", language)] if several or not keys else []) + keys


def _what(run: dict[str, Any], document: Document, language: str) -> list[str]:
    keys: list[str] = document["varied"]
    several = document["totals"]["scenarios"] > 1
    if len(keys) > KEYS:
        return [short(label(run, document, language), LETTERS[1])]
    return [short(text, LETTERS[0]) for text in what(run, keys, several or not keys, language)]


def _cells(run: dict[str, Any], document: Document, language: str) -> Iterator[str]:
    yield str(run["run"])
    yield from _what(run, document, language)
    yield say(f"sweep.status_{run['status']}", language)
    if run["points"] is None:
        yield from [""] * 5
        return
    yield number(round(run["points"], 1), language)
    yield millions(round(run["amount"], -6), language)
    yield str(run["funded"])
    share = run["worst"]
    yield "" if share is None else say("sweep.share", language, {"value": round(share, 3)})
    yield str(run["inversions"])


def _wrong(document: Document, language: str) -> Iterator[str]:
    """The first runs that failed, are impossible, or are not accepted, with the reason."""
    found = [run for run in document["runs"] if run["why"] or run["breaches"]]
    for run in found[:TOLD]:
        name = label(run, document, language)
        for text in (run["why"], *(breach["text"] for breach in run["breaches"][:3])):
            if text:
                yield f"{run['run']}. {name}: {text}"
    if len(found) > TOLD:
        yield say("sweep.more_wrong", language, {"number": len(found) - TOLD})
