"""What the notifications room refuses."""

from __future__ import annotations

from qafila.kernel.errors import NotFound, Refusal


class AddressInvalid(Refusal):
    """Nothing can be sent there."""

    code, status, title = "ADDRESS_INVALID", 422, "Check the address"


class MessageNotFound(NotFound):
    """No such message."""
