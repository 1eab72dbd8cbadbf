from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import list_currencies

from qafila.identity.models import Agency, Branch
from qafila.kernel.actor import Actor
from qafila.kernel.audit import record, snapshot
from qafila.kernel.errors import Invalid
from qafila.kernel.transaction import action

POLICIES = ("at_invoice", "at_departure")


@action
def setup_agency(
    *,
    actor: Actor,
    name: str,
    base_currency: str = "INR",
    country: str = "IN",
    state_code: str = "",
    gstin: str = "",
    pan: str = "",
    address: str = "",
    phone: str = "",
    email: str = "",
    time_zone: str = "Asia/Kolkata",
    fiscal_year: tuple[int, int] = (4, 1),
    booking_prefix: str = "BK",
    journal_threshold: Decimal = Decimal(0),
    tour_revenue_policy: str = "at_invoice",
    branches: Sequence[Mapping[str, str]] = (),
) -> None:
    """Write the agency's own data and its branches ({code, name, state_code}); the same data again changes nothing.

    `journal_threshold` in the base currency. The base currency cannot change once set: the books are kept in it.
    Refuses: MissingRight, Invalid naming the field. The shape of GSTIN and PAN is the tax room's to check.
    """
    actor.need("admin.settings.edit")
    values = {
        "name": name.strip(),
        "base_currency": base_currency,
        "country": country,
        "state_code": state_code,
        "gstin": gstin,
        "pan": pan,
        "address": address,
        "phone": phone,
        "email": email,
        "time_zone": time_zone,
        "fiscal_year_month": fiscal_year[0],
        "fiscal_year_day": fiscal_year[1],
        "booking_prefix": booking_prefix,
        "journal_threshold": journal_threshold.quantize(Decimal("0.001")),
        "tour_revenue_policy": tour_revenue_policy,
    }
    check(values)
    row = Agency.objects.select_for_update().first()
    before = snapshot(row, values) if row else {}
    if row and row.base_currency != base_currency:
        raise Invalid("The books are kept in this currency already; it cannot change.", field="base_currency")
    row = row or Agency(id=1)
    for field, value in values.items():
        setattr(row, field, value)
    if before != (after := snapshot(row, values)):
        row.save()
        record(actor, "agency.set_up", "agency", 1, before=before, after=after)
    for branch in branches:
        set_branch(actor, **branch)


def set_branch(actor: Actor, code: str, name: str, state_code: str = "") -> None:
    """One branch by its code, made or brought up to date."""
    if not (2 <= len(code) <= 3 and code.isascii() and code.isalnum() and code.isupper()):
        raise Invalid("A branch's code is 2 or 3 capital letters or digits.", field="branches")
    row, made = Branch.objects.get_or_create(code=code, defaults={"name": name, "state_code": state_code})
    after = {"name": name, "state_code": state_code}
    before = {} if made else snapshot(row, after)
    if before != after:
        row.name, row.state_code = name, state_code
        row.save()
        record(actor, "branch.saved", "branch", row.pk, before=before, after={"code": code, **after})


def check(values: Mapping[str, Any]) -> None:
    """Refuses: Invalid naming the field."""
    wrong = {
        "name": not 1 <= len(values["name"]) <= 200,
        "base_currency": values["base_currency"] not in list_currencies(),
        "country": values["country"] not in get_global("territory_currencies"),
        "time_zone": values["time_zone"] not in available_timezones(),
        "fiscal_year": not (1 <= values["fiscal_year_month"] <= 12 and 1 <= values["fiscal_year_day"] <= 28),
        "booking_prefix": not (1 <= len(values["booking_prefix"]) <= 6 and values["booking_prefix"].isalnum()),
        "journal_threshold": values["journal_threshold"] < 0,
        "tour_revenue_policy": values["tour_revenue_policy"] not in POLICIES,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise Invalid(f"{values.get(field, 'This')} cannot be the agency's {field.replace('_', ' ')}.", field=field)
