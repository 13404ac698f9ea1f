"""kayuh recommend and kayuh demo: the main job, and the main job on the embedded city."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import scenarios
from solver.commands import common
from solver.commands.progress import Progress
from solver.errors import UsageError
from solver.expect import unmet
from solver.recommend import recommend as recommendation_of
from solver.scenario import Scenario, read, variant
from solver.scenario.write import write_whole
from solver.solve import METHODS, Params
from solver.tables import json
from solver.words import say
from solver.write.book import book
from solver.write.document import document as document_of
from solver.write.listing import listing
from solver.write.screen import show

STATUSES = {
    "optimal": common.DONE,
    "feasible": common.GAP,
    "infeasible": common.IMPOSSIBLE,
    "no_answer": common.NO_ANSWER,
}


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Change one cell.")
@click.option("--time-limit", type=float, default=60.0, show_default=True, help="Seconds.")
@click.option("--gap", type=float, default=0.0, help="Stop at this relative gap; 0: a proof.")
@click.option("--method", type=click.Choice(METHODS), default="auto")
@click.option("--solver", default="HiGHS", show_default=True, help="HiGHS, CBC, ...")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the files.")
@common.common
def recommend(
    path: Path,
    pairs: tuple[str, ...],
    out: Path | None,
    lang: str,
    as_json: bool,
    **effort: Any,
) -> int:
    """Recommend which proposals to fund, fully or smaller, and say why.

    Example: kayuh recommend kota/ --set agency.PUPR.ceiling=-10% --out keluaran
    """
    progress = Progress(lang)
    progress.note("reading")
    scenario = read(path)
    if pairs:
        # A changed scenario is another question, so its file's [expect] no longer applies.
        scenario = variant(scenario, {"set": common.parse_changes(pairs)}, "--set")
    return run(scenario, _params(effort), out, progress, as_json=as_json)


@click.command()
@common.common
def demo(lang: str, as_json: bool) -> int:
    """Solve the embedded city of Banjarmasin, show the result and write it to out/.

    Example: kayuh demo --lang en
    """
    city = scenarios.path("banjarmasin-2018")
    status = run(read(city), Params(), Path("out"), Progress(lang), as_json=as_json)
    if not as_json:
        click.echo("\n" + say("command.go_on", lang, {"city": city}))
    return status


def _params(effort: dict[str, Any]) -> Params:
    for name, least in (("time_limit", 0), ("gap", 0)):
        if not effort[name] >= least:
            option = f"--{name.replace('_', '-')}"
            raise UsageError("bad_number", option=option, least=least, value=effort[name])
    return Params(**effort)


def run(
    scenario: Scenario, params: Params, out: Path | None, progress: Progress, *, as_json: bool
) -> int:
    """Solve, show, write; the exit status of CONTRACT section 1."""
    language = progress.language
    with common.stoppable() as stop:
        found = recommendation_of(scenario, params, stop=stop, watch=progress)
    progress.note("writing")
    document = document_of(found, language)
    if out is not None:
        write(document, out, language)
    progress.clear()
    failures = unmet(scenario.expect, document) if scenario.expect else []
    if as_json:
        common.emit({name: value for name, value in document.items() if name != "input"})
    else:
        show(document, language, common.console(), stopped=found.result.stopped)
        if out is not None:
            click.echo("\n" + say("command.written", language, {"folder": str(out)}))
    for failure in failures:
        click.echo(say("command.unexpected", language, failure.facts), err=True)
    if found.result.stopped:
        return common.STOPPED
    if scenario.expect:
        return common.FAILED if failures else common.DONE
    return STATUSES[document["status"]]


def write(document: dict[str, Any], folder: Path, language: str) -> None:
    """result.json, result.xlsx and decisions.csv, each whole or not at all."""
    with common.writing(folder):
        files = {
            "decisions.csv": listing(document),
            "result.xlsx": book(document, language),
            "result.json": (json.pretty(document) + "\n").encode(),
        }
        for name, data in files.items():
            write_whole(folder / name, data)
