"""Addresses of people."""

from django.urls import path

from tolok.web.people.view import people, rep

urlpatterns = [
    path("people/", people, name="people"),
    path("people/<path:rep_id>/", rep, name="people-rep"),
]
