import pytest
from small import document, with_proposal

from solver.errors import InputError, UsageError
from solver.instance import Choice
from solver.scenario import resolve
from solver.tables.plan import read_plan

INSTANCE = resolve(document()).instance
M = 1_000_000


def plan(*rows, instance=INSTANCE):
    return read_plan(rows, instance)


def refused(*rows, instance=INSTANCE):
    with pytest.raises(InputError) as caught:
        plan(*rows, instance=instance)
    return [(issue.code, issue.column, issue.suggestion) for issue in caught.value.issues]


@pytest.mark.parametrize(
    ("row", "choice"),
    [
        ({"proposal": "U-2"}, Choice("U-2", "")),
        ({"proposal": "U-2", "amount": 90_000_000}, Choice("U-2", "")),
        ({"proposal": "U-2", "amount": "90 jt"}, Choice("U-2", "")),
        ({"proposal": "U-1"}, Choice("U-1", "")),
        ({"proposal": "U-1", "volume": 120}, Choice("U-1", "")),
        ({"proposal": "U-1", "volume": 80}, Choice("U-1", "", 80 * M)),
        ({"proposal": "U-1", "volume": "79,5"}, Choice("U-1", "", 79_500_000)),
        ({"proposal": "U-4"}, Choice("U-4", "")),
        ({"proposal": "U-4", "option": "B"}, Choice("U-4", "B")),
        ({"proposal": "U-4", "ward": "Basirih"}, Choice("U-4", "")),
        ({"proposal": "U-4", "ward": "Telawang"}, Choice("U-4", "B")),
        ({"proposal": "U-4", "option": "B", "ward": "Telawang"}, Choice("U-4", "B")),
        ({"proposal": "U-2", "amount": 0}, None),
        ({"proposal": "U-1", "volume": 0}, None),
        ({"proposal": "U-1", "volume": 0, "amount": 5}, None),
    ],
)
def test_a_row_stands_for_one_choice(row, choice):
    choices, notices = plan(row)
    assert choices == ((choice,) if choice else ())
    assert notices == ()


@pytest.mark.parametrize(
    ("row", "code", "column", "suggestion"),
    [
        ({"proposal": "U-22"}, "unknown_proposal", "proposal", "U-2"),
        ({"proposal": ""}, "cell_missing", "proposal", None),
        ({"proposal": "U-4", "option": "b"}, "unknown_option", "option", "B"),
        ({"proposal": "U-2", "ward": "Mawr"}, "unknown_ward", "ward", "Mawar"),
        ({"proposal": "U-4", "option": "B", "ward": "Basirih"}, "plan_ward_differs", "ward",
         "Telawang"),
        ({"proposal": "U-1", "amount": 144_000_000}, "plan_volume_missing", "volume", None),
        ({"proposal": "U-1", "volume": 121}, "volume_outside", "volume", None),
        ({"proposal": "U-1", "volume": -1}, "number_negative", "volume", None),
        ({"proposal": "U-2", "volume": 1}, "volume_outside", "volume", None),
        ({"proposal": "U-2", "amount": "1250000.00"}, "number_two_readings", "amount",
         "125.000.000"),
    ],
)  # fmt: skip
def test_a_row_that_stands_for_none_is_refused(row, code, column, suggestion):
    assert refused(row) == [(code, column, suggestion)]


def test_every_problem_comes_at_once_and_one_option_only_once():
    found = refused(
        {"proposal": "U-9"}, {"proposal": "U-1"}, {"proposal": "U-1", "volume": 80}, {"option": "B"}
    )
    assert [code for code, *_ in found] == ["unknown_proposal", "plan_twice", "cell_missing"]


def test_two_options_of_one_proposal_are_for_the_assessment_to_judge():
    choices, _ = plan({"proposal": "U-4", "option": "B"}, {"proposal": "U-4"})
    assert choices == (Choice("U-4", ""), Choice("U-4", "B"))


def test_the_tables_figure_counts_and_the_difference_is_told():
    choices, notices = plan({"proposal": "U-1", "volume": 80, "amount": 90_000_000})
    assert choices == (Choice("U-1", "", 80 * M),)
    assert [notice.code for notice in notices] == ["plan_amount"]
    assert notices[0].facts == {"proposal": "U-1", "stated": 90_000_000, "amount": 96_000_000}


def test_what_is_covered_stays_covered():
    instance = resolve(with_proposal(1, covered_by="1.03")).instance
    assert plan({"proposal": "U-2"}, instance=instance) == ((), ())


def test_without_a_blank_label_several_options_need_one():
    whole = document()
    whole["proposals"][3]["option"] = "A"
    instance = resolve(whole).instance
    assert refused({"proposal": "U-4"}, instance=instance)[0][0] == "plan_option_missing"
    assert plan({"proposal": "U-4", "ward": "Basirih"}, instance=instance)[0] == (
        Choice("U-4", "A"),
    )


def test_a_plan_is_a_csv_whose_other_columns_do_not_matter(tmp_path):
    path = tmp_path / "plan.csv"
    path.write_text("title,proposal,decision,volume,amount,usulan\nx,U-1,fund,80,96000000,Jalan\n")
    assert read_plan(path, INSTANCE)[0] == (Choice("U-1", "", 80 * M),)
    path.write_text("kode usulan;anggaran\nU-2;90 jt\nU-9;1\n")
    with pytest.raises(InputError) as caught:
        read_plan(path, INSTANCE)
    assert [(i.code, i.place.file, i.place.row) for i in caught.value.issues] == [
        ("unknown_proposal", "plan.csv", 3)
    ]
    path.write_text("title\nx\n")
    with pytest.raises(InputError, match="plan_without_proposals"):
        read_plan(path, INSTANCE)
    with pytest.raises(UsageError, match="file_not_found"):
        read_plan(tmp_path / "none.csv", INSTANCE)
