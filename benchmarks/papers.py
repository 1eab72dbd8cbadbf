"""Invoices on paper."""

from __future__ import annotations

from benchmarks.bookings import PATH
from benchmarks.load import play, request
from benchmarks.table import Row
from benchmarks.world import World, booking, departures
from tests.harness.live import Live


def invoices(world: World, live: Live, count: int) -> Row:
    """Invoice bookings, then fetch each invoice as PDF over two connections; only the PDFs are timed."""
    from qafila.billing.models import Invoice
    from qafila.sales.models import Booking

    port = int(live.url.rsplit(":", 1)[1])
    groups = departures(4)
    sold = [request("POST", PATH, world.token, booking(world, n, groups), f"paper-{n}") for n in range(count)]
    heard = play(port, sold)
    numbers = list(Booking.objects.filter(package__group_id__in=groups).values_list("pk", flat=True))
    bills = [request("POST", f"{PATH}/{pk}/invoice", world.token, None, f"bill-{pk}") for pk in numbers]
    billed = play(port, bills, connections=4)
    if heard.codes or billed.codes:
        raise RuntimeError(f"Bookings or invoices were refused: {heard.codes} {billed.codes}")
    papers = [
        request("GET", f"/api/v1/invoices/{pk}.pdf", world.token)
        for pk in Invoice.objects.filter(booking_id__in=numbers).values_list("pk", flat=True)
    ]
    printed = play(port, papers, connections=2)
    if printed.codes or printed.ok != count:
        raise RuntimeError(f"PDFs were refused: {printed.statuses} {printed.codes}")
    return Row(
        f"{count} invoice PDFs",
        f"{printed.seconds:.1f} s",
        target="< 10 s" if count >= 200 else "in proportion",
        met=printed.seconds * 200 / count < 10,
        note=f"p50 {printed.p50:.0f} ms each over two connections; invoices were issued at {billed.rate:.0f}/s",
    )
