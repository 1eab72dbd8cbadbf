"""`qafila air void`, `refund-quote`, `refund`, `cancel`: what undoes an order, in the order in which it is allowed."""

from __future__ import annotations

import json
import re

import click

from qafila.air import shown
from qafila.air.cli import (
    air,
    as_json,
    at_the_counter,
    live_documents,
    order_argument,
    settled_option,
    supplier_option,
    sure_option,
)
from qafila.air.cli_typed import Words, typing, words
from qafila.air.counter import UNKNOWN, Counter, NotYet, as_data
from qafila.air.gateways.errors import Unsupported
from qafila.air.gateways.outcomes import Done

_TICKET = re.compile(r"\d{3}[ -]?\d{10}")


def named(order: str | None, tickets: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """A ticket number where an order could stand is of the last order."""
    return (None, (order, *tickets)) if order and _TICKET.fullmatch(order) else (order, tickets)


ticket_argument = click.argument("tickets", nargs=-1, metavar="[TICKET]...")


@air.command()
@order_argument
@ticket_argument
@supplier_option
@sure_option
@as_json
@at_the_counter
def void(
    desk: Counter, order: str | None, tickets: tuple[str, ...], supplier_code: str | None, yes: bool, in_json: bool
) -> int:
    """Void the tickets of ORDER, or only the named ones, on the day of their issue."""
    order, tickets = named(order, tickets)
    supplier, ref = desk.order(order, supplier_code)
    if not supplier.capabilities.void:
        raise Unsupported(
            f"{supplier.code} has no void. What a refund would give: qafila air refund-quote {ref}",
            supplier=ref.supplier,
        )
    worst = 0
    documents = live_documents(supplier.retrieve(ref).documents, tickets)
    for document in documents:
        key = desk.attempt("VOID", supplier, sure=yes, what=f"voids {document.number}")
        outcome = supplier.void(ref, document, key)
        what = f"Voiding {document.number}"
        worst = max(worst, desk.tell(outcome, what, lambda d: f"Void: {d.number}", key=key, as_json=in_json))
        if worst == UNKNOWN:  # whatever is wrong there, the next ticket would meet it too
            break
    desk.desk.saw(ref)
    return worst


@air.command("refund-quote")
@order_argument
@ticket_argument
@supplier_option
@words("refund", "penalty", "used", "reference")
@as_json
@at_the_counter
def refund_quote(
    desk: Counter, order: str | None, tickets: tuple[str, ...], supplier_code: str | None, words: Words, in_json: bool
) -> None:
    """What a refund of ORDER's tickets would give; nothing is done. `refund` carries it out."""
    order, tickets = named(order, tickets)
    supplier, ref = desk.order(order, supplier_code)
    supplier = typing(supplier, words)
    quote = supplier.refund_quote(ref, live_documents(supplier.retrieve(ref).documents, tickets))
    desk.desk.saw_quote(quote)
    click.echo(json.dumps(as_data(quote), indent=2) if in_json else shown.quoted(quote))


@air.command()
@order_argument
@supplier_option
@sure_option
@as_json
@at_the_counter
def refund(desk: Counter, order: str | None, supplier_code: str | None, yes: bool, in_json: bool) -> int:
    """Carry out the refund that `refund-quote` told, at these figures or not at all."""
    supplier, ref = desk.order(order, supplier_code)
    quote = desk.desk.order_of(ref).quote
    if quote is None:
        raise NotYet(f"{ref} has no quote here yet: qafila air refund-quote {ref}")
    what = f"refunds {', '.join(quote.documents)} for {quote.refund or 'an unknown amount'}"
    key = desk.attempt("REFUND", supplier, sure=yes, what=what)
    outcome = supplier.refund(quote, key)
    if isinstance(outcome, Done):
        desk.desk.forget(ref)
    return desk.tell(outcome, f"Refunding {ref}", shown.refunded, key=key, as_json=in_json)


@air.command()
@order_argument
@supplier_option
@sure_option
@settled_option
@as_json
@at_the_counter
def cancel(
    desk: Counter, order: str | None, supplier_code: str | None, yes: bool, none_issued: bool, in_json: bool
) -> int:
    """Let the seats of ORDER go. Its tickets must be void or refunded first."""
    supplier, ref = desk.order(order, supplier_code)
    desk.settled(ref, none_issued)
    key = desk.attempt("CANCEL", supplier, sure=yes, what=f"cancels {ref}")
    outcome = supplier.cancel(ref, key)
    if isinstance(outcome, Done):
        desk.desk.saw_snapshot(outcome.value)
    return desk.tell(outcome, f"Cancelling {ref}", shown.order, key=key, as_json=in_json)
