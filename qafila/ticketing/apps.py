from django.apps import AppConfig


class TicketingConfig(AppConfig):
    name = "qafila.ticketing"
    label = "ticketing"
    default_auto_field = "django.db.models.BigAutoField"
