"""The one page of the kernel: the language the viewer reads."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.i18n import set_language

from qafila.kernel.may import PUBLIC
from qafila.kernel.web import page


@page(PUBLIC, methods=("POST",))
def language(request: HttpRequest) -> HttpResponseBase:
    """Remember the language chosen in the menu, in a cookie, and go back to where one was."""
    return set_language(request)


urlpatterns = [path("language", language)]
