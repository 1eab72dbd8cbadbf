"""Service accounting codes of the travel trade. Source: scheme of classification of services, Notification
11/2017-Central Tax (Rate), annexure; GSTR-1 table 12 takes codes from this list only."""

from __future__ import annotations

RESERVATION_TRANSPORT = "998551"
RESERVATION_ACCOMMODATION = "998552"
TOUR_OPERATOR = "998555"
TOURIST_GUIDE = "998556"
OTHER_TRAVEL = "998559"
AIR_PASSENGERS = "996425"
HOTEL_ROOM = "996311"

NAMES = {
    RESERVATION_TRANSPORT: "Reservation services for transportation",
    RESERVATION_ACCOMMODATION: "Reservation services for accommodation, cruises and package tours",
    TOUR_OPERATOR: "Tour operator services",
    TOURIST_GUIDE: "Tourist guide services",
    OTHER_TRAVEL: "Other travel arrangement and related services",
    AIR_PASSENGERS: "Air transport of passengers, scheduled",
    HOTEL_ROOM: "Room or unit accommodation services by hotels",
}
