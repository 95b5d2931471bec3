"""Addresses of signing in: the library's own, and the first visit."""

from django.urls import include, path

from tolok.web.signin.setup import setup

urlpatterns = [
    path("setup/", setup, name="setup"),
    path("account/", include("allauth.urls")),
]
