"""The law on a day, and numbers the state issues."""

from datetime import date
from decimal import Decimal

import pytest

from qafila.tax import gstin
from qafila.tax.errors import NoRate, TaxNumberInvalid
from qafila.tax.models import TaxRate
from qafila.tax.queries import rate_on, rates_on
from qafila.tax.sac import NAMES, TOUR_OPERATOR


@pytest.mark.django_db
def test_a_tour_carries_five_percent_since_gst_began():
    rate = rate_on("GST_TOUR", date(2017, 7, 1))
    assert rate.rate == 5
    assert "11/2017" in rate.law
    with pytest.raises(NoRate):
        rate_on("GST_TOUR", date(2017, 6, 30))


@pytest.mark.django_db
def test_tcs_changes_with_the_income_tax_act_of_2025():
    assert rate_on("TCS_TOUR", date(2026, 3, 31)).rate == 5
    assert rate_on("TCS_TOUR", date(2026, 4, 1)).rate == 2
    assert "394(1)" in rate_on("TCS_TOUR", date(2027, 1, 18)).law
    with pytest.raises(NoRate):
        rate_on("TCS_TOUR_ABOVE", date(2026, 4, 1))


@pytest.mark.django_db
def test_no_rule_has_two_rates_on_one_day(django_assert_num_queries):
    for day in (date(2025, 9, 21), date(2025, 9, 22), date(2026, 4, 1), date(2030, 1, 1)):
        with django_assert_num_queries(1):
            codes = [r.code for r in rates_on(day)]
        assert len(codes) == len(set(codes))
    assert rate_on("VAT", date(2026, 1, 1), country="SA").rate == 15


@pytest.mark.django_db
def test_every_rate_says_where_it_stands():
    assert all(len(law) > 10 for law in TaxRate.objects.values_list("law", flat=True))
    assert TaxRate.objects.filter(rate__gt=Decimal(20)).count() == 0


@pytest.mark.parametrize("good", ["27AAPFU0939F1ZV", "24AAQCA8719H1ZC", "01AABCN4821K1ZS"])
def test_a_right_gstin_passes(good):
    gstin.check(good)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("29AAFCA7488L1Z0", "check character"),
        ("27AAPFU0939F1ZW", "check character"),
        ("99AAPFU0939F1ZV", "no GST state"),
        ("27AAPFU0939F1Z", "not a GSTIN"),
        ("27aapfu0939f1zv", "not a GSTIN"),
        ("", "not a GSTIN"),
    ],
)
def test_a_wrong_gstin_is_told_why(bad, why):
    with pytest.raises(TaxNumberInvalid, match=why) as refused:
        gstin.check(bad)
    assert refused.value.loc == ["gstin"]


def test_a_pan_names_its_kind_of_holder_in_the_fourth_letter():
    gstin.check_pan("AABCN4821K")
    for bad in ("AABXN4821K", "AABCN482K", "aabcn4821k", "AABCN4821KK"):
        with pytest.raises(TaxNumberInvalid):
            gstin.check_pan(bad)


def test_states_and_service_codes_are_the_law_s():
    assert gstin.STATES["01"] == "Jammu and Kashmir"
    assert NAMES[TOUR_OPERATOR] == "Tour operator services"
    with pytest.raises(TaxNumberInvalid):
        gstin.check_state("25")
