"""Every request has an id and safe headers; every refusal is told in the asker's language: problem+json or a page."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from qafila.kernel.errors import Invalid, MethodNotAllowed, Refusal
from qafila.kernel.http import as_refusal, problem_response

log = logging.getLogger("qafila")
View = Callable[[HttpRequest], HttpResponse]

CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


class RequestMiddleware:
    """Gives the request its id, the answer its security headers, and refuses NUL bytes, which no text column holds."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-Id", "")
        request.request_id = offered[:64] if offered.isalnum() else secrets.token_hex(8)  # type: ignore[attr-defined]
        if self._has_nul(request):
            response = problem_response(Invalid("The request holds a NUL character, which no text may."))
        else:
            response = self.get_response(request)
        if response.status_code == 405 and request.path.startswith("/api/"):
            response = self._told(request, response)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        response.setdefault("Content-Security-Policy", CSP)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response

    @staticmethod
    def _told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The router's bare "405" as a problem like any other, with the methods that there are."""
        allowed = response.headers.get("Allow", "")
        told = problem_response(MethodNotAllowed(f"There is no {request.method} here; there is {allowed}."))
        told["Allow"] = allowed
        return told

    @staticmethod
    def _has_nul(request: HttpRequest) -> bool:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return True
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        kind = request.content_type or ""
        if not 0 < size <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or kind.startswith("multipart/"):
            return False
        return b"\x00" in request.body or b"\\u0000" in request.body or b"%00" in request.body


class RefusalMiddleware:
    """Turns a refusal of a page into a problem for htmx (a toast and inline errors) or a page for a browser."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        refusal = as_refusal(error)
        if refusal is None:
            return None
        if refusal.status >= 500 or not isinstance(error, Refusal):
            log.warning("%s %s: %s", request.method, request.path, error)
        if getattr(request, "htmx", False) or request.path.startswith("/api/"):
            return problem_response(refusal)
        if refusal.status == 401:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        return refusal_page(request, refusal)


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "kernel/error.html", {"refusal": refusal}, status=refusal.status)
