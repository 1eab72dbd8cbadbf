"""Duffel: flights over REST and JSON, version 2 of its interface."""
