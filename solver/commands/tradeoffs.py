"""kayuh tradeoffs: what would change the plan, and what it would cost, each answer solved anew."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from solver.commands import common
from solver.commands.progress import Progress
from solver.errors import UsageError, nearest
from solver.scenario import Scenario, read
from solver.scenario.write import write_whole
from solver.solve import Params, solve
from solver.tables import json
from solver.tradeoffs import ANALYSES, Budget, Cache, Questions
from solver.words import say
from solver.write.analyses import analysis_document, book, show

EVERY = 0.5
"""Seconds between two lines of progress at least."""


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--only", metavar="NAME,...", help="Only these: " + ", ".join(ANALYSES))
@click.option("--proposal", metavar="ID", help="What would become of this one.")
@click.option("--budget", type=float, default=600.0, show_default=True, help="Seconds in all.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for files; go on from there.")
@common.common
def tradeoffs(
    path: Path,
    only: str | None,
    proposal: str | None,
    budget: float,
    out: Path | None,
    lang: str,
    as_json: bool,
) -> int:
    """Say what it would take, what falls out, what rules cost and what more money buys.

    Example: kayuh tradeoffs kota/ --proposal U-017
    """
    if not budget > 0:
        raise UsageError("bad_number", option="--budget", least=0, value=budget)
    names = _names(only, proposal)
    progress = Progress(lang)
    progress.note("reading")
    scenario = read(path)
    asked = _asked(scenario, proposal)
    with common.stoppable() as stop:
        began = time.monotonic()
        base = solve(scenario.instance, Params(min(60.0, budget)), stop=stop, watch=progress)
        left = max(0.0, budget - (time.monotonic() - began))
        watch = _Watch(lang, progress)
        questions = Questions(scenario, base, Budget(left, stop, watch), _cache(out))
        documents: dict[str, Any] = dict.fromkeys(ANALYSES)
        for name in names or _of_one(questions, proposal):
            found = ANALYSES[name](questions, asked)
            documents[name] = analysis_document(name, found, scenario.instance, lang)
        stopped = stop.is_set()
    progress.clear()
    if out is not None:
        _write(documents, out, lang)
    if as_json:
        common.emit(documents)
    else:
        show(documents, lang, common.console())
        if out is not None:
            click.echo(say("tradeoff.written", lang, {"folder": str(out)}))
    return common.STOPPED if stopped else _status(questions, documents)


def _status(questions: Questions, documents: Mapping[str, Any]) -> int:
    """0 where all is proven, 3 where something is not, 4 and 6 as for a recommendation."""
    if questions.base.possible is False:
        return common.IMPOSSIBLE
    if questions.base.taken is None:
        return common.NO_ANSWER
    statuses = {document["status"] for document in documents.values() if document}
    return common.DONE if statuses <= {"proven", "sampled"} else common.GAP


def _names(only: str | None, proposal: str | None) -> tuple[str, ...]:
    """The analyses asked for by name; none where it depends on how one proposal stands."""
    if only is None:
        return () if proposal else tuple(ANALYSES)
    names = tuple(name.strip() for name in only.split(",") if name.strip())
    for name in names:
        if name not in ANALYSES:
            known = nearest(name, ANALYSES) or ""
            raise UsageError("unknown_analysis", name=name, known=list(ANALYSES), nearest=known)
    return names


def _of_one(questions: Questions, proposal: str | None) -> tuple[str, ...]:
    """What is asked of one proposal: what falls with it where it is funded, else what it takes."""
    options, taken = questions.base.case.space.options, questions.base.taken or {}
    is_funded = any(options[position].proposal == proposal for position in taken)
    return ("replacement",) if is_funded else ("entry",)


def _asked(scenario: Scenario, proposal: str | None) -> list[str] | None:
    if proposal is None:
        return None
    known = [found.id for found in scenario.instance.proposals]
    if proposal not in known:
        near = nearest(proposal, known) or known[0]
        raise UsageError("unknown_proposal", name=proposal, nearest=near)
    return [proposal]


def _cache(out: Path | None) -> Cache | None:
    if out is None:
        return None
    with common.writing(out):
        return Cache(out / "answers.jsonl")


def _write(documents: Mapping[str, Any], out: Path, language: str) -> None:
    with common.writing(out):
        write_whole(out / "tradeoffs.xlsx", book(documents, language))
        write_whole(out / "tradeoffs.json", (json.pretty(documents) + "\n").encode())


class _Watch:
    """A line on standard error that tells which analysis is how far; only for a terminal."""

    def __init__(self, language: str, progress: Progress) -> None:
        self.language = language
        self.progress = progress
        self.began = self.last = time.monotonic()

    def __call__(self, analysis: str, done: int, whole: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self.last < EVERY:
            return
        self.last, self.progress.shown = now, True
        facts = {
            "analysis": say(f"tradeoff.name_{analysis}", self.language),
            "done": done,
            "whole": whole,
            "seconds": round(now - self.began),
        }
        click.echo(f"\r\033[K{say('tradeoff.working', self.language, facts)}", err=True, nl=False)
