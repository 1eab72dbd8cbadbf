"""The shape of bearer tokens. 256 random bits need no slow hash: a plain digest finds the row at once."""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "qf_live_"
SHOWN = len(PREFIX) + 6


def new() -> str:
    """A fresh token: `qf_live_` and 43 random characters."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()
