"""The first sale, one: a block of seats is bought, a departure opened, linked and priced."""

from __future__ import annotations

from decimal import Decimal

from tests.harness.office import data, lines_of
from tests.journeys.story import NOBODY, OPS, PRICE, SALES, SEAT, SELLER, Story


def a_block_is_bought(story: Story) -> None:
    office, given = story.office, data("departure.json")
    saudia = given["suppliers"][0]
    supplier = {"name": saudia["name"], "category": "ticketing", "currency": "INR", "airline_code": "SV"}
    office.refused(OPS, "POST", "/suppliers", {**supplier, "category": "camel"}, status=422, field="category")
    office.refused(OPS, "POST", "/suppliers", {**supplier, "gstin": "01AABCN4821K1ZX"}, status=422, field="gstin")
    office.refused(SELLER, "POST", "/suppliers", supplier, status=403, code="MISSING_RIGHT")
    story.supplier = office.does(OPS, "POST", "/suppliers", supplier, status=201)["id"]

    bought = given["airline_block"]
    block = {key: value for key, value in bought.items() if key not in ("supplier", "deposit")}
    block |= {"supplier_id": story.supplier, "deposit_amount": bought["deposit"]["amount"]}
    block["deposit_due"] = bought["deposit"]["due"]
    legs = block["legs"]
    bad_legs = {
        "legs.0.origin": [{**legs[0], "origin": "S1R"}, legs[1]],
        "legs.0.depart_date": [{**legs[0], "depart_date": "2027-02-30"}, legs[1]],
        "legs.1.flight_no": [legs[0], {**legs[1], "flight_no": "seven"}],
        "legs.1.origin": [legs[0], {**legs[1], "origin": "BOM"}],
        "legs": [],
    }
    for where, wrong in bad_legs.items():
        office.refused(OPS, "POST", "/inventory/airline-blocks", {**block, "legs": wrong}, status=422, field=where)
    bad_fields = {
        "supplier_id": NOBODY,
        "total_seats": 0,
        "price_per_seat": "-1",
        "currency": "XXZ",
        "pnr": "K7",
        "colour": "red",
    }
    for where, wrong in bad_fields.items():
        office.refused(OPS, "POST", "/inventory/airline-blocks", {**block, where: wrong}, status=422, field=where)
    assert office.entries() == [], "what was refused posted something"

    made = office.does(OPS, "POST", "/inventory/airline-blocks", block, key="block-1", status=201)
    again = office.does(OPS, "POST", "/inventory/airline-blocks", block, key="block-1", status=201)
    assert again == made
    story.block, story.block_code = made["id"], made["code"]
    assert made["route"] == "SXR → DEL → JED · JED → DEL → SXR"
    assert (made["total_seats"], made["available_seats"]) == (50, 50)
    stock = office.entries(source="airline_block")
    assert [lines_of(entry) for entry in stock] == [{"1310": 50 * SEAT, "2025": -50 * SEAT}]
    assert stock[0]["lines"][1]["party_id"] == story.supplier


def a_departure_is_opened(story: Story) -> None:
    office, group = story.office, data("departure.json")["group"]
    for where, wrong in {"group_type": "CRUISE", "total_capacity": 0, "departure_date": "soon"}.items():
        office.refused(OPS, "POST", "/groups", {**group, where: wrong}, status=422, field=where)
    early = {**group, "return_date": "2027-01-17"}
    office.refused(OPS, "POST", "/groups", early, status=422, field="return_date")
    office.refused(SELLER, "POST", "/groups", group, status=403, code="MISSING_RIGHT")
    asked = {"group_type": "UMRAH", "departure_date": group["departure_date"]}
    assert office.reads(OPS, "/groups/code-preview", **asked)["code"] == "UMR-27JAN-A"
    made = office.does(OPS, "POST", "/groups", group, status=201)
    story.group, story.group_code = made["id"], made["code"]
    assert (made["code"], made["status"]) == ("UMR-27JAN-A", "planning")
    assert office.reads(OPS, "/groups/code-preview", **asked)["code"] == "UMR-27JAN-B"


def the_block_is_linked(story: Story) -> None:
    office, link = story.office, f"/groups/{story.group}/flights"
    office.refused(OPS, "POST", link, {"block_id": NOBODY}, status=404, field="block_id")
    office.refused(OPS, "POST", link, {"block_id": story.block, "seats": 51}, status=409, field="seats")
    office.refused(OPS, "POST", link, {"block_id": story.block, "pnr": "!"}, status=422, field="pnr")
    office.refused(SALES, "POST", link, {"block_id": story.block}, status=403, code="MISSING_RIGHT")
    made = office.does(OPS, "POST", link, {"block_id": story.block}, status=201)
    assert made["seats"] == 48, "as many as the group needs"
    block = office.reads(OPS, f"/inventory/airline-blocks/{story.block}")
    assert (block["allocated_seats"], block["available_seats"]) == (48, 2)
    moves = office.reads(OPS, f"/inventory/airline-blocks/{story.block}/movements")["items"]
    assert sum(move["seats"] for move in moves) == 48
    _, cost = office.entries(source="airline_block")
    assert lines_of(cost) == {"5102": 48 * SEAT, "1310": -48 * SEAT}
    assert cost["lines"][0]["memo"].startswith("48 seats")
    assert office.trial_balance() == {"1310": 2 * SEAT, "2025": -50 * SEAT, "5102": 48 * SEAT}


def the_departure_is_priced(story: Story) -> None:
    office, path = story.office, f"/groups/{story.group}/pricing"
    sheet = {**data("departure.json")["rate_sheet"], "version": office.reads(SALES, path)["version"]}
    flight, tax = sheet["line_items"]["flight"], sheet["tax_lines"][0]
    for wrong in ("-1", "NaN", "1e99", "12.34567", "a lot", None):
        items = {**sheet["line_items"], "flight": {**flight, "adult": wrong}}
        told = office.refused(SALES, "PATCH", path, {**sheet, "line_items": items}, status=422)
        assert told["errors"][0]["loc"][-3:] == ["line_items", "flight", "adult"], told
    for where, wrong in {"rate": "101", "mode": "sideways", "applies_to": []}.items():
        taxes = [{**tax, where: wrong}]
        office.refused(SALES, "PATCH", path, {**sheet, "tax_lines": taxes}, status=422, field=f"tax_lines.0.{where}")
    stale = {**sheet, "version": sheet["version"] + 7}
    office.refused(SALES, "PATCH", path, stale, status=409, code="STALE_VERSION", field="version")
    office.refused(SELLER, "PATCH", path, sheet, status=403, code="MISSING_RIGHT")
    saved = office.does(SALES, "PATCH", path, sheet)
    assert saved["is_complete"]
    assert {tier: Decimal(total["net"]) for tier, total in saved["totals"].items()} == PRICE
    assert Decimal(saved["totals"]["adult"]["gross"]) == Decimal("112350.00")
    assert office.reads(SALES, f"/groups/{story.group}")["status"] == "open"
