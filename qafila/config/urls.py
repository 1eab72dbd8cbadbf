"""Every address of the house: the API, the rooms' pages, and the two questions a supervisor asks."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from qafila.config import failures, health
from qafila.config.api import api
from qafila.kernel.may import PUBLIC
from qafila.kernel.web import page

HOME = "/app"


@page(PUBLIC)
def front_door(request: HttpRequest) -> HttpResponse:
    """The bare address leads home, and from there to the log-in."""
    return HttpResponseRedirect(HOME)


def rooms_pages() -> list[Any]:
    """The `urlpatterns` of every room that has pages, floor by floor."""
    found: list[Any] = []
    for room in settings.ROOMS:
        if find_spec(f"qafila.{room}.urls") is not None:
            found += import_module(f"qafila.{room}.urls").urlpatterns
    return found


urlpatterns = [
    path("", front_door),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("api/v1/", api.urls),
    *rooms_pages(),
]

handler400 = failures.bad_request
handler403 = failures.forbidden
handler404 = failures.not_found
handler500 = failures.server_error
