"""Passengers: ages, passports, and what the machine-readable lines say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qafila.sales.errors import InvalidPassenger
from qafila.sales.people import check_travellers, tier_of, warnings_of
from qafila.sales.schemas import PassengerIn

DEPARTS, RETURNS, TODAY = date(2027, 1, 18), date(2027, 2, 3), date(2026, 11, 21)
MRZ = ["P<INDWANI<<ABDUL<RASHID<<<<<<<<<<<<<<<<<<<<<", "U1022552<9IND6903099M3110038<<<<<<<<<<<<<<08"]
RASHID = {"first_name": "Abdul Rashid", "last_name": "Wani", "passport_no": "U1022552", "tier": "adult"}


def checked(*people: dict[str, Any]):
    return check_travellers([PassengerIn.model_validate(p) for p in people], DEPARTS, RETURNS, TODAY)


@pytest.mark.parametrize(
    ("born", "tier"),
    [
        (date(2025, 1, 19), "infant"),
        (date(2025, 1, 18), "child"),
        (date(2015, 1, 19), "child"),
        (date(2015, 1, 18), "adult"),
    ],
)
def test_the_birthday_on_the_travel_date_decides_the_tier(born, tier):
    assert tier_of(born, DEPARTS) == tier


def test_the_lines_fill_what_was_not_typed():
    (person,) = checked({"mrz": MRZ})
    assert (person.name, person.passport_no, person.gender) == ("Abdul Rashid Wani", "U1022552", "M")
    assert (person.date_of_birth, person.passport_expiry) == (date(1969, 3, 9), date(2031, 10, 3))
    assert (person.nationality, person.tier, person.is_lead) == ("IND", "adult", True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"passport_no": "U1022553"}, "passport_no"),
        ({"date_of_birth": "1969-03-19"}, "date_of_birth"),
        ({"passport_expiry": "2032-10-03"}, "passport_expiry"),
        ({"gender": "F"}, "gender"),
        ({"nationality": "PAK"}, "nationality"),
        ({"first_name": "Abdul Rasheed"}, "first_name"),
        ({"last_name": "Vani"}, "last_name"),
    ],
)
def test_what_was_typed_must_agree_with_the_lines(typed, field):
    with pytest.raises(InvalidPassenger) as refused:
        checked({"first_name": "Sara", "last_name": "Wani"}, {**RASHID, "mrz": MRZ, **typed})
    assert refused.value.loc == ["passengers", 1, field]


def test_a_wrong_check_digit_names_the_passenger():
    with pytest.raises(InvalidPassenger, match="Abdul Rashid Wani: The check digit of the passport number") as refused:
        checked({**RASHID, "mrz": [MRZ[0], MRZ[1].replace("U1022552<9", "U1022552<8")]})
    assert refused.value.loc == ["passengers", 0, "mrz"]


def test_accents_and_other_scripts_do_not_disagree_with_the_lines():
    assert checked({"first_name": "Abdül Rashid", "last_name": "Wani", "mrz": MRZ})
    assert checked({"first_name": "عبد الرشيد", "last_name": "واني", "mrz": MRZ})


def test_one_passport_travels_once_in_a_booking():
    with pytest.raises(InvalidPassenger, match="the same passport U1022552") as refused:
        checked(RASHID, {**RASHID, "first_name": "Twin"})
    assert refused.value.loc == ["passengers", 1, "passport_no"]


def test_a_passenger_has_a_name():
    with pytest.raises(InvalidPassenger) as refused:
        checked(RASHID, {"tier": "adult"})
    assert refused.value.loc == ["passengers", 1, "first_name"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("date_of_birth", "2027-03-01"), ("date_of_birth", "1850-01-01"), ("passport_expiry", "2015-01-01")],
)
def test_impossible_dates_are_refused(field, value):
    with pytest.raises(InvalidPassenger) as refused:
        checked({**RASHID, "passport_issued": "2020-01-01", field: value})
    assert refused.value.loc == ["passengers", 0, field]


def test_an_infant_travels_with_an_adult():
    with pytest.raises(InvalidPassenger, match="travels with an adult"):
        checked({"first_name": "Baby", "tier": "infant"})


def test_a_tier_that_is_not_the_ages_and_a_short_passport_are_told_not_refused():
    people = checked(
        {**RASHID, "date_of_birth": "2017-05-01", "passport_expiry": "2027-05-19"},
        {"first_name": "A", "tier": "infant"},
        {"first_name": "B", "tier": "infant"},
    )
    told = [w.text for w in warnings_of(people, DEPARTS, RETURNS)]
    assert "Abdul Rashid Wani: Sold as adult, but 9 years old on 18 Jan 2027: child." in told
    assert any("less than six months past the return" in text for text in told)
    assert any("1 adult, 2 infants" in text for text in told)


def test_the_first_adult_leads_unless_another_is_named():
    child, adult = {"first_name": "Kid", "tier": "child"}, RASHID
    assert [p.is_lead for p in checked(child, adult)] == [False, True]
    assert [p.is_lead for p in checked({**child, "is_lead": True}, adult)] == [True, False]
    with pytest.raises(InvalidPassenger):
        checked({**child, "is_lead": True}, {**adult, "is_lead": True})
