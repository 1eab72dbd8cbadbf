"""Amounts in words as a cheque writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.billing.words import SMALL, in_words, spelled


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("0", "INR", "Rupees Zero Only"),
        ("21", "INR", "Rupees Twenty-One Only"),
        ("100", "INR", "Rupees One Hundred Only"),
        ("224700.50", "INR", "Rupees Two Lakh Twenty-Four Thousand Seven Hundred and Fifty Paise Only"),
        ("10000000", "INR", "Rupees One Crore Only"),
        ("123456789", "INR", "Rupees Twelve Crore Thirty-Four Lakh Fifty-Six Thousand Seven Hundred Eighty-Nine Only"),
        ("224700", "SAR", "Saudi Riyals Two Hundred Twenty-Four Thousand Seven Hundred Only"),
        ("1.005", "KWD", "Kuwaiti Dinars One and Five Fils Only"),
        ("5000", "JPY", "Japanese yen Five Thousand Only"),
        ("-12", "INR", "Minus Rupees Twelve Only"),
    ],
)  # fmt: skip
def test_an_amount_is_written_out(amount: str, currency: str, words: str) -> None:
    assert in_words(Decimal(amount), currency) == words


def test_half_a_paisa_counts_up() -> None:
    assert in_words(Decimal("1.995"), "INR") == "Rupees Two Only"


VALUES = {word: n for n, word in enumerate(SMALL)} | {
    word: 10 * n
    for n, word in enumerate("Twenty Thirty Forty Fifty Sixty Seventy Eighty Ninety".split(), 2)  # noqa: SIM905
}
SCALES = {"Hundred": 100, "Thousand": 1000, "Lakh": 10**5, "Crore": 10**7}


def read_back(text: str) -> int:
    total, current = 0, 0
    for word in text.replace("-", " ").split():
        if word in VALUES:
            current += VALUES[word]
        elif word == "Hundred":
            current *= 100
        elif word == "Crore":
            total, current = (total + current) * SCALES[word], 0
        else:
            total, current = total + current * SCALES[word], 0
    return total + current


@given(st.integers(min_value=0, max_value=10**12))
def test_what_is_written_reads_back_as_the_amount(number: int) -> None:
    assert read_back(spelled(number)) == number
