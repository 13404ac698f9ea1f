"""The sheets Aturan and Skenario: links between proposals, locks, and all that is no table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solver.scenario.draft import SCORES, TABLES
from solver.scenario.stages import OPTIONS
from solver.scenario.workbook import (
    DECISIONS,
    KINDS,
    NO_LABEL,
    RULE_COLUMNS,
    SCENARIO_COLUMNS,
    flattened,
)
from solver.tables.sheets import joined
from solver.write.workbook.page import ROOM, Page

_WIDE = ("proposals", "needs", "reason")
_WIDTHS = {"key": 32, "value": 48, "meaning": 72}


def choices(page: Page) -> dict[str, list[str]]:
    """The words of the columns that hold one of a few."""
    return {
        "kind": [words[page.language] for words in KINDS.values()],
        "decision": [words[page.language] for words in DECISIONS.values()],
    }


def write_rules(
    page: Page, sheet: Any, document: Mapping[str, Any], lists: Mapping[str, str]
) -> None:
    """Aturan: one row an entry of alternatives, requires, together and lock."""
    names = list(RULE_COLUMNS)
    for place, name in enumerate(names):
        sheet.set_column(place, place, 30 if name in _WIDE else 16, page.text)
        sheet.write_string(0, place, RULE_COLUMNS[name][page.language], page.head)
        if name in lists:
            sheet.data_validation(
                1, place, ROOM, place, {"validate": "list", "source": lists[name]}
            )
    row = 0
    for kind, words in KINDS.items():
        for entry in document.get(kind, ()):
            row += 1
            page.put(sheet, row, 0, words[page.language])
            for name, value in _cells(page, entry).items():
                page.put(sheet, row, names.index(name), value)
    page.finish(sheet, len(names), row)


def _cells(page: Page, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry's cells by column of Aturan."""
    cells = dict(entry)
    cells["proposals"] = joined(cells.get("proposals") or [cells.pop("proposal")])
    if "needs" in cells:
        cells["needs"] = joined(cells["needs"])
    if "decision" in cells:
        cells["decision"] = DECISIONS[cells["decision"]][page.language]
    if cells.get("option") == "":
        cells["option"] = NO_LABEL
    return cells


def write_scenario(page: Page, sheet: Any, document: Mapping[str, Any]) -> None:
    """Skenario: a key and its value a row."""
    for place, (name, width) in enumerate(_WIDTHS.items()):
        sheet.set_column(place, place, width, page.text)
        sheet.write_string(0, place, SCENARIO_COLUMNS[name][page.language], page.head)
    elsewhere = (*TABLES, *KINDS)
    rest = {key: value for key, value in document.items() if key not in elsewhere}
    row = 0
    for row, (key, value) in enumerate(flattened(rest), 1):
        page.put(sheet, row, 0, key)
        page.put(sheet, row, 1, value, page.left)
        sheet.write_string(row, 2, _meaning(page, key))
    page.finish(sheet, len(_WIDTHS), row)


def _meaning(page: Page, key: str) -> str:
    if key in ("title", "year"):
        return page.say(f"key_{key}")
    if key == "objective.score":
        return page.say("key_score") + " " + ", ".join(SCORES)
    if key.startswith("objective.stages."):
        return page.say("key_stages") + " " + ", ".join(OPTIONS)
    return ""
