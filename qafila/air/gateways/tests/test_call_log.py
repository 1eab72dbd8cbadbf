"""What is kept of an exchange is kept whole, for the agency only, and keeping it never gets into the way of a call."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qafila.air.gateways.calllog import Exchange, FileLog, Recorder, discard

AT = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
REQUEST = b"<PNR_Retrieve><controlNumber>ABC123</controlNumber></PNR_Retrieve>"


def recorded(**told: object) -> Exchange:
    kept: list[Exchange] = []
    given = {"message": "PNR_Retrieve", "reference": "urn:uuid:1", "request": REQUEST, "response": b"<PNR_Reply/>"}
    Recorder(kept.append, "amadeus").record(**({**given, "started": AT, "status": 200, "key": "K-1"} | told))
    return kept[0]


def exchange(number: int, key: str = "K", at: datetime = AT) -> Exchange:
    return Exchange("amadeus", "PNR_Retrieve", f"urn:{number}", at, 12, "<a/>", "<b/>", 200, "", key)


def test_an_exchange_is_told_with_its_message_its_length_and_the_attempt_it_belongs_to() -> None:
    told = recorded()
    assert (told.supplier, told.message, told.reference, told.key) == ("amadeus", "PNR_Retrieve", "urn:uuid:1", "K-1")
    assert (told.at, told.status, told.request, told.response) == (AT, 200, REQUEST.decode(), "<PNR_Reply/>")
    assert told.milliseconds >= 0


def test_secrets_are_masked_in_bodies_message_and_error() -> None:
    told = recorded(
        message="GET /air/orders?email=a.b@example.com",
        request=b"<Password>hunter22</Password> M1234567",
        response=b"you sent M 1234 567",
        error="refused hunter22",
        secrets=iter(["M1234567", "hunter22"]),
    )
    everything = " ".join([told.message, told.request, told.response, told.error])
    assert not any(secret in everything for secret in ("hunter22", "M1234567", "1234 567", "a.b@example"))


def test_an_exchange_without_a_reply_says_what_went_wrong() -> None:
    told = recorded(response=None, status=None, error="No whole reply came (amadeus: ReadTimeout).")
    assert (told.response, told.status, told.error) == ("", None, "No whole reply came (amadeus: ReadTimeout).")


def test_a_log_that_fails_breaks_no_call_and_shows_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def full(told: Exchange) -> None:
        raise OSError(f"no room for {told.request}")

    with caplog.at_level(logging.ERROR):
        Recorder(full, "amadeus").record("PNR_Retrieve", "1", REQUEST, None, started=AT)
    assert "could not be logged: OSError" in caplog.text
    assert "ABC123" not in caplog.text
    Recorder(discard, "amadeus").record("PNR_Retrieve", "1", REQUEST, None, started=AT)


def test_a_day_is_a_file_of_lines_that_only_its_owner_reads(tmp_path: Path) -> None:
    log = FileLog(tmp_path / "air" / "exchanges")
    log(exchange(1))
    log(exchange(2, at=AT.replace(day=22)))
    files = sorted(log.folder.iterdir())
    assert [file.name for file in files] == ["2026-11-21.jsonl", "2026-11-22.jsonl"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert log.folder.stat().st_mode & 0o777 == 0o700
    assert json.loads(files[0].read_text())["reference"] == "urn:1"


def test_the_last_exchanges_are_read_back_and_those_of_one_attempt(tmp_path: Path) -> None:
    log = FileLog(tmp_path)
    for number in range(6):
        log(exchange(number, key=f"K-{number % 2}", at=AT.replace(day=20 + number // 2)))
    with (tmp_path / "2026-11-22.jsonl").open("a") as file:
        file.write("half a li\n")
    assert [e.reference for e in log.exchanges(last=3)] == ["urn:3", "urn:4", "urn:5"]
    assert [e.reference for e in log.exchanges(last=9, key="K-1")] == ["urn:1", "urn:3", "urn:5"]
    assert log.exchanges(last=1)[0] == exchange(5, key="K-1", at=AT.replace(day=22))
    assert FileLog(tmp_path / "none").exchanges(last=5) == ()


WRITES = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from qafila.air.gateways.calllog import Exchange, FileLog
log = FileLog(Path(sys.argv[1]))
at = datetime(2026, 11, 21, tzinfo=UTC)
for number in range(40):
    log(Exchange("amadeus", "m", f"{sys.argv[2]}-{number}", at, 1, sys.argv[2] * 90_000, "", 200))
"""


def test_lines_of_several_processes_do_not_mix(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITES, tmp_path, str(who)])  # noqa: S603 - our own words
        for who in range(4)
    ]
    assert [writer.wait(60) for writer in writers] == [0] * 4
    lines = [json.loads(line) for line in (tmp_path / "2026-11-21.jsonl").read_text().splitlines()]
    assert sorted(line["reference"] for line in lines) == sorted(f"{who}-{n}" for who in range(4) for n in range(40))
    assert all(set(line["request"]) == {line["reference"][0]} for line in lines)


FULL = """
import resource, sys
from pathlib import Path
from datetime import UTC, datetime
from qafila.air.gateways.calllog import Exchange, FileLog
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
log = FileLog(Path(sys.argv[1]))
for size in (3000, 3000, 500):
    try:
        log(Exchange("amadeus", "m", str(size), datetime(2026, 11, 21, tzinfo=UTC), 1, "x" * size, "", 200))
    except OSError:
        print("no room")
"""


def test_a_line_for_which_there_is_no_room_is_left_out_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL, tmp_path]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - our own words
    assert ran.stdout == "no room\n"
    lines = (tmp_path / "2026-11-21.jsonl").read_text().splitlines()
    assert [json.loads(line)["reference"] for line in lines] == ["3000", "500"]
