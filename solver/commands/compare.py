"""kayuh compare: scenarios and hand-made lists side by side."""

from __future__ import annotations

from pathlib import Path

import click

from solver.commands import common
from solver.commands.progress import Progress
from solver.result import Status
from solver.scenario import read
from solver.scenario.write import write_whole
from solver.tables import json
from solver.tables.plan import read_plan
from solver.tradeoffs import Cache
from solver.tradeoffs.compare import Column, by_hand, of_list, solved
from solver.tradeoffs.compare import compare as compared
from solver.words import say
from solver.write import comparison
from solver.write.document import warning

STATUSES = {
    Status.NO_ANSWER: common.NO_ANSWER,
    Status.INFEASIBLE: common.IMPOSSIBLE,
    Status.FEASIBLE: common.GAP,
}
"""Exit statuses, the worst first."""


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option(
    "--plan", "plans", multiple=True, type=click.Path(path_type=Path), help="A list, a CSV."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for files; go on from there.")
@common.common
def compare(
    paths: tuple[Path, ...], plans: tuple[Path, ...], out: Path | None, lang: str, as_json: bool
) -> int:
    """Set scenarios and hand-made lists side by side: who is in, out or cut, what money moves.

    Example: kayuh compare kota/ pagu-turun.toml --plan daftar.csv
    """
    progress = Progress(lang)
    progress.note("reading")
    scenarios = [read(path) for path in paths]
    lists = [(plan.name, *read_plan(plan, scenarios[0].instance)) for plan in plans]
    columns: list[Column] = []
    cache = None if out is None else _cache(out)
    with common.stoppable() as stop:
        for path, scenario in zip(paths, scenarios, strict=True):
            columns.append(solved(_name(path), scenario, cache, stop=stop, watch=progress))
        stopped = stop.is_set()
    columns.append(by_hand(scenarios[0]))
    columns += [of_list(name, scenarios[0], choices) for name, choices, _ in lists]
    document = comparison.document(compared(columns), lang)
    document["warnings"] = [warning(notice, lang) for _, _, found in lists for notice in found]
    if out is not None:
        _write(document, out, lang)
    progress.clear()
    if as_json:
        common.emit(document)
    else:
        comparison.show(document, lang, common.console())
        for found in document["warnings"]:
            click.echo(f"! {found['text']}")
        if out is not None:
            click.echo("\n" + say("compare.written", lang, {"folder": str(out)}))
    if stopped:
        return common.STOPPED
    found_statuses = {column.status for column in columns}
    return next(
        (code for status, code in STATUSES.items() if status in found_statuses), common.DONE
    )


def _name(path: Path) -> str:
    """What a scenario is called by its path: the file, or the folder that holds scenario.toml."""
    whole = path.resolve()
    return whole.parent.name if whole.name == "scenario.toml" else whole.name


def _cache(folder: Path) -> Cache:
    """Plans that were proven before: a command that was stopped goes on from there."""
    with common.writing(folder):
        return Cache(folder / "answers.jsonl")


def _write(document: comparison.Document, folder: Path, language: str) -> None:
    """compare.json and compare.xlsx, each whole or not at all."""
    with common.writing(folder):
        write_whole(folder / "compare.xlsx", comparison.book(document, language))
        write_whole(folder / "compare.json", (json.pretty(document) + "\n").encode())
