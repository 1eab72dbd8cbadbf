"""The demo's agency, books and staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qafila.identity import queries
from qafila.identity.actions.create_user import create_user
from qafila.identity.actions.setup_agency import setup_agency
from qafila.identity.models import User
from qafila.identity.types import PORTAL_ROLES, Role
from qafila.kernel.actor import SYSTEM, Actor
from qafila.ledger.actions.setup_books import setup_books

NAMES = {
    Role.CEO: "Haji Bashir Noor",
    Role.GM: "Samina Noor",
    Role.IT_ADMIN: "Tanveer Lone",
    Role.ADMIN_HR: "Rukhsana Shah",
    Role.SALES_MANAGER: "Imran Qureshi",
    Role.SALES_EXECUTIVE: "Nida Bhat",
    Role.B2B_MANAGER: "Faisal Mir",
    Role.B2B_EXECUTIVE: "Hina Dar",
    Role.OPS_MANAGER: "Yusuf Rather",
    Role.OPS_EXECUTIVE: "Zoya Malik",
    Role.TICKET_MANAGER: "Aslam Wani",
    Role.VISA_OFFICER: "Sadia Khan",
    Role.TRAVEL_AGENT: "Omar Sheikh",
    Role.APPROVER: "Khalid Zargar",
    Role.FINANCE_MANAGER: "Shabnam Ganai",
    Role.ACCOUNTANT: "Irfan Parray",
    Role.CASHIER: "Mehwish Lone",
    Role.AUDITOR: "R. K. Menon",
}


@dataclass(frozen=True)
class Person:
    """One of the demo's log-ins and what it may."""

    email: str
    actor: Actor


def people(agency: dict[str, Any], password: str) -> dict[str, Person]:
    """The agency with its branches and books, and one person for each staff role; what is there stays."""
    month, day = (int(part) for part in agency["fiscal_year_start"].split("-"))
    setup_agency(
        actor=SYSTEM,
        name=agency["name"],
        base_currency=agency["base_currency"],
        country=agency["country"],
        state_code=agency["state_code"],
        gstin=agency["gstin"],
        pan=agency["pan"],
        fiscal_year=(month, day),
        address="Residency Road\nSrinagar 190001, Jammu and Kashmir",
        phone="+911942450000",
        email="desk@noorqafila.example",
        branches=[{**branch, "state_code": agency["state_code"]} for branch in agency["branches"]],
    )
    setup_books(actor=SYSTEM)
    home = agency["branches"][0]["code"]
    return {role.value: _person(role, password, home) for role in Role if role not in PORTAL_ROLES}


def _person(role: Role, password: str, branch: str) -> Person:
    email = f"{role.value.lower().replace('_', '.')}@noorqafila.example"
    user_id = User.objects.filter(email=email).values_list("pk", flat=True).first()
    if user_id is None:
        user_id = create_user(
            actor=SYSTEM, email=email, name=NAMES[role], roles=[role], password=password, branch_code=branch
        )
    return Person(email, queries.actor_of(user_id))
