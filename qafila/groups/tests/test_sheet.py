"""The rate sheet: saved by version, priced by the one function, refreshed from what the flights cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qafila.groups.actions.edit_group import edit_group
from qafila.groups.actions.link_block import link_block
from qafila.groups.actions.save_rate_sheet import save_rate_sheet
from qafila.groups.errors import CurrencyIsFixed
from qafila.groups.facts import RateSheetSaved
from qafila.groups.models import RateSheetLine, SheetTaxLine
from qafila.groups.queries import group, rate_sheet
from qafila.groups.refresh import HIDDEN, NO_SEAT, UNTOUCHED, refresh_from_inventory
from qafila.groups.rules import FlightCost, flight_cost_a_head
from qafila.groups.schemas import GroupPatch, LinkIn, SheetIn
from qafila.groups.tests.factories import GST, LINE_ITEMS, a_group, a_priced_group, price_group
from qafila.identity.queries import actor_of
from qafila.identity.tests.factories import actor_with, allow, make_user
from qafila.identity.types import Role
from qafila.inventory.tests.factories import a_block
from qafila.kernel import facts
from qafila.kernel.actor import SYSTEM
from qafila.kernel.errors import Invalid, MissingRight, StaleVersion
from qafila.tax.rules import Counts

pytestmark = pytest.mark.django_db
RIYALS: dict[str, Any] = {"price_per_seat": "1000.00", "currency": "SAR", "exchange_rate": "22.45"}


def save(group_id, version=None, **said):
    version = version or rate_sheet(group_id).version
    return save_rate_sheet(actor=SYSTEM, group_id=group_id, sheet=SheetIn(version=version, **said))


def test_the_sheet_prices_a_family_with_its_taxes():
    sheet = rate_sheet(a_priced_group())
    assert (sheet.is_complete, sheet.version, sheet.currency) == (True, 2, "INR")
    family = sheet.priced(Counts(adult=2, child=1, infant=1))
    assert family.net == 2 * 107000 + 94000 + 25500
    assert family.tax_total == Decimal("16675.00")
    assert family.gross == Decimal("350175.00")


def test_a_sheet_is_complete_when_all_four_lines_are_there():
    group_id = a_group()
    price_group(group_id, line_items={"flight": LINE_ITEMS["flight"]})
    assert not group(SYSTEM, group_id).is_priced
    price_group(group_id, line_items={k: v for k, v in LINE_ITEMS.items() if k != "flight"})
    assert group(SYSTEM, group_id).is_priced
    assert len(rate_sheet(group_id).rates) == 4


def test_a_sheet_of_nothing_but_noughts_prices_nothing():
    group_id = a_group()
    price_group(group_id, line_items={item: {"adult": "0"} for item in LINE_ITEMS})
    assert not group(SYSTEM, group_id).is_priced


def test_lines_left_out_stay_and_tax_lines_given_replace_all():
    group_id = a_priced_group()
    save(group_id, line_items={"visa": {"adult": "15000.00"}})
    sheet = rate_sheet(group_id)
    assert (sheet.rate("visa").adult, sheet.rate("visa").child) == (Decimal(15000), Decimal(0))
    assert sheet.rate("flight").adult == 52000
    assert [tax.name for tax in sheet.tax_lines] == ["GST tour operator"]
    save(group_id, tax_lines=[{"name": "TCS", "kind": "tcs", "rate": "2", "applies_to": ["hotel", "flight"]}])
    assert [(t.name, t.kind, t.applies_to) for t in rate_sheet(group_id).tax_lines] == [
        ("TCS", "tcs", ("flight", "hotel"))
    ]
    save(group_id, tax_lines=[])
    assert rate_sheet(group_id).tax_lines == ()


def test_the_sheet_somebody_else_saved_is_not_overwritten():
    group_id = a_priced_group()
    with pytest.raises(StaleVersion) as refused:
        save(group_id, version=1)
    assert refused.value.facts["current_version"] == 2


def test_higher_rooms_hear_that_a_sheet_was_saved(monkeypatch):
    group_id, told = a_group(), []
    listen = facts.Reaction(
        RateSheetSaved, "x", "x", "", lambda actor, fact: told.append((fact.group_id, fact.version))
    )
    monkeypatch.setattr(facts, "_reactions", {**facts._reactions, RateSheetSaved: [listen]})
    price_group(group_id)
    assert told == [(group_id, 2)]


def test_a_rate_has_no_more_digits_than_its_currency_and_the_figure_is_named():
    group_id = a_group(currency="JPY")
    with pytest.raises(Invalid, match="JPY has at most 0 digits") as refused:
        save(group_id, line_items={"visa": {"adult": "10.50"}})
    assert refused.value.errors[0]["loc"] == ["line_items", "visa", "adult"]


def test_two_taxes_of_one_name_are_a_mistake():
    with pytest.raises(Invalid) as refused:
        save(a_group(), tax_lines=[GST, {**GST, "name": "gst TOUR operator"}])
    assert refused.value.errors[0]["loc"] == ["tax_lines", 1, "name"]


def test_a_priced_group_keeps_its_currency():
    group_id = a_priced_group()
    with pytest.raises(CurrencyIsFixed):
        edit_group(actor=SYSTEM, group_id=group_id, changed=GroupPatch(version=1, currency="SAR"))
    empty = a_group()
    edit_group(actor=SYSTEM, group_id=empty, changed=GroupPatch(version=1, currency="SAR"))
    assert group(SYSTEM, empty).currency == "SAR"


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("sheet_rates_not_negative", lambda: RateSheetLine.objects.update(adult=-1)),
        ("sheet_item_is_known", lambda: RateSheetLine.objects.filter(item="visa").update(item="camel")),
        ("sheet_tax_is_a_percentage", lambda: SheetTaxLine.objects.update(rate=101)),
    ],
)
def test_the_database_keeps_what_must_be(constraint, change):
    price_group(a_group())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


def test_only_who_may_price_saves_and_refreshes():
    group_id = a_priced_group()
    executive = actor_with(Role.OPS_EXECUTIVE)
    with pytest.raises(MissingRight, match=r"group_pricing\.edit"):
        save_rate_sheet(actor=executive, group_id=group_id, sheet=SheetIn(version=2))
    with pytest.raises(MissingRight, match=r"group_pricing\.edit"):
        refresh_from_inventory(executive, group_id)


def test_refreshing_shows_what_the_flights_cost_and_saves_nothing():
    group_id = a_group(seats=10)
    price_group(group_id)
    link_block(actor=SYSTEM, group_id=group_id, link=LinkIn(block_id=a_block(**RIYALS)))
    found = refresh_from_inventory(SYSTEM, group_id)
    by = {(figure.item, figure.tier): figure for figure in found.figures}
    adult = by["flight", "adult"]
    assert (adult.before, adult.after) == (Decimal(52000), Decimal("22450.00"))
    assert "SAR 1000.00 a seat x 22.45 = 22450.00" in adult.how[0]
    assert by["flight", "child"].after == Decimal("22450.00")
    assert (by["flight", "infant"].after, by["flight", "infant"].how) == (Decimal(9500), (NO_SEAT,))
    assert (by["visa", "adult"].after, by["visa", "adult"].how) == (Decimal(14500), (UNTOUCHED,))
    assert rate_sheet(group_id).rate("flight").adult == 52000


def test_who_may_not_see_costs_learns_none_by_refreshing():
    group_id = a_priced_group()
    user = make_user(Role.OPS_EXECUTIVE)
    allow(user, "group_pricing.edit")
    found = refresh_from_inventory(actor_of(user.pk), group_id)
    assert {figure.how for figure in found.figures if figure.item == "flight"} == {(HIDDEN,)}
    assert not found.changes


def cost(code="A", route="DEL → JED", seats=10, price="1000", currency="INR", rate="1"):
    return FlightCost(code, route, seats, Decimal(price), currency, Decimal(rate))


def test_blocks_side_by_side_count_by_their_average_and_one_after_the_other_add_up():
    together = [cost(seats=30, price="1000"), cost("B", seats=10, price="2000")]
    assert flight_cost_a_head(together, "INR", "INR").amount == Decimal("1250.00")
    there_and_back = [cost(price="1000"), cost("B", route="JED → DEL", price="700")]
    figure = flight_cost_a_head(there_and_back, "INR", "INR")
    assert figure.amount == 1700
    assert figure.how[-1] == "2 routes together = 1700.00"


def test_a_contract_in_the_groups_own_currency_needs_no_rate():
    assert flight_cost_a_head([cost(currency="SAR", rate="22.45")], "SAR", "INR").amount == 1000
    unknown = flight_cost_a_head([cost(currency="USD", rate="83")], "SAR", "INR")
    assert unknown.amount is None
    assert "no rate to SAR" in unknown.how[0]
