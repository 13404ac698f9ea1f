"""A full disk, a locked database, a lost server: refused in plain words, nothing half written."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from desks import PUPR, city_at, document
from serving import Caller
from sqlalchemy import text

from service.app import create_app
from service.context import KEY
from service.desk import decisions, record
from service.desk.decisions import Edit
from service.settings import Settings
from service.store import LOCAL, Store, backup, events, snapshots
from service.store.errors import BusyError, FullError, StoreError, UnreachableError
from solver.errors import UsageError
from solver.words import LANGUAGES

HOME = Path(__file__).resolve().parents[1]


def is_told(error: StoreError) -> bool:
    """A sentence in both languages, and nothing of the database's own words."""
    for language in LANGUAGES:
        said = error.text(language)
        assert said
        assert not any(part in said for part in ("sqlite", "psycopg", "/tmp", "SQL", "event"))
    return True


@contextmanager
def held(store: Store, seconds: float | None = None):
    """Somebody else who holds the write lock: for some seconds, or to the end."""
    if store.file is not None:
        other = sqlite3.connect(store.file, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        release = lambda: other.execute("ROLLBACK")  # noqa: E731
    else:
        import psycopg

        url = store.url.render_as_string(hide_password=False).replace("+psycopg", "")
        other = psycopg.connect(url)
        other.execute("SELECT pg_advisory_xact_lock(hashtext('kayuh ' || current_schema()))")
        release = other.rollback
    timer = threading.Timer(seconds, release) if seconds else None
    try:
        if timer:
            timer.start()
        yield
    finally:
        if timer:
            timer.join()
        else:
            release()
        other.close()


def add(store, number=0):
    with store.write() as tx:
        events.append(tx, "a", None, None, "x", {"n": number})


def count(store):
    with store.session() as tx:
        assert events.verify(tx) == []
        return events.head(tx).seq


def test_a_locked_database_is_refused_after_a_while_and_then_works(database_url):
    store = Store(database_url, wait=0.5)
    store.upgrade()
    with held(store):
        began = time.monotonic()
        with pytest.raises(BusyError) as caught:
            add(store)
        assert 0.3 < time.monotonic() - began < 5
        assert is_told(caught.value)
        # Readers go on.
        assert count(store) == 0
    add(store)
    assert count(store) == 1
    store.close()


def test_a_lock_that_is_given_up_in_time_is_only_a_wait(database_url):
    store = Store(database_url, wait=10)
    store.upgrade()
    with held(store, 0.5):
        add(store)
    assert count(store) == 1
    store.close()


def test_a_writer_of_this_process_that_does_not_end_is_refused_too(database_url):
    store = Store(database_url, wait=0.3)
    store.upgrade()
    with store.write() as tx:
        events.append(tx, "a", None, None, "x", {})
        seen = []

        def late():
            try:
                add(store)
            except BusyError as error:
                seen.append(is_told(error))

        thread = threading.Thread(target=late)
        thread.start()
        thread.join()
    assert seen == [True]
    assert count(store) == 1
    store.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("state", ["53100", "53200", "53300", "58030", "40P01", "25006", "57P01"])
def test_what_postgresql_says_is_told_in_our_words(database_url, state):
    store = Store(database_url)
    kinds = {"53100": FullError, "58030": FullError, "25006": FullError, "57P01": UnreachableError}
    with pytest.raises(kinds.get(state, BusyError)) as caught, store.write() as tx:
        tx.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'secret' USING ERRCODE = '{state}'; END $$"))
    assert is_told(caught.value)
    assert "secret" not in str(caught.value) + repr(caught.value.__cause__)
    store.close()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_server_that_went_away_is_told_and_found_again(database_url):
    store = Store(database_url)
    store.upgrade()
    import psycopg

    url = store.url.render_as_string(hide_password=False).replace("+psycopg", "")

    def fails():
        with store.write() as tx:
            mine = tx.execute(text("SELECT pg_backend_pid()")).scalar()
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [mine])
            time.sleep(0.2)
            events.append(tx, "a", None, None, "x", {})

    with pytest.raises(UnreachableError) as caught:
        fails()
    assert is_told(caught.value)
    add(store)
    assert count(store) == 1
    store.close()


FILL = """
    import json, resource, signal, sys
    sys.path[:0] = {paths!r}
    from service.desk import decisions
    from service.desk.decisions import Edit
    from service.store import LOCAL, Store, snapshots
    from service.store.errors import FullError
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = Store(sys.argv[1])
    with store.session() as tx:
        rev = decisions.of_city(tx, "kota")["U-1"].rev
    most = int(sys.argv[2])
    if most:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    import random
    random.seed(1)
    for number in range(10_000):
        try:
            with store.write(LOCAL) as tx:
                # What does not pack, so that the disk fills soon.
                snapshots.keep(tx, "result", {{"n": number, "x": random.randbytes(20_000).hex()}})
                wanted = Edit("accommodated", volume=40 + 20 * (number % 2), note=str(number))
                rev = decisions.edit(tx, "kota.PUPR", "U-1", wanted, rev).decision.rev
            print(json.dumps({{"rev": rev, "note": str(number)}}), flush=True)
        except FullError as error:
            print(json.dumps({{"refused": error.code, "text": error.text("id")}}), flush=True)
            break
    with store.session() as tx:
        print(json.dumps({{"read": decisions.of_city(tx, "kota")["U-1"].rev}}), flush=True)
"""


def fill(url: str, most: int) -> list[dict]:
    """Edit until the disk takes no more, in a process of its own."""
    import json

    paths = [str(HOME), str(HOME / "tests")]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FILL.format(paths=paths)), url, str(most)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def first_edit(url):
    with city_at(url) as store, store.write(LOCAL) as tx:
        decisions.edit(tx, PUPR, "U-1", Edit("accommodated", volume=40), 0)


def is_as_told(url: str, told: list[dict]) -> None:
    """Refused once, in words; everything before is there, nothing of the refused one is."""
    *acks, refused, read = told
    assert len(acks) > 3
    assert refused["refused"] in ("full", "io_error")
    assert "akram" in refused["text"]
    store = Store(url)
    with store.session() as tx:
        stands = decisions.of_city(tx, "kota")["U-1"]
        assert (stands.rev, stands.note) == (acks[-1]["rev"], acks[-1]["note"])
        assert read["read"] == stands.rev
        assert record.verify(tx) == []
        assert events.head(tx).seq == stands.rev
    store.close()


def test_a_file_that_may_not_grow_refuses_the_edit_whole(tmp_path):
    url = f"sqlite:///{tmp_path / 'kayuh.db'}"
    first_edit(url)
    is_as_told(url, fill(url, 600_000))
    # With room again it goes on.
    with Store(url).write(LOCAL) as tx:
        rev = decisions.of_city(tx, "kota")["U-1"].rev
        decisions.edit(tx, PUPR, "U-1", Edit("deferred"), rev)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_refuses_the_edit_whole(small_disk):
    url = f"sqlite:///{small_disk / 'kayuh.db'}"
    first_edit(url)
    is_as_told(url, fill(url, 0))


@contextmanager
def desk_over(store):
    """Whoever calls a service over the store."""
    app = create_app(Settings(database=str(store.url)), store)
    try:
        yield Caller(app)
    finally:
        app.extensions[KEY].runner.close()


EDIT = {"rev": 0, "code": "deferred", "reason": "agency_ceiling"}


def test_over_http_a_locked_database_is_503_and_the_board_goes_on(database_url):
    with city_at(database_url, wait=0.3) as store, desk_over(store) as call:
        with held(store):
            for method, path, body in (
                ("PUT", f"/desks/{PUPR}/decisions/U-1", EDIT),
                ("POST", "/recommendations", document()),
            ):
                found = call(method, path, body)
                assert (found.status, found.json["type"]) == (503, "urn:kayuh:problem:busy")
                assert int(found.headers["Retry-After"]) > 0
            assert call("GET", f"/desks/{PUPR}").status == 200
        assert call("PUT", f"/desks/{PUPR}/decisions/U-1", EDIT).status == 200


def test_over_http_a_full_disk_is_507_and_nothing_is_half_kept(small_disk):
    with city_at(f"sqlite:///{small_disk / 'kayuh.db'}") as store, desk_over(store) as call:
        filler = small_disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)
        # What does not pack: the log that is there already has room for a little.
        large = document(title=random.Random(1).randbytes(60_000).hex())
        for _ in range(2):
            found = call("PUT", "/scenarios/besar", large)
            assert (found.status, found.json["type"]) == (507, "urn:kayuh:problem:full")
        assert call("GET", "/scenarios/besar").status == 404
        assert call("GET", f"/desks/{PUPR}").status == 200
        filler.unlink()
        assert call("PUT", "/scenarios/besar", large).status == 200


def test_a_backup_onto_a_full_disk_leaves_nothing_behind(small_disk, tmp_path):
    url = f"sqlite:///{tmp_path / 'kayuh.db'}"
    with city_at(url) as store:
        with store.write() as tx:
            for number in range(40):
                snapshots.keep(tx, "result", {"n": number, "x": os.urandom(50_000).hex()})
        with pytest.raises((FullError, UsageError)) as caught:
            backup.backup(store, small_disk / "cadangan.db")
        if isinstance(caught.value, StoreError):
            assert is_told(caught.value)
    assert list(small_disk.iterdir()) == []


def test_a_database_that_may_only_be_read_is_refused(tmp_path):
    """Root may write to any file, so it is marked rather than its permissions."""
    store = Store(f"sqlite:///{tmp_path / 'kayuh.db'}")
    store.upgrade()

    def writes():
        with store.write() as tx:
            tx.execute(text("PRAGMA query_only = ON"))
            events.append(tx, "a", None, None, "x", {})

    with pytest.raises(FullError) as caught:
        writes()
    assert caught.value.code == "read_only"
    assert is_told(caught.value)
    store.close()


def test_a_damaged_database_is_told(tmp_path):
    file = tmp_path / "kayuh.db"
    with city_at(f"sqlite:///{file}") as store, store.write() as tx:
        for number in range(50):
            snapshots.keep(tx, "result", {"n": number, "x": os.urandom(5000).hex()})
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    data = bytearray(file.read_bytes())
    for position in range(8192, len(data), 3000):
        data[position : position + 200] = b"\xaa" * 200
    file.write_bytes(data)
    store = Store(f"sqlite:///{file}")

    def walk():
        with store.session() as tx:
            events.verify(tx)
            snapshots.verify(tx)

    with pytest.raises(UnreachableError) as caught:
        walk()
    assert caught.value.code == "corrupt"
    assert is_told(caught.value)
    store.close()


CLAIM = """
    import sys, time
    sys.path[:0] = {paths!r}
    from service.store import Store
    store = Store(sys.argv[1])
    store.claim()
    print("claimed", flush=True)
    time.sleep(60)
"""


def test_only_one_service_works_on_a_database_and_a_killed_one_lets_go(database_url):
    store = Store(database_url)
    store.upgrade()
    paths = [str(HOME), str(HOME / "tests")]
    command = [sys.executable, "-c", textwrap.dedent(CLAIM.format(paths=paths)), database_url]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "claimed\n"
        with pytest.raises(BusyError, match="in_use") as caught:
            store.claim()
        assert is_told(caught.value)
        add(store)  # whoever does no jobs may read and write
    finally:
        other.kill()
        other.communicate()
    for _ in range(50):  # PostgreSQL takes a moment to notice
        try:
            store.claim()
            break
        except BusyError:
            time.sleep(0.1)
    second = Store(database_url)
    with pytest.raises(BusyError, match="in_use"):
        second.claim()
    store.close()
    second.claim()
    second.close()
