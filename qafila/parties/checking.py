"""What is said of a party, put into its one written form and checked: every fault at once, each beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from qafila.identity.errors import AgencyNotSetUp
from qafila.identity.queries import agency
from qafila.kernel import clock
from qafila.kernel.errors import Invalid, Refusal
from qafila.kernel.taxids import check_gstin, check_pan, check_state
from qafila.parties import rules
from qafila.parties.errors import PartyDetailsInvalid

Values = dict[str, Any]
WIDTHS = {"title": 10, "first_name": 100, "last_name": 100, "father_name": 100}


class Faults:
    """Collects what is wrong, so that a form tells everything at once."""

    def __init__(self) -> None:
        self.errors: list[dict[str, Any]] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            self.errors += refusal.errors

    def settle(self) -> None:
        """Refuses: Invalid, when anything was noted."""
        if self.errors:
            more = f" And {len(self.errors) - 1} more." if len(self.errors) > 1 else ""
            raise Invalid(f"{self.errors[0]['msg']}{more}", self.errors)


def agency_country() -> str:
    """The country of phone numbers and addresses that name none."""
    try:
        return agency().country
    except AgencyNotSetUp:
        return "IN"


def contact(values: Mapping[str, Any], faults: Faults, home: Callable[[], str] = agency_country) -> Values:
    """Phone as E.164, e-mail, country, and India's tax numbers; a GSTIN fills state and PAN where they are empty."""
    seen = dict(values)
    seen["country"] = seen.get("country") or home()
    with faults.noted():
        rules.check_country(seen["country"])
    with faults.noted():
        seen["phone"] = phone(seen.get("phone", ""), home)
    if seen.get("email"):
        with faults.noted():
            check_email(seen["email"])
    if seen["country"] == "IN":
        _indian_tax_numbers(seen, faults)
    return seen


def _indian_tax_numbers(seen: Values, faults: Faults) -> None:
    gstin, pan, state = seen.get("gstin", ""), seen.get("pan", ""), seen.get("state_code", "")
    if gstin:
        with faults.noted():
            check_gstin(gstin)
            seen["pan"], seen["state_code"] = pan or gstin[2:12], state or gstin[:2]
            if pan and pan != gstin[2:12]:
                raise PartyDetailsInvalid(f"The GSTIN holds the PAN {gstin[2:12]}, not {pan}.", field="pan")
    if pan:
        with faults.noted():
            check_pan(pan)
    if state:
        with faults.noted():
            check_state(state)


def phone(typed: str, home: Callable[[], str]) -> str:
    if not typed:
        return ""
    return rules.normal_phone(typed, "ZZ" if typed.lstrip().startswith("+") else home())


def check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise PartyDetailsInvalid(f"{email} is not an e-mail address.", field="email") from None


def person(values: Mapping[str, Any], faults: Faults) -> Values:
    """Who somebody is: names, birth, passport, nationality."""
    seen = dict(values)
    for name, width in WIDTHS.items():
        if len(seen.get(name) or "") > width:
            with faults.noted():
                raise PartyDetailsInvalid(f"At most {width} characters.", field=name)
    number = seen.get("passport_no")
    seen["passport_no"] = None
    if number:
        with faults.noted():
            seen["passport_no"] = rules.normal_passport(number)
    if seen.get("gender") not in ("", None, "M", "F"):
        with faults.noted():
            raise PartyDetailsInvalid("The gender is told as M or F, or not at all.", field="gender")
    if seen.get("nationality"):
        with faults.noted():
            rules.check_nationality(seen["nationality"])
    today = clock.today()
    with faults.noted():
        rules.check_birth(seen.get("date_of_birth"), today)
    with faults.noted():
        rules.check_passport_dates(
            seen.get("date_of_birth"), seen.get("passport_issued"), seen.get("passport_expiry"), today
        )
    return seen
