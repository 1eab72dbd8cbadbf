"""Ending a transaction: the one request that stores an order in work, or what was changed in it.

An end that is answered with nothing but warnings has stored nothing; it is said once more in the same conversation with
option 30 (warnings accepted). That cannot store twice: the conversation holds one order in work, and ending it again
stores that one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from qafila.air.gateways.amadeus import requests
from qafila.air.gateways.amadeus.judging import decide
from qafila.air.gateways.amadeus.looking import reader
from qafila.air.gateways.amadeus.problems import line_failure
from qafila.air.gateways.amadeus.replies.pnr import PnrReply
from qafila.air.gateways.amadeus.session import Conversation, Wire
from qafila.air.gateways.values import OrderRef
from qafila.air.gateways.verdicts import Said, Settled


def end(
    wire: Wire,
    talk: Conversation,
    judged: Callable[[PnrReply], Said[PnrReply]],
    stored_nothing: Callable[[PnrReply], bool],
    ref: OrderRef | None = None,
) -> Said[PnrReply]:
    """What came of it. `stored_nothing`: the reply shows the order in work as it was. Raises: Settled (it never left
    this machine).
    """

    def said(*, accept_warnings: bool) -> Said[PnrReply]:
        body = requests.end(wire.settings, accept_warnings=accept_warnings)
        return decide(lambda: talk.ask("PNR_AddMultiElements", body), reader(wire), judged, ref)

    first = said(accept_warnings=False)
    if first.word != "doubt" or first.reply is None or not (_only_warned(first.reply) and stored_nothing(first.reply)):
        return first
    try:
        second = said(accept_warnings=True)
    except Settled:  # it did not leave; the first one has
        return first
    # That there is nothing to end may mean that the first one stored it, whatever its reply showed.
    return replace(second, word="doubt") if second.word == "no" else second


def _only_warned(reply: PnrReply) -> bool:
    return (
        any(problem.severity == "warning" for problem in reply.problems)
        and not any(problem.severity in ("error", "unknown") for problem in reply.problems)
        and not any(line_failure(problem.text) for problem in reply.problems)
    )
