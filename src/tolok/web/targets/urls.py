"""Addresses of targets."""

from django.urls import path

from tolok.web.targets import by_hand, from_file, from_last_year, one, sentence, sharing, view

urlpatterns = [
    path("targets/", view.targets, name="targets"),
    path("targets/approve/", view.approve, name="targets-approve"),
    path("targets/accept/", view.accept, name="targets-accept"),
    path("targets/new/", by_hand.by_hand, name="targets-new"),
    path("targets/sentence/", sentence.sentence, name="targets-sentence"),
    path("targets/share/", sharing.sharing, name="targets-share"),
    path("targets/file/", from_file.from_file, name="targets-file"),
    path("targets/last-year/", from_last_year.from_last_year, name="targets-last-year"),
    path("targets/<int:pk>/", one.one, name="targets-one"),
]
