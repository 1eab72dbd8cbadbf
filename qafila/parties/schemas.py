"""What a request may say of customers, partners and suppliers: the same for the API and the forms."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Field
from pydantic import StringConstraints

from qafila.kernel.http import Envelope, In, LongText, Out, Paging
from qafila.kernel.money import Amount, AmountIn, Currency

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30), Field(examples=["+919906039378"])]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), Field(examples=["a@example.com"])]
Code2 = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=2)]
Code3 = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=3)]
TaxNo = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=15)]
Passport = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30), Field(examples=["U1022552"])]
Days = Annotated[int, Field(ge=0, le=365)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
CustomerKind = Literal["walk_in", "corporate", "family_head"]
Gender = Literal["", "M", "F"]
Category = Literal["ticketing", "hotel", "transport", "food", "visa", "general"]


class ContactIn(In):
    """Where to reach them and their tax numbers. A GSTIN fills state and PAN where those are empty."""

    phone: Phone = ""
    email: Email = ""
    address: LongText = ""
    city: Short = ""
    state_code: Code2 = ""
    country: Code2 = ""
    pan: TaxNo = ""
    gstin: TaxNo = ""
    notes: LongText = ""
    is_active: bool = True


class CustomerIn(ContactIn):
    """A new customer. The passport of a deleted one revives them; that of a live one is a conflict."""

    first_name: PersonName
    last_name: Short = ""
    kind: CustomerKind = "walk_in"
    title: Title = ""
    father_name: Short = ""
    gender: Gender = ""
    date_of_birth: date | None = None
    passport_no: Passport | None = None
    passport_issued: date | None = None
    passport_expiry: date | None = None
    nationality: Code3 = ""
    credit_limit: AmountIn = Decimal(0)
    payment_terms_days: Days = 0
    credit_hold: bool = False


class AgentIn(ContactIn):
    """A new partner, by company name."""

    name: Name
    contact_person: Short = ""
    commission_rate: Percent = Decimal(0)
    credit_limit: AmountIn = Decimal(0)
    payment_terms_days: Days = 0


class SupplierIn(ContactIn):
    """A new supplier. `airline_code` where the supplier is an airline."""

    name: Name
    category: Category
    currency: Currency = "INR"
    airline_code: Code3 = ""
    contact_person: Short = ""


class ContactChange(In):
    """Only what is sent changes. `version` (or the header If-Match): refused when somebody changed the row since."""

    version: Version | None = None
    phone: Phone = ""
    email: Email = ""
    address: LongText = ""
    city: Short = ""
    state_code: Code2 = ""
    country: Code2 = ""
    pan: TaxNo = ""
    gstin: TaxNo = ""
    notes: LongText = ""
    is_active: bool = True


class CustomerChange(ContactChange):
    first_name: PersonName = ""
    last_name: Short = ""
    kind: CustomerKind = "walk_in"
    title: Title = ""
    father_name: Short = ""
    gender: Gender = ""
    date_of_birth: date | None = None
    passport_no: Passport | None = None
    passport_issued: date | None = None
    passport_expiry: date | None = None
    nationality: Code3 = ""
    credit_limit: AmountIn = Decimal(0)
    payment_terms_days: Days = 0
    credit_hold: bool = False


class AgentChange(ContactChange):
    name: Name = ""
    contact_person: Short = ""
    commission_rate: Percent = Decimal(0)
    credit_limit: AmountIn = Decimal(0)
    payment_terms_days: Days = 0


class SupplierChange(ContactChange):
    name: Name = ""
    category: Category = "general"
    currency: Currency = "INR"
    airline_code: Code3 = ""
    contact_person: Short = ""


class ContactOut(Out):
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
    balance: Amount | None


class CustomerOut(ContactOut):
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
    credit_limit: Amount
    payment_terms_days: int
    credit_hold: bool
    currency: str


class AgentOut(ContactOut):
    contact_person: str
    commission_rate: Amount
    credit_limit: Amount
    payment_terms_days: int
    currency: str


class SupplierOut(ContactOut):
    category: str
    airline_code: str
    contact_person: str
    currency: str
    base_currency: str


class StatementLineOut(Out):
    """One line: `balance` is what stands after it, debit over credit (negative: we owe them)."""

    entry_id: int
    number: str
    date: date
    account: str
    account_name: str
    narration: str
    memo: str
    booking_id: int | None
    debit: Amount
    credit: Amount
    balance: Amount


class StatementOut(Envelope[StatementLineOut]):
    """One page of a statement, oldest first, in the agency's currency."""

    currency: str
    opening: Amount
    closing: Amount
    debits: Amount
    credits: Amount


class PartyStatementFilter(Paging):
    since: date | None = None
    until: date | None = None


class PartyFilter(Paging):
    status: Literal["", "active", "inactive"] = ""


class CustomerFilter(PartyFilter):
    kind: Literal["", "walk_in", "corporate", "family_head"] = ""


class SupplierFilter(PartyFilter):
    category: Literal["", "ticketing", "hotel", "transport", "food", "visa", "general"] = ""


class PassportIn(In):
    """The machine-readable lines of a passport, as pasted or scanned: two lines, or one text with line ends."""

    lines: Annotated[list[Annotated[str, StringConstraints(max_length=400)]], Field(min_length=1, max_length=6)]


class PassportOut(Out):
    """What the lines say, and who has this passport already."""

    surname: str
    given_names: str
    passport_no: str
    nationality: str
    issuing_state: str
    date_of_birth: date | None
    gender: str
    expiry: date
    customer_id: int | None = None
    customer_name: str = ""
    phone: str = ""
