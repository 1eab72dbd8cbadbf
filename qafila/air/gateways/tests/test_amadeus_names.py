"""Names, contacts and passports as Amadeus' lines take them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.names import email_line, latin, name_of, phone_line, services_of
from qafila.air.gateways.amadeus.requests.order import Contents
from qafila.air.gateways.settings import AmadeusSettings
from qafila.air.gateways.tests.people import family, travellers
from qafila.air.gateways.values import PassengerType, Passport
from qafila.kernel import clock
from qafila.kernel.errors import Invalid

SETTINGS = AmadeusSettings(endpoint="https://n.example/1A", user="U", password="S3cr3t", office="SXRQF2100")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Wani", "WANI"),
        ("  al-Rashid ", "AL RASHID"),
        ("O'Brien", "OBRIEN"),
        ("D’Souza", "DSOUZA"),
        ("Müller", "MULLER"),
        ("Weiß", "WEISS"),
        ("Søren Ærø", "SOEREN AEROE"),
        ("Łukasz Şahin", "LUKASZ SAHIN"),
        ("Işıl İnce", "ISIL INCE"),
        ("Nguyễn  Thị", "NGUYEN THI"),
        ("Mary   Ann", "MARY ANN"),
        ("J. R.", "J R"),
    ],
)
def test_a_name_is_written_in_a_to_z(written: str, told: str) -> None:
    assert latin(written) == told


@pytest.mark.parametrize("written", ["", "  ", "وانی", "वानी", "李", "Иван", "Wani2", "Wani/Mr", "A\nB;", "-", "😀"])
def test_what_cannot_be_written_in_a_to_z_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        latin("A;" if written == "A\nB;" else written)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_to_z_or_refused(written: str) -> None:
    try:
        told = latin(written)
    except Invalid:
        return
    assert told == " ".join(told.split())
    assert all("A" <= sign <= "Z" or sign == " " for sign in told)


def test_the_title_stands_behind_the_first_name_once() -> None:
    mother = travellers()[0]
    assert name_of(mother, 1).first_name == "AYESHA MRS"
    assert name_of(replace(mother, first_name="Ayesha Mrs"), 1).first_name == "AYESHA MRS"
    assert name_of(replace(mother, title="Her Excellency"), 1).first_name == "AYESHA"
    assert name_of(replace(mother, last_name="K"), 1).surname == "KK"


def test_contacts_are_written_as_airlines_read_them() -> None:
    assert email_line("john_doe-x@example.com") == "JOHN..DOE./X//EXAMPLE.COM"
    assert phone_line("+91 98765-43210") == "919876543210"
    for wrong in ("", "nobody", "a@", "a b@example.com", "a@b.c\nRM X"):
        with pytest.raises(Invalid):
            email_line(wrong)
    for wrong in ("", "1234", "no", "1" * 16):
        with pytest.raises(Invalid):
            phone_line(wrong)


def test_a_passport_becomes_one_docs_line_with_the_traveller_s_sex() -> None:
    services = {service.type: service.text for service in services_of(travellers()[0], 1)}
    assert services["DOCS"] == "P-IND-Z1234567-IND-02APR85-F-01JAN32-WANI-AYESHA"
    assert services["CTCE"] == "AYESHA.WANI..SXR//EXAMPLE.COM"
    assert services["CTCM"] == "919876543210"
    infant = replace(family()[3], passport=Passport("Z9", "IND", "IND", date(2030, 1, 1)))
    with pytest.raises(Invalid):
        services_of(infant, 1)
    infant = replace(family()[3], passport=Passport("z 987", "ind", "IND", date(2030, 1, 1)))
    assert services_of(infant, 1)[0].text == "P-IND-Z987-IND-02JUN26-MI-01JAN30-WANI-OMAR"


def test_an_infant_stands_with_its_adult_and_everybody_has_his_own_number() -> None:
    people = family()
    names = [name_of(people[0], 1, people[3]), name_of(people[1], 2), name_of(people[2], 3)]
    body = requests.add(
        SETTINGS, Contents(names, services_of(people[0], 1), "911942450000", clock.now(), "QK/attempt-1")
    )
    groups = body.findall("{*}travellerInfo")
    assert [group.findtext(".//{*}reference/{*}number") for group in groups] == ["1", "2", "3"]
    mother = groups[0].findall("{*}passengerData")
    assert [data.findtext(".//{*}surname") for data in mother] == ["WANI", "WANI"]
    assert (mother[0].findtext(".//{*}quantity"), mother[0].findtext(".//{*}infantIndicator")) == ("2", "3")
    assert (mother[1].findtext(".//{*}type"), mother[1].findtext(".//{*}date")) == ("INF", "02062026")
    assert [group.findtext(".//{*}type") for group in groups] == [PassengerType.ADULT] * 2 + [PassengerType.CHILD]
    assert mother[0].find("{*}dateOfBirth") is None, "an adult's birth is in his passport line"
    kinds = [line.findtext(".//{*}segmentName") for line in body.iterfind(".//{*}dataElementsIndiv")]
    assert kinds == ["AP", "TK", "SSR", "SSR", "SSR", "RM"]
    assert body.findtext(".//{*}ticket/{*}indicator") == "XL", "an orphan must lapse"
    assert body.findtext(".//{*}remarks/{*}freetext") == "QK/attempt-1"
    assert [option.text for option in body.iter("{*}optionCode")] == ["0"]


def test_the_end_says_who_asks_for_it() -> None:
    body = requests.end(SETTINGS)
    assert [option.text for option in body.iter("{*}optionCode")] == ["11"]
    assert body.findtext(".//{*}segmentName") == "RF"
    assert body.findtext(".//{*}longFreetext") == "QAFILA"


def test_no_repr_shows_a_passport_a_birth_or_a_contact() -> None:
    people = family()
    services = [service for number, one in enumerate(people, 1) for service in services_of(one, number)]
    names = [name_of(one, number) for number, one in enumerate(people, 1)]
    shown = repr(Contents(names, services, phone_line("+911942450000"), clock.now(), "QK/test"))
    assert "DOCS" in shown
    for private in ("Z1234567", "EXAMPLE.COM", "9876543210", "911942450000", "2019", "04MAR"):
        assert private not in shown
