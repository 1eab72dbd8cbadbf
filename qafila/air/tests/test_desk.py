"""The desk remembers offers, orders, prices and quotes between two commands, and knows which order is meant."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from qafila.air.desk import Desk
from qafila.air.gateways.values import Money, Offer, OfferSegment, OrderRef, Priced, RefundQuote, SearchQuery, Slice
from qafila.kernel import clock
from qafila.kernel.errors import Invalid

SRINAGAR, JEDDAH = ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Riyadh")
SUPPLIERS = ("amadeus", "duffel", "manual")
QUERY = SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),), adults=2)
TOTAL = Money(Decimal("37350.00"), "INR")
OFFER = Offer(
    "amadeus", "{}",
    (OfferSegment(0, "SV", "110", "SXR", "JED", datetime(2027, 1, 18, 12, 10, tzinfo=SRINAGAR),
                  datetime(2027, 1, 18, 14, 40, tzinfo=JEDDAH), "V"),),
    (), TOTAL, "SV",
)  # fmt: skip
A, B = OrderRef("amadeus", "ABC123"), OrderRef("duffel", "ord_0000Xy")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "air" / "desk")


def test_an_offer_is_known_by_its_number_with_its_zones(desk: Desk) -> None:
    desk.remember_search("amadeus", QUERY, (OFFER, replace(OFFER, token="second")))
    query, offer = desk.offer(2)
    assert query == QUERY
    assert offer.token == "second"
    assert offer.segments[0].arrives.tzname() == OFFER.segments[0].arrives.tzname()
    for number in (0, 3):
        with pytest.raises(Invalid, match=f"the offers 1 to 2, no {number}"):
            desk.offer(number)


def test_without_a_search_no_offer_is_known(desk: Desk) -> None:
    with pytest.raises(Invalid, match="search first"):
        desk.offer(1)


def test_of_a_search_that_found_nothing_no_offer_is_known(desk: Desk) -> None:
    desk.remember_search("amadeus", QUERY, ())
    with pytest.raises(Invalid, match="found nothing: search again"):
        desk.offer(1)


def test_what_is_remembered_is_its_owners_only(desk: Desk) -> None:
    desk.remember_search("amadeus", QUERY, (OFFER,))
    desk.saw(A, "ABC123")
    files = [file for file in desk.folder.rglob("*") if file.is_file()]
    assert len(files) == 3, "a search, an order, a lock"
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {folder.stat().st_mode & 0o777 for folder in (desk.folder, desk.folder / "orders")} == {0o700}


def test_prices_and_quotes_wait_with_their_order_until_they_are_used(desk: Desk) -> None:
    priced, quote = Priced(A, (), TOTAL, "1,2"), RefundQuote(A, ("1762400000001",), None, "q")
    desk.saw(A, "ABC123")
    desk.saw_priced(priced)
    desk.saw_quote(quote)
    assert (desk.order_of(A).priced, desk.order_of(A).quote, desk.order_of(A).locator) == (priced, quote, "ABC123")
    desk.forget(A)
    assert (desk.order_of(A).priced, desk.order_of(A).quote) == (None, None)
    assert desk.order_of(B).priced is None


def test_an_order_is_named_in_any_clear_way(desk: Desk) -> None:
    with clock.standing_at(datetime(2026, 11, 21, 9, tzinfo=UTC)):
        desk.saw(A, "ABC123")
    with clock.standing_at(datetime(2026, 11, 21, 10, tzinfo=UTC)):
        desk.saw(B, "RZPNX8")
    assert desk.ref(None, SUPPLIERS) == B
    assert desk.ref(None, SUPPLIERS, "amadeus") == A
    assert desk.ref("abc123", SUPPLIERS) == desk.ref("amadeus:abc123", SUPPLIERS) == A
    assert desk.ref("rzpnx8", SUPPLIERS) == desk.ref("duffel:RZPNX8", SUPPLIERS) == B
    assert (
        desk.ref("zzz999", SUPPLIERS, "manual") == desk.ref("manual:zzz999", SUPPLIERS) == OrderRef("manual", "ZZZ999")
    )
    assert desk.ref("duffel:ord_0000Zz", SUPPLIERS) == OrderRef("duffel", "ord_0000Zz")


def test_an_order_that_is_not_clear_is_refused_with_what_would_be(desk: Desk) -> None:
    with pytest.raises(Invalid, match="No order is known here yet"):
        desk.ref(None, SUPPLIERS)
    with pytest.raises(Invalid, match="name its supplier too, such as amadeus:ABC123"):
        desk.ref("ABC123", SUPPLIERS)
    with pytest.raises(Invalid, match="sabre is no supplier here; there are amadeus, duffel, manual"):
        desk.ref("sabre:ABC123", SUPPLIERS)
    desk.saw(A, "ABC123")
    desk.saw(OrderRef("manual", "ABC123"), "ABC123")
    with pytest.raises(Invalid, match="an order at amadeus:ABC123 and at manual:ABC123"):
        desk.ref("ABC123", SUPPLIERS)


def test_a_file_of_another_version_is_as_if_it_were_not_there(desk: Desk) -> None:
    desk.remember_search("amadeus", QUERY, (OFFER,))
    (desk.folder / "search.json").write_text('{"supplier": "amadeus"}')
    with pytest.raises(Invalid, match="search first"):
        desk.offer(1)


def test_of_two_commands_at_once_neither_forgets_what_the_other_noted(desk: Desk) -> None:
    """An issue that is not known yet must not be lost because somebody looks at the order meanwhile."""
    over = Event()

    def look() -> None:
        while not over.is_set():
            desk.saw(A, "ABC123")

    with ThreadPoolExecutor(2) as pool:
        looks = [pool.submit(look) for _ in range(2)]
        try:
            for number in range(50):
                desk.undecided(A, f"ISSUE-{number}")
                desk.saw(A, "ABC123")
                assert desk.order_of(A).undecided == f"ISSUE-{number}"
        finally:
            over.set()
        for each in looks:
            each.result()


def test_a_disk_that_is_full_leaves_what_was_there_and_nothing_beside_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.saw(A, "ABC123")
    before = sorted(file.name for file in desk.folder.rglob("*"))

    def full(_: object, __: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        desk.undecided(A, "ISSUE-1")
    assert sorted(file.name for file in desk.folder.rglob("*")) == before
    assert desk.order_of(A).locator == "ABC123"
