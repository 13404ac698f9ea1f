"""Why each proposal is funded or not: every fact is added up again by the oracle, from the tables.

What a reason says is tried: what is "blocked" breaks just that rule when it is put into the plan,
what nothing blocks can be put in, what a floor needs can't be taken out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from functools import cache

import oracle
import pytest
from agreement import plan_of
from random_scenarios import scenario

from solver.decision import decisions
from solver.errors import InputError
from solver.instance import MICRO
from solver.recommend import recommend
from solver.scenario import resolve
from solver.solve import solve
from solver.tell import Teller
from solver.words import LANGUAGES

CODES = {
    "agency_ceiling", "line_ceiling", "line_target", "location_max", "location_min", "limit",
    "alternatives", "requires", "together", "priority_order", "options", "locked_in", "locked_out",
    "gate", "covered", "lower_points", "cut_to_fit", "funded_for_floor", "funded_by_points",
}  # fmt: skip
FUNDED = {"locked_in", "funded_for_floor", "funded_by_points", "options", "cut_to_fit"}
LIMITS = {
    "agency_ceiling": "agency_ceiling",
    "line_ceiling": "line_ceiling",
    "line_target": "line_target",
    "location_max": "locations",
    "location_min": "locations",
    "limit": "limits",
    "gate": "gates",
}
"""Reasons that name a limit -> the rule it belongs to; a link has its rule's own name."""
LINKS = {"alternatives", "requires", "together", "priority_order"}
CHUNK = 10
SEEDS = range(2_000, 2_180, CHUNK)


class Desk:
    """One random scenario solved, with the plan as the oracle reads it."""

    def __init__(self, seed):
        self.made = scenario(seed)
        self.result = solve(resolve(self.made).instance)
        self.case = oracle.Case(self.made)
        if self.result.taken is not None:
            self.plan = plan_of(self.result.case, self.result.taken)
            self.takes = oracle.read_plan(self.case, self.plan)
            self.total = sum(take.amount for take in self.takes)

    def broken(self, plan):
        return {rule for rule, _ in oracle.violations(self.made, plan)}

    def smallest(self, pid):
        """Each option of a proposal at its smallest volume, as takes; a lock's volume aside."""
        found = []
        for option in self.case.options[pid]:
            volume = option.volume
            if volume is not None:
                volume -= (volume - option.least) // option.step * option.step
            found.append(oracle.at_volume(option, volume))
        return found

    def with_it(self, take):
        return self.plan | {take.proposal: oracle.decision(take)}

    def limit(self, facts):
        return next(x for x in self.case.limits if x.name == facts["limit"])

    def room(self, facts, take):
        """What is left of the limit that facts name, in whole units, from the tables."""
        rule, measure = facts["rule"], facts["measure"]
        if rule == "agency_ceiling":
            agency = facts["agency"]
            used = sum(t.amount for t in self.takes if t.option.agency == agency)
            return self.case.agency_rooms[agency] - used
        if rule == "line_ceiling":
            used = oracle.used_by_line(self.case, self.takes)
            return self.case.line_rooms[facts["line"]] - used[facts["line"]]
        if rule == "line_target":
            line = self.case.lines[facts["line"]]
            used = sum(t.volume or 0 for t in self.takes if t.option.line == line.code)
            return line.max_target - line.committed_target - used
        if rule == "limits":
            limit = self.limit(facts)
            used = sum(oracle.measured(t, measure) for t in self.takes if t.option in limit.members)
            return limit.high - used
        place = next(x for x in self.case.places if x.subject == facts["place"])
        inside = [t for t in self.takes if t.option in place.members]
        if measure == "count":
            return place.max_count - len(inside)
        high = place.max_amount.of(self.total + take.amount)
        return int(high // 1) - sum(t.amount for t in inside)


@cache
def desks(first):
    found = []
    for seed in range(first, first + CHUNK):
        try:
            desk = Desk(seed)
        except InputError:
            continue
        if desk.result.taken is not None:
            found.append((seed, desk))
    return found


def all_decisions(desk):
    return decisions(desk.result.case, desk.result.taken)


# --- there is a reason, and it can be told -------------------------------------------------------


@pytest.mark.parametrize("first", SEEDS)
def test_every_proposal_has_reasons_that_can_be_told_in_a_breath(first):
    for seed, desk in desks(first):
        found = all_decisions(desk)
        assert [d.proposal.id for d in found] == sorted(desk.case.ids), seed
        tellers = [Teller(desk.result.case, language) for language in LANGUAGES]
        for decision in found:
            codes = [reason.code for reason in decision.reasons]
            assert codes, (seed, decision.proposal.id)
            assert set(codes) <= CODES
            assert len(set(codes)) == len(codes), (seed, codes)
            if decision.kind == "covered":
                assert codes == ["covered"]
            elif decision.kind == "not_fund":
                assert not set(codes) & FUNDED, (seed, codes)
            else:
                assert set(codes) <= FUNDED, (seed, codes)
            for teller in tellers:
                text = teller.reasons(decision.reasons)
                assert text.endswith((".", "?", "!")), text
                assert "{" not in text
                assert "None" not in text
                assert len(re.findall(r"[.?!](?= |$)", text)) <= 4, text


# --- and it is true ------------------------------------------------------------------------------


@pytest.mark.parametrize("first", SEEDS)
def test_what_is_said_to_stand_in_the_way_does(first):
    for seed, desk in desks(first):
        for decision in all_decisions(desk):
            if decision.kind == "not_fund":
                check_not_funded(seed, desk, decision)


def check_not_funded(seed, desk, decision):
    pid = decision.proposal.id
    takes = desk.smallest(pid)
    breaks = [desk.broken(desk.with_it(take)) for take in takes]
    for reason in decision.reasons:
        where, facts = (seed, pid, reason), reason.facts
        if reason.code == "lower_points":
            assert set() in breaks, where
            assert facts["points"] == desk.case.options[pid][0].points, where
        elif reason.code == "locked_out":
            assert pid in desk.case.locked_out, where
        elif reason.code in LINKS:
            assert any(reason.code in rules for rules in breaks), where
            check_others(where, desk, reason)
        else:
            assert any(LIMITS[reason.code] in rules for rules in breaks), where
        if reason.code == "gate":
            assert facts["gate"] in {take.option.gate for take in takes}, where
        # A need below zero: a minimum of points would be missed, and is told as that.
        told_as_room = facts.get("need", -1) >= 0 and facts["measure"] != "count"
        if told_as_room and reason.code != "location_min":
            check_room(where, desk, facts, takes)
        if "limit_alone" in facts:
            assert facts["need"] > facts["limit_alone"] >= facts["room"], where
    if set() in breaks:
        # Nothing stands in the way of one of its options, so no other one is blamed.
        codes = {reason.code for reason in decision.reasons}
        assert codes == {"lower_points"} or len(takes) > 1, (seed, pid, codes)


def check_room(where, desk, facts, takes):
    """Room and need are those of one of the options, and the need is larger."""
    flex = 0  # what sister lines may add to a line's room, or take from it
    if facts["rule"] == "line_ceiling":
        flex = desk.case.lines[facts["line"]].flex
    fits = [
        abs(facts["room"] - max(0, desk.room(facts, take))) <= flex
        for take in takes
        if oracle.measured(take, facts["measure"]) == facts["need"]
    ]
    assert any(fits), where
    assert facts["need"] > facts["room"], where
    for name in ("taken_by", "ahead"):
        assert set(facts.get(name, ())) <= set(desk.plan), where
    ranks = desk.case.rank
    for other in facts.get("ahead", ()):
        assert ranks[other] < ranks[takes[0].proposal], where


def check_others(where, desk, reason):
    """Alternatives name what is taken; the other links what is not."""
    others = set(reason.facts["others"])
    taken = oracle.taken_ids(desk.case, desk.takes)
    assert others, where
    assert others <= taken if reason.code == "alternatives" else not others & taken, where
    if reason.code == "priority_order":
        assert others <= desk.case.better[where[1]], where


@pytest.mark.parametrize("first", SEEDS)
def test_what_is_said_of_a_funded_one_is_true(first):
    for seed, desk in desks(first):
        for decision in all_decisions(desk):
            if decision.kind in ("fund", "fund_changed"):
                check_funded(seed, desk, decision)


def check_funded(seed, desk, decision):
    pid = decision.proposal.id
    (take,) = (t for t in desk.takes if t.proposal == pid)
    for reason in decision.reasons:
        where, facts = (seed, pid, reason), reason.facts
        if reason.code == "locked_in":
            assert pid in desk.case.locked_in, where
        if reason.code == "funded_by_points":
            assert (facts["points"], facts["amount"]) == (take.points, take.amount), where
        if reason.code == "options":
            assert facts["option"] == take.option.label, where
            assert take.option is not desk.case.options[pid][0], where
        if reason.code == "funded_for_floor":
            without = {other: what for other, what in desk.plan.items() if other != pid}
            assert facts["rule"] in desk.broken(without), where
            assert facts["without"] < facts["minimum"], where
        if reason.code == "cut_to_fit":
            assert facts["volume"] == take.volume < facts["requested"] == take.option.volume, where
            more = oracle.at_volume(take.option, take.volume + take.option.step)
            assert facts["rule"] in desk.broken(desk.with_it(more)), where
            step = oracle.measured(more, facts["measure"]) - oracle.measured(take, facts["measure"])
            assert facts["step"] == step, where


def test_the_seeds_meet_every_reason():
    met = defaultdict(int)
    for first in SEEDS:
        for _, desk in desks(first):
            for decision in all_decisions(desk):
                for reason in decision.reasons:
                    met[reason.code] += 1
    assert set(met) == CODES


# --- by hand -------------------------------------------------------------------------------------


def proposal(pid, amount, score, **cells):
    place = {"agency": "PUPR", "district": "Barat", "ward": "Basirih"}
    return {"id": pid, "amount": amount, "score": score} | place | cells


def told(made, language="en"):
    """The reasons of every proposal as they are told."""
    found = recommend(resolve(made))
    teller = Teller(found.result.case, language)
    return {d.proposal.id: teller.reasons(d.reasons) for d in found.decisions}


def test_who_took_the_money_and_who_comes_first_are_named():
    # Room 100 million: A (rank 1) takes 80, so 20 are left and B (rank 2) needs 30.
    rows = [
        proposal("A", 80_000_000, 9, priority=1, title="Jalan"),
        proposal("B", 30_000_000, 1, priority=2),
    ]
    agencies = [{"code": "PUPR", "ceiling": 100_000_000}]
    found = told({"format": 1, "proposals": rows, "agencies": agencies})
    text = found["B"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Only Rp 20 million is left of PUPR's ceiling" in text
    assert "needs at least Rp 30 million" in text
    assert "Jalan (A)" in text
    assert "9 points for Rp" in found["A"].replace("\N{NO-BREAK SPACE}", " ")


def test_a_cut_says_from_what_to_what_and_which_limit():
    # 10 m at 1 rupiah under a ceiling of 7.
    rows = [
        proposal("A", None, 10, volume=10, min_volume=1, unit="m", unit_cost=1) | {"amount": None}
    ]
    agencies = [{"code": "PUPR", "ceiling": 7}]
    found = told({"format": 1, "proposals": rows, "agencies": agencies}, "id")["A"]
    text = found.replace("\N{NO-BREAK SPACE}", " ")
    assert "dikurangi dari 10 m menjadi 7 m" in text
    assert "pagu PUPR tinggal Rp 0" in text
    assert "satu langkah lagi perlu Rp 1" in text


def test_a_floor_is_named_with_what_would_be_missing():
    rows = [proposal("A", 5, 9), proposal("B", 5, 1, district="Utara", ward="Kuin")]
    places = [{"district": "Barat"}, {"district": "Utara", "min_amount": 4}]
    agencies = [{"code": "PUPR", "ceiling": 5}]
    made = {"format": 1, "proposals": rows, "agencies": agencies, "locations": places}
    found = recommend(resolve(made))
    reasons = {d.proposal.id: d.reasons for d in found.decisions}
    assert [reason.code for reason in reasons["B"]] == ["funded_for_floor"]
    facts = reasons["B"][0].facts
    assert (facts["place"], facts["minimum"], facts["without"]) == ("Utara", 4, 0)
    assert [reason.code for reason in reasons["A"]] == ["agency_ceiling"]


def test_larger_than_the_whole_limit_is_said_so():
    rows = [proposal("A", 12, 9), proposal("B", 5, 1)]
    agencies = [{"code": "PUPR", "ceiling": 10}]
    found = recommend(resolve({"format": 1, "proposals": rows, "agencies": agencies}))
    (reason,) = found.decisions[0].reasons
    assert (reason.facts["need"], reason.facts["limit_alone"], reason.facts["room"]) == (12, 10, 5)
    assert "all the room" in Teller(found.result.case, "en").reason(reason)


def test_points_in_the_facts_are_millionths():
    rows = [proposal("A", 5, 0.25), proposal("B", 5, 1.5)]
    agencies = [{"code": "PUPR", "ceiling": 5}]
    found = recommend(resolve({"format": 1, "proposals": rows, "agencies": agencies}))
    funded = found.decisions[1].reasons[0]
    assert funded.facts["points"] == Fraction(3, 2) * MICRO


def test_a_minimum_that_points_below_zero_would_miss_is_not_told_as_room():
    # Two points at least: with B (-1) only 1 is left. "1 point is left of the limit, and this
    # proposal needs at least -1 points" says neither.
    rows = [proposal("A", 5, 2), proposal("B", 5, -1)]
    agencies = [{"code": "PUPR", "ceiling": "unlimited"}]
    limits = [{"name": "x", "measure": "points", "min": 2}]
    made = {"format": 1, "proposals": rows, "agencies": agencies, "limits": limits}
    text = told(made)["B"]
    assert "-1" not in text
    assert "left of" not in text


def test_the_whole_room_of_a_target_is_without_what_is_committed():
    # 5 of at most 5.5 m are committed, so half a metre is all the room there is for A's 1 m.
    lines = [{"code": "1", "agency": "PUPR", "unit": "m", "committed_target": 5, "max_target": 5.5}]
    rows = [proposal("A", 5, 2, line="1", volume=1, unit="m")]
    agencies = [{"code": "PUPR", "ceiling": "unlimited"}]
    made = {"format": 1, "proposals": rows, "agencies": agencies, "lines": lines}
    (reason,) = recommend(resolve(made)).decisions[0].reasons
    assert (reason.facts["need"], reason.facts["room"]) == (1_000_000, 500_000)
    assert reason.facts["limit_alone"] == 500_000
