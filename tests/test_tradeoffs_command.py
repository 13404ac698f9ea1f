"""kayuh tradeoffs: what it prints and writes, going on after a stop, and words it never says."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
from importlib import resources

import openpyxl
import pytest
from click.testing import CliRunner

import scenarios
from service.cli import main
from solver.scenario import read
from solver.solve import solve
from solver.tradeoffs import ANALYSES, Budget, Cache, Questions

SMALL = scenarios.path("contoh.json")
NEVER_SAID = re.compile(
    r"shadow price|\bdual|infeasib|\bobjective\b|constraint|solver|harga bayangan|infisibel|"
    r"tak layak|fungsi objektif|fungsi tujuan|kendala|pemecah",
    re.IGNORECASE,
)


def run(*words):
    return CliRunner().invoke(main, ["tradeoffs", *map(str, words)])


def test_every_analysis_is_told_and_written(tmp_path):
    result = run(SMALL, "--out", tmp_path / "t", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert set(found) == set(ANALYSES)
    assert all(document["text"] for document in found.values())
    assert json.loads((tmp_path / "t" / "tradeoffs.json").read_text()) == found
    book = openpyxl.load_workbook(tmp_path / "t" / "tradeoffs.xlsx")
    assert len(book.sheetnames) == len(ANALYSES)
    assert not any(c.data_type == "f" for s in book for row in s for c in row)


def test_the_keys_of_the_contract_are_there():
    found = json.loads(run(SMALL, "--json").stdout)
    keys = {
        "replacement": {"proposal", "loss", "enters", "status"},
        "entry": {"proposal", "cost", "leaves", "price_cut", "volume_cut", "score_gain", "ceilings",
                  "status"},
        "rule_prices": {"rule", "subject", "price", "status"},
        "next_rupiah": {"rule", "subject", "extra", "gain", "enters", "leaves"},
        "frontier": {"points", "second", "decisions"},
        "variants": {"points", "distance", "decisions"},
        "robust": {"proposal", "share", "verdict"},
        "reserve": {"agency", "rank", "proposal", "volume", "amount", "points"},
        "own_share": {"district", "own", "plan", "met"},
    }  # fmt: skip
    for name, wanted in keys.items():
        for row in found[name]["rows"]:
            assert wanted <= set(row), name


def test_one_proposal_alone_in_english():
    result = run(SMALL, "--proposal", "U-008", "--lang", "en")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "It could change places with Drainase Jalan Mawar (U-002) alone" in text
    assert "it is worth 31 points more" in text
    assert "falls out" not in text


@pytest.mark.parametrize(
    "words", [("--only", "replacemnt"), ("--proposal", "U-08"), ("--budget", "0")]
)
def test_wrong_words_end_with_2(words):
    result = run(SMALL, *words)
    assert (result.exit_code, "Traceback" in result.stderr) == (2, False)
    assert result.stderr


def test_without_time_it_says_so_and_ends_with_6(tmp_path):
    result = run(scenarios.path("banjarmasin-2018"), "--budget", "0.001", "--only", "replacement")
    assert result.exit_code in (3, 6)


def test_an_impossible_scenario_ends_with_4():
    result = run(scenarios.path("belajar/impossible.json"), "--only", "entry,rule_prices")
    assert result.exit_code == 4


class Counting(Questions):
    """Counts what is really solved."""

    asked = 0

    def _anew(self, case, *, near):
        self.asked += 1
        return super()._anew(case, near=near)


def session(cache, seconds=600.0):
    scenario = read(SMALL)
    return Counting(scenario, solve(scenario.instance), Budget(seconds), cache)


def test_a_command_that_was_stopped_goes_on_and_says_the_same(tmp_path):
    path = tmp_path / "answers.jsonl"
    plain = ANALYSES["rule_prices"](session(None), None)
    first = session(Cache(path))
    ANALYSES["replacement"](first, None)
    half = session(Cache(path))
    assert ANALYSES["replacement"](half, None) == ANALYSES["replacement"](session(None), None)
    assert (first.asked > 0, half.asked) == (True, 0)
    assert ANALYSES["rule_prices"](session(Cache(path)), None) == plain


def test_answers_that_were_tampered_with_are_asked_again(tmp_path):
    path = tmp_path / "answers.jsonl"
    wanted = ANALYSES["replacement"](session(Cache(path)), None)
    lines = path.read_text().splitlines()
    forged = [line.replace('"best": ', '"best": 9', 1) for line in lines]
    path.write_text("\n".join([*forged, "{", "[]", lines[0][:40]]) + "\n")
    again = session(Cache(path))
    assert ANALYSES["replacement"](again, None) == wanted
    assert again.asked == len(lines)


def test_a_desk_never_reads_the_words_of_solvers():
    for topic in ("tradeoff", "analysis", "compare"):
        text = (resources.files("solver") / "catalogues" / f"{topic}.toml").read_text("utf-8")
        for code, languages in tomllib.loads(text).items():
            for sentence in languages.values():
                assert not NEVER_SAID.search(sentence), (topic, code, sentence)


def test_the_book_holds_what_was_typed_as_text(tmp_path):
    whole = json.loads(SMALL.read_text("utf-8"))
    whole["proposals"][0]["title"] = '=HYPERLINK("http://x","y")'
    path = tmp_path / "kota.json"
    path.write_text(json.dumps(whole))
    assert run(path, "--only", "replacement,entry", "--out", tmp_path / "t").exit_code == 0
    with zipfile.ZipFile(tmp_path / "t" / "tradeoffs.xlsx") as book:
        text = "".join(book.read(n).decode() for n in book.namelist() if "sheet" in n)
    assert "<f>" not in text
    assert "hyperlink" not in text
