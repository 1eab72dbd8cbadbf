"""Which suppliers an agency has, from a TOML file: `QAFILA_AIR_SUPPLIERS`, else DATA_DIR/air/suppliers.toml.

Secrets are never in the file: it names the environment variables that hold them. Every mistake is Misconfigured, and
says the file, the table, the setting and the reason. The whole file is described in docs/suppliers.md.
"""

from __future__ import annotations

import difflib
import json
import math
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

from qafila.air.gateways.amadeus.versions import check
from qafila.air.gateways.amadeus.wsdl import settings_from
from qafila.air.gateways.errors import Misconfigured
from qafila.air.gateways.moments import zone_named
from qafila.air.gateways.settings import AmadeusSettings, DuffelSettings, ManualSettings, Patience, Version, World

Settings: TypeAlias = AmadeusSettings | DuffelSettings | ManualSettings

FAMILIES = ("amadeus", "duffel", "manual")
WORLDS = ("live", "test", "simulated")
DUFFEL = "https://api.duffel.com"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_SECRETS = ("password", "token", "webhook_secret")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass
class Table:
    """One table of the file, read setting by setting; `done` refuses what is left."""

    file: Path
    family: str
    name: str
    values: dict[str, Any]
    known: set[str] = field(default_factory=set)

    def wrong(self, key: str, reason: str) -> Misconfigured:
        """The mistake, with where it is."""
        where = f"[{self.family}.{self.name}]"
        return Misconfigured(f"{self.file}: {where} {key}: {reason}", supplier=self.name, key=key)

    def text(
        self, key: str, default: str | None = None, *, form: str = "", wanted: str = "", of: tuple[str, ...] = ()
    ) -> str:
        """A text; without a default it must be there."""
        self.known.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise self.wrong(key, "it is missing.")
        if not isinstance(value, str) or not value.isprintable() or (key in self.values and not value.strip()):
            raise self.wrong(key, "it must be a text of one line that is not empty.")
        if of and value not in of:
            raise self.wrong(key, f"{value} is none of {', '.join(of)}.")
        if form and value and not re.fullmatch(form, value):
            raise self.wrong(key, f"{value} is no {wanted}.")
        return value

    def secret(self, key: str, *, needed: bool = True) -> str:
        """What the environment variable that the file names holds; empty where it is not needed and not named."""
        if not needed and f"{key}_env" not in self.values:
            self.known.add(f"{key}_env")
            return ""
        name = self.text(f"{key}_env")
        if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", name):  # somebody may have written the secret itself: it is not told
            raise self.wrong(f"{key}_env", "it must be the name of an environment variable, in capitals.")
        value = os.environ.get(name, "").strip()
        if not value:
            raise self.wrong(f"{key}_env", f"the environment variable {name} is not set, or empty.")
        if not value.isprintable() or (key == "token" and not value.isascii()):
            raise self.wrong(f"{key}_env", f"the environment variable {name} holds what no {key} can be.")
        return value

    def address(self, key: str, default: str | None = None) -> str:
        """An https address; http only on this very machine."""
        written = self.text(key, default)
        try:
            parts = urlsplit(written)
            port_is_one = parts.port is None or parts.port > 0
        except ValueError:
            raise self.wrong(key, "it is no address.") from None
        if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_one:
            raise self.wrong(key, "it must be an address such as https://host/path.")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise self.wrong(key, "it may hold no user, password, query or fragment.")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise self.wrong(key, "it must begin with https://: passwords and tokens would travel in clear.")
        return written

    def zone(self, key: str, default: str) -> str:
        """A zone of the IANA time zone database, or none."""
        name = self.text(key, default)
        if name and zone_named(name) is None:
            raise self.wrong(key, f"{name} is no time zone such as Asia/Kolkata.")
        return name

    def currency(self, key: str, default: str) -> str:
        return self.text(key, default, form=r"[A-Z]{3}", wanted="currency of three capital letters")

    def world(self, default: str) -> World:
        """Whose money it is."""
        return cast(World, self.text("world", default, of=WORLDS))

    def part(self, key: str) -> Table:
        """A table below this one; an empty one where it is left out."""
        self.known.add(key)
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "it must be a table.")
        return Table(self.file, self.family, f"{self.name}.{key}", value)

    def patience(self) -> Patience:
        """Seconds, and the most bytes of a reply."""
        below, usual = self.part("patience"), Patience()
        told: dict[str, Any] = {}
        for name in ("connect", "read", "whole", "size"):
            below.known.add(name)
            value = below.values.get(name, getattr(usual, name))
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value <= 0:
                raise below.wrong(name, "it must be a number above 0.")
            told[name] = int(value) if name == "size" else value
        below.done()
        return Patience(**told)

    def done(self) -> None:
        """Refuses secrets in clear and settings that nobody knows."""
        for key in self.values:
            if key in _SECRETS:
                raise self.wrong(key, f"no secret may stand here: name its environment variable with {key}_env.")
        for key in self.values:
            if key not in self.known:
                like = difflib.get_close_matches(key, sorted(self.known), n=1)
                raise self.wrong(key, f"nobody knows this setting{f'; is {like[0]} meant?' if like else '.'}")


def file_of(data_dir: Path) -> Path | None:
    """The file there is; None when none was named and none is in the data directory. Raises: Misconfigured."""
    if named := os.environ.get("QAFILA_AIR_SUPPLIERS"):
        if not Path(named).is_file():
            raise Misconfigured(f"{named}: QAFILA_AIR_SUPPLIERS names this file, and it is not there.")
        return Path(named)
    usual = data_dir / "air" / "suppliers.toml"
    return usual if usual.exists() else None


def tables(file: Path) -> dict[str, Table]:
    """The file's suppliers by name, in its order; none of their settings is read yet. Raises: Misconfigured."""
    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Misconfigured(f"{file}: it cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError:
        raise Misconfigured(f"{file}: it is no UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{file}: it is no TOML: {error}") from None
    found: dict[str, Table] = {}
    for family, named in whole.items():
        if family not in FAMILIES:
            raise Misconfigured(f"{file}: [{family}]: there are only {', '.join(FAMILIES)}.")
        if not isinstance(named, dict) or not all(isinstance(values, dict) for values in named.values()):
            raise Misconfigured(f"{file}: [{family}]: each supplier has a name of its own, [{family}.NAME].")
        for name, values in named.items():
            table = Table(file, family, name, values)
            if not _NAME.fullmatch(name):
                raise table.wrong("name", "a name is small letters, digits, - and _, and begins with a letter.")
            if name in found:
                raise table.wrong("name", f"[{found[name].family}.{name}] bears it already.")
            if (name in FAMILIES) and name != family:
                raise table.wrong("name", f"a supplier called {name} must be one of {name}.")
            found[name] = table
    return found


def settings_of(table: Table, *, demo: bool) -> Settings:
    """A supplier's settings. Raises: Misconfigured, also for a simulated one where real customers are served."""
    settings = _READERS[table.family](table)
    table.done()
    if settings.world == "simulated" and not demo:
        raise table.wrong("world", "a simulator sells nothing: only a demo may use it.")
    return settings


def _amadeus(table: Table) -> AmadeusSettings:
    given: dict[str, Any] = {
        "code": table.name,
        "user": table.text("user"),
        "password": table.secret("password"),
        "office": table.text("office", form=r"[A-Z0-9]{9}", wanted="office of nine letters and digits"),
        "world": table.world("test"),
        "office_zone": table.zone("office_zone", ""),
        "currency": table.currency("currency", ""),
        "agency_phone": table.text("agency_phone", ""),
        "patience": table.patience(),
    }
    usual = {
        "duty_code": "SU",
        "pos_type": "1",
        "requestor_type": "U",
        "received_from": "QAFILA",
        "form_of_payment": "CASH",
    }
    given |= {key: table.text(key, default) for key, default in usual.items()}
    versions = _versions(table.part("versions"))
    try:
        if "wsdl" in table.values:
            file = table.file.parent / table.text("wsdl")
            settings = settings_from(file, **given)
            endpoint = table.address("endpoint", settings.endpoint)
            versions = {**settings.versions, **versions}
        else:
            table.known.add("wsdl")
            endpoint = table.address("endpoint")
        settings = AmadeusSettings(endpoint=endpoint, versions=MappingProxyType(versions), **given)
        check(settings)
    except Misconfigured as error:
        if str(table.file) in error.detail:
            raise
        raise table.wrong("wsdl" if "wsdl" in table.values else "versions", error.detail) from error
    return settings


def _versions(table: Table) -> dict[str, Version]:
    found = {}
    for message in table.values:
        below = table.part(message)
        found[message] = Version(below.text("action"), below.text("namespace"))
        below.done()
    table.done()
    return found


def _duffel(table: Table) -> DuffelSettings:
    token, world = table.secret("token"), table.world("test")
    for prefix, its in (("duffel_live_", "live"), ("duffel_test_", "test")):
        if token.startswith(prefix) and world not in {its, "simulated"}:
            raise table.wrong("world", f"the token begins with {prefix}: its world is {its}, not {world}.")
    return DuffelSettings(
        code=table.name,
        token=token,
        base=table.address("base", DUFFEL),
        world=world,
        version=table.text("version", "v2", of=("v2",)),
        webhook_secret=table.secret("webhook_secret", needed=False),
        hold_type=table.text("hold_type", "hold", of=("hold", "pay_later")),
        payment_type=table.text("payment_type", "balance", of=("balance", "arc_bsp_cash")),
        patience=table.patience(),
    )


def _manual(table: Table) -> ManualSettings:
    return ManualSettings(
        code=table.name,
        world=table.world("live"),
        currency=table.currency("currency", "INR"),
        zone=table.zone("zone", "Asia/Kolkata"),
    )


_READERS: dict[str, Callable[[Table], Settings]] = {"amadeus": _amadeus, "duffel": _duffel, "manual": _manual}


def simulator_runs(data_dir: Path) -> bool:
    """Whether a simulator that runs now has its access in this data directory."""
    try:
        pid = int(json.loads((data_dir / "simulator" / "access.json").read_text(encoding="utf-8"))["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return pid > 0


def simulated(data_dir: Path) -> tuple[Settings, ...]:
    """The simulator's two suppliers, from the access it writes beside its data; none when it never ran here. Raises:
    Misconfigured.
    """
    file = data_dir / "simulator" / "access.json"
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        amadeus, duffel = _texts(told["amadeus"]), _texts(told["duffel"])
        return (
            AmadeusSettings(
                endpoint=amadeus["endpoint"],
                user=amadeus["user"],
                password=amadeus["password"],
                office=amadeus["office"],
                world="simulated",
            ),
            DuffelSettings(
                token=duffel["token"],
                base=duffel["base"],
                webhook_secret=duffel.get("webhook_secret", ""),
                world="simulated",
            ),
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured(f"{file}: the simulator's access cannot be read ({type(error).__name__}).") from error


def _texts(value: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(each) for name, each in value.items()}
