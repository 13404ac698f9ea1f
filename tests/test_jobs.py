"""Jobs that are given up: the newer one is not kept waiting, and nothing of the older is kept."""

import threading

import pytest

from service.jobs import Outcome, Runner
from service.store import Store, jobs

DESK = "kota.PUPR"
SOON = 20


@pytest.fixture
def store(tmp_path):
    found = Store(f"sqlite:///{tmp_path / 'kayuh.db'}")
    found.upgrade()
    yield found
    found.close()


class Stubborn:
    """Work that goes on after it was told to stop, as HiGHS may for a second."""

    def __init__(self):
        self.begun, self.released = threading.Event(), threading.Event()

    def __call__(self, run):
        self.begun.set()
        assert self.released.wait(SOON)
        return Outcome({"found": "too late"}, stopped=True)


def submitted(runner, work):
    return runner.submit("recommendation", lambda _: {}, work, desk=DESK)


def state_of(store, job):
    with store.session() as tx:
        row = jobs.get(tx, job)
        return row.state, (row.error or {}).get("code"), row.result


def test_a_newer_question_does_not_wait_for_the_older_to_end(store):
    runner = Runner(store, workers=2, waiting=4)
    older, newer = Stubborn(), Stubborn()
    try:
        first = submitted(runner, older)
        assert older.begun.wait(SOON)
        runner.give_up(first)
        assert state_of(store, first) == ("stopped", "replaced", None)
        second = submitted(runner, newer)
        assert newer.begun.wait(SOON)  # while the older one still goes on
        older.released.set()
        third = submitted(runner, lambda _: Outcome({"found": "third"}))
        newer.released.set()
        runner.wait(third, SOON)
        runner.wait(second, SOON)
    finally:
        older.released.set()
        newer.released.set()
        runner.close()
    assert state_of(store, first) == ("stopped", "replaced", None)
    assert state_of(store, second)[:2] == ("stopped", None)
    assert state_of(store, third)[0] == "done"


def test_one_that_waits_never_begins(store):
    runner = Runner(store, workers=1, waiting=4)
    older, newer = Stubborn(), Stubborn()
    try:
        first = submitted(runner, older)
        assert older.begun.wait(SOON)
        second = submitted(runner, newer)
        runner.give_up(second)
        runner.give_up(second)  # a second time changes nothing
        older.released.set()
        runner.wait(first, SOON)
    finally:
        older.released.set()
        runner.close()
    assert not newer.begun.is_set()
    assert state_of(store, second) == ("stopped", "replaced", None)
    assert state_of(store, first)[0] == "stopped"


def test_the_desk_stays_busy_with_the_newer_when_the_older_ends(store):
    """The older's end must not free the desk under the newer's hands."""
    runner = Runner(store, workers=3, waiting=4)
    older, newer, third = Stubborn(), Stubborn(), Stubborn()
    try:
        first = submitted(runner, older)
        assert older.begun.wait(SOON)
        runner.give_up(first)
        submitted(runner, newer)
        assert newer.begun.wait(SOON)
        older.released.set()
        last = submitted(runner, third)
        assert not third.begun.wait(0.3)
        newer.released.set()
        assert third.begun.wait(SOON)
        third.released.set()
        runner.wait(last, SOON)
    finally:
        for work in (older, newer, third):
            work.released.set()
        runner.close()
