"""kayuh user, backup, restore and verify-log."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from desks import PUPR, city_at
from sqlalchemy import text

from service.cli import main
from service.desk import decisions
from service.desk.decisions import Edit
from service.store import LOCAL, Actor, Store, events, people
from service.store.models import Event

PASSWORD = "perahu kayu di martapura"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(people, "METHOD", "scrypt:1024:8:1")


def run(*words, typed=None, status=0):
    found = CliRunner().invoke(main, [str(word) for word in words], input=typed)
    assert found.exit_code == status, (found.output, found.exception)
    return found


@pytest.fixture
def city(database_url):
    with city_at(database_url) as store, store.write(LOCAL) as tx:
        decisions.edit(tx, PUPR, "U-1", Edit("accommodated", volume=80), 0)
    return database_url


def test_accounts_from_the_command_line(database_url):
    at = ("--database", database_url)
    said = run("user", "add", "Ibu Rahma", "--role", "planner", *at, typed=PASSWORD + "\n")
    assert "Ibu Rahma" in said.stdout
    assert PASSWORD not in said.output
    run("user", "add", "budi", "--role", "agency", "--agency", "PUPR", *at, typed=PASSWORD + "\r\n")
    run(
        "user", "add", "camat", "--role", "kecamatan", "--district", "Barat", "--json", *at,
        typed=PASSWORD,
    )  # fmt: skip
    token = run("user", "token", "budi", "--label", "laporan", *at).stdout.strip()
    store = Store(database_url)
    assert people.sign_in(store, "budi", PASSWORD, "x")
    with store.session() as tx:
        assert people.who_has_token(tx, token) == Actor("budi", "agency", "PUPR")
    listed = json.loads(run("user", "list", "--json", *at).stdout)
    assert [(u["name"], u["role"], u["scope"], u["active"]) for u in listed] == [
        ("budi", "agency", "PUPR", True),
        ("camat", "kecamatan", "Barat", True),
        ("Ibu Rahma", "planner", "", True),
    ]
    assert [t["label"] for t in listed[0]["tokens"]] == ["laporan"]
    shown = run("user", "list", *at).stdout
    assert "laporan" in shown
    assert token not in shown
    run("user", "revoke", listed[0]["tokens"][0]["id"], *at)
    with store.session() as tx:
        assert people.who_has_token(tx, token) is None
    run("user", "password", "budi", *at, typed="kata sandi yang lain\n")
    assert people.sign_in(store, "budi", "kata sandi yang lain", "x")
    run("user", "close", "budi", *at)
    assert "ditutup" in run("user", "list", *at).stdout
    assert "closed" in run("user", "list", "--lang", "en", *at).stdout
    run("user", "open", "budi", *at)
    assert people.sign_in(store, "budi", "kata sandi yang lain", "x")
    with store.session() as tx:
        assert {e.actor for e in tx.query(Event).all()} == {"console"}
    store.close()


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "a", "--role", "planner"), "short\n", "paling sedikit 10"),
        (("add", "a", "--role", "planner"), "", "paling sedikit 10"),
        (("add", "a", "--role", "agency"), PASSWORD, "OPD"),
        (("add", "a", "--role", "kecamatan"), PASSWORD, "kecamatan"),
        (("add", "a", "--role", "king"), PASSWORD, "king"),
        (("password", "nobody"), PASSWORD, "nobody"),
        (("close", "nobody"), None, "nobody"),
        (("token", "nobody"), None, "nobody"),
        (("revoke", "nope"), None, "nope"),
    ],
    ids=str,
)
def test_what_makes_no_sense_ends_with_2_and_says_why(city, words, typed, said):
    found = run("user", *words, "--database", city, typed=typed, status=2)
    assert said in found.stderr
    assert found.stdout == ""


def test_no_password_is_ever_an_argument():
    for name in ("add", "password"):
        command = main.commands["user"].commands[name]
        assert not any("password" in option for p in command.params for option in p.opts)


def test_the_log_is_verified(city):
    said = run("verify-log", "--database", city)
    store = Store(city)
    with store.session() as tx:
        mark = events.head(tx)
    assert mark.fingerprint in said.stdout
    found = json.loads(run("verify-log", "--json", "--database", city).stdout)
    assert found == {
        "events": mark.seq,
        "head": mark.hash,
        "fingerprint": mark.fingerprint,
        "faults": [],
    }
    run("verify-log", "--head", mark.fingerprint, "--database", city)
    said = run("verify-log", "--head", "3-0000-0000-0000-0000", "--database", city, status=1)
    assert "3-0000" in said.stdout
    with store.write() as tx:
        tx.execute(text("UPDATE decision SET amount = 5"))
    for language, words in (("id", "U-1"), ("en", "The decision on U-1")):
        said = run("verify-log", "--lang", language, "--database", city, status=1)
        assert words in said.stdout
    found = json.loads(run("verify-log", "--json", "--database", city, status=1).stdout)
    assert [(f["code"], f["seq"]) for f in found["faults"]] == [("decision_differs", mark.seq)]
    store.close()


def test_backup_and_restore(city, tmp_path):
    file, new = tmp_path / "cadangan.db", f"sqlite:///{tmp_path / 'baru.db'}"
    said = run("backup", file, "--database", city)
    store = Store(city)
    with store.session() as tx:
        mark = events.head(tx)
    store.close()
    assert mark.fingerprint in said.stdout
    assert str(file) in said.stdout
    assert str(file) in run("backup", file, "--database", city, status=2).stderr
    found = json.loads(run("restore", file, "--json", "--database", new).stdout)
    assert found["fingerprint"] == mark.fingerprint
    run("verify-log", "--head", mark.fingerprint, "--database", new)
    said = run("restore", file, "--database", new, status=2)
    assert "kosong" in said.stderr
    said = run("restore", tmp_path / "nope.db", "--database", f"{new}2", "--lang", "en", status=2)
    assert "no backup" in said.stderr


@pytest.mark.parametrize(
    "words", [("backup", "x.db"), ("verify-log",), ("user", "list"), ("user", "close", "a")]
)
def test_a_database_that_is_not_there_is_not_made(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = run(*words, "--database", "sqlite:///none/kayuh.db", status=2)
    assert "kayuh serve" in said.stderr
    assert list(tmp_path.iterdir()) == []
    said = run(*words, "--database", "mysql://u:secret@h/x", status=2)
    assert "secret" not in said.output


def test_without_a_database_named_it_is_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    run("user", "add", "Rahma", "--role", "planner", typed=PASSWORD)
    assert "Rahma" in run("user", "list").stdout
    assert len(list(tmp_path.rglob("kayuh.db"))) == 1


def test_every_command_has_help_with_an_example():
    commands = [main.commands[n] for n in ("backup", "restore", "verify-log", "user")]
    for command in (*commands, *main.commands["user"].commands.values()):
        assert "Example: kayuh " in command.help
