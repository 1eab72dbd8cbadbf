"""`qafila air`: a whole order from the command line, through any adapter. Needs DATA_DIR only, no database.

Exit codes: 0 done, 1 refused (with the supplier's code and words), 2 typed wrong, 3 not known yet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date as date_
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from qafila.air import demo_people, shown, typed
from qafila.air.cli_typed import Words, typing, words
from qafila.air.cli_typed import offer as typed_offer
from qafila.air.counter import Counter, NotYet, as_data
from qafila.air.counter import typed as refusing
from qafila.air.gateways.errors import SupplierError
from qafila.air.gateways.outcomes import Done, Unknown
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.values import Cabin, CouponStatus, Document, Offer, PassengerType, SearchQuery, Slice
from qafila.kernel import clock
from qafila.kernel.errors import Refusal

P = ParamSpec("P")
DEAD = {CouponStatus.VOID, CouponStatus.REFUNDED, CouponStatus.EXCHANGED}

as_json = click.option("--json", "in_json", is_flag=True, help="As JSON, for programs.")
supplier_option = click.option("--supplier", "supplier_code", metavar="CODE", help="amadeus, duffel, manual …")
order_argument = click.argument("order", required=False, metavar="[ORDER]")
sure_option = click.option("--yes", is_flag=True, help="Do not ask, where a supplier is live.")
settled_option = click.option(
    "--none-issued", is_flag=True, help="The airline says that an issue which is not known yet made no ticket."
)


@contextmanager
def counter() -> Iterator[Counter]:
    """The counter of this command. A supplier that does not answer is a sentence and exit code 1, never a traceback."""
    context = click.get_current_context()
    opened = Counter(context.find_object(Path) or Path("var"))
    try:
        yield opened
    except SupplierError as error:
        words = " ".join(
            word for word in (error.supplier_code, error.supplier_text) if word and word not in error.detail
        )
        click.echo(error.detail + (f" [{words}]" if words else ""), err=True)
        context.exit(1)
    except Refusal as error:
        click.echo(error.detail, err=True)
        context.exit(1)
    finally:
        opened.close()


def at_the_counter(command: Callable[..., int | None]) -> Callable[..., None]:
    """A command that works with suppliers; what it returns is the exit code."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        with counter() as opened:
            status = command(opened, *args, **kwargs)
        click.get_current_context().exit(status or 0)

    return run


@click.group("air")
def air() -> None:
    """The commands below; `config.cli` hangs them into `qafila` and says where the data are."""


# -- search and hold --------------------------------------------------------------------------------------------------


@air.command()
@click.argument("origin", metavar="FROM")
@click.argument("destination", metavar="TO")
@click.argument("date")
@click.option(
    "--also",
    nargs=3,
    multiple=True,
    metavar="FROM TO DATE",
    help="One more flight after it, in another place too; repeat.",
)
@click.option("--return", "back", metavar="DATE", help="The day of the flight back, from where the last one ends.")
@click.option("--adults", default=1, show_default=True, type=click.IntRange(1, 9))
@click.option("--children", default=0, type=click.IntRange(0, 8), help="2 to 11 years old on the last day.")
@click.option("--infants", default=0, type=click.IntRange(0, 9), help="Under 2, on an adult's lap.")
@click.option("--cabin", type=click.Choice([cabin.value for cabin in Cabin]))
@click.option("--direct", is_flag=True, help="Without a change of planes.")
@click.option("--carrier", "carriers", multiple=True, metavar="XX", help="Only this airline; repeat.")
@click.option("--currency", metavar="ISO", help="Of the offers; an order is priced in the office's.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@supplier_option
@as_json
@at_the_counter
def search(
    desk: Counter,
    origin: str,
    destination: str,
    date: str,
    also: tuple[tuple[str, str, str], ...],
    back: str | None,
    adults: int,
    children: int,
    infants: int,
    cabin: str | None,
    direct: bool,
    carriers: tuple[str, ...],
    currency: str | None,
    limit: int,
    supplier_code: str | None,
    in_json: bool,
) -> None:
    """Offers from FROM to TO on DATE (2027-01-18 or 18JAN27), cheapest first, numbered for `hold`.

    \b
    There and back:             SXR JED 2027-01-18 --return 2027-02-01
    Home from another place:    SXR JED 2027-01-18 --also MED SXR 2027-02-01
    Several places:             SXR DXB 2027-01-18 --also DXB JED 2027-01-20 --also MED SXR 2027-02-01
    """
    slices = _slices(origin, destination, date, also, back)
    if adults + children > 9:
        raise click.BadParameter("one booking has at most 9 seats.", param_hint="--children")
    if infants > adults:
        raise click.BadParameter("each infant sits with an adult of its own.", param_hint="--infants")
    for carrier in carriers:
        if len(carrier) != 2 or not carrier.isalnum():
            raise click.BadParameter(f"{carrier} is no airline's two letters, such as SV.", param_hint="--carrier")
    if currency and (len(currency) != 3 or not currency.isalpha()):
        raise click.BadParameter(f"{currency} is no currency's three letters, such as INR.", param_hint="--currency")
    query = SearchQuery(
        slices=slices, adults=adults, children=children, infants=infants, cabin=Cabin(cabin) if cabin else None,
        direct_only=direct, carriers=tuple(carrier.upper() for carrier in carriers),
        currency=currency.upper() if currency else None, limit=limit,
    )  # fmt: skip
    supplier = desk.supplier(supplier_code)
    offers = supplier.search(query)[:limit]
    desk.desk.remember_search(supplier.code, query, offers)
    if in_json:
        click.echo(json.dumps([{"number": n, **as_data(offer)} for n, offer in enumerate(offers, 1)], indent=2))
    else:
        click.echo(shown.offers(query, offers, supplier.code))


def _slices(
    origin: str, destination: str, date: str, also: tuple[tuple[str, str, str], ...], back: str | None
) -> tuple[Slice, ...]:
    """The journey as it is flown: the first flight, those of --also, the one back to where it began."""
    today = clock.today()
    found = [_slice(origin, destination, date, "FROM", "TO", "DATE", today)]
    if found[0].date < today - timedelta(days=1):  # it may still be yesterday there
        raise click.BadParameter(f"{found[0].date:%d %b %Y} is past.", param_hint="DATE")
    for start, end, on in also:
        found.append(_slice(start, end, on, "--also", "--also", "--also", found[-1].date))
    if back:
        if found[-1].destination == found[0].origin:
            raise click.BadParameter(f"the journey is back in {found[0].origin} without it.", param_hint="--return")
        found.append(_slice(found[-1].destination, found[0].origin, back, "", "", "--return", found[-1].date))
    if len(found) > 6:
        raise click.BadParameter("a journey has at most six flights of its own.", param_hint="--also")
    for before, after, option in zip(found, found[1:], ["--also"] * len(also) + ["--return"], strict=False):
        if after.date < before.date:
            order = "earlier than the flight before it" if also else "before the flight out"
            raise click.BadParameter(f"{after.date:%d %b %Y} is {order}.", param_hint=option)
    return tuple(found)


def _slice(origin: str, destination: str, date: str, start: str, end: str, on: str, today: date_) -> Slice:
    """One flight as it was typed; `start`, `end` and `on` are the options that are named when it is wrong."""
    with refusing(start):
        leaves = typed.place(origin)
    with refusing(end):
        lands = typed.place(destination)
    if leaves == lands:
        what = "the journey" if end == "TO" else "the flight"
        raise click.BadParameter(f"{lands} is where {what} begins.", param_hint=end)
    with refusing(on):
        return Slice(leaves, lands, typed.day(date, today=today))


@air.command()
@click.argument("offer_number", metavar="[OFFER]", type=click.IntRange(1), required=False)
@click.option("--traveller", "people", multiple=True, metavar="TEXT", help="One traveller; repeat. See above.")
@click.option(
    "--travellers", "file", type=click.File("rb"), metavar="FILE", help="All of them, JSON or CSV; - reads them."
)
@click.option("--demo-travellers", is_flag=True, help="Made-up people for trying things out.")
@supplier_option
@words("locator", "flights", "total", "time_limit")
@as_json
@at_the_counter
def hold(
    desk: Counter,
    offer_number: int | None,
    people: tuple[str, ...],
    file: Any,
    demo_travellers: bool,
    supplier_code: str | None,
    words: Words,
    in_json: bool,
) -> int:
    """Keep the seats of OFFER (its number in the last search) until its time limit. No money moves.

    A traveller is typed as the passport says it; what is left out is not asked for:

    \b
    --traveller "MR Ahmad Dar 1980-03-04 passport=M1234567/IN/2032-05-01 phone=+919419000000"
    --traveller "DAR/SARA MISS 12MAR26 with=1"

    ADT, CHD or INF follows from the date of birth, or is typed in front. nationality=, gender=, email= may follow. What
    is typed here can be read by others on this computer: --travellers FILE (CSV with first_name, last_name, birth_date,
    passport, …, or JSON) is the better way for real people.

    What was booked on another screen is typed: --supplier manual --locator ABC123, with --flight and --total, or with
    the OFFER it was.
    """
    query, offer, supplier = _offer(desk, offer_number, supplier_code, words)
    flies = offer.segments[-1].arrives.date()
    if demo_travellers + bool(people) + (file is not None) != 1:
        raise click.UsageError("Say who flies: --traveller for each, or --travellers FILE, or --demo-travellers.")
    with refusing("--travellers" if file else "--traveller"):
        if demo_travellers:
            written = demo_people.travellers(query.travellers() if query else [PassengerType.ADULT], flies)
        elif file:
            written = typed.from_file(file.read(), getattr(file, "name", "-"))
        else:
            written = tuple(typed.from_words(text, f"traveller {n}") for n, text in enumerate(people, 1))
        wanted = query.travellers() if query else None
        travellers = typed.travellers(written, wanted, flies=flies, today=clock.today())
    key = desk.attempt("HOLD", supplier)
    outcome = supplier.hold(offer, travellers, key)
    if isinstance(outcome, Done):
        desk.desk.saw_snapshot(outcome.value)
    elif isinstance(outcome, Unknown) and outcome.ref:
        desk.desk.saw(outcome.ref)
    return desk.tell(outcome, _named(offer), shown.order, key=key, as_json=in_json)


def _offer(
    desk: Counter, number: int | None, supplier_code: str | None, words: Words
) -> tuple[SearchQuery | None, Offer, Supplier]:
    """What is to be held and where: an offer of the last search, or what a person typed."""
    query = found = None
    if number is not None:
        with refusing("OFFER"):
            query, found = desk.desk.offer(number)
    elif supplier_code is None:
        raise click.UsageError("Say what to hold: the number of an offer of the last search.")
    supplier = desk.of(found.supplier) if found and not supplier_code else desk.supplier(supplier_code)
    if found is None or found.supplier != supplier.code:
        found = typed_offer(supplier, words, found)
        return query, found, typing(supplier, replace(words, flights=()))
    return query, found, typing(supplier, words)


def _named(offer: Offer) -> str:
    return "Holding " + ", ".join(f"{s.carrier} {s.number} {s.origin}-{s.destination}" for s in offer.segments)


# -- price and issue --------------------------------------------------------------------------------------------------


@air.command()
@order_argument
@supplier_option
@settled_option
@words("total")
@as_json
@at_the_counter
def price(
    desk: Counter, order: str | None, supplier_code: str | None, none_issued: bool, words: Words, in_json: bool
) -> int:
    """What ORDER costs now; `issue` asks for this price."""
    supplier, ref = desk.order(order, supplier_code)
    desk.settled(ref, none_issued)  # a new price may be issued again: nothing at a supplier would stop it
    supplier = typing(supplier, words)
    outcome = supplier.price(ref)
    if isinstance(outcome, Done):
        desk.desk.saw_priced(outcome.value)
    return desk.tell(outcome, f"Pricing {ref}", shown.priced, key="", as_json=in_json)


@air.command()
@order_argument
@supplier_option
@words("tickets")
@sure_option
@as_json
@at_the_counter
def issue(desk: Counter, order: str | None, supplier_code: str | None, words: Words, yes: bool, in_json: bool) -> int:
    """Issue every traveller's ticket of ORDER, once, at the price that `price` told."""
    supplier, ref = desk.order(order, supplier_code)
    known = desk.desk.order_of(ref)
    priced = known.priced
    if priced is None:
        raise NotYet(f"{ref} has no price here yet: qafila air price {ref}")
    supplier = typing(supplier, words, supplier.retrieve(ref) if words.tickets else None)
    key = desk.attempt("ISSUE", supplier, sure=yes, what=f"issues the tickets of {ref} for {priced.total}")
    desk.desk.undecided(ref, key)  # before it is sent: this process may end in the middle of it
    outcome = supplier.issue(ref, priced, key)
    if isinstance(outcome, Done):
        desk.desk.forget(ref)
    elif not (isinstance(outcome, Unknown) and outcome.sent):
        desk.desk.undecided(ref, known.undecided)  # this one made nothing; an earlier one still may have
    return desk.tell(outcome, f"Issuing {ref}", lambda issued: shown.order(issued.snapshot), key=key, as_json=in_json)


@air.command()
@order_argument
@supplier_option
@as_json
@at_the_counter
def retrieve(desk: Counter, order: str | None, supplier_code: str | None, in_json: bool) -> None:
    """The supplier's own record of ORDER: travellers, flights, tickets, time limits."""
    supplier, ref = desk.order(order, supplier_code)
    snapshot = supplier.retrieve(ref)
    desk.desk.saw_snapshot(snapshot)
    click.echo(json.dumps(as_data(snapshot), indent=2) if in_json else shown.order(snapshot))


def live_documents(documents: tuple[Document, ...], named: tuple[str, ...]) -> tuple[Document, ...]:
    """The documents a person named, or all that are neither void nor given back. Refuses: BadParameter."""
    wanted = {"".join(c for c in number if c.isalnum()) for number in named}
    found = tuple(d for d in documents if (d.number in wanted if wanted else d.status not in DEAD))
    missing = wanted - {document.number for document in found}
    if missing:
        known = ", ".join(document.number for document in documents) or "none"
        raise click.BadParameter(
            f"{', '.join(missing)} is no document of this order; it has {known}.", param_hint="TICKET"
        )
    if not found:
        raise NotYet("This order has no ticket that could be undone.")
    return found
