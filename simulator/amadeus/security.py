"""Who may come in: Amadeus' own password digest, nonces that are used once, and the office of the user.

Password = Base64(SHA1(nonce + Created + SHA1(password))), with the raw bytes of the nonce and of the inner digest;
plain WS-Security has no inner one. Source: supplier reference, 3; five vectors in the fixtures.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

from simulator.access import AmadeusAccess
from simulator.amadeus.soap import Asked, Turned

_CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.:]\d{1,9})?Z")  # three ways of writing it occur
_REFUSED = " 11|Session|"


def digest(password: str, nonce: bytes, created: str) -> str:
    """The Password element of a UsernameToken."""
    inner = hashlib.sha1(password.encode()).digest()  # noqa: S324 - the algorithm is the supplier's
    return base64.b64encode(hashlib.sha1(nonce + created.encode() + inner).digest()).decode()  # noqa: S324


def admit(asked: Asked, access: AmadeusAccess) -> str:
    """Check the user, the digest and the office; give back the nonce, to be marked as used. Raises: Turned."""
    given = asked.credentials
    if given is None:
        raise Turned("99|Session|Not authenticated")
    try:
        nonce = base64.b64decode(given.nonce, validate=True)
    except (binascii.Error, ValueError):
        raise Turned(_REFUSED) from None
    if not nonce or not _CREATED.fullmatch(given.created):
        raise Turned(_REFUSED)
    right = digest(access.password, nonce, given.created)
    if not hmac.compare_digest(right.encode(), given.digest.encode()) or given.user != access.user:
        raise Turned(_REFUSED)
    if asked.office != access.office:
        raise Turned(_REFUSED)
    return base64.b64encode(nonce).decode()  # its bytes: the same ones can be written in several ways


def used() -> Turned:
    """A nonce was sent twice: told no differently from a wrong password."""
    return Turned(_REFUSED)
