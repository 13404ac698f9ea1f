from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.tables import json
from solver.tables.problems import Problems


def read(data, expect=()):
    problems = Problems()
    value = json.read(data, "x.json", problems)
    assert [(issue.code, issue.place.row) for issue in problems.issues] == list(expect)
    return value


def test_decimals_stay_exact():
    assert read(b'\xef\xbb\xbf{"a": 61.3, "b": [1, null, true]}') == {
        "a": Decimal("61.3"),
        "b": [1, None, True],
    }


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        (b"", "json_syntax", 1),
        (b'{"a": 1,\n}', "json_syntax", 2),
        (b'{"a": 1}\n{"a": 1}', "json_syntax", 2),
        (b'{"a": 1,\n"b": {"c": 2},\n"a": 3}', "json_key_twice", 3),
        (b"[1,\nNaN]", "json_constant", 2),
        (b"[-Infinity]", "json_constant", 1),
        (b"[\n" + b"9" * 5000 + b"]", "number_too_long", 2),
        (b"[0." + b"9" * 5000 + b"]", "number_too_long", 1),
        (b"[" * 21 + b"]" * 21, "json_too_deep", 1),
        (b'{"a":' * 100_000, "json_too_deep", 1),
        (b'\n["\xff"]', "not_utf8", 2),
        (b'["' + b'\\"' * 500_000, "json_syntax", 1),
    ],
)
def test_what_has_no_one_meaning_is_refused(data, code, row):
    assert read(data, [(code, row)]) is None


def test_brackets_inside_texts_are_no_depth():
    assert read(b'["' + b"[" * 100 + b'\\"]"]') == ["[" * 100 + '"]']


def test_one_document_has_one_text():
    assert json.dump({"b": Decimal("61.30"), "a": [Decimal(5), "é"]}) == '{"a":[5,"é"],"b":61.3}'
    with pytest.raises(TypeError):
        json.dump({"a": {1}})
    with pytest.raises(ValueError, match="JSON"):
        json.dump({"a": float("nan")})


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(
        st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@given(values)
def test_what_is_dumped_reads_back(value):
    assert read(json.dump(value).encode()) == value
    assert read(json.pretty(value).encode()) == value
