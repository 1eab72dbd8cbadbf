from django.apps import AppConfig


class TaxConfig(AppConfig):
    name = "qafila.tax"
    label = "tax"
    default_auto_field = "django.db.models.BigAutoField"
