"""The benchmark in its short form: cities of every kind, raced, told in a table and a picture."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest
from benchmarks.__main__ import main
from benchmarks.cities import KINDS, SCORES, city
from benchmarks.race import GAPS, RACERS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scores", SCORES)
def test_the_same_seed_gives_the_same_city(kind, scores):
    assert city(200, 1, kind, scores) == city(200, 1, kind, scores)
    assert city(200, 1, kind, scores) != city(200, 2, kind, scores)
    made = city(200, 1, kind, scores)
    assert len(made.proposals) == 200
    assert bool(made.requires) == (kind == "hard")
    assert all((place.max_amount is not None) == (kind == "hard") for place in made.locations)


def test_a_short_race_is_told_with_machine_versions_and_seeds(tmp_path):
    asked = ["--sizes", "150", "--seeds", "1", "--kinds", "easy", "--limit", "30"]
    assert main([*asked, "--out", str(tmp_path)]) == 0
    found = json.loads((tmp_path / "race.json").read_text("utf-8"))
    assert {run["solver"] for run in found["runs"]} == set(RACERS)
    assert {"date", "highs", "kayuh", "calibration", "peak_megabytes"} <= found["machine"].keys()
    for run in found["runs"]:
        if run["solver"] != "cbc":  # so few are soon done
            assert set(run["seconds"]) == {str(gap) for gap in GAPS}
    told = (tmp_path / "race.md").read_text("utf-8")
    assert "| 150 easy smooth | 1 | generic |" in told
    picture = ET.parse(tmp_path / "race.svg").getroot()
    bars = [node for node in picture.iter() if node.tag.endswith("rect")]
    assert len(bars) == len(SCORES) * len(RACERS)
