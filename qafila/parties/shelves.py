"""The three shelves of the address book: what differs between customers, partners and suppliers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qafila.kernel.search import Found
from qafila.ledger.types import PartyKind
from qafila.parties import checking, rules
from qafila.parties.checking import Faults, Values
from qafila.parties.models import Agent, Customer, Supplier

CONTACT = (
    "phone",
    "email",
    "address",
    "city",
    "state_code",
    "country",
    "pan",
    "gstin",
    "notes",
    "is_active",
)


@dataclass(frozen=True)
class Shelf:
    """One kind of party: its table, its columns, how it is checked, named and found.

    `word` is what people call it; `area` its rights, `entity` its name in the audit trail and the search.
    """

    kind: PartyKind
    word: str
    area: str
    model: type[Customer] | type[Agent] | type[Supplier]
    columns: tuple[str, ...]
    check: Callable[[Mapping[str, Any], Faults], Values]
    name_of: Callable[[Mapping[str, Any]], str]
    found_by: tuple[str, ...]
    path: str

    @property
    def entity(self) -> str:
        return self.kind

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def url(self, party_id: int) -> str:
        return f"{self.path}/{party_id}"

    def checked(self, values: Mapping[str, Any]) -> Values:
        """The values in their written form. Refuses: Invalid with every field at fault."""
        faults = Faults()
        seen = self.check(values, faults)
        faults.settle()
        return seen

    def entry(self, party_id: int, code: str, values: Mapping[str, Any]) -> Found:
        """What the search box finds it by."""
        said = [str(values.get(key) or "") for key in self.found_by]
        name = self.name_of(values)
        subtitle = " · ".join(filter(None, [code, *said[:2]]))
        return Found(party_id, name, subtitle, self.url(party_id), " ".join([name, code, *said]))


def _customer(values: Mapping[str, Any], faults: Faults) -> Values:
    return checking.person(checking.contact(values, faults), faults)


def _company(values: Mapping[str, Any]) -> str:
    return str(values["name"])


def _person(values: Mapping[str, Any]) -> str:
    return rules.full_name(str(values["first_name"]), str(values.get("last_name") or ""))


CUSTOMERS = Shelf(
    kind="customer",
    word="customer",
    area="customers",
    model=Customer,
    columns=(
        *CONTACT,
        "kind",
        "title",
        "first_name",
        "last_name",
        "father_name",
        "gender",
        "date_of_birth",
        "passport_no",
        "passport_issued",
        "passport_expiry",
        "nationality",
        "credit_limit",
        "payment_terms_days",
        "credit_hold",
    ),
    check=_customer,
    name_of=_person,
    found_by=("phone", "passport_no", "email", "city", "gstin", "pan"),
    path="/sales/customers",
)
AGENTS = Shelf(
    kind="agent",
    word="partner",
    area="agents",
    model=Agent,
    columns=(*CONTACT, "contact_person", "commission_rate", "credit_limit", "payment_terms_days"),
    check=checking.contact,
    name_of=_company,
    found_by=("contact_person", "phone", "email", "city", "gstin", "pan"),
    path="/sales/partners",
)
SUPPLIERS = Shelf(
    kind="supplier",
    word="supplier",
    area="suppliers",
    model=Supplier,
    columns=(*CONTACT, "category", "currency", "airline_code", "contact_person"),
    check=checking.contact,
    name_of=_company,
    found_by=("city", "phone", "email", "contact_person", "airline_code", "gstin", "pan"),
    path="/sales/suppliers",
)
SHELVES = (CUSTOMERS, AGENTS, SUPPLIERS)
