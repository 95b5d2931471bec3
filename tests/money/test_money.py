"""Amounts are rounded exactly and written as people of both languages read them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tolok.errors import QuestionError
from tolok.money import (
    compact_number,
    format_money,
    format_number,
    format_value,
    minor_units,
    round_half_up,
    round_money,
    shown_decimals,
)

amounts = st.decimals(min_value=-(10**14), max_value=10**14, places=4)


@given(amounts, st.integers(0, 4))
def test_rounding_is_half_away_from_zero_by_exact_fractions(amount: Decimal, decimals: int) -> None:
    scaled = Fraction(abs(amount)) * 10**decimals + Fraction(1, 2)
    expected = Fraction(scaled.numerator // scaled.denominator, 10**decimals)
    assert Fraction(round_half_up(amount, decimals)) == (expected if amount >= 0 else -expected)


@given(amounts)
def test_full_form_is_exact_to_the_last_known_digit(amount: Decimal) -> None:
    shown = format_money(amount, "USD", full=True).replace("$", "").replace(",", "")
    assert Decimal(shown) == amount
    shown = format_money(amount, "IDR", "id", full=True).replace("Rp ", "").replace(".", "").replace(",", ".")
    assert Decimal(shown) == amount


@given(amounts)
def test_short_form_has_three_digits_and_stays_within_half_a_percent(amount: Decimal) -> None:
    shown = format_money(amount, "USD")
    digits = shown.lstrip("-").lstrip("$").rstrip("KMBT")
    if Decimal(digits.replace(",", "")) < 1000:
        assert len(digits.replace(".", "").replace(",", "")) <= 3
    scale = {"K": 3, "M": 6, "B": 9, "T": 12}.get(shown[-1], 0)
    value = Decimal(digits.replace(",", "")).scaleb(scale) * (-1 if shown.startswith("-") else 1)
    assert abs(value - amount) <= max(abs(amount) * Decimal("0.005"), Decimal("0.005"))


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown"),
    [
        (Decimal("68412345678"), "IDR", "en", "Rp 68.4B"),
        (Decimal("68412345678"), "IDR", "id", "Rp 68,4 M"),
        (Decimal("1250000"), "IDR", "id", "Rp 1,25 jt"),
        (Decimal("12500"), "IDR", "id", "Rp 12,5 rb"),
        (Decimal("1250000000000"), "IDR", "id", "Rp 1,25 T"),
        (Decimal("10005534"), "USD", "en", "$10.0M"),
        (Decimal("999999"), "USD", "en", "$1.00M"),
        (Decimal("999.96"), "USD", "en", "$1.00K"),
        (Decimal("0"), "IDR", "id", "Rp 0"),
        (Decimal("-0.001"), "USD", "en", "$0.00"),
        (Decimal("-2500"), "EUR", "en", "-€2.50K"),
        (Decimal("5"), "XYZ", "en", "XYZ 5.00"),
    ],
)
def test_short_forms_as_a_manager_would_write_them(amount: Decimal, currency: str, language: str, shown: str) -> None:
    assert format_money(amount, currency, language) == shown


def test_minor_units_follow_the_standard_and_rupiah_is_written_whole() -> None:
    assert [minor_units(code) for code in ("USD", "IDR", "JPY", "KWD", "VND", "CLF")] == [2, 2, 0, 3, 0, 4]
    assert [shown_decimals(code) for code in ("USD", "IDR", "JPY", "KWD")] == [2, 0, 0, 3]
    assert round_money(Decimal("0.005"), "USD") == Decimal("0.01")
    assert round_money(Decimal("1.0005"), "KWD") == Decimal("1.001")


def test_a_float_is_taken_as_it_is_written() -> None:
    assert round_half_up(2.675, 2) == Decimal("2.68")
    assert format_number(0.1 + 0.2, 4) == "0.3000"


@pytest.mark.parametrize(
    ("value", "unit", "english", "indonesian"),
    [
        (Decimal("63.1500670"), "percent", "63.2%", "63,2%"),
        (4238, "count", "4,238", "4.238"),
        (1234567, "count", "1.23M", "1,23 jt"),
        (Decimal("51.78"), "days", "51.8 days", "51,8 hari"),
        (Decimal("1"), "hours", "1.0 hour", "1,0 jam"),
        (Decimal("3"), "ratio", "3.00", "3,00"),
        (Decimal("-12.34"), "score", "-12.3", "-12,3"),
        (None, "money", "–", "–"),
    ],
)
def test_every_unit_in_both_languages(value: Decimal | None, unit: str, english: str, indonesian: str) -> None:
    assert format_value(value, unit, "USD", "en") == english
    assert format_value(value, unit, "USD", "id") == indonesian


def test_the_full_form_keeps_what_is_exact_and_cuts_what_is_endless() -> None:
    assert format_value(Decimal("63.15"), "percent", full=True) == "63.15%"
    assert format_value(Decimal(100) / Decimal(3), "percent", full=True) == "33.33%"
    assert format_value(1234567, "count", full=True) == "1,234,567"


def test_an_unknown_unit_and_an_infinite_amount_are_refused() -> None:
    with pytest.raises(QuestionError, match="no unit"):
        format_value(1, "bananas")
    with pytest.raises(QuestionError, match="finite"):
        compact_number(float("inf"))
