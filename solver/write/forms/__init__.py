"""Forms that officers use: Renja and T-D.4 as workbooks, minutes and ward sheets in Word.

`form` writes one from a result document, `ending` says how its file has to end. `desk_source` makes
the source of what a desk has decided, for `desk_minutes`, `desk_wards` and `workbook`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solver.errors import UsageError
from solver.write.forms import minutes, renja, td4, wards
from solver.write.forms.decided import DeskSource, Ruling, desk_sentence, desk_source
from solver.write.forms.desk import (
    ANNEXES,
    CLAUSES,
    SUMMED,
    Attendant,
    DeskMinutes,
    Meeting,
    clauses,
    content,
    fields_of_minutes,
    own_template,
)
from solver.write.forms.desk import minutes as desk_minutes
from solver.write.forms.desk import ward_sheets as desk_wards
from solver.write.forms.source import source
from solver.write.forms.word import Model

__all__ = [
    "ANNEXES",
    "CLAUSES",
    "FORMS",
    "SUMMED",
    "Attendant",
    "DeskMinutes",
    "DeskSource",
    "Meeting",
    "Model",
    "Ruling",
    "clauses",
    "content",
    "desk_minutes",
    "desk_sentence",
    "desk_source",
    "desk_wards",
    "ending",
    "fields_of_minutes",
    "form",
    "own_template",
    "workbook",
]

WORKBOOKS = {"renja": renja.write, "td4": td4.write}
LETTERS = {"minutes": minutes.write, "wards": wards.write}
FORMS = (*WORKBOOKS, *LETTERS)


def ending(name: str) -> str:
    """How the file of a form ends."""
    return ".xlsx" if name in WORKBOOKS else ".docx"


def form(
    name: str,
    found: Mapping[str, Any],
    language: str,
    agency: str | None = None,
    template: Path | None = None,
) -> tuple[bytes, int]:
    """A form's file from a result document with `input`, and how many proposals it lists.

    `agency` limits it to one desk; `template` is a city's own Word file. UsageError where the
    result has no plan or does not add up, or where the agency or the template can't be used.
    """
    if name in WORKBOOKS and template is not None:
        raise UsageError("template_for_word", form=name)
    made_from = source(found, language, agency)
    if name in WORKBOOKS:
        return WORKBOOKS[name](made_from)
    return LETTERS[name](made_from, template)


def workbook(name: str, source: DeskSource) -> bytes:
    """Renja or T-D.4 of what a desk has decided; what it is told of is what it lists."""
    return WORKBOOKS[name](source)[0]
