"""The address by which people reach this house, for links in mails."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site_of(request: HttpRequest) -> str:
    """`QAFILA_PUBLIC_URL`, else the address of the request (its host is one of QAFILA_ALLOWED_HOSTS)."""
    return str(settings.PUBLIC_URL) or f"{request.scheme}://{request.get_host()}"
