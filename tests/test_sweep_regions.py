"""The generator of regions: the sizes of a country, always the same, and scenarios that solve."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from test_sweep_command import run

from scenarios import regions
from solver.scenario import read
from solver.sweep.source import source_of


def write(folder, number, size, seed=regions.SEED):
    folder = folder / regions.name_of(number)
    folder.mkdir(parents=True)
    for name, content in regions.tables(number, size, seed).items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder


def test_there_are_as_many_as_in_the_country_and_about_a_million_proposals():
    sizes = regions.sizes()
    assert len(sizes) == 514
    assert 950_000 <= sum(sizes) <= 1_050_000
    assert (min(sizes), max(sizes)) == (100, 10_000)
    assert sizes != sorted(sizes)
    assert regions.sizes() == sizes != regions.sizes(seed=1)
    # A sample of them is a small country of the same kind.
    few = regions.sizes(20)
    assert 0.8 <= (sum(few) / 20) / (sum(sizes) / 514) <= 1.2


def test_a_region_is_always_the_same_whichever_others_are_made():
    whole = "".join(regions.tables(7, 150).values())
    regions.tables(8, 100)
    assert "".join(regions.tables(7, 150).values()) == whole
    assert "".join(regions.tables(7, 150, seed=3).values()) != whole
    digest = hashlib.sha256(whole.encode()).hexdigest()
    assert digest == DIGEST, "another region under the same seed: say so in CHANGELOG.md"


DIGEST = "00cde0ac201a9b0776e1ac204e67d1aa53790a1a5bc33c8d1f42e525107b27ae"


@pytest.mark.parametrize(("number", "size"), [(1, 100), (2, 137), (3, 600), (4, 2_000)])
def test_a_region_reads_without_a_problem_and_is_a_city_like_ours(tmp_path, number, size):
    instance = read(write(tmp_path, number, size)).instance
    assert len(instance.proposals) == size
    asked = sum(p.requested.full.amount for p in instance.proposals)
    committed = sum(x.committed for x in (*instance.agencies, *instance.lines))
    room = sum(agency.ceiling for agency in instance.agencies) - committed
    assert 1.5 <= asked / room <= 5
    assert len({place.district for place in instance.locations}) >= 2
    assert any(option.gate for p in instance.proposals for option in p.options)
    assert instance.limits


def test_no_two_regions_are_one_city(tmp_path):
    cities = {source_of("x", write(tmp_path, n, 100)).city for n in range(1, 9)}
    assert len(cities) == 8


def test_ids_and_places_are_used_once():
    tables = regions.tables(5, 9_000)
    rows = list(csv.DictReader(io.StringIO(tables["proposals.csv"])))
    requests = [(row["id"], row["option"]) for row in rows]
    assert len(requests) == len(set(requests))
    places = list(csv.DictReader(io.StringIO(tables["locations.csv"])))
    keys = [(row["district"], row["ward"]) for row in places]
    assert len(keys) == len(set(keys))


def test_it_writes_a_folder_of_regions_that_a_sweep_takes(tmp_path, capsys):
    assert regions.main([]) == 2
    assert regions.main([str(tmp_path), "two"]) == 2
    assert "usage" in capsys.readouterr().err
    for number in (1, 2):
        write(tmp_path / "in", number, 100)
    result = run(tmp_path / "in", "--gap", "0.01", "--out", tmp_path / "out", "--jobs", 1, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code in (0, 3)
    assert [r["scenario"] for r in found["runs"]] == ["daerah-001", "daerah-002"]
    assert all(r["points"] > 0 and r["gap"] <= 0.0101 for r in found["runs"])
    assert [r["base"] for r in found["runs"]] == [None, None]
    assert found["totals"]["points"] == pytest.approx(sum(r["points"] for r in found["runs"]))


def test_the_command_writes_as_many_as_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(regions, "MIDDLE", 100)
    assert regions.main([str(tmp_path / "few"), "3"]) == 0
    names = sorted(path.name for path in (tmp_path / "few").iterdir())
    assert names == ["daerah-001", "daerah-002", "daerah-003"]
    assert (tmp_path / "few" / "daerah-001" / "scenario.toml").is_file()
