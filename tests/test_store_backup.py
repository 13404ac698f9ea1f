"""A backup is one file of one moment, whatever the database is; it is restored whole or not."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from contextlib import closing

import pytest
from desk_load import Load, check, prepare
from desks import PUPR, city_at
from sqlalchemy import func, inspect, select

from service.desk import city, decisions, record, sessions
from service.desk.decisions import Edit
from service.store import LOCAL, Store, backup, events, jobs, people, scenarios, snapshots
from service.store.errors import UnreachableError
from service.store.models import Base
from solver.errors import UsageError


@pytest.fixture
def empty(database_url, tmp_path):
    """Another empty database of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'baru' / 'kayuh.db'}"
        return
    import psycopg

    server = database_url.partition("?")[0].replace("+psycopg", "")
    schema = f"kayuh_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield f"{database_url.partition('?')[0]}?options=-csearch_path%3D{schema}"
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


def fill(store):
    with store.write(LOCAL) as tx:
        scenarios.name(tx, "kota", city.city_of(tx, "kota").scenario, "Kota")
        decisions.edit(tx, PUPR, "U-1", Edit("accommodated", volume=80), 0)
        decisions.edit(tx, PUPR, "U-2", Edit("deferred", reason="land", note="é\n“x”"), 0)
        sessions.close(tx, PUPR)
        job = jobs.add(tx, "recommendation", {"n": 1.5}, PUPR)
        jobs.update(tx, job.id, state="running")
        result = snapshots.keep(tx, "result", {"text": "x" * 100_000})
        jobs.update(tx, job.id, state="done", result=result, log="catatan")
        people.add(tx, "budi", "agency", "scrypt:16:8:1$a$b", "PUPR")
        people.add_token(tx, "budi", "laporan")


def rows(store):
    """Every row of every table, but for those of who is signed in."""
    with store.session() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in ("login", "attempt")
        }


def is_whole(store):
    with store.session() as tx:
        assert record.verify(tx) == []
        return True


def test_what_is_restored_is_what_was_there(database_url, empty, tmp_path):
    with city_at(database_url) as store:
        fill(store)
        file = tmp_path / "cadangan.db"
        mark = backup.backup(store, file)
        with store.session() as tx:
            assert mark == events.head(tx)
        assert file.stat().st_mode & 0o077 == 0
        assert sorted(p.name for p in tmp_path.iterdir() if "cadangan" in p.name) == [file.name]
        before = file.read_bytes()
        new = Store(empty)
        assert backup.restore(new, file, record.verify) == mark
        assert rows(new) == rows(store)
        assert is_whole(new)
        assert file.read_bytes() == before
        # And it goes on from there.
        with new.write(LOCAL) as tx:
            sessions.open_session(tx, PUPR)
            decisions.edit(
                tx, PUPR, "U-1", Edit("deferred"), decisions.of_city(tx, "kota")["U-1"].rev
            )
            people.add_token(tx, "budi", "dua")
        assert is_whole(new)
        new.close()


def test_a_backup_is_a_database_that_can_be_opened_as_it_is(database_url, tmp_path):
    with city_at(database_url) as store:
        fill(store)
        backup.backup(store, tmp_path / "cadangan.db")
        opened = Store(f"sqlite:///{tmp_path / 'cadangan.db'}")
        opened.check()
        assert rows(opened) == rows(store)
        opened.close()


def test_a_backup_moves_a_city_between_the_two_kinds_of_database(database_url, tmp_path):
    with city_at(database_url) as store:
        fill(store)
        backup.backup(store, tmp_path / "a.db")
        other = Store(f"sqlite:///{tmp_path / 'lain.db'}")
        backup.restore(other, tmp_path / "a.db", record.verify)
        backup.backup(other, tmp_path / "b.db")
        third = Store(f"sqlite:///{tmp_path / 'ketiga.db'}")
        backup.restore(third, tmp_path / "b.db", record.verify)
        assert rows(third) == rows(store)
        other.close()
        third.close()


def test_a_backup_while_many_write_holds_one_moment(database_url, tmp_path):
    store = Store(database_url, wait=30)
    prepare(store)
    stop = threading.Event()
    told = []

    def work(seed):
        load = Load(store, seed, told.append)
        while not stop.is_set():
            load.run(1)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for worker in workers:
        worker.start()
    try:
        marks = [backup.backup(store, tmp_path / f"c{number}.db") for number in range(5)]
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    assert marks[0].seq < marks[-1].seq  # they did write meanwhile
    for number, mark in enumerate(marks):
        copy = Store(f"sqlite:///{tmp_path / f'baru{number}.db'}")
        backup.restore(copy, tmp_path / f"c{number}.db", record.verify)
        assert is_whole(copy)
        known = [ack for ack in told if max(ack.get("rev", 0), ack.get("lock", 0)) <= mark.seq]
        check(copy, [ack for ack in known if "job" not in ack])
        copy.close()
    store.close()


def test_a_database_that_holds_anything_is_not_written_over(database_url, empty, tmp_path):
    with city_at(database_url) as store:
        fill(store)
        file = tmp_path / "cadangan.db"
        backup.backup(store, file)
        before = rows(store)
        with pytest.raises(UnreachableError, match="not_empty") as caught:
            backup.restore(store, file, record.verify)
        assert caught.value.text("id")
        assert rows(store) == before
        with pytest.raises(UsageError, match="already_there"):
            backup.backup(store, file)
        # Tables alone are no data.
        new = Store(empty)
        new.upgrade()
        backup.restore(new, file, record.verify)
        assert rows(new) == before
        new.close()


def test_what_is_no_backup_or_was_changed_is_not_restored(empty, tmp_path):
    """Whatever is wrong with the file, the target stays empty."""
    with city_at(f"sqlite:///{tmp_path / 'kayuh.db'}") as store:
        fill(store)
        good = tmp_path / "cadangan.db"
        backup.backup(store, good)
    new = Store(empty)

    def refused(name, data=None, *statements):
        file = tmp_path / name
        if data is not None:
            file.write_bytes(data)
        if statements:
            with closing(sqlite3.connect(file)) as database:
                for statement in statements:
                    database.execute(statement)
                database.commit()
        with pytest.raises(UnreachableError) as caught:
            backup.restore(new, file, record.verify)
        with new.session() as tx:
            there = inspect(tx.connection()).get_table_names()
        assert not there or not any(rows(new).values())
        return caught.value.code

    data = good.read_bytes()
    triggers = [f"DROP TRIGGER {t}_no_{c}" for t in ("event", "snapshot")
                for c in ("update", "delete")]  # fmt: skip
    assert refused("nope.db") == "no_backup"
    assert refused("letter.db", b"Dear Sir, " * 100) == "no_backup"
    assert refused("empty.db", b"") == "no_backup"
    assert refused("short.db", data[: len(data) // 2]) in ("no_backup", "corrupt")
    assert refused("other.db", b"", "CREATE TABLE t (a)") == "no_backup"
    assert (
        refused("a.db", data, *triggers, "UPDATE event SET actor = 'x' WHERE seq = 2")
        == "backup_faulty"
    )
    assert refused("b.db", data, *triggers, "DELETE FROM event WHERE seq = 2") == "backup_faulty"
    assert (
        refused("c.db", data, *triggers, "UPDATE snapshot SET text = x'00' WHERE kind = 'result'")
        == "backup_faulty"
    )
    assert refused("d.db", data, "UPDATE decision SET amount = 1") == "backup_faulty"
    assert refused("e.db", data, "UPDATE alembic_version SET version_num = '9'") == "newer"
    backup.restore(new, good, record.verify)
    with new.session() as tx:
        assert tx.scalar(select(func.count()).select_from(Base.metadata.tables["decision"])) == 2
    new.close()


def test_a_restore_that_fails_half_way_leaves_nothing(database_url, empty, tmp_path, monkeypatch):
    with city_at(database_url) as store:
        fill(store)
        backup.backup(store, tmp_path / "cadangan.db")
    new = Store(empty)
    real, calls = backup._copy, []

    def breaks(table, old, fresh):
        calls.append(table.name)
        if len(calls) == 6:
            raise OSError(28, "No space left on device")
        real(table, old, fresh)

    monkeypatch.setattr(backup, "_copy", breaks)
    with pytest.raises(OSError, match="No space"):
        backup.restore(new, tmp_path / "cadangan.db", record.verify)
    monkeypatch.undo()
    assert not any(rows(new).values())
    backup.restore(new, tmp_path / "cadangan.db", record.verify)
    assert is_whole(new)
    new.close()


def test_there_has_to_be_something_to_back_up(database_url, tmp_path):
    store = Store(database_url)
    with pytest.raises(UnreachableError, match="not_ours"):
        backup.backup(store, tmp_path / "x.db")
    store.upgrade()
    with pytest.raises(UsageError, match="cannot_write"):
        backup.backup(store, tmp_path / "no folder" / "x.db")
    assert backup.backup(store, tmp_path / "x.db").seq == 0
    store.close()


def test_an_older_backup_is_brought_up_to_date(tmp_path):
    old = Store(f"sqlite:///{tmp_path / 'old.db'}")
    old.upgrade("0001")
    with old.write() as tx:
        digest = snapshots.keep(tx, "scenario", {"n": 1})
        scenarios.name(tx, "kota", digest, "Kota")
    old.close()
    with closing(sqlite3.connect(tmp_path / "old.db")) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    new = Store(f"sqlite:///{tmp_path / 'new.db'}")
    backup.restore(new, tmp_path / "old.db", record.verify)
    new.check()
    with new.session() as tx:
        assert snapshots.read(tx, digest) == {"n": 1}
    new.close()
