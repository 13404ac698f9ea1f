"""Why a desk is impossible, and what would help: each claim tried by the oracle's enumeration."""

from __future__ import annotations

import copy

import oracle
import pytest
from random_scenarios import scenario

from solver.conflict import conflict
from solver.errors import InputError
from solver.recommend import recommend
from solver.repairs import MOST
from solver.result import Status
from solver.rules import RULES, Bends
from solver.scenario import resolve, variant
from solver.solve import Params
from solver.tell import Teller
from solver.words import LANGUAGES

GRANTORS = {
    "agency_ceiling": "opd",
    "line_ceiling": "opd",
    "line_target": "opd",
    "locations": "kecamatan",
}


# --- a desk that holds some rules only -----------------------------------------------------------


def keep(made, elements):
    """The scenario in which just these rules with these subjects still say something."""
    made = copy.deepcopy(made)
    made.pop("off", None)
    kept = set(elements)

    def holds(rule, subject):
        return (rule, subject) in kept

    for row in made["proposals"]:
        label = row.get("option", "")
        if not holds("gates", f"{row['id']}/{label}" if label else row["id"]):
            row.pop("gate", None)
    for row in made["agencies"]:
        if not holds("agency_ceiling", row["code"]):
            row["ceiling"] = "unlimited"
    for row in made.get("lines", []):
        if not holds("line_ceiling", row["code"]):
            row.pop("ceiling", None)
        if not holds("line_target", row["code"]):
            for name in ("min_target", "max_target", "closed"):
                row.pop(name, None)
    for row in made.get("locations", []):
        place = f"{row['district']}/{row['ward']}" if row.get("ward") else row["district"]
        if not holds("locations", place):
            for name in ("min_amount", "max_amount", "min_count", "max_count"):
                row.pop(name, None)
    for kind, rule, subject in (
        ("limits", "limits", lambda row: row["name"]),
        ("lock", "locks", lambda row: row["proposal"]),
        ("alternatives", "alternatives", lambda row: ", ".join(sorted(row["proposals"]))),
        ("requires", "requires", lambda row: row["proposal"]),
        ("together", "together", lambda row: ", ".join(sorted(row["proposals"]))),
    ):
        made[kind] = [row for row in made.get(kind, []) if holds(rule, subject(row))]
    if not any(rule == "priority_order" for rule, _ in kept):
        made.pop("priority_order", None)
    return made


def after(made, fragment):
    """The scenario with a fragment applied, in the form the oracle reads."""
    document = copy.deepcopy(variant(resolve(made), fragment).document)
    for row in [*document["proposals"], *document.get("lines", [])]:
        for name in ("tags", "places"):
            if name in row:
                row[name] = ";".join(row[name])
    return document


def is_possible(made):
    return next(oracle.plans(made), None) is not None


def check_irreducible(made, clash, where=""):
    """All of the conflict's rules together can't be met; without any one of them they can."""
    assert clash.irreducible, where
    elements = list(clash.elements)
    assert elements, where
    assert not is_possible(keep(made, elements)), (where, elements)
    for element in elements:
        rest = [other for other in elements if other != element]
        assert is_possible(keep(made, rest)), (where, elements, element)


def things(repair):
    """What gives way: subjects, and rules that can only be switched off whole."""
    rows = [usage.row for usage in repair.touched]
    return {(r.rule, "" if RULES[r.rule].bends is Bends.RULE else r.subject) for r in rows}


def check_repairs(made, found, where=""):
    """At most three, in order, each right by the oracle once it is applied."""
    assert len(found.repairs) <= MOST, where
    order = [(len(things(repair)), repair.rupiah) for repair in found.repairs]
    assert order == sorted(order), where
    for repair in found.repairs:
        answer = oracle.solve(after(made, repair.fragment))
        assert answer.status == "optimal", (where, repair.fragment)
        assert repair.after.status in (Status.OPTIMAL, Status.FEASIBLE), where
        if repair.after.points is not None and repair.after.status is Status.OPTIMAL:
            assert repair.after.points.best == answer.points, where
        grantors = {GRANTORS.get(usage.row.rule, "planner") for usage in repair.touched}
        assert repair.grantor == (grantors.pop() if len(grantors) == 1 else "planner"), where
        assert set(repair.fragment) == {"set", "off"}, where


def check_words(found):
    """Both languages can tell it, and no blank stays open."""
    for language in LANGUAGES:
        teller = Teller(found.result.case, language)
        texts = [teller.repair(repair) for repair in found.repairs]
        rows = found.conflict.rows
        texts += [
            teller.clash([row for row in rows if row.element == element])
            for element in found.conflict.elements
        ]
        for text in texts:
            assert text.endswith("."), text
            assert "{" not in text
            assert "None" not in text


# --- by hand -------------------------------------------------------------------------------------


def proposal(pid, amount, **cells):
    place = {"agency": "PUPR", "district": "Barat", "ward": "Basirih", "score": 1}
    return {"id": pid, "amount": amount} | place | cells


def document(*rows, ceiling="unlimited", **keys):
    agencies = [{"code": "PUPR", "ceiling": ceiling}]
    return {"format": 1, "proposals": list(rows), "agencies": agencies} | keys


def fund(*pids):
    return [{"proposal": pid, "decision": "fund"} for pid in pids]


def reject(*pids):
    return [{"proposal": pid, "decision": "reject"} for pid in pids]


def unlock(pid):
    return {"set": {}, "off": {"locks": [pid]}}


def move(key, by):
    return {"set": {key: by}, "off": {}}


def lift(rule):
    return {"set": {}, "off": {"rules": [rule]}}


BARAT = [{"district": "Barat", "min_amount": 8}]
HAND = {
    # Barat asks for 5 in all, and 8 are due: 3 too many.
    "a floor above what a place asks for": (
        document(proposal("A", 5), locations=BARAT),
        [("locations", "Barat")],
        [(move("location.Barat.min_amount", "-3"), 3)],
    ),
    "a lock on what is behind a gate": (
        document(proposal("A", 5, gate="land"), lock=fund("A")),
        [("gates", "A"), ("locks", "A")],
        [(move("proposal.A.gate", ""), 0), (unlock("A"), 0)],
    ),
    # Six and seven of 10 are 3 over. C has nothing to do with it.
    "two locks over a ceiling": (
        document(proposal("A", 6), proposal("B", 7), proposal("C", 1), ceiling=10)
        | {"lock": fund("A", "B")},
        [("agency_ceiling", "PUPR"), ("locks", "A"), ("locks", "B")],
        [(unlock("A"), 0), (move("agency.PUPR.ceiling", "+3"), 3)],
    ),
    # 8 for Barat: 5 + 4 = 9 are 4 over the ceiling of 5; or the floor comes down to 5.
    "a floor against a ceiling": (
        document(proposal("A", 5), proposal("B", 4), ceiling=5, locations=BARAT),
        [("agency_ceiling", "PUPR"), ("locations", "Barat")],
        [(move("location.Barat.min_amount", "-3"), 3), (move("agency.PUPR.ceiling", "+4"), 4)],
    ),
    "a need that is locked out": (
        document(
            proposal("A", 5),
            proposal("B", 5),
            lock=fund("A") + reject("B"),
            requires=[{"proposal": "A", "needs": ["B"]}],
        ),
        [("locks", "A"), ("locks", "B"), ("requires", "A")],
        [(unlock("A"), 0), (lift("requires"), 0)],
    ),
    "two locks among alternatives": (
        document(
            proposal("A", 5),
            proposal("B", 5),
            lock=fund("A", "B"),
            alternatives=[{"proposals": ["A", "B"]}],
        ),
        [("alternatives", "A, B"), ("locks", "A"), ("locks", "B")],
        [(unlock("A"), 0), (lift("alternatives"), 0)],
    ),
    "a lock among all or none": (
        document(
            proposal("A", 5),
            proposal("B", 5),
            lock=fund("A") + reject("B"),
            together=[{"proposals": ["A", "B"]}],
        ),
        [("locks", "A"), ("locks", "B"), ("together", "A, B")],
        [(unlock("A"), 0), (lift("together"), 0)],
    ),
    # Two in Barat are due, A before B, but 5 + 3 are 2 over the ceiling of 6.
    "an order under a ceiling": (
        document(
            proposal("A", 5, priority=1),
            proposal("B", 3, priority=2),
            ceiling=6,
            priority_order={"enforce": True},
            limits=[{"name": "B", "district": "Barat", "measure": "count", "min": 2}],
        ),
        [("agency_ceiling", "PUPR"), ("limits", "B")],
        [(move("limit.B.min", "-1"), 0), (move("agency.PUPR.ceiling", "+2"), 2)],
    ),
    # B alone (3) would do, but A ranks before it and needs B: 5 + 3 are one over the cap of 7.
    "an order and a need that want both": (
        document(
            proposal("A", 5, priority=1),
            proposal("B", 3, priority=2),
            priority_order={"enforce": True},
            requires=[{"proposal": "A", "needs": ["B"]}],
            limits=[{"name": "cap", "max": 7}, {"name": "floor", "min": 3}],
        ),
        [
            ("limits", "cap"),
            ("limits", "floor"),
            ("priority_order", "Barat/Basirih / PUPR"),
            ("requires", "A"),
        ],
        [(lift("requires"), 0), (lift("priority_order"), 0), (move("limit.cap.max", "+1"), 1)],
    ),
}


@pytest.fixture(params=list(HAND))
def hand(request):
    return HAND[request.param]


def same_up_to(fragment, other):
    """Whether two repairs are the same, whichever of two locks is released."""
    one, two = (
        {**f, "off": {kind: names if kind == "rules" else len(names)}}
        for f in (fragment, other)
        for kind, names in (f["off"] or {"none": []}).items()
    )
    return one == two


def test_a_small_conflict_is_exactly_what_clashes(hand):
    made, elements, _ = hand
    assert oracle.solve(made).status == "infeasible"
    found = recommend(resolve(made), Params(time_limit=20))
    assert found.result.status is Status.INFEASIBLE
    assert sorted(found.conflict.elements) == elements
    check_irreducible(made, found.conflict)
    check_words(found)


def test_its_repairs_are_the_cheapest_of_each_kind(hand):
    made, _, wanted = hand
    found = recommend(resolve(made), Params(time_limit=20))
    check_repairs(made, found)
    told = [(repair.fragment, repair.rupiah) for repair in found.repairs]
    assert len(told) == len(wanted), told
    for fragment, rupiah in wanted:
        assert any(same_up_to(fragment, f) and rupiah == r for f, r in told), (fragment, told)


def test_one_rupiah_less_does_not_help(hand):
    made, _, wanted = hand
    for fragment, _ in wanted:
        for key, by in fragment["set"].items():
            if by[1:].isdigit():
                less = {"set": {key: f"{by[0]}{int(by[1:]) - 1}"}} if by[1:] != "1" else {}
                assert not is_possible(after(made, less))


def test_the_repair_of_a_gated_lock_names_the_gate():
    made, _, _ = HAND["a lock on what is behind a gate"]
    found = recommend(resolve(made))
    texts = [Teller(found.result.case, "id").repair(repair) for repair in found.repairs]
    assert any("lahan belum siap" in text for text in texts)
    assert any("Lepaskan kunci A" in text for text in texts)


def test_the_rupiah_of_a_repair_include_what_was_lacking_before():
    # 3 less 5 committed is 2 below nothing; A needs 1. The ceiling has to rise by 3 in all.
    made = document(proposal("A", 1), lock=fund("A"))
    made["agencies"] = [{"code": "PUPR", "ceiling": 3, "committed": 5}]
    found = recommend(resolve(made))
    (repair,) = [r for r in found.repairs if r.fragment["set"]]
    assert repair.fragment["set"] == {"agency.PUPR.ceiling": "+3"}
    assert repair.rupiah == 3


def test_a_share_bends_to_what_the_plan_has():
    # At most half of the whole for Barat, but both locked ones lie there and C (2) is all there
    # is elsewhere: 10 of 12 are 83.34 %, rounded up.
    made = document(
        proposal("A", 5),
        proposal("B", 5),
        proposal("C", 2, district="Utara", ward="Kuin"),
        lock=fund("A", "B"),
        locations=[{"district": "Barat", "max_amount": "50%"}, {"district": "Utara"}],
    )
    found = recommend(resolve(made))
    check_irreducible(made, found.conflict)
    check_repairs(made, found)
    bent = [r for r in found.repairs if "location.Barat.max_amount" in r.fragment["set"]]
    assert [r.fragment["set"] for r in bent] == [{"location.Barat.max_amount": "83.34%"}]
    assert bent[0].grantor == "kecamatan"


def test_the_repairs_say_what_they_lead_to():
    made, _, _ = HAND["a floor against a ceiling"]
    found = recommend(resolve(made))
    best = {repair.grantor: repair.after.points.best for repair in found.repairs}
    # The floor at 5: A or B, one point. The ceiling at 9: both, two points.
    assert best == {"kecamatan": 1_000_000, "opd": 2_000_000}


def test_without_time_nothing_is_called_irreducible():
    made, _, _ = HAND["two locks over a ceiling"]
    result = recommend(resolve(made)).result
    assert not conflict(result.case, 0.0).irreducible


# --- at random -----------------------------------------------------------------------------------

CHUNK = 40
SEEDS = range(0, 480, CHUNK)


def impossible(first):
    """Impossible random desks. An enforced order is left out: what it binds hangs on the limits."""
    for seed in range(first, first + CHUNK):
        made = scenario(seed)
        if (made.get("priority_order") or {}).get("enforce"):
            made["priority_order"]["enforce"] = False
        try:
            resolved = resolve(made)
        except InputError:
            continue
        if not is_possible(made):
            yield seed, made, resolved


@pytest.mark.parametrize("first", SEEDS)
def test_random_conflicts_are_irreducible_and_their_repairs_help(first):
    for seed, made, resolved in impossible(first):
        found = recommend(resolved, Params(time_limit=20))
        assert found.result.status is Status.INFEASIBLE, seed
        check_irreducible(made, found.conflict, seed)
        check_repairs(made, found, seed)
        check_words(found)
        for repair in found.repairs:
            check_no_rupiah_too_much(made, repair, seed)


@pytest.mark.parametrize("seed", [63, 211, 469])
def test_a_repair_is_the_cheapest(seed):
    # 63: Rp 586,912,458 more for PUPR was found once, where 370,015,417 are enough.
    made = scenario(seed)
    made.setdefault("priority_order", {})["enforce"] = False
    for repair in recommend(resolve(made), Params(time_limit=20)).repairs:
        check_no_rupiah_too_much(made, repair, seed)


def check_no_rupiah_too_much(made, repair, where):
    """One rupiah less on any ceiling or amount that moves, and the repair does not help."""
    if any(by.endswith("%") for by in repair.fragment["set"].values()):
        return  # a share is rounded to 0.01 %, which may leave room for a rupiah elsewhere
    for key, by in repair.fragment["set"].items():
        if not key.endswith((".ceiling", "_amount")) or by[1:] == "1" or not by[1:].isdigit():
            continue
        less = copy.deepcopy(repair.fragment)
        less["set"][key] = f"{by[0]}{int(by[1:]) - 1}"
        assert not is_possible(after(made, less)), (where, repair.fragment, key)


def test_every_rule_that_can_clash_has_a_way_to_bend():
    for name, rule in RULES.items():
        if rule.can_be_off:
            assert rule.bend is not None, name
