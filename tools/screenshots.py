"""The pictures of README and docs, taken anew from a running demo.

.venv/bin/python tools/screenshots.py http://127.0.0.1:8000 PASSWORD
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.harness import chromium  # noqa: E402 - the checkout is on the path only now

ALBUM = ROOT / "docs" / "screenshots"
WIDE, TALL = 1280, 800
# What a scrollbar would take is a blank strip in a picture.
NO_STRIP = "html { scrollbar-gutter: auto !important; overflow: hidden }"
SETTLED = "() => ![...document.querySelectorAll('.skeleton, .htmx-request')].some(e => e.checkVisibility())"


def main(url: str, password: str) -> None:
    """Sign in as the demo's chief executive and walk to each page."""
    ALBUM.mkdir(parents=True, exist_ok=True)
    with chromium.launched() as browser:
        page = browser.new_context(viewport={"width": WIDE, "height": TALL}, bypass_csp=True).new_page()
        page.goto(f"{url}/login")
        page.get_by_label("E-mail").fill("ceo@noorqafila.example")
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/app")
        take(page, "home")
        page.goto(f"{url}/groups")
        page.locator("main a[href^='/groups/']").filter(has_text="UMR").first.click()
        page.wait_for_url("**/groups/UMR*")
        take(page, "group")
        page.goto(f"{url}/sales/bookings?sort=balance")
        page.locator("#list tbody a").first.click()
        page.wait_for_url("**/sales/bookings/BK-*")
        take(page, "booking")


def take(page: Page, name: str) -> None:
    page.add_style_tag(content=NO_STRIP)
    page.wait_for_function(SETTLED)
    page.mouse.move(WIDE / 2, TALL - 4)
    target = ALBUM / f"{name}.png"
    page.screenshot(path=target, animations="disabled")
    print(f"{target}: {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main(*sys.argv[1:3])
