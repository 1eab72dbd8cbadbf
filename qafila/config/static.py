"""Collects the static files, hashed and compressed, into the data directory (`python -m qafila.config.static`)."""

from __future__ import annotations

import os
from pathlib import Path

from qafila.config import fingerprint

STAMP = ".collected"


def needed(root: Path) -> bool:
    """Whether the collected files are not those of this code."""
    stamp = root / STAMP
    return not stamp.exists() or stamp.read_text() != fingerprint.static_files()


def main() -> None:
    """Collects into STATIC_ROOT."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    if settings.STATIC_ROOT is None:  # a developer's server reads them where they lie
        return
    digest = fingerprint.static_files()
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    (Path(settings.STATIC_ROOT) / STAMP).write_text(digest)


if __name__ == "__main__":
    main()
