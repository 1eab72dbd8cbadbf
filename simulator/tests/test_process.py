"""The simulator as its users meet it: a process, a directory and two ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from simulator import cli


@contextmanager
def started(home, *options):
    """(process, access) of a simulator that is open; it is stopped by SIGTERM and must end well."""
    command = [sys.executable, "-m", "simulator", "--port", "0", "--data-dir", str(home), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            line = process.stdout.readline()
            assert "open" in line, process.stderr.read()
            yield process, json.loads((home / "access.json").read_text())
        finally:
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=20)
        assert (process.returncode, said) == (0, "")


def test_it_opens_tells_where_and_ends_well_and_its_data_survive(tmp_path):
    home = tmp_path / "data"
    with started(home) as (process, told):
        assert told["pid"] == process.pid
        assert (home / "access.json").stat().st_mode & 0o777 == 0o600
        assert (home / "simulator.sqlite3").stat().st_mode & 0o077 == 0
        assert httpx.get(f"{told['control']}/health").json()["pid"] == process.pid
        assert told["amadeus"]["endpoint"] == f"{told['duffel']['base']}/1ASIWQAFSIM"
        assert httpx.get(f"{told['duffel']['base']}/nobody").status_code == 404
        assert httpx.get(f"{told['amadeus']['endpoint']}?wsdl").status_code == 200
        assert httpx.get(f"{told['duffel']['base']}/air/orders", headers={"duffel-version": "v2"}).status_code == 401
        httpx.post(f"{told['control']}/clock", json={"freeze": True, "set": "2027-01-18T03:30:00+00:00"})
    assert not (home / "access.json").exists()
    with started(home) as (_, again):
        assert {name: told["amadeus"][name] for name in ("user", "password")}.items() <= again["amadeus"].items()
        assert again["duffel"]["token"] == told["duffel"]["token"]
        assert httpx.get(f"{again['control']}/clock").json()["now"] == "2027-01-18T03:30:00+00:00"


def test_it_comes_back_after_it_was_killed(tmp_path):
    command = [sys.executable, "-m", "simulator", "--port", "0", "--data-dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        process.stdout.readline()
        control = json.loads((tmp_path / "access.json").read_text())["control"]
        httpx.post(f"{control}/clock", json={"freeze": True, "set": "2027-01-18T03:30:00+00:00"})
        process.kill()
    with started(tmp_path) as (_, told):
        assert httpx.get(f"{told['control']}/clock").json()["now"] == "2027-01-18T03:30:00+00:00"


def test_the_control_port_knows_every_step_and_refuses_what_is_none(tmp_path):
    with started(tmp_path) as (_, told):
        doors = f"{told['control']}/faults"
        known = (
            "amadeus.issue",
            "amadeus.commit",
            "amadeus.signout",
            "amadeus.refund_*",
            "duffel.pay",
            "duffel.*",
            "*",
        )
        for step in known:
            assert httpx.post(doors, json={"name": "reset", "step": step}).status_code == 200
        wrong = httpx.post(doors, json={"name": "reset", "step": "amadeus.isue"})
        assert wrong.status_code == 400
        for step in ("'amadeus.isue'", "amadeus.issue", "amadeus.end", "duffel.confirm_cancellation", "now"):
            assert step in wrong.json()["error"]
        assert len(httpx.get(doors).json()["faults"]) == len(known)


def test_the_control_port_closes_the_suppliers_port_and_not_itself(tmp_path):
    with started(tmp_path) as (_, told):
        base, control = told["duffel"]["base"], told["control"]
        asked = {"name": "connect_refused", "step": "now", "params": {"seconds": 1}}
        assert httpx.post(f"{control}/faults", json=asked).json()["hits"] == 1
        with pytest.raises(httpx.ConnectError):
            httpx.get(base)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            assert httpx.get(f"{control}/health").status_code == 200
            try:
                assert httpx.get(base).status_code == 404
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        else:
            pytest.fail("the port did not open again")


def said(capsys, *argv):
    """The one sentence it ends with."""
    assert cli.main(argv) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    return told.err


@pytest.fixture(autouse=True)
def _own_mask():
    mask = os.umask(0o022)
    yield
    os.umask(mask)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "70000"], "no port"),
        (["--latency", "-1"], "milliseconds"),
        (["--office-zone", "Mars/Olympus"], "no time zone"),
        (["--seed", "x"], "--seed"),
        (["--fast"], "--fast"),
    ],
)
def test_a_wrong_option_is_told_in_one_sentence(capsys, tmp_path, options, words):
    assert words in said(capsys, "--data-dir", str(tmp_path), *options)


def test_without_a_data_directory_it_says_what_is_missing(capsys):
    assert "--data-dir" in said(capsys)


def test_a_taken_port_is_told_in_one_sentence(capsys, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} of 127.0.0.1" in said(capsys, "--data-dir", str(tmp_path), "--port", str(port))


def test_a_data_directory_is_one_simulators_own(capsys, tmp_path):
    with started(tmp_path, "--seed", "7"):
        assert "another simulator" in said(capsys, "--data-dir", str(tmp_path))
    assert "begun with seed 7" in said(capsys, "--data-dir", str(tmp_path), "--seed", "8")


def test_a_directory_that_cannot_be_used_is_told(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be used" in said(capsys, "--data-dir", str(tmp_path / "file"))
    home = tmp_path / "broken"
    home.mkdir()
    (home / "simulator.sqlite3").write_text("this is no database, but it is long enough to be taken for one" * 20)
    assert "cannot be read" in said(capsys, "--data-dir", str(home), "--port", "0")


@pytest.mark.parametrize(
    ("name", "text"), [("seed.json", "{"), ("seed.json", "[]"), ("credentials.json", '{"user": 1}')]
)
def test_kept_files_that_make_no_sense_are_told(capsys, tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert "cannot be read" in said(capsys, "--data-dir", str(tmp_path), "--port", "0")


def test_help_tells_every_option(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for option in ("--port", "--data-dir", "--control-port", "--host", "--seed", "--latency", "--office-zone"):
        assert option in told
