"""The house keeps its own rules; each rule is shown to notice what breaks it."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from tests.harness.server import ROOT
from tests.house import rules
from tests.house.rules import File, Rule

# Who may do otherwise, and why. One that is not needed any more is taken off: a test says so.
EXCEPTIONS: dict[str, dict[str, str]] = {
    "one_transaction_an_event": {
        "identity/lockout.py": "a failed log-in is counted though the log-in is refused",
        "identity/registry.py": "fills the rights after a migration; nobody's business event",
        "sales/importing.py": "savepoints of an import that is rehearsed row by row",
    },
    "one_clock": {
        "identity/jobs.py": "rows of django-axes, which asks Django's clock",
        "identity/lockout.py": "rows of django-axes, which asks Django's clock",
        "identity/second_factor.py": "rows of django-allauth, which asks Django's clock",
    },
    "no_floats": {
        "kernel/listing.py": "a spreadsheet's cells are floats",
        "kernel/ui/charts.py": "the height of a bar, in pixels",
    },
    "doors_do_not_read_tables": {
        "sales/web/drafts.py": "the wizard's own notes, of the person who keeps them",
        "sales/web/imports.py": "the import screen's own runs, of the person who started them",
    },
    "actions_name_their_actor": {
        "groups/actions/notice_departure.py": "the calendar does it, by a job",
        "identity/actions/end_sessions.py": "one's own sessions",
        "identity/actions/reset_password.py": "nobody is signed in yet; the mailed link is the right",
        "identity/actions/revoke_token.py": "one's own token; another's needs admin.tokens, by a helper",
        "identity/actions/two_factor.py": "one's own second factor",
        "notifications/actions/settle_message.py": "the job worker's own",
        "notifications/actions/take_message.py": "the job worker's own",
        "sales/importing.py": "the rehearsal of a whole import; the rights are checked before it",
        "sales/actions/import_booking.py": "the rights are checked before the first row, by importing.py",
    },
}


@cache
def source() -> tuple[File, ...]:
    return tuple(rules.files())


def broken(rule: Rule) -> dict[str, list[str]]:
    return {file.path: told for file in source() if (told := list(rule(file)))}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    allowed = EXCEPTIONS.get(rule.__name__, {})
    told = [f"qafila/{path}, {line}" for path, lines in broken(rule).items() if path not in allowed for line in lines]
    assert not told, f"{rule.__doc__}\n" + "\n".join(told)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_no_exception_outlives_its_reason(rule: Rule) -> None:
    needless = set(EXCEPTIONS.get(rule.__name__, {})) - set(broken(rule))
    assert not needless, f"these keep the rule now, take them off the exceptions: {sorted(needless)}"


SAID, NEEDED = '"""Do x."""', 'actor.need("a.b")'
BREACHES: list[tuple[Rule, str, str]] = [
    (rules.one_transaction_an_event, "sales/steps.py", "with transaction.atomic():\n    pass"),
    (rules.one_transaction_an_event, "sales/steps.py", "@atomic()\ndef f(): pass"),
    (rules.one_clock, "sales/rules.py", "today = datetime.date.today()"),
    (rules.one_clock, "sales/rules.py", "now = timezone.now()"),
    (rules.no_floats, "billing/rules.py", "x = float(amount)"),
    (rules.doors_do_not_read_tables, "sales/web/bookings.py", "rows = Booking.objects.all()"),
    (rules.doors_do_not_read_tables, "sales/api.py", "rows = Booking.objects.all()"),
    (rules.actions_name_their_actor, "sales/actions/x.py", f"@action\ndef x(actor, *, n):\n    {SAID}\n    {NEEDED}"),
    (rules.actions_name_their_actor, "sales/actions/x.py", f"@action\ndef x(*, n, actor):\n    {SAID}\n    {NEEDED}"),
    (rules.actions_name_their_actor, "sales/actions/x.py", f"@action\ndef x(*, actor):\n    {SAID}"),
    (rules.actions_name_their_actor, "sales/actions/x.py", f"@action\ndef x(*, actor):\n    {NEEDED}"),
    (rules.actions_are_entered_by_the_doors, "sales/steps.py", "from qafila.groups.actions.x import x"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BREACHES)
def test_a_breach_is_noticed(rule: Rule, path: str, text: str) -> None:
    assert list(rule(rules.parsed(path, text)))


def test_what_is_allowed_is_not_a_breach() -> None:
    allowed = [
        (rules.one_transaction_an_event, "kernel/transaction.py", "with transaction.atomic():\n    pass"),
        (rules.one_clock, "kernel/clock.py", "datetime.now(UTC)"),
        (rules.doors_do_not_read_tables, "sales/queries.py", "Booking.objects.all()"),
        (rules.actions_are_entered_by_the_doors, "operations/web/x.py", "from qafila.sales.actions.y import y"),
        (rules.actions_are_entered_by_the_doors, "sales/steps.py", "from qafila.sales.actions.y import y"),
    ]
    for rule, path, text in allowed:
        assert list(rule(rules.parsed(path, text))) == []


def test_every_room_says_what_it_is(tmp_path: Path) -> None:
    told = [rules.read_me(rules.HOUSE / room) for room in settings.ROOMS]
    assert not any(told), "\n".join(filter(None, told))
    assert rules.read_me(tmp_path)


def test_a_lower_room_that_imports_a_higher_one_is_caught(tmp_path: Path) -> None:
    """The contract of pyproject.toml itself, on a house of empty rooms in which groups looks up to sales."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = [room.strip("()") for room in contract["contracts"][0]["layers"]]
    assert layers.index("sales") < layers.index("groups"), "the higher room comes first"
    for room in (*layers, "."):
        (tmp_path / "qafila" / room).mkdir(parents=True, exist_ok=True)
        (tmp_path / "qafila" / room / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())

    def lint() -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
        environment = {"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    built = lint()
    assert built.returncode == 0, built.stdout + built.stderr
    (tmp_path / "qafila" / "groups" / "steps.py").write_text("import qafila.sales\n")
    caught = lint()
    assert caught.returncode != 0
    assert "qafila.groups.steps -> qafila.sales" in caught.stdout, caught.stdout


def test_every_room_has_its_floor() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = {room.strip("()") for room in contract["contracts"][0]["layers"]}
    assert set(settings.ROOMS) <= floors
    assert {path.name for path in rules.HOUSE.iterdir() if (path / "__init__.py").exists()} <= floors
