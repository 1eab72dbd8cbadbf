"""What Duffel is asked: the bodies of a search, a hold and a payment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from babel.core import get_global

from qafila.air.gateways.duffel.offers import passenger_type
from qafila.air.gateways.duffel.orders import KEY
from qafila.air.gateways.duffel.wire import Part, flag, parts, text, texts
from qafila.air.gateways.settings import DuffelSettings
from qafila.air.gateways.values import Money, PassengerType, SearchQuery, Traveller
from qafila.air.gateways.verdicts import ours

_TYPES = {
    PassengerType.ADULT: "adult",
    PassengerType.CHILD: "child",
    PassengerType.INFANT: "infant_without_seat",
}
_TITLES = {"MR": "mr", "MRS": "mrs", "MS": "ms", "MISS": "miss", "MSTR": "mr", "DR": "dr"}
_NO_STATES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})  # codes of CLDR that no passport bears
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")


def search_body(query: SearchQuery) -> Part:
    """An offer request's body."""
    body: dict[str, Any] = {
        "slices": [
            {"origin": each.origin, "destination": each.destination, "departure_date": each.date.isoformat()}
            for each in query.slices
        ],
        "passengers": [{"type": _TYPES[kind]} for kind in query.travellers()],
    }
    if query.cabin:
        body["cabin_class"] = query.cabin.value
    if query.direct_only:
        body["max_connections"] = 0
    return body


def hold_body(offer: Part, travellers: Sequence[Traveller], key: str, settings: DuffelSettings) -> Part:
    """The body of an order that is paid later, for an offer as it stands now. Raises: Settled (what a traveller lacks,
    travellers who are not the offer's, an infant without an adult).
    """
    ids = _matched(offer, travellers)
    documents = flag(offer, "passenger_identity_documents_required") is True
    offered = [*texts(offer, "supported_passenger_identity_document_types")]
    offered += texts(offer, "allowed_passenger_identity_document_types")  # its name in version 1
    infants = _carried(travellers, ids)
    contact = next((one for one in travellers if one.email and one.phone), None)
    passengers = []
    for traveller in travellers:
        passenger = _passenger(traveller, contact)
        passenger["id"] = ids[traveller.ref]
        if traveller.ref in infants:
            passenger["infant_passenger_id"] = infants[traveller.ref]
        if traveller.passport and (documents or "passport" in offered):
            passenger["identity_documents"] = [_passport(traveller)]
        elif documents:
            raise ours("PASSPORT_MISSING", f"This offer wants the passport of {traveller.ref}.")
        passengers.append(passenger)
    return {
        "type": settings.hold_type,
        "selected_offers": [text(offer, "id")],
        "passengers": passengers,
        "metadata": {KEY: key},
    }


def payment_body(order_id: str, total: Money, settings: DuffelSettings) -> Part:
    """The payment that issues an order: its whole current total."""
    return {
        "order_id": order_id,
        "payment": {"type": settings.payment_type, "amount": f"{total.amount:f}", "currency": total.currency},
    }


def _matched(offer: Part, travellers: Iterable[Traveller]) -> dict[str, str]:
    """The offer's passenger for each traveller, by type and in order."""
    free: dict[PassengerType, list[str]] = {kind: [] for kind in PassengerType}
    for passenger in parts(offer, "passengers"):
        free[passenger_type(passenger)].append(text(passenger, "id"))
    wanted = sum(len(ids) for ids in free.values())
    found: dict[str, str] = {}
    for traveller in travellers:
        if traveller.ref in found:
            raise ours("TRAVELLERS_DIFFER", f"{traveller.ref} is there twice.")
        if not free[traveller.type]:
            raise ours("TRAVELLERS_DIFFER", f"The offer was not made for {traveller.ref} ({traveller.type.value}).")
        found[traveller.ref] = free[traveller.type].pop(0)
    if len(found) != wanted:
        raise ours("TRAVELLERS_DIFFER", f"The offer was made for {wanted} travellers, not for {len(found)}.")
    return found


def _carried(travellers: Sequence[Traveller], ids: dict[str, str]) -> dict[str, str]:
    """The infant's passenger id for each adult who carries one."""
    adults = {one.ref for one in travellers if one.type is PassengerType.ADULT}
    carried: dict[str, str] = {}
    for traveller in travellers:
        if traveller.type is not PassengerType.INFANT:
            continue
        adult = traveller.infant_of
        if adult not in adults or adult in carried:
            raise ours("INFANT_WITHOUT_ADULT", f"The infant {traveller.ref} needs an adult of its own.")
        carried[adult] = ids[traveller.ref]
    return carried


def _passenger(traveller: Traveller, contact: Traveller | None) -> dict[str, Any]:
    title = _TITLES.get(traveller.title.upper().rstrip("."))
    gender = traveller.gender.lower()[:1]
    # Children and whoever gave none are reached through the first traveller who can be.
    email = traveller.email or (contact.email if contact else "")
    phone = re.sub(r"[\s().-]", "", traveller.phone or (contact.phone if contact else ""))
    phone = re.sub(r"^00", "+", phone)
    told = {
        "TITLE_MISSING": (title, "a title (MR, MRS, MS, MISS, MSTR, DR)"),
        "GENDER_MISSING": (gender if gender in {"m", "f"} else "", "a gender (M, F)"),
        "BIRTH_DATE_MISSING": (traveller.birth_date, "a date of birth"),
        "EMAIL_MISSING": (email, "an e-mail address"),
        "PHONE_MISSING": (phone if _PHONE.fullmatch(phone) else "", "a telephone number with its country (+91…)"),
        "NAME_MISSING": (traveller.first_name.strip() and traveller.last_name.strip(), "a first and a last name"),
    }
    for code, (value, name) in told.items():
        if not value:
            raise ours(code, f"{traveller.ref} needs {name}.")
    return {
        "title": title,
        "gender": gender,
        "given_name": traveller.first_name.strip(),
        "family_name": traveller.last_name.strip(),
        "born_on": traveller.birth_date.isoformat() if traveller.birth_date else None,
        "email": email,
        "phone_number": phone,
    }


def _passport(traveller: Traveller) -> Part:
    passport = traveller.passport
    assert passport is not None
    country = _two_letters(passport.issued_by)
    if not country:
        raise ours(
            "PASSPORT_COUNTRY_UNKNOWN", f"{passport.issued_by} is no country that issues {traveller.ref}'s passport."
        )
    return {
        "type": "passport",
        "unique_identifier": re.sub(r"[\s<-]", "", passport.number).upper(),
        "issuing_country_code": country,
        "expires_on": passport.expires_on.isoformat(),
    }


@lru_cache(maxsize=1024)
def _two_letters(country: str) -> str:
    """ISO 3166 alpha-2 of a country's two or three letters; empty when nobody knows it. Source: Unicode CLDR."""
    code = country.strip().upper()
    if re.fullmatch(r"[A-Z]{2}", code):
        return code
    targets = get_global("territory_aliases").get(code, [])
    if not re.fullmatch(r"[A-Z]{3}", code) or len(targets) != 1 or targets[0] in _NO_STATES:
        return ""
    return str(targets[0])
