from decimal import Decimal
from fractions import Fraction

import pytest
from small import OPTIONS, document, with_proposal

from solver.errors import InputError, UsageError
from solver.instance import Choice, Figures, Lock, PriorityOrder
from solver.rules import RULES
from solver.scenario import Change, draft, read, resolve, variant

M = 1_000_000


def proposal(scenario, name):
    return next(p for p in scenario.instance.proposals if p.id == name)


def test_a_small_document_becomes_an_instance():
    scenario = resolve(document())
    instance = scenario.instance
    assert (scenario.title, scenario.year, scenario.changes) == ("Desk kecil", 2018, ())
    assert [p.id for p in instance.proposals] == ["U-1", "U-2", "U-3", "U-4"]
    road = proposal(scenario, "U-1").requested
    assert road.full == Figures(1, 144_000_000, 61_300_000, 120 * M, 90)
    # 20 m: 20 x 1.2 million; 61.3 / 6 = 10.216666...; 90 / 6
    assert road.step == Figures(0, 24_000_000, 10_216_667, 20 * M, 15)
    assert road.steps == 4
    assert [o.label for o in proposal(scenario, "U-4").options] == ["", "B"]
    assert {a.code: a.ceiling for a in instance.agencies} == {"PERKIM": None, "PUPR": 10**9}
    assert [line.target for line in instance.lines] == [None, 500 * M]


@pytest.mark.parametrize(
    ("cells", "full", "steps", "step"),
    [
        ({"unit_cost": None, "amount": 100}, 100, 4, 16),  # floor(100 x 20 / 120)
        ({"min_volume": None}, 144_000_000, 0, 0),
        ({"min_volume": 0}, 144_000_000, 0, 0),
        ({"min_volume": 120}, 144_000_000, 0, 0),
        ({"min_volume": 41}, 144_000_000, 3, 24_000_000),
        ({"step": None}, 144_000_000, 80, 1_200_000),
        ({"fixed_cost": 6_000_000}, 150_000_000, 4, 24_000_000),
        ({"amount": 144_001_000}, 144_001_000, 4, 24_000_000),
        ({"volume": 12.5, "min_volume": 10, "step": 0.5, "unit_cost": 3}, 37, 5, 1),
    ],
)
def test_money_and_steps(cells, full, steps, step):
    option = proposal(resolve(with_proposal(0, **cells)), "U-1").requested
    assert (option.full.amount, option.steps, option.step.amount) == (full, steps, step)


def test_the_request_is_the_blank_option_else_the_first_in_text_order():
    whole = document(proposals=[{**OPTIONS[0], "option": "b"}, {**OPTIONS[1], "option": "A"}])
    assert proposal(resolve(whole), "U-4").requested.ward == "Telawang"


def test_title_rank_and_cover_of_a_proposal():
    whole = document()
    whole["proposals"][4].update(covered_by="1.03", priority=7, title="lain")
    scenario = resolve(whole)
    four = proposal(scenario, "U-4")
    assert (four.title, four.priority, four.covered_by) == ("RTLH Basirih", 3, "1.03")
    assert [(n.code, n.facts["value"]) for n in scenario.notices] == [("option_priority", 7)]


def test_scores_by_column_and_an_option_without_one_has_its_proposals():
    whole = document()
    del whole["proposals"][4]["score"]
    assert [o.full.points for o in proposal(resolve(whole), "U-4").options] == [20 * M, 20 * M]
    assert [o.full.points for o in proposal(resolve(document()), "U-4").options] == [20 * M, 15 * M]


@pytest.mark.parametrize(
    ("objective", "points"),
    [
        ({"score": "halving"}, [1000, 1000, 500, 250]),
        ({"score": "linear"}, [1000, 1000, Decimal("666.666667"), Decimal("333.333333")]),
        ({"score": "linear", "rank_within": []}, [1000, 1000, 750, 500]),
        ({"score": "halving", "rank_within": ["agency"]}, [1000, 1000, 500, 250]),
        (
            {"score": "criteria", "weights": {"score": 2, "beneficiaries": "0,5"}},
            [167.6, 80, 60, 40],
        ),
    ],
)
def test_scores_by_rank_and_by_criteria(objective, points):
    whole = document(objective=objective)
    for row in whole["proposals"]:
        row.setdefault("beneficiaries", 0)
    found = [p.points for p in resolve(whole).instance.proposals]
    assert found == [int(Decimal(str(p)) * M) for p in points]


def test_a_far_rank_still_scores_one_point():
    scenario = resolve({**with_proposal(0, priority=10**9), "objective": {"score": "halving"}})
    assert proposal(scenario, "U-1").points == M


def test_equal_scores_and_ranks_beyond_the_group_are_told():
    whole = document()
    for row in whole["proposals"]:
        row["score"] = 1
    assert [n.code for n in resolve(whole).notices] == ["no_ranking"]
    whole = {**with_proposal(1, priority=5), "objective": {"score": "linear"}}
    assert [n.code for n in resolve(whole).notices] == ["rank_beyond_group"]


def test_criteria_columns_and_weights():
    whole = document(objective={"score": "criteria", "weights": {"C_Dampak": 1.5}})
    for number, row in enumerate(whole["proposals"]):
        row["c_Dampak"] = number
    scenario = resolve(whole)
    assert [p.points for p in scenario.instance.proposals] == [0, 1_500_000, 3 * M, 4_500_000]
    assert scenario.document["objective"]["weights"] == {"c_dampak": 1.5}


def test_changes_by_value_percent_and_difference():
    scenario = resolve(
        document(
            set={
                "agency.PUPR.ceiling": "-10%",
                "line.1.03.01.ceiling": "700 jt",
                "proposal.U-2.amount": "+1.000.001",
                "proposal.U-3.score": "-12,5 %",
                "proposal.U-4/B.ward": "Pelambuan",
                "location.Barat/Basirih.min_count": 1,
                "location.Barat.min_amount": "15%",
                "proposal.U-2.origin": "",
            }
        )
    )
    assert scenario.instance.agencies[1].ceiling == 900_000_000
    assert scenario.instance.lines[1].ceiling == 700_000_000
    assert proposal(scenario, "U-2").requested.full.amount == 91_000_001
    assert proposal(scenario, "U-2").requested.origin == ""
    assert proposal(scenario, "U-3").points == 26_250_000
    assert proposal(scenario, "U-4").options[1].ward == "Pelambuan"
    places = {place.subject: place for place in scenario.instance.locations}
    assert places["Barat/Basirih"].min_count == 1
    assert places["Barat"].min_amount == Fraction(15, 100)
    assert not scenario.notices
    assert Change("agency.PUPR.ceiling", 10**9, 900_000_000, None) in scenario.changes
    assert Change("proposal.U-4/B.ward", "Telawang", "Pelambuan", None) in scenario.changes
    assert Change("location.Barat.min_amount", None, "15%", None) in scenario.changes
    assert len(scenario.changes) == 8


def test_changing_a_place_needs_no_locations_table_and_spoils_none():
    base = resolve(document())
    assert base.instance.locations == ()
    once = variant(base, {"set": {"location.Barat.max_amount": 5}})
    again = variant(once, {"set": {"location.Barat/Basirih.max_count": 5}})
    assert resolve(again.document).digest == again.digest
    assert {place.subject for place in again.instance.locations} == {
        "Barat", "Tengah", "Barat/Basirih", "Barat/Telawang",
    }  # fmt: skip


def test_an_amount_clears_the_unit_cost_and_is_then_cut_in_proportion():
    scenario = resolve(document(set={"proposal.U-1.fixed_cost": "", "proposal.U-1.amount": "-50%"}))
    road = proposal(scenario, "U-1").requested
    assert (road.full.amount, road.step.amount) == (72_000_000, 12_000_000)
    scenario = resolve(
        document(set={"proposal.U-1.unit_cost": 600_000, "proposal.U-1.amount": 72_000_500})
    )
    assert proposal(scenario, "U-1").requested.step.amount == 12_000_000


def test_percentages_compound_along_the_chain_and_round_down():
    scenario = resolve(document())
    for _ in range(3):
        scenario = variant(scenario, {"set": {"agency.PUPR.ceiling": "-33,3333%"}}, source="x.toml")
    assert [change.after for change in scenario.changes] == [666_667_000, 444_444_888, 296_296_740]
    assert scenario.changes[0].file == "x.toml"


def test_without_an_option_all_rows_of_a_proposal_change():
    scenario = resolve(document(set={"proposal.U-4.amount": "+1"}))
    assert [c.key for c in scenario.changes] == ["proposal.U-4/.amount", "proposal.U-4/B.amount"]
    scenario = resolve(document(set={"proposal.U-4/.amount": "+1", "proposal.U-4/B.amount": "+2"}))
    assert [o.full.amount for o in proposal(scenario, "U-4").options] == [100000001, 100000002]


def test_a_child_adds_locks_and_lists_and_switches_off():
    base = resolve(
        document(
            limit=[{"name": "Barat", "district": "Barat", "max": 5}],
            lock=[{"proposal": "U-1", "decision": "fund", "volume": 80}],
            requires=[{"proposal": "U-3", "needs": ["U-2", "U-1"]}],
            off={"rules": ["gates"]},
            expect={"status": "optimal", "fund": ["U-1"]},
        )
    )
    assert base.expect == {"status": "optimal", "fund": ("U-1",)}
    child = variant(
        base,
        {
            "title": "anak",
            "proposal": [{**OPTIONS[1], "option": "C"}],
            "limit": [{"name": "Barat", "district": "Barat", "measure": "points", "min": 2.5},
                      {"name": "Pokir", "origin": "pokir", "measure": "count", "max": 1}],
            "lock": [{"proposal": "U-1", "decision": "reject", "reason": "lahan"},
                     {"proposal": "U-4", "decision": "fund", "option": ""}],
            "requires": [{"proposal": "U-3", "needs": ["U-4"]}],
            "together": [{"proposals": ["U-3", "U-2"]}],
            "alternatives": [{"proposals": ["U-2", "U-1"], "at_least": 1}],
            "objective": {"stages": ["points", {"name": "least_served", "by": "ward",
                                                "give_up": "1%"}, "thrift"]},
            "off": {"locks": ["U-1"], "limits": ["Pokir"]},
            "priority_order": {"within": ["ward"]},
        },
    )  # fmt: skip
    instance = child.instance
    assert (child.title, child.expect) == ("anak", None)
    assert [o.label for o in proposal(child, "U-4").options] == ["", "B", "C"]
    assert [(limit.name, limit.min, limit.max) for limit in instance.limits] == [
        ("Barat", 2_500_000, None), ("Pokir", None, 1),
    ]  # fmt: skip
    assert instance.locks == (
        Lock("U-1", "reject", reason="lahan"), Lock("U-4", "fund", option=""),
    )  # fmt: skip
    assert [r.needs for r in instance.requires] == [("U-1", "U-2"), ("U-4",)]
    assert instance.together[0].proposals == ("U-2", "U-3")
    assert instance.off.rules == {"gates"}
    assert instance.active_locks == (Lock("U-4", "fund", option=""),)
    assert [stage.name for stage in instance.stages] == ["points", "least_served", "thrift"]
    assert instance.stages[1].give_up == Fraction(1, 100)
    assert instance.order == PriorityOrder(("ward",), enforce=True)
    assert base.instance.order == PriorityOrder(enforce=False)


def test_few_changes_has_its_plan_in_the_document():
    stage = {
        "name": "few_changes",
        "plan": [{"proposal": "U-1", "volume": 80}, {"proposal": "U-2"}],
    }
    scenario = resolve(document(objective={"stages": ["points", stage]}))
    assert scenario.instance.stages[1].plan == (Choice("U-1", "", 80 * M), Choice("U-2", ""))
    assert scenario.document["objective"]["stages"][1]["plan"] == [
        {"proposal": "U-1", "volume": 80}, {"proposal": "U-2"},
    ]  # fmt: skip


def test_the_digest_does_not_depend_on_the_order_of_anything():
    whole = document(
        limit=[{"name": "A", "max": 1}, {"name": "B", "max": 2}],
        together=[{"proposals": ["U-1", "U-2"]}, {"proposals": ["U-3", "U-4"]}],
        lock=[{"proposal": "U-1", "decision": "fund"}, {"proposal": "U-2", "decision": "fund"}],
    )
    turned = dict(reversed(whole.items()))
    for key in ("proposals", "agencies", "lines", "limit", "together", "lock"):
        turned[key] = [dict(reversed(row.items())) for row in reversed(whole[key])]
    turned["together"][0]["proposals"].reverse()
    assert resolve(turned).digest == resolve(whole).digest
    assert resolve(turned).instance == resolve(whole).instance
    assert resolve(with_proposal(1, score=41)).digest != resolve(document()).digest


def test_spelling_of_headings_and_numbers_does_not_matter_to_the_digest():
    plain = resolve(with_proposal(1, amount=90_000_000))
    whole = document()
    row = whole["proposals"][1]
    row["Perkiraan Anggaran"] = "Rp 90 jt"
    row["SKOR"] = row.pop("score")
    row["c_x"] = None
    row["note"] = "  "
    del row["amount"]
    assert resolve(whole).digest == plain.digest


def test_extends_of_a_document_names_a_known_scenario():
    base = resolve(document())
    child = resolve({"extends": "base", "set": {"agency.PUPR.ceiling": 5}}, {"base": base})
    assert child.digest == variant(base, {"set": {"agency.PUPR.ceiling": 5}}).digest
    assert child.document["agencies"][1]["ceiling"] == 5
    assert base.document["agencies"][1]["ceiling"] == 10**9
    assert "set" not in child.document
    assert "extends" not in child.document


def write(folder, **files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")


@pytest.fixture
def folders(tmp_path):
    write(
        tmp_path / "dasar",
        scenario_toml='title = "Dasar"\nyear = 2018\n[data]\nproposals = "proposals.csv"\n'
        'agencies = "agencies.csv"\n[set]\n"agency.PUPR.ceiling" = "-10%"\n[expect]\namount = 5\n',
        proposals_csv="ID Usulan;OPD;Kecamatan;Skor;Anggaran\nU-1;PUPR;Barat;61,3;1,25 M\n",
        agencies_csv="kode;pagu\nPUPR;2.000.000.000\n",
    )
    write(
        tmp_path / "anak",
        scenario_toml='extends = "../dasar"\n[set]\n"agency.PUPR.ceiling" = "-10%"\n'
        '[sweep]\nany = "thing"\n',
        plan_csv="proposal\nU-1\n",
        cucu_toml='extends = "scenario.toml"\n[[objective.stages]]\nname = "few_changes"\n'
        'plan = "plan.csv"\n',
    )
    return tmp_path


def test_a_chain_of_files(folders):
    base, child = read(folders / "dasar"), read(folders / "anak" / "scenario.toml")
    assert (base.title, base.year, base.expect) == ("Dasar", 2018, {"amount": 5})
    assert base.instance.proposals[0].requested.full == Figures(1, 1_250_000_000, 61_300_000)
    assert base.changes == (
        Change("agency.PUPR.ceiling", 2_000_000_000, 1_800_000_000, "scenario.toml"),
    )
    assert (child.title, child.expect, child.sweep) == ("Dasar", None, {"any": "thing"})
    assert child.instance.agencies[0].ceiling == 1_620_000_000
    assert [c.file for c in child.changes] == ["../dasar/scenario.toml", "scenario.toml"]
    grandchild = read(folders / "anak" / "cucu.toml")
    assert grandchild.instance.stages[0].plan == (Choice("U-1", ""),)


def test_a_table_of_a_child_takes_the_place_of_its_parents(folders):
    write(
        folders / "anak",
        agencies_csv="code,ceiling\nPUPR,5\n",
        scenario_toml='extends = "../dasar/scenario.toml"\n[data]\nagencies = "agencies.csv"\n',
    )
    child = read(folders / "anak")
    assert child.instance.agencies[0].ceiling == 5
    assert child.changes == ()


def test_paths_that_are_no_scenario(tmp_path):
    (tmp_path / "x.txt").write_text("")
    for path, code in [
        (tmp_path, "file_not_found"),
        (tmp_path / "none.toml", "file_not_found"),
        (tmp_path / "none.xlsx", "file_not_found"),
        (tmp_path / "x.txt", "not_a_scenario"),
    ]:
        with pytest.raises(UsageError) as caught:
            read(path)
        assert caught.value.code == code


def test_the_names_of_rules_are_those_of_the_rules():
    assert tuple(RULES) == draft.RULES


def test_unknown_names_come_with_the_nearest_one():
    with pytest.raises(InputError) as caught:
        resolve(document(set={"agency.PUPT.ceiling": 1, "proposal.U-1.skoor": 2}))
    assert [issue.suggestion for issue in caught.value.issues] == ["PUPR", "score"]
