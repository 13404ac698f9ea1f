"""A result read back: its plan, its Result, and its sentences in another language."""

from __future__ import annotations

import pytest
from random_scenarios import scenario as random_scenario

from solver.errors import InputError
from solver.recommend import recommend
from solver.reread import plan, result
from solver.scenario import resolve
from solver.solve import Params
from solver.words import LANGUAGES
from solver.write import result_document, retold

SEEDS = range(40)


def resolved(seed, **keys):
    try:
        return resolve(random_scenario(seed) | keys)
    except InputError:
        pytest.skip("shares are missing")


def made(seed):
    scenario = resolved(seed)
    found = recommend(scenario, Params(time_limit=5))
    documents = {one: result_document(found, one, with_input=False) for one in LANGUAGES}
    return scenario, found, documents


@pytest.mark.parametrize("seed", SEEDS)
def test_a_result_comes_back_as_it_was(seed):
    scenario, found, documents = made(seed)
    again = result(documents["id"], scenario)
    assert again.status is found.result.status
    assert again.unique is found.result.unique
    assert again.taken == found.result.taken
    assert [(s.name, s.sense, s.kind, s.proven) for s in again.stages] == [
        (s.name, s.sense, s.kind, s.proven) for s in found.result.stages
    ]
    for mine, stage in zip(again.stages, found.result.stages, strict=True):
        assert float(mine.best) == pytest.approx(float(stage.best), rel=1e-12)
    if again.points is not None:
        assert again.points.best == found.result.points.best
        assert again.points.bound == found.result.points.bound


@pytest.mark.parametrize("seed", SEEDS)
def test_told_anew_is_told_the_same(seed):
    scenario, _, documents = made(seed)
    for language, other in (("id", "en"), ("en", "id")):
        told = retold(documents[language], scenario, other)
        assert told["decisions"] == documents[other]["decisions"]
        same = {key: value for key, value in told.items() if key not in ("warnings", "conflict")}
        assert same == {key: documents[other][key] for key in same}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_conflict_is_told_anew(seed):
    whole = random_scenario(seed)
    some = [proposal["id"] for proposal in whole["proposals"]]
    whole["lock"] = [{"proposal": name, "decision": "fund"} for name in dict.fromkeys(some)]
    scenario = resolved(seed, lock=whole["lock"], off={})
    found = recommend(scenario, Params(time_limit=5))
    documents = {one: result_document(found, one, with_input=False) for one in LANGUAGES}
    if documents["id"]["conflict"] is None:
        return
    told = retold(documents["id"], scenario, "en")["conflict"]
    due = documents["en"]["conflict"]
    assert [rule["rule"] for rule in told["rules"]] == [rule["rule"] for rule in due["rules"]]
    assert {rule["subject"] for rule in told["rules"]} == {r["subject"] for r in due["rules"]}
    assert plan(documents["id"]) == ()
