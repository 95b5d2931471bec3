"""Addresses of the data."""

from django.urls import path

from tolok.web.data import again, bring, compare, history, left_out, mapping, matches, quality, sources, work
from tolok.web.data.view import data

urlpatterns = [
    path("data/", data, name="data"),
    path("data/upload/", bring.upload, name="data-upload"),
    path("data/path/", bring.from_path, name="data-path"),
    path("data/refresh/", bring.refresh, name="data-refresh"),
    path("data/jobs/<int:job_id>/", work.job, name="data-job"),
    path("data/jobs/<int:job_id>/import/", work.confirm, name="data-confirm"),
    path("data/jobs/<int:job_id>/cancel/", work.cancel, name="data-cancel"),
    path("data/rejects/<str:import_id>/", history.rejects, name="data-rejects"),
    path("data/left-out/<str:import_id>/", left_out.left_out, name="data-left-out"),
    path("data/rollback/", history.rollback, name="data-rollback"),
    path("data/matches/", matches.matches, name="data-matches"),
    path("data/matches/decide/", matches.match, name="data-match"),
    path("data/mapping/<str:source>/", mapping.mapping, name="data-mapping"),
    path("data/mapping/<str:source>/table/", mapping.table, name="data-mapping-table"),
    path("data/mapping/<str:source>/leave-out/", mapping.leave_out, name="data-mapping-out"),
    path("data/mapping/<str:source>/whole/", mapping.whole, name="data-mapping-whole"),
    path("data/mapping/<str:source>/try/", again.again, name="data-mapping-try"),
    path("data/sources/new/", sources.add, name="data-source-new"),
    path("data/source/<str:name>/", sources.edit, name="data-source"),
    path("data/source/<str:name>/test/", sources.test, name="data-source-test"),
    path("data/source/<str:name>/remove/", sources.remove, name="data-source-remove"),
    path("data/compare/", compare.compare, name="data-compare"),
    path("data/quality/", quality.quality, name="data-quality"),
]
