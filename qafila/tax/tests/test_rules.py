"""Prices and taxes, by hand and by the thousand."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from qafila.kernel.money import minor_units, rounded
from qafila.tax.rules import Counts, GstPart, Rate, TaxLine, gst_split, price

D = Decimal
ALL = ("flight", "hotel", "visa", "ground_services")
SHEET = (
    Rate("flight", D(52000), D(47000), D(9500)),
    Rate("hotel", D(34000), D(26000), D(0)),
    Rate("visa", D(14500), D(14500), D(14500)),
    Rate("ground_services", D(6500), D(6500), D(1500)),
)
GST = TaxLine("GST tour operator", "gst", D(5), "exclusive", ALL)


def test_a_family_of_three_and_an_infant_pays_gst_on_top():
    priced = price(SHEET, (GST,), Counts(adult=3, infant=1), "INR")
    assert priced.net == 3 * 107000 + 25500
    assert priced.items["flight"] == 3 * 52000 + 9500
    assert priced.tax_total == D("17325.00")
    assert priced.gross == D("363825.00")
    assert priced.revenue == priced.net


def test_an_inclusive_tax_is_found_inside_and_adds_nothing():
    inside = TaxLine("GST", "gst", D(5), "inclusive", ALL)
    priced = price([Rate("flight", D(105))], (inside,), Counts(adult=1), "INR")
    assert (priced.net, priced.tax_total, priced.gross) == (D(105), D(5), D(105))
    assert priced.revenue == 100


def test_several_taxes_over_one_base_are_each_on_that_base():
    second = TaxLine("Cess", "gst", D(1), "exclusive", ("flight",))
    priced = price([Rate("flight", D(1000)), Rate("visa", D(500))], (GST, second), Counts(adult=2), "INR")
    assert [(t.base, t.amount) for t in priced.taxes] == [(D(3000), D(150)), (D(2000), D(20))]


def test_tcs_is_collected_on_the_amount_with_the_gst_added_to_it():
    tcs = TaxLine("TCS", "tcs", D(2), "exclusive", ALL)
    priced = price([Rate("flight", D(1000)), Rate("insurance", D(100))], (GST, tcs), Counts(adult=1), "INR")
    assert priced.taxes[1].base == 1050
    assert (priced.tax_total, priced.tcs_total, priced.gross) == (D(50), D(21), D(1171))
    assert priced.revenue == 1100


def test_tcs_on_part_of_the_package_takes_only_the_gst_of_that_part():
    tcs = TaxLine("TCS", "tcs", D(2), "exclusive", ("flight",))
    priced = price([Rate("flight", D(1000)), Rate("visa", D(1000))], (GST, tcs), Counts(adult=1), "INR")
    assert priced.taxes[1].base == 1050


def test_an_inclusive_gst_is_in_the_tcs_base_already():
    inside = TaxLine("GST", "gst", D(5), "inclusive", ALL)
    tcs = TaxLine("TCS", "tcs", D(2), "exclusive", ALL)
    assert price([Rate("flight", D(1050))], (inside, tcs), Counts(adult=1), "INR").taxes[1].base == 1050


def test_meals_are_taxed_as_hotel_and_a_booking_s_ticket_as_flight():
    hotel = TaxLine("GST", "gst", D(5), "exclusive", ("hotel", "flight"))
    priced = price([Rate("meals", D(200)), Rate("ticket", D(100)), Rate("ground", D(40))], (hotel,), Counts(1), "INR")
    assert priced.taxes[0].base == 300


def test_a_component_sold_in_two_rows_is_summed():
    assert price([Rate("hotel", D(100)), Rate("hotel", D(50))], (), Counts(2), "INR").items == {"hotel": 300}


def test_half_a_paisa_goes_up_once_a_line():
    line = TaxLine("GST", "gst", D(5), "exclusive", ("flight",))
    assert price([Rate("flight", D("0.10"))], (line,), Counts(1), "INR").tax_total == D("0.01")
    two = (line, TaxLine("Cess", "gst", D(5), "exclusive", ("flight",)))
    assert price([Rate("flight", D("0.10"))], two, Counts(1), "INR").tax_total == D("0.02")


def test_the_dinar_has_three_digits_and_the_yen_none():
    line = TaxLine("VAT", "gst", D(5), "exclusive", ("flight",))
    assert price([Rate("flight", D("10.130"))], (line,), Counts(1), "KWD").tax_total == D("0.507")
    assert price([Rate("flight", D(1010))], (line,), Counts(1), "JPY").tax_total == 51


def test_nobody_travels_and_nothing_is_owed():
    priced = price(SHEET, (GST,), Counts(), "INR")
    assert (priced.net, priced.tax_total, priced.gross) == (D(0), D(0), D(0))


CURRENCIES = st.sampled_from(["INR", "KWD", "JPY", "SAR"])
AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=3, allow_nan=False)
ITEMS = ("flight", "hotel", "meals", "visa", "ground_services", "other")


@st.composite
def sales(draw):
    currency = draw(CURRENCIES)
    rates = [
        Rate(item, *(rounded(draw(AMOUNTS), currency) for _ in range(3)))
        for item in draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=6))
    ]
    lines = [
        TaxLine(
            f"tax {n}",
            draw(st.sampled_from(["gst", "tcs"])),
            draw(st.decimals(min_value=0, max_value=100, places=3)),
            draw(st.sampled_from(["exclusive", "inclusive"])),
            tuple(draw(st.sets(st.sampled_from(ITEMS), min_size=1))),
        )
        for n in range(draw(st.integers(0, 4)))
    ]
    counts = Counts(*(draw(st.integers(0, 60)) for _ in range(3)))
    return rates, tuple(lines), counts, currency


@given(sales())
def test_every_price_adds_up_to_the_last_minor_unit(sale):
    rates, lines, counts, currency = sale
    priced = price(rates, lines, counts, currency)
    assert priced.net == sum(priced.items.values())
    assert priced.net == sum(r.adult * counts.adult + r.child * counts.child + r.infant * counts.infant for r in rates)
    added = sum(t.amount for t in priced.taxes if t.line.mode == "exclusive")
    assert priced.gross == priced.net + added
    assert priced.tax_total + priced.tcs_total == sum(t.amount for t in priced.taxes)
    assert priced.revenue + priced.tax_total + priced.tcs_total == priced.gross
    for amount in (priced.net, priced.gross, priced.tax_total, priced.tcs_total):
        assert amount == rounded(amount, currency)


@given(sales())
def test_every_tax_is_on_its_own_base_and_rounded_half_up(sale):
    rates, lines, counts, currency = sale
    priced = price(rates, lines, counts, currency)
    quantum = D(1).scaleb(-minor_units(currency))
    for tax in priced.taxes:
        divisor = 100 if tax.line.mode == "exclusive" else 100 + tax.line.rate
        assert tax.amount == (tax.base * tax.line.rate / divisor).quantize(quantum, rounding=ROUND_HALF_UP)
        own = sum(v for item, v in priced.items.items() if tax.line.takes(item))
        assert tax.base == own if tax.line.kind == "gst" else tax.base >= own
    alone = [price(rates, (line,), counts, currency).taxes[0] for line in lines if line.kind == "gst"]
    assert alone == [t for t in priced.taxes if t.line.kind == "gst"]


def test_gst_within_a_state_is_half_the_centre_s_and_the_odd_paisa_the_state_s():
    assert gst_split(D("10.01"), "01", "01", "INR") == [
        GstPart("2061-C", "CGST", D("5.00")),
        GstPart("2061-S", "SGST", D("5.01")),
    ]
    assert gst_split(D(10), "01", "", "INR")[0].label == "CGST"


def test_gst_across_states_is_the_union_s():
    assert gst_split(D(10), "01", "07", "INR") == [GstPart("2061-I", "IGST", D(10))]


def test_no_gst_has_no_parts():
    assert gst_split(D(0), "01", "01", "INR") == []
    assert gst_split(D("0.01"), "01", "01", "INR") == [GstPart("2061-S", "SGST", D("0.01"))]


@given(AMOUNTS, st.sampled_from(["", "01", "07"]), CURRENCIES)
def test_the_parts_of_gst_sum_to_it(amount, place, currency):
    amount = rounded(amount, currency)
    parts = gst_split(amount, "01", place, currency)
    assert sum(p.amount for p in parts) == amount
    assert all(p.amount > 0 for p in parts)
    assert all(p.amount == rounded(p.amount, currency) for p in parts)
