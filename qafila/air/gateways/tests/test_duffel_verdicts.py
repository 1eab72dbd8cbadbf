"""However the one request ends, the verdict is what Duffel's record justifies: a table of ends and records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qafila.air.gateways.duffel.adapter import DuffelSupplier
from qafila.air.gateways.errors import NotOurs, OrderNotFound, SupplierRefused, Unsupported
from qafila.air.gateways.outcomes import Done, Doubt, Refused, Unknown
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.settings import DuffelSettings, Patience
from qafila.air.gateways.tests.scripted import HALF, HANG_UP, RESET, Said, Scripted, data, errors
from qafila.air.gateways.values import (
    CouponStatus,
    Document,
    Money,
    Offer,
    OfferSegment,
    OrderRef,
    PassengerType,
    Passport,
    Priced,
    RefundQuote,
    Traveller,
)

REF, KEY = OrderRef("duffel", "ord_1"), "HOLD-1"
TOTAL = Money(Decimal("30171.00"), "INR")
HOLD, PAY, CONFIRM = "POST /air/orders", "POST /air/payments", "POST /air/order_cancellations/ore_1/actions/confirm"
ORDER, ORDERS, OFFER = "GET /air/orders/ord_1", "GET /air/orders", "GET /air/offers/off_1"
QUOTED, QUOTE = "GET /air/order_cancellations/ore_1", "POST /air/order_cancellations"
OPEN: list[DuffelSupplier] = []


@pytest.fixture(autouse=True)
def _connections_are_given_back() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def supplier_of(desk: Scripted) -> Supplier:
    settings = DuffelSettings(token="duffel_test_x", base=desk.base, patience=Patience(1, 2, 3))
    OPEN.append(supplier := DuffelSupplier(settings))
    return supplier


# -- what the desk says ------------------------------------------------------------------------------------------------

PEOPLE = [
    {"id": "pas_a", "type": "adult", "given_name": "Aisha", "family_name": "Khan", "infant_passenger_id": "pas_i"},
    {"id": "pas_b", "type": "adult", "given_name": "Omar", "family_name": "Khan"},
    {"id": "pas_i", "type": "infant_without_seat", "given_name": "Zain", "family_name": "Khan"},
]


def ticket(number: str, passenger: str) -> dict[str, Any]:
    return {"unique_identifier": number, "type": "electronic_ticket", "passenger_ids": [passenger]}


TICKETS = [
    ticket("0652400000001", "pas_a"),
    ticket("0652400000002", "pas_b"),
    ticket("0652400000003", "pas_i"),
]


def an_order(**changes: Any) -> dict[str, Any]:
    awaited = {"awaiting_payment": True, "paid_at": None, "payment_required_by": "2026-12-01T10:00:00Z"}
    told = {
        "id": "ord_1",
        "booking_reference": "ZVNHEX",
        "metadata": {"key": KEY},
        "passengers": PEOPLE,
        "documents": [],
        "payment_status": awaited,
        "total_amount": "30171.00",
        "total_currency": "INR",
        "cancelled_at": None,
        "slices": [],
        "created_at": "2026-11-21T04:00:00Z",
    }
    return told | changes


PAID = {"awaiting_payment": False, "paid_at": "2026-11-21T05:00:00Z", "payment_required_by": None}
HELD = data(an_order())
TICKETED = data(an_order(payment_status=PAID, documents=TICKETS))
UNSHOWN = data(an_order(payment_status=PAID))
PARTLY = data(an_order(payment_status=PAID, documents=TICKETS[:1]))
CANCELLED = data(an_order(cancelled_at="2026-11-21T06:00:00Z"))

AN_OFFER = {
    "id": "off_1",
    "total_amount": "30171.00",
    "total_currency": "INR",
    "payment_requirements": {"requires_instant_payment": False},
    "passenger_identity_documents_required": False,
    "supported_passenger_identity_document_types": ["passport"],
    "passengers": [{"id": each["id"], "type": each["type"]} for each in PEOPLE],
}
A_PAYMENT = {"id": "pay_1", "type": "balance", "amount": "30171.00", "currency": "INR"}
A_QUOTE = {
    "id": "ore_1",
    "order_id": "ord_1",
    "refund_amount": "20000.00",
    "refund_currency": "INR",
    "refund_to": "balance",
    "expires_at": "2026-11-22T00:00:00Z",
    "confirmed_at": None,
}
CONFIRMED = A_QUOTE | {"confirmed_at": "2026-11-21T06:00:00Z"}

# (what Duffel says to the one request, whether it is a clean no, the doubt where nothing settles it)
ENDS: dict[str, tuple[Said, bool, Doubt]] = {
    "validation": (errors(422, "validation_error", "validation_required", "Field"), True, Doubt.UNDECIDED),
    "state": (errors(422, "invalid_state_error", "past_payment_required_by_date"), True, Doubt.UNDECIDED),
    "already": (errors(422, "invalid_state_error", "already_paid"), False, Doubt.UNCONFIRMED),
    "attempted": (errors(422, "invalid_request_error", "order_creation_already_attempted"), False, Doubt.UNCONFIRMED),
    "twice": (errors(422, "airline_error", "duplicate_booking"), False, Doubt.UNCONFIRMED),
    "another kind": (errors(422, "weather_error", "rain"), False, Doubt.UNDECIDED),
    "no kind": (Said(403, b'{"errors": [{"code": 1020, "message": "blocked"}]}'), False, Doubt.UNDECIDED),
    "nothing": (Said(422, b'{"errors": [{}]}'), False, Doubt.UNDECIDED),
    "access": (errors(401, "authentication_error", "access_token_not_found"), True, Doubt.UNDECIDED),
    "gone": (errors(404, "invalid_request_error", "not_found"), True, Doubt.UNDECIDED),
    "429": (errors(429, "rate_limit_error", "rate_limit_exceeded"), True, Doubt.UNDECIDED),
    "airline unknown": (errors(422, "airline_error", "airline_unknown"), False, Doubt.UNDECIDED),
    "line": (errors(422, "airline_error", "0", "COMMUNICATIONS LINE UNAVAILABLE"), False, Doubt.UNDECIDED),
    "500": (errors(500, "api_error", "internal_server_error"), False, Doubt.UNDECIDED),
    "api error as 400": (errors(400, "api_error", "internal_server_error"), False, Doubt.UNDECIDED),
    "503": (errors(503, "api_error", "service_unavailable"), False, Doubt.UNDECIDED),
    "202": (Said(202, b""), False, Doubt.UNDECIDED),
    "202 with data": (data(None, 202), False, Doubt.UNDECIDED),
    "page": (Said(502, b"<h1>Error: Server Error</h1>"), False, Doubt.UNREADABLE),
    "page as 422": (Said(422, b"<h1>no</h1>"), False, Doubt.UNREADABLE),
    "empty": (Said(200, b""), False, Doubt.UNREADABLE),
    "garbled": (Said(200, b"\xff\x00\x12"), False, Doubt.UNREADABLE),
    "no object": (data([1, 2]), False, Doubt.UNREADABLE),
    "half": (Said(200, b'{"data": {"id": "ord_1"}}', then=HALF), False, Doubt.UNANSWERED),
    "reset": (Said(then=RESET), False, Doubt.UNANSWERED),
    "hang up": (Said(then=HANG_UP), False, Doubt.UNANSWERED),
}
LOOKS_FAIL = [
    errors(500, "api_error", "internal_server_error"),
    Said(then=RESET),
    errors(404, "invalid_request_error", "x"),
]
an_end = pytest.mark.parametrize("end", ENDS)


# -- people ------------------------------------------------------------------------------------------------------------

AISHA = Traveller(
    "T1", PassengerType.ADULT, "Aisha", "Khan", "MRS", "F", date(1980, 3, 4),
    Passport("M 1234567", "IND", "IND", date(2032, 5, 1)), "aisha@example.com", "+91 98111 11111",
)  # fmt: skip
OMAR = Traveller("T2", PassengerType.ADULT, "Omar", "Khan", "mr.", "M", date(1979, 1, 1))
ZAIN = Traveller("T3", PassengerType.INFANT, "Zain", "Khan", "MSTR", "M", date(2026, 5, 1), infant_of="T1")
FAMILY = (AISHA, OMAR, ZAIN)


def the_offer(**changes: Any) -> Offer:
    moment = datetime(2027, 1, 18, 9, tzinfo=UTC)
    flight = OfferSegment(0, "SV", "773", "SXR", "JED", moment, moment, "")
    return replace(Offer("duffel", "off_1", (flight,), (), TOTAL, "SV"), **changes)


# -- hold --------------------------------------------------------------------------------------------------------------


def hold(script: dict[str, Any], travellers: tuple[Traveller, ...] = FAMILY, **changes: Any) -> tuple[Any, Scripted]:
    with Scripted({OFFER: data(AN_OFFER), **script}) as desk:
        return supplier_of(desk).hold(the_offer(**changes), travellers, KEY), desk


def test_a_hold_that_is_answered_with_our_key_is_done() -> None:
    outcome, desk = hold({HOLD: data(an_order(), 201)})
    assert isinstance(outcome, Done)
    assert (outcome.value.locator, outcome.value.key, outcome.value.paid) == ("ZVNHEX", KEY, False)
    assert desk.count(HOLD) == 1
    assert desk.count(ORDERS) == 0


def test_a_hold_at_another_price_than_the_offers_is_done_and_says_so() -> None:
    outcome, _ = hold({HOLD: data(an_order(total_amount="31000.00"), 201)})
    assert isinstance(outcome, Done)
    assert outcome.notes == ("The order costs INR 31,000.00, not the offer's INR 30,171.00.",)


def test_a_hold_tells_duffel_everything_it_wants_of_each_traveller() -> None:
    _, desk = hold({HOLD: data(an_order(), 201)})
    told = desk.asked[-1].data
    assert {name: told[name] for name in ("type", "selected_offers", "metadata")} == {
        "type": "hold",
        "selected_offers": ["off_1"],
        "metadata": {"key": KEY},
    }
    aisha, omar, zain = told["passengers"]
    assert aisha == {
        "id": "pas_a",
        "title": "mrs",
        "gender": "f",
        "given_name": "Aisha",
        "family_name": "Khan",
        "born_on": "1980-03-04",
        "email": "aisha@example.com",
        "phone_number": "+919811111111",
        "infant_passenger_id": "pas_i",
        "identity_documents": [
            {
                "type": "passport",
                "unique_identifier": "M1234567",
                "issuing_country_code": "IN",
                "expires_on": "2032-05-01",
            }
        ],
    }
    assert (omar["id"], omar["title"], omar["email"]) == ("pas_b", "mr", "aisha@example.com")
    assert (zain["id"], zain["title"], zain["born_on"]) == ("pas_i", "mr", "2026-05-01")
    assert "infant_passenger_id" not in omar


@an_end
def test_an_ended_hold_whose_order_is_there_is_done(end: str) -> None:
    outcome, desk = hold({HOLD: ENDS[end][0], ORDERS: data([an_order(metadata=None, id="ord_0"), an_order()])})
    assert isinstance(outcome, Done)
    assert outcome.value.ref == REF
    assert (desk.count(HOLD), desk.count(ORDERS)) == (1, 1)


@an_end
def test_an_ended_hold_whose_order_is_not_there_is_refused_only_on_a_clean_no(end: str) -> None:
    said, clean, doubt = ENDS[end]
    outcome, desk = hold({HOLD: said, ORDERS: data([an_order(metadata={"key": "HOLD-2"})])})
    if clean:
        assert isinstance(outcome, Refused)
        assert outcome.by == "supplier"
    else:
        assert isinstance(outcome, Unknown)
        assert (outcome.doubt, outcome.sent) == (doubt, True)
    assert (desk.count(HOLD), desk.count(ORDERS)) == (1, 1)


@an_end
@pytest.mark.parametrize("look", range(len(LOOKS_FAIL)))
def test_a_look_that_fails_never_makes_a_refusal(end: str, look: int) -> None:
    outcome, _ = hold({HOLD: ENDS[end][0], ORDERS: LOOKS_FAIL[look]})
    assert isinstance(outcome, Unknown)
    assert outcome.sent
    assert any("look" in note for note in outcome.notes)


def test_an_answer_about_another_order_is_not_ours() -> None:
    other = data(an_order(id="ord_9", metadata={"key": "HOLD-9"}), 201)
    outcome, _ = hold({HOLD: other, ORDERS: data([])})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (Doubt.NOT_OURS, True)
    outcome, _ = hold({HOLD: other, ORDERS: HELD_LIST})
    assert isinstance(outcome, Done)
    assert outcome.value.ref == REF


HELD_LIST = data([an_order()])


def test_of_two_orders_with_our_key_the_one_that_stands_is_taken() -> None:
    gone = an_order(id="ord_2", cancelled_at="2026-11-21T06:00:00Z")
    outcome, _ = hold({HOLD: Said(then=RESET), ORDERS: data([gone, an_order()])})
    assert isinstance(outcome, Done)
    assert outcome.value.ref == REF


def test_an_order_that_was_made_and_is_cancelled_already_keeps_no_seat() -> None:
    gone = an_order(cancelled_at="2026-11-21T06:00:00Z")
    for script in ({HOLD: Said(then=RESET), ORDERS: data([gone])}, {HOLD: data(gone, 201)}):
        outcome, _ = hold(script)
        assert isinstance(outcome, Unknown)
        assert (outcome.doubt, outcome.sent, outcome.ref) == (Doubt.UNDECIDED, True, REF)


def test_what_a_refusal_quotes_of_a_traveller_is_not_told() -> None:
    words = "born_on 1980-03-04, email AISHA@example.com, +91-98111 11111 and M1234567 do not belong to one person"
    refusal = errors(422, "validation_error", "validation_format", words)
    for orders in (data([]), Said(then=RESET)):
        outcome, _ = hold({HOLD: refusal, ORDERS: orders})
        assert isinstance(outcome, Refused | Unknown)
        assert "do not belong to one person" in outcome.text
        for private in ("1980-03-04", "AISHA@", "11111", "M1234567"):
            assert private not in repr(outcome)


@pytest.mark.parametrize(("newest_first", "kind"), [(True, Refused), (False, Unknown)])
def test_a_list_without_end_settles_it_only_when_the_newest_come_first(newest_first: bool, kind: type) -> None:
    def page(asked: Any) -> Said:
        turn = desk_count["n"] = desk_count["n"] + 1
        day = 20 - turn if newest_first else turn
        items = [an_order(id=f"ord_{turn}0", metadata=None, created_at=f"2026-11-{day:02d}T04:00:00Z")]
        body = (
            b'{"data": %s, "meta": {"after": "more"}}'
            % str(items).replace("'", '"').replace("None", "null").replace("True", "true").encode()
        )
        return Said(200, body)

    desk_count = {"n": 0}
    outcome, desk = hold({HOLD: ENDS["validation"][0], ORDERS: page})
    assert isinstance(outcome, kind)
    assert desk.count(ORDERS) == 5


def test_a_hold_that_never_left_may_start_over() -> None:
    with Scripted({OFFER: data(AN_OFFER)}) as desk:
        supplier = supplier_of(desk)
    outcome = supplier.hold(the_offer(), FAMILY, KEY)
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (Doubt.NOT_SENT, False)


@pytest.mark.parametrize(
    ("fresh", "code"),
    [
        (AN_OFFER | {"total_amount": "30172.00"}, "PRICE_CHANGED"),
        (AN_OFFER | {"total_currency": "USD"}, "PRICE_CHANGED"),
        (AN_OFFER | {"payment_requirements": {"requires_instant_payment": True}}, "INSTANT_PAYMENT"),
        (AN_OFFER | {"payment_requirements": None}, "INSTANT_PAYMENT"),
        (AN_OFFER | {"partial": True}, "INSTANT_PAYMENT"),
        (AN_OFFER | {"passengers": [{"id": "pas_a", "type": "adult"}]}, "TRAVELLERS_DIFFER"),
        (AN_OFFER | {"passenger_identity_documents_required": True}, "PASSPORT_MISSING"),
    ],
)
def test_an_offer_that_has_moved_is_refused_by_us_and_nothing_is_sent(fresh: dict[str, Any], code: str) -> None:
    outcome, desk = hold({OFFER: data(fresh)})
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.by) == (code, "us")
    assert desk.count(HOLD) == 0


def test_an_offer_that_must_be_paid_at_once_is_not_even_asked_about() -> None:
    outcome, desk = hold({}, can_hold=False)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.by, desk.asked) == ("INSTANT_PAYMENT", "us", [])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (errors(422, "airline_error", "offer_no_longer_available"), Refused),
        (errors(404, "invalid_request_error", "not_found"), Refused),
        (errors(500, "api_error", "internal_server_error"), Unknown),
        (Said(then=RESET), Unknown),
        (data(AN_OFFER | {"id": "off_2"}), Unknown),
        (data([]), Unknown),
    ],
)
def test_what_goes_wrong_before_the_hold_was_not_sent(said: Said, expected: type) -> None:
    outcome, desk = hold({OFFER: said})
    assert isinstance(outcome, expected)
    assert getattr(outcome, "sent", False) is False
    assert desk.count(HOLD) == 0


@pytest.mark.parametrize(
    ("traveller", "code"),
    [
        (replace(OMAR, title=""), "TITLE_MISSING"),
        (replace(OMAR, gender=""), "GENDER_MISSING"),
        (replace(OMAR, birth_date=None), "BIRTH_DATE_MISSING"),
        (replace(OMAR, last_name=" "), "NAME_MISSING"),
        (replace(OMAR, phone="98111"), "PHONE_MISSING"),
        (replace(OMAR, ref="T1"), "TRAVELLERS_DIFFER"),
        (replace(OMAR, type=PassengerType.CHILD), "TRAVELLERS_DIFFER"),
        (replace(OMAR, passport=Passport("M1", "ZZZ", "IND", date(2032, 5, 1))), "PASSPORT_COUNTRY_UNKNOWN"),
    ],
)
def test_what_a_traveller_lacks_is_named_and_nothing_is_sent(traveller: Traveller, code: str) -> None:
    outcome, desk = hold({}, (AISHA, traveller, ZAIN))
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.by) == (code, "us")
    assert desk.count(HOLD) == 0


def test_an_infant_needs_an_adult_of_its_own() -> None:
    for carried_by in (None, "T3", "T9"):
        outcome, _ = hold({}, (AISHA, OMAR, replace(ZAIN, infant_of=carried_by)))
        assert isinstance(outcome, Refused)
        assert outcome.code == "INFANT_WITHOUT_ADULT"


def test_nobody_can_be_reached() -> None:
    outcome, _ = hold({}, (replace(AISHA, email=""), OMAR, ZAIN))
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.text) == ("EMAIL_MISSING", "T1 needs an e-mail address.")


def test_a_key_that_does_not_fit_and_anothers_offer_are_refused_by_us() -> None:
    with Scripted({}) as desk:
        supplier = supplier_of(desk)
        for offer, key, code in (
            (the_offer(), "no blanks", "KEY_UNFIT"),
            (the_offer(), "", "KEY_UNFIT"),
            (the_offer(supplier="amadeus"), KEY, "OTHER_SUPPLIER"),
        ):
            outcome = supplier.hold(offer, FAMILY, key)
            assert isinstance(outcome, Refused)
            assert (outcome.code, outcome.by) == (code, "us")
        assert desk.asked == []


# -- price -------------------------------------------------------------------------------------------------------------


def price(said: Said) -> Any:
    with Scripted({ORDER: said}) as desk:
        return supplier_of(desk).price(REF)


def test_the_price_is_the_orders_current_total() -> None:
    outcome = price(HELD)
    assert isinstance(outcome, Done)
    assert (outcome.value.total, outcome.value.guaranteed) == (TOTAL, False)
    assert outcome.value.valid_until == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert outcome.value.notes
    promised = {"awaiting_payment": True, "price_guarantee_expires_at": "2026-11-30T10:00:00Z"}
    outcome = price(data(an_order(payment_status=promised)))
    assert outcome.value.guaranteed
    assert outcome.value.valid_until == datetime(2026, 11, 30, 10, tzinfo=UTC)


def test_what_has_no_price_is_not_priced() -> None:
    assert price(CANCELLED) == Refused("ORDER_CANCELLED", "The order ZVNHEX is cancelled.", by="us")
    for said in (data(an_order(total_amount=None)), Said(then=RESET), data(an_order(id="ord_2"))):
        outcome = price(said)
        assert isinstance(outcome, Unknown)
        assert not outcome.sent
    outcome = price(errors(404, "invalid_request_error", "not_found"))
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.by) == ("not_found", "supplier")


# -- issue -------------------------------------------------------------------------------------------------------------

PRICED = Priced(REF, (), TOTAL, "")


def issue(script: dict[str, Any], priced: Priced = PRICED) -> tuple[Any, Scripted]:
    with Scripted(script) as desk:
        return supplier_of(desk).issue(REF, priced, "ISSUE-1"), desk


def test_a_paid_order_whose_documents_are_read_is_issued() -> None:
    outcome, desk = issue({ORDER: [HELD, TICKETED], PAY: data(A_PAYMENT, 201)})
    assert isinstance(outcome, Done)
    assert {document.number: document.travellers for document in outcome.value.documents} == {
        "0652400000001": ("pas_a",),
        "0652400000002": ("pas_b",),
        "0652400000003": ("pas_i",),
    }
    payment = next(asked for asked in desk.asked if asked.method == "POST")
    assert payment.data == {
        "order_id": "ord_1",
        "payment": {"type": "balance", "amount": "30171.00", "currency": "INR"},
    }
    assert desk.count(PAY) == 1


@an_end
def test_an_ended_payment_is_done_when_the_order_shows_its_documents(end: str) -> None:
    outcome, desk = issue({ORDER: [HELD, TICKETED], PAY: ENDS[end][0]})
    assert isinstance(outcome, Done)
    assert len(outcome.value.documents) == 3
    assert (desk.count(PAY), desk.count(ORDER)) == (1, 2)


@an_end
def test_an_ended_payment_of_an_order_that_is_not_paid_is_refused_only_on_a_clean_no(end: str) -> None:
    said, clean, doubt = ENDS[end]
    outcome, desk = issue({ORDER: HELD, PAY: said})
    if clean:
        assert isinstance(outcome, Refused)
    else:
        assert isinstance(outcome, Unknown)
        assert (outcome.doubt, outcome.sent, outcome.ref) == (doubt, True, REF)
    assert (desk.count(PAY), desk.count(ORDER)) == (1, 2)


@an_end
def test_paid_without_documents_is_unconfirmed_and_with_some_partial(end: str) -> None:
    outcome, _ = issue({ORDER: [HELD, UNSHOWN], PAY: ENDS[end][0]})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent, outcome.seen) == (Doubt.UNCONFIRMED, True, ())
    outcome, _ = issue({ORDER: [HELD, PARTLY], PAY: ENDS[end][0]})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (Doubt.PARTIAL, True)
    assert [document.number for document in outcome.seen] == ["0652400000001"]
    assert "Omar Khan, Zain Khan" in outcome.text


@an_end
@pytest.mark.parametrize("look", range(len(LOOKS_FAIL)))
def test_a_failing_look_after_a_payment_is_unknown(end: str, look: int) -> None:
    outcome, _ = issue({ORDER: [HELD, LOOKS_FAIL[look]], PAY: ENDS[end][0]})
    assert isinstance(outcome, Unknown)
    assert outcome.sent


def test_a_reader_that_stumbles_after_the_payment_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake of ours never becomes an exception, which a caller could take for "not done"."""

    def stumbles(*_: object) -> None:
        raise KeyError("0652400000001")

    monkeypatch.setattr("qafila.air.gateways.duffel.issuing.payment", stumbles)
    outcome, _ = issue({ORDER: HELD, PAY: data(A_PAYMENT, 201)})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent, outcome.ref) == (Doubt.UNREADABLE, True, REF)
    assert "KeyError in test_duffel_verdicts.py" in outcome.text
    assert "0652400000001" not in repr(outcome), "the words of an error may quote the reply"
    outcome, _ = issue({ORDER: [HELD, TICKETED], PAY: data(A_PAYMENT, 201)})
    assert isinstance(outcome, Done)


def test_a_yes_that_the_record_does_not_show_is_unconfirmed() -> None:
    outcome, _ = issue({ORDER: HELD, PAY: data(A_PAYMENT, 201)})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent, outcome.ref) == (Doubt.UNCONFIRMED, True, REF)
    outcome, _ = issue({ORDER: [HELD, Said(then=RESET)], PAY: data(A_PAYMENT, 201)})
    assert isinstance(outcome, Unknown)
    assert outcome.doubt is Doubt.UNCONFIRMED


@pytest.mark.parametrize(
    ("payment", "doubt"),
    [
        (A_PAYMENT | {"amount": "1.00"}, Doubt.NOT_OURS),
        (A_PAYMENT | {"order_id": "ord_2"}, Doubt.NOT_OURS),
        (A_PAYMENT | {"status": "pending"}, Doubt.UNDECIDED),
        ({"id": "pay_1"}, Doubt.UNREADABLE),
    ],
)
def test_a_payment_that_is_not_ours_or_not_whole_is_no_yes(payment: dict[str, Any], doubt: Doubt) -> None:
    outcome, _ = issue({ORDER: HELD, PAY: data(payment, 201)})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (doubt, True)
    outcome, _ = issue({ORDER: [HELD, TICKETED], PAY: data(payment, 201)})
    assert isinstance(outcome, Done)


def test_an_order_that_is_ticketed_is_never_paid_again() -> None:
    """Trap 12: also when it says that it awaits payment."""
    for order in (TICKETED, data(an_order(documents=TICKETS))):
        outcome, desk = issue({ORDER: order})
        assert isinstance(outcome, Done)
        assert outcome.notes
        assert desk.count(PAY) == 0
    for order, doubt in ((UNSHOWN, Doubt.UNCONFIRMED), (PARTLY, Doubt.PARTIAL)):
        outcome, desk = issue({ORDER: order})
        assert isinstance(outcome, Unknown)
        assert (outcome.doubt, outcome.sent, desk.count(PAY)) == (doubt, True, 0)


def test_a_ticket_of_nobody_leaves_a_family_partly_ticketed() -> None:
    nobodys = [{"unique_identifier": "0652400000001"}]
    outcome, desk = issue({ORDER: data(an_order(payment_status=PAID, documents=nobodys))})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, desk.count(PAY)) == (Doubt.PARTIAL, 0)


@pytest.mark.parametrize(
    ("order", "priced", "code"),
    [
        (data(an_order(total_amount="30172.00")), PRICED, "PRICE_CHANGED"),
        (data(an_order(total_currency="USD")), PRICED, "PRICE_CHANGED"),
        (HELD, replace(PRICED, ref=OrderRef("duffel", "ord_2")), "OTHER_ORDER"),
        (CANCELLED, PRICED, "ORDER_CANCELLED"),
    ],
)
def test_what_is_not_as_priced_is_refused_by_us_and_nothing_is_paid(order: Said, priced: Priced, code: str) -> None:
    outcome, desk = issue({ORDER: order}, priced)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.by, desk.count(PAY)) == (code, "us", 0)


def test_an_order_that_does_not_say_whether_it_is_paid_is_not_paid() -> None:
    outcome, desk = issue({ORDER: data(an_order(payment_status=None))})
    assert isinstance(outcome, Unknown)
    assert (outcome.sent, desk.count(PAY)) == (False, 0)


def test_what_goes_wrong_before_the_payment_was_not_sent() -> None:
    for said, kind in ((errors(404, "invalid_request_error", "not_found"), Refused), (Said(then=RESET), Unknown)):
        outcome, desk = issue({ORDER: said})
        assert isinstance(outcome, kind)
        assert getattr(outcome, "sent", False) is False
        assert desk.count(PAY) == 0


def test_a_rate_limit_tells_when_to_come_back() -> None:
    said = errors(
        429, "rate_limit_error", "rate_limit_exceeded", **{"ratelimit-reset": "Sun, 05 Nov 2028 09:00:00 GMT"}
    )
    outcome, _ = issue({ORDER: HELD, PAY: said})
    assert isinstance(outcome, Refused)
    assert outcome.retry_at == datetime(2028, 11, 5, 9, tzinfo=UTC)


# -- void, refund, cancel ----------------------------------------------------------------------------------------------


def documents(*numbers: str) -> list[Document]:
    return [Document(number, ("pas_a",), status=CouponStatus.OPEN) for number in numbers]


ALL = documents("0652400000001", "0652400000002", "0652400000003")
A_REFUND = RefundQuote(
    REF, tuple(each.number for each in ALL), Money(Decimal("20000.00"), "INR"), '{"cancellation": "ore_1"}'
)


def test_there_is_no_void_and_nobody_is_asked() -> None:
    with Scripted({}) as desk:
        supplier = supplier_of(desk)
        outcome = supplier.void(REF, ALL[0], "VOID-1")
        assert isinstance(outcome, Refused)
        assert (outcome.code, outcome.by, desk.asked) == ("UNSUPPORTED", "us", [])
        assert not supplier.capabilities.void
        assert not supplier.capabilities.partial_refund


def quote(script: dict[str, Any], asked: list[Document] = ALL) -> RefundQuote:
    with Scripted(script) as desk:
        return supplier_of(desk).refund_quote(REF, asked)


def test_a_refund_is_quoted_for_the_whole_order() -> None:
    found = quote({ORDER: TICKETED, QUOTE: data(A_QUOTE, 201)})
    assert found.refund == Money(Decimal("20000.00"), "INR")
    assert (found.paid, found.penalty) == (TOTAL, Money(Decimal("10171.00"), "INR"))
    assert found.documents == ("0652400000001", "0652400000002", "0652400000003")
    assert (found.refund_to, found.expires_at) == ("balance", datetime(2026, 11, 22, tzinfo=UTC))


def test_a_refund_against_the_conditions_of_the_fare_says_which_of_the_two_counts() -> None:
    rule = {"allowed": False, "penalty_amount": None, "penalty_currency": None}
    script = {
        denied: data(an_order(payment_status=PAID, documents=TICKETS, conditions={"refund_before_departure": told}))
        for denied, told in ((True, rule), (False, rule | {"allowed": True}))
    }
    whole, part = (data(A_QUOTE | {"refund_amount": back}, 201) for back in ("30171.00", "171.00"))
    noted = quote({ORDER: script[True], QUOTE: whole}).notes
    assert [note for note in noted if "conditions allow no refund" in note and "until it expires" in note]
    for order, back in ((True, part), (False, whole)):
        assert not any("conditions" in note for note in quote({ORDER: script[order], QUOTE: back}).notes)


def test_a_refund_nobody_knows_yet_is_quoted_as_unknown() -> None:
    found = quote({ORDER: TICKETED, QUOTE: data(A_QUOTE | {"refund_amount": None, "expires_at": None}, 201)})
    assert (found.refund, found.penalty, found.expires_at) == (None, None, None)


def test_parts_of_an_order_and_what_was_never_paid_are_not_quoted() -> None:
    script = {ORDER: TICKETED, QUOTE: data(A_QUOTE, 201)}
    for asked in (ALL[:2], [*ALL, *documents("9999999999999")], []):
        with pytest.raises(Unsupported):
            quote(script, asked)
    for order, code in ((HELD, "NOT_PAID"), (CANCELLED, "ORDER_CANCELLED")):
        with pytest.raises(SupplierRefused) as raised:
            quote({**script, ORDER: order})
        assert raised.value.supplier_code == code
    with pytest.raises(NotOurs):
        quote({**script, QUOTE: data(A_QUOTE | {"order_id": "ord_2"})})


def refund(script: dict[str, Any], quoted: RefundQuote = A_REFUND) -> tuple[Any, Scripted]:
    with Scripted(script) as desk:
        return supplier_of(desk).refund(quoted, "REFUND-1"), desk


def test_a_confirmed_cancellation_is_a_refund() -> None:
    outcome, desk = refund({QUOTED: data(A_QUOTE), CONFIRM: data(CONFIRMED)})
    assert isinstance(outcome, Done)
    assert outcome.value.refund == Money(Decimal("20000.00"), "INR")
    assert (outcome.value.reference, outcome.value.at) == ("ore_1", datetime(2026, 11, 21, 6, tzinfo=UTC))
    assert (desk.count(CONFIRM), desk.count(QUOTED)) == (1, 1)


@an_end
def test_an_ended_confirmation_is_what_the_cancellation_shows(end: str) -> None:
    said, clean, doubt = ENDS[end]
    outcome, desk = refund({QUOTED: [data(A_QUOTE), data(CONFIRMED)], CONFIRM: said})
    assert isinstance(outcome, Done)
    assert (desk.count(CONFIRM), desk.count(QUOTED)) == (1, 2)
    outcome, _ = refund({QUOTED: data(A_QUOTE), CONFIRM: said})
    if clean:
        assert isinstance(outcome, Refused)
    else:
        assert isinstance(outcome, Unknown)
        assert (outcome.doubt, outcome.sent, outcome.ref) == (doubt, True, REF)
    for look in LOOKS_FAIL:
        outcome, _ = refund({QUOTED: [data(A_QUOTE), look], CONFIRM: said})
        assert isinstance(outcome, Unknown)
        assert outcome.sent


def test_another_cancellations_answer_is_not_ours() -> None:
    for other in (CONFIRMED | {"order_id": "ord_2"}, CONFIRMED | {"id": "ore_2"}, A_QUOTE):
        outcome, _ = refund({QUOTED: data(A_QUOTE), CONFIRM: data(other)})
        assert isinstance(outcome, Unknown)
        assert outcome.sent


def test_a_refund_that_was_confirmed_before_is_done_and_one_that_moved_is_refused() -> None:
    outcome, desk = refund({QUOTED: data(CONFIRMED)})
    assert isinstance(outcome, Done)
    assert desk.count(CONFIRM) == 0
    for moved in (A_QUOTE | {"refund_amount": "19999.00"}, A_QUOTE | {"refund_amount": None}):
        outcome, desk = refund({QUOTED: data(moved)})
        assert isinstance(outcome, Refused)
        assert (outcome.code, outcome.by, desk.count(CONFIRM)) == ("QUOTE_CHANGED", "us", 0)
    for token in ("", "{}", "[]", "ore_1"):
        outcome, desk = refund({}, replace(A_REFUND, token=token))
        assert isinstance(outcome, Refused)
        assert (outcome.code, desk.asked) == ("QUOTE_UNKNOWN", [])


def test_another_amount_than_quoted_is_told() -> None:
    outcome, _ = refund({QUOTED: data(A_QUOTE), CONFIRM: data(CONFIRMED | {"refund_amount": "19000.00"})})
    assert isinstance(outcome, Done)
    assert outcome.value.refund == Money(Decimal("19000.00"), "INR")
    assert "19,000.00" in outcome.notes[0]


FREE = A_QUOTE | {"refund_amount": "0.00", "refund_to": "awaiting_payment"}


def cancel(script: dict[str, Any]) -> tuple[Any, Scripted]:
    with Scripted({QUOTE: data(FREE, 201), **script}) as desk:
        return supplier_of(desk).cancel(REF, "CANCEL-1"), desk


def test_a_hold_is_let_go() -> None:
    confirmed = data(CONFIRMED | {"refund_amount": "0.00"})
    outcome, desk = cancel({ORDER: [HELD, CANCELLED], CONFIRM: confirmed})
    assert isinstance(outcome, Done)
    assert outcome.value.cancelled
    assert desk.count(CONFIRM) == 1
    outcome, _ = cancel({ORDER: HELD, CONFIRM: confirmed})
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (Doubt.UNCONFIRMED, True)
    outcome, _ = cancel({ORDER: HELD, CONFIRM: data(CONFIRMED | {"order_id": "ord_2"})})
    assert isinstance(outcome, Unknown)
    assert outcome.doubt is Doubt.NOT_OURS


@an_end
def test_an_ended_cancellation_is_what_the_order_shows(end: str) -> None:
    said, clean, doubt = ENDS[end]
    outcome, desk = cancel({ORDER: [HELD, CANCELLED], CONFIRM: said})
    assert isinstance(outcome, Done)
    assert (desk.count(CONFIRM), desk.count(ORDER)) == (1, 2)
    outcome, _ = cancel({ORDER: HELD, CONFIRM: said})
    if clean:
        assert isinstance(outcome, Refused)
    else:
        assert isinstance(outcome, Unknown)
        assert (outcome.doubt, outcome.sent, outcome.ref) == (doubt, True, REF)
    for look in LOOKS_FAIL:
        outcome, _ = cancel({ORDER: [HELD, look], CONFIRM: said})
        assert isinstance(outcome, Unknown)
        assert outcome.sent


def test_an_order_that_does_not_say_whether_it_is_paid_is_not_let_go() -> None:
    outcome, desk = cancel({ORDER: data(an_order(payment_status=None))})
    assert isinstance(outcome, Unknown)
    assert (outcome.sent, desk.count(QUOTE), desk.count(CONFIRM)) == (False, 0, 0)


def test_what_is_cancelled_is_done_and_what_is_paid_is_not_let_go() -> None:
    outcome, desk = cancel({ORDER: CANCELLED})
    assert isinstance(outcome, Done)
    assert desk.count(QUOTE) == 0
    for order in (TICKETED, UNSHOWN, data(an_order(documents=TICKETS))):
        outcome, desk = cancel({ORDER: order})
        assert isinstance(outcome, Refused)
        assert (outcome.code, outcome.by, desk.count(QUOTE)) == ("DOCUMENTS_LIVE", "us", 0)
    outcome, desk = cancel({ORDER: HELD, QUOTE: data(A_QUOTE, 201)})
    assert isinstance(outcome, Refused)
    assert (outcome.code, desk.count(CONFIRM)) == ("DOCUMENTS_LIVE", 0)


def test_what_goes_wrong_before_the_confirmation_was_not_sent() -> None:
    for end, (said, clean, doubt) in ENDS.items():
        outcome, desk = cancel({ORDER: HELD, QUOTE: said})
        assert isinstance(outcome, Refused if clean or doubt is Doubt.UNCONFIRMED else Unknown), end
        assert getattr(outcome, "sent", False) is False, end
        assert desk.count(CONFIRM) == 0


def test_an_order_of_another_supplier_is_no_order_of_ours() -> None:
    with Scripted({}) as desk:
        with pytest.raises(OrderNotFound):
            supplier_of(desk).retrieve(OrderRef("amadeus", "ord_1"))
        assert desk.asked == []


def test_another_orders_answer_is_not_taken_for_ours() -> None:
    with Scripted({ORDER: data(an_order(id="ord_2"))}) as desk, pytest.raises(NotOurs):
        supplier_of(desk).retrieve(REF)
