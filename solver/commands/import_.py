"""kayuh import sipd: a scenario folder from the files that an office already has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from solver.commands import common, import_folder
from solver.commands.progress import Progress
from solver.errors import UsageError
from solver.scenario import resolve
from solver.scenario.draft import TABLES
from solver.scenario.write import toml
from solver.sipd import Imported, Source, imported
from solver.sipd.finding import Finding
from solver.sipd.mapping import FILE as MAPPING
from solver.sipd.sentences import advice, sentence
from solver.sipd.totals import Total
from solver.tables import csv
from solver.tables.cells import as_json
from solver.tables.columns import COLUMNS
from solver.words import money_full, number, say
from solver.write.sipd_report import report

REPORT = "laporan-impor.xlsx"

Line = tuple[str, int | None, int | None]
"""What, how many, and how much rupiah."""

_SHOWN_GUESSES = 8


@click.group(name="import")
def import_() -> None:
    """Make a scenario from files of another system."""


@import_.command()
@click.argument("path", metavar="USULAN.xlsx", type=click.Path(path_type=Path))
@click.option("--ceilings", type=click.Path(path_type=Path), help="A workbook of ceilings.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder.")
@common.common
def sipd(path: Path, ceilings: Path | None, out: Path, lang: str, as_json: bool) -> int:
    """Read a SIPD export and a table of ceilings into a scenario folder.

    What is guessed stands in pemetaan.toml there: change it and import again.

    Example: kayuh import sipd usulan.xlsx --ceilings pagu.xlsx --out kota
    """
    progress = Progress(lang)
    progress.note("reading")
    import_folder.marks(out)
    mapping = out / MAPPING
    found = imported(
        _source(path),
        _source(ceilings) if ceilings else None,
        mapping.read_bytes() if mapping.is_file() else None,
        lang,
    )
    scenario = resolve(found.document)  # what is written can be read: nobody has to mend it
    progress.note("writing")
    document = {k: v for k, v in found.document.items() if k not in TABLES and v != []}
    tables = {table: rows for table in TABLES if (rows := found.document.get(table))}
    files = {REPORT: report(found, [*summary(found, lang), *doubtful(found, lang)], lang)}
    files |= {f"{table}.csv": _csv(table, rows) for table, rows in tables.items()}
    if found.mapping is not None:
        files[MAPPING] = found.mapping.encode("utf-8")
    text = toml({**document, "data": {table: f"{table}.csv" for table in tables}})
    with common.writing(out):
        written = import_folder.write(out, files, text, lang, MAPPING)
    progress.clear()
    if as_json:
        common.emit(_document(found, scenario.digest, written, lang))
    else:
        _show(found, written, path, out, lang)
    return common.DONE


def _source(path: Path) -> Source:
    if not path.is_file():
        raise UsageError("file_not_found", path=str(path))
    return Source(path.name, path.read_bytes())


def _csv(table: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    used = {name for row in rows for name in row}
    return csv.write([c.name for c in COLUMNS[table] if c.required or c.name in used], rows)


def summary(found: Imported, language: str) -> list[Line]:
    """What was read, and the account of every rupiah."""

    def line(code: str, number: int | None, rupiah: int | None = None) -> Line:
        return say(f"sipd.sum_{code}", language), number, rupiah

    whole = next(total for total in found.totals if total.by == "all")
    mended = sum(row.outcome == "repaired" for row in found.rows)
    agencies = [total.ceiling for total in found.totals if total.by == "agency"]
    ceilings = [ceiling for ceiling in agencies if isinstance(ceiling, int)]
    limits = found.document["limits"]
    difference = say("sipd.head_difference", language)
    return [
        line("rows", len(found.rows), whole.amount_file),
        *(
            (f"{difference}: {say(f'sipd.cause_{cause}', language)}", None, rupiah)
            for cause, rupiah in sorted(whole.changes.items())
        ),
        line("read", found.read, whole.amount_read),
        line("repaired", mended),
        line("left_out", len(found.left_out)),
        line("ceilings", len(ceilings), sum(ceilings)),
        line("limits", len(limits), sum(limit["max"] for limit in limits)),
    ]


def doubtful(found: Imported, language: str) -> list[Line]:
    """How many findings there are of each kind."""
    kinds = Counter(say(f"sipd.kind_{finding.code}", language) for finding in found.slips)
    return [(kind, count, None) for kind, count in kinds.most_common()]


def _document(
    found: Imported, digest: str, written: import_folder.Written, language: str
) -> dict[str, Any]:
    return {
        "read": found.read,
        "repaired": [_finding(finding, language) for finding in found.repaired],
        "left_out": [_finding(finding, language) for finding in found.left_out],
        "totals": [_total(total) for total in found.totals],
        "guesses": [_finding(finding, language) for finding in found.guesses],
        "slips": [_finding(finding, language) for finding in found.slips],
        "rows": len(found.rows),
        "digest": digest,
        "files": list(written.files),
        "kept": dict(written.kept),
        "mapping_added": found.added,
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    first = finding.spots[0] if finding.spots else None
    return {
        "code": finding.code,
        "sheet": first.sheet if first else None,
        "row": first.row if first else None,
        "rows": [spot.row for spot in finding.spots],
        "proposals": list(finding.proposals),
        "column": finding.column,
        "from": _plain(finding.before),
        "to": _plain(finding.after),
        "text": sentence(finding, language),
        "suggestion": advice(finding, language) or None,
        "fix": {p: {n: _plain(v) for n, v in cells.items()} for p, cells in finding.fix.items()},
        "facts": {name: _plain(value) for name, value in finding.facts.items()},
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, float, list)):
        return value
    return as_json(value)


def _total(total: Total) -> dict[str, Any]:
    return {
        "by": total.by,
        "name": total.name,
        "rows_file": total.rows_file,
        "rows_read": total.rows_read,
        "amount_file": total.amount_file,
        "amount_read": total.amount_read,
        "changes": dict(sorted(total.changes.items())),
        "ceiling": total.ceiling,
    }


def _show(
    found: Imported, written: import_folder.Written, path: Path, out: Path, language: str
) -> None:
    console = common.console()
    click.echo(f"{path.name}: {found.document['title']}")
    console.print(_lines(summary(found, language), language))
    click.echo("\n" + say("sipd.totals_head", language))
    console.print(_agencies(found.totals, language))
    if found.slips:
        click.echo("\n" + say("sipd.doubtful_head", language))
        console.print(_lines(doubtful(found, language), language))
    click.echo("\n" + say("sipd.guesses_head", language))
    for finding in found.guesses[:_SHOWN_GUESSES]:
        mark = "!" if finding.advice else "•"
        click.echo(f"  {mark} {sentence(finding, language)} {advice(finding, language)}".rstrip())
    if len(found.guesses) > _SHOWN_GUESSES:
        more = {"count": len(found.guesses) - _SHOWN_GUESSES}
        click.echo("  " + say("sipd.guesses_more", language, more))
    click.echo("")
    for name, backup in written.kept.items():
        click.echo("! " + say("sipd.kept", language, {"name": name, "backup": backup}))
    if found.added:
        click.echo("! " + say("sipd.mapping_added", language, {"count": found.added}))
    facts = {"folder": str(out), "report": REPORT, "mapping": MAPPING}
    click.echo(say("sipd.written", language, facts))


def _lines(lines: Sequence[Line], language: str) -> Table:
    """Lines of a text, a number and rupiah, below each other."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right")
    for text, count, rupiah in lines:
        table.add_row(
            Text(text),
            "" if count is None else number(count, language),
            "" if rupiah is None else money_full(rupiah, language),
        )
    return table


def _agencies(totals: Sequence[Total], language: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2))
    for name in ("agency", "rows_read", "amount_file", "amount_read", "ceiling"):
        justify: Any = "left" if name == "agency" else "right"
        table.add_column(say(f"sipd.head_{name}", language), justify=justify)
    for total in totals:
        if total.by == "agency":
            table.add_row(
                Text(total.name or "-"),
                number(total.rows_read, language),
                number(total.amount_file, language),
                number(total.amount_read, language),
                _ceiling(total.ceiling, language),
            )
    return table


def _ceiling(ceiling: int | str | None, language: str) -> str:
    if isinstance(ceiling, int):
        return number(ceiling, language)
    return say("sipd.unlimited", language) if ceiling else "-"
