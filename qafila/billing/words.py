"""Amounts in words, as invoices and receipts carry them. Pure."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import get_currency_name

from qafila.kernel.money import minor_units, rounded

SMALL = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
]
TENS = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"]
INDIAN = ((10**7, "Crore"), (10**5, "Lakh"), (10**3, "Thousand"), (100, "Hundred"))
WESTERN = ((10**9, "Billion"), (10**6, "Million"), (10**3, "Thousand"), (100, "Hundred"))

COUNTED_IN_LAKHS = frozenset({"INR", "PKR", "BDT", "NPR", "LKR"})
NAMES = {
    "INR": ("Rupees", "Paise"),
    "PKR": ("Rupees", "Paisa"),
    "BDT": ("Taka", "Poisha"),
    "NPR": ("Rupees", "Paisa"),
    "SAR": ("Saudi Riyals", "Halalas"),
    "AED": ("UAE Dirhams", "Fils"),
    "KWD": ("Kuwaiti Dinars", "Fils"),
    "BHD": ("Bahraini Dinars", "Fils"),
    "OMR": ("Omani Rials", "Baisa"),
    "QAR": ("Qatari Riyals", "Dirhams"),
    "USD": ("US Dollars", "Cents"),
    "EUR": ("Euros", "Cents"),
    "GBP": ("Pounds Sterling", "Pence"),
}


def in_words(amount: Decimal, currency: str) -> str:
    """The amount as a cheque writes it: `Rupees Five Lakh Two Thousand and Fifty Paise Only`."""
    exact = rounded(abs(amount), currency)
    whole = int(exact)
    parts = int((exact - whole).scaleb(minor_units(currency)))
    unit, part = NAMES.get(currency, (str(get_currency_name(currency, 2, locale="en")), "Hundredths"))
    scale = INDIAN if currency in COUNTED_IN_LAKHS else WESTERN
    text = f"{unit} {spelled(whole, scale)}"
    if parts:
        text += f" and {spelled(parts, scale)} {part}"
    return f"{'Minus ' if amount < 0 else ''}{text} Only"


def spelled(number: int, scale: tuple[tuple[int, str], ...] = INDIAN) -> str:
    """A whole number in words, counted in lakhs and crores or in millions."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{SMALL[ones]}" if ones else "")
    for size, name in scale:
        if number >= size:
            many, rest = divmod(number, size)
            return f"{spelled(many, scale)} {name}" + (f" {spelled(rest, scale)}" if rest else "")
    raise AssertionError(number)
