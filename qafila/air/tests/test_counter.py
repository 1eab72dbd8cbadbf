"""What the counter makes of an adapter that breaks: never a refusal, never the words of what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from qafila.air.counter import Counter
from qafila.air.gateways.outcomes import Doubt, Unknown


def test_a_mistake_of_ours_while_something_is_asked_is_not_known_rather_than_refused(tmp_path: Path) -> None:
    def breaks() -> NoReturn:
        raise KeyError("4111111111111111")

    outcome = Counter(tmp_path).done(breaks)
    assert isinstance(outcome, Unknown)
    assert (outcome.doubt, outcome.sent) == (Doubt.UNDECIDED, True)
    assert outcome.text.startswith("KeyError in test_counter.py, line ")
    assert "4111" not in outcome.text
