"""Which suppliers an agency has: its file, its environment, a simulator only in a demo, and every mistake named."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qafila.air.gateways.amadeus.adapter import AmadeusSupplier
from qafila.air.gateways.duffel.adapter import DuffelSupplier
from qafila.air.gateways.errors import Misconfigured, Unsupported
from qafila.air.gateways.manual.adapter import ManualSupplier
from qafila.air.gateways.manual.typed import Typed
from qafila.air.gateways.protocol import Supplier
from qafila.air.gateways.registry import supplier, suppliers
from qafila.air.gateways.settings import Patience

DOCS = Path(__file__).parents[4] / "docs" / "suppliers.md"
GOOD = """
[amadeus.gds]
endpoint = "https://node.example/1ASIWABCDEF"
user = "WSABCDEF"
password_env = "GDS_PASSWORD"
office = "SXRAB1234"

[duffel.ndc]
token_env = "NDC_TOKEN"
"""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QAFILA_AIR_SUPPLIERS", "QAFILA_DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GDS_PASSWORD", "a-password-of-nobody")
    monkeypatch.setenv("NDC_TOKEN", "duffel_test_of-nobody")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "air").mkdir()
    return tmp_path


def told(house: Path, text: str, *, demo: bool = False) -> dict[str, Supplier]:
    (house / "air" / "suppliers.toml").write_text(text)
    found = suppliers(house, demo=demo)
    for each in found.values():
        each.close()
    return found


def refused(house: Path, text: str, *, demo: bool = False) -> str:
    with pytest.raises(Misconfigured) as raised:
        told(house, text, demo=demo)
    return raised.value.detail


def simulator(house: Path, pid: int) -> None:
    (house / "simulator").mkdir()
    (house / "simulator" / "access.json").write_text(
        json.dumps(
            {
                "pid": pid,
                "amadeus": {
                    "endpoint": "http://127.0.0.1:8890/1ASIWQAFSIM",
                    "user": "WSQAF1234",
                    "password": "x",
                    "office": "SXRQF2100",
                    "organization": "QAFSIM",
                },
                "duffel": {"base": "http://127.0.0.1:8890", "token": "duffel_test_x", "webhook_secret": "y"},
                "control": "http://127.0.0.1:8891",
            }
        )
    )


def test_an_agency_without_a_file_has_the_manual_supplier(tmp_path: Path) -> None:
    found = suppliers(tmp_path, demo=False)
    assert list(found) == ["manual"]
    assert isinstance(found["manual"], ManualSupplier)
    assert found["manual"].capabilities.typed


def test_the_file_tells_the_suppliers_in_its_order_and_the_manual_one_comes_last(house: Path) -> None:
    found = told(house, GOOD)
    assert list(found) == ["gds", "ndc", "manual"]
    gds, ndc = found["gds"], found["ndc"]
    assert isinstance(gds, AmadeusSupplier)
    assert isinstance(ndc, DuffelSupplier)
    assert (gds.code, gds.settings.office, gds.settings.password) == ("gds", "SXRAB1234", "a-password-of-nobody")
    assert (gds.settings.world, gds.settings.received_from, gds.settings.duty_code) == ("test", "QAFILA", "SU")
    assert (ndc.code, ndc.settings.token, ndc.settings.base) == (
        "ndc",
        "duffel_test_of-nobody",
        "https://api.duffel.com",
    )
    assert (ndc.settings.version, ndc.settings.hold_type, ndc.settings.payment_type) == ("v2", "hold", "balance")
    assert ndc.settings.patience == Patience()


def test_everything_that_can_be_told_is_taken(house: Path) -> None:
    found = told(
        house,
        GOOD
        + """
base = "https://api.duffel.example/air"
world = "test"
version = "v2"
hold_type = "pay_later"
payment_type = "arc_bsp_cash"
webhook_secret_env = "NDC_TOKEN"
[duffel.ndc.patience]
connect = 2
read = 30.5
whole = 40
size = 1000000
[manual.consolidator]
currency = "SAR"
zone = "Asia/Riyadh"
[amadeus.other]
endpoint = "http://127.0.0.1:9/1ASIWABCDEF"
user = "WS"
password_env = "GDS_PASSWORD"
office = "SXRAB1234"
office_zone = "Asia/Kolkata"
currency = "INR"
received_from = "DESK"
agency_phone = "+911942400000"
form_of_payment = "CASH"
world = "live"
duty_code = "GS"
[amadeus.other.versions.PNR_Retrieve]
action = "PNRRET_21_1_1A"
namespace = "http://xml.amadeus.com/PNRRET_21_1_1A"
""",
    )
    ndc, other, consolidator = found["ndc"], found["other"], found["consolidator"]
    assert isinstance(ndc, DuffelSupplier)
    assert isinstance(other, AmadeusSupplier)
    assert isinstance(consolidator, ManualSupplier)
    assert ndc.settings.patience == Patience(2.0, 30.5, 40.0, 1_000_000)
    assert (ndc.settings.hold_type, ndc.settings.webhook_secret) == ("pay_later", "duffel_test_of-nobody")
    assert other.settings.versions["PNR_Retrieve"].action == "PNRRET_21_1_1A"
    assert (other.settings.duty_code, other.settings.agency_phone) == ("GS", "+911942400000")
    assert other.capabilities.world == "live"
    assert (consolidator.settings.currency, consolidator.settings.zone) == ("SAR", "Asia/Riyadh")
    assert list(found)[-1] == "manual"


def test_the_file_may_be_somewhere_else(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text(GOOD)
    monkeypatch.setenv("QAFILA_AIR_SUPPLIERS", str(elsewhere))
    assert "ndc" in suppliers(house, demo=False)
    elsewhere.unlink()
    with pytest.raises(Misconfigured, match="QAFILA_AIR_SUPPLIERS"):
        suppliers(house, demo=False)


def changed(line: str, to: str) -> str:
    assert line in GOOD
    return GOOD.replace(line, to)


@pytest.mark.parametrize(
    ("text", "table", "key", "reason"),
    [
        (changed('token_env = "NDC_TOKEN"', 'token = "duffel_test_x"'), "duffel.ndc", "token_env", "missing"),
        (GOOD + 'token = "duffel_test_x"', "duffel.ndc", "token", "no secret may stand here"),
        (changed('user = "WSABCDEF"', 'user = "W"\npassword = "p"'), "amadeus.gds", "password", "no secret"),
        (GOOD + 'webhook_secret = "x"', "duffel.ndc", "webhook_secret", "webhook_secret_env"),
        (changed("NDC_TOKEN", "NDC_TOKEN_THAT_IS_NOT_THERE"), "duffel.ndc", "token_env", "is not set"),
        (changed("NDC_TOKEN", "NDC TOKEN"), "duffel.ndc", "token_env", "name of an environment variable"),
        (changed("NDC_TOKEN", "duffel_test_of-nobody"), "duffel.ndc", "token_env", "name of an environment variable"),
        (changed("NDC_TOKEN", "duffel_live_me_secret"), "duffel.ndc", "token_env", "name of an environment variable"),
        (changed('user = "WSABCDEF"', ""), "amadeus.gds", "user", "missing"),
        (changed('user = "WSABCDEF"', 'user = ""'), "amadeus.gds", "user", "not empty"),
        (changed('user = "WSABCDEF"', "user = 7"), "amadeus.gds", "user", "a text"),
        (changed("SXRAB1234", "SXR"), "amadeus.gds", "office", "no office"),
        (changed("https://node.example", "http://node.example"), "amadeus.gds", "endpoint", "https://"),
        (changed("https://node.example/", "node.example/"), "amadeus.gds", "endpoint", "address"),
        (changed("https://node.example/", "https://me:secret@node.example/"), "amadeus.gds", "endpoint", "no user"),
        (changed("https://node.example/", "https://node.example:99999/"), "amadeus.gds", "endpoint", "no address"),
        (changed("https://node.example/", "ftp://node.example/"), "amadeus.gds", "endpoint", "address"),
        (GOOD + 'base = "https://[bad/"', "duffel.ndc", "base", "no address"),
        (GOOD + 'world = "real"', "duffel.ndc", "world", "live, test, simulated"),
        (GOOD + 'world = "live"', "duffel.ndc", "world", "its world is test"),
        (GOOD + 'world = "simulated"', "duffel.ndc", "world", "only a demo"),
        (GOOD + 'version = "v1"', "duffel.ndc", "version", "none of v2"),
        (GOOD + 'hold_type = "keep"', "duffel.ndc", "hold_type", "hold, pay_later"),
        (GOOD + 'wordl = "test"', "duffel.ndc", "wordl", "is world meant"),
        (GOOD + "patience = 3", "duffel.ndc", "patience", "a table"),
        (GOOD + "[duffel.ndc.patience]\nread = 0", "duffel.ndc.patience", "read", "above 0"),
        (GOOD + "[duffel.ndc.patience]\nread = true", "duffel.ndc.patience", "read", "above 0"),
        (GOOD + "[duffel.ndc.patience]\nread = nan", "duffel.ndc.patience", "read", "above 0"),
        (GOOD + "[duffel.ndc.patience]\nraed = 3", "duffel.ndc.patience", "raed", "is read meant"),
        (GOOD + '[manual.desk]\nzone = "Asia/Nowhere"', "manual.desk", "zone", "no time zone"),
        (GOOD + '[manual.desk]\nzone = "../etc"', "manual.desk", "zone", "no time zone"),
        (GOOD + '[manual.desk]\ncurrency = "Rs"', "manual.desk", "currency", "no currency"),
        (GOOD + "[manual.Desk]", "manual.Desk", "name", "small letters"),
        (GOOD + "[manual.ndc]", "manual.ndc", "name", "bears it already"),
        (GOOD + "[manual.duffel]", "manual.duffel", "name", "must be one of duffel"),
        (GOOD + '[amadeus.gds.versions.PNR_Cancel]\naction = "X"', "amadeus.gds.versions.PNR_Cancel", "namespace", ""),
        (GOOD + '[amadeus.gds.versions.PNR_No]\naction = "X"\nnamespace = "Y"', "amadeus.gds", "versions", "PNR_No"),
        (changed('user = "WSABCDEF"', 'user = "W"\nwsdl = "nowhere.wsdl"'), "amadeus.gds", "wsdl", ""),
    ],
)  # fmt: skip
def test_every_mistake_names_its_file_its_table_its_setting_and_its_reason(
    house: Path, text: str, table: str, key: str, reason: str
) -> None:
    sentence = refused(house, text)
    assert sentence.startswith(f"{house / 'air' / 'suppliers.toml'}: [{table}] {key}: ")
    assert reason in sentence
    for secret in ("a-password-of-nobody", "duffel_test_of-nobody", "duffel_live_me_secret", "me:secret"):
        assert secret not in sentence


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[duffel", "no TOML"),
        ("[sabre.x]", "[sabre]"),
        ("duffel = 3", "[duffel.NAME]"),
        ('[duffel]\ntoken_env = "X"', "[duffel.NAME]"),
        (GOOD + GOOD, "no TOML"),
    ],
)
def test_a_file_that_is_none_is_named(house: Path, text: str, reason: str) -> None:
    sentence = refused(house, text)
    assert sentence.startswith(str(house / "air" / "suppliers.toml"))
    assert reason in sentence


def test_a_file_that_is_no_text_is_named(house: Path) -> None:
    (house / "air" / "suppliers.toml").write_bytes(b"\xff\xfe[duffel]")
    with pytest.raises(Misconfigured, match="no UTF-8"):
        suppliers(house, demo=False)


def test_a_live_token_is_not_taken_for_a_test_one(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NDC_TOKEN", "duffel_live_of-nobody")
    assert "its world is live" in refused(house, GOOD)
    assert told(house, GOOD + 'world = "live"')["ndc"].capabilities.world == "live"


def test_what_is_wrong_with_one_supplier_does_not_keep_another_from_working(house: Path) -> None:
    (house / "air" / "suppliers.toml").write_text(changed("NDC_TOKEN", "NDC_TOKEN_THAT_IS_NOT_THERE"))
    assert supplier("gds", house, demo=False).code == "gds"
    with pytest.raises(Misconfigured):
        supplier("ndc", house, demo=False)
    with pytest.raises(Unsupported, match="manual"):
        supplier("sabre", house, demo=False)


def test_what_is_typed_reaches_the_manual_supplier(house: Path) -> None:
    found = supplier("manual", house, demo=False, typed=Typed(locator="ABC123"))
    assert isinstance(found, ManualSupplier)
    assert found.typed.locator == "ABC123"


def test_a_demo_has_the_simulators_two_suppliers_first(house: Path) -> None:
    simulator(house, os.getpid())
    found = told(house, GOOD, demo=True)
    assert list(found) == ["amadeus", "duffel", "gds", "ndc", "manual"]
    assert [found[code].capabilities.world for code in ("amadeus", "duffel")] == ["simulated", "simulated"]
    assert list(suppliers(house, demo=True)) == list(found)


def test_a_real_agency_has_none_of_the_simulators(house: Path) -> None:
    simulator(house, os.getpid())
    assert list(suppliers(house, demo=False)) == ["manual"]
    assert "only a demo may use it" in refused(house, GOOD + 'world = "simulated"')


def test_the_simulators_names_are_its_own_in_a_demo(house: Path) -> None:
    simulator(house, os.getpid())
    assert "the simulator's supplier bears it" in refused(
        house, GOOD + '[duffel.duffel]\ntoken_env="NDC_TOKEN"', demo=True
    )


def test_who_is_not_told_asks_the_environment_and_then_whether_a_simulator_runs(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(suppliers(house)) == ["manual"]
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    simulator(house, ended.pid)
    assert list(suppliers(house)) == ["manual"]
    (house / "simulator" / "access.json").unlink()
    (house / "simulator").rmdir()
    simulator(house, os.getpid())
    assert list(suppliers(house)) == ["amadeus", "duffel", "manual"]
    monkeypatch.setenv("QAFILA_DEMO", "0")
    assert list(suppliers(house)) == ["manual"]
    monkeypatch.setenv("QAFILA_DEMO", "1")
    assert list(suppliers(house)) == ["amadeus", "duffel", "manual"]


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"amadeus": 1, "duffel": 2}', '{"amadeus": {}, "duffel": {}}'])
def test_an_access_that_cannot_be_read_is_named_in_a_demo(house: Path, written: str) -> None:
    (house / "simulator").mkdir()
    (house / "simulator" / "access.json").write_text(written)
    with pytest.raises(Misconfigured, match=r"access\.json"):
        suppliers(house, demo=True)
    assert list(suppliers(house)) == ["manual"]


def test_the_documented_example_is_complete_and_works(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    whole = tomllib.loads(example)
    for named in whole.values():
        for values in named.values():
            for key, name in values.items():
                if key.endswith("_env"):
                    monkeypatch.setenv(name, "duffel_live_x" if "LIVE" in name else "duffel_test_x")
    found = told(house, example)
    assert set(found) == {name for named in whole.values() for name in named} | {"manual"}
    settings = {name for named in whole.values() for values in named.values() for name in values}
    for known in ("endpoint", "token_env", "webhook_secret_env", "hold_type", "zone", "patience", "office_zone"):
        assert known in settings
