"""Amadeus Web Services, SOAP header 4."""
