"""The embedded city: made by its generator, proven in seconds, one plan whatever the row order."""

from __future__ import annotations

import csv
import io
import random
import shutil
from collections import Counter

import pytest

import scenarios
from scenarios import city
from solver.assess import violations
from solver.case import Case
from solver.instance import Choice, to_micro
from solver.recommend import recommend
from solver.scenario import read
from solver.solve import Params
from solver.verify import verify
from solver.write.document import document
from solver.write.listing import listing

BASE = scenarios.path("banjarmasin-2018")
WHAT_IFS = sorted((BASE / "what-if").glob("*.toml"))


def shuffled(folder):
    """A copy of the city with the rows of every table in another order."""
    shutil.copytree(BASE, folder)
    for file in folder.glob("*.csv"):
        head, *rows = csv.reader(io.StringIO(file.read_text("utf-8")))
        random.Random(7).shuffle(rows)
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head, *rows])
    return folder


@pytest.fixture(scope="module")
def base():
    scenario = read(BASE)
    return scenario, document(recommend(scenario), "id")


def test_the_files_are_what_the_generator_makes():
    made = city.tables()
    assert {name: (BASE / name).read_text("utf-8") for name in made} == made


def test_the_city_has_the_size_and_the_shape_it_claims():
    instance = read(BASE).instance
    places = {(p.district, p.ward) for p in instance.locations}
    assert len({district for district, _ in places}) == 5
    assert len({place for place in places if place[1]}) == 52
    assert all("63.71." in place.name for place in instance.locations)
    assert 550 <= len(instance.proposals) <= 650
    asked = sum(p.requested.full.amount for p in instance.proposals)
    committed = sum(a.committed for a in instance.agencies) + sum(
        line.committed for line in instance.lines
    )
    room = sum(a.ceiling for a in instance.agencies) - committed
    assert 2.5 <= asked / room <= 3.5
    origins = Counter(p.requested.origin for p in instance.proposals)
    assert 0.08 <= origins["pokir"] / len(instance.proposals) <= 0.16
    assert instance.alternatives
    assert instance.requires
    assert instance.together
    assert any(p.covered_by for p in instance.proposals)
    assert any(len(p.options) > 1 for p in instance.proposals)
    gates = {option.gate for p in instance.proposals for option in p.options}
    assert {"land", "zoning", "no_design", ""} <= gates


def test_it_is_proven_and_unique_and_adds_up(base):
    scenario, found = base
    assert (found["status"], found["unique"], found["gap"]) == ("optimal", True, 0.0)
    assert found["bound"] == found["points"] > found["baseline"]["points"]
    assert found["baseline"]["breaks"] == []
    assert verify(found, scenario).problems == []
    assert all(decision["reasons"] for decision in found["decisions"])


def test_shuffled_rows_give_the_same_list_byte_for_byte(base, tmp_path):
    _, found = base
    again = recommend(read(shuffled(tmp_path / "kota")))
    assert listing(document(again, "id")) == listing(found)


RICHER = {"dana-kelurahan", "relokasi"}
"""These open something; the others forbid what the city as it is does."""


@pytest.mark.parametrize("file", WHAT_IFS, ids=lambda file: file.stem)
def test_every_what_if_changes_the_answer(file, base):
    scenario = read(file)
    plan = [
        Choice(d["proposal"], d["option"], d["volume"] and to_micro(str(d["volume"])))
        for d in base[1]["decisions"]
        if d["decision"].startswith("fund")
    ]
    case = Case(scenario.instance)
    assert bool(violations(case, case.space.take(plan))) is (file.stem not in RICHER)
    result = recommend(scenario, Params(time_limit=25, gap=0.0005))
    found = document(result, "en")
    assert found["gap"] <= 0.0005
    assert verify(found, scenario).problems == []
    assert (found["points"] > base[1]["points"]) is (file.stem in RICHER)


def test_the_what_ifs_are_the_six_that_planners_ask():
    assert [file.stem for file in WHAT_IFS] == [
        "dana-kelurahan",
        "lantai-barat-selatan",
        "pupr-turun-10",
        "relokasi",
        "tanpa-lompat",
        "tiap-kelurahan",
    ]
