"""kayuh backup, restore and verify-log: the database kept safe, and its log checked."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.common import database_option, existing, told
from service.desk import record
from service.settings import default_database
from service.store import Store, backup, events
from service.store.events import Fault, Mark
from solver.commands import common
from solver.words import say


@click.command("backup")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@database_option
@common.common
@told
def backup_command(file: Path, database: str | None, lang: str, as_json: bool) -> int:
    """Write the whole database to one file; the desk may go on meanwhile.

    Example: kayuh backup cadangan-2018-03-16.db
    """
    with existing(database) as store:
        mark = backup.backup(store, file)
    _tell("backed_up", mark, lang, as_json=as_json, file=str(file))
    return common.DONE


@click.command("restore")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@database_option
@common.common
@told
def restore_command(file: Path, database: str | None, lang: str, as_json: bool) -> int:
    """Fill an empty database from a backup.

    Example: kayuh restore cadangan-2018-03-16.db --database sqlite:///baru.db
    """
    store = Store(database or default_database())
    try:
        mark = backup.restore(store, file, record.verify)
    finally:
        store.close()
    _tell("restored", mark, lang, as_json=as_json)
    return common.DONE


@click.command("verify-log")
@click.option("--head", metavar="PRINT", help="A fingerprint from printed minutes: 4711-7f3a-...")
@database_option
@common.common
@told
def verify_log(head: str | None, database: str | None, lang: str, as_json: bool) -> int:
    """Check that the log is as it was written, and that the decisions are those it tells of.

    Example: kayuh verify-log --head 4711-7f3a-91c2-5e0d-a1b7
    """
    with existing(database) as store, store.session() as tx:
        faults = record.verify(tx)
        if head is not None and not events.marks(tx, head):
            faults.append(Fault("head_differs", facts={"fingerprint": head}))
        mark = events.head(tx)
    if as_json:
        listed = [{"code": f.code, "seq": f.seq, "text": _text(f, lang)} for f in faults]
        common.emit({**_marked(mark), "faults": listed})
    elif faults:
        click.echo(say("log.unsound", lang, {"number": len(faults)}))
        for fault in faults:
            click.echo(f"  {_text(fault, lang)}")
    else:
        facts = {"number": mark.seq, "fingerprint": mark.fingerprint}
        click.echo(say("log.sound", lang, facts))
    return common.FAILED if faults else common.DONE


def _tell(code: str, mark: Mark, lang: str, *, as_json: bool, **facts: str) -> None:
    if as_json:
        common.emit({**facts, **_marked(mark)})
    else:
        click.echo(say(f"log.{code}", lang, {**facts, "fingerprint": mark.fingerprint}))


def _marked(mark: Mark) -> dict[str, object]:
    return {"events": mark.seq, "head": mark.hash, "fingerprint": mark.fingerprint}


def _text(fault: Fault, lang: str) -> str:
    return say(f"log.{fault.code}", lang, {"seq": fault.seq, **fault.facts})
