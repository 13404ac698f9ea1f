"""Folder, JSON, workbook and document hold the same scenario: the digest tells."""

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import OPTIONS, document

from solver.errors import InputError
from solver.scenario import read, resolve, variant, write_folder, write_json
from solver.scenario.write import toml
from solver.tables import json
from solver.words import LANGUAGES
from solver.write.workbook import workbook

RICH = document(
    title='Desk "kecil"\n= baru',
    locations=[
        {"district": "Barat", "min_amount": "12.5%", "population": 10, "share": "33.1250%"},
        {"district": "Barat", "ward": "Basirih", "max_amount": 500_000_000},
        {"district": "Tengah", "max_count": 3},
    ],
    limits=[
        {"name": "-5 + x", "measure": "points", "min": -2.5, "tag": "'a"},
        {"name": 'b; "c"', "measure": "beneficiaries", "max": 12},
    ],
    objective={
        "stages": [
            {"name": "points", "give_up": "1%"},
            {"name": "least_served", "per": "share", "give_up": 0.5},
            {"name": "few_changes", "plan": [{"proposal": "U-1", "volume": 79.5}]},
        ],
        "score": "halving",
        "rank_within": [],
        "weights": {"priority": 0.000001},
    },
    alternatives=[{"proposals": ["U-1", "U-2"], "at_least": 1}],
    requires=[{"proposal": "U-3", "needs": ["U-1"]}],
    together=[{"proposals": ["U-3", "U-4"]}],
    lock=[{"proposal": "U-4", "decision": "fund", "option": "", "reason": 'a\\b"c'}],
    priority_order={"within": ["ward"], "enforce": False},
    off={"rules": ["locks"], "locks": ["U-4"], "limits": ["-5 + x", 'b; "c"']},
)


def through_every_form(scenario, folder):
    write_folder(scenario, folder / "a")
    first = read(folder / "a")
    write_json(first, folder / "b.json")
    second = read(folder / "b.json")
    books = []
    for language in LANGUAGES:
        (folder / f"{language}.xlsx").write_bytes(workbook(second.document, language))
        books.append(read(folder / f"{language}.xlsx"))
    write_folder(books[0], folder / "c")
    for name in sorted(path.name for path in (folder / "a").iterdir()):
        assert (folder / "a" / name).read_bytes() == (folder / "c" / name).read_bytes()
    return [
        first, second, *books, read(folder / "c"), resolve(scenario.document), variant(scenario, {})
    ]  # fmt: skip


def test_every_form_holds_the_same_scenario(tmp_path):
    scenario = resolve(RICH)
    for other in through_every_form(scenario, tmp_path):
        assert other.document == scenario.document
        assert other.digest == scenario.digest
        assert other.instance == scenario.instance
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "agencies.csv", "limits.csv", "lines.csv", "locations.csv", "proposals.csv",
        "scenario.toml",
    ]  # fmt: skip


def test_the_document_is_plain_json_and_resolves_to_itself():
    scenario = resolve(RICH)
    assert json.dump(scenario.document) == json.dump(resolve(scenario.document).document)
    assert not {"set", "extends", "data", "expect", "limit", "proposal"} & set(scenario.document)


def test_a_changed_scenario_is_written_as_changed(tmp_path):
    child = variant(
        resolve(document()),
        {"set": {"proposal.U-1.amount": "-10%"}, "proposal": [{**OPTIONS[1], "id": "=9"}]},
    )
    for other in through_every_form(child, tmp_path):
        assert other.digest == child.digest
    assert b"\n'=9," in (tmp_path / "a" / "proposals.csv").read_bytes()


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write_json(resolve(document()), tmp_path / "x.json")
    before = (tmp_path / "x.json").read_bytes()

    def fail(*_):
        raise OSError

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError):  # noqa: PT011 the one raised above
        write_json(resolve(RICH), tmp_path / "x.json")
    assert (tmp_path / "x.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\r"), max_size=8
)
names = st.text(
    st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="/"),
    min_size=1,
    max_size=6,
)
money = st.integers(0, 10**14)
decimals = st.integers(-(10**5) * 10**6, 10**5 * 10**6).map(lambda n: n / 10**6)
volumes = st.integers(1, 10**9 * 10**6).map(lambda n: n / 10**6)
shares = st.integers(0, 10**8).map(lambda n: f"{n / 10**6:.6f}%")


@st.composite
def documents(draw):
    """Right and wrong documents, mostly right ones, with any text and any number in their cells."""
    places = draw(st.lists(st.tuples(names, texts), min_size=1, max_size=3, unique=True))
    agencies = draw(st.lists(names, min_size=1, max_size=2, unique=True))
    proposals = []
    for name in draw(st.lists(names, max_size=4, unique=True)):
        district, ward = draw(st.sampled_from(places))
        cells = {"id": name, "agency": draw(st.sampled_from(agencies)), "district": district}
        cells |= {"ward": ward, "score": draw(decimals), "amount": draw(money)}
        optional = {
            "option": texts, "title": texts, "note": texts, "source": texts, "unit": texts,
            "priority": st.integers(1, 99), "volume": volumes, "beneficiaries": st.integers(0, 9),
            "tags": st.lists(texts, max_size=3), "continued": st.booleans(),
            "origin": st.sampled_from(["pokir", "Renja", ""]), "c_x": decimals,
        }  # fmt: skip
        for column in draw(st.sets(st.sampled_from(sorted(optional)))):
            cells[column] = draw(optional[column])
        proposals.append(cells)
    whole = {
        "title": draw(texts),
        "proposals": proposals,
        "agencies": [{"code": c, "ceiling": draw(money | st.just("unlimited"))} for c in agencies],
        "locations": [{"district": d, "max_amount": draw(money | shares)} for d, w in places if w],
        "limits": [{"name": draw(names), "measure": "points", "max": draw(decimals)}],
    }
    if proposals:
        lock = {"proposal": proposals[0]["id"], "decision": "reject", "reason": draw(texts)}
        whole["lock"] = [lock]
    return whole


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_any_scenario_survives_every_form(whole):
    try:
        scenario = resolve(whole)
    except InputError:
        return
    with TemporaryDirectory() as folder:
        for other in through_every_form(scenario, Path(folder)):
            assert other.document == scenario.document
            assert other.digest == scenario.digest


plain = st.recursive(
    st.booleans() | st.integers(-(10**12), 10**12) | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x7f")),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), min_size=1)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True),
                       plain | st.dictionaries(keys, plain)))  # fmt: skip
def test_toml_reads_back_what_was_written(value):
    assert tomllib.loads(toml(value)) == value
