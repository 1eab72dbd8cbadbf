"""A supplier with nobody at the other end keeps the same contract, and believes only what can be right."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.air.gateways.errors import OrderNotFound, SupplierRefused, Unreadable, Unsupported
from qafila.air.gateways.manual.adapter import ManualSupplier
from qafila.air.gateways.manual.offers import offer_from
from qafila.air.gateways.manual.records import ChangedMeanwhile, FileRecords
from qafila.air.gateways.manual.typed import Declined, Typed, locator_of, ticket_number
from qafila.air.gateways.moments import local
from qafila.air.gateways.outcomes import Done, Doubt, Refused, Unknown
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.settings import ManualSettings
from qafila.air.gateways.values import (
    CouponStatus,
    FareLine,
    Money,
    Offer,
    OfferSegment,
    OrderRef,
    PassengerType,
    Passport,
    Priced,
    RefundQuote,
    SearchQuery,
    SegmentState,
    Slice,
    Traveller,
)
from qafila.kernel import clock
from qafila.kernel.errors import Invalid

SETTINGS = ManualSettings()
DAY = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # the 22nd in Kashmir
REF = OrderRef("manual", "ABC123")
NUMBERS = {"T1": "065-2400000001", "T2": "065 2400000002"}


def inr(amount: str) -> Money:
    return Money(Decimal(amount), "INR")


FLIGHT = OfferSegment(
    0, "SV", "773", "SXR", "JED", local(date(2027, 1, 18), 9, 5, "SXR"), local(date(2027, 1, 18), 13, 0, "JED"), "Y"
)
FARES = (
    FareLine(PassengerType.ADULT, 1, inr("30000"), inr("5000"), inr("35000")),
    FareLine(PassengerType.INFANT, 1, inr("3000"), inr("500"), inr("3500")),
)
FAMILY = (
    Traveller("T1", PassengerType.ADULT, "Aisha", "Khan"),
    Traveller("T2", PassengerType.INFANT, "Zain", "Khan", infant_of="T1"),
)


def an_offer(**changes: Any) -> Offer:
    return offer_from(SETTINGS, [FLIGHT], **({"fares": FARES} | changes))


@pytest.fixture(autouse=True)
def before_the_flight() -> Iterator[None]:
    with clock.standing_at(DAY):
        yield


@pytest.fixture
def desk(tmp_path: Path) -> ManualSupplier:
    return ManualSupplier(SETTINGS, FileRecords(tmp_path / "manual"))


def typed(desk: ManualSupplier, **words: Any) -> ManualSupplier:
    return desk.typing(Typed(by="desk@agency.example", **words))


def held(desk: ManualSupplier) -> OrderRef:
    outcome = typed(desk, locator="abc123").hold(an_offer(), FAMILY, "HOLD-1")
    assert isinstance(outcome, Done), outcome
    return outcome.value.ref


def priced(desk: ManualSupplier, ref: OrderRef = REF) -> Priced:
    outcome = desk.price(ref)
    assert isinstance(outcome, Done), outcome
    return outcome.value


def issued(desk: ManualSupplier) -> OrderRef:
    ref = held(desk)
    with clock.standing_at(DAY):
        outcome = typed(desk, tickets=NUMBERS).issue(ref, priced(desk), "ISSUE-1")
    assert isinstance(outcome, Done), outcome
    return ref


def code_of(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    assert outcome.by == "us"
    return outcome.code


def test_it_keeps_the_contract_and_says_that_it_is_typed(desk: ManualSupplier) -> None:
    supplier: Supplier = desk
    assert supplier.capabilities.typed
    assert not supplier.capabilities.search
    with pytest.raises(Unsupported):
        supplier.search(SearchQuery((Slice("SXR", "JED", date(2027, 1, 18)),)))


# -- what is typed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("176-2400000123", "1762400000123"),
        (" 176 2400000123 ", "1762400000123"),
        ("1762400000123", "1762400000123"),
        ("08157414546120", "0815741454612"),  # a recorded number with its check digit
        ("08118174194745", "0811817419474"),
        ("081-5741454612-0", "0815741454612"),
    ],
)
def test_a_ticket_number_is_thirteen_digits_however_it_is_typed(written: str, number: str) -> None:
    assert ticket_number(written) == number


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "TICKET_NUMBER_MISSING"),
        (" - ", "TICKET_NUMBER_MISSING"),
        ("176240000012", "TICKET_NUMBER_INVALID"),
        ("176240000012345", "TICKET_NUMBER_INVALID"),
        ("17624000O0123", "TICKET_NUMBER_INVALID"),
        ("١٧٦٢٤٠٠٠٠٠١٢٣", "TICKET_NUMBER_INVALID"),
        ("08157414546121", "TICKET_NUMBER_INVALID"),  # a wrong check digit
        ("08157414546210", "TICKET_NUMBER_INVALID"),  # two digits exchanged
        ("0000000000000", "TICKET_NUMBER_INVALID"),
        ("176-0000000000", "TICKET_NUMBER_INVALID"),
    ],
)
def test_what_cannot_be_a_ticket_number_is_not_taken(written: str, code: str) -> None:
    with pytest.raises(Declined) as raised:
        ticket_number(written)
    assert (raised.value.refused.code, raised.value.refused.by) == (code, "us")


@given(st.integers(1_000_000_000_000, 9_999_999_999_999).filter(lambda number: number % 10**10))
def test_a_check_digit_is_right_in_one_of_ten(number: int) -> None:
    taken = []
    for digit in range(10):
        try:
            taken.append(ticket_number(f"{number}{digit}"))
        except Declined:
            continue
    assert taken == [str(number)]


@given(st.text(max_size=30))
def test_no_text_breaks_what_is_checked(text: str) -> None:
    checks: tuple[Callable[[str], str], ...] = (ticket_number, locator_of)
    for check in checks:
        try:
            taken = check(text)
        except Declined:
            continue
        assert taken.isascii()
        assert taken.isalnum()


@pytest.mark.parametrize(("written", "locator"), [("abc123", "ABC123"), (" K3DZ9M6 ", "K3DZ9M6"), ("ABCDE", "ABCDE")])
def test_a_locator_is_five_to_eight_letters_and_digits(written: str, locator: str) -> None:
    assert locator_of(written) == locator


@pytest.mark.parametrize("written", ["", "ABCD", "ABCDEFGHI", "ABC-12", "../../x", "ÄBC123", "ABC 12"])
def test_what_cannot_be_a_locator_is_not_taken(desk: ManualSupplier, written: str) -> None:
    code = code_of(typed(desk, locator=written).hold(an_offer(), FAMILY, "HOLD-1"))
    assert code == ("LOCATOR_INVALID" if written else "LOCATOR_MISSING")


def test_an_unusual_locator_is_taken_with_a_warning(desk: ManualSupplier) -> None:
    usual = typed(desk, locator="ABC123").hold(an_offer(), FAMILY, "HOLD-1")
    unusual = typed(desk, locator="K3DZ9M6").hold(an_offer(), FAMILY, "HOLD-2")
    assert isinstance(usual, Done)
    assert isinstance(unusual, Done)
    assert usual.notes == ()
    assert "7 characters" in unusual.notes[0]


def test_an_offer_is_typed_and_must_add_up() -> None:
    offer = an_offer()
    assert (offer.total, offer.validating_carrier, offer.supplier) == (inr("38500"), "SV", "manual")
    assert an_offer(total=inr("38500")).total == inr("38500")
    assert an_offer(fares=(), total=inr("40000")).fares == ()
    for changes in ({"total": inr("38501")}, {"fares": ()}, {"fares": (), "total": inr("0")}):
        with pytest.raises(Invalid):
            an_offer(**changes)
    with pytest.raises(Invalid):
        offer_from(SETTINGS, [], total=inr("1"))
    with pytest.raises(Invalid):
        offer_from(SETTINGS, [replace(FLIGHT, arrives=FLIGHT.departs)], total=inr("1"))


# -- a whole order -----------------------------------------------------------------------------------------------------


def test_a_typed_hold_is_kept_with_its_limit_and_its_airlines_locators(desk: ManualSupplier) -> None:
    until = datetime(2026, 12, 1, 18, 0, tzinfo=ZoneInfo("Asia/Kolkata"))
    with clock.standing_at(DAY):
        outcome = typed(desk, locator="abc123", airline_locators={"SV": "xyz987"}, ticketing_limit=until).hold(
            an_offer(), FAMILY, "HOLD-1"
        )
    assert isinstance(outcome, Done)
    order = desk.retrieve(REF)
    assert order == outcome.value
    assert (order.locator, order.key, order.total, order.paid, order.version) == (
        "ABC123", "HOLD-1", inr("38500"), False, "1",
    )  # fmt: skip
    assert order.time_limit is not None
    assert order.time_limit.at == until
    (flight,) = order.segments
    assert (flight.status, flight.state, flight.seats, flight.airline_locator) == (
        "HK", SegmentState.CONFIRMED, 1, "XYZ987",
    )  # fmt: skip
    assert flight.departs == FLIGHT.departs
    assert flight.departs.tzinfo == ZoneInfo("Asia/Kolkata")
    assert [(one.id, one.infant_of) for one in order.travellers] == [("T1", None), ("T2", "T1")]
    assert order.created_at is not None
    assert order.created_at.date() == date(2026, 11, 22)
    assert order.created_at.tzinfo == ZoneInfo("Asia/Kolkata")
    assert "desk@agency.example" in order.notes[-1]


def test_the_same_hold_again_is_done_and_another_of_that_locator_refused(desk: ManualSupplier) -> None:
    ref = held(desk)
    again = typed(desk, locator="ABC123").hold(an_offer(), FAMILY, "HOLD-1")
    assert isinstance(again, Done)
    assert again.value.ref == ref
    assert code_of(typed(desk, locator="ABC123").hold(an_offer(), FAMILY, "HOLD-2")) == "LOCATOR_TAKEN"


def test_a_hold_wants_travellers_and_right_locators_of_airlines(desk: ManualSupplier) -> None:
    assert code_of(typed(desk, locator="ABC123").hold(an_offer(), (), "K")) == "TRAVELLERS_MISSING"
    assert code_of(typed(desk, locator="ABC123").hold(an_offer(), (FAMILY[0],) * 2, "K")) == "TRAVELLERS_TWICE"
    wrong = typed(desk, locator="ABC123", airline_locators={"SV": "?"})
    assert code_of(wrong.hold(an_offer(), FAMILY, "K")) == "AIRLINE_LOCATOR_INVALID"


def test_an_order_costs_something(desk: ManualSupplier) -> None:
    for nothing in ("0", "-1"):
        free = replace(an_offer(), fares=(), total=inr(nothing))
        assert code_of(typed(desk, locator="ABC123").hold(free, FAMILY, "K")) == "TOTAL_INVALID"
    ref = held(desk)
    assert code_of(typed(desk, total=inr("0")).price(ref)) == "TOTAL_INVALID"
    assert desk.retrieve(ref).total == inr("38500")


def test_a_flight_that_has_left_is_not_held(desk: ManualSupplier) -> None:
    with clock.standing_at(FLIGHT.departs + timedelta(minutes=1)):
        outcome = typed(desk, locator="ABC123").hold(an_offer(), FAMILY, "K")
    assert code_of(outcome) == "FLIGHT_PAST"
    assert isinstance(outcome, Refused)
    assert outcome.text == "SV 773 left SXR on 18 Jan 2027, 09:05."
    with clock.standing_at(FLIGHT.departs - timedelta(minutes=1)):
        assert isinstance(typed(desk, locator="ABC123").hold(an_offer(), FAMILY, "K"), Done)


def test_a_price_is_what_was_typed_last(desk: ManualSupplier) -> None:
    ref = held(desk)
    assert priced(desk).total == inr("38500")
    assert desk.retrieve(ref).version == "1"
    dearer = typed(desk, total=inr("40000")).price(ref)
    assert isinstance(dearer, Done)
    assert (dearer.value.total, dearer.value.fares) == (inr("40000"), ())
    assert desk.retrieve(ref).version == "2"
    new = (replace(FARES[0], total=inr("36000")), FARES[1])
    by_fares = typed(desk, fares=new).price(ref)
    assert isinstance(by_fares, Done)
    assert (by_fares.value.total, by_fares.value.fares) == (inr("39500"), new)
    assert code_of(typed(desk, fares=new, total=inr("1")).price(ref)) == "TOTAL_WRONG"
    mixed = (FARES[0], replace(FARES[1], total=Money(Decimal(1), "SAR")))
    assert code_of(typed(desk, fares=mixed).price(ref)) == "AMOUNT_INVALID"


def test_tickets_are_typed_for_every_traveller(desk: ManualSupplier) -> None:
    ref = issued(desk)
    order = desk.retrieve(ref)
    assert order.paid
    assert order.time_limits == ()
    assert order.unticketed() == ()
    aisha, zain = order.documents
    assert (aisha.number, aisha.travellers, aisha.amount) == ("0652400000001", ("T1",), inr("35000"))
    assert (zain.number, zain.travellers, zain.amount) == ("0652400000002", ("T2",), inr("3500"))
    assert aisha.issued_on == date(2026, 11, 22)  # where the agency is, it is the next day already
    assert (aisha.status, aisha.coupons[0].status, aisha.segments) == (CouponStatus.OPEN, CouponStatus.OPEN, ("1",))
    again = desk.issue(ref, priced(desk), "ISSUE-2")
    assert isinstance(again, Done)
    assert again.value.documents == order.documents


@pytest.mark.parametrize(
    ("tickets", "code"),
    [
        ({}, "TICKET_NUMBER_MISSING"),
        ({"T1": NUMBERS["T1"]}, "TICKET_NUMBER_MISSING"),
        ({"T1": NUMBERS["T1"], "T2": "  "}, "TICKET_NUMBER_MISSING"),
        ({"T1": NUMBERS["T1"], "T2": "065-240000000"}, "TICKET_NUMBER_INVALID"),
        ({"T1": NUMBERS["T1"], "T2": "0652400000001"}, "TICKET_NUMBER_TWICE"),
        ({**NUMBERS, "T3": "0652400000003"}, "TICKET_TRAVELLER_UNKNOWN"),
    ],
)
def test_what_is_wrong_with_typed_tickets_is_named_and_nothing_is_stored(
    desk: ManualSupplier, tickets: dict[str, str], code: str
) -> None:
    ref = held(desk)
    before = desk.retrieve(ref)
    assert code_of(typed(desk, tickets=tickets).issue(ref, priced(desk), "ISSUE-1")) == code
    assert desk.retrieve(ref) == before


def test_another_price_than_was_agreed_is_not_issued(desk: ManualSupplier) -> None:
    ref = held(desk)
    agreed = priced(desk)
    assert isinstance(typed(desk, total=inr("40000")).price(ref), Done)
    assert code_of(typed(desk, tickets=NUMBERS).issue(ref, agreed, "ISSUE-1")) == "PRICE_CHANGED"


def test_a_ticket_is_voided_once_and_a_new_one_may_be_typed(desk: ManualSupplier) -> None:
    ref = issued(desk)
    aisha = desk.retrieve(ref).documents[0]
    with clock.standing_at(DAY):
        gone = typed(desk).void(ref, aisha, "VOID-1")
    assert isinstance(gone, Done)
    assert gone.notes == ()
    assert (gone.value.status, gone.value.coupons[0].status) == (CouponStatus.VOID, CouponStatus.VOID)
    again = desk.void(ref, aisha, "VOID-2")
    assert isinstance(again, Done)
    assert again.notes
    assert [one.id for one in desk.retrieve(ref).unticketed()] == ["T1"]
    same = typed(desk, tickets={"T1": NUMBERS["T1"]}).issue(ref, priced(desk), "ISSUE-2")
    assert code_of(same) == "TICKET_NUMBER_TWICE"
    new = typed(desk, tickets={"T1": "065-2400000009"}).issue(ref, priced(desk), "ISSUE-3")
    assert isinstance(new, Done)
    assert [document.number for document in new.value.documents] == ["0652400000009"]
    assert code_of(desk.void(ref, replace(aisha, number="9" * 13), "VOID-3")) == "DOCUMENT_UNKNOWN"


def test_a_void_on_another_day_is_noted_as_such(desk: ManualSupplier) -> None:
    ref = issued(desk)
    with clock.standing_at(datetime(2026, 12, 1, tzinfo=UTC)):
        outcome = desk.void(ref, desk.retrieve(ref).documents[0], "VOID-1")
    assert isinstance(outcome, Done)
    assert "2026-11-22" in outcome.notes[0]


def test_a_refund_is_typed_quoted_and_noted(desk: ManualSupplier) -> None:
    ref = issued(desk)
    documents = desk.retrieve(ref).documents
    words = typed(desk, refund=inr("30000"), penalty=inr("5000"), refund_reference="RA-77")
    quote = words.refund_quote(ref, documents[:1])
    assert (quote.refund, quote.penalty, quote.paid) == (inr("30000"), inr("5000"), inr("35000"))
    done = words.refund(quote, "REFUND-1")
    assert isinstance(done, Done)
    assert (done.value.refund, done.value.reference) == (inr("30000"), "RA-77")
    assert [document.status for document in desk.retrieve(ref).documents] == [CouponStatus.REFUNDED, CouponStatus.OPEN]
    again = words.refund(quote, "REFUND-2")
    assert isinstance(again, Done)
    assert again.notes
    with pytest.raises(SupplierRefused) as raised:
        words.refund_quote(ref, documents[:1])
    assert raised.value.supplier_code == "DOCUMENT_NOT_OPEN"
    assert code_of(desk.void(ref, documents[0], "VOID-1")) == "DOCUMENT_NOT_OPEN"


def test_a_refund_wants_its_amount_and_an_order_that_did_not_move(desk: ManualSupplier) -> None:
    ref = issued(desk)
    documents = desk.retrieve(ref).documents
    for words, asked, code in (
        (desk, documents, "REFUND_MISSING"),
        (typed(desk, refund=inr("1")), (), "DOCUMENTS_MISSING"),
        (typed(desk, refund=inr("1")), [replace(documents[0], number="1")], "DOCUMENT_UNKNOWN"),
    ):
        with pytest.raises(SupplierRefused) as raised:
            words.refund_quote(ref, asked)
        assert raised.value.supplier_code == code
    quote = typed(desk, refund=inr("1")).refund_quote(ref, documents)
    assert isinstance(desk.void(ref, documents[0], "VOID-1"), Done)
    assert code_of(desk.refund(quote, "REFUND-1")) == "QUOTE_CHANGED"
    assert code_of(desk.refund(replace(quote, token="?"), "REFUND-1")) == "QUOTE_CHANGED"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"refund": inr("-1")}, "REFUND_NEGATIVE"),
        ({"refund": inr("35000"), "penalty": inr("-1")}, "PENALTY_NEGATIVE"),
        ({"refund": inr("35000"), "used": inr("-1")}, "USED_NEGATIVE"),
        ({"refund": Money(Decimal(1), "SAR")}, "REFUND_CURRENCY"),
        ({"refund": inr("1"), "penalty": Money(Decimal(1), "SAR")}, "PENALTY_CURRENCY"),
        ({"refund": inr("35000.01")}, "REFUND_TOO_MUCH"),
        ({"refund": inr("30000"), "penalty": inr("5001")}, "REFUND_TOO_MUCH"),
        ({"refund": inr("30000"), "penalty": inr("4000")}, "REFUND_WRONG"),
        ({"refund": inr("30000"), "penalty": inr("4000"), "used": inr("500")}, "REFUND_WRONG"),
    ],
)
def test_a_refund_that_cannot_be_right_beside_what_was_paid_is_not_quoted(
    desk: ManualSupplier, words: dict[str, Money], code: str
) -> None:
    ref = issued(desk)
    with pytest.raises(SupplierRefused) as raised:
        typed(desk, **words).refund_quote(ref, desk.retrieve(ref).documents[:1])
    assert raised.value.supplier_code == code


def test_a_refund_tells_what_was_used_and_may_leave_open_why_less_comes_back(desk: ManualSupplier) -> None:
    ref = issued(desk)
    documents = desk.retrieve(ref).documents
    used = typed(desk, refund=inr("20000"), penalty=inr("5000"), used=inr("10000")).refund_quote(ref, documents[:1])
    assert (used.refund, used.penalty, used.used, used.paid) == (
        inr("20000"), inr("5000"), inr("10000"), inr("35000"),
    )  # fmt: skip
    assert typed(desk, refund=inr("20000")).refund_quote(ref, documents).paid == inr("38500")


def test_where_only_the_orders_total_was_typed_a_refund_is_held_against_it(desk: ManualSupplier) -> None:
    ref = held(desk)
    assert isinstance(typed(desk, total=inr("40000")).price(ref), Done)
    assert isinstance(typed(desk, tickets=NUMBERS).issue(ref, priced(desk), "ISSUE-1"), Done)
    documents = desk.retrieve(ref).documents
    assert typed(desk, refund=inr("30000"), penalty=inr("10000")).refund_quote(ref, documents).paid == inr("40000")
    one = typed(desk, refund=inr("30000"), penalty=inr("1000")).refund_quote(ref, documents[:1])
    assert one.paid is None, "nobody typed what this ticket cost"
    for asked, penalty, code in ((documents, "9999", "REFUND_WRONG"), (documents[:1], "10001", "REFUND_TOO_MUCH")):
        with pytest.raises(SupplierRefused) as raised:
            typed(desk, refund=inr("30000"), penalty=inr(penalty)).refund_quote(ref, asked)
        assert raised.value.supplier_code == code


def test_seats_are_let_go_after_the_tickets_are_gone(desk: ManualSupplier) -> None:
    ref = issued(desk)
    assert code_of(desk.cancel(ref, "CANCEL-1")) == "DOCUMENTS_LIVE"
    for document in desk.retrieve(ref).documents:
        assert isinstance(desk.void(ref, document, "VOID-1"), Done)
    gone = desk.cancel(ref, "CANCEL-2")
    assert isinstance(gone, Done)
    assert gone.value.cancelled
    assert {flight.state for flight in gone.value.segments} == {SegmentState.CANCELLED}
    assert isinstance(desk.cancel(ref, "CANCEL-3"), Done)
    for outcome in (desk.price(ref), typed(desk, tickets=NUMBERS).issue(ref, Priced(ref, (), inr("1"), ""), "I")):
        assert code_of(outcome) == "ORDER_CANCELLED"


# -- keeping -----------------------------------------------------------------------------------------------------------


def test_an_order_nobody_typed_is_not_there(desk: ManualSupplier) -> None:
    for ref in (REF, OrderRef("manual", "../../etc/passwd"), OrderRef("manual", ""), OrderRef("amadeus", "ABC123")):
        with pytest.raises(OrderNotFound):
            desk.retrieve(ref)
        assert code_of(desk.price(ref)) == "SUPPLIER_ORDER_NOT_FOUND"


def test_files_are_for_this_user_only_and_nothing_is_left_lying(desk: ManualSupplier, tmp_path: Path) -> None:
    held(desk)
    folder = tmp_path / "manual"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name for file in folder.iterdir()} == {"ABC123.json", "lock"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_stale_version_is_not_stored(desk: ManualSupplier) -> None:
    held(desk)
    order = desk.retrieve(REF)
    desk.records.save(replace(order, version="2"), "1")
    with pytest.raises(ChangedMeanwhile):
        desk.records.save(replace(order, version="2", cancelled=True), "1")
    with pytest.raises(ChangedMeanwhile):
        desk.records.save(order, "")
    assert not desk.retrieve(REF).cancelled


def test_of_two_who_ticket_at_once_one_is_told_to_read_again(desk: ManualSupplier, tmp_path: Path) -> None:
    held(desk)
    agreed = priced(desk)

    def ticket(number: int) -> object:
        mine = ManualSupplier(SETTINGS, FileRecords(tmp_path / "manual"), Typed(tickets={
            "T1": f"065240000{number}001", "T2": f"065240000{number}002"}))  # fmt: skip
        return mine.issue(REF, agreed, f"ISSUE-{number}")

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(ticket, range(8)))
    order = desk.retrieve(REF)
    assert len(order.documents) == 2
    assert order.version == "2"
    stored = [outcome for outcome in outcomes if isinstance(outcome, Done) and not outcome.notes]
    assert len(stored) == 1
    others = {outcome.code for outcome in outcomes if isinstance(outcome, Refused)}
    assert others <= {"MANUAL_CHANGED_MEANWHILE"}


def another(desk: ManualSupplier, locator: str) -> OrderRef:
    outcome = typed(desk, locator=locator).hold(an_offer(), FAMILY, f"HOLD-{locator}")
    assert isinstance(outcome, Done), outcome
    return outcome.value.ref


def test_a_ticket_number_of_another_order_is_not_taken_void_or_not(desk: ManualSupplier) -> None:
    ref = issued(desk)
    assert isinstance(desk.void(ref, desk.retrieve(ref).documents[0], "VOID-1"), Done)
    other = another(desk, "XYZ789")
    for mine in (NUMBERS["T1"], NUMBERS["T2"]):
        tickets = {"T1": mine, "T2": "065-2400000009"}
        outcome = typed(desk, tickets=tickets).issue(other, priced(desk, other), "ISSUE-2")
        assert code_of(outcome) == "TICKET_NUMBER_TAKEN"
        assert isinstance(outcome, Refused)
        assert outcome.text == f"{ticket_number(mine)} is a ticket of the order ABC123."
    assert desk.retrieve(other).documents == ()
    free = typed(desk, tickets={"T1": "065-2400000008", "T2": "065-2400000009"})
    assert isinstance(free.issue(other, priced(desk, other), "ISSUE-3"), Done), "what was refused took no number"


def test_a_number_whose_ticket_was_never_stored_is_free(desk: ManualSupplier, tmp_path: Path) -> None:
    other = another(desk, "XYZ789")
    (tmp_path / "manual" / "tickets").mkdir()
    for number, whose in (("0652400000001", "XYZ789"), ("0652400000002", "GONE99")):
        (tmp_path / "manual" / "tickets" / number).write_text(whose)  # a process that ended between the two files
    issued(desk)
    tickets = {"T1": NUMBERS["T1"], "T2": "065-2400000009"}
    assert code_of(typed(desk, tickets=tickets).issue(other, priced(desk, other), "I")) == "TICKET_NUMBER_TAKEN"


def _ticket(folder: Path, ref: OrderRef, agreed: Priced) -> object:
    """One process of two that type the same numbers for different orders."""
    return ManualSupplier(SETTINGS, FileRecords(folder), Typed(tickets=NUMBERS)).issue(ref, agreed, "ISSUE-1")


def test_of_processes_that_type_one_ticket_number_for_two_orders_one_has_it(
    desk: ManualSupplier, tmp_path: Path
) -> None:
    orders = [another(desk, f"ORDER{letter}") for letter in "ABCDEF"]
    agreed = [priced(desk, ref) for ref in orders]
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        outcomes = list(pool.map(_ticket, [tmp_path / "manual"] * len(orders), orders, agreed))
    refused = [code_of(outcome) for outcome in outcomes if not isinstance(outcome, Done)]
    assert refused == ["TICKET_NUMBER_TAKEN"] * (len(orders) - 1)
    assert sum(len(desk.retrieve(ref).documents) for ref in orders) == 2


def test_no_date_of_birth_passport_or_contact_is_in_a_file(desk: ManualSupplier, tmp_path: Path) -> None:
    known = Passport("M7654321", "IN", "IN", date(2032, 5, 1))
    aisha = replace(
        FAMILY[0], birth_date=date(1980, 3, 4), passport=known, email="aisha@mail.example.com", phone="+919419012345"
    )
    held_by = typed(desk, locator="ABC123").hold(an_offer(), (aisha, FAMILY[1]), "HOLD-1")
    assert isinstance(held_by, Done)
    kept = (tmp_path / "manual" / "ABC123.json").read_text()
    assert "Aisha" in kept
    assert [each for each in ("1980", "M7654321", "2032-05", "@mail", "9419012345") if each in kept] == []


@pytest.mark.parametrize("key", ["", "two words", "x" * 41, "HOLD/1"])
def test_a_hold_wants_a_key_that_tells_it_from_others(desk: ManualSupplier, key: str) -> None:
    """Two orders of one locator and no key would be taken for the same."""
    assert code_of(typed(desk, locator="ABC123").hold(an_offer(), FAMILY, key)) == "KEY_UNFIT"


def test_the_price_of_another_order_is_not_issued_at(desk: ManualSupplier) -> None:
    held(desk)
    other = replace(priced(desk), ref=OrderRef("manual", "XYZ789"))
    assert code_of(typed(desk, tickets=NUMBERS).issue(REF, other, "ISSUE-1")) == "OTHER_ORDER"


def test_a_quote_of_no_ticket_refunds_nothing(desk: ManualSupplier) -> None:
    issued(desk)
    assert code_of(desk.refund(RefundQuote(REF, (), inr("1"), "{}"), "REFUND-1")) == "DOCUMENTS_MISSING"


def test_a_mistake_of_ours_is_unknown_and_no_exception(desk: ManualSupplier, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumbles(*_: object) -> None:
        raise KeyError("Aisha")

    monkeypatch.setattr(desk.records, "load", stumbles)
    outcome = desk.cancel(REF, "CANCEL-1")
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (Doubt.UNDECIDED, True)
    assert "Aisha" not in repr(outcome)


def test_a_file_somebody_spoilt_is_unreadable_and_settles_nothing(desk: ManualSupplier, tmp_path: Path) -> None:
    held(desk)
    (tmp_path / "manual" / "ABC123.json").write_text("{}")
    with pytest.raises(Unreadable):
        desk.retrieve(REF)
    outcome = desk.cancel(REF, "CANCEL-1")
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (Doubt.UNREADABLE, False)


def test_a_disk_that_fails_leaves_it_unknown(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    outcome = typed(ManualSupplier(SETTINGS, FileRecords(tmp_path / "file" / "below")), locator="ABC123").hold(
        an_offer(), FAMILY, "HOLD-1"
    )
    assert isinstance(outcome, Unknown)
    assert outcome.doubt in {Doubt.UNDECIDED, Doubt.UNREADABLE}
