from django.apps import AppConfig


class VisasConfig(AppConfig):
    name = "qafila.visas"
    label = "visas"
    default_auto_field = "django.db.models.BigAutoField"
