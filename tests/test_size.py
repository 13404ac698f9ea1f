"""Ten thousand proposals are read, built, explained and written in seconds."""

from __future__ import annotations

import time

import scenarios
from solver.baseline import baseline
from solver.case import Case
from solver.recommendation import described
from solver.result import Result, Status
from solver.scenario import read, write_folder
from solver.scenario import resolve as resolved
from solver.tables import json
from solver.write.book import book
from solver.write.document import document
from solver.write.listing import listing

TIMES = 17
SECONDS = 30
"""It takes about 6 s; the limit allows for a busy machine and still fails on anything quadratic,
which at this size would take minutes."""


def large():
    """The city seventeen times over: 10,200 proposals, every ceiling seventeen times as high."""
    city = read(scenarios.path("banjarmasin-2018")).document
    proposals = [
        {**row, "id": f"{row['id']}-{n}"} for n in range(TIMES) for row in city["proposals"]
    ]
    scaled = {
        table: [
            {k: v * TIMES if k in ("ceiling", "committed") else v for k, v in row.items()}
            for row in city[table]
        ]
        for table in ("agencies", "lines")
    }
    links = {key: [] for key in ("alternatives", "requires", "together")}
    return {**city, **scaled, **links, "proposals": proposals}


def test_reading_building_explaining_and_writing_ten_thousand_proposals(tmp_path):
    write_folder(resolved(large()), tmp_path / "kota")
    began = time.monotonic()
    scenario = read(tmp_path / "kota")
    case = Case(scenario.instance)
    program = case.program()
    hand = baseline(case)
    result = Result(case, Status.FEASIBLE, hand, taken=hand.taken)
    found = document(described(scenario, result, ()), "id")
    files = book(found, "id"), listing(found), json.pretty(found)
    assert time.monotonic() - began < SECONDS
    assert len(found["decisions"]) == 600 * TIMES
    assert len(program.fund) > 600 * TIMES
    assert all(files)
