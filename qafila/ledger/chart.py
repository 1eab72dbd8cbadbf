"""The chart of accounts a travel agency starts with. Source: ledger.md, 2; groups and children are ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["asset", "liability", "equity", "income", "expense"]


@dataclass(frozen=True)
class Account:
    """An account of the template: its group's code, and whether lines on it name a party (`control`)."""

    code: str
    name: str
    kind: Kind
    parent: str | None = None
    is_group: bool = False
    control: str = ""
    cash_or_bank: str = ""


def _under(parent: str, kind: Kind, *accounts: tuple[str, str] | tuple[str, str, str]) -> list[Account]:
    return [Account(a[0], a[1], kind, parent, control=a[2] if len(a) == 3 else "") for a in accounts]


def _group(code: str, name: str, kind: Kind, parent: str | None = None) -> Account:
    return Account(code, name, kind, parent, is_group=True)


CASH, BANK = "1001", "1010"

CHART: list[Account] = [
    _group("1000", "Assets", "asset"),
    _group(CASH, "Cash in hand", "asset", "1000"),
    _group(BANK, "Bank", "asset", "1000"),
    Account("1010-01", "Bank account", "asset", BANK, cash_or_bank="bank"),
    *_under("1000", "asset", ("1015", "Gateway clearing")),
    _group("1100", "Receivables", "asset", "1000"),
    *_under(
        "1100",
        "asset",
        ("1101", "Accounts receivable, customers", "customer"),
        ("1102", "Accounts receivable, agents", "agent"),
        ("1109", "Commission receivable"),
    ),
    _group("1160", "Input taxes", "asset", "1000"),
    *_under("1160", "asset", ("1161", "VAT input"), ("1400", "GST input credit")),
    _group("1300", "Stock and deferred cost", "asset", "1000"),
    *_under("1300", "asset", ("1310", "Stock-in-hand, seats and rooms"), ("1320", "Cost deferred to the service date")),
    *_under("1000", "asset", ("1501", "Supplier deposits", "supplier")),
    _group("2000", "Liabilities", "liability"),
    _group("2010", "Payables", "liability", "2000"),
    *_under(
        "2010",
        "liability",
        ("2011", "BSP payable", "supplier"),
        ("2021", "Suppliers payable", "supplier"),
        ("2025", "Stock received, not yet billed", "supplier"),
        ("2501", "Agent commission payable", "agent"),
    ),
    _group("2030", "Deferred revenue", "liability", "2000"),
    *_under(
        "2030",
        "liability",
        ("2031", "Deferred air revenue"),
        ("2032", "Deferred tour revenue"),
        ("2033", "Deferred hotel revenue"),
        ("2034", "Deferred ground revenue"),
        ("2035", "Deferred other revenue"),
    ),
    _group("2040", "Money of customers and agents", "liability", "2000"),
    *_under(
        "2040",
        "liability",
        ("2041", "Refunds payable", "any"),
        ("2051", "Customer advances and wallet", "customer"),
        ("2055", "Agent advances, on account", "agent"),
    ),
    _group("2060", "Taxes payable", "liability", "2000"),
    _group("2061", "VAT / GST output", "liability", "2060"),
    *_under(
        "2061",
        "liability",
        ("2061-C", "CGST output"),
        ("2061-S", "SGST output"),
        ("2061-I", "IGST output"),
        ("2061-V", "VAT output"),
    ),
    *_under(
        "2060",
        "liability",
        ("2065", "TCS payable"),
        ("2066", "GST on advances"),
        ("2401", "TDS payable"),
    ),
    *_under("2000", "liability", ("2071", "ADM provision")),
    _group("3000", "Equity", "equity"),
    *_under("3000", "equity", ("3001", "Capital"), ("3101", "Retained earnings")),
    _group("4000", "Income", "income"),
    *_under(
        "4000",
        "income",
        ("4011", "Air commission earned"),
        ("4012", "Seat sales to partners"),
        ("4013", "Air sales, principal"),
        ("4022", "Tour revenue"),
        ("4031", "Service fees"),
        ("4041", "Cancellation and penalty income"),
    ),
    _group("5000", "Direct costs", "expense"),
    *_under(
        "5000",
        "expense",
        ("5045", "BSP variance"),
        ("5046", "ADM and ACM"),
        ("5101", "Hotel purchases"),
        ("5102", "Flight purchases"),
        ("5103", "Meals"),
        ("5104", "Ground transport"),
        ("5105", "Visa costs"),
        ("5106", "Group expenses, miscellaneous"),
        ("5107", "Deposits forfeited"),
        ("5108", "Seats and rooms lapsed"),
        ("5109", "Air purchases, principal"),
        ("5201", "Agent commission"),
    ),
    _group("7000", "Exchange gains", "income"),
    *_under("7000", "income", ("7001", "FX gain, realised"), ("7011", "FX gain, unrealised")),
    _group("7020", "Losses and differences", "expense"),
    *_under(
        "7020",
        "expense",
        ("7002", "FX loss, realised"),
        ("7012", "FX loss, unrealised"),
        ("7021", "Rounding"),
        ("7022", "Drawer difference"),
        ("7031", "Bad debt"),
    ),
]
