"""The first departure's block, group and rate sheet, loaded through the actions as the demo loads them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from qafila.groups import verify as groups_verify
from qafila.groups.actions.create_group import create_group
from qafila.groups.actions.link_block import link_block
from qafila.groups.actions.save_rate_sheet import save_rate_sheet
from qafila.groups.queries import group, rate_sheet
from qafila.groups.schemas import GroupIn, LinkIn, SheetIn
from qafila.inventory import verify as inventory_verify
from qafila.inventory.actions.create_block import create_block
from qafila.inventory.queries import block
from qafila.inventory.schemas import BlockIn
from qafila.inventory.tests.factories import books
from qafila.kernel import clock
from qafila.kernel.actor import SYSTEM
from qafila.ledger.models import JournalLine
from qafila.parties.tests.factories import a_supplier
from qafila.tax.rules import Counts

pytestmark = pytest.mark.django_db
DATA = json.loads((settings.PACKAGE / "config" / "demo" / "data" / "departure.json").read_text())


def test_the_first_departure_stands_open_priced_and_on_the_books():
    with clock.standing_at(date(2026, 11, 21)):
        books()
        told = dict(DATA["airline_block"])
        deposit = told.pop("deposit")
        supplier_id = a_supplier(name=told.pop("supplier"), category="ticketing", airline_code="SV")
        said = {
            **told,
            "supplier_id": supplier_id,
            "deposit_amount": deposit["amount"],
            "deposit_due": deposit["due"],
        }
        block_id = create_block(actor=SYSTEM, block=BlockIn(**said))
        group_id = create_group(actor=SYSTEM, group=GroupIn(**DATA["group"]))
        link_block(actor=SYSTEM, group_id=group_id, link=LinkIn(block_id=block_id))
        save_rate_sheet(actor=SYSTEM, group_id=group_id, sheet=SheetIn(version=1, **DATA["rate_sheet"]))

        bought, departure, sheet = block(SYSTEM, block_id), group(SYSTEM, group_id), rate_sheet(group_id)

    assert bought.code == "BLK-SV-27JAN-A"
    assert bought.route == "SXR → DEL → JED · JED → DEL → SXR"
    assert bought.problems == ()
    assert [leg.pnr for leg in bought.legs] == ["K7QXPL", "K7QXPL", "K7QXR2", "K7QXR2"]
    assert (bought.available_seats, bought.returns_on) == (2, date(2027, 2, 3))
    assert (departure.code, departure.status) == ("UMR-27JAN-A", "open")
    assert (departure.flights[0].seats, departure.flights[0].names_due) == (48, date(2027, 1, 4))
    assert sheet.priced(Counts(adult=1)).gross == Decimal("112350.00")
    totals: dict[str, Decimal] = {}
    for code, debit, credit in JournalLine.objects.values_list("account__code", "debit", "credit"):
        totals[code] = totals.get(code, Decimal(0)) + debit - credit
    assert totals == {"1310": Decimal(97000), "2025": Decimal(-2425000), "5102": Decimal(2328000)}
    assert inventory_verify.verify() + groups_verify.verify() == []
