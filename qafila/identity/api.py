"""Signing in by API, and one's own second factor, sessions and tokens."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from ninja import Body, Query, Status

from qafila.identity import queries, schemas, second_factor, signing_in
from qafila.identity.actions.create_token import create_token
from qafila.identity.actions.end_sessions import end_other_sessions, end_session
from qafila.identity.actions.revoke_token import revoke_token
from qafila.identity.actions.two_factor import enrol_two_factor, remove_two_factor
from qafila.identity.admin_api import router as admin_router
from qafila.identity.errors import NotJson
from qafila.kernel.http import Envelope, Id, Paging, Request, Routes, envelope
from qafila.kernel.may import PUBLIC, SIGNED_IN

router = Routes(tags=["Log-in"])


def only_json(request: Request) -> None:
    """A form of another site cannot send JSON without asking first; so nobody is logged in by somebody else's page."""
    if request.content_type != "application/json":
        raise NotJson("Send the log-in as application/json.")


def signed_in(request: Request, outcome: signing_in.Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {"second_factor_required": outcome.second_factor_awaited, "csrf_token": get_token(request)}
    if not outcome.second_factor_awaited:
        me = queries.me(queries.actor_of(outcome.user_id))
        told |= {"user": me, "rights": me.rights}
    return told


@router.post("/auth/login", may=PUBLIC, response=schemas.SignedInOut)
def log_in(request: Request, payload: schemas.LogIn) -> Any:
    """Sign in; the answer carries the session cookie. With a second factor go on with that cookie: /auth/2fa/verify."""
    only_json(request)
    return signed_in(request, signing_in.with_password(request, payload.email, payload.password))


@router.post("/auth/2fa/verify", may=PUBLIC, response=schemas.SignedInOut)
def verify(request: Request, payload: schemas.CodeIn) -> Any:
    """The second step of signing in: a code of the phone or a recovery code, each good once."""
    only_json(request)
    return signed_in(request, signing_in.with_code(request, payload.code))


@router.post("/auth/password/reset", may=PUBLIC, response={202: schemas.AcceptedOut})
def ask_reset(request: Request, payload: schemas.ResetIn) -> Any:
    """Have a link to set a new password mailed. The answer is the same whether anybody logs in with this e-mail."""
    only_json(request)
    signing_in.ask_for_link(request, payload.email)
    return Status(202, {"detail": "If somebody logs in with this e-mail, a link is on its way to it."})


@router.get("/auth/me", may=SIGNED_IN, response=schemas.MeOut)
def me(request: Request) -> Any:
    """Who I am and what I may."""
    return queries.me(request.actor)


@router.post("/auth/logout", may=SIGNED_IN, response={204: None})
def log_out(request: Request) -> Any:
    """End the session. A bearer token is not ended by this: revoke it."""
    signing_in.out(request)
    return Status(204, None)


@router.post("/auth/2fa/enrol", may=SIGNED_IN, response=schemas.OfferOut)
def enrol(request: Request) -> Any:
    """Offer a secret for the phone; nothing changes until it is confirmed."""
    person = queries.me(request.actor)
    offer = second_factor.offer(person.id, person.email)
    return {"secret": offer.secret, "uri": offer.uri, "offer": offer.sealed}


@router.post("/auth/2fa/enrol/confirm", may=SIGNED_IN, response=schemas.RecoveryOut)
def confirm(request: Request, payload: schemas.ConfirmIn) -> Any:
    """Make the offered secret mine, proved by its first code. The recovery codes are shown this once."""
    signing_in.prove_again(request, payload.password)
    codes = enrol_two_factor(actor=request.actor, offer=payload.offer, code=payload.code, keep=current_sign_in(request))
    return {"recovery_codes": codes}


@router.delete("/auth/2fa", may=SIGNED_IN, response={204: None})
def remove(request: Request, payload: Body[schemas.ProofIn | None] = None) -> Any:
    """Remove the second factor, where it is not compulsory."""
    signing_in.prove_again(request, payload.password if payload else "")
    remove_two_factor(actor=request.actor)
    return Status(204, None)


@router.get("/auth/sessions", may=SIGNED_IN, response=Envelope[schemas.SessionOut])
def sessions(request: Request, query: Query[Paging]) -> Any:
    """The browsers in which I am signed in."""
    key = request.session.session_key or "" if request.sign_in else ""
    return envelope(queries.sessions(request.actor, query.window(), key))


@router.delete("/auth/sessions", may=SIGNED_IN, response=schemas.EndedOut)
def end_others(request: Request) -> Any:
    """Sign out everywhere but here."""
    return {"ended": end_other_sessions(actor=request.actor, keep=current_sign_in(request))}


@router.delete("/auth/sessions/{session_id}", may=SIGNED_IN, response={204: None})
def end_one(request: Request, session_id: Id) -> Any:
    """Sign out one browser."""
    end_session(actor=request.actor, sign_in_id=session_id)
    return Status(204, None)


@router.get("/auth/tokens", may=SIGNED_IN, response=Envelope[schemas.TokenOut])
def tokens(request: Request, query: Query[Paging]) -> Any:
    """My bearer tokens, without their secrets."""
    return envelope(queries.tokens(request.actor, query.window()))


@router.post("/auth/tokens", may=SIGNED_IN, response={201: schemas.NewTokenOut})
def make_token(request: Request, payload: schemas.TokenIn) -> Any:
    """Make a bearer token with my rights, told this once. An Idempotency-Key, which would store it, is ignored."""
    signing_in.prove_again(request, payload.password)
    assert request.actor.user_id is not None
    token = create_token(actor=request.actor, user_id=request.actor.user_id, name=payload.name, days=payload.days)
    return Status(201, {"token": token})


@router.delete("/auth/tokens/{token_id}", may=SIGNED_IN, response={204: None})
def end_token(request: Request, token_id: Id) -> Any:
    """Revoke a bearer token, at once."""
    revoke_token(actor=request.actor, token_id=token_id)
    return Status(204, None)


def current_sign_in(request: Request) -> int | None:
    return request.sign_in.sign_in_id if request.sign_in else None


router.add_router("", admin_router)
