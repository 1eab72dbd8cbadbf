"""Passport lines, read and doubted.

The specimen lines are of documents that states publish as specimens, as collected in the tests of the project
Arg0s1080/mrz (MRZ strings only); L898902C36UTO… is the example of ICAO Doc 9303.
"""

import json
from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.kernel import clock
from qafila.parties import mrz
from qafila.parties.errors import MrzInvalid

ICAO = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
UKRAINE = ("P<UKRTKACHENKO<<MARIANA<<<<<<<<<<<<<<<<<<<<<", "XX000000<0UKR9108242F23092571234567890<<<<70")
CANADA = "P<CANMARTIN<<SARAH<<<<<<<<<<<<<<<<<<<<<<<<<<"
SPECIMENS = [
    ("P<UTOMXHMWD<<EBDALRXHYM<<<<<<<<<<<<<<<<<<<<<", "A2222222<0UTO7108215F04120411000146819<<<<44"),
    UKRAINE,
    (CANADA, "ZE000509<9CAN8501019F2301147<<<<<<<<<<<<<<08"),
    (CANADA, "ZE000509<9CAN8501019F2301147<<<<<<<<<<<<<<<8"),
]
CARD = ("IDLIEID98754015<<<<<<<<<<<<<<<", "8205122M1906224LIE<<<<<<<<<<<6", "OSPELT<BECK<<MARISA<<<<<<<<<<<")
PILGRIMS = json.loads((resources.files("qafila.parties") / "tests" / "pilgrims.json").read_text())


def test_the_specimen_of_the_standard_reads_right():
    read = mrz.read_td3(ICAO)
    assert (read.surname, read.given_names, read.passport_no) == ("ERIKSSON", "ANNA MARIA", "L898902C3")
    assert (read.nationality, read.gender, read.date_of_birth) == ("UTO", "F", date(1974, 8, 12))
    assert (read.expiry, read.personal_no) == (date(2012, 4, 15), "ZE184226B")


def test_the_check_digit_of_the_standard_s_example():
    assert mrz.check_digit("520727") == 3
    assert mrz.check_digit("AB2134<<<") == 5


@pytest.mark.parametrize("lines", SPECIMENS)
def test_specimens_read_right(lines):
    assert mrz.read_td3(lines).passport_no.isalnum()


def test_an_empty_personal_number_may_have_a_filler_for_its_check_digit():
    assert mrz.read_td3(SPECIMENS[2]) == mrz.read_td3(SPECIMENS[3])
    with pytest.raises(MrzInvalid, match="personal number"):
        mrz.read_td3((UKRAINE[0], UKRAINE[1][:42] + "<" + UKRAINE[1][43]))


def test_an_identity_card_reads_right():
    read = mrz.read(CARD)
    assert (read.surname, read.given_names, read.passport_no) == ("OSPELT BECK", "MARISA", "ID9875401")
    assert (read.nationality, read.gender) == ("LIE", "M")
    with pytest.raises(MrzInvalid, match="expiry date"):
        mrz.read_td1((CARD[0], CARD[1][:8] + "2" + CARD[1][9:], CARD[2]))


@pytest.mark.parametrize("pilgrim", PILGRIMS, ids=lambda p: p["passport_no"])
def test_every_pilgrim_of_the_first_departure_reads_right(pilgrim):
    with clock.standing_at(date(2026, 11, 21)):
        read = mrz.read_td3(pilgrim["mrz"])
    assert read.passport_no == pilgrim["passport_no"]
    assert read.surname == pilgrim["last_name"].upper()
    assert read.given_names == pilgrim["first_name"].upper()
    assert read.gender == pilgrim["gender"]
    assert read.nationality == pilgrim["nationality"]
    assert read.date_of_birth == date.fromisoformat(pilgrim["date_of_birth"])
    assert read.expiry == date.fromisoformat(pilgrim["passport_expiry"])


def spoiled(line: str, place: int) -> str:
    return line[:place] + ("0" if line[place] != "0" else "1") + line[place + 1 :]


@pytest.mark.parametrize(
    ("place", "part"),
    [(1, "passport number"), (14, "date of birth"), (22, "expiry date"), (30, "personal number"), (43, "whole line")],
)
def test_each_check_digit_is_checked_and_named(place, part):
    with pytest.raises(MrzInvalid, match=part) as refused:
        mrz.read_td3((ICAO[0], spoiled(ICAO[1], place)))
    assert part in refused.value.facts["parts"]
    assert refused.value.loc == ["mrz"]


@given(st.integers(0, 42).filter(lambda n: n not in (10, 11, 12, 20)), st.sampled_from("0123456789"))
def test_any_digit_misread_in_the_second_line_is_noticed(place, digit):
    line = ICAO[1]
    if not line[place].isdigit() or line[place] == digit:
        return
    with pytest.raises(MrzInvalid):
        mrz.read_td3((ICAO[0], line[:place] + digit + line[place + 1 :]))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((), "2 lines of 44"),
        (("P<UTO",), "2 lines of 44"),
        ((ICAO[0][:43], ICAO[1]), "Line 1 has 43"),
        ((ICAO[0].replace("ANNA", "ANNÄ"), ICAO[1]), "Line 1 holds"),
        (("V" + ICAO[0][1:], ICAO[1]), "a passport's begins with P"),
        (("P<UTO" + "<" * 39, ICAO[1]), "name field is empty"),
    ],
)
def test_lines_that_are_no_passport_are_told_why(lines, why):
    with pytest.raises(MrzInvalid, match=why):
        mrz.read_td3(lines)


def test_a_day_that_is_no_day_is_refused_even_with_a_right_check_digit():
    number, birth, expiry = "L898902C36", "741332", "1204159"
    birth += str(mrz.check_digit(birth))
    rest = "ZE184226B<<<<<1"
    whole = mrz.check_digit(number + birth + expiry + rest)
    with pytest.raises(MrzInvalid, match="no day"):
        mrz.read_td3((ICAO[0], f"{number}UTO{birth}F{expiry}{rest}{whole}"))


def test_a_paste_with_spaces_small_letters_and_odd_line_ends_reads_the_same():
    untidy = f"  {ICAO[0].lower()} \r\n\r\n {ICAO[1][:20]} {ICAO[1][20:]}\r"
    assert mrz.read_td3(mrz.lines_of(untidy)) == mrz.read_td3(ICAO)
    assert mrz.read_td3([ICAO[0] + ICAO[1]]) == mrz.read_td3(ICAO)


def test_a_german_passport_tells_its_country_with_one_letter():
    assert mrz.read_td3(("P<D<<" + ICAO[0][5:], ICAO[1])).issuing_state == "DEU"


def test_an_infant_is_born_in_this_century_and_a_grandmother_in_the_last():
    with clock.standing_at(date(2026, 11, 21)):
        assert mrz._birth("261120") == date(2026, 11, 20)
        assert mrz._birth("261122") == date(1926, 11, 22)
        assert mrz._birth("7408<<") is None
