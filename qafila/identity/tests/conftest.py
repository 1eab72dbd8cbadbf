from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal import auth
from django.test import Client

from qafila.identity import api_rate


@pytest.fixture
def clock_of_phones(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The time step stands still, so that no test falls between two codes; a test moves it by hand."""
    step = [58_000_000]
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([step[0] - 1, step[0], step[0] + 1]))
    return step  # type: ignore[return-value]


@pytest.fixture
def browser() -> Client:
    """A browser that, unlike Django's usual test client, is held to the CSRF check."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture(autouse=True)
def _permits_forgotten() -> None:
    api_rate.forget()
