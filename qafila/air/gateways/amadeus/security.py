"""Amadeus' own password digest, and the parts of a UsernameToken. It is not plain WS-Security: the password is hashed
once more inside, and both hashes go on as raw bytes. Source: suppliers.md 3; five recorded vectors.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field

from qafila.kernel import clock


@dataclass(frozen=True, slots=True)
class UsernameToken:
    """What lets one request in: fresh for each, since a nonce is never taken twice."""

    nonce: str  # base64
    created: str  # UTC, 2026-11-21T09:41:03.553Z
    digest: str = field(repr=False)


def digest(password: str | bytes, nonce: bytes, created: str) -> str:
    """Base64( SHA1( nonce + created + SHA1(password) ) ); `nonce` is the raw one, before it was written in base64."""
    raw = password.encode() if isinstance(password, str) else password
    inner = hashlib.sha1(raw).digest()  # noqa: S324 - the algorithm is the supplier's
    whole = hashlib.sha1(nonce + created.encode() + inner).digest()  # noqa: S324 - the algorithm is the supplier's
    return base64.b64encode(whole).decode()


def username_token(password: str) -> UsernameToken:
    """A new token, by a random nonce and the clock."""
    nonce = secrets.token_bytes(20)
    created = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    return UsernameToken(base64.b64encode(nonce).decode(), created, digest(password, nonce, created))
