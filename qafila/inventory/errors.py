"""What the inventory refuses."""

from __future__ import annotations

from qafila.kernel.errors import Refusal


class SeatsExhausted(Refusal):
    """Fewer seats are left than asked for; the sentence says how many."""

    code, status, title = "SEATS_EXHAUSTED", 409, "Not enough seats"


class BlockNotActive(Refusal):
    """The block expired, departed or was cancelled: its seats can no longer be taken."""

    code, status, title = "BLOCK_NOT_ACTIVE", 409, "Block not active"


class MoreThanTaken(Refusal):
    """Giving back more seats than were taken."""

    code, status, title = "MORE_THAN_TAKEN", 409, "Nothing to give back"


class RouteInvalid(Refusal):
    """The legs do not make a journey: every error the route analyser found, at its leg."""

    code, status, title = "ROUTE_INVALID", 422, "Check the legs"

    def __init__(self, problems: list[tuple[str, list[str | int]]]) -> None:
        super().__init__(" ".join(text for text, _ in problems[:3]), problems=[text for text, _ in problems])
        self._problems = problems

    @property
    def errors(self) -> list[dict[str, object]]:
        return [{"loc": loc, "msg": text} for text, loc in self._problems]


class DeadlineInvalid(Refusal):
    """A deadline that falls after the flight has left."""

    code, status, title = "DEADLINE_INVALID", 422, "Check the dates"


class PriceIsFixed(Refusal):
    """Seats were taken at the old price: price, currency, rate and supplier stay as they are."""

    code, status, title = "PRICE_IS_FIXED", 409, "Price is fixed"


class SeatsTaken(Refusal):
    """The block's seats are in use: it cannot be deleted, or shrunk below them."""

    code, status, title = "SEATS_TAKEN", 409, "Seats are taken"


class UnknownReference(Refusal):
    """No such airline, airport, supplier or branch."""

    code, status, title = "UNKNOWN_REFERENCE", 422, "Not known"


class RateNeeded(Refusal):
    """The exchange rate does not fit the currency: 1 in the base currency, its own otherwise."""

    code, status, title = "RATE_NEEDED", 422, "Check the exchange rate"
