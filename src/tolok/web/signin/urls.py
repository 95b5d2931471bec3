"""Addresses of signing in: those of the library that are used, the first visit, invitations and one's own account."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import path

from tolok.web.signin import sign_on
from tolok.web.signin.account import account as own_account
from tolok.web.signin.account import end_session, nothing
from tolok.web.signin.forgotten import forgotten
from tolok.web.signin.setup import setup
from tolok.web.signin.welcome import welcome

urlpatterns = [
    path("setup/", setup, name="setup"),
    path("welcome/<str:secret>/", welcome, name="welcome"),
    path("account/forgotten/", forgotten, name="forgotten"),
    path("account/", own_account, name="account"),
    path("account/sessions/<int:session_id>/end/", end_session, name="account-end"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/locked/", account.account_inactive, name="account_inactive"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", nothing, name="account_set_password"),
    path("account/second/", second.index, name="mfa_index"),
    path("account/second/code/", second.authenticate, name="mfa_authenticate"),
    path("account/second/confirm/", second.reauthenticate, name="mfa_reauthenticate"),
    path("account/second/begin/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second/end/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/second/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/with/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/with/error/", social.login_error, name="socialaccount_login_error"),
    path("account/with/new/", nothing, name="socialaccount_signup"),
    path("account/with/<slug:provider_id>/", sign_on.go, name="openid_connect_login"),
    path("account/with/<slug:provider_id>/back/", sign_on.back, name="openid_connect_callback"),
]
