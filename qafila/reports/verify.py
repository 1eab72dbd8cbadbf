"""The proof that books, seats, stock and documents agree: every room's own check, one after the other."""

from __future__ import annotations

import importlib

from django.conf import settings


def rooms_that_verify() -> list[str]:
    """The rooms that have something to prove, from the ground up."""
    return [room for room in settings.ROOMS if room != "reports" and _verifier(room)]


def _verifier(room: str) -> object | None:
    try:
        module = importlib.import_module(f"qafila.{room}.verify")
    except ModuleNotFoundError as missing:
        if missing.name != f"qafila.{room}.verify":
            raise
        return None
    return getattr(module, "verify", None)


def verify_all() -> list[str]:
    """Every difference found, one sentence each, the room in front; empty when all agrees."""
    differences: list[str] = []
    for room in rooms_that_verify():
        check = _verifier(room)
        assert callable(check)
        differences += [f"{room}: {line}" for line in check()]
    return differences
