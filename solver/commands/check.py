"""kayuh check: read everything, say every problem, show the totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from solver.commands import common
from solver.errors import InputError, Issue, UsageError
from solver.scenario import Scenario, read
from solver.scenario.write import write_whole
from solver.words import money, say
from solver.write.document import warning
from solver.write.marked import marked


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--origin", is_flag=True, help="Show where each changed value comes from.")
@click.option(
    "--mark", type=click.Path(path_type=Path), help="Write the workbook with its problems marked."
)
@common.common
def check(path: Path, origin: bool, mark: Path | None, lang: str, as_json: bool) -> int:
    """Read a scenario and say every problem with its place.

    Example: kayuh check kota.xlsx --mark kota-masalah.xlsx
    """
    _refuse_target(path, mark)
    try:
        scenario = read(path)
    except InputError as error:
        _tell(error.issues, path, mark, lang, as_json=as_json)
        return common.INPUT
    report = _report(scenario, lang, origin=origin)
    if as_json:
        common.emit(report if mark is None else {**report, "marked": None})
        return common.DONE
    totals = report["totals"]
    facts = {**totals, "title": scenario.title, "digest": scenario.digest[:12]}
    facts["ceilings"] = money(totals["ceilings"], lang)
    click.echo(say("command.checked", lang, facts))
    for found in report["warnings"]:
        click.echo(f"  ! {found['text']}")
    for change in report["origin"]:
        click.echo(f"  {say('command.origin', lang, change)}")
    if mark is not None:
        click.echo(say("mark.nothing", lang, {"path": str(mark)}))
    return common.DONE


def _refuse_target(path: Path, mark: Path | None) -> None:
    """Only a workbook can be marked, and never in its own place."""
    if mark is None:
        return
    for name in (path, mark):
        if name.suffix.lower() != ".xlsx":
            raise UsageError("mark_needs_workbook", name=str(name))
    if mark.resolve() == path.resolve() or (mark.exists() and mark.samefile(path)):
        raise UsageError("mark_same_file", name=str(path))


def _tell(
    issues: tuple[Issue, ...], path: Path, mark: Path | None, language: str, *, as_json: bool
) -> None:
    """Every problem, and where they are marked in the workbook itself."""
    if not as_json:
        common.tell_issues(issues, language, as_json=False)
    is_written = mark is not None and _written(issues, path, mark, language)
    if as_json:
        found = [common.issue_document(issue, language) for issue in issues]
        whole = {"ok": False, "errors": found, "warnings": [], "totals": None, "origin": []}
        here = {} if mark is None else {"marked": str(mark) if is_written else None}
        common.emit({**whole, **here})
    elif is_written:
        click.echo(say("mark.written", language, {"path": str(mark)}), err=True)
    elif mark is None and path.suffix.lower() == ".xlsx":
        out = f"{path.stem}-{say('mark.ending', language)}.xlsx"
        facts = {"path": _quoted(str(path)), "out": _quoted(out)}
        click.echo(say("mark.hint", language, facts), err=True)


def _quoted(name: str) -> str:
    """A name as it is typed in any terminal."""
    return f'"{name}"' if " " in name else name


def _written(issues: tuple[Issue, ...], path: Path, mark: Path, language: str) -> bool:
    """Whether the marked workbook could be written; the problems are told in any case."""
    try:
        data = marked(path.read_bytes(), issues, language)
    except UsageError as error:
        click.echo(say(f"usage.{error.code}", language, error.facts), err=True)
        return False
    with common.writing(mark.parent):
        write_whole(mark, data)
    return True


def _report(scenario: Scenario, language: str, *, origin: bool) -> dict[str, Any]:
    instance = scenario.instance
    return {
        "ok": True,
        "errors": [],
        "warnings": [warning(notice, language) for notice in scenario.notices],
        "totals": {
            "proposals": len(instance.proposals),
            "asked": sum(p.requested.full.amount for p in instance.proposals),
            "ceilings": sum(agency.ceiling or 0 for agency in instance.agencies),
        },
        "origin": [
            {"key": c.key, "from": c.before, "to": c.after, "file": c.file}
            for c in scenario.changes
        ]
        if origin
        else [],
    }
