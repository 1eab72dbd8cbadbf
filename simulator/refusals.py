"""Why the book says no. `code` is the GDS's own number where it has one, `text` its own words."""

from __future__ import annotations

from typing import ClassVar


class BookRefusal(Exception):
    """Nothing happened. `code` and `text` are what a dialect tells its client."""

    code: ClassVar[str] = "0"
    text: ClassVar[str] = "REFUSED"

    def __init__(self, text: str = "") -> None:
        self.said = text or self.text
        super().__init__(f"{self.code} {self.said}")


class OrderNotFound(BookRefusal):
    code, text = "1929", "INVALID RECORD LOCATOR"


class OrderCancelled(BookRefusal):
    code, text = "1931", "NO MATCH FOR RECORD LOCATOR"


class SimultaneousChange(BookRefusal):
    code, text = "8111", "SIMULTANEOUS CHANGES TO PNR"


class SeatsGone(BookRefusal):
    """`indexes` are the positions of the segments, in what was asked, that could not be sold."""

    code, text = "288", "UNABLE TO SATISFY, NEED CONFIRMED FLIGHT STATUS"

    def __init__(self, indexes: tuple[int, ...]) -> None:
        super().__init__()
        self.indexes = indexes


class NeedNames(BookRefusal):
    code, text = "339", "NEED NAMES"


class NoFare(BookRefusal):
    code, text = "120", "NO TST/FARE EXISTS FOR THE ITINERARY"


class AlreadyTicketed(BookRefusal):
    code, text = "3025", "ALL PASSENGERS/SEGMENTS ALREADY TICKETED"


class SegmentsNotConfirmed(BookRefusal):
    code, text = "289", "ITINERARY NOT CONFIRMED"


class TimeLimitPassed(BookRefusal):
    code, text = "8104", "TICKETING TIME LIMIT EXPIRED"


class DocumentNotFound(BookRefusal):
    code, text = "118", "DOCUMENT NOT FOUND"


class DocumentNotOpen(BookRefusal):
    """It was voided or refunded before."""

    code, text = "8105", "INVALID COUPON STATUS"


class VoidWindowClosed(BookRefusal):
    """Void is for the office's own day of issue only."""

    code, text = "5458", "NOT AUTHORISED"


class RefundChanged(BookRefusal):
    """The refund is no longer what was quoted."""

    code, text = "11004", "NEED REFUND RECORD"
