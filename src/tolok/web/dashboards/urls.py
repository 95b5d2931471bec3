"""Addresses of dashboards."""

from django.urls import path

from tolok.web.dashboards import editing, tv, view

urlpatterns = [
    path("dashboards/", view.dashboards, name="dashboards"),
    path("dashboards/new/", view.new, name="dashboards-new"),
    path("dashboards/tv/", tv.tv, name="dashboards-tv"),
    path("dashboards/<int:dashboard_id>/", view.one, name="dashboards-one"),
    path("dashboards/<int:dashboard_id>/edit/", editing.edit, name="dashboards-edit"),
    path("dashboards/<int:dashboard_id>/arrange/", editing.arrange, name="dashboards-arrange"),
    path("dashboards/<int:dashboard_id>/cards/", editing.card, name="dashboards-add"),
    path("dashboards/<int:dashboard_id>/cards/<slug:card_id>/", editing.card, name="dashboards-card"),
    path("dashboards/<int:dashboard_id>/copy/", editing.duplicate, name="dashboards-copy"),
    path("dashboards/<int:dashboard_id>/delete/", editing.delete, name="dashboards-delete"),
]
