"""Every refusal of the store and the desk has its sentence, and every sentence is said."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import service
from service.desk import state
from service.store.errors import RefusedError
from solver.words import LANGUAGES, catalogue

HOME = Path(service.__file__).parent
TOPICS = ("desk", "store", "log", "user")
SENTENCES = sorted(code for code in catalogue() if code.partition(".")[0] in TOPICS)
FILES = [*HOME.glob("store/**/*.py"), *HOME.glob("desk/*.py"), *HOME.glob("commands/*.py")]
MADE = {
    *(f"session_{name}" for name in ("new", "open", "closed", "signed")),
    *(f"{scope}_missing" for scope in ("agency", "district")),
    *(
        f"field_{name}"
        for name in (
            "code", "decision", "option", "volume", "amount", "reason", "note", "scenario",
        )
    ),
}  # fmt: skip
"""Codes that are put together when they are needed."""


def blanks(text):
    return sorted((name, kind or "") for _, name, kind, _ in string.Formatter().parse(text) if name)


def texts():
    """Every text constant of the files."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_the_same_in_every_language(code):
    said = catalogue()[code]
    assert set(said) == set(LANGUAGES)
    assert all(text == text.strip() != "" for text in said.values())
    assert blanks(said["id"]) == blanks(said["en"])


def test_every_sentence_is_said():
    said = set(texts())
    for code in SENTENCES:
        name = code.partition(".")[2]
        assert name in MADE or {name, code} & said, code


def test_every_refusal_has_its_sentence():
    """The first argument of each error that is raised, in its topic."""
    kinds = {"RefusedError"}
    for _ in range(3):
        for cls in RefusedError.__subclasses__():
            kinds |= {cls.__name__, *(sub.__name__ for sub in cls.__subclasses__())}
    store = {c.__name__ for c in RefusedError.__subclasses__() if c.topic == "store"}
    store |= {s.__name__ for c in RefusedError.__subclasses__() for s in c.__subclasses__()}
    found = 0
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", None)
            if isinstance(node, ast.Call) and name in kinds and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    topic = "store" if name in store else "desk"
                    assert f"{topic}.{first.value}" in catalogue(), (file.name, first.value)
                    found += 1
    assert found > 50


def test_the_states_of_a_session_have_their_sentences():
    assert "session_" in Path(state.__file__).read_text("utf-8")
    for name in MADE:
        assert f"desk.{name}" in catalogue()
