"""Addresses of files."""

from django.urls import path

from tolok.web.files import view

urlpatterns = [
    path("files/<int:job_id>/", view.file, name="files-file"),
    path("files/<int:job_id>/download/", view.download, name="files-download"),
]
