"""Sentences: the same in both languages, all there, and numbers written as each language does."""

from __future__ import annotations

import re
import string
from decimal import Decimal
from fractions import Fraction

import pytest

from solver.rules import RULES
from solver.tables.column import GATES
from solver.words import (
    LANGUAGES,
    Quantity,
    catalogue,
    joined,
    money,
    money_full,
    number,
    quantity,
    say,
)

REASONS = (
    "agency_ceiling", "line_ceiling", "line_target", "location_max", "location_min", "limit",
    "alternatives", "requires", "together", "priority_order", "options", "locked_in", "locked_out",
    "gate", "covered", "lower_points", "cut_to_fit", "funded_for_floor", "funded_by_points",
)  # fmt: skip
GATE_CODES = (
    "not_authority", "wrong_agency", "not_in_renja", "duplicate", "land", "zoning", "no_design",
    "incomplete", "over_price_catalogue", "below_minimum", "other_source", "waits_for_stage",
)  # fmt: skip
BARE = ("locked_in", "locked_out")  # also told where no reason was written down
ALONE = ("agency_ceiling", "line_ceiling", "line_target", "location_max", "limit")
KINDS = {"", "money", "points", "volume", "quantity", "number", "percent", "list"}
FORBIDDEN = (
    # words of a solver's manual, not of a meeting; in both languages
    "shadow price", "dual", "infeasib", "feasible", "objective function", "optimal value", "slack",
    "constraint", "variable", "coefficient", "relaxation", "integer", "solver", "penalty", "lp ",
    "harga bayangan", "fungsi objektif", "fungsi tujuan", "nilai optimal", "kendala", "variabel",
    "koefisien", "relaksasi", "bilangan bulat", "tidak layak", "pemecah", "optimal",
)  # fmt: skip
SPOKEN = ("reason", "conflict", "repair", "gate", "limit_name", "rule")
SENTENCES = sorted(catalogue().items())
NBSP = "\N{NO-BREAK SPACE}"


def blanks(text):
    """Each blank with its kind, in order of their names."""
    return sorted((name, kind or "") for _, name, kind, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize(("code", "texts"), SENTENCES, ids=[code for code, _ in SENTENCES])
def test_a_sentence_says_the_same_in_every_language(code, texts):
    assert set(texts) == set(LANGUAGES)
    assert all(text == text.strip() != "" for text in texts.values())
    assert len({tuple(blanks(text)) for text in texts.values()}) == 1
    assert {kind for text in texts.values() for _, kind in blanks(text)} <= KINDS


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_of_the_contract_has_its_sentence(code):
    assert f"reason.{code}" in catalogue()
    if code in BARE:
        assert f"reason.{code}_bare" in catalogue()
        assert blanks(catalogue()[f"reason.{code}_bare"]["id"]) == []
    if code in ALONE:
        assert f"reason.{code}_alone" in catalogue()


def test_every_gate_and_rule_of_the_contract_has_its_words_and_no_other_does():
    def topic(name):
        return {code.split(".", 1)[1] for code in catalogue() if code.startswith(f"{name}.")}

    assert topic("gate") == set(GATE_CODES)
    assert set(GATES) == set(GATE_CODES)
    assert topic("rule") == set(RULES)
    # Beside these: forms of a reason (agency_ceiling_alone), and clauses that follow one.
    forms = tuple(f"{code}_" for code in REASONS)
    extra = {code for code in topic("reason") - set(REASONS) if not code.startswith(forms)}
    assert extra <= {"taken_by", "ahead"}


@pytest.mark.parametrize(("code", "texts"), SENTENCES, ids=[code for code, _ in SENTENCES])
def test_no_sentence_for_the_desk_speaks_like_a_solver(code, texts):
    topic = code.split(".")[0]
    if topic not in SPOKEN and (topic != "warning" or code in TECHNICAL):
        return
    for language, text in texts.items():
        for word in FORBIDDEN:
            # A variable, not variables of life: whole words, whatever follows.
            assert not re.search(rf"\b{re.escape(word)}", text.lower()), (language, word, text)


TECHNICAL = ("warning.solver_contradicts_itself",)  # it is about the solver


@pytest.mark.parametrize(
    ("rupiah", "indonesian", "english"),
    [
        (1_250_000_000, "Rp 1,25 M", "Rp 1.25 bn"),
        (750_000_000, "Rp 750 jt", "Rp 750 million"),
        (60_500_000, "Rp 60,5 jt", "Rp 60.5 million"),
        (2_000_000_000_000, "Rp 2 T", "Rp 2 tn"),
        (1_001_000_000, "Rp 1,001 M", "Rp 1.001 bn"),
        (1_000_000, "Rp 1 jt", "Rp 1 million"),
        # No rupiah is lost: what has more digits is written out.
        (1_250_000_001, "Rp 1.250.000.001", "Rp 1,250,000,001"),
        (999_999, "Rp 999.999", "Rp 999,999"),
        (1_000_100_000, "Rp 1.000,1 jt", "Rp 1,000.1 million"),
        (0, "Rp 0", "Rp 0"),
    ],
)
def test_money_is_short_only_where_it_stays_exact(rupiah, indonesian, english):
    assert money(rupiah, "id") == indonesian.replace(" ", NBSP)
    assert money(rupiah, "en") == english.replace(" ", NBSP)


def test_short_money_can_be_read_back():
    sizes = {"jt": 10**6, "M": 10**9, "T": 10**12}
    for rupiah in (1, 999, 10**6, 12_345_000, 10**9 + 10**6, 7 * 10**12, 123_456_789_012):
        parts = money(rupiah, "id").removeprefix(f"Rp{NBSP}").split(NBSP)
        value = Decimal(parts[0].replace(".", "").replace(",", "."))
        assert value * (sizes[parts[1]] if len(parts) > 1 else 1) == rupiah


def test_money_in_full_has_every_digit():
    assert money_full(1_250_000_000, "id") == f"Rp{NBSP}1.250.000.000"
    assert money_full(10**13 + 1, "en") == f"Rp{NBSP}10,000,000,000,001"


def test_numbers_have_as_many_decimals_as_they_have():
    assert number(Decimal("61.300000"), "id") == "61,3"
    assert number(Decimal("0.000001"), "en") == "0.000001"
    assert number(1_234_567, "id") == "1.234.567"
    assert number(Fraction(1, 3), "en", 2) == "0.33"
    assert number(Fraction(5, 2), "id", 0) in ("2", "3")


def test_quantities_carry_their_unit():
    assert quantity(Quantity(60_000_000, "amount"), "id") == f"Rp{NBSP}60{NBSP}jt"
    assert quantity(Quantity(61_300_000, "points"), "id") == f"61,3{NBSP}poin"
    assert quantity(Quantity(1_000_000, "points"), "en") == f"1{NBSP}point"
    assert quantity(Quantity(3, "count"), "en") == f"3{NBSP}proposals"
    assert quantity(Quantity(1, "count"), "en") == f"1{NBSP}proposal"
    assert quantity(Quantity(120_000_000, "volume", "m"), "id") == f"120{NBSP}m"
    assert quantity(Quantity(2_500_000, "volume"), "id") == "2,5"
    assert quantity(Quantity(80, "beneficiaries"), "id") == f"80{NBSP}penerima manfaat"


def test_lists_end_with_and():
    assert joined([], "id") == ""
    assert joined(["A"], "id") == "A"
    assert joined(["A", "B"], "id") == "A dan B"
    assert joined(["A", "B", "C"], "en") == "A, B and C"


def test_an_unknown_sentence_or_blank_is_an_error_not_a_gap():
    with pytest.raises(KeyError):
        say("reason.nope", "id")
    with pytest.raises(KeyError):
        say("reason.gate", "id", {})
    with pytest.raises(KeyError):
        say("reason.gate", "fr", {"gate": "x"})


def test_a_share_is_told_exactly():
    facts = {"bound": Fraction(1, 8)}
    assert f"12,5{NBSP}%" in say("conflict.at_most_share", "id", facts)
    assert f"12.5{NBSP}%" in say("conflict.at_most_share", "en", facts)
