"""A scenario as plain data: packed for the way to a worker, with what planning has to know of it.

It is read once where its files lie. What travels is its resolved document, so that a worker needs
none of the files, wherever it is.
"""

from __future__ import annotations

import hashlib
import json as stdlib_json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from solver.errors import InputError, Issue, UsageError
from solver.scenario import Scenario, read, resolve
from solver.sweep.vary import Lists, lists_in
from solver.tables import json
from solver.words import LANGUAGES, say

Texts = Mapping[str, str]
"""A text in every language: a result may be read in another language than it was computed in."""

KEPT = 2
"""So many scenarios stay resolved in one process: the runs of one come one after the other."""


@dataclass(frozen=True)
class Source:
    """One scenario of a sweep. `why` says why it could not be read; all else is then empty.

    `city` is the same for scenarios of one city: those that know the same kecamatan and ask there.
    """

    name: str
    title: str = ""
    digest: str = ""
    document: bytes = b""
    proposals: int = 0
    city: str = ""
    districts: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    lists: Lists = field(default_factory=dict)
    expect: Mapping[str, Any] | None = None
    why: Texts | None = None


def source_of(name: str, path: Path) -> Source:
    """The scenario of a path, or why there is none."""
    try:
        return source_in(name, read(path))
    except (InputError, UsageError, OSError) as error:
        return Source(name, why=reason_of(error))


def source_in(name: str, scenario: Scenario) -> Source:
    """A scenario that was read; InputError where its [sweep] holds no lists."""
    lists, issues = lists_in(scenario.sweep, None)
    if issues:
        raise InputError(issues)
    instance = scenario.instance
    asked = {o.district for p in instance.proposals for o in p.options}
    districts = tuple(sorted(asked | {place.district for place in instance.locations}))
    return Source(
        name,
        scenario.title,
        scenario.digest,
        zlib.compress(json.dump(scenario.document).encode(), 3),
        len(instance.proposals),
        hashlib.sha256("\n".join(districts).encode()).hexdigest(),
        districts,
        tuple(sorted(agency.code for agency in instance.agencies)),
        lists,
        scenario.expect,
    )


def reason_of(error: InputError | UsageError | OSError) -> Texts:
    """The first problem, and how many more there are, in every language."""
    if isinstance(error, InputError):
        return {language: _first(error.issues, language) for language in LANGUAGES}
    if isinstance(error, UsageError):
        return {
            language: say(f"usage.{error.code}", language, error.facts) for language in LANGUAGES
        }
    facts = {"reason": error.strerror or str(error)}
    return {language: say("sweep.unreadable", language, facts) for language in LANGUAGES}


def _first(issues: tuple[Issue, ...], language: str) -> str:
    issue = issues[0]
    text = say(f"input.{issue.code}", language, issue.facts)
    if issue.suggestion:
        text += " " + say("command.did_you_mean", language, {"name": issue.suggestion})
    place = ", ".join(filter(None, (issue.place.file, issue.place.sheet, issue.place.key)))
    if place:
        text = f"{place}: {text}"
    if len(issues) > 1:
        text += " " + say("sweep.and_more", language, {"number": len(issues) - 1})
    return text


def document_in(packed: bytes) -> dict[str, Any]:
    """The document that was packed."""
    found: dict[str, Any] = stdlib_json.loads(zlib.decompress(packed), parse_float=Decimal)
    return found


@lru_cache(KEPT)
def scenario_in(packed: bytes) -> Scenario:
    """The scenario that was packed, resolved once in a process for all its runs."""
    return resolve(document_in(packed))
