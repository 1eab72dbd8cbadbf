"""Who may use the simulator: credentials made at random on the first start and kept, and where its ports are."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

AMADEUS_PATH = "/1ASIWQAFSIM"


@dataclass(frozen=True, slots=True)
class AmadeusAccess:
    """`endpoint` is a whole address. `password` is the clear one: its digest is what travels."""

    endpoint: str
    user: str
    password: str
    office: str
    organization: str


@dataclass(frozen=True, slots=True)
class DuffelAccess:
    """`base` is an address without a final slash: `{base}/air/orders`."""

    base: str
    token: str
    webhook_secret: str


@dataclass(frozen=True, slots=True)
class Access:
    """What access.json says. `control` is the address of the side doors."""

    pid: int
    amadeus: AmadeusAccess
    duffel: DuffelAccess
    control: str


def access(home: Path, base: str, control: str) -> Access:
    """The credentials kept in `home`, made on the first call, with the addresses of this run."""
    kept = _credentials(home / "credentials.json")
    return Access(
        pid=os.getpid(),
        amadeus=AmadeusAccess(
            endpoint=base + AMADEUS_PATH,
            user=kept["user"],
            password=kept["password"],
            office="SXRQF2100",
            organization="QAFSIM",
        ),
        duffel=DuffelAccess(base=base, token=kept["token"], webhook_secret=kept["webhook_secret"]),
        control=control,
    )


def begun_with(home: Path, seed: int | None) -> int:
    """The seed of this data directory: the one it was begun with; a new one begins with `seed`, or 1."""
    kept = home / "seed.json"
    if not kept.exists():
        write_private(kept, {"seed": 1 if seed is None else seed})
    return int(json.loads(kept.read_text(encoding="utf-8"))["seed"])


def tell(home: Path, told: Access) -> None:
    """Write access.json for whoever starts clients: all of it or none, readable by its owner only."""
    write_private(home / "access.json", asdict(told))


def write_private(path: Path, value: dict[str, Any]) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(json.dumps(value, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _credentials(path: Path) -> dict[str, str]:
    if not path.exists():
        made = {
            "user": f"WSQAF{secrets.randbelow(9000) + 1000}",
            "password": secrets.token_urlsafe(12),
            "token": f"duffel_test_{secrets.token_urlsafe(32)}",
            "webhook_secret": secrets.token_urlsafe(24),
        }
        write_private(path, made)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept
