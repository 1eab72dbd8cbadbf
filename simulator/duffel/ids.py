"""Duffel's ids: a prefix of three letters and 22 characters of base 62, the whole of a 128-bit number."""

from __future__ import annotations

import secrets

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_WIDTH = 22
PER_REQUEST = 1 << 12  # an offer's id is its request's id and its place in it


def written(prefix: str, number: int) -> str:
    """`ord_00009hthhsUZ8W4LxQgkjo` for a number below 2 ** 128."""
    digits = []
    for _ in range(_WIDTH):
        number, rest = divmod(number, 62)
        digits.append(_DIGITS[rest])
    return f"{prefix}_{''.join(reversed(digits))}"


def number_of(id: str, prefix: str) -> int | None:  # noqa: A002
    """The number in an id of this prefix; None when it is none."""
    start, _, digits = id.partition("_")
    if start != prefix or len(digits) != _WIDTH or any(digit not in _VALUES for digit in digits):
        return None
    number = 0
    for digit in digits:
        number = number * 62 + _VALUES[digit]
    return number


def new(prefix: str) -> str:
    """An id nobody had. Its number leaves room for the offers of one request after it."""
    return written(prefix, secrets.randbits(94) * PER_REQUEST)


def offer_id(request: int, place: int) -> str:
    return written("off", request + 1 + place)


def offer_place(id: str) -> tuple[int, int] | None:  # noqa: A002
    """(number of the offer request, place among its offers)."""
    number = number_of(id, "off")
    if number is None or number % PER_REQUEST == 0:
        return None
    return number - number % PER_REQUEST, number % PER_REQUEST - 1
