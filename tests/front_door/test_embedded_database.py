"""The embedded PostgreSQL: shared by whoever needs it, stopped by the last, and never stopped by what went before."""

from __future__ import annotations

import errno
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from qafila.config import database, embedded, keeper, postgres_cluster
from qafila.config.postgres_binaries import Binaries, choose, found, reaches, user_for
from qafila.config.postgres_cluster import THROWAWAY
from qafila.config.trouble import Trouble, from_os_error
from tests.front_door.conftest import processes_of
from tests.harness.server import ROOT, Server

HOLD = (
    "import sys, time; from pathlib import Path; from qafila.config import embedded\n"
    "running = embedded.start(Path(sys.argv[1]))\n"
    "print('up', flush=True); time.sleep(float(sys.argv[2])); running.stop()"
)


@contextmanager
def holding(place: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the same server for a while."""
    command = [sys.executable, "-c", HOLD, str(place), str(seconds)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield process


def is_up(process: subprocess.Popen[str]) -> bool:
    assert process.stdout
    return process.stdout.readline() == "up\n"


def gone(place: Path) -> bool:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if not processes_of(place):
            return True
        time.sleep(0.02)
    return False


def test_it_listens_on_no_network_and_lets_only_us_in(place: Path) -> None:
    (place / "postgresql.new-1").mkdir()
    (place / "postgresql.new-1" / "PG_VERSION").write_text("18\n")
    running = embedded.start(place, settings=THROWAWAY)
    try:
        assert not (place / "postgresql.new-1").exists(), "what a killed start left behind is swept away"
        with psycopg.connect(running.super_url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        with psycopg.connect(running.app_url) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == ("qafila_app", "qafila")
        assert running.socket_dir.stat().st_mode & 0o077 == 0
        assert running.cluster.stat().st_mode & 0o077 == 0
    finally:
        running.stop()
    assert not running.alive()


def test_money_is_on_the_disk_before_anybody_is_told() -> None:
    assert {postgres_cluster.LIVE[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"on"}


def test_processes_share_it_and_the_last_to_leave_stops_it(kept_place: Path) -> None:
    with holding(kept_place, 1.0) as one, holding(kept_place, 1.0) as two:
        assert is_up(one)
        assert is_up(two)
        ours = embedded.start(kept_place)
        ours.stop()
        assert ours.alive(), "others still use it"
    assert (one.returncode, two.returncode) == (0, 0)
    assert gone(kept_place)


def test_a_user_that_is_killed_does_not_leave_it_running(kept_place: Path) -> None:
    with holding(kept_place, 60) as other:
        assert is_up(other)
        other.kill()
    assert gone(kept_place)


def test_a_server_that_was_killed_is_recovered(kept_place: Path) -> None:
    running = embedded.start(kept_place)
    with psycopg.connect(running.super_url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    pid = keeper.postmaster(running.cluster)
    assert pid
    os.kill(pid, signal.SIGKILL)
    while running.alive():
        time.sleep(0.01)
    running.revive()
    with psycopg.connect(running.super_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    running.stop()
    assert gone(kept_place)


def test_a_stale_lock_file_that_names_a_living_stranger_is_no_obstacle(kept_place: Path) -> None:
    cluster = kept_place / "postgresql"
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n1\n5432\n/nowhere\n\n\nready   \n")
    running = embedded.start(kept_place, settings=THROWAWAY)
    assert running.alive()
    running.stop()


def test_a_path_too_long_for_a_socket_is_no_obstacle(kept_place: Path) -> None:
    deep = kept_place / ("d" * 90)
    deep.mkdir()
    (kept_place / "postgresql").rename(deep / "postgresql")
    running = embedded.start(deep, settings=THROWAWAY)
    try:
        assert running.socket_dir.parent == Path(tempfile.gettempdir())
        psycopg.connect(running.app_url).close()
    finally:
        running.stop()
        shutil.rmtree(running.socket_dir)


def test_a_cluster_of_another_version_is_named(place: Path) -> None:
    (place / "postgresql").mkdir()
    (place / "postgresql" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Trouble, match=r"made by PostgreSQL 9 and this machine has .*18"):
        embedded.start(place)


def test_a_directory_that_is_none_of_ours_is_left_alone(place: Path) -> None:
    (place / "postgresql").mkdir()
    (place / "postgresql" / "thesis.txt").write_text("years of work")
    with pytest.raises(Trouble, match="is not a PostgreSQL data directory"):
        embedded.start(place)
    assert (place / "postgresql" / "thesis.txt").read_text() == "years of work"


def test_a_file_where_the_directory_should_be_is_named(place: Path) -> None:
    (place / "taken").write_text("")
    with pytest.raises(Trouble, match="is a file where a directory is needed"):
        embedded.start(place / "taken")


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "is full"),
        ('FATAL:  could not open file "global/pg_control": Permission denied', "may not use its directory"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "too little shared memory"),
        ("LOG:  starting\nFATAL:  something never seen", "did not start .postgres: something never seen"),
    ],
)
def test_what_postgresql_complains_of_is_one_sentence(place: Path, log: str, sentence: str) -> None:
    told = str(postgres_cluster.explain(log, place, "postgres"))
    assert "\n" not in told
    assert re.search(sentence, told)


def test_a_full_disk_is_one_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(place)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1024))
    with pytest.raises(Trouble, match=r"The disk that holds .* is full"):
        embedded.start(place)
    assert not (place / "postgresql").exists()
    assert "is full" in str(from_os_error(OSError(errno.ENOSPC, "No space left on device"), place))


def test_a_closed_home_is_named(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root lends the server another user")
    closed = place / "home"
    closed.mkdir(mode=0o700)
    with pytest.raises(Trouble, match=rf"qafila-db cannot enter {closed}: set QAFILA_DATA_DIR"):
        embedded.start(closed / "data")


def test_programs_in_a_closed_home_are_copied_where_they_can_run(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root lends the server another user")
    from qafila.config import postgres_binaries

    best = choose(None)
    closed = place / "home"
    closed.mkdir(mode=0o700)
    package = best.bin_dir.parent.parent
    shutil.copytree(best.bin_dir.parent, closed / package.name / best.bin_dir.parent.name, copy_function=os.link)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, closed / libraries.name, copy_function=os.link)
    hidden = Binaries(best.major, closed / package.name / best.bin_dir.parent.name / "bin", wheel=True)
    monkeypatch.setattr(postgres_binaries, "SHARED_HOME", place / "shared")
    monkeypatch.setattr(postgres_binaries, "found", lambda: [hidden])
    running = embedded.start(place / "data", settings=THROWAWAY)
    try:
        assert (place / "shared") in running.bin_dir.parents
        psycopg.connect(running.app_url).close()
    finally:
        running.stop()


def test_an_ordinary_user_needs_nobody_else(place: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("we are one: every other test here shows it")
    nobody = pwd.getpwnam("nobody")
    someone = postgres_cluster.SystemUser(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)
    if not reaches(someone, Path(sys.executable).resolve()) or not reaches(someone, ROOT):
        pytest.skip(f"an ordinary user cannot run {sys.executable} or enter {ROOT}")
    os.chown(place, nobody.pw_uid, nobody.pw_gid)
    done = subprocess.run(
        [sys.executable, "-c", HOLD, str(place), "0"],
        cwd=ROOT,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("up\n", "")
    assert (place / "postgresql").stat().st_uid == nobody.pw_uid
    # And root, who comes after, runs it as the user it belongs to.
    assert user_for(place / "postgresql") == someone


def test_the_wheel_brings_the_newest_and_the_machine_may_help_out() -> None:
    assert found()[0].wheel
    assert choose(None).major >= 18


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root@localhost/qafila", "must look like postgresql://"),
        ("postgresql://u:secret@127.0.0.1:1/qafila", "no PostgreSQL answers at 127.0.0.1:1"),
        ("postgresql://u:secret@no-such-host.invalid/qafila", "no PostgreSQL answers at no-such-host.invalid:5432"),
        ("postgresql:///qafila?host=/nonexistent", "no PostgreSQL answers at /nonexistent:5432"),
        ("postgresql://u@localhost/qafila?nonsense=1", "must look like postgresql://"),
    ],
)
def test_a_wrong_address_is_one_sentence_without_the_password(url: str, sentence: str) -> None:
    with pytest.raises(Trouble) as refused:
        database.check("DATABASE_URL", url)
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_database_that_is_not_there_is_named(postgres: Server) -> None:
    with pytest.raises(Trouble, match="has no database nowhere: create it first"):
        database.check("DATABASE_URL", postgres.app("nowhere"))
