"""The vocabulary of who may: roles, and what a room's rights.py declares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CEO = "CEO"
    GM = "GM"
    IT_ADMIN = "IT_ADMIN"
    ADMIN_HR = "ADMIN_HR"
    SALES_MANAGER = "SALES_MANAGER"
    SALES_EXECUTIVE = "SALES_EXECUTIVE"
    B2B_MANAGER = "B2B_MANAGER"
    B2B_EXECUTIVE = "B2B_EXECUTIVE"
    OPS_MANAGER = "OPS_MANAGER"
    OPS_EXECUTIVE = "OPS_EXECUTIVE"
    TICKET_MANAGER = "TICKET_MANAGER"
    VISA_OFFICER = "VISA_OFFICER"
    TRAVEL_AGENT = "TRAVEL_AGENT"
    APPROVER = "APPROVER"
    FINANCE_MANAGER = "FINANCE_MANAGER"
    ACCOUNTANT = "ACCOUNTANT"
    CASHIER = "CASHIER"
    AUDITOR = "AUDITOR"
    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"


EVERYTHING = (Role.CEO, Role.GM, Role.IT_ADMIN)
PORTAL_ROLES = (Role.AGENT, Role.CUSTOMER)


@dataclass(frozen=True)
class Right:
    """One right: its name `area.verb`, what it lets a person do, and the roles that hold it by default.

    CEO, GM and IT_ADMIN hold every right by default, ADMIN_HR and AUDITOR every `.view`; these are not listed.
    `moves_money`: holders must use two-factor log-in.
    """

    name: str
    label: str
    roles: tuple[Role, ...] = ()
    moves_money: bool = False
