"""The address of today."""

from django.urls import path

from tolok.web.today.view import today

urlpatterns = [path("today/", today, name="today")]
