from __future__ import annotations

import pytest

from qafila.identity.browsers import browser_name

ON_LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("says", "name"),
    [
        (ON_LINUX + "Chrome/140.0.0.0 Safari/537.36", "Chrome · Linux"),
        (ON_LINUX + "Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge · Linux"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", "Firefox · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(says: str, name: str) -> None:
    assert browser_name(says) == name
