"""What each supplier's adapter is told. Secrets never show in `repr`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

World = Literal["live", "test", "simulated"]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `whole` ends an exchange however slowly its bytes drip; `size`: the most bytes of a reply, unpacked."""

    connect: float = 5.0
    read: float = 60.0
    whole: float = 90.0
    size: int = 24 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Version:
    """One message as a customer's WSDL has it: the SOAPAction's last part and the namespace of the request body."""

    action: str  # PNRRET_17_1_1A
    namespace: str  # http://xml.amadeus.com/PNRRET_17_1_1A


@dataclass(frozen=True, slots=True)
class AmadeusSettings:
    """An Amadeus Web Services access point (WSAP) and the office that works through it."""

    endpoint: str
    user: str
    password: str = field(repr=False)
    office: str
    code: str = "amadeus"
    world: World = "test"
    duty_code: str = "SU"
    pos_type: str = "1"
    requestor_type: str = "U"
    office_zone: str = ""  # IANA; empty: the zone of the office's city
    currency: str = ""  # of prices; empty: the office's own
    received_from: str = "QAFILA"
    agency_phone: str = field(default="", repr=False)
    form_of_payment: str = "CASH"
    versions: Mapping[str, Version] = field(default_factory=lambda: MappingProxyType({}))  # over the defaults
    patience: Patience = Patience()


@dataclass(frozen=True, slots=True)
class DuffelSettings:
    """A Duffel organisation, by its token."""

    token: str = field(repr=False)
    base: str
    code: str = "duffel"
    world: World = "test"
    version: str = "v2"
    webhook_secret: str = field(default="", repr=False)
    hold_type: str = "hold"  # the API's types say pay_later, its guide says hold
    payment_type: str = "balance"  # or arc_bsp_cash
    patience: Patience = Patience()


@dataclass(frozen=True, slots=True)
class ManualSettings:
    """A supplier whose locators and ticket numbers a person types."""

    code: str = "manual"
    world: World = "live"
    currency: str = "INR"
    zone: str = "Asia/Kolkata"
