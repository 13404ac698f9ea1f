"""The stages of the objective: a name, or a name with the options that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from solver.errors import Place
from solver.instance import StageSpec
from solver.scenario.draft import Stage
from solver.scenario.fields import Fields
from solver.tables.plan import PlanRow, rows_of_mappings
from solver.tables.problems import Problems
from solver.tables.rows import Row

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "points": (),
    "least_served": ("by", "measure", "per"),
    "spread": (),
    "inversions": (),
    "few_cuts": (),
    "few_changes": ("plan",),
    "thrift": (),
}
"""Each stage's name with the options that it takes beside `name` and `give_up`."""


class Files(Protocol):
    """Reads what a scenario file names by a path."""

    def table(self, table: str, name: str, place: Place, problems: Problems, /) -> list[Row]:
        """The rows of a table's file."""

    def plan(self, name: str, place: Place, problems: Problems, /) -> tuple[PlanRow, ...]:
        """The rows of a plan's file."""


def stages_of(objective: Fields, files: Files | None) -> tuple[Stage, ...]:
    """The stages in their order; two of one name are a problem."""
    raw = objective.raw["stages"]
    if not isinstance(raw, (list, tuple)) or not raw:
        objective.wrong("stages", raw)
        return ()
    stages: list[Stage] = []
    for number, item in enumerate(raw, 1):
        place = Place(file=objective.place.file, key=f"objective.stages[{number}]")
        stage = _stage(item, place, files, objective.problems)
        if stage is None:
            continue
        if any(stage.spec.name == earlier.spec.name for earlier in stages):
            objective.problems.add(
                "stage_twice", place, "name", stage.spec.name, stage=stage.spec.name
            )
        else:
            stages.append(stage)
    return tuple(stages)


def _stage(raw: Any, place: Place, files: Files | None, problems: Problems) -> Stage | None:
    mapping = {"name": raw} if isinstance(raw, str) else raw
    name = mapping.get("name") if isinstance(mapping, Mapping) else None
    if not isinstance(name, str):
        problems.add("wrong_type", place, "name", raw, value=str(raw)[:40])
        return None
    if name not in OPTIONS:
        problems.unknown("unknown_stage", name, lambda: OPTIONS, place, "name")
        return None
    fields = Fields(mapping, ("name", "give_up", *OPTIONS[name]), place, problems)
    spec = StageSpec(
        name,
        give_up=fields.give_up("give_up"),
        by=fields.choice("by", ("district", "ward"), "district"),
        measure=fields.choice("measure", ("points", "amount"), "points"),
        per=fields.choice("per", ("asked", "head", "share"), "asked"),
    )
    return Stage(spec, place, _plan(fields, files) if name == "few_changes" else ())


def _plan(fields: Fields, files: Files | None) -> tuple[PlanRow, ...]:
    raw = fields.raw.get("plan")
    if raw is None:
        fields.problems.add("key_missing", fields.place, "plan", name="plan")
        return ()
    if isinstance(raw, str):
        if files is None:
            fields.problems.add("path_not_allowed", fields.place, "plan", raw)
            return ()
        return files.plan(raw, fields.place, fields.problems)
    if not isinstance(raw, (list, tuple)):
        fields.wrong("plan", raw)
        return ()
    place = Place(file=fields.place.file, key=f"{fields.place.key}.plan")
    return rows_of_mappings(raw, place, fields.problems)
