"""What is recognised by its look, wherever it stands: cards, e-mail addresses, telephone numbers, passports, tokens.
Every pattern is bounded, so that no body takes long.

A pattern that begins with one of a few words is only tried where such a word stands: letters in either case give `re`
nothing to look for, and it would try at every letter of a body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MASK = "***"
_END = r"[^<>\"\n]"  # the rest of an element's text, an attribute, a JSON string or a line

_AT = re.compile(r"(?:@|//|%40|&\#64;|&\#x40;|\\u0040)(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b", re.I)
_MAILBOX = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$*+=?^_`|~'-%")


@dataclass(frozen=True)
class _Led:
    """A pattern that matches in either case, begins with one of `words` (in lower case), and is tried only there.
    `reach`: as many more letters may stand before the word, back to the beginning of a longer one.
    """

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    instead: str
    reach: int = 0

    def hidden(self, text: str) -> str:
        """What `pattern.sub(instead, text)` gives."""
        out, done = [], 0
        for at in self._places(text):
            if at >= done and (found := self.pattern.match(text, at)):
                out += [text[done:at], found.expand(self.instead)]
                done = found.end()
        return "".join([*out, text[done:]]) if out else text

    def _places(self, text: str) -> list[int]:
        low = _small(text)
        places = []
        for word in self.words:
            at = low.find(word)
            while at >= 0:
                places.append(_back(text, at, self.reach) if self.reach else at)
                at = low.find(word, at + 1)
        return sorted(places)


def _small(text: str) -> str:
    """In lower case, letter by letter; with them the four of other alphabets that `re` takes for one of a to z."""
    return text.lower() if text.isascii() else text.translate(_TAKEN_FOR).lower()


_TAKEN_FOR = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})


def _back(text: str, at: int, reach: int) -> int:
    """Where the word begins that `at` stands in; as far as it reaches."""
    start = at
    while start and at - start < reach and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    return start


_TOKEN = _Led(
    ("duffel_", "bearer", "basic"),
    re.compile(r"duffel_(?:test|live)_[\w=.-]+|\b(?:bearer|basic)\s+[\w.~+/=-]{8,}", re.I),
    MASK,
)
_PAIR = _Led(
    ("password", "passwd", "secret", "token", "nonce", "pwd", "cvv", "cvc", "api", "authorization"),
    re.compile(
        r"\b(?P<name>\w{0,24}(?:password|passwd|secret|token|nonce)|pwd|cvv2?|cvc2?|api.?key|authorization)"
        r"(?P<is>\s{0,3}[=:]\s{0,3})(?!\*\*\*)[^\s<>\",;&]+",
        re.I,
    ),
    rf"\g<name>\g<is>{MASK}",
    reach=24,
)
# SSR texts that hold a passport, a visa, an address, an identity document or a contact, also typed as a remark.
_SSR = _Led(
    ("docs", "doco", "doca", "foid", "ctc", "pctc", "chld", "inft", "fqt"),
    re.compile(
        rf"\b(?P<kind>DOCS|DOCO|DOCA|FOID|CTC[A-Z]|PCTC|CHLD|INFT|FQT[VURS])(?![.\w])(?={_END}{{0,400}}\d){_END}*",
        re.I,
    ),
    rf"\g<kind> {MASK}",
)
_APIS = re.compile(
    rf"\b[A-Z]{{1,2}}[0-9]?/[A-Z]{{2,3}}/[A-Z0-9<]{{4,24}}/[A-Z]{{0,3}}/\d{{1,2}}[A-Z]{{3}}\d{{2,4}}\b{_END}*", re.I
)
_APIS_INSIDE = re.compile(r"/[A-Z]{2,3}/[A-Z0-9<]{4,24}/[A-Z]{0,3}/\d", re.I)
_PASSPORT = _Led(
    ("passport", "pasport", "pspt", "pp", "aadhaar", "aadhar", "visa no"),
    re.compile(
        r"\b(?P<word>PASSPORT|PASPORT|PSPT|PPT|PP|AADHAAR|AADHAR|VISA NO)"
        r"(?P<between>[\s:.#*/-]{0,3}(?:(?:NO|NR|NUM|NUMBER)\b[\s:.#-]{0,3})?)(?=[A-Z0-9]{0,12}\d)[A-Z0-9]{5,20}\b",
        re.I,
    ),
    rf"\g<word>\g<between>{MASK}",
)
_CALL = _Led(
    ("tel", "phone", "phn", "mob", "cell", "fax", "whatsapp", "apm", "aph", "apb", "apn", "contact"),
    re.compile(
        r"\b(?P<word>TEL|TELEPHONE|PHONE|PHN|MOB|MOBILE|CELL|FAX|WHATSAPP|APM|APH|APB|APN|CONTACT)\b"
        r"(?P<between>[A-Z ]{0,12}[\s:.#/+-]{0,3})\(?\d(?:[ ()./-]{0,2}\d){5,16}",
        re.I,
    ),
    rf"\g<word>\g<between>{MASK}",
)
_BORN = _Led(
    ("(chd", "(inf", "dob"),
    re.compile(
        r"(?P<before>\((?:CHD|INF)[^()<>\"]{0,80}?|\bDOB[\s:./-]{0,3})"
        r"(?P<day>\d{1,2}[A-Z]{3}\d{2,4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4})",
        re.I,
    ),
    rf"\g<before>{MASK}",
)
_CARD_CODE = _Led(
    ("cc", "tp"),
    re.compile(
        r"\b(?P<code>(?:CC|TP)\s?[A-Z]{2})(?P<between>[\s/-]{0,2})"
        r"[\dX*](?:[ .-]{0,2}[\dX*]){10,18}(?:\s?/\s?\d{2}/?\d{2})?",
        re.I,
    ),
    rf"\g<code>\g<between>{MASK}",
)
# What may not stand before the first sign is looked at after it: `re` then goes from one such sign to the next.
_PLUS = re.compile(r"\+(?<![\w.]\+)\s?\d(?:[ ()./-]{0,2}\d){6,16}(?!\d)")
_DIGITS = re.compile(r"\d(?<!\d\d)(?:[ \u00a0-]{0,2}\d){12,40}(?!\d)")
_FOURS = re.compile(r"\d(?<!\d\d)(?:\d{3}([./_])\d{4}\1\d{4}\1\d{4}|(?<=3)\d{3}([./_])\d{6}\2\d{5})(?!\d)")
_EXPIRY = re.compile(r"\*\*\*(?:\s?/\s?\d{2}/?\d{2}\b)")
_GROUPS = re.compile(r"\d+")


def hidden(text: str) -> str:
    """The text without them."""
    text = _TOKEN.hidden(text)
    text = _PAIR.hidden(text)
    text = _without_mailboxes(text)
    text = _SSR.hidden(text)
    text = _APIS.sub(MASK, text) if _APIS_INSIDE.search(text) else text
    text = _PASSPORT.hidden(text)
    text = _CARD_CODE.hidden(text)
    text = _FOURS.sub(lambda found: MASK if _luhn("".join(_GROUPS.findall(found[0]))) else found[0], text)
    text = _DIGITS.sub(_cards, text)
    text = _EXPIRY.sub(MASK, text)
    text = _PLUS.sub(MASK, text)
    text = _CALL.hidden(text)
    return _BORN.hidden(text)


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
