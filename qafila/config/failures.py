"""What is told when no view answered: problem+json to the API and htmx, a page to a browser."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse

from qafila.kernel.errors import Refusal
from qafila.kernel.http import problem_response
from qafila.kernel.middleware import refusal_page

log = logging.getLogger("qafila")


class BadRequest(Refusal):
    """The request could not be understood at all."""

    code, status, title = "BAD_REQUEST", 400, "Bad request"


class OldForm(Refusal):
    """The form's CSRF token is missing or belongs to another log-in."""

    code, status, title = "FORM_EXPIRED", 403, "The form has expired"


class NothingHere(Refusal):
    """No page and no route has this address."""

    code, status, title = "NOT_FOUND", 404, "Not found"


class OurFault(Refusal):
    """A bug of ours; the request's id finds it in the log."""

    code, status, title = "SERVER_ERROR", 500, "Something went wrong"


def tell(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal in the asker's language; works when nothing else does, the database included."""
    if request.path.startswith("/api/") or request.headers.get("HX-Request"):
        return problem_response(refusal)
    try:
        return refusal_page(request, refusal)
    except Exception:
        log.exception("The error page itself failed")
        return HttpResponse(f"{refusal.title}. {refusal}", status=refusal.status, content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a host we do not serve, too many fields, a broken multipart body."""
    return tell(request, BadRequest("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 that no refusal of ours explains."""
    return tell(request, OldForm("This is not allowed."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without its token."""
    return tell(request, OldForm("The form has expired or came from elsewhere: reload the page and send it again."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return tell(request, NothingHere("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: says nothing of the inside, gives the id to look for in the log."""
    reference = getattr(request, "request_id", "")
    return tell(request, OurFault("This is our fault, not yours.", reference=reference))
