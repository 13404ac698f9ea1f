"""kayuh assess and kayuh verify: a list made by hand judged, a result added up again."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from solver.commands import common
from solver.commands.progress import Progress
from solver.errors import InputError, UsageError
from solver.judgement import judgement
from solver.scenario import Scenario, read, resolve
from solver.tables import json
from solver.tables.plan import read_plan
from solver.tables.problems import Problems
from solver.verify import verify as check_of
from solver.words import number, say
from solver.write.document import warning


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--plan", type=click.Path(path_type=Path), required=True, help="The list, a CSV.")
@common.common
def assess(path: Path, plan: Path, lang: str, as_json: bool) -> int:
    """Judge a list made by hand: limits used, what it breaks, its distance from the best.

    Example: kayuh assess kota/ --plan daftar.csv
    """
    scenario = read(path)
    choices, notices = read_plan(plan, scenario.instance)
    progress = Progress(lang)
    with common.stoppable() as stop:
        found = judgement(scenario, choices, stop=stop, watch=progress)
    progress.clear()
    found["warnings"] = [warning(notice, lang) for notice in notices]
    broken = found["violations"]
    if as_json:
        common.emit(found)
        return common.FAILED if broken else common.DONE
    facts = {**found, "number": len(broken)}
    click.echo(say(f"result.plan_{'breaks' if broken else 'keeps'}", lang, facts))
    if found["best"] is not None:
        code = "plan_distance" if found["proven"] else "plan_distance_open"
        click.echo(say(f"result.{code}", lang, found))
    if broken:
        common.console().print(_table(broken, lang))
    for notice in found["warnings"]:
        click.echo(f"! {notice['text']}")
    return common.FAILED if broken else common.DONE


def _table(broken: list[dict[str, object]], language: str) -> Table:
    columns = ("rule", "subject", "measure", "used", "min", "max")
    table = Table(*(say(f"heading.{name}", language) for name in columns), box=None)
    for row in broken:
        cells = [say(f"rule.{row['rule']}", language), str(row["subject"]), str(row["measure"])]
        for name in ("used", "min", "max"):
            value = row[name]
            cells.append(number(value, language) if isinstance(value, int | float) else "")
        table.add_row(*cells)
    return table


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--input", "source", type=click.Path(path_type=Path), help="Its scenario.")
@common.common
def verify(path: Path, source: Path | None, lang: str, as_json: bool) -> int:
    """Add up a result again without a solver: money, points, every rule, the bound's certificate.

    Example: kayuh verify out/result.json
    """
    found, scenario = _result(path, source)
    check = check_of(found, scenario)
    problems = [
        {"code": p.code, "text": say(f"verify.{p.code}", lang, p.facts)} for p in check.problems
    ]
    if as_json:
        common.emit(
            {"plan": check.plan, "bound": check.bound, "gap": check.gap, "problems": problems}
        )
    elif problems:
        click.echo(say("result.not_verified", lang, {"number": len(problems)}))
        for problem in problems:
            click.echo(f"  {problem['text']}")
    else:
        checked = "verified_bound" if check.gap else "verified_best"
        sentence = checked if check.bound == "checked" else "verified"
        click.echo(say(f"result.{sentence}", lang, {"gap": check.gap}))
    return common.FAILED if problems else common.DONE


def _result(path: Path, source: Path | None) -> tuple[dict[str, object], Scenario]:
    """The result document and the scenario it is checked against."""
    if not path.is_file():
        raise UsageError("file_not_found", path=str(path))
    problems = Problems()
    found = json.read(path.read_bytes(), path.name, problems)
    if problems.issues:
        raise InputError(problems.issues)
    keys = ("status", "decisions", "scenario", "stages", "certificate")
    if not isinstance(found, dict) or any(key not in found for key in keys):
        raise UsageError("not_a_result", name=path.name)
    if source is not None:
        return found, read(source)
    if not isinstance(found.get("input"), dict):
        raise UsageError("not_a_result", name=path.name)
    return found, resolve(found["input"])
