"""A scenario: one question put to the solver, resolved to an Instance and to one document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
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
from solver.scenario.proposals import unchanged
from solver.tables.problems import Problems


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario.

    `changes` has every cell that [set] changed, in order. `expect` and `sweep` are the file's own
    and are not inherited.
    """

    title: str
    year: int | None
    instance: Instance
    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()
    expect: Mapping[str, Any] | None = None
    sweep: Mapping[str, Any] | None = None
    draft: Draft = field(default_factory=Draft, repr=False, compare=False)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole input as JSON values, the tables inline and nothing inherited."""
        return document_of(self.draft, self.instance)

    @cached_property
    def digest(self) -> str:
        """The name of exactly that input: the sha256 of its canonical text."""
        return digest_of(self.document)


def read(path: str | Path) -> Scenario:
    """The scenario of a file or folder; InputError has every problem that was found."""
    problems = Problems()
    return resolved(None, chain(Path(path), problems), problems)


def resolve(document: Mapping[str, Any], known: Mapping[str, Scenario] | None = None) -> Scenario:
    """The scenario of a JSON document; `extends` may name a known scenario, never a path."""
    problems = Problems()
    before = None
    parent = document.get("extends") if isinstance(document, Mapping) else None
    if parent is not None:
        place = Place(key="extends")
        if isinstance(parent, str) and parent in (known or {}):
            before = (known or {})[parent]
        elif not isinstance(parent, str):
            problems.add("wrong_type", place, "extends", parent, value=str(parent)[:40])
        elif any(mark in parent for mark in "/\\.") or not known:
            problems.add("path_not_allowed", place, "extends", parent)
        else:
            problems.unknown("unknown_scenario", parent, lambda: known, place, "extends")
    fragment = parse(document, None, None, problems)
    return resolved(before, [fragment], problems)


def variant(scenario: Scenario, fragment: Mapping[str, Any], source: str | None = None) -> Scenario:
    """The scenario with a fragment of any scenario keys on top; `source` stands in the log."""
    problems = Problems()
    if isinstance(fragment, Mapping) and "extends" in fragment:
        problems.add(
            "path_not_allowed", Place(source, key="extends"), "extends", fragment["extends"]
        )
    return resolved(scenario, [parse(fragment, source, None, problems)], problems)


def resolved(
    before: Scenario | None, fragments: Iterable[Fragment], problems: Problems
) -> Scenario:
    """What a scenario, or nothing, becomes with fragments on top; InputError with every problem."""
    draft = before.draft if before else Draft()
    last = None
    for fragment in fragments:
        draft = apply(draft, fragment, problems)
        last = fragment
    same = unchanged(draft, before.draft, before.instance) if before else {}
    instance = build(draft, problems, same)
    check_expect(last.expect if last else None, instance, last.file if last else None, problems)
    problems.stop()
    return Scenario(
        title=draft.title,
        year=draft.year,
        instance=instance,
        changes=draft.changes,
        notices=tuple(problems.notices),
        expect=last.expect if last else None,
        sweep=last.sweep if last else None,
        draft=draft,
    )
