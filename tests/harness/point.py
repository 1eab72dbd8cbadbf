"""Pointing Django's one connection at another database, for the length of a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections


def aim(url: str) -> None:
    """From now on Django, in every thread of this process, talks to the database at this address."""
    from qafila.config.settings import database

    connections["default"].close()
    # Connections opened by other threads share this very dictionary.
    connections.settings["default"].update(database(url))
    connections["default"].settings_dict = connections.settings["default"]
    settings.DATABASE_URL = url


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Django talks to the database at this address inside the block, and to the former one after it."""
    before = dict(connections.settings["default"])
    before_url = settings.DATABASE_URL
    aim(url)
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"].update(before)
        settings.DATABASE_URL = before_url
