"""Payments on the screen: the list with what waits for verification, one payment, and taking money."""

from __future__ import annotations

from typing import Literal

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.billing import queries
from qafila.billing.accounts import kind_for
from qafila.billing.actions.record_payment import record_payment
from qafila.billing.schemas import PaymentFilter, PaymentIn
from qafila.billing.types import METHODS
from qafila.identity.queries import agency
from qafila.kernel import clock
from qafila.kernel.forms import form_key, parse, parse_query
from qafila.kernel.http import Request
from qafila.kernel.idempotency import once
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import done, page, render
from qafila.ledger.queries import cash_and_bank_accounts

STATES = (
    ("pending_verification", "Waiting for verification"),
    ("verified", "Verified"),
    ("rejected", "Rejected"),
    ("reversed", "Reversed"),
)
LISTING = Listing(
    title="Payments",
    columns=(
        Column("title", "Receipt", "code", sort="id", link=lambda r: f"/finance/payments/{r.id}", primary=True),
        Column("received_on", "Received", "date", sort="received_on"),
        Column("party_name", "From"),
        Column("amount", "Amount", "money", sort="amount"),
        Column("state", "State", "pill"),
        Column(
            "booking_number",
            "Booking",
            "code",
            link=lambda r: f"/sales/bookings/{r.booking_number}" if r.booking_number else "",
        ),
        Column("on_account", "On account", "money", sort="unallocated", hide_on_phone=True),
        Column("method_label", "By", hide_on_phone=True),
        Column("reference", "Reference", hide_on_phone=True),
        Column("account", "Into", "code", hide_on_phone=True),
    ),
    filters=(
        Filter("state", "Any state", STATES),
        Filter("method", "Any method", tuple(METHODS.items())),
        Filter("on_account", "Used or not", (("true", "Only money on account"),)),
        Filter("received_from", "Received from", kind="date"),
        Filter("received_to", "Received to", kind="date"),
    ),
    empty="Money is taken on a booking's Payments tab, or here for somebody's account.",
    action=("Take payment", "/finance/payments/new", "finance.payments.record"),
    file_name="payments",
    row_link=lambda r: f"/finance/payments/{r.id}",
)


class PaymentForm(PaymentIn):
    """The payment form; `back` says which page it was opened on."""

    back: Literal["", "booking"] = ""


@page("finance.view")
def listed(request: Request) -> HttpResponseBase:
    """The payments, newest first; the filter finds by receipt, reference, payer and booking."""
    paging = parse_query(request, PaymentFilter)
    filters = paging.model_dump(exclude={"page", "page_size", "sort"})
    return respond(request, LISTING, lambda w: queries.payments(request.actor, w, **filters), paging)


@page("finance.payments.record", methods=("GET", "POST"))
def new(request: Request) -> HttpResponse:
    """Take money: the form for somebody's account, and where the forms of bookings are sent."""
    if request.method == "POST":
        form = parse(request, PaymentForm)
        asked = form.model_dump(exclude={"back"})
        answer = once(
            form_key(request),
            request.actor,
            record_payment,
            lambda t: {"id": t.payment_id, "told": t.told},
            201,
            **asked,
        )
        to = f"/finance/payments/{answer.body['id']}"
        if form.back == "booking" and form.booking_id:
            to = f"/sales/bookings/{queries.booking_number(form.booking_id)}?tab=payments"
        return done(request, answer.body["told"], to)
    return render(
        request,
        "billing/payment_form.html",
        title=_("Take payment"),
        submit_label=_("Take payment"),
        cancel_url="/finance/payments",
        crumbs=[(_("Payments"), "/finance/payments")],
        **payment_choices(request),
    )


def payment_choices(request: Request) -> dict[str, object]:
    """What a payment form offers: methods, drawers and bank accounts, the currency and today."""
    accounts = cash_and_bank_accounts(request.actor)
    own = request.actor.branch_id
    accounts.sort(key=lambda a: (a.cash_or_bank != kind_for("cash"), a.branch_id != own, a.code))
    return {
        "methods": list(METHODS.items()),
        "accounts": [(a.code, a.label) for a in accounts],
        "currency": agency().base_currency,
        "today": clock.today(),
    }


@page("finance.view")
def one(request: Request, payment_id: int) -> HttpResponse:
    """One payment: what it was put on, and what may be done with it."""
    shown = queries.payment(request.actor, payment_id)
    free = shown.state == "verified" and shown.unallocated > 0 and request.actor.may("finance.create")
    return render(
        request,
        "billing/payment.html",
        title=shown.title,
        payment=shown,
        own=shown.made_by_id is not None and shown.made_by_id == request.actor.user_id,
        open_bookings=queries.open_bookings_of(request.actor, shown.party.id) if free else [],
        crumbs=[(_("Payments"), "/finance/payments")],
    )
