"""The pages as a Django application, so that template tags and tests find them."""

from django.apps import AppConfig


class TolokWeb(AppConfig):
    name = "tolok.web"
    label = "web"
