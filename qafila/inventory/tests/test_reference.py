"""The world's airports and airlines are there from the first migration."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from qafila.inventory.models import Airline, Airport
from qafila.inventory.reference import airlines, airports

pytestmark = pytest.mark.django_db


def test_the_airports_of_the_first_departure_are_known_with_their_zones():
    zones = dict(Airport.objects.filter(code__in=["SXR", "DEL", "JED", "MED"]).values_list("code", "time_zone"))
    assert zones == {"SXR": "Asia/Kolkata", "DEL": "Asia/Kolkata", "JED": "Asia/Riyadh", "MED": "Asia/Riyadh"}


def test_every_airport_has_a_zone_this_machine_knows():
    for zone in {zone for *_, zone in airports()}:
        ZoneInfo(zone)


def test_airlines_carry_the_names_used_today():
    names = dict(Airline.objects.filter(code__in=["SV", "6E", "QP", "EK"]).values_list("code", "name"))
    assert names == {"SV": "Saudia", "6E": "IndiGo", "QP": "Akasa Air", "EK": "Emirates"}
    assert Airline.objects.count() == len(airlines()) > 900
