"""Where a request comes from, as far as we may believe it."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The caller's IP address.

    Behind `QAFILA_TRUSTED_PROXIES` proxies it is that many places from the right of X-Forwarded-For: what stands
    further left was written by the caller and is not believed.
    """
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(told) >= proxies and (address := _valid(told[-proxies])):
            return address
    return _valid(request.META.get("REMOTE_ADDR", ""))


def _valid(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:
        return None
