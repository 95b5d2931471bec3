"""Every address: each page folder's own, and nothing else."""

from django.urls import include, path

from tolok.web.pages import folders

urlpatterns = [path("", include(f"tolok.web.{folder}.urls")) for folder in folders()]
handler400 = "tolok.web.faults.bad_request"
handler403 = "tolok.web.faults.refused"
handler404 = "tolok.web.faults.not_found"
handler500 = "tolok.web.faults.broken"
