"""Values known to be secret, found in every spelling: in another case, with blanks or dashes between, XML- or JSON-
escaped, percent-encoded, in base64 or hexadecimal, an e-mail address as Amadeus writes it (`//` for @, `..` for _).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

MASK = "***"
SHORTEST = 4  # anything shorter would hide half of every body
# What may stand between two letters of a secret, or for a sign in it. Never a tag or a quotation mark.
_BETWEEN = r"(?:%[0-9a-f]{2}|&\#?\w{1,8};|\\u[0-9a-f]{4}|[^0-9a-z<>\"{}]){0,6}"

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': r"&quot;|\\\"", "'": "&apos;", " ": r"\+", "\\": r"\\\\"}


def hidden(text: str, secrets: tuple[str, ...]) -> str:
    """The text with every spelling of every secret masked, the longest first."""
    bare: list[str] = []
    for secret in sorted({each.strip() for each in secrets}, key=len, reverse=True):
        if len(secret) < SHORTEST:
            continue
        bare = bare or list(_bare(text))
        if _may_stand(secret, text, bare):
            text = _pattern(secret).sub(MASK, text)
    return text


def _may_stand(secret: str, text: str, bare: list[str]) -> bool:
    """Whether it is worth looking closely: a close look at a value of this one exchange costs milliseconds, and most
    values stand in most bodies not at all.
    """
    plain = _plain(secret)
    if plain.isdigit():
        plain = plain.lstrip("0")[-9:]
    found = len(plain) < SHORTEST or any(plain in each for each in bare)
    return found or any(core in text or (core == _plain(core) and core in bare[0]) for core in _cores(secret))


def _bare(text: str) -> Iterator[str]:
    """Letters and digits alone, in lower case: of the text, and of what its escapes stand for."""
    yield _plain(text)
    if "&" in text or "%" in text or "\\u" in text:
        told = unquote(unescape(text), errors="replace")
        yield _plain(re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), told))


_NEITHER = bytes(set(range(256)) - set(b"0123456789abcdefghijklmnopqrstuvwxyz"))


def _plain(text: str) -> str:
    return text.lower().encode("ascii", "ignore").translate(None, _NEITHER).decode()


# Some 30 KB each, and a secret in it: enough for the exchanges of a conversation, which hide the same values.
@lru_cache(maxsize=128)
def _pattern(secret: str) -> re.Pattern[str]:
    # The longest first: an alternation takes what comes first.
    return re.compile("|".join(sorted(_ways(secret), key=len, reverse=True)), re.IGNORECASE)


def _ways(secret: str) -> list[str]:
    plain = [c for c in secret if c.isascii() and c.isalnum()]
    ways = _packed(secret)
    if len(plain) < SHORTEST or re.search(r"[<>\"{}]", secret):
        ways.append(r"[ \t]{0,2}".join(_any_spelling(c) for c in secret))
    if len(plain) < SHORTEST:
        return ways
    if not all(c.isdigit() for c in plain):
        return [*ways, _BETWEEN.join(_any_spelling(c) for c in plain)]
    # Digits alone must not bite into a longer number, such as a ticket's; a telephone number comes with and without
    # the prefix of its country.
    digits = "".join(plain).lstrip("0") or "".join(plain)
    tails = {digits, *(digits[-length:] for length in (10, 9) if len(digits) > length + 1 and secret[0] in "+0")}
    alone = r"(?:(?<![0-9])|(?<=%[0-9]{2})){}(?![0-9])"
    between = r"(?:%20|&\#?\w{1,8};|[ ()./_+\-\t]){0,3}"
    return [*ways, *(alone.replace("{}", "0{0,9}" + between.join(map(_any_spelling, tail)), 1) for tail in tails)]


def _any_spelling(letter: str) -> str:
    code = ord(letter)
    ways = [
        re.escape(letter),
        "".join(f"%{byte:02x}" for byte in letter.encode()),
        rf"&\#0*{code};",
        rf"&\#x0*{code:x};",
        "".join(rf"\\u{int.from_bytes(pair, 'big'):04x}" for pair in _pairs(letter)),
    ]
    if letter in _ENTITIES:
        ways.append(_ENTITIES[letter])
    return f"(?:{'|'.join(ways)})"


def _pairs(letter: str) -> list[bytes]:
    raw = letter.encode("utf-16-be", "surrogatepass")
    return [raw[at : at + 2] for at in range(0, len(raw), 2)]


def _packed(secret: str) -> list[str]:
    """Base64 at each of the three places it may have in a longer text, and hexadecimal."""
    code, *cores = _cores(secret)
    ways = [re.escape(code)]
    for core in cores:
        ways += [f"(?-i:{re.escape(core)})[0-9A-Za-z+/_-]?={{0,2}}"]
    return ways


@lru_cache(maxsize=128)
def _cores(secret: str) -> tuple[str, ...]:
    """In hexadecimal; then what base64, also that of addresses, writes of it wherever it stands in a longer text."""
    raw = secret.encode()
    found = [raw.hex()]
    for before in range(3):
        code = base64.b64encode(b"\0" * before + raw).decode()
        # The first and last signs also hold bits of the neighbours.
        core = code[(0, 2, 3)[before] :].rstrip("=")
        core = core if (before + len(raw)) % 3 == 0 else core[:-1]
        if len(core) >= 6:
            found += dict.fromkeys((core, core.replace("+", "-").replace("/", "_")))
    return tuple(found)
