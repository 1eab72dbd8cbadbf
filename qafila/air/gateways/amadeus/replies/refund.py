"""Refund replies: AMA_Ticket(Init|Update|Process|Ignore)RefundRS, and the older DocRefund_ family."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qafila.air.gateways.amadeus.problems import Problem, errors, line_failure, problems
from qafila.air.gateways.amadeus.replies.refund_record import RefundFigures, ama_record, doc_record
from qafila.air.gateways.amadeus.xml import Element, every, first, message, name, text
from qafila.air.gateways.errors import Unreadable

__all__ = ["RefundFigures", "RefundReply", "refund_reply"]

RefundStatus = Literal["ok", "refused", "doubtful"]
_NAME = re.compile(r"(AMA_Ticket|DocRefund_)(Init|Update|Process|Ignore)Refund(?:RS|Reply)")


@dataclass(frozen=True, slots=True)
class RefundReply:
    """`step`: init, update, process or ignore. An error beside a Success, or beside a whole record, is a refusal all
    the same; `doubtful` when one of several parts failed, when the line broke, or when the reply says neither.
    """

    step: str
    status: RefundStatus
    figures: RefundFigures | None
    problems: tuple[Problem, ...]


def refund_reply(el: Element) -> RefundReply:
    """What became of one step of a refund. Raises: Unreadable (another message)."""
    reply = message(el)
    found = _NAME.fullmatch(name(reply))
    if found is None:
        raise Unreadable(f"A refund reply was expected, a {name(reply)[:80]} came.")
    family, step = found[1], found[2].lower()
    complaints = problems(reply)
    if family == "AMA_Ticket":
        return RefundReply(step, _ama_status(reply, complaints), ama_record(reply), complaints)
    return RefundReply(step, _doc_status(reply, complaints), doc_record(reply), complaints)


def _ama_status(reply: Element, complaints: tuple[Problem, ...]) -> RefundStatus:
    """`GeneralReply/Success` only says that the message was understood; each bundle has a verdict of its own."""
    wrong = errors(complaints)
    bundles = every(reply, "FunctionalData/ContractBundle")
    failed = [one for one in bundles if first(one, "//Error") is not None]
    if wrong:
        partly = bool(failed) and len(failed) < len(bundles)
        return "doubtful" if partly or any(line_failure(one.text) for one in wrong) else "refused"
    if bundles:
        # A list of documents to choose from is a success without a record.
        done = all(first(one, "Success") is not None and first(one, "ListDisplay") is None for one in bundles)
        return "ok" if done else "doubtful"
    done = first(reply, "Success") is not None or first(reply, "GeneralReply/Success") is not None
    return "ok" if done else "doubtful"


def _doc_status(reply: Element, complaints: tuple[Problem, ...]) -> RefundStatus:
    wrong = errors(complaints)
    if wrong:
        return "doubtful" if any(line_failure(one.text) for one in wrong) else "refused"
    said = text(reply, "//actionRequest").upper()
    return "ok" if said.startswith("OK") or first(reply, "refundableDocument") is not None else "doubtful"
