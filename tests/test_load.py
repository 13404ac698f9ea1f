"""Many people at many desks at once: nothing is lost, nothing broken, nobody waits for a solve."""

from __future__ import annotations

import json

import pytest
from load import measure


def check(found):
    told = json.dumps(found, indent=1)
    assert found["strange"] == [], told
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
