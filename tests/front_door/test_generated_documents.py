"""The documents that are generated from the code say what the code says."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from qafila.config.cli import cli
from tests.harness.server import ROOT


@pytest.mark.parametrize(
    ("command", "file"), [("facts", "facts.md"), ("states", "lifecycles.md"), ("rights", "rights.md")]
)
def test_the_document_is_the_code(command: str, file: str) -> None:
    """When this fails: read the difference as a reviewer would, then `qafila <command> export > docs/<file>`."""
    printed = CliRunner().invoke(cli, [command, "export"])
    assert printed.exit_code == 0
    assert (ROOT / "docs" / file).read_text() == printed.stdout
