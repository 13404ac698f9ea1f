"""The store: snapshots, names, jobs, the log that shows every change, and migrations."""

from __future__ import annotations

import json
import sqlite3
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from desks import PUPR, city_at, document, keep
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.desk import city, decisions, locks, record, sessions
from service.desk.decisions import Edit
from service.desk.locks import LockEdit
from service.store import LOCAL, Actor, Store, engine, events, jobs, scenarios, schema, snapshots
from service.store.canonical import canonical, sha256
from service.store.errors import (
    InvalidError,
    NotNowError,
    UnknownError,
    UnreachableError,
)
from service.store.models import Base
from solver.scenario import read
from solver.words import LANGUAGES


@pytest.fixture
def store(database_url):
    found = Store(database_url)
    found.upgrade()
    yield found
    found.close()


# Snapshots and names


def test_a_document_is_kept_once_and_read_back_as_it_was(store):
    document = {"b": [1, 1.5, "é — ﷺ\n\x07"], "a": {"z": None, "y": True}}
    with store.write() as tx:
        digest = snapshots.keep(tx, "result", document)
        assert snapshots.keep(tx, "result", dict(reversed(document.items()))) == digest
    with store.session() as tx:
        assert snapshots.read(tx, digest) == document
        assert snapshots.read(tx, "0" * 64) is None
        assert snapshots.verify(tx) == []
    assert digest == sha256(canonical(document))


def test_a_scenario_keeps_the_digest_that_the_solver_gives_it(store):
    scenario = read("scenarios/banjarmasin-2018")
    with store.write() as tx:
        assert snapshots.keep(tx, "scenario", scenario.document) == scenario.digest


@pytest.mark.parametrize("bad", [{"a": "\ud800"}, {"\udfff": 1}])
def test_broken_letters_are_refused(store, bad):
    with pytest.raises(InvalidError), store.write() as tx:
        snapshots.keep(tx, "result", bad)
    with pytest.raises(InvalidError), store.write() as tx:
        jobs.add(tx, "recommendation", bad)


def test_a_name_may_come_to_mean_another_scenario(store):
    with store.write(Actor("Rahma", "planner")) as tx:
        first = snapshots.keep(tx, "scenario", {"n": 1})
        second = snapshots.keep(tx, "scenario", {"n": 2})
        scenarios.name(tx, "kota", first, "Satu")
        scenarios.name(tx, "kota", second, "Dua")
        scenarios.name(tx, "a", first, "A")
    with store.session() as tx:
        assert [(s.name, s.digest, s.title) for s in scenarios.listed(tx)] == [
            ("a", first, "A"),
            ("kota", second, "Dua"),
        ]
        assert scenarios.digest_of(tx, "kota") == second
        assert scenarios.digest_of(tx, "lain") is None
    with pytest.raises(UnknownError), store.write() as tx:
        scenarios.name(tx, "kota", "0" * 64, "Hilang")


def test_nothing_of_a_failed_transaction_is_kept(store):
    def fails():
        with store.write() as tx:
            snapshots.keep(tx, "result", {"n": 1})
            jobs.add(tx, "recommendation", {})
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        fails()
    digest = sha256(canonical({"n": 1}))
    with store.session() as tx:
        assert snapshots.read(tx, digest) is None
        assert jobs.listed(tx) == []
        assert events.head(tx).seq == 0


def test_what_is_read_belongs_to_one_moment(store):
    with store.session() as tx:
        before = events.head(tx)
        with store.write() as other:
            jobs.add(other, "recommendation", {})
        tx.expire_all()
        assert events.head(tx) == before
    with store.session() as tx:
        assert events.head(tx).seq == 1


# Jobs


def test_a_job_goes_its_way_and_ends_once(store):
    with store.write(Actor("Rahma", "planner")) as tx:
        job = jobs.add(tx, "recommendation", {"scenario": "x"}, "kota.PUPR")
        assert (job.state, job.by, job.request) == ("waiting", "Rahma", {"scenario": "x"})
        for state in ("done", "waiting?"):
            with pytest.raises(NotNowError):
                jobs.update(tx, job.id, state=state)
        jobs.update(tx, job.id, state="running")
        jobs.update(tx, job.id, progress={"gap": 0.5}, log="x" * 70_000 + "end")
        result = snapshots.keep(tx, "result", {"points": 1})
        jobs.update(tx, job.id, state="done", result=result)
        for late in ({"state": "stopped"}, {"progress": {"gap": 0}}):
            with pytest.raises(NotNowError) as caught:
                jobs.update(tx, job.id, **late)
            assert caught.value.text("id")
    with store.session() as tx:
        found = jobs.get(tx, job.id)
        assert (found.state, found.progress, found.result) == ("done", {"gap": 0.5}, result)
        assert len(found.log) == jobs.LOG_KEPT
        assert found.log.endswith("end")
        assert [j.id for j in jobs.listed(tx, "kota.PUPR")] == [job.id]
        assert jobs.listed(tx, "kota.PERKIM") == []
        with pytest.raises(UnknownError):
            jobs.get(tx, "nope")


def test_what_a_dead_process_left_is_marked_and_may_go_on(store):
    with store.write() as tx:
        made = [jobs.add(tx, "recommendation", {}) for _ in range(3)]
        jobs.update(tx, made[1].id, state="running")
        jobs.update(tx, made[2].id, state="running")
        jobs.update(tx, made[2].id, state="stopped")
    with store.write() as tx:
        left = jobs.interrupted(tx)
        assert {j.id for j in left} == {made[0].id, made[1].id}
        assert jobs.interrupted(tx) == []
    with store.write() as tx:
        states = {j.id: j.state for j in jobs.listed(tx)}
        assert [states[j.id] for j in made] == ["interrupted", "interrupted", "stopped"]
        jobs.update(tx, made[0].id, state="waiting")
        jobs.update(tx, made[1].id, state="done")  # it was not dead at all


# The log


def test_each_entry_seals_the_one_before(store):
    with store.write() as tx:
        first = events.append(tx, "a", "opd", "kota.PUPR", "x", {"n": 1})
        second = events.append(tx, "b", None, None, "y", {})
        assert (first.prev, second.prev) == (events.START, first.hash)
        sealed = canonical(
            {
                "seq": 2, "at": second.at, "actor": "b", "party": None, "desk": None, "kind": "y",
                "body": "{}",
            }
        )  # fmt: skip
        assert second.hash == sha256(first.hash + sealed)
    with store.session() as tx:
        mark = events.head(tx)
        assert (mark.seq, mark.hash) == (2, second.hash)
        assert events.verify(tx) == []
        assert events.marks(tx, mark.fingerprint)
        assert events.marks(tx, f" {mark.fingerprint.upper()} ")
        for other in ("", "2", "2-", "1" + mark.fingerprint[1:], mark.fingerprint[:-1], "9" * 40):
            assert not events.marks(tx, other)


def test_the_database_itself_refuses_to_change_what_was_written(store):
    with store.write() as tx:
        events.append(tx, "a", None, None, "x", {"n": 1})
        snapshots.keep(tx, "result", {"n": 1})
    for statement in (
        "UPDATE event SET body = '{}'", "DELETE FROM event", "UPDATE snapshot SET kind = 'x'",
        "DELETE FROM snapshot",
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match="append-only"), store.write() as tx:
            tx.execute(text(statement))


def tamper(store, *statements):
    """Write past the log, as somebody with the file in hands could."""
    with store.write() as tx:
        if store.file is None:
            for table in ("event", "snapshot"):
                tx.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change"))
        else:
            for table in ("event", "snapshot"):
                for change in ("update", "delete"):
                    tx.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{change}"))
        for statement in statements:
            tx.execute(text(statement))


def forged(seq: int) -> str:
    """An entry with a right seal of its own, put in as number `seq`."""
    return (
        "INSERT INTO event SELECT"
        f" {seq}, at, actor, party, desk, kind, body, prev, 'ff' || substr(hash, 3)"
        " FROM event WHERE seq = 3"
    )


SHIFT = (
    "UPDATE event SET seq = -seq - 1 WHERE seq >= {0}; UPDATE event SET seq = -seq WHERE seq < 0"
)


@pytest.mark.parametrize(
    ("statements", "codes"),
    [
        (["UPDATE event SET body = replace(body, '3', '4') WHERE seq = 3"], {"altered"}),
        # The same meaning in other bytes is another text.
        (["UPDATE event SET body = body || ' ' WHERE seq = 3"], {"altered"}),
        (["UPDATE event SET actor = 'b' WHERE seq = 5"], {"altered"}),
        (["UPDATE event SET at = '2018-01-01T00:00:00.000000Z' WHERE seq = 1"], {"altered"}),
        (["UPDATE event SET desk = NULL WHERE seq = 2"], {"altered"}),
        (["UPDATE event SET party = 'opd' WHERE seq = 2"], {"altered"}),
        (["UPDATE event SET kind = 'y' WHERE seq = 2"], {"altered"}),
        (["UPDATE event SET hash = 'x' WHERE seq = 5"], {"altered", "cut_short"}),
        (["UPDATE event SET prev = 'x' WHERE seq = 2"], {"altered", "broken_link"}),
        (["DELETE FROM event WHERE seq = 3"], {"missing"}),
        (["DELETE FROM event WHERE seq = 1"], {"missing"}),
        (["DELETE FROM event WHERE seq IN (2, 3, 4)"], {"missing"}),
        (["DELETE FROM event WHERE seq = 5"], {"cut_short"}),
        (["DELETE FROM event"], {"cut_short"}),
        # Deleted, and the rest moved up.
        (
            ["DELETE FROM event WHERE seq = 3", "UPDATE event SET seq = 3 WHERE seq = 4",
             "UPDATE event SET seq = 4 WHERE seq = 5"],
            {"altered", "broken_link", "cut_short"},
        ),
        ([forged(6)], {"altered", "broken_link", "cut_short"}),
        # Inserted in the middle, the rest moved down.
        (
            ["UPDATE event SET seq = 6 WHERE seq = 5", "UPDATE event SET seq = 5 WHERE seq = 4",
             forged(4)],
            {"altered", "broken_link", "cut_short"},
        ),
        # Two swapped.
        (
            ["UPDATE event SET seq = 99 WHERE seq = 3", "UPDATE event SET seq = 3 WHERE seq = 4",
             "UPDATE event SET seq = 4 WHERE seq = 99"],
            {"altered", "broken_link"},
        ),
        (["UPDATE head SET seq = 4"], {"cut_short"}),
        (["DELETE FROM head"], {"cut_short"}),
    ],
    ids=lambda part: "; ".join(sorted(part)),  # a set has no order that two workers share
)  # fmt: skip
def test_whatever_is_done_to_the_log_is_found(store, statements, codes):
    for number in range(1, 6):
        with store.write() as tx:
            events.append(tx, "a", None, "kota.PUPR", "x", {"n": number})
    tamper(store, *statements)
    with store.session() as tx:
        assert {fault.code for fault in events.verify(tx)} == codes


def test_a_log_written_anew_is_whole_but_ends_at_another_head(store):
    with store.write() as tx:
        for number in range(5):
            events.append(tx, "a", None, None, "x", {"n": number})
        printed = events.head(tx).fingerprint
    tamper(store, "DELETE FROM event", "DELETE FROM head")
    with store.write() as tx:
        for number in range(5):
            events.append(tx, "a", None, None, "x", {"n": number * 2})
        assert events.verify(tx) == []
        assert not events.marks(tx, printed)


def test_a_snapshot_that_is_not_its_digests_is_found(store):
    with store.write() as tx:
        snapshots.keep(tx, "result", {"n": 1})
        other = snapshots.keep(tx, "result", {"n": 2})
        snapshots.keep(tx, "result", {"n": 3})
    tamper(
        store,
        f"UPDATE snapshot SET text = (SELECT text FROM snapshot WHERE digest = '{other}')"
        f" WHERE digest > '{other}'",
        f"UPDATE snapshot SET text = substr(text, 4) WHERE digest = '{other}'",
    )
    with store.session() as tx:
        faults = snapshots.verify(tx)
        assert len(faults) in (1, 2, 3)
        assert {f.code for f in faults} == {"snapshot_altered"}


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE decision SET amount = amount + 1 WHERE proposal = 'U-1'", "decision_differs"),
        ("UPDATE decision SET proposal = 'U-5' WHERE proposal = 'U-1'", "decision_differs"),
        ("UPDATE decision SET rev = 999 WHERE proposal = 'U-1'", "decision_differs"),
        ("UPDATE decision SET rev = 1 WHERE proposal = 'U-1'", "decision_differs"),
        ("UPDATE decision SET desk = 'kota.PERKIM' WHERE proposal = 'U-1'", "decision_differs"),
        ("UPDATE lock SET decision = 'reject'", "lock_differs"),
        ("UPDATE desk_session SET state = 'signed' WHERE desk = 'kota.PUPR'", "session_differs"),
    ],
)
def test_rows_changed_past_the_log_are_found(database_url, statement, code):
    with city_at(database_url) as store:
        with store.write(LOCAL) as tx:
            decisions.edit(tx, PUPR, "U-1", Edit("accommodated", volume=80), 0)
            locks.edit(tx, PUPR, "U-2", LockEdit("fund"), 0)
        with store.session() as tx:
            assert record.verify(tx) == []
        tamper(store, statement)
        with store.session() as tx:
            assert {fault.code for fault in record.verify(tx)} == {code}
            assert events.verify(tx) == []


# Migrations


def test_the_migrations_make_the_tables_of_the_models(store):
    with store.write() as tx:
        context = MigrationContext.configure(tx.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert schema.revision_of(tx.connection()) == schema.newest()
    store.check()


def test_up_and_down_with_data_in_it(database_url):
    store = Store(database_url)
    store.upgrade("0001")
    with pytest.raises(UnreachableError):
        store.check()
    with store.write() as tx:
        digest = snapshots.keep(tx, "scenario", {"n": 1})
        scenarios.name(tx, "kota", digest, "Kota")
        columns = "id, kind, request, state, by, created, changed, rev"
        values = "'j1', 'recommendation', '{}', 'done', 'x', 't', 't', 1"
        tx.execute(text(f"INSERT INTO job ({columns}) VALUES ({values})"))
        head = events.head(tx)

    def is_whole():
        with store.session() as tx:
            assert tx.execute(text("SELECT id, request FROM job")).all() == [("j1", "{}")]
            assert snapshots.read(tx, digest) == {"n": 1}
            assert scenarios.digest_of(tx, "kota") == digest
            assert events.head(tx) == head
            assert events.verify(tx) == snapshots.verify(tx) == []

    for _ in range(2):
        store.upgrade()
        is_whole()
        with store.write(LOCAL) as tx:  # the newer tables hold something when they go
            city.create(tx, "kota", keep(tx, document()))
            sessions.open_session(tx, PUPR)
            decisions.edit(tx, PUPR, "U-1", Edit("accommodated"), 0)
            locks.edit(tx, PUPR, "U-2", LockEdit("reject"), 0)
            head = events.head(tx)
        is_whole()
        store.check()
        with store.session() as tx:
            assert jobs.get(tx, "j1").log == ""
        store.upgrade()  # again is nothing
        store.downgrade("0001")
        is_whole()
    store.downgrade("base")
    with store.write() as tx:
        assert schema.revision_of(tx.connection()) is None
    store.upgrade()
    store.close()


def test_a_database_of_a_newer_kayuh_is_told_apart(store):
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnreachableError) as caught:
        store.upgrade()
    assert caught.value.code == "newer"
    with pytest.raises(UnreachableError) as caught:
        store.check()
    assert caught.value.code == "other_revision"


# What can't be opened


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "bad_url"),
        ("kayuh.db", "bad_url"),
        ("mysql://u:secret@host/x", "bad_url"),
        ("oracle+nope://u:secret@host/x", "bad_url"),
        ("sqlite://", "not_a_file"),
        ("sqlite:///:memory:", "not_a_file"),
        ("sqlite:///file:x?mode=memory&uri=true", "not_a_file"),
        ("sqlite://server/share/kayuh.db", "not_a_file"),
        ("sqlite:////proc/nope/kayuh.db", "cannot_open"),
        ("postgresql://rahma:secret@127.0.0.1:1/none", "unreachable"),
    ],
)
def test_what_is_no_database_is_told_without_paths_and_secrets(url, code):
    with pytest.raises(UnreachableError) as caught:
        Store(url, wait=1).upgrade()
    assert caught.value.code == code
    for language in LANGUAGES:
        said = caught.value.text(language)
        assert not any(part in said for part in ("secret", "rahma", "127.0.0.1", "/proc", "nope"))
    assert caught.value.__cause__ is None


def test_without_the_driver_postgresql_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UnreachableError, match="no_driver") as caught:
        Store("postgresql://h/x")
    assert "kayuh[pg]" in caught.value.text("id")


def test_a_folder_where_sqlite_cannot_write_safely_is_refused(tmp_path, monkeypatch):
    """On the network WAL does not work, and SQLite stays in another mode, as in memory."""
    made = engine.create_engine
    in_memory = lambda: sqlite3.connect(":memory:", check_same_thread=False)  # noqa: E731
    monkeypatch.setattr(engine, "create_engine", lambda url, **more: made(url, creator=in_memory))
    with pytest.raises(UnreachableError, match="no_wal") as caught:
        Store(f"sqlite:///{tmp_path / 'kayuh.db'}").upgrade()
    assert "PostgreSQL" in caught.value.text("en")


def test_a_file_that_is_something_else_is_left_as_it_is(tmp_path):
    file = tmp_path / "letter.db"
    file.write_bytes(b"Dear Sir, " * 1000)
    with pytest.raises(UnreachableError) as caught:
        Store(f"sqlite:///{file}").upgrade()
    assert caught.value.code == "not_ours"
    assert file.read_bytes() == b"Dear Sir, " * 1000


def test_another_programs_database_is_none_of_ours(tmp_path):
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE event (id INTEGER)")
    other.close()
    with pytest.raises(UnreachableError):
        Store(f"sqlite:///{file}").check()
    with pytest.raises(UnreachableError) as caught:
        Store(f"sqlite:///{file}").upgrade()
    assert caught.value.code == "not_ours"


def test_a_new_database_is_its_owners_alone(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'a b' / 'kayuh.db'}")
    store.upgrade()
    assert store.file is not None
    assert store.file.stat().st_mode & 0o077 == 0
    store.close()


def test_sqlite_runs_as_it_has_to(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'kayuh.db'}")
    with store.session() as tx:
        found = {
            name: tx.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    store.close()


def test_canonical_text_is_the_same_for_the_same_document():
    document = {"b": 1, "a": [1.0, 2.5, 10**14, "é"]}
    assert canonical(document) == '{"a":[1.0,2.5,100000000000000,"é"],"b":1}'
    assert canonical(json.loads(canonical(document))) == canonical(document)
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})
