"""What a place costs. By hand, from the first departure's sheet: 107,000 an adult, 25,500 an infant, GST 5 % on top."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from qafila.sales.errors import BookingTypeDoesNotFit, RatesDisagree, RatesMissing
from qafila.sales.rules import RatesAsked, booking_type, price_sale, sold_rates
from qafila.tax.rules import Counts, Rate, TaxLine

SHEET = (
    Rate("flight", D("52000"), D("47000"), D("9500")),
    Rate("hotel", D("34000"), D("26000"), D("0")),
    Rate("visa", D("14500"), D("14500"), D("14500")),
    Rate("ground_services", D("6500"), D("6500"), D("1500")),
)
GST = TaxLine("GST tour operator", "gst", D("5"), "exclusive", ("flight", "hotel", "visa", "ground_services"))


def sold(asked: RatesAsked, counts: Counts = Counts(3, 0, 1), **how) -> dict[str, Rate]:
    return {rate.item: rate for rate in sold_rates(SHEET, asked, counts, "INR", **how)}


def test_the_first_family_pays_what_the_sheet_says():
    rates = sold_rates(SHEET, RatesAsked(), Counts(3, 0, 1), "INR")
    priced = price_sale(rates, [GST], Counts(3, 0, 1), "INR")
    assert priced.net == 3 * D(107000) + D(25500) == D("346500")
    assert priced.tax_total == D("17325.00")
    assert priced.gross == D("363825.00")


def test_a_component_replaces_the_sheets_and_resums_the_adult_rate():
    rates = sold(RatesAsked(components={"hotel": D("40000")}))
    assert sum(r.adult for r in rates.values()) == D("113000")
    assert rates["hotel"].child == D("26000")


def test_meals_are_a_component_of_their_own_only_when_sold():
    assert "meals" not in sold(RatesAsked())
    assert sold(RatesAsked(components={"meals": D("3000")}))["meals"].adult == D("3000")


def test_an_adult_rate_given_is_spread_over_the_components_and_the_last_takes_the_remainder():
    rates = sold(RatesAsked(adult=D("100000")))
    assert sum(r.adult for r in rates.values()) == D("100000")
    assert rates["flight"].adult == D("48598.13")
    assert rates["visa"].adult == D("13551.40")
    assert rates["hotel"].adult == D("31775.70")
    assert rates["ground_services"].adult == D("6074.77")


def test_an_infant_rate_never_lands_on_a_component_the_infant_has_none_of():
    rates = sold(RatesAsked(infant=D("20000")))
    assert rates["hotel"].infant == 0
    assert sum(r.infant for r in rates.values()) == D("20000")


def test_without_a_sheet_a_rate_is_all_flight():
    rates = {r.item: r for r in sold_rates((), RatesAsked(adult=D("90000")), Counts(1), "INR", sheet_complete=False)}
    assert rates["flight"].adult == D("90000")
    assert sum(r.adult for r in rates.values()) == D("90000")


def test_a_tier_that_travels_needs_a_rate_from_somewhere():
    with pytest.raises(RatesMissing) as refused:
        sold_rates((), RatesAsked(adult=D("90000")), Counts(1, 1, 0), "INR", sheet_complete=False)
    assert refused.value.loc == ["child_rate"]


def test_an_adult_rate_beside_components_must_be_their_sum():
    given = {"flight": D("52000"), "hotel": D("34000"), "visa": D("14500"), "ground_services": D("6500")}
    assert sum(r.adult for r in sold(RatesAsked(adult=D("107000"), components=given)).values()) == D("107000")
    with pytest.raises(RatesDisagree):
        sold(RatesAsked(adult=D("100000"), components=given))


def test_an_agreed_total_is_the_net_and_carries_its_taxes():
    rates = sold_rates(SHEET, RatesAsked(total=D("340000")), Counts(3, 0, 1), "INR")
    priced = price_sale(rates, [GST], Counts(3, 0, 1), "INR", D("340000"))
    assert (priced.net, priced.tax_total, priced.gross) == (D("340000"), D("17000.00"), D("357000.00"))


def test_an_agreed_total_keeps_each_tax_on_its_own_base():
    visa_only = TaxLine("Visa service", "gst", D("18"), "exclusive", ("visa",))
    priced = price_sale(SHEET, [visa_only], Counts(1), "INR", D("53500"))  # half of 107,000: half of the visa is taxed
    assert priced.taxes[0].base == D("7250.00")


@pytest.mark.parametrize(
    ("asked", "group_type", "stored"),
    [("umrah", "UMRAH", "umrah"), ("", "HAJ", "hajj"), ("Haj", "HAJ", "hajj"), ("tour", "GENERAL_DOMESTIC", "tour")],
)
def test_a_booking_type_fits_its_departure(asked, group_type, stored):
    assert booking_type(asked, group_type) == stored


def test_a_hajj_booking_does_not_fit_an_umrah_departure():
    with pytest.raises(BookingTypeDoesNotFit):
        booking_type("hajj", "UMRAH")
