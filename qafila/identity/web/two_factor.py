"""Setting up and removing one's second factor."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.identity import queries, schemas, second_factor, signing_in
from qafila.identity.actions.two_factor import enrol_two_factor, remove_two_factor, renew_recovery_codes
from qafila.identity.web.account import ACCOUNT, must_prove
from qafila.kernel.forms import parse
from qafila.kernel.http import Request
from qafila.kernel.may import SIGNED_IN
from qafila.kernel.web import done, page, render


@page(SIGNED_IN)
def two_factor(request: Request) -> HttpResponse:
    """The QR code to scan and the field for the first code; or, once it is set up, what can be done with it."""
    me = queries.me(request.actor)
    return render(
        request,
        "identity/two_factor.html",
        title=_("Two-factor log-in"),
        me=me,
        compelled=me.two_factor_compulsory and not me.two_factor,
        offer=None if me.two_factor else second_factor.offer(me.id, me.email),
        must_prove=must_prove(request),
    )


@page(SIGNED_IN, methods=("POST",))
def confirm(request: Request) -> HttpResponse:
    """Answers the recovery codes as a part of the page: this once."""
    form = parse(request, schemas.ConfirmIn, password=request.POST.get("password", ""))
    signing_in.prove_again(request, form.password)
    keep = request.sign_in.sign_in_id if request.sign_in else None
    codes = enrol_two_factor(actor=request.actor, offer=form.offer, code=form.code, keep=keep)
    return render(request, "identity/recovery_codes.html", codes=codes)


@page(SIGNED_IN, methods=("POST",))
def renew(request: Request) -> HttpResponse:
    """Answers fresh recovery codes as a part of the page."""
    signing_in.prove_again(request, request.POST.get("password", ""))
    codes = renew_recovery_codes(actor=request.actor)
    return render(request, "identity/recovery_codes.html", codes=codes)


@page(SIGNED_IN, methods=("POST",))
def remove(request: Request) -> HttpResponse:
    signing_in.prove_again(request, request.POST.get("password", ""))
    remove_two_factor(actor=request.actor)
    return done(request, _("You sign in with your password alone now."), to=ACCOUNT)
