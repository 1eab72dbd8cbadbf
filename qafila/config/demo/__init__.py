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
from qafila.config.demo.people import Person, people
from qafila.config.demo.portals import portals
from qafila.config.demo.work import first_sale
from qafila.identity.actions.set_password import set_password
from qafila.identity.models import User
from qafila.kernel.actor import SYSTEM

DATA = Path(__file__).parent / "data"
Progress = Callable[[str], None]


def load(progress: Progress) -> list[tuple[str, str, str]]:
    """Load the demo and say who may log in: (role, e-mail, password), one a role."""
    given = json.loads((DATA / "departure.json").read_text())
    password, is_fresh = demo_password()
    progress("The agency, its books and its people")
    staff = people(given["agency"], password)
    progress("The block, the group, the rate sheet, 14 bookings")
    made = departure(staff, given, json.loads((DATA / "bookings-import.json").read_text()))
    if made.is_new:
        progress("A first sale from payment to ticket")
        first_sale(staff, made)
    everybody = {**staff, **portals(staff, made, password)}
    if is_fresh:
        for person in everybody.values():
            agree_on(person, password)
    return [(role, person.email, password) for role, person in everybody.items()]


def agree_on(person: Person, password: str) -> None:
    """A database that another data directory loaded has log-ins of its own password: they get this one's."""
    user = User.objects.get(email=person.email)
    if not user.check_password(password):
        set_password(actor=SYSTEM, user_id=user.pk, password=password)


def demo_password() -> tuple[str, bool]:
    """The password of the demo's log-ins, and whether it was just made: kept beside the data (mode 600)."""
    kept = settings.DATA_DIR / "demo-password"
    if kept.exists():
        return kept.read_text().strip(), False
    password = f"caravan-{secrets.token_hex(4)}"
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(password)
    return password, True
