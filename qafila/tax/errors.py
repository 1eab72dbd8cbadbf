"""What the tax room refuses."""

from __future__ import annotations

from qafila.kernel.errors import Refusal
from qafila.kernel.taxids import TaxNumberInvalid

__all__ = ["NoRate", "TaxNumberInvalid"]


class NoRate(Refusal):
    """The law, as far as it is entered here, sets no such rate on that day."""

    code, status, title = "NO_TAX_RATE", 409, "No such rate"
