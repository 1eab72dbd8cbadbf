"""Values known to be secret, found in every spelling: in another case, with blanks or dashes between, XML- or JSON-
escaped, percent-encoded, in base64 or hexadecimal, an e-mail address as Amadeus writes it (`//` for @, `..` for _).
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache

MASK = "***"
SHORTEST = 4  # anything shorter would hide half of every body
# What may stand between two letters of a secret, or for a sign in it. Never a tag or a quotation mark.
_BETWEEN = r"(?:%[0-9a-f]{2}|&\#?\w{1,8};|\\u[0-9a-f]{4}|[^0-9a-z<>\"{}]){0,6}"


def hidden(text: str, secrets: tuple[str, ...]) -> str:
    """The text with every spelling of every secret masked."""
    pattern = _pattern(secrets)
    return pattern.sub(MASK, text) if pattern else text


@lru_cache(maxsize=64)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str] | None:
    ways = [way for secret in secrets if len(secret.strip()) >= SHORTEST for way in _ways(secret.strip())]
    # The longest first: an alternation takes what comes first.
    return re.compile("|".join(sorted(ways, key=len, reverse=True)), re.IGNORECASE) if ways else None


def _ways(secret: str) -> list[str]:
    plain = [c for c in secret if c.isascii() and c.isalnum()]
    ways = [*_packed(secret)]
    if len(plain) < SHORTEST:
        return [*ways, *(re.escape(way) for way in _escaped(secret))]
    if not all(c.isdigit() for c in plain):
        return [*ways, _BETWEEN.join(_any_spelling(c) for c in plain)]
    # Digits alone must not bite into a longer number, such as a ticket's; a telephone number comes with and without
    # the prefix of its country.
    digits = "".join(plain).lstrip("0") or "".join(plain)
    tails = {digits, *(digits[-length:] for length in (10, 9) if len(digits) > length + 1 and secret[0] in "+0")}
    between = r"(?:%20|&\#?\w{1,8};|[ ()./_+\-\t]){0,3}"
    return [*ways, *(rf"(?<![0-9])0{{0,9}}{between.join(tail)}(?![0-9])" for tail in tails)]


def _any_spelling(letter: str) -> str:
    code = ord(letter)
    return rf"(?:{letter}|%{code:02x}|&\#0*{code};|&\#x0*{code:x};|\\u{code:04x})"


def _escaped(secret: str) -> set[str]:
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
    return {
        secret,
        "".join(marks.get(c, c) for c in secret),
        "".join(f"&#{ord(c)};" for c in secret),
        "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in secret),
        "".join(f"\\u{ord(c):04x}" if 127 < ord(c) < 0x10000 else ("\\" + c if c in '"\\' else c) for c in secret),
        "".join(f"%{byte:02X}" for byte in secret.encode()),
        " ".join(secret),
    }


def _packed(secret: str) -> list[str]:
    """Base64 at each of the three places it may have in a longer text, and hexadecimal."""
    raw = secret.encode()
    ways = [re.escape(raw.hex())] if len(raw) >= SHORTEST else []
    for before in range(3):
        code = base64.b64encode(b"\0" * before + raw).decode()
        # The first and last signs also hold bits of the neighbours.
        core = code[(0, 2, 3)[before] :].rstrip("=")
        core = core if (before + len(raw)) % 3 == 0 else core[:-1]
        if len(core) >= 6:
            ways += [f"(?-i:{re.escape(core)})[0-9A-Za-z+/_-]?={{0,2}}"]
            if set("+/") & set(core):
                ways += [f"(?-i:{re.escape(core.replace('+', '-').replace('/', '_'))})"]
    return ways
