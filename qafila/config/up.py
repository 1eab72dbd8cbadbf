"""`qafila up`: the whole house from one command, and everything stopped again by Ctrl-C."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from qafila.config import database, keeper, migrate, serving, static
from qafila.config.children import MOST_FAILURES, Child
from qafila.config.embedded import Running
from qafila.config.errands import Errand
from qafila.config.postgres_cluster import Say
from qafila.config.simulating import HOST, Simulator
from qafila.config.spawning import ASKING, uninterrupted
from qafila.config.trouble import Trouble, from_os_error

READY_WITHIN = 90.0
STOP_WITHIN = 20.0


@dataclass
class House:
    """What runs, and whether somebody asked to stop (once: in order; twice: at once)."""

    say: Say
    data_dir: Path
    host: str
    port: int
    workers: int
    demo: bool
    simulator_port: int = 0
    asked: int = 0
    watching: bool = False
    running: Running | None = None
    children: list[Child] = field(default_factory=list)
    simulator: Simulator | None = None

    @property
    def logs(self) -> Path:
        """Where every process leaves what it has to say."""
        return self.data_dir / "log"

    @property
    def address(self) -> str:
        """Where a person on this machine opens it."""
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - shown, not bound
        return f"http://{f'[{shown}]' if ':' in shown and not shown.startswith('[') else shown}:{self.port}"

    # -- signals ------------------------------------------------------------------------------------------------

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """The first asks everybody to stop, the second does not ask."""
        self.asked += 1
        if self.asked == 1 and not self.watching:
            raise KeyboardInterrupt  # still coming up: whatever was begun is taken back on the way out
        if self.asked == 1:
            return
        for child in self.children:
            if child.process:
                child.kill()
        if self.running and (pid := keeper.postmaster(self.running.cluster)):
            os.kill(pid, signal.SIGQUIT)

    # -- coming up ----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Up, watch, down. Refuses: port in use; already running; whatever keeps the database from starting."""
        for number in ASKING:
            signal.signal(number, self.on_signal)
        with suppress(KeyboardInterrupt):
            self.open_and_watch()
        self.say("Stopped.")

    def open_and_watch(self) -> None:
        """Each thing that comes up is taken down again in the opposite order, however we leave."""
        with ExitStack() as stack:
            lock = stack.enter_context(_only_one(self))
            check_port(self.host, self.port)
            if self.demo:
                stack.callback(self.stop_children)
                self.start_simulator()
            self.say("Starting the database …")
            self.running = stack.enter_context(database.opened(self.data_dir, self.say))
            stack.callback(self.stop_children)
            environment(self.demo)
            self.prepare(stack)
            lock.write(json.dumps({"pid": os.getpid(), "url": self.address}))
            lock.flush()
            house = [
                Child("web server", serving.web_command(self.host, self.port, self.workers), self.logs / "web.log"),
                Child("job worker", serving.worker_command(), self.logs / "worker.log"),
            ]
            self.children = [*house, *self.children]
            for child in house:
                child.start()
            logins = self.errand(stack, "demo", "qafila.config.cli", "demo", "load").finish() if self.demo else ""
            self.wait_until_ready()
            self.announce(logins)
            self.watch()

    def start_simulator(self) -> None:
        """First of all, because it needs no database: by the time the house is open, it has long been ready."""
        if self.simulator_port:
            check_port(HOST, self.simulator_port, "QAFILA_SIMULATOR_PORT")
        self.simulator = Simulator(self.data_dir / "simulator", self.logs / "simulator.log", self.simulator_port)
        self.children = [self.simulator]
        self.simulator.start()

    def prepare(self, stack: ExitStack) -> None:
        """Tables and static files, side by side, where they are not those of this code."""
        errands = []
        if static.needed(self.data_dir / "static"):
            errands.append(self.errand(stack, "static", "qafila.config.static"))
        if migrate.needed(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]):
            self.say("Bringing the tables up to date …")
            errands.append(self.errand(stack, "migrate", "qafila.config.migrate"))
        for errand in errands:
            errand.finish()

    def errand(self, stack: ExitStack, name: str, *words: str) -> Errand:
        """Started now, cancelled if we leave before it is done."""
        with uninterrupted():
            begun = Errand(name, words, self.logs, self.say)
            stack.callback(begun.cancel)
        return begun

    def wait_until_ready(self) -> None:
        """Waits for /health/ready, and for the simulator's address. Refuses: one of them does not come up."""
        until = time.monotonic() + READY_WITHIN
        reason = ""
        local = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while True:
            try:
                with local.open(f"{self.address}/health/ready", timeout=5):
                    break
            except urllib.error.HTTPError as error:
                reason = f"it answers {error.code}"
                if error.code == 500:  # a bug, not a start that takes long: the code does not load
                    until = min(until, time.monotonic() + 5)
            except OSError as error:
                reason = str(error)
            self.look_after_children(patience=3)
            if time.monotonic() > until:
                words = f"{reason}; {self.children[0].last_words()}"
                raise Trouble(f"The web server does not get ready ({words}); log: {self.children[0].log}")
            time.sleep(0.05)
        while self.simulator and not self.simulator.address():
            self.look_after_children(patience=3)
            if time.monotonic() > until:
                raise Trouble(f"The supplier simulator does not get ready; log: {self.simulator.log}")
            time.sleep(0.05)

    def announce(self, logins: str) -> None:
        """The addresses, and who may log in to the demo."""
        if logins:
            self.say("\nThe demo agency's log-ins:\n" + logins.rstrip())
        if self.simulator:
            self.say(f"\nSupplier simulator: {self.simulator.address()}   (try: qafila air search SXR JED 2027-01-18)")
        self.say(f"\nQafila is open: {self.address}   (Ctrl-C stops everything; data and logs: {self.data_dir})")

    # -- watching -----------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Until somebody asks to stop: starts again what dies. Refuses: a child that dies again and again."""
        self.watching = True
        while not self.asked:
            if self.running and not self.running.alive():
                self.say("The database has died: starting it again …")
                self.running.revive(self.say)
                self.say("The database is back.")
            self.look_after_children()
            time.sleep(0.2)
        self.say("\nStopping …")

    def look_after_children(self, patience: int = MOST_FAILURES) -> None:
        """Reports the dead and starts them again, each time a little later."""
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.due:
                    child.start()
            elif (status := child.died()) is not None:
                pause = child.bury()
                if child.failures >= patience:
                    raise Trouble(f"The {child.name} died {child.failures} times: {child.last_words()} ({child.log})")
                cause = signal.Signals(-status).name if status < 0 else f"exit {status}"
                self.say(f"The {child.name} has died ({cause}): starting it again in {pause:.1f} s …")

    # -- going down ---------------------------------------------------------------------------------------------

    def stop_children(self) -> None:
        """Asks all children to finish, waits, and kills what is still there after 20 s or at the second Ctrl-C."""
        for child in self.children:
            child.ask_to_stop()
        until = time.monotonic() + STOP_WITHIN
        while any(c.process and c.process.poll() is None for c in self.children):
            if time.monotonic() > until or self.asked > 1:
                break
            time.sleep(0.02)
        for child in self.children:
            child.kill()
            child.process = None


class _only_one:  # noqa: N801 - used as a function
    """One `qafila up` on a data directory; the kernel drops the lock of one that died, so it is never stale."""

    def __init__(self, house: House) -> None:
        self.house = house

    def __enter__(self) -> _only_one:
        place = self.house.data_dir
        try:
            place.mkdir(parents=True, exist_ok=True)
            handle = os.open(place / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise from_os_error(error, place) from error
        self.file = os.fdopen(handle, "r+")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            written = self.file.read()
            self.file.close()
            known = json.loads(written) if written else {}
            where = f" at {known['url']} (process {known['pid']})" if known else ""
            raise Trouble(f"Qafila already runs on {place}{where}.") from None
        self.file.truncate(0)
        return self

    def write(self, text: str) -> None:
        """What another `qafila up` tells about us."""
        self.file.write(text)

    def flush(self) -> None:
        """Now."""
        self.file.flush()

    def __exit__(self, *_: object) -> None:
        self.file.close()


def check_port(host: str, port: int, setting: str = "QAFILA_PORT") -> None:
    """Refuses: a port that is taken, forbidden or no port; a host that is none of this machine's."""
    if not 1 <= port <= 65535:
        raise Trouble(f"{port} is not a port: set {setting} to a number from 1 to 65535.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise Trouble(f"{host}:{port} is not an address of this machine: set QAFILA_HOST and QAFILA_PORT.") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Trouble(
                    f"Port {port} on {host} is in use by another program: stop it, or set {setting} to another port."
                ) from None
            if error.errno in {errno.EACCES, errno.EPERM}:
                raise Trouble(f"This user may not open port {port}: set {setting} to 1024 or more.") from None
            raise Trouble(f"{host}:{port} cannot be opened here ({error.strerror}): set QAFILA_HOST.") from None


def environment(demo: bool) -> None:
    """What the children inherit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    if demo:
        os.environ["QAFILA_DEMO"] = "1"
        os.environ.setdefault("QAFILA_REQUIRE_2FA", "0")
