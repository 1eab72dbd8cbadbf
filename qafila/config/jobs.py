"""Jobs: what procrastinate runs."""

from __future__ import annotations

from procrastinate import App


def on_app_ready(app: App) -> None:
    """Import the jobs of every room."""
