"""kayuh sweep: many what-ifs, many regions, here or on a cluster."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from solver.commands import common
from solver.commands.sweeping import Sweeping
from solver.errors import UsageError
from solver.scenario.write import write_whole
from solver.solve import METHODS, Params
from solver.sweep import Plan, Store, carried_out, lists_of, parsed, planned, reported
from solver.sweep.accept import Accept
from solver.sweep.engines import Engine, GoneError, Local, Serial
from solver.sweep.estimate import Estimate
from solver.sweep.paths import Named
from solver.sweep.plan import Reader
from solver.sweep.source import Source, source_of
from solver.sweep.store import Line
from solver.tables import json
from solver.words import say
from solver.write import sweep as written

ASKS = 1_000
"""Over so many runs it asks first."""

MANY = 8
"""From so many scenarios on they are read on all cores."""

STATUSES = (
    ("failed", common.INPUT),
    ("no_answer", common.NO_ANSWER),
    ("infeasible", common.IMPOSSIBLE),
    ("feasible", common.GAP),
)
"""What a sweep without rules ends with, the worst first."""


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option("--vary", "pairs", multiple=True, metavar="KEY=a,b,c", help="Values to try.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the files.")
@click.option("--accept", "rules", multiple=True, metavar="RULE", help="What a run must keep.")
@click.option("--time-limit", type=float, default=60.0, show_default=True, help="Seconds a run.")
@click.option("--gap", type=float, default=0.0, help="Stop at this relative gap; 0: a proof.")
@click.option("--method", type=click.Choice(METHODS), default="auto")
@click.option("--solver", default="HiGHS", show_default=True, help="HiGHS, CBC, ...")
@click.option("--jobs", type=click.IntRange(1), help="Runs at the same time; default: all cores.")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler, tls://HOST:PORT.")
@click.option("--local-cluster", type=click.IntRange(1), metavar="N", help="Start one to try.")
@click.option("--dry-run", is_flag=True, help="Only say how much it would be.")
@click.option("--yes", is_flag=True, help="Don't ask, however many runs.")
@common.common
def sweep(
    paths: tuple[Path, ...],
    pairs: tuple[str, ...],
    out: Path,
    rules: tuple[str, ...],
    lang: str,
    as_json: bool,
    **how: Any,
) -> int:
    """Solve many scenarios, regions or values; the same command again goes on where it stopped.

    A PATH is a scenario, a folder of scenarios or a folder of regions. The first run of a city is
    the base of its others.

    \b
    A RULE of --accept:
      points >= 98% of base             district.amount >= 95% of base
      inversions <= base + 2            district.Banjarmasin Barat.count >= 20
      worst >= 10%                      agency.PUPR.amount <= 40.000.000.000
    Measures: points amount funded changed inversions gap worst, and of a
    district or agency amount points count; without a name all must keep it.

    Example: kayuh sweep kota/ --vary agency.PUPR.ceiling=-10%,-5%,+5%,+10% --out sapuan
    """  # noqa: D301 - click's mark for lines that stay as they are
    _refuse(paths, out, how)
    progress = Sweeping(lang)
    progress.note("reading")
    params = _params(how)
    plan = planned(paths, lists_of(pairs), params, _reader(how["jobs"]))
    accept = _accepted(rules, plan)
    store = Store(out)
    known = store.read(plan.keys)
    reused = len(known)
    todo = [run for key, run in plan.keys.items() if key not in known]
    estimate = Estimate.of([run.source.proposals for run in todo], params.time_limit)
    if how["dry_run"]:
        progress.clear()
        return _told(plan, known, estimate, how, lang, as_json=as_json)
    _ask(len(todo), lang, yes=how["yes"])
    gone = False
    with (
        common.stoppable() as stop,
        _engine(how, len(todo), stop) as engine,
        common.writing(out),
        store,
    ):
        progress.begin(estimate, engine)
        try:
            carried_out(plan, engine, store, known, stop=stop, watch=progress)
        except GoneError:
            gone = True
    progress.note("writing")
    document = written.document(reported(plan, known, accept), lang)
    _write(document, out, lang)
    progress.clear()
    if as_json:
        common.emit(document)
    else:
        written.show(document, lang, common.console())
        facts = {"folder": str(out), "reused": reused, "new": len(known) - reused}
        click.echo("\n" + say("sweep.written", lang, facts))
    if document["totals"]["waiting"]:
        code = "gone" if gone else "stopped"
        click.echo(say(f"sweep.{code}", lang, document["totals"]), err=True)
        return common.STOPPED
    return _status(document)


def _params(how: dict[str, Any]) -> Params:
    """How each run is solved."""
    for name in ("time_limit", "gap"):
        if not how[name] >= 0:
            option = f"--{name.replace('_', '-')}"
            raise UsageError("bad_number", option=option, least=0, value=how[name])
    return Params(how["time_limit"], how["gap"], how["method"], how["solver"])


def _refuse(paths: Sequence[Path], out: Path, how: dict[str, Any]) -> None:
    """What can't be meant: two clusters, or results among the scenarios."""
    if how["cluster"] and how["local_cluster"]:
        raise UsageError("two_clusters")
    if any(path.is_dir() and path.resolve() == out.resolve() for path in paths):
        raise UsageError("out_is_path", name=str(out))


def _reader(jobs: int | None) -> Reader:
    """Reads many scenarios at once, on this machine: its files are here."""

    def read(named: Sequence[Named]) -> Iterable[Source]:
        if len(named) < MANY or jobs == 1:
            return [source_of(*one) for one in named]
        engine = Local(jobs)
        try:
            return [future.result() for future in [engine.submit(source_of, *n) for n in named]]
        finally:
            engine.close()

    return read


def _accepted(rules: Sequence[str], plan: Plan) -> list[Accept]:
    districts = {name for source in plan.sources for name in source.districts}
    agencies = {name for source in plan.sources for name in source.agencies}
    return [parsed(rule, districts, agencies) for rule in rules]


def _ask(number: int, language: str, *, yes: bool) -> None:
    if number <= ASKS or yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("many_runs", number=number)
    if not click.confirm(say("sweep.ask", language, {"number": number}), err=True):
        raise UsageError("many_runs", number=number)


@contextmanager
def _engine(how: dict[str, Any], runs: int, stop: threading.Event) -> Iterator[Engine]:
    """The engine that was asked for; its workers are ended in any case."""
    engine: Engine
    if how["cluster"] or how["local_cluster"]:
        engine = _cluster(how)
    else:
        jobs = min(how["jobs"] or Local.cores(), max(1, runs))
        engine = Serial(stop) if jobs == 1 else Local(jobs)
    try:
        yield engine
    finally:
        engine.close()


def _cluster(how: dict[str, Any]) -> Engine:
    """A Dask cluster; its library is an extra and is imported only here."""
    try:
        from solver.sweep.engines import cluster
    except ModuleNotFoundError as error:
        raise UsageError("no_distributed", name=error.name) from error
    if how["cluster"]:
        return cluster.at(how["cluster"])
    return cluster.started(how["local_cluster"])


def _told(
    plan: Plan,
    known: dict[str, Line],
    estimate: Estimate,
    how: dict[str, Any],
    language: str,
    *,
    as_json: bool,
) -> int:
    """How much it would be: runs, how many are there already, and what the time can be."""
    workers = how["local_cluster"] or how["jobs"] or Local.cores()
    for line in known.values():
        run = plan.keys[line["key"]]
        estimate.done.append((run.source.proposals, line["seconds"]))
    expected = estimate.range(workers)
    unreadable = sum(source.why is not None for source in plan.sources)
    found: dict[str, Any] = {
        "runs": len(plan.runs),
        "scenarios": len(plan.sources),
        "proposals": sum(source.proposals for source in plan.sources),
        "distinct": len(plan.keys),
        "done": len(known),
        "to_do": estimate.left,
        "unreadable": unreadable,
        "workers": workers,
        "seconds_at_most": estimate.most(workers),
        "seconds_expected": None if expected is None else [round(part) for part in expected],
    }
    if as_json:
        common.emit(found)
        return common.DONE
    click.echo(say("sweep.dry_run", language, found))
    if unreadable:
        click.echo(say("sweep.told_failed", language, {"number": unreadable}))
    if estimate.left:
        most = {"time": Sweeping.span(estimate.most(workers), language), "workers": workers}
        if how["cluster"] is None:
            click.echo(say("sweep.dry_run_most", language, most))
        if expected is not None:
            low, high = (Sweeping.span(part, language) for part in expected)
            click.echo(say("sweep.dry_run_range", language, {"low": low, "high": high}))
    return common.DONE


def _write(document: dict[str, Any], folder: Path, language: str) -> None:
    """sweep.json, sweep.xlsx and a picture a curve, each whole or not at all."""
    with common.writing(folder):
        write_whole(folder / "sweep.xlsx", written.book(document, language))
        for curve in document["curves"]:
            data = written.picture(curve, language).encode()
            write_whole(folder / written.name_of(curve), data)
        write_whole(folder / "sweep.json", (json.pretty(document) + "\n").encode())


def _status(document: dict[str, Any]) -> int:
    """0 or 1 where there are rules or an [expect]; else as the worst run alone would end."""
    accepted = [run["accepted"] for run in document["runs"] if run["accepted"] is not None]
    if accepted:
        return common.DONE if all(accepted) else common.FAILED
    return next((status for name, status in STATUSES if document["totals"][name]), common.DONE)
