"""Qafila, the operating system of a travel agency."""
