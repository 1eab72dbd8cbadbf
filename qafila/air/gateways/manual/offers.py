"""An offer that a person typed from an airline's or a consolidator's screen."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.air.gateways.settings import ManualSettings
from qafila.air.gateways.values import FareLine, Money, Offer, OfferSegment, TimeLimit, total_of
from qafila.kernel.errors import Invalid


def offer_from(
    settings: ManualSettings,
    segments: Sequence[OfferSegment],
    *,
    fares: Sequence[FareLine] = (),
    total: Money | None = None,
    validating_carrier: str = "",
    time_limits: Sequence[TimeLimit] = (),
    notes: Sequence[str] = (),
) -> Offer:
    """A typed itinerary and its price, as an offer that `hold` takes. `total` may be left out where the fares tell it.
    Refuses: Invalid (no flight, no price or one of nothing, fares that do not add up, arrival before departure).
    """
    if not segments:
        raise Invalid("Type at least one flight.", field="segments")
    for number, segment in enumerate(segments):
        if segment.arrives <= segment.departs:
            raise Invalid(
                f"{segment.carrier}{segment.number} arrives before it departs.", field=("segments", number, "arrives")
            )
    added = total_of(fare.total.times(fare.count) for fare in fares) if fares else None
    whole = total or added
    if whole is None:
        raise Invalid("Type what it costs.", field="total")
    if whole.amount <= 0:
        raise Invalid(f"{whole} is no price: type what it costs.", field="total")
    if added is not None and added != whole:
        raise Invalid(f"The fares add up to {added}, not to {whole}.", field="total")
    return Offer(
        supplier=settings.code,
        token="",
        segments=tuple(segments),
        fares=tuple(fares),
        total=whole,
        validating_carrier=validating_carrier or segments[0].carrier,
        time_limits=tuple(time_limits),
        notes=tuple(notes),
        simulated=settings.world == "simulated",
    )
