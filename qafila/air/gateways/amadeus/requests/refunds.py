"""Ticket_InitRefund, UpdateRefund, ProcessRefund, IgnoreRefund: four steps of one conversation."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.air.gateways.amadeus.requests.parts import maker, root
from qafila.air.gateways.amadeus.versions import version
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.settings import AmadeusSettings

_AUTOMATED = "ATC"
_BUNDLE = "1"


def refund_init(settings: AmadeusSettings, numbers: Sequence[str]) -> Element:
    """Opens a refund record for these documents, the figures worked out by the fare's rules. Nothing is done yet."""
    new = maker(settings, "Ticket_InitRefund")
    return root(
        settings,
        "Ticket_InitRefund",
        new.Contracts(*(new.Contract(Number=number) for number in numbers)),
        new.ActionDetails(new.ActionDetail(Indicator=_AUTOMATED)),
        Version=_number(settings, "Ticket_InitRefund"),
    )


def refund_update(settings: AmadeusSettings, waiver: str) -> Element:
    """Writes an airline's waiver into the record."""
    new = maker(settings, "Ticket_UpdateRefund")
    return root(
        settings,
        "Ticket_UpdateRefund",
        new.ContractBundle(new.WaiverCode(Code=waiver), ID=_BUNDLE),
        Version=_number(settings, "Ticket_UpdateRefund"),
    )


def refund_process(settings: AmadeusSettings) -> Element:
    """Carries the record out: this is the refund."""
    return root(settings, "Ticket_ProcessRefund", Version=_number(settings, "Ticket_ProcessRefund"))


def refund_ignore(settings: AmadeusSettings) -> Element:
    """Drops the record."""
    return root(settings, "Ticket_IgnoreRefund", Version=_number(settings, "Ticket_IgnoreRefund"))


def _number(settings: AmadeusSettings, message: str) -> str:
    """`3.000` of Ticket_InitRefund_3.0."""
    major = version(settings, message).action.rpartition("_")[2].partition(".")[0]
    return f"{major}.000" if major.isdigit() else "3.000"
