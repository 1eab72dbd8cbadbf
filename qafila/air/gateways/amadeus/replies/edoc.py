"""Ticket_ProcessEDocReply: the coupons of a document and how they stand."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.air.gateways.amadeus.problems import Problem
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.values import Document


@dataclass(frozen=True, slots=True)
class EdocReply:
    """The documents with their coupons; `status` of a document sums up its coupons."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]

    def of(self, number: str) -> Document | None:
        """One document by its 13 digits."""
        return next((document for document in self.documents if document.number == number[:13]), None)


def edoc_reply(el: Element) -> EdocReply:
    """The documents of the reply. Raises: Unreadable (another message)."""
    raise NotImplementedError
