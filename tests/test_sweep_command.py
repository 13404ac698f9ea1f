"""kayuh sweep as a planner types it: what it prints, writes, asks and ends with."""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from test_sweep import CEILING, town, write

from service.cli import main
from solver.commands.sweeping import Sweeping
from solver.errors import UsageError
from solver.sweep.estimate import Estimate
from solver.write.sweep import name_of, picture
from solver.write.sweep.axis import axis

HOSTILE = ["=1+1", "<script>alert(1)</script>", "http://x.example/", "]]>&amp;\x01", "{{7*7}}"]


def run(*words):
    return CliRunner().invoke(main, ["sweep", *(str(word) for word in words)])


@pytest.fixture
def city(tmp_path):
    return write(tmp_path / "kota.json", town())


VARIED = ("--vary", f"{CEILING}=-10%,+10%,+50%")


def test_it_writes_its_files_and_says_what_it_found(city, tmp_path):
    out = tmp_path / "out"
    result = run(city, *VARIED, "--out", out, "--jobs", 1)
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in out.iterdir())
    assert names[1:] == ["results.jsonl", "sweep.json", "sweep.xlsx"]
    assert re.fullmatch(r"kota-agency.PUPR.ceiling-[0-9a-f]{6}\.svg", names[0])
    assert "4 hitungan" in result.output
    assert "0 usulan selalu masuk, 3 kadang, 0 tidak pernah" in result.output
    found = json.loads((out / "sweep.json").read_text("utf-8"))
    assert [(r["points"], r["set"]) for r in found["runs"]] == [
        (100, {}),
        (90, {CEILING: "-10%"}),
        (110, {CEILING: "+10%"}),
        (150, {CEILING: "+50%"}),
    ]
    assert found["runs"][3]["against"] == {
        "points": 50,
        "amount": 250_000_000,
        "worst": 1,
        "inversions": 0,
        "enters": ["U-2"],
        "leaves": [],
    }
    assert found["totals"]["optimal"] == 4
    assert found["versions"]["solver"].startswith("HiGHS")
    again = run(city, *VARIED, "--out", out, "--jobs", 1, "--lang", "en")
    assert "0 new runs, 4 used again" in again.output


def test_json_is_the_document_and_nothing_else(city, tmp_path):
    result = run(city, *VARIED, "--out", tmp_path / "out", "--jobs", 1, "--json")
    assert json.loads(result.stdout) == json.loads((tmp_path / "out" / "sweep.json").read_text())


def test_the_same_sweep_gives_the_same_bytes_with_one_worker_and_with_two(city, tmp_path):
    for jobs in (1, 2):
        assert run(city, *VARIED, "--out", tmp_path / str(jobs), "--jobs", jobs).exit_code == 0
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / n).iterdir() if p.suffix in (".json", ".svg")}
        for n in ("1", "2")
    )
    assert one == two
    assert len(one) == 2
    rows = [
        sorted((d["key"], json.dumps(d["row"])) for d in map(json.loads, text.splitlines()))
        for text in ((tmp_path / n / "results.jsonl").read_text() for n in ("1", "2"))
    ]
    assert rows[0] == rows[1]


def test_rules_make_it_a_test_with_an_exit_status(city, tmp_path):
    out = ("--out", tmp_path / "out", "--jobs", 1)
    kept = run(city, *VARIED, *out, "--accept", "points >= 90% of base")
    assert kept.exit_code == 0
    rule = "district.amount >= 95% of base"
    result = run(city, *VARIED, *out, "--accept", rule, "--lang", "en", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["accept"] == [{"rule": rule, "broken_by": [2, 3]}]
    assert found["runs"][1]["breaches"] == [
        {
            "rule": rule,
            "subject": "Barat",
            "has": 200_000_000,
            "needs": 475_000_000,
            "text": "Barat has only Rp~200~million, where at least Rp~475~million is asked"
            " (district.amount >= 95% of base)".replace("~", "\N{NO-BREAK SPACE}"),
        }
    ]
    assert [r["accepted"] for r in found["runs"]] == [True, False, False, True]
    assert run(city, *out, "--accept", "district.Brat.amount >= 1").exit_code == 2


def test_an_expectation_is_a_rule_too(tmp_path):
    path = write(tmp_path / "kota.json", town(expect={"points_min": 101}))
    result = run(path, *VARIED, "--out", tmp_path / "out", "--jobs", 1)
    assert result.exit_code == 1
    assert "points_min" in result.output


@pytest.mark.parametrize(
    ("changes", "more", "status"),
    [
        ({}, [], 0),
        ({}, ["--gap", "0.9"], None),
        ({"lock": [{"proposal": "U-1", "decision": "fund"}]}, ["--vary", f"{CEILING}=5"], 4),
    ],
)
def test_without_rules_it_ends_as_its_worst_run(tmp_path, changes, more, status):
    path = write(tmp_path / "kota.json", town(**changes))
    result = run(path, "--out", tmp_path / "out", "--jobs", 1, *more)
    expected = (0, 3) if status is None else (status,)
    assert result.exit_code in expected


def test_a_scenario_that_can_not_be_read_ends_with_5_and_the_others_are_solved(tmp_path):
    write(tmp_path / "in" / "a.json", town())
    write(tmp_path / "in" / "b.json", {"format": 1})
    result = run(tmp_path / "in", "--out", tmp_path / "out", "--jobs", 1)
    assert result.exit_code == 5
    found = json.loads((tmp_path / "out" / "sweep.json").read_text("utf-8"))
    assert [r["status"] for r in found["runs"]] == ["optimal", "failed"]
    assert found["runs"][1]["why"]


def test_the_only_scenario_s_problems_are_told_as_everywhere(city, tmp_path):
    result = run(city, "--vary", "agency.PUPU.ceiling=1", "--out", tmp_path / "out", "--json")
    assert result.exit_code == 5
    assert json.loads(result.stdout)["errors"][0]["suggestion"] == "PUPR"
    assert not (tmp_path / "out").exists()


def test_a_dry_run_counts_and_writes_nothing(city, tmp_path):
    out = tmp_path / "out"
    result = run(city, *VARIED, "--out", out, "--jobs", 2, "--dry-run", "--json")
    found = json.loads(result.stdout)
    assert (found["runs"], found["to_do"], found["done"]) == (4, 4, 0)
    assert found["seconds_at_most"] == 120
    assert found["seconds_expected"] is None
    assert not out.exists()
    run(city, *VARIED, "--out", out, "--jobs", 1)
    before = {path: path.read_bytes() for path in out.iterdir()}
    more = ("--vary", f"{CEILING}=-10%,+10%,+50%,+60%")
    found = json.loads(run(city, *more, "--out", out, "--dry-run", "--json").stdout)
    assert (found["runs"], found["to_do"], found["done"]) == (5, 1, 4)
    low, high = found["seconds_expected"]
    assert 0 <= low <= high
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    assert "5 hitungan" in run(city, *more, "--out", out, "--dry-run").output


def test_over_a_thousand_runs_it_asks(city, tmp_path):
    values = ",".join(str(n) for n in range(1, 1002))
    many = ("--vary", f"{CEILING}={values}", "--out", tmp_path / "out", "--jobs", 1)
    result = run(city, *many)
    assert result.exit_code == 2
    assert "--yes" in result.output
    assert not (tmp_path / "out").exists()
    assert run(city, *many, "--dry-run").exit_code == 0


def test_it_goes_on_where_the_answer_is_yes(monkeypatch):
    command = importlib.import_module("solver.commands.sweep")
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda _: True})())
    for answer in (True, False):
        monkeypatch.setattr(command.click, "confirm", lambda *_, answer=answer, **__: answer)
        if answer:
            command._ask(1001, "id", yes=False)
        else:
            with pytest.raises(UsageError):
                command._ask(1001, "id", yes=False)
    command._ask(1000, "id", yes=False)
    command._ask(10**6, "id", yes=True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--vary", "x"], 2),
        (["--accept", "points > 5"], 2),
        (["--time-limit", "-1"], 2),
        (["--gap", "nan"], 2),
        (["--cluster", "tls://h:1", "--local-cluster", "2"], 2),
        (["--solver", "Gurrrobi"], 2),
    ],
)
def test_wrong_usage_is_told_before_anything_is_solved(city, tmp_path, words, code):
    result = run(city, *words, "--out", tmp_path / "out")
    assert result.exit_code == code
    assert not (tmp_path / "out").exists()


def test_results_are_not_written_among_the_scenarios(tmp_path):
    write(tmp_path / "in" / "a.json", town())
    assert run(tmp_path / "in", "--out", tmp_path / "in").exit_code == 2


def test_a_folder_that_can_not_be_written_is_told(city, tmp_path):
    (tmp_path / "out").write_text("a file")
    result = run(city, "--out", tmp_path / "out" / "x", "--jobs", 1)
    assert result.exit_code == 2


def slow(tmp_path):
    """A city of which a run takes some tenths of a second, for a sweep that can be stopped."""
    from random import Random

    lot = Random(1)
    proposals = [
        {
            "id": f"U-{n}",
            "title": f"Titian {n}",
            "agency": lot.choice("ABC"),
            "district": lot.choice(("Barat", "Timur", "Utara")),
            "ward": "W",
            "priority": n,
            "score": lot.randint(10, 99),
            "amount": lot.randint(50, 400) * 1_000_000,
        }
        for n in range(1, 121)
    ]
    agencies = [{"code": code, "ceiling": 3_000_000_000} for code in "ABC"]
    whole = {"format": 1, "title": "Kota", "proposals": proposals, "agencies": agencies}
    return write(tmp_path / "sedang.json", whole)


SLOW = ("--vary", "agency.A.ceiling=-10%,-5%,+5%,+7%", "--gap", "0.0005", "--time-limit", "600")


@pytest.mark.skipif(os.name == "nt", reason="signals of another system")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_keeps_what_is_there_and_the_same_command_goes_on(tmp_path, jobs):
    path, out = slow(tmp_path), tmp_path / "out"
    words = [sys.executable, "-m", "service.cli", "sweep", str(path), *SLOW, "--out", str(out),
             "--jobs", jobs]  # fmt: skip
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)  # fmt: skip
    lines = out / "results.jsonl"
    end = time.monotonic() + 100
    while not (lines.exists() and lines.read_bytes().count(b"\n")):
        assert time.monotonic() < end
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    _, errors = process.communicate(timeout=100)
    kept = lines.read_bytes().count(b"\n")
    assert b"Traceback" not in errors
    if kept < 5:
        assert process.returncode == 130, errors
        partial = json.loads((out / "sweep.json").read_text("utf-8"))
        assert partial["totals"]["waiting"] == 5 - kept
    assert run(path, *SLOW, "--out", out, "--jobs", 1).exit_code in (0, 3)
    assert lines.read_bytes().count(b"\n") == 5
    assert run(path, *SLOW, "--out", tmp_path / "whole", "--jobs", 1).exit_code in (0, 3)
    assert (out / "sweep.json").read_bytes() == (tmp_path / "whole" / "sweep.json").read_bytes()


# What a person typed stays text


def hostile(tmp_path):
    whole = town()
    for proposal, title in zip(whole["proposals"], HOSTILE, strict=False):
        proposal["title"] = title.replace("\x01", "")
    whole["title"] = HOSTILE[1]
    return write(tmp_path / "=cmd()&<b>.json", whole)


def test_nothing_in_the_workbook_is_a_formula_or_link_but_the_shares(tmp_path):
    out = tmp_path / "out"
    result = run(hostile(tmp_path), *VARIED, "--out", out, "--jobs", 1, "--accept", "points >= 100")
    assert result.exit_code == 1
    with zipfile.ZipFile(out / "sweep.xlsx") as book:
        names = book.namelist()
        sheets = [n for n in names if n.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 6
        formulas = [f for n in sheets for f in re.findall(r"<f>(.*?)</f>", book.read(n).decode())]
        text = "".join(book.read(n).decode("utf-8", "replace") for n in sheets)
    assert all(re.fullmatch(r"\$[A-Z]+\d+/\$[A-Z]+\d+", f) for f in formulas)
    assert formulas
    assert "hyperlink" not in text
    assert not any("hyperlink" in n or "external" in n.lower() for n in names)


def parsed_picture(curve, language="id"):
    root = ET.parse(io.StringIO(picture(curve, language))).getroot()
    return root, [element.tag.rpartition("}")[2] for element in root.iter()]


def curve(values, **more):
    spots = [
        {"run": n, "value": value, "set": given, "points": n * 1.5, "amount": n * 10**9,
         "worst": n / 10, "inversions": n}
        for n, (value, given) in enumerate(values, 1)
    ]  # fmt: skip
    numeric = all(isinstance(value, int | float) for value, _ in values)
    return {"scenario": "kota", "key": CEILING, "held": {}, "numeric": numeric, "spots": spots,
            **more}  # fmt: skip


def test_a_picture_holds_no_script_style_or_link_and_says_itself_in_words():
    wild = curve(
        [(text, text) for text in HOSTILE], scenario=HOSTILE[1], held={"a.B.c": HOSTILE[3]}
    )
    root, tags = parsed_picture(wild)
    assert set(tags) <= {"svg", "title", "desc", "rect", "text", "g", "path", "circle"}
    text = picture(wild, "id")
    assert "style=" not in text
    assert "href" not in text
    assert not re.search(r"\son\w+=", text)
    assert root.find("{*}title").text.startswith("<script>alert(1)</script>: ")
    assert root.attrib["role"] == "img"
    assert "1,5 poin" in root.find("{*}desc").text


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_picture_has_a_dot_a_run_and_measure_all_within_it(language):
    shown = curve([(10**9, "-10%"), (2 * 10**9, None), (4 * 10**9, "+1")])
    shown["spots"][0] |= dict.fromkeys(("points", "amount", "worst", "inversions"))
    root, _ = parsed_picture(shown, language)
    dots = [element for element in root.iter() if element.tag.endswith("circle")]
    assert len(dots) == 4 * 2
    assert sum(dot.attrib["fill"] == "#FFFFFF" for dot in dots) == 4  # as it is
    assert all(0 <= float(dot.attrib["cx"]) <= 470 for dot in dots)
    assert all(0 <= float(dot.attrib["cy"]) <= 260 for dot in dots)
    crosses = [e for e in root.iter() if e.attrib.get("stroke") == "#A33A2A"]
    assert len(crosses) == 4
    assert ("Rp" in "".join(root.itertext())) is True


def test_file_names_of_pictures_are_plain_and_differ():
    names = {
        name_of(curve([(1, 1)], scenario=scenario, key=key, held=held))
        for scenario in ("../../etc", "a/b", "kota")
        for key in ("agency.A B.ceiling", "limit.Å.max")
        for held in ({}, {"x.Y.z": 1})
    }
    assert len(names) == 12
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*\.svg", name) for name in names)
    assert not any(".." in name.removesuffix(".svg") for name in names)


@pytest.mark.parametrize(
    "values", [[0], [5], [-3, -3], [0, 1e-6], [1, 10**14], [0.1, 0.3], [-5, 7, 100], [99, 101]]
)
def test_an_axis_holds_its_values_in_few_round_steps(values):
    found = axis(values, 0, 100, whole=False)
    assert found.low <= min(values)
    assert found.high >= max(values)
    assert 2 <= len(found.ticks) <= 8
    assert all(0 <= found.at(value) <= 100 for value in values)
    assert found.ticks == sorted(set(found.ticks))


# Progress


def test_progress_tells_how_much_is_left_and_no_more_than_it_knows(monkeypatch, capsys):
    monkeypatch.setattr("solver.commands.sweeping.EVERY", 0)
    engine = type("Engine", (), {"workers": 2})()
    told = Sweeping("en")
    told.is_watched = True
    told.begin(Estimate.of([100] * 400, 60), engine)
    told(None, 0)
    for _ in range(4):
        told(type("Run", (), {"source": type("Source", (), {"proposals": 100})()})(), 1.0)
    engine.workers = 0
    told(None, 0)
    told.clear()
    lines = [line for line in capsys.readouterr().err.split("\r") if line]
    assert lines[0].startswith("0 of 400 runs, at most 4 hours left")  # 200 times a minute
    assert lines[4].startswith("4 of 400 runs, about 4 minutes to 4 minutes left")
    assert "no workers yet" in lines[5]


def test_progress_is_silent_where_nobody_watches(capsys):
    told = Sweeping("id")
    told.is_watched = False
    told.note("reading")
    told.begin(Estimate.of([1], 60), type("Engine", (), {"workers": 1})())
    told(None, 0)
    told.clear()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (0.2, "1 s"), (119, "119 s"), (120, "2 minutes"), (7199, "120 minutes"),
     (7201, "3 hours")],
)  # fmt: skip
def test_times_are_told_rounded_up(seconds, told):
    assert Sweeping.span(seconds, "en") == told
