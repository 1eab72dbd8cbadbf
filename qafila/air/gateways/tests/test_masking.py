"""Nothing that could hurt a traveller or the agency is kept of an exchange, and everything a dispute needs is."""

from __future__ import annotations

import base64
import json
import re
from datetime import date
from pathlib import Path
from random import Random
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from qafila.air.gateways import masking_markup
from qafila.air.gateways.masking import KEPT, masked, personal
from qafila.air.gateways.masking_words import is_card
from qafila.air.gateways.values import PassengerType, Passport, Traveller

RECORDINGS = Path(__file__).resolve().parents[4] / "tests" / "fixtures" / "suppliers"
XML = sorted(RECORDINGS.glob("amadeus/*.txt"))
JSON = sorted(RECORDINGS.glob("duffel/*/*.json"))
PNR = (RECORDINGS / "amadeus" / "dummyPnrRetrieveReply.txt").read_text()
ORDER = (RECORDINGS / "duffel" / "v2" / "mockOrder.json").read_text()

# Counted by hand: document numbers of 13 digits, or 14 with their check digit.
TICKETS = {
    "SalesReportsDisplayQueryReportReply.txt": 33,
    "dummyTicketInitRefundFailResponse.txt": 1,
    "dummyTicketInitRefundResponse.txt": 1,
    "dummyTicketProcessRefundResponse.txt": 1,
    "dummyTicketUpdateRefundResponse.txt": 1,
    "mockOrder.json": 1,
    "create-hold-order.json": 1,
    "get-order-by-id.json": 1,
}
NO_TICKETS = {"65465468486464", "32222222222222"}  # a bank's reference and a telephone
PERSONAL = {
    "dummyPnrRetrieveReply.txt": ["3222222222"],
    "pnrCancelDemoError.txt": ["32222222222222"],
    "pnrResponseFullEnvelope.txt": ["01XV8U3ATS", "2RAQ507TIBUC22EZ7MR61A63TY", "32444444444"],
    "dummyPnrRequestsoapheader2.txt": ["XFHZEKLRZHREJ", "RKLERJEZLKRHZEJKLRHEZJKLREZRHEZK"],
    "pnrAddMultiElements14_1_need_received_from.txt": ["JOHN@DOE.COM", "777111122", "012345678", "20APR85", "01011985"],
    "dummyTicketInitRefundResponse.txt": ["4111111111111111", "4111", "1215*"],
    "fopCreateForpOfPaymentReply154.txt": ["0016", "/0915"],
    "mockOrder.json": ["amelia@duffel.com", "442080160509", "1987-07-24", "12901014"],
    "mockCreateOrderRequest.json": ["19KL56147", "2025-04-25", "amelia@duffel.com", "442080160509", "1987-07-24"],
    "mockOnHoldOrders.json": ["john@duffel.com", "447700900000", "442080160509", "1995-05-05"],
    "create-offer-request.json": ["SFMyNTY", "12901014"],
    "create-webhook.json": ["QKfUULLQh"],
    "mockWebhooksCreateResponse.json": ["QKfUULLQh"],
}


def names_of(file: Path) -> str:
    return file.name


def tickets(text: str) -> list[str]:
    return [found for found in re.findall(r"(?<!\d)\d{3}-?\d{10}\d?(?!\d)", text) if found not in NO_TICKETS]


def letters(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


# -- recordings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", [*XML, *JSON], ids=names_of)
def test_every_ticket_number_of_a_recording_survives(file: Path) -> None:
    text = file.read_text()[:KEPT]
    assert tickets(masked(text)) == tickets(text)
    assert len(tickets(text)) == TICKETS.get(file.name, 0)


@pytest.mark.parametrize("name", PERSONAL)
def test_what_is_personal_in_a_recording_is_gone(name: str) -> None:
    file = next(file for file in [*XML, *JSON] if file.name == name)
    kept = masked(file.read_bytes())
    assert all(secret in file.read_text() for secret in PERSONAL[name])
    assert [secret for secret in PERSONAL[name] if secret in kept] == []


@pytest.mark.parametrize("file", XML, ids=names_of)
def test_amounts_dates_locators_offices_and_agencies_survive(file: Path) -> None:
    def settled(text: str) -> list[tuple[str, str]]:
        wanted = "amount|controlNumber|date|depDate|time|officeId|iataCode|number|currency|status"
        found = re.findall(rf"<(?:\w+:)?(\w*(?:{wanted})\w*)>([^<]*)<", text, re.IGNORECASE)
        private = {"creditCardNumber", "cardNumber", "expiryDate", "telephoneNumber"}
        return [(n, v.strip()) for n, v in found if n not in private and v.strip() and v.strip() != "01011985"]

    text = file.read_text()[:KEPT]
    assert settled(text) == [pair for pair in settled(masked(text)) if pair[1] != "***"]
    assert settled(masked(text)).count(("date", "***")) == text.count("01011985")


@pytest.mark.parametrize("file", [file for file in XML if file.stat().st_size < KEPT], ids=names_of)
def test_a_masked_message_keeps_its_shape(file: Path) -> None:
    def shape(text: str) -> list[str]:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
        return [str(el.tag) for el in root.iter()]

    assert shape(masked(file.read_text())) == shape(file.read_text())


@pytest.mark.parametrize("file", JSON, ids=names_of)
def test_a_masked_document_keeps_its_fields(file: Path) -> None:
    def fields(value: object) -> object:
        if isinstance(value, dict):
            return {key: fields(inner) for key, inner in value.items()}
        return [fields(inner) for inner in value] if isinstance(value, list) else None

    assert fields(json.loads(masked(file.read_text()))) == fields(json.loads(file.read_text()))


# -- cards ------------------------------------------------------------------------------------------------------------


@st.composite
def cards(draw: st.DrawFn) -> str:
    start, length = draw(
        st.sampled_from(
            [("4", 16), ("51", 16), ("2223", 16), ("60", 16), ("82", 16), ("34", 15), ("37", 15), ("62", 19)]
        )
    )
    body = start + "".join(draw(st.lists(st.sampled_from("0123456789"), min_size=length, max_size=length)))
    return next(body[: length - 1] + str(last) for last in range(10) if is_card(body[: length - 1] + str(last)))


@st.composite
def spelled(draw: st.DrawFn, card: str) -> str:
    sizes = draw(st.sampled_from([(4, 4, 4, 4, 4), (19,), (4, 6, 9), (2,) * 10, (6, 4, 9), (1,) * 19]))
    groups, at = [], 0
    for size in sizes:
        groups.append(card[at : at + size])
        at += size
    text = draw(st.sampled_from([" ", "-", "  "])).join(group for group in groups if group)
    return (
        draw(st.sampled_from(["", "CCVI", "CCCA ", "CC VI ", "FP ", "CARD:", "29NOV ", "PAX "]))
        + text
        + draw(st.sampled_from(["", "/1226", " /12/26", "/1226/N123456", " 12NOV"]))
    )


PLACES = [
    ("TID:123456", PNR),  # a remark
    ("-GENERIC TRAVEL REQUEST", PNR),
    ("EHD", PNR),
    ("Exit row seat", ORDER),
    ("window seat", ORDER),
    ("WORDS", "<html><body>502 WORDS</body></html>"),
    ("WORDS", "WORDS"),
    ("WORDS", "HTTP 502 WORDS from a gateway"),
    ("WORDS", '{"errors": [{"message": "WORDS"'),
    ("WORDS", "<a><b c='WORDS'/><d>"),
    ("WORDS", "<a><![CDATA[WORDS]]></a>"),
    ("WORDS", "<a><!-- WORDS --></a>"),
]


@given(card=cards(), place=st.sampled_from(PLACES), data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_card_is_hidden_however_it_is_spelled_and_wherever_it_stands(
    card: str, place: tuple[str, str], data: st.DataObject
) -> None:
    mark, body = place
    kept = masked(body.replace(mark, data.draw(spelled(card))))
    assert card not in letters(kept)
    assert "1226" not in kept


@given(carrier=st.integers(0, 999), serial=st.integers(0, 9_999_999_999), dash=st.booleans())
@settings(max_examples=300, deadline=None)
def test_no_ticket_number_is_taken_for_a_card(carrier: int, serial: int, dash: bool) -> None:
    number = f"{carrier:03}{'-' if dash else ''}{serial:010}"
    with_check = f"{carrier:03}{serial:010}{serial % 7}"
    fa = f"PAX {number}/ETLO/USD126.39/29NOV19/DTW1S210B/23612444"
    body = f"<longFreetext>{fa}</longFreetext><DocumentNumber Number='{with_check}'/>{number} {number} {number}"
    assert masked(body) == body
    assert masked(json.dumps({"unique_identifier": number})) == json.dumps({"unique_identifier": number})


# -- people -----------------------------------------------------------------------------------------------------------

passports = st.from_regex(r"[A-Z]{1,2}[0-9]{6,8}", fullmatch=True)
mailboxes = st.from_regex(r"[a-z]{2,8}[._-]?[a-z]{2,8}@[a-z]{2,8}(-[a-z]{2,4})?\.(com|co\.in|sa)", fullmatch=True)
phones = st.from_regex(r"\+(91|966|44)[1-9][0-9]{9}", fullmatch=True)
births = st.dates(date(1930, 1, 1), date(2026, 1, 1))


def spelling(secret: str, way: int) -> str:
    return [
        lambda: secret,
        secret.upper,
        secret.lower,
        lambda: " ".join(secret),
        lambda: "-".join(re.findall("..?", secret)),
        lambda: quote(secret, safe=""),
        lambda: quote_plus(secret),
        lambda: "".join(f"%{byte:02x}" for byte in secret.encode()),
        lambda: base64.b64encode(secret.encode()).decode(),
        lambda: base64.urlsafe_b64encode(b"user:" + secret.encode()).decode(),
        lambda: base64.b64encode(b"ab" + secret.encode() + b"more").decode(),
        lambda: secret.encode().hex(),
        lambda: "".join(f"&#{ord(letter)};" for letter in secret),
        lambda: "".join(f"&#x{ord(letter):X};" for letter in secret),
        lambda: "".join(f"\\u{ord(letter):04x}" for letter in secret),
        lambda: escape(secret, {"'": "&apos;", '"': "&quot;"}),
        lambda: json.dumps(secret)[1:-1],
        lambda: secret.replace("@", "//").replace("_", "..").replace("-", "./").upper(),
    ][way]()


def plain_again(text: str, way: int) -> str:
    """What somebody who knows the trick could read out of what was kept."""
    return letters(re.sub(r"\\u00(..)|%(..)|&#x(..);", lambda m: chr(int(next(filter(None, m.groups())), 16)), text))


@given(secret=st.one_of(passports, mailboxes, phones), way=st.integers(0, 17), place=st.sampled_from(PLACES))
@settings(max_examples=500, deadline=None)
def test_a_known_secret_is_hidden_in_every_spelling_and_place(secret: str, way: int, place: tuple[str, str]) -> None:
    mark, body = place
    spelled_so = spelling(secret, way)
    kept = masked(body.replace(mark, f"so: {spelled_so} !"), [secret])
    assert spelled_so not in kept
    assert letters(secret) not in plain_again(kept, way)


@pytest.mark.parametrize("password", ["p&ss<w0rd>'\"x", "Pa55 w0rd", "قافلہ۱۲۳", "!!==!!==", "a+b/c=d=="])
@pytest.mark.parametrize("way", range(18))
def test_a_password_of_any_signs_is_hidden_in_every_spelling(password: str, way: int) -> None:
    if way in {4, 17}:
        way = 0  # pairs with dashes are how numbers are spelled, // for @ how addresses are
    body = f"<a><b>{spelling(password, way)}</b></a>"
    assert spelling(password, way) not in masked(body, [password])


@given(passport=passports, mail=mailboxes, phone=phones, born=births, how=st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_a_traveller_is_hidden_where_travellers_stand_even_when_nobody_named_the_secrets(
    passport: str, mail: str, phone: str, born: date, how: int
) -> None:
    day = f"{born:%d%b%y}".upper()
    line = f"P/IND/{passport}/IND/{day}/M/10JAN30/DAR/AHMAD"
    amadeus_mail = mail.replace("@", "//").replace("_", "..").replace("-", "./").upper()
    ssr = (
        "<dataElementsIndiv><elementManagementData><segmentName>SSR</segmentName></elementManagementData><serviceRequest>"
        "<ssr><type>{0}</type><status>HK</status><freeText>{1}</freeText></ssr></serviceRequest></dataElementsIndiv>"
    )
    documents = [{"type": "passport", "unique_identifier": passport, "expires_on": "2030-01-10"}]
    person = {"email": mail, "phone_number": phone, "born_on": str(born), "identity_documents": documents}
    end = "</dataElementsMaster>"
    body = [
        PNR.replace("+3222222222", f"{phone} {amadeus_mail}").replace("TID:123456", f"SSR DOCS SV HK1 {line}"),
        PNR.replace(end, ssr.format("DOCS", line) + ssr.format("CTCE", amadeus_mail) + end),
        PNR.replace("TID:123456", f"{line} E-MAIL {mail} MOB {phone[1:]} DOB {day}"),
        f"<a><passenger><firstName>SARA(INFDAR/ALI/{day})</firstName></passenger></a>",
        ORDER.replace("1987-07-24", str(born)).replace("amelia@duffel.com", mail).replace("+442080160509", phone),
        json.dumps({"passengers": [person]}),
    ][how]
    kept = masked(body)
    assert [s for s in (passport, mail, amadeus_mail, phone[1:], day, born.isoformat()) if s in kept] == []


def test_the_secrets_of_travellers_are_their_passports_births_and_contacts() -> None:
    traveller = Traveller(
        "T1", PassengerType.ADULT, "AHMAD", "DAR", birth_date=date(1980, 3, 4), email="a@b.com", phone="+919419000000",
        passport=Passport("M1234567", "IN", "IN", date(2030, 1, 10)),
    )  # fmt: skip
    assert set(personal([traveller])) == {
        "a@b.com", "+919419000000", "M1234567", "1980-03-04", "04Mar80", "04Mar1980",
    }  # fmt: skip
    assert (
        masked("04MAR80 04mar1980 M123 4567 9419000000 00919419000000", personal([traveller])) == "*** *** *** *** ***"
    )


def test_a_number_that_is_secret_does_not_bite_into_a_ticket() -> None:
    assert masked("176-2412345678 12345678", ["12345678"]) == "176-2412345678 ***"


# -- headers and odd bodies ------------------------------------------------------------------------------------------


def test_what_opens_a_session_is_not_kept() -> None:
    body = (
        '<s:Envelope><s:Header><oas:Security xmlns:oas="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss.xsd">'
        "<oas:UsernameToken>"
        '<oas:Username>WSQAF</oas:Username><oas:Nonce E="x">abcd'
        '</oas:Nonce><oas:Password Type="#PasswordDigest">zzzz=</oas:Password>'
        "<oas1:Created>2026-01-01T00:00:00Z</oas1:Created>"
        '</oas:UsernameToken></oas:Security><UserID POS_Type="1" PseudoCityCode="SXR1A2345"/></s:Header></s:Envelope>'
    )
    kept = masked(body)
    assert not any(secret in kept for secret in ("WSQAF", "abcd", "zzzz"))
    assert "2026-01-01T00:00:00Z" in kept
    assert "SXR1A2345" in kept
    assert "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss.xsd" in kept


def test_tokens_are_hidden_in_words_too() -> None:
    kept = masked("Authorization: Bearer duffel_test_abc-123 and duffel_live_Zz9 and password=hunter22, token: abcdef")
    assert not any(secret in kept for secret in ("abc-123", "Zz9", "hunter22", "abcdef"))


LED_BY = {
    "Z1234567": "passport pasport pspt ppt pp aadhaar aadhar|visa no",
    "9876543210": "tel telephone phone phn mob mobile cell fax whatsapp apm aph apb apn contact",
    "HK1/Q7654321": "docs doco doca foid ctce pctc chld inft fqtv fqtr fqtu fqts",
    "=hunter22": "password my_passwd userSecret accesstoken nonce pwd cvv cvv2 cvc cvc2 apikey api-key authorization",
    "abcdefgh42": "bearer basic",
    "02apr85": "(chd (inf dob",
    "370000000000000": "ccax tpax",
}


@pytest.mark.parametrize("secret", LED_BY)
def test_every_word_that_leads_to_a_secret_does_so_in_either_case(secret: str) -> None:
    others = str.maketrans("sik", "\u017f\u0131\u212a")  # what a search without case takes for s, i and k
    for word in re.split(r"\|| (?!no)", LED_BY[secret]):
        for written in (word, word.upper(), word.title(), word.translate(others), f"{'İ' * 9} {word}"):
            assert secret.strip("=").lower() not in masked(f"xyz: {written} {secret}; 12").lower(), written
    assert secret in masked(f"xyz: of no such word {secret}; 12")


@given(cut=st.integers(0, 9000))
@settings(max_examples=150, deadline=None)
def test_a_body_that_was_cut_shows_no_more_than_a_whole_one(cut: int) -> None:
    order = ORDER.replace("window seat", "4111 1111 1111 1111")
    assert not any(
        s in masked(order[:cut]) for s in ("amelia@duf", "44208016", "1987-07", "1290101", "4111 1111 1111 1111")
    )
    pnr = (RECORDINGS / "amadeus" / "pnrAddMultiElements14_1_need_received_from.txt").read_text()[-9000:]
    assert not any(s in masked(pnr[:cut]) for s in ("JOHN@D", "777111", "01234567", "20APR85"))


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_no_body_breaks_the_masking(body: bytes) -> None:
    assert isinstance(masked(body, ["secret-of-mine"]), str)


@pytest.mark.parametrize("seed", range(12))
def test_noise_instead_of_a_reply_is_kept_as_noise(seed: int) -> None:
    kept = masked(Random(seed).randbytes(20_000))
    assert "could not be masked" not in kept
    assert len(kept) > 15_000


@pytest.mark.parametrize(
    "text",
    [
        r'{"note": "\x{41} card 4111111111111111"}',  # an escape that JSON does not know
        r'{"note": "\ud800 card 4111111111111111"}',  # half of a character
        r'{"note": "\u0034111111111111111 {\"email\": \"john@doe.example\"',  # cut off, a text in a text
        '{"note": "a\tcard 4111\\u0031111 11111111 \\{"}',
    ],
)
def test_what_is_badly_escaped_is_unescaped_all_the_same(text: str) -> None:
    kept = masked(text)
    assert "not kept" not in kept
    assert not re.search(r"4111|1111|doe", kept), kept
    assert kept.encode()  # it can be stored


def test_what_cannot_be_masked_is_not_kept_but_that_it_was_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(text: str) -> str:
        raise RecursionError(text)

    monkeypatch.setattr(masking_markup, "hidden", fails)
    assert masked(b"<Password>hunter2</Password>") == "(not kept, it could not be masked: RecursionError, length 28)"


def test_utf_16_is_no_disguise() -> None:
    assert "4111111111111111" not in masked("<a>4111111111111111</a>".encode("utf-16"))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit", ["<", "<a", "<!--", "<![CDATA[", "</a>", "<a>", "&", '"', '\\"', "{", "[", "1 ", "1-", "a@", "//a", "(INF",
             "+1 ", "DOCS 1", "P/IND/", "CCVI4", "\\u0041", "a.", "PP", '{"a":', "&#4;", "%41", "//", "x",
             "<dataElementsIndiv>", "DOCS ", "password", "PASSPORT ", "TEL ", "(CHD"],
)  # fmt: skip
def test_a_hostile_body_neither_hangs_nor_is_kept_whole(unit: str) -> None:
    kept = masked((unit * 50_000_000)[: 3 * 1024 * 1024].encode(), ["secret-of-mine", "12345678"])
    assert len(kept) < KEPT + 100
    assert "of 3145728 bytes" in kept


def test_a_large_body_is_kept_up_to_its_limit_and_says_how_much_was_left_out() -> None:
    body = b"<a>" + b"<b>word</b>" * 100_000 + b"</a>"
    kept = masked(body)
    assert kept.startswith("<a><b>word</b>")
    assert kept.endswith(f"… (the first {KEPT} characters of {len(body)} bytes)")


def test_nothing_secret_is_cut_in_two_at_the_limit() -> None:
    for shift in range(0, 64, 7):
        start = "x" * (KEPT - 32 - shift)
        assert "a.very.long" not in masked(f"{start} a.very.long.mailbox.of.somebody@example.com {'y' * 9000}")
