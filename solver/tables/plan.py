"""A list made by hand becomes choices: which option of which proposal, at what volume.

A plan names an option by its label or by its ward. An amount of 0 or a volume of 0 is not funded;
where both are blank the full request is meant. The tables' figures count, not the plan's amounts:
a plan that states another amount is told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from solver.errors import Notice, Place, UsageError
from solver.instance import Choice, Instance, Option, Proposal, to_micro
from solver.tables import csv
from solver.tables.cells import cell
from solver.tables.column import Column
from solver.tables.columns import folded
from solver.tables.numbers import NumberError
from solver.tables.problems import Problems

COLUMNS = (
    Column(
        "proposal",
        "id",
        "ID Usulan",
        "Kode usulan.",
        "The proposal's code.",
        also=("Usulan", "id", "No Usulan", "Kode Usulan"),
        required=True,
    ),
    Column("option", "text", "Opsi", "Opsi.", "The option.", also=("Pilihan",)),
    Column("volume", "decimal", "Volume", "Volume.", "The volume."),
    Column("amount", "money", "Anggaran", "Anggaran.", "The amount.", also=("Alokasi",)),
    Column("ward", "text", "Kelurahan", "Kelurahan.", "The ward.", also=("Desa", "Kel")),
)
_BY_HEADING = {
    folded(heading): column
    for column in reversed(COLUMNS)
    for heading in (*column.also, column.heading, column.name)
}


@dataclass(frozen=True)
class PlanRow:
    """One row of a plan, its cells read but not yet matched to the tables."""

    proposal: str
    option: str = ""
    volume: Decimal | None = None
    amount: int | None = None
    ward: str = ""
    place: Place = field(default_factory=Place)


def read_plan(
    source: str | Path | Iterable[Mapping[str, Any]], instance: Instance
) -> tuple[tuple[Choice, ...], tuple[Notice, ...]]:
    """The choices of a plan, a CSV file or rows; InputError with every problem in it."""
    problems = Problems()
    if isinstance(source, (str, Path)):
        path = Path(source)
        if not path.is_file():
            raise UsageError("file_not_found", path=str(source))
        rows = rows_of_csv(path.read_bytes(), path.name, problems)
    else:
        rows = rows_of_mappings(source, Place(), problems)
    choices = match(rows, instance, problems)
    problems.stop()
    return choices, tuple(problems.notices)


def rows_of_csv(data: bytes, file: str, problems: Problems) -> tuple[PlanRow, ...]:
    """The rows of a plan's CSV; columns that a plan does not need are passed over."""
    sheet = csv.read(data, file, problems)
    columns = [_BY_HEADING.get(folded(heading)) for heading in sheet.headings]
    _drop_repeats(columns, sheet.headings)
    if sheet.headings and all(c is None or c.name != "proposal" for c in columns):
        problems.add("plan_without_proposals", Place(file=file, row=sheet.heading_row), "proposal")
        return ()
    rows = []
    for number, texts in sheet.rows:
        raw = {c.name: t for c, t in zip(columns, texts, strict=True) if c is not None and t}
        place = Place(file=file, row=number)
        rows.append(_row(raw, place, problems, sheet.dot_is_decimal))
    return tuple(row for row in rows if row is not None)


def _drop_repeats(columns: list[Column | None], headings: Sequence[str]) -> None:
    """Of two headings for one column keep the column's own name: decisions.csv has `title` too."""
    for column in COLUMNS:
        positions = [i for i, found in enumerate(columns) if found is column]
        own = [i for i in positions if folded(headings[i]) == folded(column.name)]
        for i in positions:
            if i != (own or positions)[0]:
                columns[i] = None


def rows_of_mappings(
    source: Iterable[Mapping[str, Any]], place: Place, problems: Problems
) -> tuple[PlanRow, ...]:
    """The rows of a plan written inline."""
    rows = []
    for number, raw in enumerate(source, 1):
        at = Place(place.file, place.sheet, place.row, f"{place.key or 'plan'}[{number}]")
        if isinstance(raw, Mapping):
            rows.append(_row(raw, at, problems, dot_is_decimal=False))
        else:
            problems.add("wrong_type", at, None, raw, value=str(raw)[:40])
    return tuple(row for row in rows if row is not None)


def _row(
    raw: Mapping[str, Any], place: Place, problems: Problems, dot_is_decimal: bool
) -> PlanRow | None:
    cells: dict[str, Any] = {}
    fine = True
    for column in COLUMNS:
        try:
            value = cell(column, raw.get(column.name), dot_is_decimal)
        except NumberError as error:
            problems.add(
                error.code,
                place,
                column.name,
                raw[column.name],
                error.facts.get("first"),
                **error.facts,
            )
            fine = False
        else:
            if value is not None:
                cells[column.name] = value
            elif column.required:
                problems.add("cell_missing", place, column.name, column=column.name)
                fine = False
    return PlanRow(**cells, place=place) if fine else None


def match(rows: Iterable[PlanRow], instance: Instance, problems: Problems) -> tuple[Choice, ...]:
    """The choices that the rows stand for; what matches nothing goes to `problems`."""
    proposals = {proposal.id: proposal for proposal in instance.proposals}
    seen: dict[tuple[str, str], PlanRow] = {}
    choices = []
    for row in rows:
        proposal = proposals.get(row.proposal)
        if proposal is None:
            problems.unknown(
                "unknown_proposal", row.proposal, lambda: proposals, row.place, "proposal"
            )
            continue
        option = _option(row, proposal, problems)
        if option is None:
            continue
        key = (proposal.id, option.label)
        if key in seen:
            problems.add(
                "plan_twice",
                row.place,
                "proposal",
                row.proposal,
                proposal=row.proposal,
                option=option.label,
                first=seen[key].place.row or seen[key].place.key,
            )
            continue
        seen[key] = row
        if row.volume == 0 or row.amount == 0 or proposal.covered_by:
            continue
        choice = _choice(row, option, problems)
        if choice is not None:
            choices.append(choice)
    return tuple(sorted(choices, key=lambda choice: (choice.proposal, choice.option)))


def _option(row: PlanRow, proposal: Proposal, problems: Problems) -> Option | None:
    """The option of that label; where there is none, the one of that ward."""
    labelled = {option.label: option for option in proposal.options}
    option = labelled.get(row.option)
    if row.option and option is None:
        problems.unknown("unknown_option", row.option, lambda: labelled, row.place, "option")
        return None
    if not row.ward:
        if option is not None:
            return option
        if len(labelled) == 1:
            return proposal.requested
        problems.add(
            "plan_option_missing",
            row.place,
            "option",
            None,
            proposal=proposal.id,
            options=tuple(labelled),
        )
        return None
    if option is not None and (option.ward == row.ward or row.option):
        if option.ward != row.ward:
            problems.add(
                "plan_ward_differs",
                row.place,
                "ward",
                row.ward,
                option.ward or None,
                proposal=proposal.id,
                value=row.ward,
                ward=option.ward,
            )
            return None
        return option
    there = [option for option in proposal.options if option.ward == row.ward]
    if len(there) == 1:
        return there[0]
    if there:
        problems.add(
            "plan_option_missing",
            row.place,
            "option",
            None,
            proposal=proposal.id,
            options=tuple(option.label for option in there),
        )
    else:
        problems.unknown(
            "unknown_ward",
            row.ward,
            lambda: (option.ward for option in proposal.options if option.ward),
            row.place,
            "ward",
        )
    return None


def _choice(row: PlanRow, option: Option, problems: Problems) -> Choice | None:
    if row.volume is None:
        if row.amount is not None and option.steps:
            problems.add("plan_volume_missing", row.place, "volume", None, proposal=option.proposal)
            return None
        figures, volume = option.full, None
    else:
        volume = to_micro(row.volume)
        if not 0 < volume <= option.full.volume:
            problems.add(
                "volume_outside",
                row.place,
                "volume",
                row.volume,
                proposal=option.proposal,
                volume=volume,
                max=option.full.volume,
            )
            return None
        figures = option.at(volume)
        volume = None if volume == option.full.volume else volume
    if row.amount is not None and row.amount != figures.amount:
        problems.notice(
            "plan_amount", proposal=option.proposal, stated=row.amount, amount=figures.amount
        )
    return Choice(option.proposal, option.label, volume)
