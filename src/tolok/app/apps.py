"""The Django application that holds what people enter."""

from django.apps import AppConfig


class TolokApp(AppConfig):
    name = "tolok.app"
    label = "app"
    verbose_name = "Tolok"
    default_auto_field = "django.db.models.BigAutoField"
