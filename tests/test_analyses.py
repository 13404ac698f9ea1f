"""What the analyses say: documents that JSON takes, and sentences that are true and plain."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from asked import desk, desks, document, proposal
from test_words import FORBIDDEN

from solver.tradeoffs import Cache, Questions, held
from solver.tradeoffs.frontier import frontier
from solver.tradeoffs.loss import Loss, loss
from solver.tradeoffs.money import Purse
from solver.tradeoffs.moves import NO_MOVES
from solver.tradeoffs.next_rupiah import Bought, NextRupiah
from solver.tradeoffs.own_share import own_share
from solver.tradeoffs.question import Answer
from solver.tradeoffs.reserve import reserve
from solver.tradeoffs.robust import Drawn, robust
from solver.tradeoffs.rule_prices import RulePrice, RulePrices, _dearest_first
from solver.tradeoffs.variants import variants
from solver.words import LANGUAGES, catalogue
from solver.write.analyses import analysis_document

NBSP = "\N{NO-BREAK SPACE}"
ALL = {
    "frontier": frontier,
    "variants": variants,
    "robust": lambda questions: robust(questions, drawn=Drawn(cases=2)),
    "reserve": reserve,
    "own_share": own_share,
}
OWN = {
    code: texts
    for code, texts in catalogue().items()
    if code.split(".")[0] in ("analysis", "compare")
}


def written(name, found, questions, language="en"):
    document = analysis_document(name, found, questions.scenario.instance, language)
    return json.loads(json.dumps(document))


def told(name, questions, language="en"):
    return written(name, ALL[name](questions), questions, language)


def plain(text):
    return text.replace(NBSP, " ")


@pytest.mark.parametrize("name", ALL)
def test_every_desk_gets_a_document_and_a_sentence(name):
    statuses = set()
    for seed, _, questions in desks(range(12), with_points=False):
        for language in LANGUAGES:
            found = told(name, questions, language)
            assert found["status"] in (None, "proven", "at_least", "at_most", "sampled"), seed
            assert re.fullmatch(r"\S.*[.]", found["text"]), (seed, found["text"])
            assert not re.search(r"[{}]|None|True|False|  ", found["text"]), (seed, found["text"])
            statuses.add(found["status"])
    assert len(statuses) > 1


@pytest.mark.parametrize("code", OWN)
def test_no_sentence_speaks_like_a_solver(code):
    for language, text in OWN[code].items():
        for word in FORBIDDEN:
            assert not re.search(rf"\b{re.escape(word)}", text.lower()), (language, word, text)


def test_the_keys_are_those_of_the_contract():
    rows = [proposal("A", 6, 9), proposal("B", 5, 5, district="Utara", ward="Kuin")]
    places = [{"district": "Barat", "population": 2}, {"district": "Utara", "population": 1}]
    questions = desk(document(*rows, locations=places))
    wanted = {
        "frontier": ({"rows", "left_out"}, {"points", "second", "decisions"}),
        "variants": ({"rows", "guarantee"}, {"points", "distance", "decisions"}),
        "robust": ({"cases", "rows"}, {"proposal", "share", "verdict"}),
        "reserve": ({"rows"}, {"agency", "rank", "proposal", "volume", "amount", "points"}),
        "own_share": ({"rows", "price"}, {"district", "own", "plan", "met"}),
    }
    for name, (keys, columns) in wanted.items():
        found = told(name, questions)
        assert keys | {"text", "status"} <= set(found), name
        assert found["rows"], name
        assert all(columns <= set(row) for row in found["rows"]), name


# --- the sentences -------------------------------------------------------------------------------

PAIRS = document(*(proposal(f"{a}{b}", 5, 10 - b) for a in "ABC" for b in (1, 2)), ceiling=15)
NOTHING = document(proposal("A", 5, 5), limits=[{"name": "two", "measure": "count", "min": 2}])
NO_POINTS = document(proposal("A", 5, 5), objective={"stages": ["thrift"]})


def test_the_frontier_says_from_where_to_where():
    rows = [proposal("A", 4_000_000, 4), proposal("B", 6_000_000, 7)]
    made = document(*rows, ceiling=6_000_000, objective={"stages": ["points", "thrift"]})
    text = plain(told("frontier", desk(made))["text"])
    assert "there are 3 choices worth a talk, and all of them are here" in text
    assert "from 7 points (Rp 6 million) to 0 points (Rp 0)" in text
    text = plain(told("frontier", desk(made), "id")["text"])
    assert "Antara poin dan uang yang dipakai ada 3 pilihan" in text
    assert "dari 7 poin (Rp 6 jt) sampai 0 poin (Rp 0)" in text


def test_a_share_is_told_as_a_percentage():
    rows = [proposal("A", 5, 6), proposal("B", 5, 4), proposal("C", 5, 5, district="Utara")]
    found = told("frontier", desk(document(*rows, ceiling=10)))
    # A and C: 11 points, 60 % of Barat and all of Utara.
    assert "is also the best one for what the least served kecamatan gets" in found["text"]
    assert "11 points (60 %)" in plain(found["text"])
    assert found["rows"][0]["second"] == 0.6


def test_a_frontier_that_is_not_whole_says_so():
    questions = desk(document(*(proposal(p, 1, 1) for p in "ABCD"), ceiling=4))
    whole = frontier(questions)
    found = written("frontier", replace(whole, open=1), questions)
    assert (found["status"], found["left_out"]) == ("at_least", None)
    assert "so far" in found["text"]
    assert "There may be more between them" in found["text"]


def test_variants_tell_the_whole_guarantee():
    found = told("variants", desk(PAIRS))
    assert found["guarantee"] == {
        "apart": 3, "measure": "count", "loss": 0.01, "loss_at_most": 0, "further": False
    }  # fmt: skip
    assert plain(found["text"]) == (
        "There is no other choice: any plan that differs by at least 3 proposals loses more than "
        "1 % of the most points."
    )
    questions = desk(PAIRS)
    loose = written("variants", variants(questions, loss=Fraction(1, 2), most=2), questions)
    assert plain(loose["text"]) == (
        "There are 2 plans to choose from: any two differ by at least 3 proposals, and none loses "
        "more than 50 % of the most points known. There may be others."
    )
    assert loose["rows"][1]["enters"] == sorted(set(loose["rows"][1]["enters"]))
    assert len(loose["rows"][1]["enters"]) + len(loose["rows"][1]["leaves"]) == 4


def test_variants_of_an_unproven_plan_claim_no_more_than_is_known():
    questions = desk(PAIRS)
    found = variants(questions, loss=Fraction(1, 2), most=2)
    wide = replace(found, loss_at_most=Fraction(3, 4))
    told_wide = written("variants", wide, questions)
    assert told_wide["status"] == "at_most"
    assert "they may be up to 75 % from the best" in plain(told_wide["text"])
    blind = written("variants", replace(found, loss_at_most=None), questions)
    assert blind["status"] is None
    assert "is not known yet" in blind["text"]


def test_the_agenda_says_that_trials_are_trials():
    found = told("robust", desk(document(proposal("A", 5, 5))))
    assert (found["status"], found["cases"], found["asked"]) == ("sampled", 2, 2)
    assert plain(found["text"]) == (
        "Scores were changed at random by up to 10 % either way, costs by up to 10 %, and the plan "
        "was made anew 2 times. Proposals always in: 1; never in: 0; in at times, and so to be "
        "discussed: 0. These are trials: other numbers may still say otherwise."
    )
    questions = desk(document(proposal("A", 5, 5)))
    stated = written("robust", robust(questions, [{}]), questions)
    assert (stated["status"], stated["drawn"]) == ("proven", None)
    assert "for each of the cases that were stated (1)" in stated["text"]
    questions = desk(document(proposal("A", 5, 5)), seconds=0.0)
    late = written("robust", robust(questions, [{}]), questions)
    assert (late["status"], late["cases"], late["unanswered"]) == (None, 0, 1)
    assert late["text"].endswith("Cases not counted because the time was over: 1.")


def test_the_reserve_says_what_nesting_costs():
    rows = [proposal("A", 5, 5), proposal("B", 2, 3), proposal("C", 7, 9)]
    found = told("reserve", desk(document(*rows, ceiling=5)))
    assert [(r["rank"], r["proposal"], r["extra"], r["nesting"]) for r in found["rows"]] == [
        (1, "B", 2, 1), (2, "C", 9, 0)
    ]  # fmt: skip
    assert "costs 1 points at most" in found["text"]
    assert "(PUPR, down to rank 1)" in found["text"]
    late = told("reserve", desk(document(*rows, ceiling=5), seconds=0.0))
    assert (late["status"], late["left"]) == ("at_least", 2)
    assert "Questions that were not reached in the time: 2." in late["text"]
    assert "There is no reserve" in told("reserve", desk(document(proposal("A", 5, 5))))["text"]


def test_the_own_shares_say_who_is_short_and_what_it_costs():
    rows = [
        proposal("A", 6, 9),
        proposal("B", 4, 5),
        proposal("C", 3, 2, district="Utara", ward="Kuin"),
    ]
    places = [{"district": "Barat", "population": 2}, {"district": "Utara", "population": 1}]
    found = told("own_share", desk(document(*rows, locations=places)))
    assert (found["price"], found["status"]) == (3, "proven")
    assert [(r["district"], r["own"], r["plan"], r["met"]) for r in found["rows"]] == [
        ("Barat", 9, 14, True), ("Utara", 2, 0, False)
    ]  # fmt: skip
    assert plain(found["text"]) == (
        "Utara: less than what the own share would have bought. To guarantee it to every kecamatan "
        "costs 3 points and moves Rp 3 between kecamatan."
    )
    del places[0]["population"]
    unknown = told("own_share", desk(document(*rows, locations=places)))
    assert (unknown["rows"], unknown["price"], unknown["status"]) == ([], None, None)
    assert "Fill in the column population" in unknown["text"]


def test_what_is_only_known_to_be_at_most_so_much_is_named_last():
    questions = desk(PAIRS)
    dear, maybe = Loss(2_000_000, "at_least"), Loss(9_000_000, "at_most")
    found = RulePrices(
        True, tuple(RulePrice("locations", s, p) for s, p in (("Utara", dear), ("Barat", maybe)))
    )
    text = plain(written("rule_prices", found, questions)["text"])
    assert text.index("Utara (at least 2 points)") < text.index("Barat (at most 9 points)")
    utara, barat = found.rows
    assert _dearest_first(utara) < _dearest_first(barat)
    utara, barat = (Purse("locations", name, "max", 0, 10) for name in ("Utara", "Barat"))
    bought = tuple(Bought(p, 5, gain, NO_MOVES) for p, gain in ((barat, maybe), (utara, dear)))
    text = plain(written("next_rupiah", NextRupiah(True, bought), questions)["text"])
    assert "limit of Utara: with Rp 5 more the plan rises by at least 2 points" in text


@pytest.mark.parametrize("name", sorted(set(ALL) - {"robust"}))
def test_an_impossible_desk_and_one_without_time_are_not_the_same(name):
    assert "No plan keeps all the rules" in told(name, desk(NOTHING))["text"]
    if name not in ("reserve", "own_share", "variants"):
        assert "The time was over" in told(name, desk(PAIRS, seconds=0.0))["text"]


@pytest.mark.parametrize("name", sorted(set(ALL) - {"frontier"}))
def test_without_the_stage_points_no_price_in_points_is_told(name):
    found = told(name, desk(NO_POINTS))
    assert found["rows"] == []
    assert "does not weigh points" in found["text"]


def test_a_loss_between_bounds_tells_the_end_that_is_safe():
    def answer(best, bound, possible=True):
        return Answer(best, bound, possible, None, None)

    exact, wide = answer(10, 10), answer(10, 12)
    assert loss(exact, answer(7, 7)) == Loss(3, "proven")
    assert loss(exact, answer(7, 8)) == Loss(2, "at_least")
    assert loss(exact, answer(7, 10)) == Loss(3, "at_most")
    assert loss(wide, answer(7, 7)) == Loss(3, "at_least")
    assert loss(wide, answer(7, 11)) == Loss(5, "at_most")
    assert loss(exact, answer(None, None, None)) == Loss(None, None)
    assert loss(exact, answer(None, 7, None)) == Loss(3, "at_least")
    assert loss(wide, answer(None, None, False)) == Loss(None, "proven")


@pytest.mark.parametrize("name", ALL)
def test_what_was_answered_before_is_not_asked_again(name, tmp_path, monkeypatch):
    made = document(
        *(proposal(f"{a}{b}", 5 + b, 10 - b) for a in "ABC" for b in (1, 2)),
        proposal("Z", 4, 3, district="Utara", ward="Kuin"),
        ceiling=20,
        locations=[{"district": "Barat", "population": 2}, {"district": "Utara", "population": 1}],
    )
    first = desk(made)
    first.cache = Cache(tmp_path / "answers.jsonl")
    found = told(name, first)
    assert found["status"] in ("proven", "sampled")

    def refuse(*_args, **_kwargs):
        raise AssertionError("this was answered before")

    monkeypatch.setattr(Questions, "_anew", refuse)
    monkeypatch.setattr(held, "_anew", refuse)
    again = desk(made)
    again.cache = Cache(tmp_path / "answers.jsonl")
    assert told(name, again) == found


def test_a_plan_that_was_kept_is_looked_at_again(tmp_path):
    # Another hand writes a plan of more points than there are: it is not believed.
    made = document(proposal("A", 6, 6), proposal("B", 5, 5), proposal("C", 5, 4))
    made["objective"] = {"stages": ["points", "thrift"]}
    path = tmp_path / "answers.jsonl"
    first = desk(made)
    first.cache = Cache(path)
    found = told("frontier", first)
    entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for entry in entries:
        entry.pop("check")
        entry |= {"best": 99 * 10**6, "taken": [[0, 0], [1, 0], [2, 0]]}
        whole = json.dumps(entry, sort_keys=True)
        entry["check"] = hashlib.sha256(whole.encode()).hexdigest()[:16]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries), "utf-8")
    again = desk(made)
    again.cache = Cache(path)
    assert again.cache.lines
    assert told("frontier", again) == found
