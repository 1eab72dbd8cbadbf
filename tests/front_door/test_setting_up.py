"""`make install` and `make test`: what they need they fetch, what they cannot fetch they say."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.harness.server import ROOT


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """A checkout without a virtual environment."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.py", tmp_path / "tools")
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_without_venv_and_without_root_it_says_which_package_is_missing(bare_checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "missing").mkdir()
    (tmp_path / "missing" / "ensurepip.py").write_text("raise ImportError")
    done = subprocess.run(
        [sys.executable, bare_checkout / "tools" / "setup.py", "install"],
        env={"PYTHONPATH": str(tmp_path / "missing"), "PATH": "/nonexistent"},  # no apt-get either
        capture_output=True,
        text=True,
        check=False,
    )
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 1
    assert done.stderr == (
        "Qafila: this Python cannot make virtual environments: "
        f"run `apt-get install python{version}-venv` as root, then try again.\n"
    )


def test_nothing_is_installed_when_nothing_changed(bare_checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = tool("setup")
    monkeypatch.setattr(setup, "ROOT", bare_checkout)
    monkeypatch.setattr(setup, "VENV", bare_checkout / ".venv")
    monkeypatch.setattr(setup, "PYTHON", Path(sys.executable))
    (bare_checkout / ".venv").mkdir()
    ran: list[list[str]] = []
    monkeypatch.setattr(setup, "run_pip", ran.append)

    setup.install("requirements.lock")
    assert [word for command in ran for word in command if word in ("--require-hashes", "--no-build-isolation")] == [
        "--require-hashes",
        "--no-build-isolation",
    ]
    ran.clear()
    setup.install("requirements.lock")
    assert ran == []
    (bare_checkout / "requirements.lock").write_text("changed")
    setup.install("requirements.lock")
    assert len(ran) == 2


def test_every_locked_package_carries_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        packages = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert packages
        assert all("==" in line and line.endswith("\\") for line in packages)


def test_a_missing_browser_is_said_loudly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    setup = tool("setup")
    monkeypatch.delenv("QAFILA_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    setup.browser()
    assert "NO CHROMIUM: the browser tests will be SKIPPED" in capsys.readouterr().out


def test_every_step_runs_and_the_failed_are_named(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    check = tool("check")
    python = sys.executable
    steps = [("first", [python, "-c", "raise SystemExit(3)"]), ("second", [python, "-c", "print('second ran')"])]
    monkeypatch.setattr(check, "STEPS", steps)
    assert check.main() == 1
    told = capfd.readouterr().out
    assert "second ran" in told
    assert told.endswith("1 of 2 steps passed in 0 s.\nFAILED: first\n")
    monkeypatch.setattr(check, "STEPS", steps[1:])
    assert check.main() == 0


def test_what_runs_elsewhere_runs_make_test_and_nothing_else() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert commands[-1] == "exec make test"
    assert "make" not in "".join(commands[:-1])
