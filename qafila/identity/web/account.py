"""One's own account: password, signed-in browsers, API tokens."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from qafila.identity import queries, schemas, second_factor, signing_in
from qafila.identity.actions.create_token import create_token
from qafila.identity.actions.end_sessions import end_other_sessions, end_session
from qafila.identity.actions.revoke_token import revoke_token
from qafila.identity.registry import title
from qafila.identity.types import Role
from qafila.kernel import clock
from qafila.kernel.errors import Invalid
from qafila.kernel.forms import parse, parse_data
from qafila.kernel.http import Request
from qafila.kernel.may import SIGNED_IN
from qafila.kernel.pagination import Window
from qafila.kernel.web import done, page, render

ACCOUNT = "/account"
ALL = Window(1, 100)


def must_prove(request: Request) -> bool:
    """Whether what changes the log-in asks for the password again."""
    return request.sign_in is None or request.sign_in.created_at <= clock.now() - signing_in.FRESH


@page(SIGNED_IN)
def account(request: Request) -> HttpResponse:
    """Who I am, how I sign in, and where I am signed in."""
    me = queries.me(request.actor)
    key = request.session.session_key or "" if request.sign_in else ""
    return render(
        request,
        "identity/account.html",
        title=_("Your account"),
        me=me,
        roles=[title(Role(role)) for role in me.roles],
        sessions=queries.sessions(request.actor, ALL, key).items,
        tokens=queries.tokens(request.actor, ALL).items,
        recovery_codes_left=second_factor.recovery_codes_left(me.id) if me.two_factor else 0,
        must_prove=must_prove(request),
    )


@page(SIGNED_IN, methods=("POST",))
def change_password(request: Request) -> HttpResponse:
    names = ("current_password", "new_password")
    form = parse_data({name: request.POST.get(name, "") for name in names}, schemas.ChangePassword)
    if form.new_password != request.POST.get("again", ""):
        raise Invalid("The two new passwords differ.", field="again")
    signing_in.change_password(request, form.current_password, form.new_password)
    return done(request, _("Your password is changed; your other browsers are signed out."), to=ACCOUNT)


@page(SIGNED_IN, methods=("POST",))
def end_browser(request: Request, sign_in_id: int) -> HttpResponse:
    end_session(actor=request.actor, sign_in_id=sign_in_id)
    return done(request, _("That browser is signed out."), to=ACCOUNT)


@page(SIGNED_IN, methods=("POST",))
def end_other_browsers(request: Request) -> HttpResponse:
    keep = request.sign_in.sign_in_id if request.sign_in else None
    end_other_sessions(actor=request.actor, keep=keep)
    return done(request, _("You are signed out everywhere but here."), to=ACCOUNT)


@page(SIGNED_IN, methods=("POST",))
def make_token(request: Request) -> HttpResponse:
    """Answers the token as a part of the page: this once."""
    form = parse(request, schemas.TokenIn, password=request.POST.get("password", ""))
    signing_in.prove_again(request, form.password)
    assert request.actor.user_id is not None
    token = create_token(actor=request.actor, user_id=request.actor.user_id, name=form.name, days=form.days)
    return render(request, "identity/new_token.html", token=token, name=form.name)


@page(SIGNED_IN, methods=("POST",))
def end_token(request: Request, token_id: int) -> HttpResponse:
    revoke_token(actor=request.actor, token_id=token_id)
    return done(request, _("The token is revoked."), to=ACCOUNT)
