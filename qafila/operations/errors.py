"""What operations refuse beside what sales refuse."""

from __future__ import annotations

from qafila.kernel.errors import Refusal


class MakerIsChecker(Refusal):
    """Whoever made a booking does not let it go ahead for finance."""

    code, status, title = "MAKER_IS_CHECKER", 403, "Somebody else must do this"
