"""Addresses of records."""

from django.urls import path

from tolok.web.records.view import record

urlpatterns = [path("records/<slug:fact>/<path:record_id>/", record, name="records")]
