"""GSTIN, PAN and the state codes of GST, for the rooms that invoice."""

from __future__ import annotations

from qafila.kernel.taxids import STATES, TaxNumberInvalid, check_character, check_pan, check_state
from qafila.kernel.taxids import check_gstin as check

__all__ = ["STATES", "TaxNumberInvalid", "check", "check_character", "check_pan", "check_state"]
