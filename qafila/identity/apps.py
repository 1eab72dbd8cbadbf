from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IdentityConfig(AppConfig):
    name = "qafila.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qafila.identity.registry import fill_after_migration

        post_migrate.connect(fill_after_migration, sender=self, dispatch_uid="identity.fill_rights")
