import json

import pytest

from simulator.control import Control
from simulator.faults import FaultBook
from simulator.http import HttpRequest
from simulator.server import Latency
from simulator.tests.factories import held, house


class Doors:
    """The side doors without a port."""

    def __init__(self):
        self.house = house()
        self.faults = FaultBook()
        self.latency = Latency()
        self.away = []
        self.control = Control(self.house.book, self.faults, self.latency, go_away=lambda *how: self.away.append(how))

    def ask(self, method, path, body=None, status=200, **query):
        sent = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        answer = self.control.handle(
            HttpRequest(method, path, {name: [value] for name, value in query.items()}, {}, sent)
        )
        assert answer.status == status, answer.body
        return json.loads(answer.body)


@pytest.fixture
def doors():
    return Doors()


def test_the_truth_tells_what_was_issued_to_whom_and_how_often(doors):
    order = held(doors.house)
    made = doors.house.book.issue(order)
    doors.house.book.void(made[0].number)
    truth = doors.ask("GET", f"/truth/orders/{order.locator}")
    assert truth["counts"] == {
        "held": 1,
        "priced": 1,
        "issued": 1,
        "voided": 1,
        "refunded": 0,
        "cancelled": 0,
        "expired": 0,
    }
    assert [each["verb"] for each in truth["effects"]] == ["held", "priced", "issued", "voided"]
    told = {each["number"]: each for each in truth["documents"]}
    assert set(told) == {each.number for each in made}
    assert told[made[0].number]["status"] == "VOID"
    assert told[made[0].number]["passenger"] == {"tattoo": 1, "name": "SPECIMEN/ASIF", "kind": "ADT"}
    assert told[made[1].number]["issued_at"] == "2026-12-01T12:00:00+05:30"
    assert doors.ask("GET", f"/truth/documents/{made[0].number}") == told[made[0].number]
    assert doors.ask("GET", f"/truth/documents/{made[0].number[:3]}-{made[0].number[3:]}")["locator"] == order.locator
    assert len(doors.ask("GET", "/truth/documents")["documents"]) == 4


def test_orders_are_found_by_the_clients_key_and_since_a_moment(doors):
    order = held(doors.house)
    assert [each["locator"] for each in doors.ask("GET", "/truth/orders", key="QK/1")["orders"]] == [order.locator]
    assert doors.ask("GET", "/truth/orders", key="QK/2")["orders"] == []
    assert doors.ask("GET", "/truth/orders", since="2026-12-01T06:30:01+00:00")["orders"] == []
    assert "offset" in doors.ask("GET", "/truth/orders", since="yesterday", status=400)["error"]
    doors.ask("GET", "/truth/orders/ZZZZZZ", status=404)
    doors.ask("GET", "/truth/documents/0651234567890", status=404)


def test_long_lists_say_that_there_is_more_and_are_read_on(doors, monkeypatch):
    monkeypatch.setattr("simulator.control._MANY", 2)
    orders = [held(doors.house) for _ in range(3)]
    numbers = [each.number for order in orders for each in doors.house.book.issue(order)]
    first = doors.ask("GET", "/truth/orders")
    rest = doors.ask("GET", "/truth/orders", skip="2")
    assert (first["more"], rest["more"]) == (True, False)
    assert {each["locator"] for each in first["orders"] + rest["orders"]} == {each.locator for each in orders}
    told = doors.ask("GET", "/truth/documents")
    assert told["more"]
    seen = []
    while told["documents"]:
        seen += [each["number"] for each in told["documents"]]
        told = doors.ask("GET", "/truth/documents", after=seen[-1])
    assert seen == sorted(numbers)
    assert doors.ask("GET", "/truth/effects")["more"]


@pytest.mark.parametrize("odd", ["²", "9" * 30, "9" * 5000, "-1", "x"])
def test_a_number_is_a_number(doors, odd):
    doors.ask("GET", "/truth/effects", status=400, after=odd)
    doors.ask("GET", "/truth/orders", status=400, skip=odd)


def test_effects_are_read_on_from_the_last_one_seen(doors):
    held(doors.house)
    seen = doors.ask("GET", "/truth/effects")["effects"]
    assert [each["verb"] for each in seen] == ["sold", "held", "priced"]
    assert doors.ask("GET", "/truth/effects", after=str(seen[1]["seq"]))["effects"] == seen[2:]
    doors.ask("GET", "/truth/effects", after="x", status=400)


def test_the_clock_is_set_moved_and_stood_still(doors):
    told = doors.ask("POST", "/clock", {"set": "2027-01-18T09:00:00+05:30", "freeze": True})
    assert told == {
        "now": "2027-01-18T03:30:00+00:00",
        "office": "2027-01-18T09:00:00+05:30",
        "zone": "Asia/Kolkata",
        "frozen": True,
    }
    assert doors.ask("POST", "/clock", {"advance": 60})["now"] == "2027-01-18T03:31:00+00:00"
    assert doors.ask("POST", "/clock", {"freeze": False})["frozen"] is False
    for wrong in (
        {"set": "noon"},
        {"set": "1066-10-14T09:00:00+00:00"},
        {"advance": "1"},
        {"advance": 1e99},
        {"freeze": 1},
        {"jump": 1},
        [],
    ):
        assert doors.ask("POST", "/clock", wrong, status=400)["error"]


def test_latency_is_set_for_all_steps_and_for_one(doors):
    doors.ask("POST", "/latency", {"ms": 100})
    assert doors.ask("POST", "/latency", {"ms": 2000, "step": "amadeus.issue"}) == {
        "ms": 100,
        "steps": {"amadeus.issue": 2000},
    }
    assert (doors.latency.seconds("amadeus.issue"), doors.latency.seconds("amadeus.void")) == (2, 0.1)
    assert doors.ask("POST", "/latency", {"ms": 0, "step": None}) == {"ms": 0, "steps": {}}
    doors.ask("POST", "/latency", {"ms": -1}, status=400)
    doors.ask("POST", "/latency", {"ms": 1, "step": 3}, status=400)


def test_faults_are_put_in_force_counted_and_taken_away(doors):
    fault = doors.ask("POST", "/faults", {"name": "reset", "step": "amadeus.issue", "when": "after", "times": 2})
    doors.faults.transport("amadeus.issue")
    assert doors.ask("GET", "/faults")["faults"] == [{**fault, "seen": 1, "hits": 1}]
    doors.ask("DELETE", f"/faults/{fault['id']}")
    doors.ask("DELETE", f"/faults/{fault['id']}", status=404)
    doors.ask("POST", "/faults", {"name": "reset", "step": "*"})
    assert doors.ask("DELETE", "/faults") == {"faults": []}
    assert "earthquake" in doors.ask("POST", "/faults", {"name": "earthquake", "step": "*"}, status=400)["error"]


def test_the_port_can_be_closed_at_once(doors):
    told = doors.ask("POST", "/faults", {"name": "connect_refused", "step": "now", "params": {"seconds": 2}})
    doors.ask("POST", "/faults", {"name": "connect_timeout", "step": "now"})
    assert told["hits"] == 1
    assert doors.away == [(2.0, False), (1.0, True)]


def test_the_airline_changes_a_segment_and_a_price(doors):
    order = held(doors.house)
    assert doors.ask("POST", f"/airline/{order.locator}/segments/1", {"status": "UN"})["segments"][0]["status"] == "UN"
    assert doors.ask("POST", f"/airline/{order.locator}/price", {"percent": 5})["price_factor"] == "1.05"
    for status in ("XX", "?", None):
        doors.ask("POST", f"/airline/{order.locator}/segments/1", {"status": status}, status=400)
    for percent in ("NaN", "much", 5000, None):
        doors.ask("POST", f"/airline/{order.locator}/price", {"percent": percent}, status=400)
    doors.ask("POST", f"/airline/{order.locator}/segments/9", {"status": "UN"}, status=404)
    doors.ask("POST", "/airline/ZZZZZZ/price", {"percent": 5}, status=404)


def test_everything_is_forgotten_but_the_numbers_go_on(doors):
    first = doors.house.book.issue(held(doors.house))
    doors.ask("POST", "/faults", {"name": "reset", "step": "*"})
    doors.ask("POST", "/latency", {"ms": 5})
    doors.ask("POST", "/reset")
    assert doors.ask("GET", "/truth/orders")["orders"] == []
    assert doors.ask("GET", "/truth/effects")["effects"] == []
    assert doors.ask("GET", "/faults")["faults"] == []
    assert doors.ask("GET", "/latency") == {"ms": 0, "steps": {}}
    assert doors.ask("GET", "/clock")["frozen"] is False
    doors.ask("POST", "/clock", {"freeze": True, "set": "2026-12-01T06:30:00+00:00"})
    second = doors.house.book.issue(held(doors.house))
    assert not {each.number for each in first} & {each.number for each in second}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/", None, 404),
        ("GET", "/truth", None, 404),
        ("DELETE", "/truth/orders", None, 405),
        ("POST", "/clock", b"{", 400),
        ("POST", "/clock", b"[" * 100_000, 400),
        ("POST", "/clock", b"\xff", 400),
        ("POST", "/webhooks", {"url": "http://127.0.0.1:1/"}, 404),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(doors, method, path, body, status):
    assert doors.ask(method, path, body, status=status)["error"]


def test_whoever_tells_events_hears_of_every_change_made_here(doors):
    heard = []
    doors.control = Control(doors.house.book, doors.faults, doors.latency, changed=lambda: heard.append(1))
    order = held(doors.house)
    doors.ask("GET", "/clock")
    doors.ask("POST", f"/airline/{order.locator}/price", {"percent": "x"}, status=400)
    assert heard == []
    doors.ask("POST", f"/airline/{order.locator}/price", {"percent": 5})
    doors.ask("POST", "/clock", {"advance": 1})
    assert heard == [1, 1]


def test_receivers_of_events_are_registered_with_whoever_tells_them(doors):
    class Teller:
        deliveries = ({"id": "wev_1"},)

        def register(self, url):
            if not url:
                raise ValueError("a receiver's url begins with http:// or https://")
            return {"url": url}

        def receivers(self):
            return [{"url": "http://127.0.0.1:9/"}]

    doors.control = Control(doors.house.book, doors.faults, doors.latency, webhooks=Teller())
    assert doors.ask("POST", "/webhooks", {"url": "http://127.0.0.1:9/"}) == {"url": "http://127.0.0.1:9/"}
    assert doors.ask("GET", "/webhooks") == {
        "webhooks": [{"url": "http://127.0.0.1:9/"}],
        "deliveries": [{"id": "wev_1"}],
    }
    assert "http://" in doors.ask("POST", "/webhooks", {}, status=400)["error"]
