"""What a place costs. By hand, from the first departure's sheet: 107,000 an adult, 25,500 an infant, GST 5 % on top."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qafila.sales.errors import BookingTypeDoesNotFit, RatesDisagree, RatesMissing
from qafila.sales.rules import RatesAsked, booking_type, price_sale, sold_rates
from qafila.tax.rules import Counts, Rate, TaxLine

SHEET = (
    Rate("flight", Decimal("52000"), Decimal("47000"), Decimal("9500")),
    Rate("hotel", Decimal("34000"), Decimal("26000"), Decimal("0")),
    Rate("visa", Decimal("14500"), Decimal("14500"), Decimal("14500")),
    Rate("ground_services", Decimal("6500"), Decimal("6500"), Decimal("1500")),
)
GST = TaxLine("GST tour operator", "gst", Decimal("5"), "exclusive", ("flight", "hotel", "visa", "ground_services"))


FAMILY = Counts(3, 0, 1)


def sold(asked: RatesAsked) -> dict[str, Rate]:
    return {rate.item: rate for rate in sold_rates(SHEET, asked, FAMILY, "INR")}


def test_the_first_family_pays_what_the_sheet_says():
    rates = sold_rates(SHEET, RatesAsked(), FAMILY, "INR")
    priced = price_sale(rates, [GST], FAMILY, "INR")
    assert priced.net == 3 * Decimal(107000) + Decimal(25500) == Decimal("346500")
    assert priced.tax_total == Decimal("17325.00")
    assert priced.gross == Decimal("363825.00")


def test_a_component_replaces_the_sheets_and_resums_the_adult_rate():
    rates = sold(RatesAsked(components={"hotel": Decimal("40000")}))
    assert sum(r.adult for r in rates.values()) == Decimal("113000")
    assert rates["hotel"].child == Decimal("26000")


def test_meals_are_a_component_of_their_own_only_when_sold():
    assert "meals" not in sold(RatesAsked())
    assert sold(RatesAsked(components={"meals": Decimal("3000")}))["meals"].adult == Decimal("3000")


def test_an_adult_rate_given_is_spread_over_the_components_and_the_last_takes_the_remainder():
    rates = sold(RatesAsked(adult=Decimal("100000")))
    assert sum(r.adult for r in rates.values()) == Decimal("100000")
    assert rates["flight"].adult == Decimal("48598.13")
    assert rates["visa"].adult == Decimal("13551.40")
    assert rates["hotel"].adult == Decimal("31775.70")
    assert rates["ground_services"].adult == Decimal("6074.77")


def test_an_infant_rate_never_lands_on_a_component_the_infant_has_none_of():
    rates = sold(RatesAsked(infant=Decimal("20000")))
    assert rates["hotel"].infant == 0
    assert sum(r.infant for r in rates.values()) == Decimal("20000")


def test_without_a_sheet_a_rate_is_all_flight():
    rates = {
        r.item: r for r in sold_rates((), RatesAsked(adult=Decimal("90000")), Counts(1), "INR", sheet_complete=False)
    }
    assert rates["flight"].adult == Decimal("90000")
    assert sum(r.adult for r in rates.values()) == Decimal("90000")


def test_a_tier_that_travels_needs_a_rate_from_somewhere():
    with pytest.raises(RatesMissing) as refused:
        sold_rates((), RatesAsked(adult=Decimal("90000")), Counts(1, 1, 0), "INR", sheet_complete=False)
    assert refused.value.loc == ["child_rate"]


def test_an_adult_rate_beside_components_must_be_their_sum():
    given = {
        "flight": Decimal("52000"),
        "hotel": Decimal("34000"),
        "visa": Decimal("14500"),
        "ground_services": Decimal("6500"),
    }
    assert sum(r.adult for r in sold(RatesAsked(adult=Decimal("107000"), components=given)).values()) == Decimal(
        "107000"
    )
    with pytest.raises(RatesDisagree):
        sold(RatesAsked(adult=Decimal("100000"), components=given))


def test_an_agreed_total_is_the_net_and_carries_its_taxes():
    rates = sold_rates(SHEET, RatesAsked(total=Decimal("340000")), FAMILY, "INR")
    priced = price_sale(rates, [GST], FAMILY, "INR", Decimal("340000"))
    assert (priced.net, priced.tax_total, priced.gross) == (
        Decimal("340000"),
        Decimal("17000.00"),
        Decimal("357000.00"),
    )


def test_an_agreed_total_keeps_each_tax_on_its_own_base():
    visa_only = TaxLine("Visa service", "gst", Decimal("18"), "exclusive", ("visa",))
    priced = price_sale(
        SHEET, [visa_only], Counts(1), "INR", Decimal("53500")
    )  # half of 107,000: half of the visa is taxed
    assert priced.taxes[0].base == Decimal("7250.00")


@pytest.mark.parametrize(
    ("asked", "group_type", "stored"),
    [("umrah", "UMRAH", "umrah"), ("", "HAJ", "hajj"), ("Haj", "HAJ", "hajj"), ("tour", "GENERAL_DOMESTIC", "tour")],
)
def test_a_booking_type_fits_its_departure(asked, group_type, stored):
    assert booking_type(asked, group_type) == stored


def test_a_hajj_booking_does_not_fit_an_umrah_departure():
    with pytest.raises(BookingTypeDoesNotFit):
        booking_type("hajj", "UMRAH")
