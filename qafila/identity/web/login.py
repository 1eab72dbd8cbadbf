"""The log-in pages. Plain forms: they work without a script, and password managers know them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from qafila.identity import schemas, signing_in
from qafila.kernel.errors import Refusal
from qafila.kernel.forms import parse_data
from qafila.kernel.http import Request
from qafila.kernel.may import PUBLIC
from qafila.kernel.web import page, render

HOME = "/app"


def onward(request: Request, wanted: str) -> str:
    """Where to go after the log-in: a place in this house, nowhere else."""
    host = {request.get_host()}
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, host, require_https=request.is_secure()):
        return wanted
    return HOME


@page(PUBLIC, methods=("GET", "POST"))
def log_in(request: Request) -> HttpResponse:
    """E-mail and password."""
    wanted = onward(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "GET":
        if request.signed_in:
            return HttpResponseRedirect(wanted)
        return render(request, "identity/login.html", onward=wanted, first_field=True)
    try:
        # The password as it was typed: the forms' usual trimming would change it.
        given = {"email": request.POST.get("email", ""), "password": request.POST.get("password", "")}
        form = parse_data(given, schemas.LogIn)
        outcome = signing_in.with_password(request, form.email, form.password, onward=wanted, may_enrol=True)
    except Refusal as refusal:
        email = request.POST.get("email", "")
        # The cursor stands where something is to be typed.
        places = {"first_field": not email, "second_field": bool(email)}
        return refused(request, "identity/login.html", refusal, onward=wanted, email=email, **places)
    return HttpResponseRedirect("/login/verify" if outcome.second_factor_awaited else wanted)


@page(PUBLIC, methods=("GET", "POST"))
def verify(request: Request) -> HttpResponse:
    """The code of the phone, or a recovery code."""
    if signing_in.awaited(request) is None:
        return HttpResponseRedirect(settings.LOGIN_URL)
    wanted = onward(request, signing_in.onward(request))
    if request.method == "GET":
        return render(request, "identity/verify.html")
    try:
        form = parse_data({"code": request.POST.get("code", "")}, schemas.CodeIn)
        signing_in.with_code(request, form.code)
    except Refusal as refusal:
        return refused(request, "identity/verify.html", refusal)
    return HttpResponseRedirect(wanted)


@page(PUBLIC, methods=("POST",))
def log_out(request: Request) -> HttpResponse:
    """Ends this browser's session; without one there is nothing to end, and that is no error."""
    signing_in.out(request)
    return HttpResponseRedirect(settings.LOGIN_URL)


def refused(request: Request, template: str, refusal: Refusal, **context: object) -> HttpResponse:
    """The form again, with the sentence above it."""
    response = render(request, template, refusal=refusal, **context)
    response.status_code = refusal.status
    if wait := getattr(refusal, "retry_after", None):
        response["Retry-After"] = str(wait)
    return response
