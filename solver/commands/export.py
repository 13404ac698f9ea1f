"""kayuh export: a result as one of the forms that officers use."""

from __future__ import annotations

from pathlib import Path

import click

from solver.commands import common
from solver.commands.result_file import read_result
from solver.errors import UsageError
from solver.scenario.write import write_whole
from solver.words import Quantity, say
from solver.write.forms import FORMS, ending, form


@click.command()
@click.argument("path", metavar="RESULT.json", type=click.Path(path_type=Path))
@click.option("--form", "name", type=click.Choice(FORMS), required=True, help="Which form.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The file, .xlsx or .docx."
)
@click.option("--agency", metavar="CODE", help="One agency's desk only.")
@click.option("--template", type=click.Path(path_type=Path), help="Your own Word template.")
@common.common
def export(
    path: Path,
    name: str,
    out: Path,
    agency: str | None,
    template: Path | None,
    lang: str,
    as_json: bool,
) -> int:
    """Write a result as a form: renja, td4 (.xlsx), minutes, wards (.docx).

    Example: kayuh export out/result.json --form minutes --agency PUPR --out berita-acara.docx
    """
    if out.suffix.lower() != ending(name):
        raise UsageError("wrong_ending", form=name, ending=ending(name), name=out.name)
    if template is not None and template.resolve() == out.resolve():
        raise UsageError("out_is_template", name=str(out))
    data, rows = form(name, read_result(path), lang, agency, template)
    with common.writing(out.parent):
        write_whole(out, data)
    if as_json:
        common.emit({"written": str(out), "rows": rows})
    else:
        facts = {"file": str(out), "rows": Quantity(rows, "count")}
        click.echo(say("form.exported", lang, facts))
    return common.DONE
