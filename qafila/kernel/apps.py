import importlib
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings


class KernelConfig(AppConfig):
    name = "qafila.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every room's reactions listen from the first moment, whichever room is used first."""
        for room in settings.ROOMS:
            if find_spec(f"qafila.{room}.reactions") is not None:
                importlib.import_module(f"qafila.{room}.reactions")
