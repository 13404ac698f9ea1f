"""What the store and the desk refuse, as one tree; every refusal has a sentence.

    RefusedError            code and facts name a sentence of the catalogue `topic`
    |- StoreError           the database can't be used as asked
    |  |- BusyError         another writer holds it too long: try again
    |  |- FullError         there is no room to write: nothing was changed
    |  `- UnreachableError  it is not there, or is none of ours
    |- UnknownError         there is no such thing
    |- StaleError           the thing was changed meanwhile; `changes` says by whom and how
    |- ForbiddenError       this person may not do that
    |- NotNowError          its state does not allow it: closed, signed, already there
    |- OverLimitError       the edit would break a limit
    `- InvalidError         what was asked for makes no sense as it is

No fact holds a path, an address of a database or a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from solver.errors import KayuhError
from solver.words import say


class Phrase(NamedTuple):
    """A part of a sentence that is a sentence itself: it waits for the language."""

    code: str
    facts: Mapping[str, Any]


class RefusedError(KayuhError):
    """Something was refused, and nothing was changed by it.

    `facts` fill the blanks of the sentence; `details` is what a program needs to know, as JSON.
    """

    topic = "desk"

    def __init__(self, code: str, details: Mapping[str, Any] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details or {}
        self.facts = facts

    def text(self, language: str) -> str:
        """What was refused, why, and what to do."""
        return spoken(Phrase(f"{self.topic}.{self.code}", self.facts), language)


def spoken(phrase: Phrase, language: str) -> str:
    """The phrase and all phrases in it, in a language."""
    facts = {name: _said(value, language) for name, value in phrase.facts.items()}
    return say(phrase.code, language, facts)


def _said(value: Any, language: str) -> Any:
    if isinstance(value, Phrase):
        return spoken(value, language)
    if isinstance(value, list):
        return [_said(item, language) for item in value]
    return value


class StoreError(RefusedError):
    """The database can't be used as asked."""

    topic = "store"


class BusyError(StoreError):
    """Another writer holds the database too long."""


class FullError(StoreError):
    """There is no room to write; nothing was changed."""


class UnreachableError(StoreError):
    """The database is not there, can't be opened, or is none of ours."""


class UnknownError(RefusedError):
    """There is no such thing."""


class StaleError(RefusedError):
    """The thing was changed meanwhile; details: rev, and changes with who, when and what."""


class ForbiddenError(RefusedError):
    """This person may not do that."""


class NotNowError(RefusedError):
    """The state of the thing does not allow it."""


class OverLimitError(RefusedError):
    """The edit would break a limit; details: limits, each with room, need and holders."""


class InvalidError(RefusedError):
    """What was asked for makes no sense as it is."""
