"""Whether a store holds together: seats, orders, documents and the truth log tell the same story."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

Row = tuple[str, str]  # flight and class


def contradictions(path: Path) -> list[str]:
    """What does not add up in the store of this file, a sentence each; [] where everything does."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        found = [] if db.execute("PRAGMA integrity_check").fetchone() == ("ok",) else ["the file is damaged"]
        orders = [(*row[:2], json.loads(row[2])) for row in db.execute("SELECT locator, version, body FROM orders")]
        taken = Counter[Row]()
        documents: dict[str, tuple[str, int, str]] = {}
        for locator, version, order in orders:
            taken += _seats(order)
            log = [
                (verb, json.loads(body))
                for verb, body in db.execute(
                    "SELECT verb, body FROM effects WHERE locator = ? ORDER BY seq", (locator,)
                )
            ]
            found += [f"{locator}: {said}" for said in _order(version, order, log)]
            for each in order["documents"]:
                if each["number"] in documents:
                    found.append(f"{each['number']} was issued twice")
                documents[each["number"]] = locator, each["passenger"], each["status"]
        for (body,) in db.execute("SELECT body FROM items WHERE kind = 'amadeus.session'"):
            taken += _held(json.loads(body))
        listed = {row[0]: row[1:] for row in db.execute("SELECT number, locator, passenger, status FROM documents")}
        if listed != documents:
            found.append(
                f"documents are not those of their orders: {sorted(set(listed.items()) ^ set(documents.items()))}"
            )
        sold = Counter({row[:2]: row[2] for row in db.execute("SELECT flight, class, sold FROM inventory")})
        found += [
            f"{key}: {sold[key]} seats sold, {taken[key]} used" for key in sold | taken if sold[key] != taken[key]
        ]
        found += [
            f"{row} is oversold" for row in db.execute("SELECT * FROM inventory WHERE sold NOT BETWEEN 0 AND capacity")
        ]
    return found


def seats_sold(path: Path) -> int:
    """On all flights, in all classes."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT coalesce(sum(sold), 0) FROM inventory").fetchone()[0])


def _seats(order: dict[str, Any]) -> Counter[Row]:
    seats = sum(each["kind"] != "INF" for each in order["passengers"])
    return _flown([each for each in order["segments"] if each["status"] != "XX"], seats)


def _held(session: dict[str, Any]) -> Counter[Row]:
    """What a conversation took and did not commit."""
    return _flown(json.loads(session["parts"][2])["segments"], session["seats"]) if "seats" in session else Counter()


def _flown(segments: list[dict[str, Any]], seats: int) -> Counter[Row]:
    flown = Counter[Row]()
    for each in segments:
        flown[f"{each['carrier']}{each['number']}/{each['departs'][:10]}/{each['origin']}", each["booking_class"]] += (
            seats
        )
    return flown


def _order(version: int, order: dict[str, Any], log: list[tuple[str, dict[str, Any]]]) -> list[str]:
    verbs = Counter(verb for verb, _ in log)
    issued = [each["number"] for verb, detail in log if verb == "issued" for each in detail["documents"]]
    back = [number for verb, detail in log if verb == "refunded" for number in detail["documents"]]
    states = Counter(each["status"] for each in order["documents"])
    versions = [detail["version"] for _, detail in log if "version" in detail]
    flying = [each for each in order["segments"] if each["status"] != "XX"]
    told = {
        "its versions differ": version == order["version"],
        "it was not held once": verbs["held"] == 1,
        "its documents are not those issued": sorted(issued) == sorted(each["number"] for each in order["documents"]),
        "its voids were not logged": verbs["voided"] == states["VOID"],
        "its refunds were not logged": len(back) == states["REFUNDED"],
        "its versions do not grow by one": versions == list(range(2, version + 1)),
        "it is cancelled and flies": not (order["cancelled_at"] and flying),
    }
    return [sentence for sentence, holds in told.items() if not holds]
