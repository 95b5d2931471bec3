"""Addresses that belong to no page: the first one, and the list of all pages for a phone."""

from django.urls import path

from tolok.web.layout import views

urlpatterns = [
    path("", views.home, name="home"),
    path("more/", views.more, name="more"),
]
