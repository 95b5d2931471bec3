"""Addresses of the settings."""

from django.urls import path

from tolok.web.settings import audit, forgetting, people, rates, teams, view

urlpatterns = [
    path("settings/", view.first, name="settings"),
    path("settings/people/", people.people, name="settings-people"),
    path("settings/people/left/lock/", people.lock_left, name="settings-lock-left"),
    path("settings/people/<int:user_id>/", people.person, name="settings-person"),
    path("settings/people/<int:user_id>/link/", people.link, name="settings-link"),
    path("settings/people/<int:user_id>/withdraw/", people.withdraw, name="settings-withdraw"),
    path("settings/people/<int:user_id>/lock/", people.lock, name="settings-lock"),
    path("settings/people/<int:user_id>/sign-out/", people.sign_out, name="settings-sign-out"),
    path("settings/people/<int:user_id>/second-off/", people.second_off, name="settings-second-off"),
    path("settings/teams/", teams.teams, name="settings-teams"),
    path("settings/teams/take-back/", teams.take_back, name="settings-take-back"),
    path("settings/teams/leader/take-back/", teams.take_leader_back, name="settings-take-leader-back"),
    path("settings/organisation/", view.organisation, name="settings-organisation"),
    path("settings/sight/", view.sight, name="settings-sight"),
    path("settings/calendar/", view.calendar, name="settings-calendar"),
    path("settings/money/", rates.money, name="settings-money"),
    path("settings/keeping/", forgetting.keeping, name="settings-keeping"),
    path("settings/keeping/forget/", forgetting.preview, name="settings-forget"),
    path("settings/keeping/forget/confirmed/", forgetting.confirmed, name="settings-forget-confirmed"),
    path("settings/audit/", audit.audit, name="settings-audit"),
]
