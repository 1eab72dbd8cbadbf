"""What the parties room hands to other rooms, and takes from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from qafila.parties.rules import shown_phone


@dataclass(frozen=True)
class PersonIn:
    """A person as a booking knows them: who becomes a customer, or renews one, by passport. Empty says nothing new."""

    first_name: str
    last_name: str = ""
    passport_no: str = ""
    title: str = ""
    father_name: str = ""
    gender: str = ""
    date_of_birth: date | None = None
    passport_issued: date | None = None
    passport_expiry: date | None = None
    nationality: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class ContactRow:
    """What is known of all three. `balance` is what they owe (negative: we owe them) in `currency`, the agency's own;
    None when the asker may not see it."""

    id: int
    code: str
    name: str
    phone: str
    email: str
    address: str
    city: str
    state_code: str
    country: str
    pan: str
    gstin: str
    notes: str
    is_active: bool
    version: int
    created_at: datetime
    balance: Decimal | None

    @property
    def phone_shown(self) -> str:
        return shown_phone(self.phone)

    @property
    def status(self) -> str:
        return "active" if self.is_active else "inactive"

    @property
    def status_label(self) -> str:
        return self.status.capitalize()

    @property
    def status_tone(self) -> str:
        return "green" if self.is_active else "grey"


@dataclass(frozen=True)
class CustomerRow(ContactRow):
    """Who buys and is billed."""

    kind: str
    title: str
    first_name: str
    last_name: str
    father_name: str
    gender: str
    date_of_birth: date | None
    passport_no: str | None
    passport_issued: date | None
    passport_expiry: date | None
    nationality: str
    credit_limit: Decimal
    payment_terms_days: int
    credit_hold: bool
    currency: str


@dataclass(frozen=True)
class AgentRow(ContactRow):
    """A partner that resells."""

    contact_person: str
    commission_rate: Decimal
    credit_limit: Decimal
    payment_terms_days: int
    currency: str


@dataclass(frozen=True)
class SupplierRow(ContactRow):
    """Whom the agency buys from. `currency` is the supplier's; the balance is in the agency's own."""

    category: str
    airline_code: str
    contact_person: str
    currency: str
    base_currency: str

    @property
    def category_label(self) -> str:
        return self.category.capitalize()
