"""Addresses of one KPI."""

from django.urls import path

from tolok.web.kpi.rows import rows
from tolok.web.kpi.view import kpi

urlpatterns = [
    path("kpi/<slug:kpi_id>/", kpi, name="kpi"),
    path("kpi/<slug:kpi_id>/rows/", rows, name="kpi-rows"),
]
