"""A scenario: one question put to the solver, resolved to an Instance and to one document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from solver.errors import Notice, Place
from solver.instance import Instance
from solver.scenario.apply import apply
from solver.scenario.build import build
from solver.scenario.document import digest_of, document_of
from solver.scenario.draft import Change, Draft
from solver.scenario.files import chain
from solver.scenario.fragment import Fragment, parse
from solver.scenario.lists import check_expect
from solver.tables.problems import Problems


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario.

    `document` is its whole input as JSON values with the tables inline and nothing inherited;
    `digest` names exactly that input. `changes` has every cell that [set] changed, in order.
    `expect` and `sweep` are the file's own and are not inherited.
    """

    title: str
    year: int | None
    instance: Instance
    document: dict[str, Any]
    digest: str
    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    expect: Mapping[str, Any] | None = None
    sweep: Mapping[str, Any] | None = None
    draft: Draft = field(default_factory=Draft, repr=False, compare=False)


def read(path: str | Path) -> Scenario:
    """The scenario of a file or folder; InputError has every problem that was found."""
    problems = Problems()
    return resolved(Draft(), chain(Path(path), problems), problems)


def resolve(document: Mapping[str, Any], known: Mapping[str, Scenario] | None = None) -> Scenario:
    """The scenario of a JSON document; `extends` may name a known scenario, never a path."""
    problems = Problems()
    start = Draft()
    parent = document.get("extends") if isinstance(document, Mapping) else None
    if parent is not None:
        place = Place(key="extends")
        if isinstance(parent, str) and parent in (known or {}):
            start = (known or {})[parent].draft
        elif not isinstance(parent, str):
            problems.add("wrong_type", place, "extends", parent, value=str(parent)[:40])
        elif any(mark in parent for mark in "/\\.") or not known:
            problems.add("path_not_allowed", place, "extends", parent)
        else:
            problems.unknown("unknown_scenario", parent, lambda: known, place, "extends")
    fragment = parse(document, None, None, problems)
    return resolved(start, [fragment], problems)


def variant(scenario: Scenario, fragment: Mapping[str, Any], source: str | None = None) -> Scenario:
    """The scenario with a fragment of any scenario keys on top; `source` stands in the log."""
    problems = Problems()
    if isinstance(fragment, Mapping) and "extends" in fragment:
        problems.add(
            "path_not_allowed", Place(source, key="extends"), "extends", fragment["extends"]
        )
    return resolved(scenario.draft, [parse(fragment, source, None, problems)], problems)


def resolved(start: Draft, fragments: Iterable[Fragment], problems: Problems) -> Scenario:
    """What a draft becomes with fragments on top; InputError with every problem so far."""
    draft = start
    last = None
    for fragment in fragments:
        draft = apply(draft, fragment, problems)
        last = fragment
    instance = build(draft, problems)
    check_expect(last.expect if last else None, instance, last.file if last else None, problems)
    problems.stop()
    document = document_of(draft, instance)
    return Scenario(
        title=draft.title,
        year=draft.year,
        instance=instance,
        document=document,
        digest=digest_of(document),
        changes=draft.changes,
        notices=tuple(problems.notices),
        expect=last.expect if last else None,
        sweep=last.sweep if last else None,
        draft=draft,
    )
