"""Many people at many desks at once: nothing is lost, nothing broken, nobody waits for a solve."""

from __future__ import annotations

import json
import random
import signal
import time

import pytest
from load import CITY, DESKS, MIX, Record, faults, measure, people
from serving import Child
from sqlalchemy import select

from service.desk import decisions, record
from service.store import Store, events, jobs, snapshots
from service.store.models import Event


def check(found):
    told = json.dumps(found, indent=1)
    assert found["strange"] == [], told
    assert found["cut"] == [], told
    assert found["lost"] == [], told
    assert found["broken"] == [], told
    assert found["exit"] == 0, told
    assert found["acknowledged"] > 0, told
    assert not [status for status in found["statuses"] if status.split()[1] >= "500"], told


def test_a_few_seconds_of_load(tmp_path):
    found = measure(f"sqlite:///{tmp_path / 'kayuh.db'}", 12, 4, seconds=4, pause=0.05)
    check(found)


@pytest.mark.soak
@pytest.mark.parametrize("pause", [1, 0.05])
def test_two_minutes_of_load(database_url, pause):
    """32 clients on 8 desks; the figures are printed, since they depend on the machine."""
    found = measure(database_url, 32, 8, seconds=120, pause=pause)
    print(json.dumps(found, indent=1))
    check(found)


# kill -9


def killed(url: str, names: list[str], edits: int, seen: Record) -> None:
    """Serve a mixed load, and end the service in the hardest way after so many edits."""
    with Child(url).ready() as child:
        if not seen.times:
            for name in names:
                child.call("PUT", f"/desks/{name}/session", {"state": "open"})
        is_marked(child, seen)
        threads = people(child.port, 12, names, 60, MIX, 0.02)
        deadline = time.monotonic() + 50
        while sum(len(t.record.acknowledged) for t in threads) < edits:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        status, _, _ = child.end(signal.SIGKILL)
        for thread in threads:
            thread.until = 0.0
        for thread in threads:
            thread.join()
            seen.add(thread.record)
    assert status == -signal.SIGKILL
    assert seen.strange == []


def is_marked(child: Child, seen: Record) -> None:
    """No job of a process that is no more is said to go on."""
    for state in ("waiting", "running"):
        assert child.call("GET", f"/jobs?state={state}").json["jobs"] == []
    for job in seen.asked[-50:]:
        assert child.call("GET", f"/jobs/{job}").status == 200


def is_whole(url: str, seen: Record) -> None:
    """Everything that was acknowledged is there, and nothing was altered."""
    store = Store(url)
    with store.session() as tx:
        assert events.verify(tx) == snapshots.verify(tx) == record.verify(tx) == []
        log = {event.seq: event for event in tx.scalars(select(Event))}
        stands = decisions.of_city(tx, CITY)
        known = {job.id for job in jobs.listed(tx)}
    store.close()
    for (_, proposal), revisions in seen.acknowledged.items():
        for rev, decision in revisions.items():
            body = events.body_of(log[rev])
            assert (log[rev].kind, body["proposal"]) == ("decision", proposal)
            assert {**body["after"], "rev": rev} == decision
        assert stands[proposal].rev >= max(revisions)
    assert set(seen.asked) <= known, "a job is silently gone"


def survive(url: str, rounds: int, seed: int) -> Record:
    """Kill a service so many times at random moments, and look after each."""
    names, seen = [f"{CITY}.{agency}" for agency in DESKS[:4]], Record()
    chance = random.Random(seed)
    for _ in range(rounds):
        killed(url, names, chance.randrange(60), seen)
        is_whole(url, seen)
    with Child(url).ready() as child:
        is_marked(child, seen)
        assert faults(child, names, Record())[1] == []
        assert child.end(signal.SIGTERM)[0] == 0
    return seen


def test_what_a_service_acknowledged_outlives_kill_9(tmp_path):
    assert survive(f"sqlite:///{tmp_path / 'kayuh.db'}", 2, seed=3).acknowledged


@pytest.mark.soak
def test_what_a_service_acknowledged_outlives_kill_9_fifty_times(database_url):
    seen = survive(database_url, 50, seed=1)
    edits = sum(len(revisions) for revisions in seen.acknowledged.values())
    print({"edits": edits, "jobs": len(seen.asked), "cut": len(seen.cut)})
    assert edits > 500
    assert len(seen.asked) > 50
