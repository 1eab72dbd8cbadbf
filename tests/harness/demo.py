"""A database with the demo agency in it: loaded once in a process by `demo load`, cloned from then on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.test import override_settings

from tests.harness import template as templates
from tests.harness.office import TODAY
from tests.harness.point import pointed_at
from tests.harness.server import Server


@dataclass(frozen=True)
class Demo:
    """Where the loaded demo stands, to be cloned."""

    server: Server
    name: str

    @contextmanager
    def database(self) -> Iterator[str]:
        """Django works on a copy of the loaded demo inside the block, on the demo's day; yields its address."""
        from qafila.kernel import clock

        with templates.clone(self.server, self.name) as name:
            url = self.server.app(name)
            with pointed_at(url), clock.standing_at(TODAY):
                yield url


@contextmanager
def loaded(server: Server, template_database: str, home: Path) -> Iterator[Demo]:
    """The demo, loaded into a database of its own."""
    from qafila.config.demo import load
    from qafila.kernel import clock

    with templates.clone(server, template_database) as name:
        with pointed_at(server.app(name)), clock.standing_at(TODAY), override_settings(DATA_DIR=home):
            load(lambda _: None)
        yield Demo(server, name)
