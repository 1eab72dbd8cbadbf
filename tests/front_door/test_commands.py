"""The command `qafila`, at work on a database that DATABASE_URL names."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from qafila.config import cli
from tests.harness.live import Live


@pytest.fixture
def command(committed_db: str, monkeypatch: pytest.MonkeyPatch, tmp_path):
    """Runs `qafila …` on this test's own database, as DATABASE_URL would have it."""
    monkeypatch.setenv("DATABASE_URL", committed_db)
    monkeypatch.setenv("QAFILA_DATA_DIR", str(tmp_path))

    def run(*words: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(cli.cli, words, input=typed)

    return run


def test_the_first_person_of_an_agency_and_their_token(command, live: Live) -> None:
    made = command("user", "create", "--email", "ceo@example.com", "--name", "Noor", "--role", "ceo", typed="\n")
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines()[-1].startswith("ceo@example.com may log in, password: ")

    shown = command("token", "create", "--user", "CEO@example.com", "--name", "test", "--days", "1")
    assert shown.exit_code == 0, shown.output
    token = shown.stdout.splitlines()[-1]
    assert token.startswith("qf_live_")
    with live.client(token) as client:
        me = client.get("/api/v1/auth/me")
        assert me.status_code == 200, me.text
        assert me.json()["email"] == "ceo@example.com"
    with live.client() as stranger:
        assert stranger.get("/api/v1/auth/me").status_code == 401


def test_what_an_operator_gets_wrong_is_one_sentence(command) -> None:
    nobody = command("token", "create", "--user", "nobody@example.com")
    assert cli.in_one_sentence(nobody.exception) == "Nobody logs in with the e-mail address nobody@example.com."
    role = command(
        "user", "create", "--email", "x@example.com", "--name", "X", "--role", "pope", "--password", "generate"
    )
    assert "POPE" in str(cli.in_one_sentence(role.exception))


def test_an_empty_house_is_in_order(command) -> None:
    for words in (("verify",), ("ledger", "verify")):
        done = command(*words)
        assert (done.exit_code, done.stdout) == (0, ""), done.output


def test_a_difference_ends_with_exit_code_1(command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qafila.reports.verify.verify_all", lambda: ["block 7: 3 seats sold, 2 seats moved"])
    done = command("verify")
    assert done.stdout == "block 7: 3 seats sold, 2 seats moved\n"
    assert cli.in_one_sentence(done.exception) == "1 difference."


def test_documents_are_printed_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nowhere")
    for words, title in ((("rights",), "# Rights"), (("facts",), "# Facts"), (("states",), "# Lifecycles")):
        assert CliRunner().invoke(cli.cli, [*words, "export"]).stdout.startswith(title)
    document = json.loads(CliRunner().invoke(cli.cli, ["openapi"]).stdout)
    assert document["info"]["title"] == "Qafila"
    assert "/api/v1/auth/me" in document["paths"]
