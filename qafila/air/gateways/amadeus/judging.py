"""What a reply of Amadeus comes to: to a request before the deciding one, and to the deciding one. The rest of the way
to a verdict is every supplier's (`gateways.verdicts`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from qafila.air.gateways.amadeus.envelope import Reply
from qafila.air.gateways.amadeus.problems import Problem, errors, line_failure
from qafila.air.gateways.amadeus.refusals import of_session
from qafila.air.gateways.amadeus.xml import Element
from qafila.air.gateways.errors import Misconfigured, NotSent, SessionLost, SupplierError
from qafila.air.gateways.outcomes import Doubt, Refused, Unknown
from qafila.air.gateways.values import OrderRef
from qafila.air.gateways.verdicts import Said, Settled, doubt_of, says_already, understood, unsent

R = TypeVar("R")

_NEVER_LEFT = (NotSent, SessionLost, Misconfigured)


def step(ask: Callable[[], Reply], reader: Callable[[Element], R], ref: OrderRef | None = None) -> R:
    """A request before the deciding one, and its reply read. Raises: Settled (a fault; nothing to be read)."""
    try:
        reply = ask()
        fault = reply.fault
        if fault is None:
            return understood(reader, reply.message)
    except SupplierError as error:
        raise unsent(error, ref) from error
    if not reply.ours:
        raise Settled(Unknown(Doubt.NOT_OURS, str(fault), sent=False, code=fault.code, ref=ref))
    if (of_session(fault) and fault.code != "11") or line_failure(fault.text):
        raise Settled(Unknown(Doubt.UNDECIDED, str(fault), sent=False, code=fault.code, ref=ref))
    raise Settled(Refused(fault.code or "FAULT", fault.text or fault.level))


def require(found: Sequence[Problem], ref: OrderRef | None = None) -> None:
    """Raises: Settled when a reply before the deciding request reports an error."""
    wrong = errors(tuple(found))
    if wrong:
        raise refusal_before(wrong, ref)


def refusal_before(found: Sequence[Problem], ref: OrderRef | None = None) -> Settled:
    """What a complaint before the deciding request comes to: a refusal, but for a line that broke."""
    first = (errors(tuple(found)) or tuple(found))[0]
    if any(line_failure(problem.text) for problem in found):
        return Settled(Unknown(Doubt.UNDECIDED, str(first), sent=False, code=first.code, ref=ref))
    notes = tuple(str(problem) for problem in found if problem is not first)
    return Settled(Refused(first.code or "REFUSED", first.text or "Refused without a word.", notes=notes))


def decide(
    ask: Callable[[], Reply], reader: Callable[[Element], R], judge: Callable[[R], Said[R]], ref: OrderRef | None
) -> Said[R]:
    """The deciding request, sent once. A fault is never a clean refusal: it is the machinery's (README.md says why).
    Raises: Settled (it never left this machine).
    """
    try:
        reply = ask()
    except SupplierError as error:
        if isinstance(error, _NEVER_LEFT):
            raise unsent(error, ref) from error
        return Said("doubt", code=error.supplier_code, text=error.detail, doubt=doubt_of(error))
    if reply.fault is not None:
        doubt = Doubt.UNDECIDED if reply.ours else Doubt.NOT_OURS
        return Said("doubt", code=reply.fault.code, text=str(reply.fault), doubt=doubt)
    try:
        return judge(understood(reader, reply.message))
    except SupplierError as error:
        return Said("doubt", text=error.detail, doubt=doubt_of(error))


def complaint(reply: R, found: Sequence[Problem]) -> Said[R] | None:
    """What the errors of a reply to the deciding request come to; None without errors."""
    wrong = errors(tuple(found))
    if not wrong:
        return None
    if any(line_failure(problem.text) for problem in wrong):
        return Said("doubt", reply, wrong[0].code, wrong[0].text)
    return refusal(reply, wrong[0].code, wrong[0].text or str(wrong[0]))


def refusal(reply: R, code: str, words: str) -> Said[R]:
    """A refusal in a well-formed reply: a clean no, unless its words are a broken line's, or say that it is done."""
    if line_failure(words):
        return Said("doubt", reply, code, words)
    if says_already(words):
        return Said("doubt", reply, code, words, Doubt.UNCONFIRMED)
    return Said("no", reply, code, words)
