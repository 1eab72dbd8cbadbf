"""What `make` needs before it can do anything: the virtual environment, the locked packages, a browser for the tests.

Runs on a bare Python 3.11 with nothing but the standard library:

    python3 tools/setup.py install    .venv with requirements.lock and the project itself
    python3 tools/setup.py dev        the same with requirements-dev.lock
    python3 tools/setup.py browser    Chromium, where we may install it
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def stop(sentence: str) -> None:
    """One clear sentence, exit code 1."""
    sys.exit(f"Qafila: {sentence}")


def say(text: str) -> None:
    """Progress."""
    print(f"Qafila: {text}", flush=True)


def succeeds(*command: str | Path) -> bool:
    """Whether a command runs and ends well; prints nothing."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def debian(package: str) -> bool:
    """Installs a Debian package where we are root on a Debian; False when we are not or it fails."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say(f"installing Debian's package {package} …")
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    command = ["apt-get", "install", "-y", "--no-install-recommends", package]
    if subprocess.run(command, stderr=subprocess.DEVNULL, check=False, **quiet).returncode == 0:  # type: ignore[call-overload]
        return True
    subprocess.run(["apt-get", "update"], check=False, **quiet)  # type: ignore[call-overload]
    return bool(subprocess.run(command, check=False, **quiet).returncode == 0)  # type: ignore[call-overload]


def make_venv() -> None:
    """A virtual environment with a pip that works; the one that is there is kept when it is whole."""
    if PYTHON.exists() and succeeds(PYTHON, "-m", "pip", "--version"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if (
        not succeeds(sys.executable, "-c", "import ensurepip, venv")
        and not debian(package)
        and not debian("python3-venv")
    ):
        stop(f"this Python cannot make virtual environments: run `apt-get install {package}` as root, then try again.")
    say(f"making the virtual environment {VENV} …")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        lines = (made.stdout + made.stderr).strip().splitlines()
        stop(f"the virtual environment could not be made: {lines[-1] if lines else 'no reason given'}.")


def install(lock: str) -> None:
    """Installs exactly what the lock file says, hashes checked, then the project itself; nothing if nothing changed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever calls us may be older than the project allows
        stop(f"Python 3.11 or newer is needed; `python3` is {sys.version.split()[0]}.")
    facts = [(ROOT / lock).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), bytes(ROOT), sys.version.encode()]
    wanted = hashlib.sha256(b"\0".join(facts)).hexdigest()
    stamp = VENV / f".{lock}.installed"
    if stamp.exists() and stamp.read_text() == wanted and succeeds(PYTHON, "-c", "import qafila, django"):
        return
    try:
        make_venv()
        say(f"installing {lock} …")
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
        run_pip([*pip, "--require-hashes", "--no-deps", "-r", str(ROOT / lock)])
        run_pip([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
        stamp.write_text(wanted)
    except OSError as error:
        stop(f"{error.filename or VENV} cannot be written: {error.strerror}.")


def run_pip(command: list[str]) -> None:
    """Pip's own words are shown when it fails."""
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        stop("pip could not install the packages (see above): is the network there, and is there room on the disk?")


def find_browser() -> str | None:
    """The Chromium that the browser tests click with."""
    named = os.environ.get("QAFILA_CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def browser() -> None:
    """Makes sure of a Chromium; without one the browser tests are skipped, and that is said loudly."""
    if find_browser() is None and not debian("chromium"):
        say("NO CHROMIUM: the browser tests will be SKIPPED. Run `apt-get install chromium` as root to have them.")


if __name__ == "__main__":
    if sys.argv[1:] == ["install"]:
        install("requirements.lock")
    elif sys.argv[1:] == ["dev"]:
        install("requirements-dev.lock")
    elif sys.argv[1:] == ["browser"]:
        browser()
    else:
        sys.exit(__doc__)
