"""How accounts come to be: by invitation and by the organisation's single sign-on, never by signing oneself up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up; the same words whether an address is known or not."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail and password do not fit together."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """Codes of an authenticator app, under the workspace's name."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or it was used already."),
    }

    def get_totp_issuer(self) -> str:
        from tolok.app import place

        return f"Tolok {place.workspace().settings.name}".strip()


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts that an administrator made; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def authenticate_by_email(self, login: Any) -> Any:
        """Whoever has the address that the provider has verified; a provider that only says so is not enough.

        The administrator vouched for the address when they wrote it down, so the password that goes with it stays.
        """
        from allauth.account.models import EmailAddress

        if not _verified(login.account.extra_data):
            return None
        found = super().authenticate_by_email(login)
        if found is not None:
            user, email = found
            if user.email != email.casefold():
                return None
            EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
            EmailAddress.objects.update_or_create(
                user=user, email=user.email, defaults={"verified": True, "primary": True}
            )
        return found


def _verified(told: dict[str, Any]) -> bool:
    """Whether the provider says that it has verified the address: the word true, not merely something."""
    claims = [part for part in (told.get("userinfo"), told.get("id_token"), told) if isinstance(part, dict)]
    said = next((part["email_verified"] for part in claims if "email_verified" in part), False)
    return said is True or said == "true"
