"""What is recognised by its look, wherever it stands: cards, e-mail addresses, telephone numbers, passports, tokens.
Every pattern is bounded, so that no body takes long.
"""

from __future__ import annotations

import re

MASK = "***"
_END = r"[^<>\"\n]"  # the rest of an element's text, an attribute, a JSON string or a line

_AT = re.compile(r"(?:@|//|%40|&\#64;|&\#x40;|\\u0040)(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b", re.I)
_MAILBOX = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$*+=?^_`|~'-%")
_TOKEN = re.compile(r"duffel_(?:test|live)_[\w=.-]+|\b(?:bearer|basic)\s+[\w.~+/=-]{8,}", re.I)
_PAIR = re.compile(
    r"\b(?P<name>\w{0,24}(?:password|passwd|secret|token|nonce)|pwd|cvv2?|cvc2?|api.?key|authorization)"
    r"(?P<is>\s{0,3}[=:]\s{0,3})(?!\*\*\*)[^\s<>\",;&]+",
    re.I,
)
# SSR texts that hold a passport, a visa, an address, an identity document or a contact, also typed as a remark.
_SSR = re.compile(
    rf"\b(?P<kind>DOCS|DOCO|DOCA|FOID|CTC[A-Z]|PCTC|CHLD|INFT|FQT[VURS])(?![.\w])(?={_END}{{0,400}}\d){_END}*",
    re.I,
)
_APIS = re.compile(
    rf"\b[A-Z]{{1,2}}[0-9]?/[A-Z]{{2,3}}/[A-Z0-9<]{{4,24}}/[A-Z]{{0,3}}/\d{{1,2}}[A-Z]{{3}}\d{{2,4}}\b{_END}*", re.I
)
_PASSPORT = re.compile(
    r"\b(?P<word>PASSPORT|PASPORT|PSPT|PPT|PP|AADHAAR|AADHAR|VISA NO)"
    r"(?P<between>[\s:.#*/-]{0,3}(?:(?:NO|NR|NUM|NUMBER)\b[\s:.#-]{0,3})?)(?=[A-Z0-9]{0,12}\d)[A-Z0-9]{5,20}\b",
    re.I,
)
_PLUS = re.compile(r"(?<![\w.])\+\s?\d(?:[ ()./-]{0,2}\d){6,16}(?!\d)")
_CALL = re.compile(
    r"\b(?P<word>TEL|TELEPHONE|PHONE|PHN|MOB|MOBILE|CELL|FAX|WHATSAPP|APM|APH|APB|APN|CONTACT)\b"
    r"(?P<between>[A-Z ]{0,12}[\s:.#/+-]{0,3})\(?\d(?:[ ()./-]{0,2}\d){5,16}",
    re.I,
)
_BORN = re.compile(
    r"(?P<before>\((?:CHD|INF)[^()<>\"]{0,80}?|\bDOB[\s:./-]{0,3})(?P<day>\d{1,2}[A-Z]{3}\d{2,4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})",
    re.I,
)
_CARD_CODE = re.compile(
    r"\b(?P<code>(?:CC|TP)\s?[A-Z]{2})(?P<between>[\s/-]{0,2})"
    r"[\dX*](?:[ .-]{0,2}[\dX*]){10,18}(?:\s?/\s?\d{2}/?\d{2})?",
    re.I,
)
_DIGITS = re.compile(r"(?<!\d)\d(?:[ \u00a0-]{0,2}\d){12,40}(?!\d)")
_FOURS = re.compile(r"(?<!\d)(?:\d{4}([./_])\d{4}\1\d{4}\1\d{4}|3\d{3}([./_])\d{6}\2\d{5})(?!\d)")
_EXPIRY = re.compile(r"\*\*\*(?:\s?/\s?\d{2}/?\d{2}\b)")
_GROUPS = re.compile(r"\d+")


def hidden(text: str) -> str:
    """The text without them."""
    text = _TOKEN.sub(MASK, text)
    text = _PAIR.sub(rf"\g<name>\g<is>{MASK}", text)
    text = _without_mailboxes(text)
    text = _SSR.sub(rf"\g<kind> {MASK}", text)
    text = _APIS.sub(MASK, text)
    text = _PASSPORT.sub(rf"\g<word>\g<between>{MASK}", text)
    text = _CARD_CODE.sub(rf"\g<code>\g<between>{MASK}", text)
    text = _FOURS.sub(lambda found: MASK if _luhn("".join(_GROUPS.findall(found[0]))) else found[0], text)
    text = _DIGITS.sub(_cards, text)
    text = _EXPIRY.sub(MASK, text)
    text = _PLUS.sub(MASK, text)
    text = _CALL.sub(rf"\g<word>\g<between>{MASK}", text)
    return _BORN.sub(rf"\g<before>{MASK}", text)


def _without_mailboxes(text: str) -> str:
    """E-mail addresses, found by what follows the sign, and from there backwards: what is before has no beginning."""
    out, at = [], 0
    for found in _AT.finditer(text):
        start = found.start()
        while start > at and found.start() - start < 64 and text[start - 1] in _MAILBOX:
            start -= 1
        if start < found.start():
            out += [text[at:start], MASK]
            at = found.end()
    return "".join([*out, text[at:]])


def numbers_hidden(text: str) -> str:
    """Where a card stands by its place (a form of payment), any number that is long enough for one."""
    return re.sub(r"[\dX*](?:[ .-]{0,2}[\dX*]){10,18}(?:\s?/\s?\d{2}/?\d{2}\b)?", MASK, text)


def _cards(found: re.Match[str]) -> str:
    """A run of digits without the card numbers in it: whole groups that together pass the check. Where two overlap, one
    of them is a number by chance, and nobody can say which.
    """
    run = found[0]
    groups = list(_GROUPS.finditer(run))
    out, at, until = [], 0, 0  # `until`: what is masked reaches so far
    for first, group in enumerate(groups):
        in_ticket = _ticket_at(groups, first) or (first and _ticket_at(groups, first - 1))
        last = None if in_ticket else _card_at(groups, first)
        if last is None:
            continue
        if group.start() >= until:
            out += [run[at : group.start()], MASK]
        at = until = max(until, groups[last].end())
    return "".join([*out, run[at:]])


def _ticket_at(groups: list[re.Match[str]], first: int) -> bool:
    """An airline's three digits and a document's ten."""
    return len(groups[first][0]) == 3 and first + 1 < len(groups) and len(groups[first + 1][0]) == 10


def _card_at(groups: list[re.Match[str]], first: int) -> int | None:
    """The last group of the longest card that begins here: a shorter one may pass the check by chance."""
    digits, found = "", None
    for last in range(first, len(groups)):
        if last > first and (_ticket_at(groups, last) or len(groups[last][0]) in {13, 14}):
            break
        digits += groups[last][0]
        if len(digits) > 25:
            break
        if is_card(digits, in_one=last == first):
            found = last
    return found


def is_card(digits: str, *, in_one: bool = True) -> bool:
    """Whether these digits are a payment card's: its length, an issuer's beginning, the check digit. 13 digits are a
    ticket; so are 14 whose last is the ticket's own check digit. Source: ISO/IEC 7812, IATA Resolution 722.
    """
    if len(digits) == 14:
        ticket = int(digits[:13]) % 7 == int(digits[13]) or int(digits[3:13]) % 7 == int(digits[13])
        return (
            digits.startswith(("300", "301", "302", "303", "304", "305", "309", "36", "38", "39"))
            and not ticket
            and _luhn(digits)
        )
    if 20 <= len(digits) <= 25 and in_one:  # a card with its date and code stuck to it
        return any(is_card(digits[:length]) for length in (16, 15))
    if not 15 <= len(digits) <= 19:
        return False
    if len(digits) == 15:
        issuer = digits[:2] in {"34", "37"} or digits[:4] in {"2131", "1800"} or (in_one and digits[0] == "1")
    else:
        issuer = digits[0] in "3456" or "22" <= digits[:2] <= "27" or digits[:2] in {"81", "82"}
    return issuer and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        figure = int(digit) * (1 + place % 2)
        total += figure - 9 if figure > 9 else figure
    return total % 10 == 0
