"""The scorecard's address."""

from django.urls import path

from tolok.web.scorecard.view import scorecard

urlpatterns = [path("scorecard/", scorecard, name="scorecard")]
