"""Killed in the middle of it, again and again: what was answered stands, and everything adds up."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx

from simulator.access import AmadeusAccess
from simulator.amadeus.tests import messages as m
from simulator.amadeus.tests.client import Client
from simulator.amadeus.tests.conftest import OUT
from simulator.duffel.tests.shop import people
from simulator.tests.balance import contradictions

KILLS, BUYERS = 4, 3  # of each dialect


class House:
    """The process and what its clients were told: locators of orders, numbers of documents."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process: subprocess.Popen[str] | None = None
        self.access: dict[str, Any] = {}
        self.held: set[str] = set()
        self.voided: set[str] = set()
        self.wrong: list[str] = []

    def open(self) -> None:
        command = [sys.executable, "-m", "simulator", "--port", "0", "--data-dir", str(self.home)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert self.process.stdout is not None
        assert "open" in self.process.stdout.readline()
        self.access = json.loads((self.home / "access.json").read_text())

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.communicate(timeout=20)

    def effects(self) -> int:
        found = httpx.get(f"{self.access['control']}/truth/effects", params={"after": "0"}, timeout=20).json()
        return len(found["effects"])


def buy_at_amadeus(house: House, dice: random.Random) -> None:
    client = Client(AmadeusAccess(**house.access["amadeus"]))
    try:
        _buy_at_amadeus(house, dice, client)
    finally:
        if client.connection is not None:
            client.connection.close()


def _buy_at_amadeus(house: House, dice: random.Random, client: Client) -> None:
    """Search, sell, name, commit, price, issue; sometimes void, cancel, or go away in the middle."""
    seats = dice.choice((1, 2, 4))
    found = client.stateless("Fare_MasterPricerTravelBoardSearch", m.search([("SXR", "JED", OUT)], adults=seats))
    client.start("Air_SellFromRecommendation", m.sell(m.flights(found), seats))
    if dice.random() < 0.2:
        return
    names = "".join(m.person(place, "KHAN", f"IMRAN {'ABCD'[place - 1]}") for place in range(1, seats + 1))
    client.go_on("PNR_AddMultiElements", m.option(0) + names)
    told = client.go_on("PNR_AddMultiElements", m.end(11))
    locators = told.texts("pnrHeader/reservationInfo/reservation/controlNumber")
    if not locators:  # the seats were gone
        return
    house.held.add(locators[0])
    client.go_on("Fare_PricePNRWithBookingClass", m.price())
    client.go_on("Ticket_CreateTSTFromPricing", m.store("1"))
    client.go_on("PNR_AddMultiElements", m.end(11))
    client.go_on("DocIssuance_IssueTicket", m.issue())
    if dice.random() < 0.5:
        truth = httpx.get(f"{house.access['control']}/truth/orders/{locators[0]}", timeout=20).json()
        for each in truth["documents"]:
            client.go_on("Ticket_CancelDocument", m.void(each["number"]))
            house.voided.add(each["number"])
        client.go_on("PNR_Cancel", m.cancel(11))
    client.sign_out()


def buy_at_duffel(house: House, dice: random.Random) -> None:
    """Search, hold, pay; sometimes cancel."""
    access = house.access["duffel"]
    headers = {"Authorization": f"Bearer {access['token']}", "Duffel-Version": "v2", "Accept": "application/json"}
    with httpx.Client(base_url=access["base"], headers=headers, timeout=20) as shop:
        slices = [{"origin": "SXR", "destination": "JED", "departure_date": OUT.isoformat()}]
        riders = [{"type": "adult"}] * dice.choice((1, 2, 4))
        asked = {"slices": slices, "passengers": riders}
        found = shop.post("/air/offer_requests", json={"data": asked}).json()["data"]["offers"]
        offer = next(each for each in found if not each["payment_requirements"]["requires_instant_payment"])
        body = {"type": "hold", "selected_offers": [offer["id"]], "passengers": people(offer)}
        answer = shop.post("/air/orders", json={"data": body})
        if answer.status_code != 201:  # the seats were gone
            return
        order = answer.json()["data"]
        house.held.add(order["booking_reference"])
        payment = {"type": "balance", "amount": order["total_amount"], "currency": order["total_currency"]}
        shop.post("/air/payments", json={"data": {"order_id": order["id"], "payment": payment}})
        if dice.random() < 0.5:
            quote = shop.post("/air/order_cancellations", json={"data": {"order_id": order["id"]}}).json()["data"]
            shop.post(f"/air/order_cancellations/{quote['id']}/actions/confirm")


def buyer(house: House, buy: Any, seed: int, stop: threading.Event) -> None:
    dice = random.Random(seed)
    while not stop.is_set():
        try:
            buy(house, dice)
        except Exception as error:
            # A supplier that is dead does not answer, in many ways; one that lives always does.
            if not stop.wait(0.2):
                house.wrong.append(repr(error))
                return


def test_a_house_that_is_killed_under_load_forgets_nothing_it_said_and_adds_up(tmp_path: Path) -> None:
    house, dice = House(tmp_path), random.Random(3)
    for turn in range(KILLS):
        house.open()
        stop = threading.Event()
        buyers = [
            threading.Thread(target=buyer, args=(house, buy, 100 * turn + place, stop))
            for place in range(BUYERS)
            for buy in (buy_at_amadeus, buy_at_duffel)
        ]
        wanted = house.effects() + dice.randint(40, 90)
        for each in buyers:
            each.start()
        deadline = time.monotonic() + 30
        while house.effects() < wanted and time.monotonic() < deadline:
            time.sleep(0.002 * dice.random())
        stop.set()  # first: nobody may take what the kill does for a failure
        house.kill()
        for each in buyers:
            each.join(30)
        assert house.wrong == []
        assert contradictions(tmp_path / "simulator.sqlite3") == []
    house.open()
    for locator in house.held:
        truth = httpx.get(f"{house.access['control']}/truth/orders/{locator}", timeout=20).json()
        assert truth["counts"]["held"] == 1
        told = {each["number"]: each["status"] for each in truth["documents"]}
        assert all(told[number] == "VOID" for number in house.voided & told.keys())
    house.kill()
    assert contradictions(tmp_path / "simulator.sqlite3") == []
    assert len(house.held) > 10
