"""The teaching scenarios: each holds what it expects, agrees with the oracle, and really bites.

Their numbers were worked out by hand; scenarios/README.md has the arithmetic.
"""

from __future__ import annotations

import json
import re

import oracle
import pytest
from click.testing import CliRunner

import scenarios
from service.cli import main
from solver.rules import RULES
from solver.scenario.stages import OPTIONS

FILES = {file.stem: file for file in sorted(scenarios.path("belajar").glob("*.json"))}
TITIAN, SIRING, LAMPS = "line.1.03.15.02", "line.1.03.28.01", "line.1.03.30.01"
MILLION = 1_000_000


def without(rule):
    return {"off": {"rules": [rule]}}


def change(value, *cells):
    return {"set": dict.fromkeys(cells, value)}


def stages(*names):
    return {"objective": {"stages": list(names)}}


WITHOUT = [
    ("agency_ceiling", without("agency_ceiling"), 185, "U-1 U-2 U-3 U-4"),
    ("line_ceiling", without("line_ceiling"), 221, "U-1 U-2 U-3 U-4 U-5"),
    ("line_ceiling", change("", "line.1.03.ceiling"), 148, "U-1 U-2 U-4"),
    ("line_flex", without("line_ceiling"), 137, "U-1 U-2 U-3 U-4"),
    (
        "line_flex",
        change(0, f"{TITIAN}.flex", f"{SIRING}.flex"),
        105,
        "U-1 U-3 U-4",
    ),
    ("line_target", without("line_target"), 125, "U-2 U-3 U-5"),
    ("line_target", change("", f"{TITIAN}.max_target"), 118, "U-1 U-2 U-4"),
    ("line_target", change("no", f"{TITIAN}.closed"), 113, "U-1 U-3 U-4"),
    ("line_target", change("", f"{LAMPS}.min_target"), 90, "U-1 U-5"),
    ("locations", without("locations"), 252, "U-1 U-2 U-3"),
    ("locations", change("", "location.Selatan.min_amount"), 175, "U-1 U-4 U-6"),
    ("locations", change("", "location.Utara.max_amount"), 175, "U-1 U-2 U-5"),
    ("locations", change("", "location.Tengah.max_amount"), 177, "U-1 U-3 U-5"),
    ("limits", without("limits"), 195, "U-1 U-2 U-3"),
    ("limits", {"off": {"limits": ["Kolam pokir"]}}, 168, "U-1 U-3 U-4 U-5"),
    ("limits", {"off": {"limits": ["Paket lelang"]}}, 193, "U-1 U-2 U-4"),
    ("limits", {"off": {"limits": ["Warga terlayani"]}}, 130, "U-1 U-3 U-5"),
    ("alternatives", without("alternatives"), 138, "U-1 U-2"),
    ("alternatives", {"alternatives": [{"proposals": ["U-1", "U-2"]}]}, 125, "U-1 U-3 U-4"),
    ("requires", without("requires"), 145, "U-2 U-3"),
    ("together", without("together"), 100, "U-1 U-4"),
    ("priority_order", without("priority_order"), 110, "U-2 U-3"),
    ("priority_order", change("", "proposal.U-4.gate"), 130, "U-1 U-4"),
    ("locks", without("locks"), 130, "U-2 U-3"),
    ("locks", {"off": {"locks": ["U-1"]}}, 80, "U-1 U-3"),
    ("locks", {"off": {"locks": ["U-2"]}}, 122.5, "U-1 U-2"),
    ("gates", without("gates"), 90, "U-1"),
    ("covered", change("", "proposal.U-1.covered_by"), 75, "U-1 U-4"),
    (
        "options",
        change("land", "proposal.U-2/B.gate", "proposal.U-3/B.gate"),
        100,
        "U-1 U-4",
    ),
    ("cut", change("", "proposal.U-1.min_volume"), 115, "U-2 U-3"),
    ("cut", change(0, "proposal.U-1.fixed_cost"), 128, "U-1 U-2"),
    ("give_up", stages("points", "thrift"), 100, "U-1 U-2"),
    ("least_served", stages("points"), 150, "U-1 U-2 U-3"),
    ("spread", stages("points"), 115, "U-1 U-2"),
    ("inversions", stages("points"), 103, "U-2 U-3"),
    ("few_cuts", stages("points"), 115, "U-1 U-2 U-3"),
    ("few_changes", stages("points"), 96, "U-2 U-3 U-4"),
    ("thrift", stages("points"), 90, "U-1 U-2"),  # as many points for 50 million more
    ("halving", {"objective": {"score": "linear"}}, 2500, "U-2 U-3 U-4 U-5"),
    ("linear", {"objective": {"score": "halving"}}, 2000, "U-1 U-5"),
    (
        "criteria",
        {
            "objective": {
                "score": "criteria",
                "weights": {"c_urgency": 1, "c_poverty": 1, "c_readiness": 1},
            }
        },
        20,
        "U-1 U-2",
    ),
    ("impossible", change("+100000000", "agency.PUPR.ceiling"), 95, "U-1 U-2"),
    ("impossible", {"off": {"locks": ["U-1"]}}, 75, "U-2 U-3"),
    ("impossible", {"off": {"locks": ["U-2"]}}, 80, "U-1 U-3"),
    ("impossible_gate", without("gates"), 75, "U-1 U-3"),
    ("impossible_gate", without("locks"), 55, "U-2 U-3"),
]
"""File, what is taken away, and the best plan that is left: its points and what it funds."""


def read(name):
    return json.loads(FILES[name].read_text("utf-8"))


def recommend(file):
    result = CliRunner().invoke(main, ["recommend", str(file), "--json"])
    return result.exit_code, json.loads(result.stdout)


def funded(found):
    kinds = {d["proposal"]: d["decision"] for d in found["decisions"]}
    return {proposal for proposal, kind in kinds.items() if kind in ("fund", "fund_changed")}


@pytest.mark.parametrize("name", FILES)
def test_it_holds_what_it_expects_of_every_proposal(name):
    document = read(name)
    expect = document["expect"]
    status, found = recommend(FILES[name])
    assert status == 0
    assert found["scenario"]["title"] == document["title"]
    if expect["status"] == "optimal":
        assert expect["unique"]
        assert expect["points_min"] == expect["points_max"] == found["points"]
        assert expect["amount"] == found["amount"]
        named = sorted(expect["fund"] + expect["not_fund"])
        assert named == sorted({row["id"] for row in document["proposals"]})
    else:
        assert expect == {"status": "infeasible"}
        assert found["conflict"]["irreducible"]


@pytest.mark.parametrize("name", FILES)
def test_the_oracle_finds_the_same_and_no_plan_as_good(name):
    document = read(name)
    answer = oracle.solve(document)
    expect = document["expect"]
    assert answer.status == expect["status"]
    if answer.status == "optimal":
        [plan] = answer.best_plans
        assert plan.points == expect["points_min"] * MILLION
        assert plan.amount == expect["amount"]
        assert {p for p, what in plan.items() if what} == set(expect["fund"])


@pytest.mark.parametrize(
    ("name", "lifted", "points", "plan"),
    [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(WITHOUT)],
)
def test_without_what_it_teaches_the_answer_is_another(tmp_path, name, lifted, points, plan):
    file = tmp_path / "tanpa.json"
    file.write_text(json.dumps(read(name) | lifted), "utf-8")
    status, found = recommend(file)
    assert status == 1  # what the file expects no longer holds
    assert (found["status"], found["points"]) == ("optimal", points)
    assert funded(found) == set(plan.split())


def test_every_rule_and_stage_has_its_scenario_and_every_scenario_is_tried():
    rules = set(RULES)
    assert rules | OPTIONS.keys() - {"points"} | {"halving", "linear", "criteria"} <= FILES.keys()
    assert {case[0] for case in WITHOUT} == FILES.keys()


def test_the_readme_lists_every_scenario_with_its_points():
    readme = scenarios.path("README.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \|.*\| ([\d.]+|-) \|$", readme, re.MULTILINE))
    points = {name: read(name)["expect"].get("points_min") for name in FILES}
    assert told == {name: "-" if p is None else str(p) for name, p in points.items()}
