"""The demo agency: Noor Qafila Travels and its first departure, made by the product's own actions, one after another.

Every row is made by an action, by somebody who may. Loading again finds what is there and makes the rest, so that a
load that was cut off is finished by the next.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from qafila.config.demo.departure import departure
from qafila.config.demo.people import people
from qafila.config.demo.work import first_sale

DATA = Path(__file__).parent / "data"
Progress = Callable[[str], None]


def load(progress: Progress) -> list[tuple[str, str, str]]:
    """Load the demo and say who may log in: (role, e-mail, password), one a role."""
    given = json.loads((DATA / "departure.json").read_text())
    password = demo_password()
    progress("The agency, its books and its people")
    staff = people(given["agency"], password)
    progress("The block, the group, the rate sheet, 14 bookings")
    made = departure(staff, given, json.loads((DATA / "bookings-import.json").read_text()))
    if made.is_new:
        progress("A first sale from payment to ticket")
        first_sale(staff, made)
    return [(role, person.email, password) for role, person in staff.items()]


def demo_password() -> str:
    """The password of the demo's log-ins: made once for this data directory and kept beside its data (mode 600)."""
    kept = settings.DATA_DIR / "demo-password"
    if kept.exists():
        return kept.read_text().strip()
    password = f"caravan-{secrets.token_hex(4)}"
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(password)
    return password
