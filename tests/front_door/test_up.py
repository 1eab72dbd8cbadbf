"""`qafila up`: the whole house from one command, whatever happened before, and nothing left behind after."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from qafila.config import keeper
from tests.front_door.conftest import processes_of
from tests.harness.live import free_port
from tests.harness.server import ROOT

PATIENCE = 60.0


def qafila(*words: str, place: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One `qafila` command to its end."""
    command = [sys.executable, "-m", "qafila.config.cli", *words]
    return subprocess.run(
        command, cwd=ROOT, env=surroundings(place, environment), capture_output=True, text=True, timeout=90, check=False
    )


def surroundings(place: Path, environment: dict[str, str]) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("QAFILA_", "DATABASE_", "PYTEST_"))}
    return {**inherited, "QAFILA_DATA_DIR": str(place), **environment}


class Up:
    """A `qafila up` that runs."""

    def __init__(self, process: subprocess.Popen[str], port: int, place: Path) -> None:
        self.process, self.port, self.place = process, port, place
        self.told: list[str] = []

    @property
    def cluster(self) -> Path:
        return self.place / "postgresql"

    def until_it_says(self, words: str) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.told.append(line)
            if words in line:
                return
        raise AssertionError(f"it never said {words!r}:\n{''.join(self.told)}")

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def becomes_ready(self) -> bool:
        return within(PATIENCE, self.is_ready)

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def database(self) -> psycopg.Connection[tuple[object, ...]]:
        socket_dir = (self.cluster / "postmaster.pid").read_text().splitlines()[4]
        return psycopg.connect(host=socket_dir, port=5432, user="qafila_app", dbname="qafila")


def within(seconds: float, holds: object) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@contextmanager
def up(place: Path, *, demo: bool = False, **environment: str) -> Iterator[Up]:
    port = free_port()
    kind = "--demo" if demo else "--no-demo"
    command = [sys.executable, "-m", "qafila.config.cli", "up", kind, "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings(place, environment),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            running = Up(process, port, place)
            running.until_it_says("Qafila is open")
            yield running
        finally:
            process.kill()


def test_a_day_of_the_house(kept_place: Path) -> None:
    """Opens, is asked twice, loses its web server and its database, closes; opens again after a power cut."""
    place = kept_place
    with up(place) as house:
        assert house.is_ready()
        assert not (place / "simulator").exists(), "an agency's own house has no made-up suppliers"
        assert not [words for words in processes_of(place).values() if "simulator" in words]

        second = qafila("up", "--port", str(free_port()), place=place)
        assert second.returncode == 1
        assert second.stderr.splitlines()[-1].startswith(
            f"Qafila already runs on {place} at http://127.0.0.1:{house.port}"
        )

        token = qafila("token", "create", "--user", "nobody@example.com", place=place)
        assert token.stderr == "Nobody logs in with the e-mail address nobody@example.com.\n"
        assert house.is_ready(), "a command that shares the database does not stop it"

        with house.database() as connection:
            connection.execute("INSERT INTO kernel_ratebucket (key, \"window\", count) VALUES ('kept', now(), 7)")

        web = next(pid for pid, words in processes_of(place).items() if "granian" in words and pid in house.children())
        os.kill(web, signal.SIGKILL)
        house.until_it_says("The web server has died (SIGKILL): starting it again")
        assert house.becomes_ready()

        postmaster = keeper.postmaster(house.cluster)
        assert postmaster
        os.kill(postmaster, signal.SIGKILL)
        house.until_it_says("The database is back.")
        assert house.becomes_ready()

        house.process.send_signal(signal.SIGINT)
        house.until_it_says("Stopped.")
        assert house.process.wait(30) == 0
    assert within(5, lambda: not processes_of(place)), processes_of(place)

    with up(place) as house:
        house.process.kill()  # the supervisor has no time to stop anything
        house.process.wait()
        assert within(25, lambda: not processes_of(place)), processes_of(place)

    with up(place) as house:
        with house.database() as connection:
            assert connection.execute("SELECT count FROM kernel_ratebucket WHERE key = 'kept'").fetchone() == (7,)
        house.process.terminate()
        assert house.process.wait(30) == 0
    assert within(5, lambda: not processes_of(place)), processes_of(place)


def access(place: Path) -> dict[str, Any]:
    """Where the simulator says it is, once it does."""
    file = place / "simulator" / "access.json"
    assert within(PATIENCE, file.exists)
    told: dict[str, Any] = json.loads(file.read_text())
    return told


def test_the_demo_has_suppliers_that_come_back_where_they_were(kept_place: Path) -> None:
    place = kept_place
    with up(place, demo=True) as house:
        simulator = next(pid for pid, words in processes_of(place).items() if "simulator" in words)
        before = access(place)
        assert before["pid"] == simulator
        told = next(line for line in house.told if "Supplier simulator: " in line)
        assert f"Supplier simulator: {before['duffel']['base']} " in told
        assert (place / "simulator" / "access.json").stat().st_mode & 0o777 == 0o600
        assert "The suppliers are open" in (place / "log" / "simulator.log").read_text()
        assert httpx.get(f"{before['control']}/health").status_code == 200

        os.kill(simulator, signal.SIGKILL)
        house.until_it_says("The supplier simulator has died (SIGKILL): starting it again")
        assert within(PATIENCE, lambda: access(place)["pid"] != simulator)
        after = access(place)
        assert {**after, "pid": 0, "control": ""} == {**before, "pid": 0, "control": ""}
        assert httpx.get(f"{after['control']}/health").status_code == 200

        offers = qafila("air", "search", "SXR", "JED", "2027-01-18", "--adults", "2", place=place)
        assert offers.returncode == 0, offers.stderr
        assert "SXR to JED on Mon 18 Jan 2027 for 2 adults" in offers.stdout
        assert "SIMULATOR" in offers.stdout

        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(30) == 0
    assert within(5, lambda: not processes_of(place)), processes_of(place)
    assert not (place / "simulator" / "access.json").exists(), "nobody is told of suppliers that are closed"


def test_a_simulator_port_in_use_is_one_sentence(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = qafila("up", "--demo", place=place, QAFILA_PORT=str(free_port()), QAFILA_SIMULATOR_PORT=port)
    told = (
        f"Port {port} on 127.0.0.1 is in use by another program: stop it, or set QAFILA_SIMULATOR_PORT to another port."
    )
    assert one_sentence(done) == told


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    assert lines[:-1] in ([], ["Starting the database …"])
    return lines[-1]


def test_a_port_in_use_is_one_sentence(place: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = qafila("up", place=place, QAFILA_PORT=str(port))
    told = f"Port {port} on 127.0.0.1 is in use by another program: stop it, or set QAFILA_PORT to another port."
    assert one_sentence(done) == told


def test_a_wrong_database_url_is_one_sentence(place: Path) -> None:
    done = qafila("up", place=place, QAFILA_PORT=str(free_port()), DATABASE_URL="postgresql://a:hidden@127.0.0.1:1/b")
    sentence = "DATABASE_URL: no PostgreSQL answers at 127.0.0.1:1: is it running, and is the address right?"
    assert one_sentence(done) == sentence


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"QAFILA_HOST": "192.0.2.7"}, "cannot be opened here"),
        ({"QAFILA_HOST": "no-such-host.invalid"}, "is not an address of this machine"),
        ({"QAFILA_PORT": "70000"}, "is not a port"),
    ],
)
def test_an_address_that_cannot_be_is_one_sentence(place: Path, environment: dict[str, str], sentence: str) -> None:
    assert sentence in one_sentence(qafila("up", place=place, **{"QAFILA_PORT": str(free_port()), **environment}))


def test_ctrl_c_while_it_opens_leaves_nothing(kept_place: Path) -> None:
    command = [sys.executable, "-m", "qafila.config.cli", "up", "--port", str(free_port())]
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings(kept_place, {}), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as opening:
        assert opening.stderr
        for line in opening.stderr:
            if "Bringing the tables up to date" in line:
                opening.send_signal(signal.SIGINT)
                break
        assert opening.wait(30) == 0
        assert "Traceback" not in opening.stderr.read()
    assert within(5, lambda: not processes_of(kept_place)), processes_of(kept_place)


def test_help_needs_no_database_and_no_time(place: Path) -> None:
    begun = time.monotonic()
    done = qafila("up", "--help", place=place, DATABASE_URL="postgresql://127.0.0.1:1/nowhere")
    assert done.returncode == 0
    assert "--data-dir" in done.stdout
    assert time.monotonic() - begun < 5
