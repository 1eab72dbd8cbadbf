"""Phones, passports, dates and countries."""

from datetime import date

import pytest

from qafila.parties import rules
from qafila.parties.errors import PartyDetailsInvalid, PhoneInvalid

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "region", "stored"),
    [
        ("99060 39378", "IN", "+919906039378"),
        ("+91-9906039378", "SA", "+919906039378"),
        ("050 123 4567", "SA", "+966501234567"),
        ("0091 9906039378", "IN", "+919906039378"),
        ("+966 50 123 4567", "IN", "+966501234567"),
    ],
)
def test_a_phone_is_kept_with_its_country(typed, region, stored):
    assert rules.normal_phone(typed, region) == stored
    assert rules.normal_phone(stored, region) == stored


@pytest.mark.parametrize("typed", ["", "12", "call me", "+91 12345", "99060393780000", "9906039378 ext. 5"])
def test_what_no_network_gives_out_is_refused(typed):
    with pytest.raises(PhoneInvalid) as refused:
        rules.normal_phone(typed, "IN")
    assert refused.value.loc == ["phone"]


def test_a_phone_is_shown_the_way_people_read_it():
    assert rules.shown_phone("+919906039378") == "+91 99060 39378"
    assert rules.shown_phone("odd") == "odd"


def test_a_passport_number_is_letters_and_digits():
    assert rules.normal_passport(" u 1022-552<") == "U1022552"
    for bad in ("U102", "U10225/52", "Ü1022552", ""):
        with pytest.raises(PartyDetailsInvalid):
            rules.normal_passport(bad)


@pytest.mark.parametrize("code", ["IND", "SAU", "DEU", "PAK", "GBD", "XXA", "RKS"])
def test_nationalities_are_what_passports_carry(code):
    rules.check_nationality(code)


@pytest.mark.parametrize("code", ["IN", "UTO", "DDR", "ZZZ", "ind", ""])
def test_what_no_passport_carries_is_no_nationality(code):
    with pytest.raises(PartyDetailsInvalid):
        rules.check_nationality(code)


def test_countries_are_iso_s():
    assert 245 <= len(rules.countries()) <= 252
    assert rules.countries()["SA"] == "Saudi Arabia"
    assert rules.nationalities()["IND"] == "India"
    rules.check_country("IN")
    for bad in ("XX", "EU", "in", ""):
        with pytest.raises(PartyDetailsInvalid):
            rules.check_country(bad)


def test_nobody_is_born_tomorrow_or_in_the_middle_ages():
    rules.check_birth(TODAY, TODAY)
    rules.check_birth(None, TODAY)
    for bad in (date(2026, 11, 22), date(1895, 1, 1)):
        with pytest.raises(PartyDetailsInvalid):
            rules.check_birth(bad, TODAY)


@pytest.mark.parametrize(
    ("born", "issued", "expires", "field"),
    [
        (None, date(2026, 11, 22), None, "passport_issued"),
        (None, date(2020, 1, 1), date(2020, 1, 1), "passport_expiry"),
        (date(2030, 1, 1), None, date(2029, 1, 1), "passport_expiry"),
    ],
)
def test_a_passport_s_dates_stand_in_order(born, issued, expires, field):
    with pytest.raises(PartyDetailsInvalid) as refused:
        rules.check_passport_dates(born, issued, expires, TODAY)
    assert refused.value.loc == [field]


def test_an_expired_passport_is_still_a_passport():
    rules.check_passport_dates(date(1980, 1, 1), date(2010, 1, 1), date(2020, 1, 1), TODAY)


def test_a_mistyped_day_of_issue_keeps_nobody_at_home():
    rules.check_passport_dates(date(2018, 10, 4), date(2017, 5, 20), date(2027, 5, 19), TODAY)


def test_a_name_without_a_surname_has_no_space_behind_it():
    assert rules.full_name("Abdul Rashid", "Wani") == "Abdul Rashid Wani"
    assert rules.full_name("Fatima", "") == "Fatima"
