"""kayuh check: read everything, say every problem, show the totals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from solver.commands import common
from solver.errors import InputError
from solver.scenario import Scenario, read
from solver.words import money, say
from solver.write.document import warning


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--origin", is_flag=True, help="Show where each changed value comes from.")
@common.common
def check(path: Path, origin: bool, lang: str, as_json: bool) -> int:
    """Read a scenario and say every problem with its place.

    Example: kayuh check kota/ --origin
    """
    try:
        scenario = read(path)
    except InputError as error:
        if not as_json:
            raise
        issues = [common.issue_document(issue, lang) for issue in error.issues]
        common.emit({"ok": False, "errors": issues, "warnings": [], "totals": None, "origin": []})
        return common.INPUT
    report = _report(scenario, lang, origin=origin)
    if as_json:
        common.emit(report)
        return common.DONE
    totals = report["totals"]
    facts = {**totals, "title": scenario.title, "digest": scenario.digest[:12]}
    facts["ceilings"] = money(totals["ceilings"], lang)
    click.echo(say("command.checked", lang, facts))
    for found in report["warnings"]:
        click.echo(f"  ! {found['text']}")
    for change in report["origin"]:
        click.echo(f"  {say('command.origin', lang, change)}")
    return common.DONE


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
