"""kayuh template and kayuh convert: a workbook to fill in; one form of a scenario into another."""

from __future__ import annotations

from pathlib import Path

import click

import scenarios
from solver.commands import common
from solver.errors import UsageError
from solver.scenario import Scenario, read, write_folder, write_json
from solver.scenario.write import write_whole
from solver.words import say
from solver.write.workbook import workbook


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@common.common
def template(file: Path, lang: str, as_json: bool) -> int:
    """Write a workbook to fill in: instructions, drop-downs and an example that solves.

    Example: kayuh template usulan-2027.xlsx
    """
    if file.suffix.lower() != ".xlsx":
        raise UsageError("not_xlsx", path=str(file))
    return _write(read(scenarios.path("contoh.json")), file, lang, as_json=as_json)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@common.common
def convert(path: Path, target: Path, lang: str, as_json: bool) -> int:
    """Write a scenario in another form: TARGET.xlsx, TARGET.json, or a folder.

    Example: kayuh convert kota/ kota.xlsx
    """
    return _write(read(path), target, lang, as_json=as_json)


def _write(scenario: Scenario, target: Path, language: str, *, as_json: bool) -> int:
    """Write to a place where nothing is yet: what somebody typed there must not be lost."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise UsageError("already_there", path=str(target))
    with common.writing(target.parent):
        match target.suffix.lower():
            case ".xlsx":
                write_whole(target, workbook(scenario.document, language))
            case ".json":
                write_json(scenario, target)
            case "":
                write_folder(scenario, target)
            case _:
                raise UsageError("not_a_form", path=str(target))
    if as_json:
        common.emit({"written": str(target), "digest": scenario.digest})
    else:
        click.echo(say("command.form_written", language, {"path": str(target)}))
    return common.DONE
