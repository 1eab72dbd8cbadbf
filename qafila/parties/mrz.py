"""Machine-readable zones of travel documents, read and checked. Pure.

Source: ICAO Doc 9303, part 3 (check digits, 4.9), part 4 (passports, TD3: 2 lines of 44), part 5 (cards, TD1: 3 of 30).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qafila.kernel import clock
from qafila.parties.errors import MrzInvalid

ALPHABET = re.compile(r"^[A-Z0-9<]*$")
WEIGHTS = (7, 3, 1)
GERMANY = {"D": "DEU"}  # the one code that ICAO writes with a single letter


@dataclass(frozen=True)
class Mrz:
    """What a passport's lines say. `gender` is M, F or empty; a birth date with unknown parts is None."""

    surname: str
    given_names: str
    passport_no: str
    nationality: str
    issuing_state: str
    date_of_birth: date | None
    gender: str
    expiry: date
    document: str = "P"
    personal_no: str = ""


def check_digit(text: str) -> int:
    """Weights 7, 3, 1 by turns; letters count from A = 10, the filler nothing; modulo 10. Vector: 520727 gives 3."""
    return sum(int(c, 36) * WEIGHTS[n % 3] for n, c in enumerate(text) if c != "<") % 10


def lines_of(text: str) -> list[str]:
    """The lines of a pasted or scanned zone: what a reader types, with or without line ends, spaces dropped."""
    lines = [re.sub(r"\s", "", line).upper() for line in re.split(r"[\r\n]+", text)]
    lines = [line for line in lines if line]
    if len(lines) == 1 and len(lines[0]) == 88:
        return [lines[0][:44], lines[0][44:]]
    if len(lines) == 1 and len(lines[0]) == 90:
        return [lines[0][:30], lines[0][30:60], lines[0][60:]]
    return lines


def read(lines: Sequence[str]) -> Mrz:
    """A passport's two lines or an identity card's three. Refuses: MrzInvalid, naming what is wrong."""
    cleaned = lines_of("\n".join(lines))
    return read_td1(cleaned) if len(cleaned) == 3 else read_td3(cleaned)


def read_td3(lines: Sequence[str]) -> Mrz:
    """The two lines of a passport. Refuses: MrzInvalid, naming every check digit that does not fit."""
    cleaned = lines_of("\n".join(lines))
    _shape(cleaned, 2, 44)
    first, second = cleaned
    if first[0] != "P":
        raise _invalid("document", f"The first line begins with {first[0]}; a passport's begins with P.")
    personal, personal_check = second[28:42], second[42]
    checks = [
        ("passport number", second[0:9], second[9]),
        ("date of birth", second[13:19], second[19]),
        ("expiry date", second[21:27], second[27]),
        ("personal number", personal, "0" if personal_check == "<" and not personal.strip("<") else personal_check),
        ("whole line", second[0:10] + second[13:20] + second[21:43], second[43]),
    ]
    _check(checks)
    surname, given = _names(first[5:])
    return Mrz(
        surname=surname,
        given_names=given,
        passport_no=_number(second[0:9]),
        nationality=_country(second[10:13]),
        issuing_state=_country(first[2:5]),
        date_of_birth=_birth(second[13:19]),
        gender=_gender(second[20]),
        expiry=_expiry(second[21:27]),
        document=first[0:2].rstrip("<"),
        personal_no=personal.rstrip("<"),
    )


def read_td1(lines: Sequence[str]) -> Mrz:
    """The three lines of an identity card. Refuses: MrzInvalid, naming every check digit that does not fit."""
    cleaned = lines_of("\n".join(lines))
    _shape(cleaned, 3, 30)
    first, second, third = cleaned
    number, digit, rest = first[5:14], first[14], first[15:30]
    if digit == "<":  # a number of more than nine characters runs on into the optional field (part 5, note j)
        tail = rest.split("<")[0]
        number, digit = number + tail[:-1], tail[-1:] or "<"
    checks = [
        ("document number", number, digit),
        ("date of birth", second[0:6], second[6]),
        ("expiry date", second[8:14], second[14]),
        ("whole card", first[5:30] + second[0:7] + second[8:15] + second[18:29], second[29]),
    ]
    _check(checks)
    surname, given = _names(third)
    return Mrz(
        surname=surname,
        given_names=given,
        passport_no=_number(number),
        nationality=_country(second[15:18]),
        issuing_state=_country(first[2:5]),
        date_of_birth=_birth(second[0:6]),
        gender=_gender(second[7]),
        expiry=_expiry(second[8:14]),
        document=first[0:2].rstrip("<"),
    )


def _invalid(part: str, sentence: str) -> MrzInvalid:
    return MrzInvalid(sentence, field="mrz", part=part, parts=[part])


def _shape(lines: Sequence[str], count: int, width: int) -> None:
    if len(lines) != count:
        raise _invalid("lines", f"{count} lines of {width} characters are needed; there are {len(lines)} lines.")
    for n, line in enumerate(lines, 1):
        if len(line) != width:
            raise _invalid("lines", f"Line {n} has {len(line)} characters; it needs {width}.")
        if not ALPHABET.match(line):
            odd = next(c for c in line if not ALPHABET.match(c))
            raise _invalid("lines", f"Line {n} holds {odd!r}; only A to Z, 0 to 9 and < may stand there.")


def _check(checks: Sequence[tuple[str, str, str]]) -> None:
    wrong = [name for name, text, digit in checks if digit != str(check_digit(text))]
    if wrong:
        verb = "does" if len(wrong) == 1 else "do"
        sentence = f"The check digit of the {' and the '.join(wrong)} {verb} not fit: something is misread or mistyped."
        raise MrzInvalid(sentence, field="mrz", part=wrong[0], parts=wrong)


def _names(field: str) -> tuple[str, str]:
    surname, _, given = field.rstrip("<").partition("<<")
    surname, given = (" ".join(part.replace("<", " ").split()) for part in (surname, given))
    if not surname and not given:
        raise _invalid("name", "The name field is empty.")
    return surname, given


def _number(field: str) -> str:
    number = field.rstrip("<").replace("<", "")
    if not number:
        raise _invalid("passport number", "The passport number is empty.")
    return number


def _country(field: str) -> str:
    code = field.rstrip("<")
    return GERMANY.get(code, code)


def _gender(character: str) -> str:
    if character not in "MFX<":
        raise _invalid("sex", f"The sex is told as M, F or <; here it is {character}.")
    return character if character in "MF" else ""


def _birth(field: str) -> date | None:
    """The latest such date that is not ahead of today; None where a part is unknown (filler, or zeros)."""
    if "<" in field or "00" in (field[2:4], field[4:6]):
        return None
    born = _date(field, 2000, "date of birth")
    return born if born <= clock.today() else _date(field, 1900, "date of birth")


def _expiry(field: str) -> date:
    """A document expires within the century we live in: none is valid for more than some ten years."""
    return _date(field, 2000, "expiry date")


def _date(field: str, century: int, name: str) -> date:
    try:
        return date(century + int(field[0:2]), int(field[2:4]), int(field[4:6]))
    except ValueError:
        raise _invalid(name, f"The {name} reads {field}, which is no day.") from None
