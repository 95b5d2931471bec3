"""The address of the catalogue."""

from django.urls import path

from tolok.web.kpis.view import kpis

urlpatterns = [path("kpis/", kpis, name="kpis")]
