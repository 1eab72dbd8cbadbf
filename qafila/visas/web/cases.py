"""The visa desk: open cases and their moves."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from qafila.kernel.forms import parse, parse_query
from qafila.kernel.http import Request
from qafila.kernel.listing import Column, Filter, Listing, respond
from qafila.kernel.web import done, page, render
from qafila.visas import queries
from qafila.visas.actions.move_case import move_case
from qafila.visas.api import VisaFilter, VisaPatch
from qafila.visas.states import VISA

LISTING = Listing(
    title="Visas",
    columns=[
        Column("passenger", "Passenger", sort="passenger", link=lambda r: f"/operations/visas/{r.id}", primary=True),
        Column("passport_no", "Passport", kind="code"),
        Column("booking_number", "Booking", kind="code", link=lambda r: f"/sales/bookings/{r.booking_number}"),
        Column("group_code", "Group", kind="code", link=lambda r: f"/groups/{r.group_code}"),
        Column("departure_date", "Departs", kind="date", sort="departure"),
        Column("visa_no", "Visa number", kind="code"),
        Column("state", "State", kind="pill", sort="state"),
    ],
    filters=[Filter("state", "Any state", VISA.choices())],
    file_name="visas",
    empty="Cases open when operations approve a booking whose passengers need visas.",
)


@page("visas.view")
def cases(request: Request) -> HttpResponseBase:
    """GET /operations/visas"""
    asked = parse_query(request, VisaFilter)
    return respond(
        request,
        LISTING,
        lambda window: queries.cases(
            request.actor, window, q=asked.q, state=asked.state or "", group_id=asked.group_id
        ),
        asked,
        filtered=bool(asked.q or asked.state),
    )


@page("visas.view")
def case(request: Request, case_id: int) -> HttpResponse:
    """GET /operations/visas/<id>"""
    found = queries.case(request.actor, case_id)
    return render(
        request,
        "visas/case.html",
        title=f"{found.passenger} · {_('Visa')}",
        crumbs=[(_("Visas"), "/operations/visas")],
        case=found,
        moves=VISA.open_to(request.actor, found.state),
    )


@page("visas.edit", methods=("POST",))
def move(request: Request, case_id: int) -> HttpResponse:
    """POST /operations/visas/<id>"""
    form = parse(request, VisaPatch)
    move_case(actor=request.actor, case_id=case_id, **form.model_dump())
    return done(request, _("Saved."), f"/operations/visas/{case_id}")
