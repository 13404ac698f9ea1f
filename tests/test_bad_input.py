"""Every kind of bad input: which code it gets, where it is said to stand, and what is suggested."""

import copy
import re
import string
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import document, with_proposal

from solver.errors import InputError
from solver.scenario import read, resolve, variant
from solver.words import LANGUAGES, say


def issues_of(bad, known=None):
    with pytest.raises(InputError) as caught:
        resolve(bad, known)
    for issue in caught.value.issues:
        for language in LANGUAGES:
            assert say(f"input.{issue.code}", language, issue.facts)
    return caught.value.issues


def row(number=0, **cells):
    return with_proposal(number, **cells)


def agency(**cells):
    return document(agencies=[{"code": "PUPR", "ceiling": 10**9, **cells},
                              {"code": "PERKIM", "ceiling": "unlimited"}])  # fmt: skip


def line(**cells):
    whole = document()
    whole["lines"][1].update(cells)
    return whole


def place(**cells):
    rows = [{"district": "Tengah"}, {"district": "Barat", **cells}]
    return document(locations=rows)


def limit(**cells):
    return document(limits=[{"name": "L", "max": 1, **cells}])


def changed(key, value):
    return document(set={key: value})


def stages(*names):
    return document(objective={"stages": list(names)})


P1, P2 = "proposals[1]", "proposals[2]"

ONE_ISSUE = [
    # document, code, key, column, suggestion
    (row(agency="PUPT"), "unknown_agency", P1, "agency", "PUPR"),
    (row(agency=None), "cell_missing", P1, "agency", None),
    (row(district=""), "cell_missing", P1, "district", None),
    (row(id="U/1"), "slash_in_id", P1, "id", None),
    (row(id=17), "number_for_text", P1, "id", None),
    (row(title="a\x07b"), "control_character", P1, "title", None),
    (row(title="\ud800"), "control_character", P1, "title", None),
    (row(line="1.03.1"), "unknown_line", P1, "line", "1.03.01"),
    (row(2, line="1.03"), "line_agency_differs", "proposals[3]", "agency", "PUPR"),
    (row(unit="m3"), "unit_differs", P1, "unit", "m"),
    (row(priority=0), "priority_zero", P1, "priority", None),
    (row(priority=1.5), "not_whole", P1, "priority", None),
    (row(score=None), "score_missing", P1, "score", None),
    (row(score=100_000.5), "score_too_large", P1, "score", None),
    (row(score=0.1234567), "too_many_decimals", P1, "score", None),
    (row(score=float("nan")), "not_a_number", P1, "score", None),
    (row(score=True), "wrong_type", P1, "score", None),
    (row(score="12,500"), "number_two_readings", P1, "score", "12500"),
    (row(volume=-1), "number_negative", P1, "volume", None),
    (row(volume=None, unit_cost=None, amount=5), "volume_missing", P1, "volume", None),
    (row(volume=None, min_volume=None), "unit_cost_without_volume", P1, "volume", None),
    (row(min_volume=121), "min_volume_too_large", P1, "min_volume", None),
    (row(step=0), "step_zero", P1, "step", None),
    (row(step=0.00001), "too_many_steps", P1, "step", None),
    (row(amount=144_001_001), "amount_differs", P1, "amount", "144000000"),
    (row(unit_cost=None), "amount_missing", P1, "amount", None),
    (row(unit_cost=10**14), "money_too_large", P1, "unit_cost", None),
    (row(unit_cost=100, volume=120, amount=11_000, min_volume=1, step=1), "amount_below_cuts", P1,
     "amount", None),
    (row(1, fixed_cost=5), "fixed_cost_alone", P2, "fixed_cost", None),
    (row(1, amount=-5), "number_negative", P2, "amount", None),
    (row(1, amount=0.5), "money_fraction", P2, "amount", None),
    (row(1, amount="1250000.00"), "number_two_readings", P2, "amount", "125.000.000"),
    (row(1, amount=10**14 + 1), "money_too_large", P2, "amount", None),
    (row(1, amount="banyak"), "money_not_a_number", P2, "amount", None),
    (row(1, origin="reses"), "unknown_choice", P2, "origin", None),
    (row(1, gate="tanah"), "unknown_choice", P2, "gate", None),
    (row(1, continued="mungkin"), "not_yes_or_no", P2, "continued", None),
    (row(1, covered_by="1.04"), "unknown_line", P2, "covered_by", "1.03"),
    (row(1, tags=[1]), "wrong_type", P2, "tags", None),
    (row(1, amonut=5), "unknown_heading", P2, None, "amount"),
    (row(1, Anggaran=5), "heading_twice", P2, "Anggaran", None),
    (row(1, id="U-1"), "row_twice", P2, "id", None),
    (document(proposals=[5]), "wrong_type", P1, None, None),
    (document(proposals={"id": "U-1"}), "wrong_type", None, "proposals", None),
    (document(proposals=None), "no_proposals", None, "proposals", None),
    (agency(ceiling=None), "ceiling_missing", "agencies[1]", "ceiling", None),
    (agency(committed="1,5"), "money_fraction", "agencies[1]", "committed", None),
    (line(parent="1.04"), "unknown_line", "lines[2]", "parent", "1.03"),
    (line(parent="1.03.01"), "line_cycle", "lines[2]", "parent", None),
    (line(min_target=9, max_target=8), "min_above_max", "lines[2]", "min_target", None),
    (line(places="Bart"), "unknown_place", "lines[2]", "places", "Barat"),
    (line(places=["Barat/Basirh"]), "unknown_place", "lines[2]", "places", "Barat/Basirih"),
    (place(min_amount="20%", max_amount="10%"), "min_above_max", "locations[2]", "min_amount",
     None),
    (place(min_count=2, max_count=1), "min_above_max", "locations[2]", "min_count", None),
    (place(share="15"), "share_needs_percent", "locations[2]", "share", None),
    (place(max_amount="150%"), "share_out_of_range", "locations[2]", "max_amount", None),
    (limit(agency="PUPS"), "unknown_agency", "limits[1]", "agency", "PUPR"),
    (limit(line="1.03.02"), "unknown_line", "limits[1]", "line", "1.03.01"),
    (limit(district="Bart"), "unknown_district", "limits[1]", "district", "Barat"),
    (limit(district="Barat", ward="Mawar"), "unknown_ward", "limits[1]", "ward", None),
    (limit(ward="Mawar"), "ward_without_district", "limits[1]", "district", None),
    (limit(min=2), "min_above_max", "limits[1]", "min", None),
    (limit(measure="rupiah"), "unknown_choice", "limits[1]", "measure", None),
    (limit(measure="count", max=1.5), "not_whole", "limits[1]", "max", None),
    (changed("agency.PUPT.ceiling", 1), "unknown_agency", "agency.PUPT.ceiling", None, "PUPR"),
    (changed("agencies.PUPR.ceiling", 1), "unknown_kind", "agencies.PUPR.ceiling", None,
     "agency"),
    (changed("agency.PUPR.celing", 1), "unknown_column", "agency.PUPR.celing", None, "ceiling"),
    (changed("agency.PUPR.code", "X"), "set_key_column", "agency.PUPR.code", "code", None),
    (changed("ceiling", 1), "set_key_form", "ceiling", None, None),
    (changed("proposal.U-1/X.ward", "X"), "unknown_option", "proposal.U-1/X.ward", None, None),
    (changed("location.Bart.min_count", 1), "unknown_place", "location.Bart.min_count", None,
     "Barat"),
    (changed("agency.PUPR.ceiling", "-110%"), "number_negative", "agency.PUPR.ceiling",
     "ceiling", None),
    (changed("agency.PERKIM.ceiling", "+10%"), "relative_of_unlimited",
     "agency.PERKIM.ceiling", "ceiling", None),
    (changed("agency.PUPR.committed", "+1"), "relative_of_blank", "agency.PUPR.committed",
     "committed", None),
    (changed("proposal.U-2.district", ""), "cell_missing", "proposal.U-2.district", "district",
     None),
    (changed("agency.PUPR.ceiling", ""), "ceiling_missing", "agency.PUPR.ceiling", "ceiling",
     None),
    (document(set={"proposal.U-2.amount": 1, "proposal.U-2/.amount": 2}), "set_twice",
     "proposal.U-2/.amount", "amount", None),
    (document(lock=[{"proposal": "U-11", "decision": "fund"}]), "unknown_proposal", "lock[1]",
     "proposal", "U-1"),
    (document(lock=[{"proposal": "U-4", "decision": "fund", "option": "b"}]), "unknown_option",
     "lock[1]", "option", "B"),
    (document(lock=[{"proposal": "U-1", "decision": "fund", "volume": 121}]), "volume_outside",
     "lock[1]", "volume", None),
    (document(lock=[{"proposal": "U-2", "decision": "fund", "volume": 1}]), "volume_outside",
     "lock[1]", "volume", None),
    (document(lock=[{"proposal": "U-1", "decision": "reject", "volume": 1}]),
     "lock_volume_of_reject", "lock[1]", "volume", None),
    (document(lock=[{"proposal": "U-1", "decision": "accept"}]), "unknown_choice", "lock[1]",
     "decision", None),
    (document(lock=[{"proposal": "U-1"}]), "key_missing", "lock[1]", "decision", None),
    (document(lock=[{"proposal": "U-1", "decision": "fund"}] * 2), "lock_twice", "lock[2]",
     "proposal", None),
    (document(alternatives=[{"proposals": ["U-1", "U-22"]}]), "unknown_proposal",
     "alternatives[1]", "proposals", "U-2"),
    (document(alternatives=[{"proposals": ["U-1"], "at_least": 2}]), "at_least_too_large",
     "alternatives[1]", "at_least", None),
    (document(requires=[{"proposal": "U-1", "needs": ["U-1"]}]), "requires_itself", "requires[1]",
     "needs", None),
    (document(requires=[{"proposal": "U-1"}]), "key_missing", "requires[1]", "needs", None),
    (document(off={"rules": ["gate"]}), "unknown_rule", "off", "rules", "gates"),
    (document(off={"rules": ["covered"]}), "rule_always_on", "off", "rules", None),
    (document(off={"locks": ["U-1"]}), "unknown_lock", "off.locks", "locks", None),
    (document(off={"limits": ["L"]}), "unknown_limit", "off.limits", "limits", None),
    (document(expect={"fund": ["U-33"]}), "unknown_proposal", "expect", "fund", "U-3"),
    (document(expect={"status": "best"}), "unknown_choice", "expect", "status", None),
    (document(expect={"points_min": "4"}), "wrong_type", "expect", "points_min", None),
    (stages("point"), "unknown_stage", "objective.stages[1]", "name", "points"),
    (stages("points", "points"), "stage_twice", "objective.stages[2]", "name", None),
    (stages({"name": "thrift", "by": "ward"}), "unknown_key", "objective.stages[1]", "by", None),
    (stages({"name": "least_served", "per": "head"}), "population_missing", "objective.stages[1]",
     "per", None),
    (stages({"name": "least_served", "per": "share"}), "shares_missing", "objective.stages[1]",
     "per", None),
    (stages({"name": "few_changes"}), "key_missing", "objective.stages[1]", "plan", None),
    (stages({"name": "few_changes", "plan": "x.csv"}), "path_not_allowed", "objective.stages[1]",
     "plan", None),
    (stages({"name": "points", "give_up": "101%"}), "share_out_of_range", "objective.stages[1]",
     "give_up", None),
    (document(objective={"score": "criteria"}), "weights_missing", None, "weights", None),
    (document(objective={"score": "criteria", "weights": {"c_x": 1}}), "unknown_column",
     "objective.weights", "c_x", None),
    (document(objective={"score": "halved"}), "unknown_choice", "objective", "score", None),
    (document(objective={"rank_within": ["rt"]}), "unknown_choice", "objective", "rank_within",
     None),
    (document(objectives={}), "unknown_key", None, "objectives", "objective"),
    (document(format=2), "unknown_format", None, "format", None),
    (document(title=5), "wrong_type", None, "title", None),
    (document(data={"lines": "x.csv"}, lines=None), "path_not_allowed", "data", "lines", None),
    (document(extends="../x"), "path_not_allowed", "extends", "extends", None),
    ({**row(priority=None), "objective": {"score": "halving"}}, "priority_missing", P1, "priority",
     None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "code", "key", "column", "suggestion"),
    ONE_ISSUE,
    ids=[f"{code}-{number}" for number, (_, code, *_) in enumerate(ONE_ISSUE)],
)
def test_one_thing_wrong_gives_one_issue(bad, code, key, column, suggestion):
    found = [(i.code, i.place.key, i.column, i.suggestion) for i in issues_of(bad)]
    assert found == [(code, key, column, suggestion)]


def test_all_problems_come_at_once_in_order():
    bad = document(
        set={"agency.PUPT.ceiling": 1, "location.X.min_count": 1},
        lock=[{"proposal": "U-9", "decision": "fund"}],
        off={"rules": ["gate"]},
        limits=[{"name": "L", "district": "Nowhere", "max": "1,250,000"}],
    )
    bad["proposals"][0].update(score=None, step=0, agency="PUPS")
    bad["proposals"][1].update(amount="1e6", origin="x")
    found = {(i.code, i.column) for i in issues_of(bad)}
    assert found == {
        ("unknown_agency", None),
        ("unknown_place", None),
        ("unknown_proposal", "proposal"),
        ("unknown_rule", "rules"),
        ("unknown_district", "district"),
        ("number_two_readings", "max"),
        ("score_missing", "score"),
        ("step_zero", "step"),
        ("unknown_agency", "agency"),
        ("money_not_a_number", "amount"),
        ("unknown_choice", "origin"),
    }


def test_a_known_scenario_is_named_by_its_nearest():
    base = resolve(document())
    codes = {i.code: i.suggestion for i in issues_of({"extends": "bse"}, {"base": base})}
    assert codes["unknown_scenario"] == "base"
    with pytest.raises(InputError, match="path_not_allowed"):
        variant(base, {"extends": "base"})


def write(folder: Path, **files):
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name.replace("_", ".")).write_bytes(data)


TOML = '[data]\nproposals = "proposals.csv"\nagencies = "agencies.csv"\n'
CSV = "id,agency,district,score,amount\nU-1,PUPR,Barat,5,100\n"
AGENCIES = "code,ceiling\nPUPR,1000\n"

FILES = [
    # files, code, file, row, key or column
    ({"scenario_toml": "title = Banjar\n" + TOML}, "toml_syntax", "scenario.toml", 1, None),
    ({"scenario_toml": TOML + "[set]\na.b = 1\na.b = 2\n"}, "toml_key_twice", "scenario.toml", 6,
     None),
    ({"scenario_toml": b"\xff\n"}, "not_utf8", "scenario.toml", 1, None),
    ({"scenario_toml": "[[[" * 9}, "toml_syntax", "scenario.toml", 1, None),
    ({"scenario_toml": "a = " + "[" * 100_000}, "toml_syntax", "scenario.toml", None, None),
    ({"scenario_toml": "year = " + "9" * 5000 + "\n"}, "toml_syntax", "scenario.toml", None, None),
    ({"scenario_toml": TOML.replace("agencies.csv", "agency.csv")}, "data_missing",
     "scenario.toml", None, "agencies"),
    ({"scenario_toml": TOML.replace("agencies.csv", "x.xlsx")}, "data_not_csv", "scenario.toml",
     None, "agencies"),
    ({"scenario_toml": 'extends = "none.toml"\n' + TOML}, "extends_missing", "scenario.toml", None,
     "extends"),
    ({"scenario_toml": 'extends = "x.yaml"\n' + TOML}, "extends_form", "scenario.toml", None,
     "extends"),
    ({"scenario_toml": 'extends = "scenario.toml"\n' + TOML}, "extends_cycle", "scenario.toml",
     None, "extends"),
    ({"scenario_toml": 'extends = "b.toml"\n' + TOML, "b_toml": 'extends = "scenario.toml"\n'},
     "extends_cycle", "b.toml", None, "extends"),
    ({"scenario_toml": TOML + "agency = []\n"}, "unknown_key", "scenario.toml", None, "agency"),
    ({"scenario_toml": TOML + "[[agencies]]\ncode = 'X'\nceiling = 1\n"}, "table_twice",
     "scenario.toml", None, "agencies"),
    ({"proposals_csv": b"\0" + CSV.encode()}, "nul_byte", "proposals.csv", 1, None),
    ({"proposals_csv": ""}, "file_empty", "proposals.csv", None, None),
    ({"proposals_csv": CSV + "U-2,PUPR\n"}, "row_length", "proposals.csv", 3, None),
    ({"proposals_csv": CSV + 'U-2,"PUPR\n'}, "csv_quotes", "proposals.csv", 3, None),
    ({"proposals_csv": CSV + "\nU-1,PUPR,Barat,6,1\n"}, "row_twice", "proposals.csv", 4, "id"),
    ({"proposals_csv": CSV.replace("100", "1250000.00")}, "number_two_readings", "proposals.csv",
     2, "amount"),
    ({"proposals_csv": CSV.replace(",", ";").replace("5;", "61.300;")}, "number_two_readings",
     "proposals.csv", 2, "score"),
    ({"proposals_csv": CSV.replace("PUPR", "")}, "cell_missing", "proposals.csv", 2, "agency"),
    ({"proposals_csv": CSV.replace("score", "skorr")}, "unknown_heading", "proposals.csv", 1,
     None),
    ({"proposals_csv": CSV + "U-2,PUPS,Barat,5,1\nU-3,PUPS,Barat,5,1\n"}, "unknown_agency",
     "proposals.csv", 3, "agency"),
    ({"agencies_csv": "code,ceiling\nPUPR,\n"}, "ceiling_missing", "agencies.csv", 2, "ceiling"),
    ({"agencies_csv": "code,ceiling\nPUPR,lots\n"}, "money_not_a_number", "agencies.csv", 2,
     "ceiling"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "code", "file", "row", "column"),
    FILES,
    ids=[f"{code}-{number}" for number, (_, code, *_) in enumerate(FILES)],
)
def test_what_is_wrong_in_a_file_is_said_with_its_row(tmp_path, files, code, file, row, column):
    whole = {"scenario_toml": TOML, "proposals_csv": CSV, "agencies_csv": AGENCIES}
    write(tmp_path, **{**whole, **files})
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    found = [(i.code, i.place.file, i.place.row, i.column) for i in caught.value.issues]
    assert (code, file, row, column) in found
    caused = {"no_proposals", "score_missing", "unknown_agency"}
    assert {one for one, *_ in found} - caused <= {code}


def test_a_locations_table_knows_every_district_and_tells_of_unlisted_wards():
    whole = document(locations=[{"district": "Barat"}, {"district": "Barat", "ward": "Telawang"}])
    (issue,) = issues_of(whole)
    assert (issue.code, issue.value, issue.place.key) == ("unknown_district", "Tengah", P2)
    whole["locations"].append({"district": "Tengah"})
    (notice,) = resolve(whole).notices
    assert (notice.code, notice.facts["wards"]) == ("ward_not_listed", ["Basirih"])


def test_a_bare_ward_must_be_the_only_one_of_its_name():
    whole = line(places="Basirih")
    assert resolve(whole).instance.lines[1].places == (("Barat", "Basirih"),)
    whole["proposals"][1]["ward"] = "Basirih"
    (issue,) = issues_of(whole)
    assert (issue.code, issue.suggestion) == ("ward_in_two_districts", "Barat/Basirih")


def test_what_stops_nothing_is_told():
    whole = document(limits=[{"name": "L", "tag": "x", "max": 1}])
    whole["agencies"][0]["committed"] = 10**9 - 5
    whole["lines"][1]["committed"] = 900_000_000
    assert {n.code for n in resolve(whole).notices} == {
        "limit_matches_nothing", "agency_room_negative", "line_room_negative",
    }  # fmt: skip
    for notice in resolve(whole).notices:
        for language in LANGUAGES:
            assert say(f"warning.{notice.code}", language, notice.facts)


def sentences(topic):
    file = resources.files("solver") / "catalogues" / f"{topic}.toml"
    return tomllib.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("topic", ["input", "warning", "usage"])
def test_both_languages_fill_the_same_blanks(topic):
    for code, texts in sentences(topic).items():
        blanks = [
            {(name, kind) for _, name, kind, _ in string.Formatter().parse(texts[lang]) if name}
            for lang in LANGUAGES
        ]
        assert blanks[0] == blanks[1], code
        assert set(texts) == set(LANGUAGES)


def test_every_code_has_its_sentence_and_every_sentence_its_code():
    folder = Path(__file__).parent.parent / "solver"
    source = "".join(
        path.read_text("utf-8") for part in ("tables", "scenario", "sipd") for path in
        sorted((folder / part).glob("*.py"))
    )  # fmt: skip
    calls = r'(?:problems\.add|\.unknown|NumberError|_RefusedError)\(\s*"([a-z_0-9]+)"'
    used = set(re.findall(calls, source)) | {"unknown_line", "unknown_limit", "unknown_agency"}
    used |= set(re.findall(r'code = "([a-z_0-9]+)" if', source))
    used |= set(re.findall(r'code = "[a-z_0-9]+" if .* else "([a-z_0-9]+)"', source))
    known = set(sentences("input"))
    assert used - known == set()
    assert {code for code in known if f'"{code}"' not in source} == set()


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["U-1", "PUPR", "Barat", "points", "1e9999", "+5%", "-", "/", "."])
    | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
FULL = document(
    locations=[{"district": "Barat", "min_amount": 5}, {"district": "Tengah"}],
    limits=[{"name": "L", "max": 5}],
    proposal=[{**document()["proposals"][1], "id": "U-9"}],
    limit=[{"name": "M", "measure": "points", "max": 5}],
    set={"agency.PUPR.ceiling": "-1%", "proposal.U-1.amount": 5, "limit.L.max": "+1"},
    alternatives=[{"proposals": ["U-1", "U-2"], "at_least": 1}],
    requires=[{"proposal": "U-3", "needs": ["U-1"]}],
    together=[{"proposals": ["U-3", "U-4"]}],
    lock=[{"proposal": "U-4", "decision": "fund", "option": "B", "reason": "x"}],
    objective={
        "stages": ["points", {"name": "few_changes", "plan": [{"proposal": "U-1", "volume": 80}]}],
        "score": "criteria",
        "weights": {"score": 1},
        "rank_within": ["ward"],
    },
    priority_order={"within": ["ward"], "enforce": True},
    off={"rules": ["gates"], "locks": ["U-4"], "limits": ["L"]},
    expect={"status": "optimal", "amount": 5, "fund": ["U-1"], "unique": True},
)


def spots(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items if isinstance(value, (dict, list)) else ():
        yield from spots(inner, (*path, key)) if isinstance(inner, (dict, list)) else [(*path, key)]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(list(spots(FULL))), junk)
def test_any_value_anywhere_is_right_or_an_input_error(path, value):
    assert resolve(FULL).instance.proposals
    bad = copy.deepcopy(FULL)
    inner = bad
    for key in path[:-1]:
        inner = inner[key]
    if path:
        inner[path[-1]] = value
    try:
        resolve(bad if path else value)
    except InputError as error:
        for issue in error.issues:
            assert say(f"input.{issue.code}", "id", issue.facts)
