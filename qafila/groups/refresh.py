"""What the linked inventory costs a head, beside the sheet as it stands: computed, shown, never saved."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qafila.groups.models import GroupFlight, TravelGroup
from qafila.groups.rules import Figure, FlightCost, flight_cost_a_head
from qafila.groups.sheets import ITEMS, LABELS, TIERS, Sheet, rate_sheet
from qafila.identity.queries import agency
from qafila.inventory.queries import COST
from qafila.kernel.actor import Actor
from qafila.kernel.errors import NotFound
from qafila.tax.rules import Rate

UNTOUCHED = "No inventory of this kind is linked: the sheet's figure stays."
NO_SEAT = "An infant takes no seat: the sheet's figure stays."
HIDDEN = "You may not see costs: the sheet's figure stays."


@dataclass(frozen=True)
class Refreshed:
    """One figure: what the sheet says, what the inventory says, and how that came about."""

    item: str
    tier: str
    before: Decimal
    after: Decimal
    how: tuple[str, ...]

    @property
    def label(self) -> str:
        return LABELS[self.item]

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Refresh:
    """A whole sheet computed from inventory, to look at and save, or not."""

    sheet: Sheet
    figures: tuple[Refreshed, ...]

    @property
    def rates(self) -> tuple[Rate, ...]:
        found: dict[str, dict[str, Decimal]] = {}
        for figure in self.figures:
            found.setdefault(figure.item, {})[figure.tier] = figure.after
        return tuple(Rate(item, **tiers) for item, tiers in found.items())

    @property
    def changes(self) -> bool:
        return any(figure.changes for figure in self.figures)


def refresh_from_inventory(actor: Actor, group_id: int) -> Refresh:
    """The sheet as the linked inventory would have it: flights at each contract's own exchange rate; saves nothing.

    Lines nothing is linked for keep their figure. Refuses: NotFound, MissingRight. Source: domain 3.
    """
    actor.need("group_pricing.edit")
    group = TravelGroup.objects.filter(pk=group_id, deleted_at=None).first()
    if group is None:
        raise NotFound("There is no such group.")
    sheet = rate_sheet(group_id)
    links = list(GroupFlight.objects.filter(group_id=group_id).select_related("block").order_by("block__departs_on"))
    flights = [
        FlightCost(
            code=link.block.code,
            route=link.block.route,
            seats=link.seats,
            price=link.block.price_per_seat,
            currency=link.block.currency,
            rate=link.block.exchange_rate,
        )
        for link in links
    ]
    flight = _flight_figure(actor, flights, group.currency)
    figures = [_figure(sheet, item, tier, flight) for item in ITEMS for tier in TIERS]
    return Refresh(sheet, tuple(figures))


def _flight_figure(actor: Actor, flights: list[FlightCost], currency: str) -> Figure:
    if not flights:
        return Figure(None, (UNTOUCHED,))
    if not actor.may(COST):
        return Figure(None, (HIDDEN,))
    return flight_cost_a_head(flights, currency, agency().base_currency)


def _figure(sheet: Sheet, item: str, tier: str, flight: Figure) -> Refreshed:
    now: Decimal = getattr(sheet.rate(item), tier)
    if item != "flight":
        return Refreshed(item, tier, now, now, (UNTOUCHED,))
    if flight.amount is None:
        return Refreshed(item, tier, now, now, flight.how)
    if tier == "infant":
        return Refreshed(item, tier, now, now, (NO_SEAT,))
    return Refreshed(item, tier, now, flight.amount, flight.how)
