"""Addresses of the catalogue and of the builder."""

from django.urls import path

from tolok.web.kpis import building, file, past
from tolok.web.kpis.view import kpis

urlpatterns = [
    path("kpis/", kpis, name="kpis"),
    path("kpis/new/", building.new, name="kpis-new"),
    path("kpis/new/file/", file.file, name="kpis-file-new"),
    path("kpis/<slug:kpi_id>/edit/", building.edit, name="kpis-edit"),
    path("kpis/<slug:kpi_id>/file/", file.file, name="kpis-file"),
    path("kpis/<slug:kpi_id>/choose/", past.choose, name="kpis-choose"),
    path("kpis/<slug:kpi_id>/history/", past.history, name="kpis-history"),
    path("kpis/<slug:kpi_id>/restore/", past.restore, name="kpis-restore"),
    path("kpis/<slug:kpi_id>/delete/", past.delete, name="kpis-delete"),
]
