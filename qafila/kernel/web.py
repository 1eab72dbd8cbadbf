"""Pages: declared rights, the navigation, toasts, and the tabs of pages made of several rooms."""

from __future__ import annotations

import functools
import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render as django_render

from qafila.kernel.actor import Actor
from qafila.kernel.http import Request
from qafila.kernel.may import May, as_may, declared

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def page(may: May | str, *, methods: Sequence[str] = ("GET",)) -> Callable[[V], V]:
    """Declare a page: who may enter, and by which methods. Refuses: NotSignedIn, MissingRight."""
    declaration = as_may(may)
    allowed = [*methods, *(["HEAD"] if "GET" in methods else [])]

    def decorate(view: V) -> V:
        @functools.wraps(view)
        def enter(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            declaration.admit(request.signed_in)
            return view(request, *args, **kwargs)

        enter.may = declaration  # type: ignore[attr-defined]
        declared[f"page {view.__module__}.{view.__name__}"] = declaration
        return cast(V, enter)

    return decorate


@dataclass(frozen=True)
class Nav:
    """One entry of the side navigation, shown to those who may."""

    section: str
    label: str
    url: str
    icon: str
    may: May | str
    order: int = 50


@dataclass(frozen=True)
class Tab:
    """One tab of a page that several rooms make, e.g. of "booking" or "group". `url` may hold `{id}` and `{code}`."""

    key: str
    label: str
    url: str
    may: May | str
    order: int = 50


SECTIONS = ("", "Sales", "Groups", "Inventory", "Tickets", "Operations", "Finance", "Admin")
_navigation: dict[tuple[str, str], Nav] = {}
_tabs: dict[str, dict[str, Tab]] = defaultdict(dict)


def add_nav(*entries: Nav) -> None:
    """Called from a room's urls.py."""
    for entry in entries:
        _navigation[(entry.section, entry.url)] = entry


def add_tab(page_name: str, *entries: Tab) -> None:
    """Called from the urls.py of the room that owns the tab."""
    for entry in entries:
        _tabs[page_name][entry.key] = entry


def tabs_of(page_name: str, actor: Actor, **ids: Any) -> list[dict[str, str]]:
    """The tabs this actor may open, in order: key, label, url."""
    entries = sorted(_tabs[page_name].values(), key=lambda t: t.order)
    return [{"key": t.key, "label": t.label, "url": t.url.format(**ids)} for t in entries if as_may(t.may).lets(actor)]


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The sections and entries this actor may open, the current one marked."""
    shown = [e for e in _navigation.values() if as_may(e.may).lets(actor)]
    here = max((e.url for e in shown if path == e.url or path.startswith(f"{e.url}/")), key=len, default=None)
    sections = []
    for section in SECTIONS:
        entries = sorted((e for e in shown if e.section == section), key=lambda e: (e.order, e.label))
        if entries:
            items = [{"label": e.label, "url": e.url, "icon": e.icon, "active": e.url == here} for e in entries]
            sections.append({"label": section, "items": items})
    return sections


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the actor, the navigation, the banners. Adds no query for signed-out pages."""
    actor = getattr(request, "signed_in", None)
    common = {"demo": settings.DEMO, "two_factor_off": settings.DEMO and not settings.REQUIRE_2FA}
    if actor is None:
        return {**common, "actor": None, "nav": []}
    return {**common, "actor": actor, "nav": navigation(actor, request.path)}


def render(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return django_render(request, template, context)


def new_key() -> str:
    """An idempotency key for a form that opens now."""
    return secrets.token_urlsafe(18)


def toast(response: HttpResponse, text: str, level: str = "success") -> HttpResponse:
    """Show a toast when this htmx answer arrives."""
    triggers = json.loads(response["HX-Trigger"]) if "HX-Trigger" in response else {}
    response["HX-Trigger"] = json.dumps({**triggers, "toast": {"level": level, "text": text}})
    return response


def done(request: Request, text: str, to: str) -> HttpResponse:
    """It happened: go to a page, which shows the sentence. Works for htmx and for plain forms."""
    messages.success(request, text)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def refreshed(text: str, *events: str) -> HttpResponse:
    """It happened: stay, show the toast, and let the parts that listen to `events` fetch themselves anew."""
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps(dict.fromkeys(events, True))
    return toast(response, text)
