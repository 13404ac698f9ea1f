"""sweep.xlsx: what a sweep comes to, a row a run, what is always in, and live curves."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from solver.words import catalogue, say
from solver.write.book import OPTIONS
from solver.write.book.page import Live, Marked, Page
from solver.write.book.styles import ALARM, DECISIONS, Styles
from solver.write.book.table import Column, Table
from solver.write.sweep import charts
from solver.write.sweep.document import Document, label, settings, shown, what
from solver.write.sweep.screen import sentences

VERDICTS = {"always": "fund", "sometimes": "fund_changed", "never": "not_fund"}
"""A verdict -> the decision whose colour it has."""


class SweepPage(Page):
    """A page that has sentences of its own beside those of every workbook."""

    def say(self, code: str, **facts: Any) -> str:
        """A sentence of the sweep, else of the workbook."""
        own = f"sweep.{code}"
        return say(own, self.language, facts) if own in catalogue() else super().say(code, **facts)


def book(document: Document, language: str) -> bytes:
    """The workbook of a sweep document; what a person typed stays text in it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as workbook:
        title = say("sweep.book", language)
        workbook.set_properties({"title": title, "author": "Kayuh"})
        styles = Styles(workbook, language)
        about = {"scenario": {"title": title, "digest": document["digest"]}}

        def page(name: str) -> SweepPage:
            sheet = workbook.add_worksheet(say(f"sweep.sheet_{name}", language))
            return SweepPage(sheet, styles, about)

        _front(page("front"), document)
        _runs(page("runs"), document)
        if any(city["proposals"] for city in document["cities"]):
            _proposals(page("proposals"), document)
        if any(run["breaches"] for run in document["runs"]):
            _breaches(page("breaches"), document)
        if document["curves"]:
            table = _curves(page("curves"), document)
            charts.draw(workbook, page("charts"), table, document["curves"])
    return out.getvalue()


def _front(page: SweepPage, document: Document) -> None:
    """What the sweep comes to, and which rules a run must keep."""
    page.paper([92], landscape=False)
    page.heading(page.say("title_front"), page.say("note_front"))
    for sentence in sentences(document, page.language):
        page.note(sentence, font_color="#1D2B33", font_size=10)
    cities = [city for city in document["cities"] if city["plans"] > 1]
    for city in cities:
        page.note(page.say("verdicts", **{**city, "name": city["title"] or city["scenario"]}))
    if document["accept"]:
        page.section(page.say("section_accept"))
    for rule in document["accept"]:
        facts = {"rule": rule["rule"], "number": len(rule["broken_by"])}
        page.note(page.say("rule_broken" if rule["broken_by"] else "rule_kept", **facts))
    page.printed()


def _runs(page: SweepPage, document: Document) -> None:
    """A row a run; what is not accepted stands out."""
    with_rules = any(run["accepted"] is not None for run in document["runs"])
    columns = {
        "run": Column(page.say("column_run"), 6, "count"),
        "scenario": Column(page.say("column_scenario"), 24),
        **{key: Column(key, 18) for key in document["varied"]},
        "status": Column(page.say("column_status"), 17),
        "points": Column(page.say("column_points"), 12, page.styles.decimals(1)),
        "gap": Column(page.say("column_gap"), 9, page.styles.decimals(3)),
        "amount": Column(page.say("column_rupiah"), 18, "money"),
        "funded": Column(page.say("column_funded"), 9, "count"),
        "worst": Column(page.say("column_worst"), 11, "share"),
        "place": Column(page.say("column_place"), 20),
        "inversions": Column(page.say("column_inversions"), 10, "count"),
        "enters": Column(page.say("column_enters"), 9, "count"),
        "leaves": Column(page.say("column_leaves"), 9, "count"),
        **({"accepted": Column(page.say("column_accepted"), 11)} if with_rules else {}),
        "why": Column(page.say("column_why"), 60, printed=False),
        "digest": Column(page.say("column_digest"), 16, printed=False),
    }
    table = Table(page, "runs", columns, len(document["runs"]))
    alarm = table.look("accepted", **ALARM) if with_rules else None
    table.write({}, (_run(page, run, document, alarm) for run in document["runs"]))


def _run(
    page: SweepPage, run: dict[str, Any], document: Document, alarm: Format | None
) -> Sequence[Any]:
    """The cells of a run; `alarm` is how one that is not accepted looks, None without rules."""
    against = run["against"]
    accepted: list[Any] = []
    if alarm is not None:
        told = "" if run["accepted"] is None else page.say("yes" if run["accepted"] else "no")
        accepted = [Marked(told, alarm) if run["accepted"] is False else told]
    return (
        run["run"],
        *what(run, document["varied"], True, page.language),
        page.say(f"status_{run['status']}"),
        run["points"],
        None if run["gap"] is None else round(100 * run["gap"], 6),
        run["amount"],
        run["funded"],
        run["worst"],
        run["worst_district"],
        run["inversions"],
        None if against is None else len(against["enters"]),
        None if against is None else len(against["leaves"]),
        *accepted,
        run["why"],
        (run["digest"] or "")[:12],
    )


def _proposals(page: SweepPage, document: Document) -> None:
    """Every proposal of a city with several plans: in how many of them it is funded."""
    cities = [city for city in document["cities"] if city["proposals"]]
    several = len(cities) > 1
    columns = {
        **({"city": Column(page.say("column_city"), 26)} if several else {}),
        "proposal": Column(page.say("column_proposal"), 11),
        "title": Column(page.say("column_title"), 40),
        "agency": Column(page.say("column_agency"), 18),
        "place": Column(page.say("column_where"), 36),
        "verdict": Column(page.say("column_verdict"), 13),
        "in": Column(page.say("column_in"), 8, "count"),
        "of": Column(page.say("column_of"), 8, "count"),
        "share": Column(page.say("column_share"), 10, "share"),
        "changed": Column(page.say("column_changed"), 10, "count"),
        "least": Column(page.say("column_least"), 16, "money"),
        "most": Column(page.say("column_most"), 16, "money"),
    }
    table = Table(page, "proposals", columns, sum(len(c["proposals"]) for c in cities))
    table.write({}, _verdicts(page, table, cities, several=several))


def _verdicts(
    page: SweepPage, table: Table, cities: Sequence[dict[str, Any]], *, several: bool
) -> Iterator[Sequence[Any]]:
    row = table.first
    for city in cities:
        for found in city["proposals"]:
            colours = DECISIONS[VERDICTS[found["verdict"]]]
            share = Live(
                f"={table.cell('in', row)}/{table.cell('of', row)}", found["in"] / found["of"]
            )
            yield (
                *([city["title"] or city["scenario"]] if several else []),
                found["proposal"],
                found["title"],
                found["agency"],
                ", ".join(filter(None, (found["ward"], found["district"]))),
                Marked(page.say(found["verdict"]), page.styles.of("text", **colours)),
                found["in"],
                found["of"],
                share,
                found["changed"],
                found["least"],
                found["most"],
            )
            row += 1


def _breaches(page: SweepPage, document: Document) -> None:
    """Which run breaks which rule, for whom, and by how much."""
    found = [(run, breach) for run in document["runs"] for breach in run["breaches"]]
    columns = {
        "run": Column(page.say("column_run"), 6, "count"),
        "what": Column(page.say("column_what"), 44),
        "text": Column(page.say("column_breach"), 80),
    }
    table = Table(page, "breaches", columns, len(found))
    table.write(
        {},
        (
            (run["run"], label(run, document, page.language), breach["text"])
            for run, breach in found
        ),
    )


def _curves(page: SweepPage, document: Document) -> Table:
    """The figures of every curve, one below the other; the charts are drawn from them."""
    columns = {
        "scenario": Column(page.say("column_scenario"), 22),
        "key": Column(page.say("column_key"), 30),
        "held": Column(page.say("column_held"), 26),
        "set": Column(page.say("column_set"), 14),
        "value": Column(page.say("column_value"), 18, "money"),
        "run": Column(page.say("column_run"), 6, "count"),
        "points": Column(page.say("column_points"), 12, page.styles.decimals(1)),
        "amount": Column(page.say("column_rupiah"), 18, "money"),
        "worst": Column(page.say("column_worst"), 11, "share"),
        "inversions": Column(page.say("column_inversions"), 10, "count"),
    }
    count = sum(len(curve["spots"]) for curve in document["curves"])
    table = Table(page, "curves", columns, count)
    table.write({}, _spots(page, document))
    return table


def _spots(page: SweepPage, document: Document) -> Iterator[Sequence[Any]]:
    text, exact = page.styles.of("text"), page.styles.of(page.styles.decimals(2))
    for curve in document["curves"]:
        for spot in curve["spots"]:
            value = spot["value"]
            if not isinstance(value, int | float) or isinstance(value, bool):
                value = Marked(shown(value, page.language), text)
            elif isinstance(value, float):
                value = Marked(value, exact)
            given = page.say("as_it_is") if spot["set"] is None else spot["set"]
            yield (
                curve["scenario"],
                curve["key"],
                settings(curve["held"], page.language),
                given if isinstance(given, str) else shown(given, page.language),
                value,
                spot["run"],
                spot["points"],
                spot["amount"],
                spot["worst"],
                spot["inversions"],
            )
