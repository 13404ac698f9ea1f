"""The sheet of the scenario: where every number of the book comes from."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from solver.rules import RULES
from solver.words import number, say
from solver.write import summary
from solver.write.book.grid import Span, grid
from solver.write.book.page import Marked, Page
from solver.write.book.styles import APART, DECISIONS, MICRO, places_of

WIDTHS = (34, 16, 16, 16, 16, 14, 14)
LAST = len(WIDTHS) - 1


def fill(page: Page, document: dict[str, Any]) -> None:
    """Write the sheet."""
    page.paper(WIDTHS, landscape=False)
    page.heading(page.say("title_scenario"), page.say("note_scenario"))
    _facts(page, document)
    if document["stages"]:
        page.section(page.say("stages"))
        _stages(page, document["stages"])
    page.section(page.say("changes"))
    _changes(page, document["scenario"]["changes"])
    page.section(page.say("rules"))
    _rules(page, document["scenario"]["off"])
    page.printed()


def _facts(page: Page, document: dict[str, Any]) -> None:
    scenario, given, solver = document["scenario"], document["input"], document["solver"]
    objective = given["objective"]
    facts = {
        "scenario": scenario["title"],
        "year": str(given.get("year", "")),
        "digest": scenario["digest"],
        "status": summary.headline(document, page.language),
        "scores": page.say(f"score_{objective['score']}"),
        "certificate": page.say(f"certificate_{document['certificate']['level']}"),
        "solver": page.say(
            "solved",
            name=solver["name"],
            version=solver["version"],
            method=solver["method"],
            seconds=number(solver["seconds"], page.language, 2),
        ),
        "kayuh": solver["kayuh"],
    }
    bold = page.styles.of(bold=True)
    rows = [(Marked(page.say(f"fact_{code}"), bold), text) for code, text in facts.items() if text]
    grid(page, [Span(0, 0, ""), Span(1, LAST, "")], rows)


def _stages(page: Page, stages: list[dict[str, Any]]) -> None:
    numbers = ("best", "bound", "value", "give_up")
    spans = [
        Span(0, 0, page.say("stage")),
        Span(1, 1, page.say("sense")),
        *(Span(2 + place, 2 + place, page.say(n), "count") for place, n in enumerate(numbers)),
        Span(LAST, LAST, page.say("proven")),
    ]
    rows = []
    for place, stage in enumerate(stages, 1):
        found = [Marked(stage[n], _number_look(page, stage["name"], stage[n])) for n in numbers]
        proven = "yes" if stage["proven"] else "no"
        colour = DECISIONS["fund" if stage["proven"] else "fund_changed"]
        rows.append(
            [
                f"{place}. {page.say('stage_' + stage['name'])}",
                page.say(f"sense_{stage['sense']}"),
                *found,
                Marked(page.say(proven), page.styles.of(**colour, **APART)),
            ]
        )
    grid(page, spans, rows)


def _number_look(page: Page, stage: str, value: float | None) -> Format:
    kind = page.styles.decimals(places_of((value,), MICRO))
    return page.styles.of("money" if stage == "thrift" else kind)


def _changes(page: Page, changes: list[dict[str, Any]]) -> None:
    if not changes:
        page.note(page.say("no_changes"))
        return
    spans = [
        Span(first, last, say(f"heading.{code}", page.language), kind)
        for code, first, last, kind in (
            ("key", 0, 1, "text"),
            ("from", 2, 2, "money"),
            ("to", 3, 3, "money"),
            ("file", 4, LAST, "text"),
        )
    ]
    rows = [
        (change["key"], _value(page, change["from"]), _value(page, change["to"]), change["file"])
        for change in changes
    ]
    grid(page, spans, rows)


def _value(page: Page, value: Any) -> Any:
    """A changed cell's value: whole numbers as money is written, others as they are."""
    if isinstance(value, float):
        return Marked(value, page.styles.of(page.styles.decimals(places_of((value,), MICRO))))
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        value = "; ".join(str(item) for item in value)
    return Marked(value, page.styles.of(align="right"))


def _rules(page: Page, off: dict[str, Any]) -> None:
    """Every rule with whether it holds, then the single locks and limits that are off."""
    off_rules = off.get("rules", ())
    on, not_on = page.say("holds"), page.say("switched_off")
    quiet = page.styles.of(**DECISIONS["fund_changed"])
    rows = [
        (
            say(f"rule.{rule}", page.language),
            Marked(not_on, quiet) if rule in off_rules else on,
        )
        for rule in RULES
    ]
    rows += [
        (page.say(f"off_{kind}", names=off[kind]), Marked(not_on, quiet))
        for kind in ("locks", "limits")
        if off.get(kind)
    ]
    grid(page, [Span(0, 1, ""), Span(2, LAST, "")], rows)
