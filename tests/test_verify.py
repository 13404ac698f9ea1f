"""A result that adds up passes; a changed digit that makes a claim false is caught."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest
from random_scenarios import scenario as random_scenario

from solver.recommend import recommend
from solver.scenario import resolve
from solver.tables import json as strict
from solver.verify import verify
from solver.write.document import document


def made(doc):
    scenario = resolve(doc)
    found = document(recommend(scenario), "id")
    return json.loads(strict.dump(found)), scenario


SEEDS = range(40)


@pytest.fixture(scope="module", params=SEEDS)
def result(request):
    return made(random_scenario(request.param))


def test_what_kayuh_wrote_adds_up(result):
    found, scenario = result
    assert verify(found, scenario).problems == []
    assert resolve(found["input"]).digest == found["scenario"]["digest"]


def places(value, path=()):
    """Every number in the parts of a result that follow from its plan."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


CHECKED = ("points", "bound", "gap", "amount", "stages", "decisions", "limits", "lines", "baseline")
SPARED = {"facts", "give_up", "best", "bound"}
"""Facts belong to sentences; a stage's best and bound are checked against each other below."""


def test_any_digit_of_money_points_or_limits_is_caught(result):
    found, scenario = result
    if found["status"] != "optimal":
        pytest.skip("no plan to change")
    for key in CHECKED:
        for path in places(found[key], (key,)):
            if SPARED & set(path[1:]):
                continue
            forged = copy.deepcopy(found)
            inner = forged
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] += 1
            assert verify(forged, scenario).problems, path


@pytest.mark.parametrize(
    "forge",
    [
        lambda d: d["decisions"][0].update(option="tidak ada"),
        lambda d: d["decisions"].pop(),
        lambda d: d["stages"][0].update(proven=False),
        lambda d: d["stages"][0].update(bound=d["stages"][0]["best"] - 1),
        lambda d: d["stages"][0].update(bound=None),
        lambda d: d["scenario"].update(digest="0" * 64),
        lambda d: d["inversions"].append({"skipped": "U-001", "taken": "U-002"}),
        lambda d: d["limits"].pop(),
    ],
)
def test_a_forged_claim_is_caught(forge):
    found, scenario = made(
        {
            "format": 1,
            "agencies": [{"code": "A", "ceiling": 10}],
            "proposals": [
                {"id": f"U-00{n}", "agency": "A", "district": "D", "score": n, "amount": 4}
                for n in (1, 2, 3)
            ],
        }
    )
    assert verify(found, scenario).problems == []
    forge(found)
    assert verify(found, scenario).problems


def test_verify_needs_neither_the_model_nor_a_solver():
    code = (
        "import sys, solver.verify; "
        "sys.exit(bool({'pulp', 'highspy', 'solver.model'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_plan_that_breaks_a_rule_is_told_with_the_rule():
    # Made with room for 8 (two of 4 each), checked against a ceiling of 7.
    city = {
        "format": 1,
        "agencies": [{"code": "A", "ceiling": 8}],
        "proposals": [
            {"id": f"U-{n}", "agency": "A", "district": "D", "score": n, "amount": 4}
            for n in (1, 2)
        ],
    }
    found, _ = made(city)
    tighter = resolve({**city, "agencies": [{"code": "A", "ceiling": 7}]})
    problems = verify(found, tighter).problems
    broken = [p.facts for p in problems if p.code == "breaks_rule"]
    assert [(b["rule"], b["subject"], b["used"], b["max"]) for b in broken] == [
        ("agency_ceiling", "A", 8, 7)
    ]
