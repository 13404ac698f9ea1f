"""How long the room waits: from a lock to the new list, beside a solve of fixed size."""

from __future__ import annotations

import statistics
import time

import pytest
from browsing import Watched, chromium, needs_browser, running

import scenarios as embedded
from service import scenarios
from service.desk import city as cities
from service.desk import sessions
from service.settings import CITY
from service.store import LOCAL, Store
from solver.scenario import read
from solver.solve import Params, solve

pytestmark = [needs_browser, pytest.mark.soak]
DESK = f"{CITY}.PUPR"
LOCKS = 20
STOP = """document.querySelector("button[hx-post$='/stop']")?.click()"""
WAIT = 1.0
"""Seconds from a lock to the new list."""

PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
PRESSED = """(proposal) => new Promise((done) => {
  const row = () => document.querySelector(`tr[data-id="${proposal}"]`);
  const pressed = row().querySelector("button.pin").ariaPressed;
  const began = performance.now();
  const look = () => {
    const turned = row().querySelector("button.pin").ariaPressed !== pressed;
    const fresh = !document.querySelector("#desk .strip.warn");
    if (turned && fresh) requestAnimationFrame(() => done((performance.now() - began) / 1000));
    else setTimeout(look, 10);
  };
  row().querySelector("button.pin").click();
  look();
})"""


def calibration(instance):
    """A solve of fixed size on the same machine, in the same minute."""
    began = time.monotonic()
    solve(instance, Params(time_limit=60, gap=0.005))
    return time.monotonic() - began


@pytest.fixture
def city(tmp_path):
    """The address of the embedded city with a desk open, and its instance."""
    store = Store(f"sqlite:///{tmp_path / 'kayuh.db'}")
    store.upgrade()
    scenario = read(embedded.path(CITY))
    with store.write(LOCAL) as tx:
        cities.create(tx, CITY, scenarios.keep(tx, CITY, scenario))
        sessions.open_session(tx, DESK)
    with running(store) as url:
        yield url, scenario.instance
    store.close()


def test_from_a_lock_to_the_new_list(city, capsys):
    """Locks while a proof goes on, and every other one while nothing does: p95 under a second."""
    url, instance = city
    fixed, waits = [], []
    with chromium() as browser:
        reader = Watched(browser, url, "id")
        page = reader.goto(f"/desks/{DESK}")
        page.evaluate(PAINTED)  # Chromium drops keys that are pressed before
        page.keyboard.press("r")
        page.wait_for_selector("#above tr")
        below = page.locator("#below tr").evaluate_all("rows => rows.map(row => row.dataset.id)")
        for place, proposal in enumerate(below[: 5 * LOCKS : 5]):
            if place % 2:
                page.evaluate(STOP)
                page.wait_for_selector("#progress", state="detached")
            if place % 5 == 4:
                fixed.append(calibration(instance))
            waits.append(page.evaluate(PRESSED, proposal))
        assert reader.noted == []
    late = sorted(waits)[round(0.95 * (LOCKS - 1))]
    beside = statistics.median(fixed)
    with capsys.disabled():
        print(f"\nthe fixed solve: median {beside:.2f} s")
        print(f"lock to new list: median {statistics.median(waits):.2f} s, p95 {late:.2f} s")
    assert late <= WAIT, waits
