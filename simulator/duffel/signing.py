"""How an event is signed: `t=<unix>,v1=<hex HMAC-SHA256(secret, t + "." + body)>` in X-Duffel-Signature."""

from __future__ import annotations

import hashlib
import hmac

HEADER = "X-Duffel-Signature"


def signature(secret: str, stamp: int, body: bytes) -> str:
    """The header's value for this body, signed at `stamp` (seconds since 1970). Hex in lower case."""
    digest = hmac.new(secret.encode(), b"%d.%s" % (stamp, body), hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"
