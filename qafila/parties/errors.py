"""What the parties room refuses."""

from __future__ import annotations

from qafila.kernel.errors import Conflict, Refusal


class MrzInvalid(Refusal):
    """The machine-readable lines of a passport do not hold together; the sentence names what is wrong, `part` where."""

    code, status, title = "MRZ_INVALID", 422, "Check the passport lines"


class PhoneInvalid(Refusal):
    """No telephone network gives out this number."""

    code, status, title = "PHONE_INVALID", 422, "Check the phone number"


class PartyDetailsInvalid(Refusal):
    """Something about this person or company cannot be: a birth in the future, a passport that expires before issue."""

    code, status, title = "PARTY_DETAILS_INVALID", 422, "Check the details"


class PassportTaken(Conflict):
    """A live customer has this passport already; the sentence names them."""


class PartyHasBalance(Refusal):
    """A party with money open in the books cannot be deleted."""

    code, status, title = "PARTY_HAS_BALANCE", 409, "Money is open"
