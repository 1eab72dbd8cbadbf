"""The browser of the browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def launched() -> Iterator[Browser]:
    """Debian's Chromium without a window; skips the test, with the remedy, where there is none."""
    path = os.environ.get("QAFILA_CHROMIUM") or next((p for name in NAMES if (p := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed: run `apt-get install chromium` as root")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root; the pages it opens are our own.
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=[*sandbox, "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()
