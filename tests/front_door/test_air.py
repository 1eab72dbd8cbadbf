"""`qafila air`: whole orders walked from the command line, through each adapter, against the simulator's process."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result

from qafila.config import cli
from tests.harness.supplier import Simulator, running

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "suppliers"
AHMAD = "MR Ahmad Dar 1980-03-04 passport=M7654321/IN/2032-05-01 email=ahmad.dar@mail.example.com phone=+919419012345"
SARA = "MRS Sara Dar 12MAR84 passport=N2345678/IN/2031-09-30"
FLIGHT = "SV 110 V SXR-JED 2027-01-18T12:10 2027-01-18T14:40"
PRIVATE = ("M7654321", "N2345678", "ahmad.dar@", "AHMAD.DAR//", "9419012345", "04MAR80", "1980-03-04", "12MAR84")
Air = Callable[..., Result]


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One simulator for this file, in the data directory of a demo."""
    with running(tmp_path_factory.mktemp("air") / "simulator") as found:
        yield found


@pytest.fixture
def air(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Air]:
    """Runs `qafila air …` as a person does; there is no database to be had."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere")
    monkeypatch.setenv("QAFILA_DATA_DIR", str(simulator.home.parent))

    def run(*words: str, exit_code: int | None = 0, typed: str | None = None) -> Result:
        done = CliRunner().invoke(cli.cli, ["air", *words], input=typed)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert exit_code is None or done.exit_code == exit_code, done.output
        return done

    yield run
    simulator.calm()


def attempts(done: Result) -> list[str]:
    return re.findall(r"^Attempt ([A-Z]+-\d{6}-[A-Z0-9]{8})$", done.stderr, re.MULTILINE)


def known(air: Air) -> Any:
    """The order that was worked on last, as the supplier has it."""
    return json.loads(air("retrieve", "--json").stdout)


def number_of_an_offer(done: Result, **wanted: Any) -> str:
    offers = json.loads(done.stdout)
    return next(str(o["number"]) for o in offers if all(o[name] == value for name, value in wanted.items()))


# -- walks ------------------------------------------------------------------------------------------------------------


def test_a_search_prints_offers_of_amadeus_with_their_numbers(air: Air) -> None:
    done = air("search", "SXR", "JED", "2027-01-18", "--adults", "2")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("SXR to JED on Mon 18 Jan 2027 for 2 adults: ")
    assert lines[0].endswith("offers of amadeus")
    first = next(line for line in lines if re.match(r" ?1  \w\w \d", line))
    assert re.search(r"SXR \d\d:\d\d", first)
    assert re.search(r"INR [\d,]+\.\d\d  \d{1,2} \w{3} \d{4} \d\d:\d\d IST +SIMULATOR$", first)
    assert any(re.search(r"JED \d\d:\d\d\+1", line) for line in lines), "a flight that arrives a day later says so"


@pytest.mark.parametrize("supplier", ["amadeus", "duffel"])
def test_a_journey_home_from_another_place_is_searched_and_held(air: Air, supplier: str) -> None:
    asked = ("search", "SXR", "JED", "2027-01-18", "--also", "MED", "SXR", "2027-02-01", "--supplier", supplier)
    assert "SXR to JED on Mon 18 Jan 2027, MED to SXR on Mon 1 Feb 2027 for 1 adult" in air(*asked).stdout
    air("hold", number_of_an_offer(air(*asked, "--json"), can_hold=True), "--demo-travellers")
    flown = [(flight["origin"], flight["destination"]) for flight in known(air)["segments"]]
    assert flown[0][0] == flown[-1][1] == "SXR"
    assert {("JED", "MED"), ("MED", "JED")}.isdisjoint(flown), "between the two places they go by road"


def test_prices_in_another_currency_than_asked_for_are_said_to_be(air: Air) -> None:
    asked = ("search", "SXR", "JED", "2027-01-18", "--currency", "KWD")
    assert "Note: duffel tells prices in INR only." in air(*asked, "--supplier", "duffel").stdout
    told = air(*asked, "--supplier", "amadeus").stdout
    assert "Note" not in told
    assert re.search(r"KWD \d+\.\d{3} ", told)


def test_an_order_at_amadeus_is_held_priced_issued_read_and_voided(air: Air, simulator: Simulator) -> None:
    air("search", "SXR", "JED", "2027-01-18", "--adults", "2")
    held = air("hold", "1", "--traveller", AHMAD, "--traveller", SARA)
    (key,) = attempts(held)
    locator = re.match(r"Order amadeus:([A-Z0-9]{6})  SIMULATOR\n", held.stdout)[1]  # type: ignore[index]
    assert "1. DAR/AHMAD MR  ADT" in held.stdout
    assert "Cancel limit: " in held.stdout
    assert simulator.orders(key=key)[0]["locator"] == locator

    assert f"amadeus:{locator} costs INR " in air("price").stdout
    issued = air("issue", f"amadeus:{locator}")
    numbers = re.findall(r"^  (\d{13})  ticket  DAR/\w+", issued.stdout, re.MULTILINE)
    assert len(set(numbers)) == 2
    assert "INR" in air("retrieve", locator).stdout
    truth = simulator.order(locator)
    assert sorted(document["number"] for document in truth["documents"]) == sorted(numbers)
    assert (truth["counts"]["held"], truth["counts"]["issued"]) == (1, 1)

    assert air("void", numbers[0]).stdout == f"Void: {numbers[0]}\n"
    assert air("void", locator).stdout == f"Void: {numbers[1]}\n", "what is void already is left alone"
    assert "CANCELLED" in air("cancel").stdout
    assert simulator.order(locator)["counts"]["voided"] == 2
    assert {document["status"] for document in simulator.order(locator)["documents"]} == {"VOID"}


def test_a_return_for_a_family_is_refunded_at_the_quoted_figures(air: Air, simulator: Simulator) -> None:
    family = ("--adults", "2", "--children", "1", "--infants", "1")
    offers = json.loads(air("search", "SXR", "JED", "18JAN27", "--return", "01FEB27", *family, "--json").stdout)
    held = json.loads(air("hold", str(offers[-1]["number"]), "--demo-travellers", "--json").stdout)
    assert held["outcome"] == "done"
    assert [traveller["type"] for traveller in held["value"]["travellers"]].count("INF") == 1
    air("price")
    air("issue")
    quote = air("refund-quote").stdout
    assert re.search(r"INR [\d,.]+ back for \d{13}(, \d{13}){3}", quote)
    assert re.search(r"not given back INR [\d,.]+$", quote, re.MULTILINE)
    assert air("refund").stdout.startswith("Refunded: ")
    truth = simulator.order(held["value"]["locator"])
    assert {document["status"] for document in truth["documents"]} == {"REFUNDED"}


def test_an_order_at_duffel_is_held_priced_issued_read_and_refunded(air: Air, simulator: Simulator) -> None:
    found = air("search", "SXR", "JED", "2027-01-18", "--adults", "2", "--supplier", "duffel", "--json")
    held = air("hold", number_of_an_offer(found, can_hold=True), "--traveller", AHMAD, "--traveller", SARA)
    order, locator = re.match(r"Order (duffel:ord_\w+) \((\w{6})\)  SIMULATOR\n", held.stdout).groups()  # type: ignore[union-attr]
    assert f"{order} costs INR " in air("price", locator).stdout
    assert len(re.findall(r"^  \d{13}  ticket  Dar/\w+", air("issue", locator).stdout, re.MULTILINE)) == 2
    unable = air("void", locator, exit_code=1)
    assert f"duffel has no void. What a refund would give: qafila air refund-quote {order}" in unable.stderr
    assert attempts(unable) == []
    assert f"{order}: INR " in air("refund-quote", locator).stdout
    assert "Refunded: " in air("refund", locator).stdout
    assert "CANCELLED" in air("retrieve", order).stdout
    truth = simulator.order(locator)
    assert (truth["counts"]["issued"], len(truth["documents"])) == (1, 2)


def test_an_order_booked_elsewhere_is_typed(air: Air) -> None:
    flight = ("--flight", FLIGHT)
    typed = ("--supplier", "manual", "--locator", "TYPED1", "--total", "INR 37,350", "--time-limit", "2026-12-25T18:00")
    assert "SIMULATOR" not in air("hold", *typed, *flight, "--traveller", AHMAD, "--traveller", SARA).stdout
    assert "costs INR 36,000.00" in air("price", "--total", "INR 36000").stdout
    assert "TICKET_NUMBER_MISSING" in air("issue", "--ticket", "065-2400000011", exit_code=1).stderr
    issued = air("issue", "--ticket", "065-2400000011", "--ticket", "T2=065 2400000012")
    assert re.findall(r"065240000001\d", issued.stdout) == ["0652400000011", "0652400000012"]
    air("void", "TYPED1", "0652400000011")
    given = ("--refund", "30000 INR", "--penalty", "INR 5000", "--used", "INR 1001")
    assert "INR 36,000.00 was paid for the order. [REFUND_TOO_MUCH]" in air("refund-quote", *given, exit_code=1).stderr
    assert "INR 1,000.00 back for 0652400000012" in air("refund-quote", "--refund", "1000 INR").stdout
    air("refund")
    assert "CANCELLED" in air("cancel").stdout


def test_an_offer_that_was_booked_elsewhere_is_typed_by_its_number(air: Air) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    held = air("hold", "1", "--supplier", "manual", "--locator", "TYPED2", "--demo-travellers")
    assert held.stdout.startswith("Order manual:TYPED2\n")


# -- how it ends ------------------------------------------------------------------------------------------------------


def test_a_hold_whose_end_nobody_heard_is_not_called_failed(air: Air, simulator: Simulator) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    simulator.arm("reset", "amadeus.commit", "after")
    done = air("hold", "1", "--demo-travellers", exit_code=3)
    assert "not known yet, confirming with the airline" in done.stderr
    assert "Do not do it again" in done.stderr
    assert "fail" not in done.output.lower()
    assert len(simulator.orders(key=attempts(done)[0])) == 1


def test_an_issue_whose_answer_was_lost_is_done_when_the_record_says_so(air: Air, simulator: Simulator) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    air("hold", "1", "--demo-travellers")
    air("price")
    simulator.arm("reset", "amadeus.issue", "after")
    assert re.search(r"\d{13}  ticket", air("issue").stdout)
    assert simulator.order(known(air)["locator"])["counts"]["issued"] == 1


@pytest.mark.parametrize("supplier", ["amadeus", "duffel"])
def test_while_tickets_may_still_show_an_order_is_neither_priced_anew_nor_cancelled(
    air: Air, simulator: Simulator, supplier: str
) -> None:
    found = air("search", "SXR", "JED", "2027-01-18", "--supplier", supplier, "--json")
    air("hold", number_of_an_offer(found, can_hold=True), "--demo-travellers")
    air("price")
    step = {"amadeus": "amadeus.issue", "duffel": "duffel.pay"}[supplier]
    simulator.arm("late_documents", step, "after", times=1, params={"seconds": 3600})
    (key,) = attempts(air("issue", exit_code=3))
    assert f"Whether {key} issued tickets is not known yet." in air("price", exit_code=2).stderr
    assert key in air("cancel", exit_code=2).stderr
    air("issue", exit_code=3)
    air("retrieve")
    air("price", exit_code=2)
    simulator.ask("POST", "/clock", {"advance": 3601})
    shown = known(air)
    assert len(shown["documents"]) == 1
    assert "not known yet" not in air("price", exit_code=None).output, "what shows now settles it"
    assert simulator.order(shown["locator"])["counts"]["issued"] == 1


def test_a_person_who_knows_that_no_ticket_was_made_may_price_again(air: Air, simulator: Simulator) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    air("hold", "1", "--demo-travellers")
    air("price")
    simulator.arm("late_documents", "amadeus.issue", "before", times=1)
    air("issue", exit_code=3)
    air("price", exit_code=2)
    air("price", "--none-issued")
    air("issue")


def test_a_refusal_tells_the_suppliers_code_and_words(air: Air, simulator: Simulator) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    air("hold", "1", "--demo-travellers")
    air("price")
    simulator.arm("issue_refused", "amadeus.issue", params={"code": "8102", "text": "ETKT NO INTERLINE"})
    done = air("issue", exit_code=1)
    assert "Refused by the supplier: ETKT NO INTERLINE [8102]" in done.stderr
    told = json.loads(air("issue", "--json", exit_code=None).stdout)
    assert told["outcome"] in {"done", "refused", "unknown"}


def test_an_order_that_nobody_knows_is_one_sentence(air: Air) -> None:
    done = air("retrieve", "amadeus:QQQQQQ", exit_code=1)
    assert "1929" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_each_verb_says_what_must_come_first(air: Air) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    air("hold", "1", "--demo-travellers")
    assert "has no price here yet: qafila air price amadeus:" in air("issue", exit_code=2).stderr
    assert "has no quote here yet: qafila air refund-quote amadeus:" in air("refund", exit_code=2).stderr
    assert "no ticket that could be undone" in air("void", exit_code=2).stderr


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("search SXR XXQ 2027-01-18", "TO: XXQ is no airport or city"),
        ("search SXR SXR 2027-01-18", "TO: SXR is where the journey begins"),
        ("search SXR JED 18/01/2027", "DATE: 18/01/2027 is no date"),
        ("search SXR JED 2020-01-18", "DATE: 18 Jan 2020 is past"),
        ("search SXR JED 18JAN27 --return 17JAN27", "--return: 17 Jan 2027 is before the flight out"),
        ("search SXR JED 18JAN27 --infants 2", "--infants: each infant sits with an adult of its own"),
        ("search SXR JED 18JAN27 --adults 9 --children 1", "--children: one booking has at most 9 seats"),
        ("search SXR JED 18JAN27 --carrier SVA", "--carrier: SVA is no airline's two letters"),
        ("search SXR JED 18JAN27 --currency rupees", "--currency: rupees is no currency's three letters"),
        ("search SXR JED 18JAN27 --supplier sabre", "--supplier: sabre is no supplier here; there are: amadeus"),
        ("hold 999 --demo-travellers", "OFFER: The last search has the offers 1 to"),
        ("hold 1", "Say who flies"),
        (f"hold 1 --traveller Ahmad/{'A' * 61}", "traveller 1, first_name: a name has at most 60 letters, this one 61"),
        ("hold 1 --traveller Ahmad", "--traveller: traveller 1: Ahmad is one name"),
        ("hold 1 --demo-travellers --locator ABC123", "--locator: amadeus is asked, nobody types for it"),
        ("hold --supplier manual --locator ABC123 --demo-travellers", "Type at least one flight"),
        ("hold --supplier manual --total 37350 --demo-travellers", '--total: 37350 is no amount'),
        ("retrieve sabre:ABC123", "ORDER: sabre is no supplier here"),
        ("sales-report someday", "DATE: someday is no date"),
        ("read nothing.xml", "nothing.xml' does not exist"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_names_the_option_and_the_reason(air: Air, words: str, reason: str) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    assert reason in air(*words.split(), exit_code=2).stderr


def test_suppliers_that_do_not_answer_are_one_sentence(
    air: Air, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    away = {**simulator.access, "amadeus": {**simulator.access["amadeus"], "endpoint": "http://127.0.0.1:1/1ASIW"}}
    (tmp_path / "simulator").mkdir()
    (tmp_path / "simulator" / "access.json").write_text(json.dumps(away))
    monkeypatch.setenv("QAFILA_DATA_DIR", str(tmp_path))
    done = air("search", "SXR", "JED", "2027-01-18", exit_code=1)
    assert len(done.stderr.splitlines()) == 1
    assert "amadeus" in done.stderr


# -- looking ----------------------------------------------------------------------------------------------------------


def test_the_log_shows_every_exchange_of_an_attempt(air: Air) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    (key,) = attempts(air("hold", "1", "--demo-travellers"))
    told = [json.loads(line) for line in air("log", "--key", key, "--last", "50", "--json").stdout.splitlines()]
    assert "PNR_AddMultiElements" in {exchange["message"] for exchange in told}
    assert {exchange["key"] for exchange in told} == {key}
    assert all(exchange["request"] and exchange["status"] == 200 for exchange in told)
    assert "PNR_AddMultiElements 200" in air("log", "--key", key).stdout


def test_nothing_private_and_no_secret_is_kept_or_printed(air: Air, simulator: Simulator) -> None:
    said = ""
    for supplier in ("amadeus", "duffel"):
        found = air("search", "SXR", "JED", "2027-01-18", "--adults", "2", "--supplier", supplier, "--json")
        number = number_of_an_offer(found, can_hold=True)
        for words in (
            ("hold", number, "--traveller", AHMAD, "--traveller", SARA), ("price",), ("issue",), ("retrieve",),
            ("refund-quote",), ("refund",), ("retrieve",), ("log", "--last", "100"),
        ):  # fmt: skip
            done = air(*words, exit_code=None)
            said += done.output
    typed = ("--supplier", "manual", "--locator", "TYPED9", "--total", "INR 37,350")
    for words in (
        ("hold", *typed, "--flight", FLIGHT, "--traveller", AHMAD, "--traveller", SARA), ("price",),
        ("issue", "--ticket", "065-2400000091", "--ticket", "065-2400000092"), ("retrieve",),
    ):  # fmt: skip
        said += air(*words).output
    access = simulator.access
    secrets = [access["amadeus"]["password"], access["duffel"]["token"], access["duffel"]["webhook_secret"]]
    kept = {
        file: file.read_text(errors="replace")
        for folder in (simulator.home.parent / "air", simulator.home.parent / "log")
        for file in folder.rglob("*")
        if file.is_file()
    }
    kept[simulator.home / "simulator.log"] = (simulator.home / "simulator.log").read_text()
    assert any(file.suffix == ".jsonl" for file in kept)
    assert any(file.name == "TYPED9.json" for file in kept)
    for place, text in {**{str(file): text for file, text in kept.items()}, "printed": said}.items():
        assert [secret for secret in (*PRIVATE, *secrets) if secret in text] == [], place


def test_suppliers_are_told_with_whose_money_it_is(air: Air) -> None:
    told = air("suppliers").stdout
    assert re.search(r"^amadeus +SIMULATED +search, hold, void, refund", told, re.MULTILINE)
    assert re.search(r"^manual .* typed by a person$", told, re.MULTILINE)
    assert json.loads(air("suppliers", "--json").stdout)["duffel"]["void"] is False


def test_a_sales_report_counts_what_was_issued(air: Air) -> None:
    air("search", "SXR", "JED", "2027-01-18")
    air("hold", "1", "--demo-travellers")
    air("price")
    air("issue")
    snapshot = known(air)
    issued = snapshot["documents"][0]
    report = air("sales-report", issued["issued_on"]).stdout
    assert re.search(rf"^{issued['number']} .*{snapshot['locator']}", report, re.MULTILINE)
    voided = json.loads(air("void", "--json").stdout)["value"]["number"]
    sums = air("sales-report", issued["issued_on"]).stdout.splitlines()[-1]
    assert voided == issued["number"]
    assert re.fullmatch(r"Together (\w{4} \d+: INR [\d,.]+(, )?)+", sums)
    assert "CANX " in sums, "what was voided is no part of what was sold"
    assert "duffel has no sales report" in air("sales-report", "2026-11-21", "--supplier", "duffel", exit_code=1).stderr


def test_a_recorded_reply_is_read_aloud(air: Air, tmp_path: Path) -> None:
    assert "INVALID RECORD LOCATOR" in air("read", str(FIXTURES / "amadeus" / "dummySoapFault.txt")).stdout
    order = json.loads(air("read", "--json", str(FIXTURES / "duffel" / "v2" / "mockOrder.json")).stdout)
    assert "1252106312810" in json.dumps(order)
    (tmp_path / "page.html").write_text("<html>502</html>")
    assert "html" in air("read", str(tmp_path / "page.html"), exit_code=1).stderr


def test_a_wsdl_becomes_what_the_suppliers_file_takes(
    air: Air, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = simulator.access["amadeus"]["endpoint"]
    wsdl = tmp_path / "1ASIWQAFSIM.wsdl"
    wsdl.write_bytes(httpx.get(f"{endpoint}?wsdl").content)
    office = 'user = "WSQAF"\npassword_env = "WSAP_PASSWORD"\noffice = "SXRQF2100"\nendpoint'
    assert "--name: small letters" in air("wsdl", str(wsdl), "--name", "Our WSAP", exit_code=2).stderr
    written = air("wsdl", str(wsdl), "--name", "srinagar").stdout.replace("endpoint", office, 1)
    (tmp_path / "suppliers.toml").write_text(written)
    monkeypatch.setenv("QAFILA_AIR_SUPPLIERS", str(tmp_path / "suppliers.toml"))
    monkeypatch.setenv("WSAP_PASSWORD", simulator.access["amadeus"]["password"])
    assert re.search(r"^srinagar +TEST +search, hold", air("suppliers").stdout, re.MULTILINE)


def test_real_money_is_asked_about_first(
    air: Air, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "suppliers.toml").write_text(
        f'[amadeus.real]\nuser = "{simulator.access["amadeus"]["user"]}"\npassword_env = "WSAP_PASSWORD"\n'
        f'office = "SXRQF2100"\nworld = "live"\nendpoint = "{simulator.access["amadeus"]["endpoint"]}"\n'
    )
    monkeypatch.setenv("QAFILA_AIR_SUPPLIERS", str(tmp_path / "suppliers.toml"))
    monkeypatch.setenv("WSAP_PASSWORD", simulator.access["amadeus"]["password"])
    assert "SIMULATOR" not in air("search", "SXR", "JED", "2027-01-18", "--supplier", "real").stdout
    air("hold", "1", "--demo-travellers")
    air("price")
    asked = air("issue", exit_code=1, typed="n\n")
    assert re.search(r"real is live: issues the tickets of real:\w{6} for INR [\d,.]+\. Go on\?", asked.stderr)
    assert attempts(asked) == []
    locator = known(air)["locator"]
    assert simulator.order(locator)["counts"]["issued"] == 0
    air("issue", typed="y\n")
    air("void", "--yes")
    assert simulator.order(locator)["counts"]["voided"] == 1


def test_travellers_come_from_a_file_or_are_read_from_another_command(air: Air, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("title,first_name,last_name,birth_date\nMR,Ahmad,Dar,1980-03-04\n")
    air("search", "SXR", "JED", "2027-01-18")
    assert "DAR/AHMAD" in air("hold", "1", "--travellers", str(people)).stdout
    air("search", "SXR", "JED", "2027-01-19")
    assert "DAR/AHMAD" in air("hold", "1", "--travellers", "-", typed=people.read_text()).stdout


def test_help_is_there_for_every_command_and_loads_no_room(air: Air) -> None:
    listed = re.findall(r"^  ([a-z-]+)  +\S", air("--help").stdout.partition("Commands:")[2], re.MULTILINE)
    assert listed[:5] == ["search", "hold", "price", "issue", "retrieve"]
    assert len(listed) == 14
    for name in listed:
        assert "Usage: " in air(name, "--help").stdout
