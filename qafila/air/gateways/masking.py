"""What may be kept of an exchange: bodies without card numbers, passwords, tokens, passports, births and contact data.
Ticket numbers, locators, amounts, dates, offices and agencies stay: whoever reads it must be able to settle a dispute.

Three nets, each enough by itself for what it is made for: the place (an element or field of that name,
`masking_markup`), the look (`masking_words`), and the very values the caller knows to be secret, in every spelling
(`masking_exact`). None of them needs a body that is well-formed: a cut or garbled one is masked by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qafila.air.gateways import masking_exact, masking_markup, masking_words
from qafila.air.gateways.values import Traveller

KEPT = 200 * 1024  # characters of a body
_MARGIN = 4096  # read beyond it, so that nothing secret is cut in two at the edge


def masked(body: bytes | str, secrets: Iterable[str] = ()) -> str:
    """The body as text that may be stored: at most KEPT characters, then how much was left out. Never raises: what
    cannot be masked is not kept, but the exchange still is.
    """
    if not body:
        return ""
    try:
        return _masked(body, secrets).encode("utf-8", "replace").decode()  # half a character cannot be stored
    except Exception as wrong:
        return f"(not kept, it could not be masked: {type(wrong).__name__}, length {len(body)})"


def _masked(body: bytes | str, secrets: Iterable[str]) -> str:
    size = len(body)
    text = body[: 4 * (KEPT + _MARGIN)].decode("utf-8", "replace") if isinstance(body, bytes) else body
    text = text.replace("\0", "")  # UTF-16 loses its disguise
    whole = len(text) <= KEPT and (isinstance(body, str) or size <= 4 * (KEPT + _MARGIN))
    known = tuple(sorted({secret for secret in secrets if secret}))
    text = masking_markup.hidden(text[: KEPT + _MARGIN])
    text = masking_words.hidden(masking_exact.hidden(text, known))
    if whole:
        return text
    kept = text[: max(0, min(KEPT, len(text) - _MARGIN))]
    unit = "bytes" if isinstance(body, bytes) else "characters"
    return f"{kept}… (the first {len(kept)} characters of {size} {unit})"


def personal(travellers: Iterable[Traveller]) -> Sequence[str]:
    """What of these people must not be kept: passports, births, e-mail addresses, telephone numbers."""
    found = []
    for traveller in travellers:
        found += [traveller.email, traveller.phone]
        if traveller.passport:
            found.append(traveller.passport.number)
        if born := traveller.birth_date:
            found += [born.isoformat(), f"{born:%d%b%y}", f"{born:%d%b%Y}"]
    return tuple(text for text in found if text)
