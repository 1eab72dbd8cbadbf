"""Tax numbers as the state issues them: their shape and their check digit. Facts kept by others, like minor units.

India: PAN (Income-tax Rules, 1962, rule 114) and GSTIN (CGST Rules, 2017, rule 10).
"""

from __future__ import annotations

import re

from qafila.kernel.errors import Refusal

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PAN = re.compile(r"^[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]$")
GSTIN = re.compile(r"^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z][Z1-9ABD-J][0-9A-Z]$")

# GST state codes: what a GSTIN begins with, and how the place of supply is told on an invoice.
STATES = {
    "01": "Jammu and Kashmir",
    "02": "Himachal Pradesh",
    "03": "Punjab",
    "04": "Chandigarh",
    "05": "Uttarakhand",
    "06": "Haryana",
    "07": "Delhi",
    "08": "Rajasthan",
    "09": "Uttar Pradesh",
    "10": "Bihar",
    "11": "Sikkim",
    "12": "Arunachal Pradesh",
    "13": "Nagaland",
    "14": "Manipur",
    "15": "Mizoram",
    "16": "Tripura",
    "17": "Meghalaya",
    "18": "Assam",
    "19": "West Bengal",
    "20": "Jharkhand",
    "21": "Odisha",
    "22": "Chhattisgarh",
    "23": "Madhya Pradesh",
    "24": "Gujarat",
    "26": "Dadra and Nagar Haveli and Daman and Diu",
    "27": "Maharashtra",
    "29": "Karnataka",
    "30": "Goa",
    "31": "Lakshadweep",
    "32": "Kerala",
    "33": "Tamil Nadu",
    "34": "Puducherry",
    "35": "Andaman and Nicobar Islands",
    "36": "Telangana",
    "37": "Andhra Pradesh",
    "38": "Ladakh",
    "97": "Other territory",
}


class TaxNumberInvalid(Refusal):
    """A PAN, GSTIN or state code that the state cannot have issued; the sentence says what is wrong with it."""

    code, status, title = "TAX_NUMBER_INVALID", 422, "Check the tax number"


def check_pan(pan: str, *, field: str = "pan") -> None:
    """A PAN has five letters, the fourth naming the kind of holder, four digits and a letter. Refuses:
    TaxNumberInvalid."""
    if not PAN.match(pan):
        raise TaxNumberInvalid(
            f"{pan} is not a PAN: five letters (the fourth one of A B C F G H J L P T), four digits, one letter.",
            field=field,
        )


def check_character(gstin: str) -> str:
    """The check character that the first fourteen of a GSTIN call for: weights 1, 2 by turns, in base 36."""
    total = 0
    for place, character in enumerate(gstin[:14]):
        product = DIGITS.index(character) * (1 + place % 2)
        total += product // 36 + product % 36
    return DIGITS[-total % 36]


def check_gstin(gstin: str, *, field: str = "gstin") -> None:
    """A GSTIN: state, PAN, entity, letter, check character. Refuses: TaxNumberInvalid naming which part is wrong."""
    if not GSTIN.match(gstin):
        raise TaxNumberInvalid(
            f"{gstin} is not a GSTIN: two digits of the state, the ten of the PAN, three more.", field=field
        )
    if gstin[:2] not in STATES:
        raise TaxNumberInvalid(f"{gstin} begins with {gstin[:2]}, which is no GST state code.", field=field)
    if gstin[14] != check_character(gstin):
        raise TaxNumberInvalid(f"{gstin} is mistyped: its check character does not fit the rest.", field=field)


def check_state(code: str, *, field: str = "state_code") -> None:
    """Refuses: TaxNumberInvalid for a code that is no GST state."""
    if code not in STATES:
        raise TaxNumberInvalid(f"{code} is no GST state code; they run from 01 to 38, and 97.", field=field)
