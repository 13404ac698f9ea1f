"""Many at once on one city: no interleaving breaks a shared limit or loses an edit; kill -9."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from desk_load import Load, check, prepare

from service.desk import record
from service.store import Store, jobs

SCRIPT = Path(__file__).with_name("desk_load.py")


@pytest.fixture
def store(database_url):
    found = Store(database_url, wait=30)
    prepare(found)
    yield found
    found.close()


def threads(store, number, steps, seed=0):
    told: list[dict] = []
    loads = [Load(store, seed + n, told.append) for n in range(number)]
    workers = [threading.Thread(target=load.run, args=(steps,)) for load in loads]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return told, loads


def start(url, seed, steps, number=1):
    return subprocess.Popen(
        [sys.executable, str(SCRIPT), url, str(seed), str(steps), str(number)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(SCRIPT.parents[1]), *sys.path))},
    )


def lines(text):
    """What a process told, without a last line that it did not finish."""
    whole = text[: text.rfind("\n") + 1]
    return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]


def total(loads, what):
    return sum(load.counts[what] for load in loads)


def is_whole(store, told):
    found = check(store, told)
    with store.session() as tx:
        assert record.verify(tx) == []
    return found


def test_threads_edit_at_random(store):
    told, loads = threads(store, 8, 60)
    found = is_whole(store, told)
    # All of it happened: edits, stale ones, and ones that a limit refused.
    assert found["edits"] == total(loads, "edited") > 100
    assert total(loads, "stale") > 10
    assert total(loads, "over") > 10
    assert total(loads, "advised") > 0
    assert set().union(*(load.counts for load in loads)) == {"edited", "stale", "over", "advised"}


def test_processes_edit_at_random(store, database_url):
    running = [start(database_url, seed, 60, 2) for seed in (1, 2, 3)]
    told = []
    for process in running:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        told += lines(out)
    found = is_whole(store, told)
    assert found["edits"] == sum("after" in ack for ack in told) > 80


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_threads_and_processes_for_longer(store, database_url, seed):
    running = [start(database_url, 10 * seed + n, 300, 3) for n in range(3)]
    told, _ = threads(store, 8, 300, seed=10_000 * (seed + 1))
    for process in running:
        out, _ = process.communicate(timeout=600)
        assert process.returncode == 0
        told += lines(out)
    assert is_whole(store, told)["edits"] > 1500


def killed(url, seed):
    """Run a mixed load, and end it at a random moment in the hardest way.

    The moment is counted in things done, not in seconds: those mean little on a busy machine.
    """
    process = start(url, seed, 100_000, 4)
    chance = random.Random(seed)
    try:
        assert process.stdout.readline() == "ready\n"
        out = "".join(process.stdout.readline() for _ in range(chance.randrange(60)))
        time.sleep(chance.uniform(0, 0.02))
        process.send_signal(signal.SIGKILL)
        out += process.communicate(timeout=60)[0]
    finally:
        process.kill()
    assert process.returncode == -signal.SIGKILL
    return lines(out)


def survive(url, rounds, seed=0):
    told: list[dict] = []
    open_jobs: set[str] = set()
    for number in range(rounds):
        new = killed(url, seed + number)
        told += new
        store = Store(url, wait=30)
        store.upgrade()
        with store.write() as tx:
            left = {job.id for job in jobs.interrupted(tx)}
        # What was acknowledged and had not ended is among what is marked, or has ended.
        began = {ack["job"] for ack in new if "job" in ack}
        ended = {ack["job"] for ack in new if ack.get("state") == "done"}
        with store.session() as tx:
            states = {job.id: job.state for job in jobs.listed(tx)}
        assert all(states[job] in ("interrupted", "done") for job in began - ended)
        assert all(states[job] == "done" for job in ended)
        assert not left & ended
        open_jobs |= left
        is_whole(store, told)
        store.close()
    assert sum("after" in ack for ack in told) > 2 * rounds
    return told, open_jobs


def test_whatever_was_acknowledged_outlives_kill_9(database_url):
    store = Store(database_url)
    prepare(store)
    store.close()
    survive(database_url, 4)


@pytest.mark.soak
def test_whatever_was_acknowledged_outlives_kill_9_fifty_times(database_url):
    store = Store(database_url)
    prepare(store)
    store.close()
    told, open_jobs = survive(database_url, 50, seed=1000)
    assert open_jobs  # it was killed while jobs were under way
    assert len(told) > 1000
