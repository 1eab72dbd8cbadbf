"""What is typed at the counter is understood as a person means it, and refused with the reason when it cannot be."""

from __future__ import annotations

from datetime import date

import pytest

from qafila.air import demo_people
from qafila.air.gateways.values import PassengerType, Passport, Traveller
from qafila.air.typed import birth, counted, day, from_file, from_words, place, travellers
from qafila.kernel.errors import Invalid

TODAY, FLIES = date(2026, 11, 21), date(2027, 1, 18)
ADT, CHD, INF = PassengerType.ADULT, PassengerType.CHILD, PassengerType.INFANT


def people(*texts: str, wanted: tuple[PassengerType, ...] | None = None) -> tuple[Traveller, ...]:
    written = [from_words(text, f"traveller {number}") for number, text in enumerate(texts, 1)]
    return travellers(written, wanted, flies=FLIES, today=TODAY)


def test_a_traveller_is_typed_as_the_passport_says_it() -> None:
    found = people(
        "ADT MR Ahmad Dar 1980-03-04 passport=m1234567/in/2032-05-01 nationality=IN email=a@b.com phone=+91-94190 00000"
        .replace("94190 00000", "9419000000")
    )  # fmt: skip
    assert found == (
        Traveller(
            "T1", ADT, "Ahmad", "Dar", "MR", "M", date(1980, 3, 4), Passport("M1234567", "IN", "IN", date(2032, 5, 1)),
            "a@b.com", "+919419000000",
        ),
    )  # fmt: skip


def test_a_traveller_is_typed_as_in_a_pnr() -> None:
    (found,) = people("DAR/AHMAD HUSSAIN MR 04MAR80")
    assert (found.last_name, found.first_name, found.title) == ("DAR", "AHMAD HUSSAIN", "MR")
    assert found.birth_date == date(1980, 3, 4)


def test_names_of_several_words_keep_them() -> None:
    (found,) = people("mrs. Noor ul Ain Bhat")
    assert (found.first_name, found.last_name, found.title, found.gender) == ("Noor ul Ain", "Bhat", "MRS", "F")


@pytest.mark.parametrize(
    ("born", "kind"),
    [("19JAN25", INF), ("18JAN25", CHD), ("19JAN15", CHD), ("18JAN15", ADT), ("2026-11-21", INF), ("01JAN80", ADT)],
)
def test_the_type_follows_from_the_age_on_the_last_day(born: str, kind: PassengerType) -> None:
    others = ("MR Bilal Wani",) if kind is INF else ()
    assert people(f"Sara Dar {born}", *others)[-1 if others else 0].type is kind


def test_people_are_put_in_order_and_an_infant_sits_with_the_next_free_adult() -> None:
    found = people("INF Musa Lone", "CHD Adil Dar", "MR A Dar", "MS B Lone", "INF Sara Dar with=1", "MR C Mir")
    assert [(person.ref, person.type, person.first_name) for person in found] == [
        ("T1", ADT, "A"), ("T2", ADT, "B"), ("T3", ADT, "C"),
        ("T4", CHD, "Adil"), ("T5", INF, "Musa"), ("T6", INF, "Sara"),
    ]  # fmt: skip
    assert [person.infant_of for person in found[-2:]] == ["T2", "T1"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ahmad", "Ahmad is one name"),
        ("MR", "first_name: a name is missing"),
        ("Ahm4d Dar", "Ahm4d is no name"),
        ("<b> Dar", "is no name"),
        ("Ahmad Dar passport=M1234567", "the country that issued it is missing"),
        ("Ahmad Dar passport=M1234567/IN", "its last day is missing"),
        ("Ahmad Dar passport=M1234567/IN/2027-01-17", "before the journey is over"),
        ("Ahmad Dar passport=M/IN/2032-01-01", "M is no passport number"),
        ("Ahmad Dar 2030-01-01", "still to come"),
        ("Ahmad Dar 1850-03-04", "more than 120 years ago"),
        ("Ahmad Dar 2001-02-30", "There is no day 2001-02-30"),
        ("Ahmad Dar 04-03-1980", "is no date: type it as"),
        ("CHD Ahmad Dar 1980-03-04", "46 years old on 18 Jan 2027, so ADT and not CHD"),
        ("Ahmad Dar email=nobody", "is no e-mail address"),
        ("Ahmad Dar phone=12", "is no telephone number"),
        ("Ahmad Dar gender=X", "M or F, not X"),
        ("Ahmad Dar seat=12A", "nobody asks for seat"),
        ("INF Sara Dar", "needs an adult"),
        ("INF Sara Dar with=me", "the number of an adult"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        people(text)


def test_an_adult_holds_one_infant() -> None:
    with pytest.raises(Invalid, match="one infant only"):
        people("MR A Dar", "MR B Dar", "INF C Dar with=1", "INF D Dar with=1")


def test_who_flies_must_be_who_was_searched_for() -> None:
    with pytest.raises(Invalid, match="The offer is for 2 adults, 1 child; named are 1 adult"):
        people("MR A Dar", wanted=(ADT, ADT, CHD))


CSV = """Type,Title,First Name,Last Name,birth_date,passport
ADT,MR,Ahmad,Dar,1980-03-04,M1234567/IN/2032-05-01
,,Sara,Dar,,
"""
ROWS = """[{"type": "ADT", "title": "MR", "first_name": "Ahmad", "last_name": "Dar", "birth_date": "1980-03-04",
    "passport": "M1234567/IN/2032-05-01"}, {"first_name": "Sara", "last_name": "Dar"}]"""


def test_travellers_come_from_a_file_of_a_spreadsheet_or_a_program() -> None:
    by_csv = travellers(from_file(CSV.encode(), "people.csv"), None, flies=FLIES, today=TODAY)
    assert travellers(from_file(ROWS.encode(), "people.json"), None, flies=FLIES, today=TODAY) == by_csv
    assert [person.passport.number for person in by_csv if person.passport] == ["M1234567"]
    for other in (";", "\t"):
        saved = ("\ufeff" + CSV.replace(",", other).replace("\n", "\r\n")).encode()
        assert travellers(from_file(saved, "people.csv"), None, flies=FLIES, today=TODAY) == by_csv


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("first_name,surname\nA,B\n", "people, traveller 1: nobody asks for surname"),
        ("first_name,last_name\nA,B,C\n", "nobody asks for so many columns"),
        ("[{", "people is no JSON"),
        ('{"a": 1}', "a list of travellers is wanted"),
        ("[" * 100_000, "people is no JSON"),
        ("a" * 200_000, "people is no CSV"),
        ("\udcff\udcfefirst_name", "no text in UTF-8"),
        ('[{"first_name": ["A"]}]', "first_name is one text, not list"),
    ],
)
def test_a_file_that_says_something_else_is_refused_with_the_row(text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        from_file(text.encode("utf-8", "surrogateescape"), "people")


def test_dates_are_typed_in_the_ways_of_the_trade() -> None:
    assert day("2027-01-18") == day("18JAN27") == day("18jan2027") == day("18JAN", today=TODAY) == FLIES
    assert day("21NOV", today=TODAY) == TODAY
    assert birth("04MAR80", today=TODAY) == date(1980, 3, 4)
    for text in ("18/01/2027", "tomorrow", "18JAN", "29FEB", "2027-1-8", "18MÄR27"):
        with pytest.raises(Invalid):
            day(text)
    with pytest.raises(Invalid, match="no day"):
        day("29FEB", today=TODAY)


def test_places_are_airports_or_cities() -> None:
    assert (place(" sxr "), place("LON")) == ("SXR", "LON")
    with pytest.raises(Invalid, match="XXQ is no airport or city"):
        place("XXQ")


@pytest.mark.parametrize("wanted", [(ADT,), (ADT, ADT, CHD, INF), (ADT,) * 9 + (INF,) * 9, (ADT,) + (CHD,) * 8])
def test_made_up_travellers_are_whoever_was_searched_for(wanted: tuple[PassengerType, ...]) -> None:
    found = travellers(demo_people.travellers(wanted, FLIES), wanted, flies=FLIES, today=TODAY)
    assert [person.type for person in found] == list(wanted)
    assert len({(person.first_name, person.last_name) for person in found}) == len(found)
    assert all(person.passport and person.birth_date for person in found)
    assert {person.email.partition("@")[2] for person in found if person.email} == {"example.com"}


def test_counts_are_told_in_words() -> None:
    assert counted([ADT, ADT, CHD, CHD, INF]) == "2 adults, 2 children, 1 infant"
    assert counted([ADT, CHD]) == "1 adult, 1 child"
