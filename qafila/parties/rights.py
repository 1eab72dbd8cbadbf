"""Who may do what with customers, partners and suppliers. Source: roles.md."""

from __future__ import annotations

from qafila.identity.types import Right, Role

_SELLERS = (Role.SALES_MANAGER, Role.SALES_EXECUTIVE, Role.B2B_MANAGER, Role.TRAVEL_AGENT)
_BOOKS = (Role.FINANCE_MANAGER, Role.ACCOUNTANT)

RIGHTS = [
    Right("customers.view", "See customers", (*_SELLERS, Role.OPS_MANAGER, Role.VISA_OFFICER, *_BOOKS, Role.CASHIER)),
    Right("customers.create", "Enter customers", _SELLERS),
    Right("customers.edit", "Change customers", _SELLERS),
    Right("customers.delete", "Delete customers", (Role.SALES_MANAGER,)),
    Right("customers.ledger", "See what customers owe and paid", (Role.SALES_MANAGER, *_BOOKS)),
    Right("agents.view", "See partners", (Role.SALES_MANAGER, Role.B2B_MANAGER, Role.B2B_EXECUTIVE, *_BOOKS)),
    Right("agents.create", "Enter partners", (Role.B2B_MANAGER,)),
    Right("agents.edit", "Change partners", (Role.B2B_MANAGER, Role.B2B_EXECUTIVE)),
    Right("agents.delete", "Delete partners", (Role.B2B_MANAGER,)),
    Right("agents.ledger", "See what partners owe and paid", (Role.B2B_MANAGER, *_BOOKS)),
    Right("suppliers.view", "See suppliers", (Role.OPS_MANAGER, *_BOOKS)),
    Right("suppliers.create", "Enter suppliers", (Role.OPS_MANAGER,)),
    Right("suppliers.edit", "Change suppliers", (Role.OPS_MANAGER,)),
    Right("suppliers.delete", "Delete suppliers", (Role.OPS_MANAGER,)),
]
