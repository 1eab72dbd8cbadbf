"""What stands on an invoice, line by line."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qafila.billing.lines import gross_of, item_lines, tax_lines
from qafila.tax.rules import Counts, Mode, Rate, TaxAmount, TaxLine, price

D = Decimal
FAMILY = Counts(adult=2, child=1, infant=1)
RATES = [
    Rate("flight", D(52000), D(47000), D(9500)),
    Rate("hotel", D(34000), D(26000)),
    Rate("meals", D(0)),
    Rate("visa", D(14500), D(14500), D(14500)),
]


def gst(rate: str = "5", mode: Mode = "exclusive") -> TaxLine:
    return TaxLine("GST", "gst", D(rate), mode, ("flight", "hotel", "visa"))


def test_each_component_and_tier_that_was_sold_has_its_line() -> None:
    net = price(RATES, [], FAMILY, "INR").net
    lines = item_lines(RATES, FAMILY, net)
    assert [(line.description, line.quantity, line.rate, line.amount) for line in lines] == [
        ("Air travel, adults", 2, D(52000), D(104000)),
        ("Air travel, child", 1, D(47000), D(47000)),
        ("Air travel, infant", 1, D(9500), D(9500)),
        ("Hotel stay, adults", 2, D(34000), D(68000)),
        ("Hotel stay, child", 1, D(26000), D(26000)),
        ("Visa, adults", 2, D(14500), D(29000)),
        ("Visa, child", 1, D(14500), D(14500)),
        ("Visa, infant", 1, D(14500), D(14500)),
    ]
    assert {line.sac for line in lines} == {"998555"}


def test_what_was_agreed_beside_the_rates_is_a_line_of_its_own() -> None:
    lines = item_lines([Rate("flight", D(52000))], Counts(adult=2), D(100000))
    assert [(line.description, line.amount) for line in lines] == [
        ("Air travel, adults", D(104000)),
        ("Agreed reduction", D(-4000)),
    ]
    (whole,) = item_lines([Rate("package", D(0))], Counts(adult=2), D(90000))
    assert (whole.description, whole.amount) == ("Package as agreed", D(90000))


def test_gst_inside_the_state_is_half_the_centres_and_half_the_states() -> None:
    taxes = price(RATES, [gst()], Counts(adult=1), "INR").taxes
    lines = tax_lines(taxes, "IN", "01", "01", "INR")
    assert [(line.tax_account, line.percent, line.base, line.amount) for line in lines] == [
        ("2061-C", D("2.5"), D(100500), D("2512.5")),
        ("2061-S", D("2.5"), D(100500), D("2512.5")),
    ]


def test_gst_between_states_is_the_unions() -> None:
    taxes = price(RATES, [gst()], Counts(adult=1), "INR").taxes
    (line,) = tax_lines(taxes, "IN", "01", "07", "INR")
    assert (line.tax_account, line.percent, line.amount) == ("2061-I", D(5), D(5025))


def test_elsewhere_than_in_india_it_is_vat() -> None:
    taxes = price(RATES, [gst("15")], Counts(adult=1), "SAR").taxes
    (line,) = tax_lines(taxes, "SA", "", "", "SAR")
    assert (line.tax_account, line.amount) == ("2061-V", D(15075))


def test_an_included_tax_names_its_taxable_value_and_asks_for_nothing_more() -> None:
    priced = price([Rate("flight", D(105))], [gst(mode="inclusive")], Counts(adult=1), "INR")
    items, taxes = item_lines([Rate("flight", D(105))], Counts(adult=1), priced.net), []
    taxes = tax_lines(priced.taxes, "IN", "01", "07", "INR")
    assert [(line.base, line.amount, line.included) for line in taxes] == [(D(100), D(5), True)]
    assert gross_of([*items, *taxes]) == D(105) == priced.gross


def test_tcs_goes_to_its_own_account() -> None:
    tcs = TaxAmount(TaxLine("TCS", "tcs", D(2), "exclusive", ("flight",)), D(1000), D(20))
    (line,) = tax_lines([tcs], "IN", "01", "01", "INR")
    assert (line.tax_account, line.description, line.amount) == ("2065", "TCS", D(20))


money = st.decimals(min_value=0, max_value=200000, places=2)
percents = st.sampled_from([D("5"), D("18"), D("0.25"), D("2")])
modes = st.sampled_from(["exclusive", "inclusive"])


@given(
    st.lists(st.tuples(money, money, money), min_size=1, max_size=4),
    st.lists(st.tuples(percents, modes, st.sampled_from(["gst", "tcs"])), max_size=3),
    st.tuples(st.integers(0, 9), st.integers(0, 5), st.integers(0, 3)),
    st.sampled_from(["01", "07", ""]),
)
def test_the_lines_always_give_the_bookings_total(rates, taxes, heads, place) -> None:
    """The invoice's lines, whatever was sold and however it is taxed, sum to what the one pricing function asks."""
    items = ("flight", "hotel", "visa", "ground_services")
    sold = [Rate(item, *each) for item, each in zip(items, rates, strict=False)]
    levied = [TaxLine(f"T{n}", kind, rate, mode, items[:2]) for n, (rate, mode, kind) in enumerate(taxes)]
    counts = Counts(*heads)
    priced = price(sold, levied, counts, "INR")
    lines = [*item_lines(sold, counts, priced.net), *tax_lines(priced.taxes, "IN", "01", place, "INR")]
    assert gross_of(lines) == priced.gross
    assert sum(line.amount for line in lines if line.kind == "tax") == priced.tax_total + priced.tcs_total
