import importlib
import logging

from django.apps import AppConfig
from django.conf import settings

log = logging.getLogger("qafila")


class KernelConfig(AppConfig):
    name = "qafila.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every room's reactions listen from the first moment, whichever room is used first."""
        for room in settings.ROOMS:
            try:
                importlib.import_module(f"qafila.{room}.reactions")
            except (ImportError, SyntaxError) as error:
                if getattr(error, "name", "") != f"qafila.{room}.reactions":
                    log.error("The reactions of %s do not listen: %s", room, error)
