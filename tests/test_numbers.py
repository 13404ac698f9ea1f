from decimal import Decimal
from fractions import Fraction
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.tables import numbers
from solver.tables.numbers import NumberError


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("0", 0),
        ("1250000", 1_250_000),
        ("1.250.000", 1_250_000),
        ("750.000", 750_000),
        ("Rp 750.000", 750_000),
        ("Rp750.000", 750_000),
        ("rp. 1.000.000,-", 1_000_000),
        ("Rp\u00a01,25\u00a0M", 1_250_000_000),
        ("1,25M", 1_250_000_000),
        ("1,25 miliar", 1_250_000_000),
        ("1,25 milyar", 1_250_000_000),
        ("750 jt", 750_000_000),
        ("2,5 juta", 2_500_000),
        ("500rb", 500_000),
        ("500 ribu", 500_000),
        ("1,2345678 M", 1_234_567_800),
        ("2,5 T", 2_500_000_000_000),
        ("2 triliun", 2_000_000_000_000),
        ("1.250.000 jt", 1_250_000_000_000),
        ("1.25 bn", 1_250_000_000),
        ("3 bn", 3_000_000_000),
        ("1.250.000,00", 1_250_000),
        ("1250000,00", 1_250_000),
        ("  1250000\u202f", 1_250_000),
    ],
)
def test_money_has_one_reading(text, rupiah):
    assert numbers.money(text) == rupiah


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1250000.00", "125.000.000", "1.250.000"),
        ("1,250,000", "1.250.000", "1.250"),
        ("750,000", "750.000", "750"),
        ("1.25", "125", "1,25"),
        ("1.25 M", "125 M", "1,25 M"),
        ("1.250 jt", "1250 jt", "1,25 jt"),
        ("1,250 M", "1250 M", "1,25 M"),
        ("1.250 bn", "1250 bn", "1,25 bn"),
        ("1,25 m", "1,25 M", "1,25 jt"),
        ("0.750", "750", "0,75"),
        ("1,250.00", "125.000", "1.250"),
    ],
)
def test_money_with_two_readings_is_refused_with_both(text, first, second):
    with pytest.raises(NumberError) as caught:
        numbers.money(text)
    assert caught.value.code == "number_two_readings"
    assert caught.value.facts == {"value": text, "first": first, "second": second}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money_not_a_number"),
        ("Rp", "money_not_a_number"),
        ("banyak", "money_not_a_number"),
        ("5 kg", "money_not_a_number"),
        ("1e6", "money_not_a_number"),
        ("NaN", "money_not_a_number"),
        ("inf", "money_not_a_number"),
        ("１２５", "money_not_a_number"),
        ("١٢٥", "money_not_a_number"),
        ("0x10", "money_not_a_number"),
        ("1_000", "money_not_a_number"),
        ("-5", "number_negative"),
        ("Rp -5.000", "number_negative"),
        ("(5.000)", "number_negative"),
        ("1.250.000,50", "money_fraction"),
        ("0,5", "money_fraction"),
        ("1,25 rb" + "0", "money_not_a_number"),
        ("1,2345 rb", "money_fraction"),
        ("9" * 15, "money_too_large"),
        ("101 T", "money_too_large"),
        ("9" * 500, "number_too_long"),
    ],
)
def test_money_that_is_none_is_refused(text, code):
    with pytest.raises(NumberError) as caught:
        numbers.money(text)
    assert caught.value.code == code


def test_money_of_a_json_number():
    assert numbers.money_of(Decimal("5197606.0")) == 5_197_606
    assert numbers.money_of(10**14) == 10**14
    for number, code in [
        (Decimal("0.5"), "money_fraction"),
        (-1, "number_negative"),
        (10**14 + 1, "money_too_large"),
        (Decimal("NaN"), "not_a_number"),
        (Decimal("Infinity"), "not_a_number"),
        (Decimal("1e999999"), "number_too_long"),
    ]:
        with pytest.raises(NumberError) as caught:
            numbers.money_of(number)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "dot_is_decimal", "value"),
    [
        ("61.3", True, "61.3"),
        ("61.3", False, "61.3"),
        ("61,3", True, "61.3"),
        ("61,3", False, "61.3"),
        ("61.300", True, "61.3"),
        ("0.125", False, "0.125"),
        ("0,125", False, "0.125"),
        ("1250.500", False, "1250.5"),
        ("1.250,5", False, "1250.5"),
        ("1.250,5", True, "1250.5"),
        ("1.250.000", False, "1250000"),
        ("-3,5", False, "-3.5"),
        ("0.123456", True, "0.123456"),
    ],
)
def test_decimal_has_one_reading(text, dot_is_decimal, value):
    assert numbers.decimal(text, dot_is_decimal) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "dot_is_decimal", "code"),
    [
        ("61.300", False, "number_two_readings"),
        ("12,500", False, "number_two_readings"),
        ("12,500", True, "number_two_readings"),
        ("1,250.5", True, "number_two_readings"),
        ("1.2.3", True, "number_two_readings"),
        ("1e3", True, "not_a_number"),
        ("nan", True, "not_a_number"),
        ("６１", True, "not_a_number"),
        ("3 paket", True, "not_a_number"),
        ("", True, "not_a_number"),
        ("+5", True, "not_a_number"),
        ("0.1234567", True, "too_many_decimals"),
        ("1000000001", True, "number_too_large"),
    ],
)
def test_decimal_that_is_none_is_refused(text, dot_is_decimal, code):
    with pytest.raises(NumberError) as caught:
        numbers.decimal(text, dot_is_decimal)
    assert caught.value.code == code


def test_decimal_shows_both_readings():
    with pytest.raises(NumberError) as caught:
        numbers.decimal("61.300", dot_is_decimal=False)
    assert caught.value.facts == {"value": "61.300", "first": "61300", "second": "61,3"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("12.500", 12_500), ("0", 0), ("3,0", 3), ("1.250.000", 1_250_000)],
)
def test_whole(text, value):
    assert numbers.whole(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [("3.0", "number_two_readings"), ("12,500", "number_two_readings"), ("2,5", "not_whole"),
     ("-1", "number_negative"), ("tiga", "not_a_number"), ("9" * 20, "number_too_large")],
)  # fmt: skip
def test_whole_that_is_none_is_refused(text, code):
    with pytest.raises(NumberError) as caught:
        numbers.whole(text)
    assert caught.value.code == code


def test_yes_and_no_in_both_languages():
    assert all(numbers.yesno(text) for text in ("ya", "Ya ", "YES", "true", "1", "y"))
    assert not any(numbers.yesno(text) for text in ("tidak", "no", "false", "0", "n"))
    for text in ("t", "mungkin", ""):
        with pytest.raises(NumberError):
            numbers.yesno(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [("15%", Fraction(15, 100)), ("12,5 %", Fraction(1, 8)), ("12.5%", Fraction(1, 8)),
     ("0%", Fraction(0)), ("100%", Fraction(1)), ("0,15", Fraction(15, 100))],
)  # fmt: skip
def test_share(text, part):
    assert numbers.share(text) == part


@pytest.mark.parametrize(
    ("text", "code"),
    [("101%", "share_out_of_range"), ("-1%", "share_out_of_range"), ("15", "share_needs_percent"),
     ("1", "share_needs_percent"), ("12.500%", "number_two_readings"), ("%", "not_a_number")],
)  # fmt: skip
def test_share_that_is_none_is_refused(text, code):
    with pytest.raises(NumberError) as caught:
        numbers.share(text)
    assert caught.value.code == code


@given(st.integers(0, numbers.MAX_MONEY))
def test_money_written_in_indonesian_groups_reads_back(rupiah):
    grouped = f"{rupiah:,}".replace(",", ".")
    assert numbers.money(grouped) == numbers.money(f"Rp {grouped},00") == rupiah


@given(st.decimals(-(10**9), 10**9, places=6))
def test_decimal_written_with_a_dot_reads_back(value):
    assert numbers.decimal(f"{value:f}", dot_is_decimal=True) == value


@given(st.integers(0, 10**15))
def test_what_a_program_writes_has_one_reading(millionths):
    text = numbers.unambiguous(millionths / 10**6)
    for dot_is_decimal in (True, False):
        assert numbers.decimal(text, dot_is_decimal) == Decimal(millionths) / 10**6


@given(st.integers(0, 10**8))
def test_share_written_as_percent_reads_back(hundred_millionths):
    part = Fraction(hundred_millionths, 10**8)
    assert numbers.share(numbers.percent_text(part)) == part


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_number_error(text):
    for read in (
        numbers.money,
        numbers.whole,
        numbers.yesno,
        numbers.share,
        lambda text: numbers.decimal(text, dot_is_decimal=False),
    ):
        try:
            value = read(text)
        except NumberError:
            continue
        assert value == value + 0


@given(
    st.from_regex(r"[0-9]{1,4}([.,][0-9]{1,4}){0,3}( jt| M| bn)?", fullmatch=True),
    st.sampled_from(
        [numbers.money, numbers.whole]
        + [partial(numbers.decimal, dot_is_decimal=dot) for dot in (True, False)]
    ),
)
def test_readings_that_are_offered_have_one_reading(text, read):
    try:
        read(text)
    except NumberError as error:
        if error.code != "number_two_readings":
            return
        for reading in (error.facts["first"], error.facts["second"]):
            try:
                read(reading)
            except NumberError as again:
                assert again.code != "number_two_readings", reading  # noqa: PT017


@given(st.from_regex(r"[0-9]{1,7}([.,][0-9]{1,3}){0,3}", fullmatch=True))
def test_money_never_reads_a_separator_two_ways(text):
    """What is accepted means the same to an office that swaps points and commas, or is refused."""
    try:
        rupiah = numbers.money(text)
    except NumberError:
        return
    parts = text.replace(",", ".").split(".")
    if "," in text:
        assert set(parts[-1]) == {"0"}
        assert rupiah == int("".join(parts[:-1]))
    else:
        assert rupiah == int("".join(parts))
        assert all(len(part) == 3 for part in parts[1:])
