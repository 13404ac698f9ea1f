"""The service's sentences: whole in both languages, each of them said somewhere, none twice."""

from __future__ import annotations

import re
import string
import tomllib
from http import HTTPStatus
from pathlib import Path

import pytest

import service
from service.app import create_app
from service.settings import Settings
from service.store import Store
from solver.words import LANGUAGES, say

HOME = Path(service.__file__).parent
OWN = ("problem", "form_error", "serve", "status", "operation")
"""The topics of the API and of `kayuh serve`."""


def sentences(folder):
    for file in sorted((folder / "catalogues").glob("*.toml")):
        for code, texts in tomllib.loads(file.read_text("utf-8")).items():
            yield f"{file.stem}.{code}", texts


ALL = list(sentences(HOME))
OURS = [(code, texts) for code, texts in ALL if code.partition(".")[0] in OWN]


def blanks(text):
    return sorted((name, kind or "") for _, name, kind, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize(("code", "texts"), OURS, ids=[code for code, _ in OURS])
def test_a_sentence_says_the_same_in_every_language(code, texts):
    assert set(texts) == set(LANGUAGES)
    assert all(text == text.strip() != "" for text in texts.values())
    assert len({tuple(blanks(text)) for text in texts.values()}) == 1


def test_no_sentence_hides_one_of_the_solver():
    solver = {code for code, _ in sentences(HOME.parent / "solver")}
    assert not solver & {code for code, _ in ALL}


def test_every_sentence_of_ours_is_said_somewhere():
    source = "".join(file.read_text("utf-8") for file in HOME.rglob("*.py"))
    source += "".join(file.read_text("utf-8") for file in HOME.rglob("*.html"))
    for code, _ in ALL:
        topic, _, name = code.partition(".")
        if topic in ("problem", "form_error", "serve"):
            assert re.search(rf'["\'.]{name}["\']', source), code


def test_every_status_that_is_told_has_a_title():
    source = "".join(file.read_text("utf-8") for file in HOME.rglob("*.py"))
    told = {int(found) for found in re.findall(r"Problem\((\d{3}),", source)}
    told |= {int(found) for found in re.findall(r"Error, (\d{3})\)", source)}
    assert told >= {400, 401, 403, 404, 409, 415, 422, 429, 503, 507}
    for status in told:
        assert HTTPStatus(status)
        assert say(f"status.{status}", "id") != say(f"status.{status}", "en")


def test_every_operation_and_group_is_described(tmp_path):
    url = f"sqlite:///{tmp_path / 'kayuh.db'}"
    store = Store(url)
    store.upgrade()
    app = create_app(Settings(database=url, workers=1), store)
    found = app.api_doc
    names = {op["operationId"] for item in found["paths"].values() for op in item.values()}
    groups = {f"group_{tag['name']}" for tag in found["tags"]}
    page = {"about"} | {code for code in codes("operation") if code.startswith("page_")}
    assert codes("operation") == names | groups | page
    store.close()


def codes(topic):
    return {code.partition(".")[2] for code, _ in ALL if code.startswith(f"{topic}.")}
