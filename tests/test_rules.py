"""Every rule alone, in a desk of three proposals: one breach, one near miss, no data, its rows.

A asks for 10 m at Rp 1 a metre, from 1 m up, so a plan with A at 6 costs one rupiah more and serves
one person more than one with A at 5. B costs Rp 5, C Rp 4; neither can be cut.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import oracle
import pytest
from agreement import taken_of

from solver.assess import usages, violations
from solver.case import Case
from solver.instance import MICRO
from solver.rules import RULES, Bends
from solver.rules.eligibility import obstacles
from solver.scenario import draft, resolve, variant
from solver.words import LANGUAGES, catalogue

CONTRACT = (
    "locks", "gates", "covered", "options", "agency_ceiling", "line_ceiling", "line_target",
    "locations", "limits", "alternatives", "requires", "together", "priority_order",
)  # fmt: skip
REASONS = {
    "agency_ceiling", "line_ceiling", "line_target", "location_max", "location_min", "limit",
    "alternatives", "requires", "together", "priority_order", "options", "locked_in", "locked_out",
    "gate", "covered", "lower_points", "cut_to_fit", "funded_for_floor", "funded_by_points",
}  # fmt: skip

A = {
    "id": "A", "agency": "PUPR", "line": "1", "district": "Barat", "ward": "Basirih",
    "priority": 1, "score": 20, "volume": 10, "min_volume": 1, "unit": "m", "unit_cost": 1,
    "beneficiaries": 10,
}  # fmt: skip
B = {
    "id": "B", "agency": "PUPR", "district": "Barat", "ward": "Telawang", "priority": 2,
    "score": 3, "amount": 5, "tags": "air", "beneficiaries": 2,
}  # fmt: skip
C = {
    "id": "C", "agency": "PUPR", "district": "Utara", "ward": "Kuin", "priority": 3,
    "score": 2, "amount": 4, "source": "DAK",
}  # fmt: skip
LINE = {"code": "1", "agency": "PUPR", "unit": "m"}


def document(**keys: Any) -> dict[str, Any]:
    """The desk, to which no rule says anything; keyword arguments replace or add keys."""
    whole: dict[str, Any] = {
        "format": 1,
        "proposals": [A, B, C],
        "agencies": [{"code": "PUPR", "ceiling": "unlimited"}],
        "lines": [LINE],
    }
    return copy.deepcopy({**whole, **keys})


def plan(text: str) -> dict[str, tuple[str, Fraction | None]]:
    """`A6 B` is A at 6 m and B."""
    return {
        word[0]: ("", Fraction(word[1:] or 10) if word[0] == "A" else None) for word in text.split()
    }


@dataclass(frozen=True)
class Alone:
    """One rule's data, its rows as (subject, measure, lower, upper), and plans beside its edge."""

    rule: str
    data: dict[str, Any]
    rows: list[tuple[str, str, Any, Any]]
    breach: str
    near: str
    bend: dict[str, Any]
    by: int = 1
    also: list[str] = field(default_factory=list)  # more plans that keep the rule


def agency(**cells: Any) -> dict[str, Any]:
    return {"agencies": [{"code": "PUPR", **cells}]}


def line(**cells: Any) -> dict[str, Any]:
    return {"lines": [{**LINE, **cells}]}


def place(district: str, ward: str = "", **cells: Any) -> dict[str, Any]:
    rows = [{"district": name} for name in ("Barat", "Utara") if ward or name != district]
    return {"locations": [{"district": district, "ward": ward, **cells}, *rows]}


def limit(**cells: Any) -> dict[str, Any]:
    return {"limits": [{"name": "x", **cells}]}


def change(key: str, value: str) -> dict[str, Any]:
    return {"set": {key: value}}


def off(rule: str) -> dict[str, Any]:
    return {"off": {"rules": [rule]}}


LOCK_OFF = {"off": {"locks": ["A"]}}
CHAIN = [LINE, {"code": "2", "agency": "PUPR"}]
SISTERS = [
    {**LINE, "ceiling": 5, "flex": 2},
    {"code": "2", "agency": "PUPR", "ceiling": 5, "flex": 2},
]

ALONE = [
    Alone(
        "locks",
        {"lock": [{"proposal": "A", "decision": "reject"}]},
        [("A", "count", None, 0)],
        "A1",
        "B C",
        LOCK_OFF,
    ),
    Alone(
        "locks",
        {"lock": [{"proposal": "A", "decision": "fund"}]},
        [("A", "count", 1, None)],
        "B C",
        "A1",
        LOCK_OFF,
    ),
    Alone(
        "gates",
        {"proposals": [{**A, "gate": "land"}, B, C]},
        [("A", "count", None, 0)],
        "A1",
        "B C",
        change("proposal.A.gate", ""),
    ),
    # 10 rupiah hold 5 of A with B.
    Alone(
        "agency_ceiling",
        agency(ceiling=10),
        [("PUPR", "amount", None, 10)],
        "A6 B",
        "A5 B",
        change("agency.PUPR.ceiling", "+1"),
    ),
    # 20 less 6 of its own and 4 of its line leave 10.
    Alone(
        "agency_ceiling",
        {**agency(ceiling=20, committed=6), **line(committed=4)},
        [("PUPR", "amount", None, 10)],
        "A6 B",
        "A5 B",
        change("agency.PUPR.ceiling", "+1"),
    ),
    # 3 less 5 is no room at all, and 2 more than nothing are missing already.
    Alone(
        "agency_ceiling",
        agency(ceiling=3, committed=5),
        [("PUPR", "amount", None, 0)],
        "A1",
        "",
        change("agency.PUPR.ceiling", "+3"),
    ),
    Alone(
        "line_ceiling",
        line(ceiling=8, committed=3),
        [("1", "amount", None, 5)],
        "A6 B C",
        "A5 B C",
        change("line.1.ceiling", "+1"),
    ),
    # Line 1 lies under 2, whose 9 rupiah less the child's 4 committed hold A and nothing else.
    Alone(
        "line_ceiling",
        {"lines": [{**LINE, "parent": "2", "committed": 4}, {**CHAIN[1], "ceiling": 9}]},
        [("2", "amount", None, 5)],
        "A6 B C",
        "A5 B C",
        change("line.2.ceiling", "+1"),
    ),
    # Line 2 gives at most its flex of 2, so line 1 holds 5 + 2.
    Alone(
        "line_ceiling",
        {"lines": SISTERS},
        [("1", "amount", None, 5), ("2", "amount", None, 5)],
        "A8 B C",
        "A7 B C",
        change("line.1.ceiling", "+1"),
    ),
    # With C on line 2 only 5 - 4 = 1 is left to give.
    Alone(
        "line_ceiling",
        {"proposals": [A, B, {**C, "line": "2"}], "lines": SISTERS},
        [("1", "amount", None, 5), ("2", "amount", None, 5)],
        "A7 C",
        "A6 C",
        change("line.1.ceiling", "+1"),
        also=["A7 B"],
    ),
    # 2 m are committed, so up to 5 m leave 3, and from 5 m up want 3.
    Alone(
        "line_target",
        line(committed_target=2, max_target=5),
        [("1", "volume", None, 5 * MICRO)],
        "A4 B",
        "A3 B",
        change("line.1.max_target", "+1"),
        MICRO,
    ),
    Alone(
        "line_target",
        line(committed_target=2, min_target=5),
        [("1", "volume", 5 * MICRO, None)],
        "A2 B",
        "A3 B",
        change("line.1.min_target", "-1"),
        MICRO,
    ),
    Alone(
        "line_target",
        line(places="Utara", closed="yes"),
        [("1", "count", None, 0)],
        "A1",
        "B C",
        change("line.1.closed", "no"),
    ),
    Alone(
        "locations",
        place("Barat", max_amount=10),
        [("Barat", "amount", None, 10)],
        "A6 B C",
        "A5 B C",
        change("location.Barat.max_amount", "+1"),
    ),
    Alone(
        "locations",
        place("Barat", "Basirih", min_amount=6),
        [("Barat/Basirih", "amount", 6, None)],
        "A5 B C",
        "A6",
        change("location.Barat/Basirih.min_amount", "-1"),
    ),
    Alone(
        "locations",
        place("Barat", max_count=1),
        [("Barat", "count", None, 1)],
        "A1 B",
        "A C",
        change("location.Barat.max_count", "+1"),
    ),
    Alone(
        "locations",
        place("Barat", min_count=2),
        [("Barat", "count", 2, None)],
        "A C",
        "A1 B",
        change("location.Barat.min_count", "-1"),
    ),
    # Half of the whole: 5 of 5 + 4 is more, 4 of 4 + 4 is not. 5/9 is 55.56 %, rounded up.
    Alone(
        "locations",
        place("Barat", max_amount="50%"),
        [("Barat", "amount", None, Fraction(1, 2))],
        "A5 C",
        "A4 C",
        change("location.Barat.max_amount", "55.56%"),
    ),
    # 3 of 3 + 4 is less, 4 of 4 + 4 is not. 3/7 is 42.85 %, rounded down; 4 of 7 are wanted.
    Alone(
        "locations",
        place("Barat", min_amount="50%"),
        [("Barat", "amount", Fraction(1, 2), None)],
        "A3 C",
        "A4 C",
        change("location.Barat.min_amount", "42.85%"),
        also=[""],
    ),
    Alone(
        "limits",
        limit(max=10),
        [("x", "amount", None, 10)],
        "A6 B",
        "A5 B",
        change("limit.x.max", "+1"),
    ),
    Alone(
        "limits",
        limit(source="DAK", measure="count", min=1),
        [("x", "count", 1, None)],
        "A B",
        "C",
        change("limit.x.min", "-1"),
    ),
    Alone(
        "limits",
        limit(line="1", measure="volume", max=5),
        [("x", "volume", None, 5 * MICRO)],
        "A6 B C",
        "A5 B C",
        change("limit.x.max", "+1"),
        MICRO,
    ),
    # A brings 2 points a metre, so B's 3 with 4 m are 11 points, and 10.5 are allowed.
    Alone(
        "limits",
        limit(district="Barat", measure="points", max=10.5),
        [("x", "points", None, 10_500_000)],
        "A4 B C",
        "A3 B C",
        change("limit.x.max", "+0.5"),
        500_000,
    ),
    # 5 m of A serve 5, B serves 2.
    Alone(
        "limits",
        limit(agency="PUPR", measure="beneficiaries", min=8),
        [("x", "beneficiaries", 8, None)],
        "A5 B",
        "A6 B",
        change("limit.x.min", "-1"),
    ),
    Alone(
        "limits",
        limit(tag="air", max=4),
        [("x", "amount", None, 4)],
        "A B",
        "A C",
        change("limit.x.max", "+1"),
    ),
    Alone(
        "alternatives",
        {"alternatives": [{"proposals": ["B", "A"]}]},
        [("A, B", "count", None, 1)],
        "A1 B",
        "A1 C",
        off("alternatives"),
        also=["", "B"],
    ),
    Alone(
        "alternatives",
        {"alternatives": [{"proposals": ["A", "B"], "at_least": 1}]},
        [("A, B", "count", 1, 1)],
        "C",
        "B C",
        off("alternatives"),
    ),
    Alone(
        "requires",
        {"requires": [{"proposal": "A", "needs": ["B"]}]},
        [("A", "count", 0, None)],
        "A1",
        "A1 B",
        off("requires"),
        also=["", "B"],
    ),
    Alone(
        "together",
        {"together": [{"proposals": ["A", "B"]}]},
        [("A, B", "count", 0, 0)],
        "A1 C",
        "A1 B",
        off("together"),
        also=["", "C"],
    ),
    Alone(
        "priority_order",
        {"priority_order": {"within": ["agency"], "enforce": True}},
        [("PUPR", "count", 0, None), ("PUPR", "count", 0, None)],
        "B",
        "A1 B",
        off("priority_order"),
        also=["", "A1"],
    ),
]


@pytest.fixture(params=ALONE, ids=[f"{i}_{a.rule}" for i, a in enumerate(ALONE)])
def alone(request: pytest.FixtureRequest) -> Alone:
    return request.param


def rows_of(made: dict[str, Any]) -> list[Any]:
    return list(Case(resolve(made).instance).rows)


def test_the_rules_are_those_of_the_contract_in_order():
    assert tuple(RULES) == CONTRACT == draft.RULES
    assert {name for name, rule in RULES.items() if not rule.can_be_off} == set(draft.ALWAYS_ON)


def test_without_data_no_rule_has_rows():
    assert rows_of(document()) == []
    assert rows_of({"format": 1, "proposals": [], "agencies": []}) == []


def test_the_data_of_a_rule_yield_exactly_its_rows(alone):
    made = document(**alone.data)
    with_it, without = rows_of(made), rows_of(made | off(alone.rule))
    more = Counter(with_it) - Counter(without)
    assert Counter(without) - Counter(with_it) == Counter()
    assert {row.rule for row in more} == {alone.rule}
    told = sorted(((r.subject, r.measure, r.lower, r.upper) for r in more.elements()), key=str)
    assert told == sorted(alone.rows, key=str)
    assert without == []


def test_one_unit_too_much_breaks_the_rule_and_no_other(alone):
    made = document(**alone.data)
    case = Case(resolve(made).instance)
    broken = violations(case, taken_of(case, plan(alone.breach)))
    assert [usage.row.rule for usage in broken] == [alone.rule]
    assert [usage.breach for usage in broken] == [alone.by]
    assert {rule for rule, _ in oracle.violations(made, plan(alone.breach))} == {alone.rule}


def test_just_within_the_rule_nothing_is_broken(alone):
    made = document(**alone.data)
    case = Case(resolve(made).instance)
    for near in (alone.near, *alone.also):
        assert violations(case, taken_of(case, plan(near))) == [], near
        assert oracle.violations(made, plan(near)) == [], near


def test_the_rule_bends_by_a_fragment_that_applies_and_just_suffices(alone):
    made = document(**alone.data)
    scenario = resolve(made)
    case = Case(scenario.instance)
    (usage,) = violations(case, taken_of(case, plan(alone.breach)))
    fragment = RULES[alone.rule].bend(usage)
    assert fragment == alone.bend
    bent = Case(variant(scenario, fragment).instance)
    assert violations(bent, taken_of(bent, plan(alone.breach))) == []


def test_every_rule_that_bends_is_tried_above():
    tried = {alone.rule for alone in ALONE}
    assert {name for name, rule in RULES.items() if rule.bends is not Bends.NEVER} == tried
    assert set(RULES) - tried == {"covered", "options"}
    assert all((rule.bend is None) == (rule.bends is Bends.NEVER) for rule in RULES.values())


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_every_rule_has_its_name_and_its_sentences(rule):
    wanted = [f"rule.{rule.name}"]
    # What blocks a proposal is told by the reason of its side, what clashes by the rule.
    wanted += [f"reason.{code}" for code in (rule.over, rule.under) if code in REASONS - LOCKED]
    if rule.bend is not None:
        wanted.append(f"conflict.{rule.name}")
    if rule.measured:
        wanted.append(f"limit_name.{rule.name}")
    for code in wanted:
        assert set(catalogue()[code]) == set(LANGUAGES), code
        assert all(catalogue()[code].values()), code
    if rule.bend is not None:
        own = f"repair.{rule.name}"
        sides = {f"{own}_{side}" for side in ("min", "max")}
        assert own in catalogue() or sides <= set(catalogue())
    assert {rule.over, rule.under} - {""} <= REASONS
    assert rule.name == next(name for name, other in RULES.items() if other is rule)


LOCKED = {"locked_in", "locked_out"}  # told as they are, or as *_bare where no reason was given


def test_who_may_allow_what():
    opd = {"agency_ceiling", "line_ceiling", "line_target"}
    assert {name for name, rule in RULES.items() if rule.grantor == "opd"} == opd
    assert {n for n, rule in RULES.items() if rule.grantor == "kecamatan"} == {"locations"}
    assert {rule.grantor for rule in RULES.values()} == {"opd", "kecamatan", "planner"}


def test_a_lock_on_a_volume_wants_exactly_that():
    # 3.5 m lie off the grid of whole metres: floor(10 x 3.5 / 10) = 3 rupiah, 7 points.
    for volume, others in ((3, ("A2", "A4")), (Fraction(7, 2), ("A3", "A4"))):
        locked = {"proposal": "A", "decision": "fund", "volume": float(volume)}
        made = document(lock=[locked])
        case = Case(resolve(made).instance)
        chosen = {"A": ("", volume)}
        assert violations(case, taken_of(case, chosen)) == []
        for other in ("", *others):
            broken = violations(case, taken_of(case, plan(other)))
            assert {usage.row.element for usage in broken} == {("locks", "A")}, other
            assert oracle.violations(made, plan(other)) == [("locks", "A")]
    (figures,) = taken_of(case, {"A": ("", Fraction(7, 2))}).values()
    assert (figures.amount, figures.points) == (3, 7 * MICRO)


def test_a_lock_on_an_option_wants_that_option():
    rows = [A, {**A, "option": "K", "ward": "Telawang"}, B, C]
    made = document(proposals=rows, lock=[{"proposal": "A", "decision": "fund", "option": "K"}])
    case = Case(resolve(made).instance)
    assert violations(case, taken_of(case, {"A": ("K", Fraction(1))})) == []
    broken = violations(case, taken_of(case, plan("A1")))
    assert {usage.row.element for usage in broken} == {("locks", "A")}


def test_of_several_options_one_is_taken():
    rows = [A, {**A, "option": "K", "ward": "Telawang"}, B, C]
    made = document(proposals=rows)
    case = Case(resolve(made).instance)
    assert [(r.element, r.upper) for r in case.rows] == [(("options", "A"), 1)]
    full = [option.full for option in case.space.options]
    both = {0: full[0], 1: full[1]}
    assert [u.row.element for u in violations(case, both)] == [("options", "A")]
    assert violations(case, {1: full[1], 2: full[2]}) == []


def test_what_is_covered_takes_no_room_and_counts_as_taken():
    covered = [{**A, "covered_by": "1"}, B, C]
    made = document(
        proposals=covered,
        **agency(ceiling=9),  # just B and C
        requires=[{"proposal": "B", "needs": ["A"]}, {"proposal": "A", "needs": ["C"]}],
        alternatives=[{"proposals": ["A", "B"]}],
    )
    case = Case(resolve(made).instance)
    assert "A" not in case.space.positions
    assert [row for row in case.rows if row.rule == "covered"] == []

    def broken(text: str) -> list[tuple[str, str]]:
        return sorted(u.row.element for u in violations(case, taken_of(case, plan(text))))

    assert broken("C") == []  # A is there, and needs C
    assert broken("") == [("requires", "A")]
    assert broken("B C") == [("alternatives", "A, B")]  # 9 rupiah: the ceiling holds
    assert broken("A B C") == broken("B C")  # a plan that lists A changes nothing


def test_a_lock_on_what_is_covered_holds_already_or_never():
    covered = [{**A, "covered_by": "1"}, B, C]
    for decision, broken in (("fund", []), ("reject", [("locks", "A")])):
        made = document(proposals=covered, lock=[{"proposal": "A", "decision": decision}])
        case = Case(resolve(made).instance)
        assert [usage.row.element for usage in violations(case, {})] == broken


def test_one_option_behind_a_gate_leaves_the_other_open():
    rows = [{**A, "gate": "zoning"}, {**A, "option": "K", "ward": "Telawang"}, B, C]
    case = Case(resolve(document(proposals=rows)).instance)
    assert [row.element for row in case.rows if row.rule == "gates"] == [("gates", "A")]
    rows = [A, {**A, "option": "K", "ward": "Telawang", "gate": "zoning"}, B, C]
    case = Case(resolve(document(proposals=rows)).instance)
    gates = [row for row in case.rows if row.rule == "gates"]
    assert [(row.subject, row.about) for row in gates] == [("A/K", ("zoning",))]
    (usage,) = violations(case, taken_of(case, {"A": ("K", Fraction(1))}))
    assert RULES["gates"].bend(usage) == {"set": {"proposal.A/K.gate": ""}}


def test_a_line_covers_its_children_in_a_limit_and_a_ward_its_district():
    lines = [{"code": "1", "agency": "PUPR"}, {**LINE, "code": "1.1", "parent": "1"}]
    rows = [{**A, "line": "1.1"}, B, C]
    made = document(proposals=rows, lines=lines, **limit(line="1", max=5))
    case = Case(resolve(made).instance)
    assert [row.members for row in case.rows] == [(0,)]
    made = document(**limit(district="Barat", ward="Telawang", max=4))
    case = Case(resolve(made).instance)
    assert [row.members for row in case.rows] == [(1,)]


def test_equal_ranks_do_not_bind_one_another_and_a_lock_that_skips_is_exempt():
    order = {"priority_order": {"within": ["agency"], "enforce": True}}
    rows = [A, {**B, "priority": 1}, C]
    case = Case(resolve(document(proposals=rows, **order)).instance)
    assert violations(case, taken_of(case, plan("B"))) == []
    # C needs both of rank 1: 2 x taken(C) <= taken(A) + taken(B).
    assert [u.row.subject for u in violations(case, taken_of(case, plan("A1 C")))] == ["PUPR"]
    locked = document(**order, lock=[{"proposal": "C", "decision": "fund"}])
    case = Case(resolve(locked).instance)
    assert violations(case, taken_of(case, plan("C"))) == []
    # B is bound to A all the same.
    assert [u.row.rule for u in violations(case, taken_of(case, plan("B C")))] == ["priority_order"]


def test_what_is_gated_or_too_large_or_without_a_rank_binds_no_order():
    order = {"priority_order": {"within": ["agency"], "enforce": True}}
    too_large = {**A, "min_volume": None}  # 10 rupiah in one piece
    for rows, more in (
        ([{**A, "gate": "land"}, B, C], {}),
        ([{**A, "priority": None}, B, C], {}),
        ([too_large, B, C], agency(ceiling=9)),
    ):
        case = Case(resolve(document(proposals=rows, **order, **more)).instance)
        assert violations(case, taken_of(case, plan("B"))) == []


def test_a_share_stops_nobody_who_stands_alone_and_flex_counts():
    # Barat at most half: A alone is all of it, yet a share depends on the rest of the plan.
    share = Case(resolve(document(**place("Barat", max_amount="50%"))).instance)
    assert share.stopped == {}
    # B needs 5 on a line with 3 of its own and a flex of 2.
    lines = [{**LINE, "ceiling": 3, "flex": 2}, {**CHAIN[1], "ceiling": 9, "flex": 2}]
    rows = [A, {**B, "line": "1"}, C]
    assert Case(resolve(document(proposals=rows, lines=lines)).instance).stopped == {}
    lines[0]["flex"] = 1
    case = Case(resolve(document(proposals=rows, lines=lines)).instance)
    assert {i: row.element for i, row in case.stopped.items()} == {1: ("line_ceiling", "1")}
    assert obstacles(case.space, case.rows) == case.stopped


def test_usages_say_how_far_money_moved():
    case = Case(resolve(document(lines=SISTERS)).instance)
    used = usages(case.rows, taken_of(case, plan("A7")))
    assert [(u.used, u.upper) for u in used] == [(7, 7), (0, 3)]
