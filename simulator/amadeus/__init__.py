"""Amadeus Web Services with SOAP header 4, as the recordings in `tests/fixtures/suppliers/amadeus` show it."""

from simulator.amadeus.dialect import Amadeus

__all__ = ["Amadeus"]
