"""What all commands share: language, JSON, how errors are told, and exit statuses."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from solver.errors import InputError, Issue, UsageError
from solver.tables import json
from solver.tables.columns import COLUMNS, by_name
from solver.words import LANGUAGES, say

DONE = 0
FAILED = 1
USAGE = 2
GAP = 3
IMPOSSIBLE = 4
INPUT = 5
NO_ANSWER = 6
STOPPED = 130

Command = Callable[..., int]


def common(command: Command) -> Callable[..., None]:
    """Give a command --lang and --json, tell its errors, and end with the status it returns."""

    @click.option("--lang", type=click.Choice(LANGUAGES), default="id", help="id | en")
    @click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
    @functools.wraps(command)
    def run(*args: Any, lang: str, as_json: bool, **kwargs: Any) -> None:
        try:
            status = command(*args, lang=lang, as_json=as_json, **kwargs)
        except InputError as error:
            tell_issues(error.issues, lang, as_json=as_json)
            status = INPUT
        except UsageError as error:
            click.echo(say(f"usage.{error.code}", lang, error.facts), err=True)
            status = USAGE
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = DONE
        sys.exit(status)

    return run


def tell_issues(issues: tuple[Issue, ...], language: str, *, as_json: bool) -> None:
    """Every problem: as JSON on standard output, else by file on standard error."""
    if as_json:
        emit({"errors": [issue_document(issue, language) for issue in issues]})
        return
    click.echo(say("command.problems", language, {"number": len(issues)}), err=True)
    for issue in issues:
        click.echo(f"  {_where(issue, language)}{message(issue, language)}", err=True)


def message(issue: Issue, language: str) -> str:
    """What is wrong and what to do, and the nearest known name where there is one."""
    facts = dict(issue.facts)
    if "column" in facts:
        facts["column"] = _column(facts["column"], language)
    text = say(f"input.{issue.code}", language, facts)
    if issue.suggestion:
        text += " " + say("command.did_you_mean", language, {"name": issue.suggestion})
    return text


def _where(issue: Issue, language: str) -> str:
    place = issue.place
    parts = [place.file, place.sheet]
    if place.row is not None:
        parts.append(say("command.row", language, {"row": place.row}))
    elif place.key:
        parts.append(place.key)
    if issue.column and issue.column != place.key:
        parts.append(issue.column if place.key else _column(issue.column, language))
    found = ", ".join(part for part in parts if part)
    return f"{found}: " if found else ""


def _column(name: str, language: str) -> str:
    """A column as the officer's own table calls it."""
    columns = (by_name(table).get(name) for table in COLUMNS)
    column = next((column for column in columns if column), None)
    return column.heading if column and language == "id" else name


def issue_document(issue: Issue, language: str) -> dict[str, Any]:
    """One problem with each field of CONTRACT section 2, null where it does not apply."""
    return {
        "file": issue.place.file,
        "sheet": issue.place.sheet,
        "row": issue.place.row,
        "column": issue.column,
        "key": issue.place.key,
        "value": None if issue.value is None else str(issue.value),
        "code": issue.code,
        "message": message(issue, language),
        "suggestion": issue.suggestion,
    }


def emit(document: Any) -> None:
    """One JSON document on standard output, and nothing else there."""
    click.echo(json.pretty(document))


def console() -> Console:
    """Standard output for people, wide enough for tables also where it is not a terminal."""
    known = Console(highlight=False)
    return known if known.is_terminal else Console(highlight=False, width=120)


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets once; a second Ctrl-C ends the command at once."""
    stop = threading.Event()

    def ask(_signal: int, _frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Writing into a folder, where a failure is told as one sentence."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise UsageError(
            "cannot_write", name=str(folder), reason=error.strerror or str(error)
        ) from error


def parse_changes(pairs: tuple[str, ...]) -> Mapping[str, str]:
    """KEY=VALUE pairs of --set as a [set] table; the key may itself hold no `=`."""
    changes = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise UsageError("bad_set", value=pair)
        changes[key.strip()] = value.strip()
    return changes
