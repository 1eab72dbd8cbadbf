"""A forgotten password: asking for a link, and the page the link opens."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from qafila.identity import schemas, signing_in
from qafila.identity.actions.reset_password import reset_password, whose_link
from qafila.identity.addresses import client_ip
from qafila.identity.errors import PasswordLinkOld
from qafila.identity.web.login import refused
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Invalid, Refusal
from qafila.kernel.forms import parse_data
from qafila.kernel.http import Request
from qafila.kernel.may import PUBLIC
from qafila.kernel.web import page, render


@page(PUBLIC, methods=("GET", "POST"))
def forgot(request: Request) -> HttpResponse:
    """Asks for a link; the answer is the same whether anybody logs in with the e-mail."""
    if request.method == "GET":
        return render(request, "identity/forgot.html")
    try:
        form = parse_data({"email": request.POST.get("email", "")}, schemas.ResetIn)
        signing_in.ask_for_link(request, form.email)
    except Refusal as refusal:
        return refused(request, "identity/forgot.html", refusal, email=request.POST.get("email", ""))
    return render(request, "identity/forgot.html", sent=True)


@page(PUBLIC, methods=("GET", "POST"))
def reset(request: Request, uid: str, token: str) -> HttpResponse:
    """The page that a mailed link opens: the new password, twice."""
    try:
        user = whose_link(uid, token)
    except PasswordLinkOld as refusal:
        return refused(request, "identity/forgot.html", refusal)
    if request.method == "GET":
        return render(request, "identity/reset.html", email=user.email)
    try:
        given = {"password": request.POST.get("password", ""), "again": request.POST.get("again", "")}
        form = parse_data(given, schemas.NewPassword)
        if form.password != form.again:
            raise Invalid("The two passwords differ.", field="again")
        whoever = replace(SYSTEM, name=user.name, ip=client_ip(request), request_id=request.request_id)
        reset_password(actor=whoever, uid=uid, token=token, password=form.password)
    except Refusal as refusal:
        return refused(request, "identity/reset.html", refusal, email=user.email)
    messages.success(request, _("Your new password is set. Sign in with it."))
    return HttpResponseRedirect(settings.LOGIN_URL)
