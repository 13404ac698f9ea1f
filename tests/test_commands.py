"""The commands as a planner types them: what they print, write and end with."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli import main

SMALL = {
    "format": 1,
    "title": "Kota kecil",
    "agencies": [{"code": "PUPR", "ceiling": 500_000_000}],
    "proposals": [
        {
            "id": f"U-{n}",
            "title": f"Titian {n}",
            "agency": "PUPR",
            "district": "Barat",
            "ward": "Basirih",
            "priority": n,
            "score": score,
            "amount": amount,
        }
        for n, score, amount in (
            (1, 60, 300_000_000),
            (2, 50, 250_000_000),
            (3, 40, 200_000_000),
        )
    ],
}
"""U-2 and U-3 cost 450 million and bring 90; with U-1 and U-3 it is 500 million and 100."""


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "kota.json"
    path.write_text(json.dumps(SMALL), "utf-8")
    return path


def changed(tmp_path, **keys):
    path = tmp_path / "lain.json"
    path.write_text(json.dumps({**SMALL, **keys}), "utf-8")
    return path


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_recommend_proves_the_best_and_ends_with_0(small):
    result = run("recommend", small, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["status"], found["unique"], found["points"]) == ("optimal", True, 100)
    assert (found["bound"], found["gap"], found["amount"]) == (100, 0.0, 500_000_000)
    kinds = {d["proposal"]: d["decision"] for d in found["decisions"]}
    assert kinds == {"U-1": "fund", "U-2": "not_fund", "U-3": "fund"}
    assert found["inversions"] == [{"skipped": "U-2", "taken": "U-3"}]
    assert found["baseline"]["points"] == 100  # by hand: U-1, U-2 does not fit, U-3
    assert "input" not in found


def test_out_writes_three_files_that_belong_together(small, tmp_path):
    out = tmp_path / "keluaran"
    assert run("recommend", small, "--out", out).exit_code == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "decisions.csv",
        "result.json",
        "result.xlsx",
    ]
    document = json.loads((out / "result.json").read_text("utf-8"))
    assert document["input"]["proposals"][0]["id"] == "U-1"
    rows = list(csv.DictReader(io.StringIO((out / "decisions.csv").read_text("utf-8"))))
    assert [row["proposal"] for row in rows] == ["U-1", "U-2", "U-3"]
    assert sum(int(row["amount"]) for row in rows) == document["amount"]
    with zipfile.ZipFile(out / "result.xlsx") as book:  # tests/test_book.py reads what it says
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert names == [
        "Ringkasan",
        "Rekomendasi",
        "Per OPD",
        "Per wilayah",
        "Batas",
        "Dilompati",
        "Daftar tangan",
        "Skenario",
    ]


def test_decisions_are_a_plan_that_assess_reads_back(small, tmp_path):
    out = tmp_path / "keluaran"
    run("recommend", small, "--out", out)
    result = run("assess", small, "--plan", out / "decisions.csv", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["points"], found["best"], found["distance"]) == (100, 100, 0)
    assert found["violations"] == []


def test_assess_names_what_a_list_breaks_and_ends_with_1(small, tmp_path):
    plan = tmp_path / "daftar.csv"
    plan.write_text("proposal,amount\nU-1,\nU-2,\n", "utf-8")
    result = run("assess", small, "--plan", plan, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["violations"] == [
        {
            "rule": "agency_ceiling",
            "subject": "PUPR",
            "measure": "amount",
            "used": 550_000_000,
            "min": None,
            "max": 500_000_000,
        }
    ]
    assert found["distance"] == -10  # it gains 10 points by breaking the ceiling


def test_set_changes_a_cell_and_the_change_is_on_record(small):
    result = run("recommend", small, "--set", "agency.PUPR.ceiling=-10%", "--json")
    found = json.loads(result.stdout)
    # 450 million: U-2 and U-3 for 90.
    assert (found["points"], found["amount"]) == (90, 450_000_000)
    assert found["scenario"]["changes"] == [
        {
            "key": "agency.PUPR.ceiling",
            "from": 500_000_000,
            "to": 450_000_000,
            "file": "--set",
        }
    ]


@pytest.mark.parametrize(
    ("keys", "status"),
    [
        ({"expect": {"status": "optimal", "fund": ["U-1"], "points_min": 100}}, 0),
        ({"expect": {"points_max": 99}}, 1),
        ({"expect": {"not_fund": ["U-1"]}}, 1),
        ({"expect": {"unique": True, "amount": 500_000_000}}, 0),
        ({"lock": [{"proposal": p, "decision": "fund"} for p in ("U-1", "U-2")]}, 4),
        (
            {
                "lock": [{"proposal": p, "decision": "fund"} for p in ("U-1", "U-2")],
                "expect": {"status": "infeasible"},
            },
            0,
        ),
    ],
)
def test_expectations_make_a_file_a_test(tmp_path, keys, status):
    assert run("recommend", changed(tmp_path, **keys)).exit_code == status


def test_an_impossible_scenario_is_told_with_repairs_that_can_be_applied(tmp_path):
    locks = [{"proposal": p, "decision": "fund"} for p in ("U-1", "U-2")]
    path = changed(tmp_path, lock=locks)
    result = run("recommend", path, "--json")
    conflict = json.loads(result.stdout)["conflict"]
    assert result.exit_code == 4
    assert conflict["irreducible"]
    assert {rule["rule"] for rule in conflict["rules"]} == {"locks", "agency_ceiling"}
    # 300 + 250 million against 500 million: the ceiling lacks exactly 50 million.
    by_grantor = {repair["grantor"]: repair for repair in conflict["repairs"]}
    assert by_grantor["opd"]["set"] == {"agency.PUPR.ceiling": "+50000000"}
    assert by_grantor["opd"]["rupiah"] == 50_000_000
    assert by_grantor["planner"]["off"]["locks"][0] in ("U-1", "U-2")
    for repair in conflict["repairs"]:
        mended = {"set": repair["set"], "off": repair["off"], "lock": locks}
        assert run("recommend", changed(tmp_path, **mended)).exit_code == 0


def test_bad_input_ends_with_5_says_all_and_writes_nothing(tmp_path):
    rows = [dict(SMALL["proposals"][0]), {**SMALL["proposals"][1], "agency": "PURP"}]
    rows[0]["amount"] = "1250000.00"
    path = changed(tmp_path, proposals=rows)
    out = tmp_path / "keluaran"
    result = run("recommend", path, "--out", out, "--json")
    errors = json.loads(result.stdout)["errors"]
    assert result.exit_code == 5
    assert len(errors) == 2
    assert {"file", "sheet", "row", "column", "key", "value", "code", "message", "suggestion"} == (
        errors[0].keys()
    )
    assert errors[1]["suggestion"] == "PUPR"
    assert not out.exists()
    told = run("recommend", path)
    assert "1.250.000" in told.stderr
    assert "125.000.000" in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("recommend", "tidak-ada.toml"),
        ("recommend", "tidak-ada.xlsx"),
        ("recommend", "{small}", "--solver", "tidak-ada"),
        ("recommend", "{small}", "--time-limit", "-1"),
        ("recommend", "{small}", "--set", "tanpa tanda"),
        ("recommend", "{small}", "--method", "kamar"),
        ("recommend",),
        ("verify", "{small}"),
        ("tidak-ada",),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(small, tmp_path, words):
    spelled = [w.format(small=small) for w in words]
    result = run(*(tmp_path / w if w.endswith(".xlsx") else w for w in spelled))
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_check_shows_totals_and_origin(tmp_path):
    path = changed(tmp_path, set={"agency.PUPR.ceiling": "+1"})
    found = json.loads(run("check", path, "--json", "--origin").stdout)
    assert found["ok"]
    assert found["totals"] == {"proposals": 3, "asked": 750_000_000, "ceilings": 500_000_001}
    assert found["origin"][0]["key"] == "agency.PUPR.ceiling"
    assert "3 usulan" in run("check", path).stdout


def test_check_says_ok_false_with_the_errors(tmp_path):
    result = run("check", changed(tmp_path, agencies=[]), "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 5
    assert found["ok"] is False
    assert found["errors"]


def every_command(group, *before):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, *before, name)
        else:
            yield (*before, name), command


def test_every_command_has_an_example_in_its_help():
    for words, command in every_command(main):
        text = " ".join(run(*words, "--help").stdout.split())
        assert "Example: kayuh" in text, words
        assert {"--json", "--lang"} <= {o for p in command.params for o in p.opts}, words


def test_both_languages_are_whole(small):
    indonesian, english = (run("recommend", small, "--lang", lang).stdout for lang in ("id", "en"))
    assert "Terbukti terbaik" in indonesian
    assert "Proven the best" in english
    assert "{" not in indonesian + english


def test_a_folder_that_cannot_be_written_is_one_sentence(small, tmp_path):
    blocked = tmp_path / "berkas"
    blocked.write_text("bukan folder")
    result = run("recommend", small, "--out", blocked / "dalam")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT as a terminal does")
def test_ctrl_c_stops_and_still_gives_the_best_so_far(tmp_path):
    """A knapsack of odd amounts that no solver proves in seconds; one Ctrl-C once it is solving."""
    rows = [
        {
            "id": f"U-{n:03}",
            "agency": "PUPR",
            "district": "Barat",
            "score": round(1000 + (n * 7_368_787) % 997_000_003 / 1_000_000, 6),
            "amount": 100_000_000 + (n * 104_729) % 9_999_991,
        }
        for n in range(1500)
    ]
    caps = [
        {
            "name": f"batas {k}",
            "tag": f"t{k}",
            "measure": "amount",
            "max": 3_000_000_007 + k * 7_000_003,
        }
        for k in range(30)
    ]
    for n, row in enumerate(rows):
        row["tags"] = ";".join(f"t{k}" for k in range(30) if (n * (k + 3) + n // 5) % 9 == 0)
    document = {
        **SMALL,
        "proposals": rows,
        "agencies": [{"code": "PUPR", "ceiling": 51_000_000_011}],
        "limits": caps,
    }
    path = tmp_path / "besar.json"
    path.write_text(json.dumps(document), "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "recommend", str(path), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    try:
        time.sleep(6)  # a slow machine imports for four
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
    finally:
        process.kill()
    found = json.loads(stdout)
    assert process.returncode == 130, stderr
    assert found["status"] == "feasible"
    assert found["bound"] >= found["points"] > 0
