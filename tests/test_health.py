"""GET /healthz: it writes and solves, seldom, and never keeps anybody waiting."""

from __future__ import annotations

import threading
import time
from itertools import count

import pytest
from serving import Caller, service

from service import health
from service.errors import Problem
from service.store import Store, events
from service.store.errors import BusyError, FullError, UnreachableError


@pytest.fixture
def store(database_url):
    found = Store(database_url, wait=0.2)
    found.upgrade()
    yield found
    found.close()


def test_what_is_well_is_looked_at_once_however_often_it_is_asked():
    looks = count()
    probe = health.Probe(lambda: next(looks))
    for _ in range(50):
        probe.check()
    assert next(looks) == 1


def test_it_looks_again_after_a_while_and_hears_of_what_went_wrong_and_right(monkeypatch):
    monkeypatch.setattr(health, "EVERY", 0.0)
    met = [FullError("full"), None, KeyError("a defect of ours")]

    def look():
        if met and (error := met.pop(0)):
            raise error
        if not met:
            time.sleep(0.2)  # so that the last error can be heard before all is well

    probe = health.Probe(look)
    deadline = time.monotonic() + 20
    for kind in (FullError, None, KeyError, None):
        while outcome(probe) is not kind:
            assert time.monotonic() < deadline, kind
            time.sleep(0.001)


def outcome(probe):
    """The kind of error that a check raises, or None."""
    try:
        probe.check()
    except Exception as error:
        return type(error)
    return None


def test_a_look_that_does_not_end_is_told_and_nobody_waits_twice(monkeypatch):
    monkeypatch.setattr(health, "PATIENCE", 0.3)
    stuck = threading.Event()
    probe = health.Probe(stuck.wait)
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(BusyError):
            probe.check()
    assert time.monotonic() - began < 2
    stuck.set()
    probe._done.wait(5)
    probe.check()


def test_what_was_found_is_told_while_it_looks_again(monkeypatch):
    """Whoever asks every second never waits, even where the second look hangs."""
    monkeypatch.setattr(health, "EVERY", 0.1)
    monkeypatch.setattr(health, "PATIENCE", 5.0)
    stuck, looks = threading.Event(), count()

    def look():
        if next(looks):
            stuck.wait(20)

    probe = health.Probe(look)
    probe.check()
    time.sleep(0.2)
    began = time.monotonic()
    probe.check()
    assert time.monotonic() - began < 1
    stuck.set()


def test_it_writes_and_leaves_everything_as_it_was(store):
    with store.write() as tx:
        events.append(tx, "a", None, None, "x", {})
        head = events.head(tx)
    health.of(store).check()
    with store.session() as tx:
        assert events.head(tx) == head
        assert events.verify(tx) == []


def test_a_writer_that_does_not_end_is_met(store):
    with store.write(), pytest.raises(BusyError):
        health.of(store).check()
    health.of(store).check()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_solver_that_does_not_answer_is_met(store, monkeypatch):
    impossible = {**health.SMALLEST, "lock": [{"proposal": "1", "decision": "fund"}]}
    impossible["agencies"] = [{"code": "A", "ceiling": 0}]
    monkeypatch.setattr(health, "SMALLEST", impossible)
    with pytest.raises(Problem) as caught:
        health.of(store).check()
    assert (caught.value.status, caught.value.code) == (503, "no_solver")


@pytest.mark.parametrize(
    ("met", "status"),
    [
        (FullError("full"), 507),
        (BusyError("busy"), 503),
        (UnreachableError("unreachable"), 503),
        (Problem(503, "no_solver"), 503),
        (ZeroDivisionError(), 500),
    ],
)
def test_whatever_is_wrong_is_a_problem_document(tmp_path, monkeypatch, met, status):
    def look():
        raise met

    monkeypatch.setattr(health, "of", lambda _: health.Probe(look))
    with service(f"sqlite:///{tmp_path / 'kayuh.db'}") as app:
        found = Caller(app)("GET", "/healthz")
    assert (found.status, found.json["status"]) == (status, status)
    assert found.headers["Content-Type"] == "application/problem+json"
