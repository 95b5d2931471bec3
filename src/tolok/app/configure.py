"""Django, configured for one workspace: one served process serves one workspace.

There is no settings module to edit: everything an organisation decides is in ``tolok.toml``, and everything else is
decided here.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tolok.app import place
from tolok.errors import DefinitionError, WorkspaceError
from tolok.settings import Settings, load
from tolok.settings.secrets import expanded, redacted

SECRET = "app.secret"  # noqa: S105 - the name of the file, not its content
DATABASE = "app.sqlite3"
WEB = Path(__file__).parent.parent / "web"
LANGUAGES = (("en", "English"), ("id", "Bahasa Indonesia"))


def configure(folder: Path, *, debug: bool = False, hosts: tuple[str, ...] = ()) -> None:
    """Set Django up for a workspace folder. To be called once in a process, before anything of Django is imported."""
    from django.conf import settings

    if settings.configured:
        if place.folder() != folder.resolve():
            raise DefinitionError("This process serves another workspace already.", next_step="Start another one.")
        return
    place.use(folder)
    settings.configure(**options(folder, load(folder), debug=debug, hosts=hosts))
    import django

    django.setup()


def options(folder: Path, own: Settings, *, debug: bool = False, hosts: tuple[str, ...] = ()) -> dict[str, Any]:
    """Django's settings for a workspace."""
    from tolok.locale import compiled

    return {
        "DEBUG": debug,
        "SECRET_KEY": _secret(folder),
        "ALLOWED_HOSTS": allowed(own, hosts),
        "ROOT_URLCONF": "tolok.web.urls",
        "WSGI_APPLICATION": "tolok.web.wsgi.application",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_USER_MODEL": "app.User",
        "DATABASES": {"default": database(folder, own.app_url)},
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.humanize",
            "django_htmx",
            "allauth",
            "allauth.account",
            "allauth.mfa",
            "allauth.usersessions",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
            "tolok.app",
            "tolok.web",
        ],
        "MIDDLEWARE": [
            "tolok.web.security.SecurityHeaders",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "tolok.web.limits.UploadLimit",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "tolok.app.sessions.Seen",
            "allauth.account.middleware.AccountMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
            "tolok.web.language.Language",
            "tolok.web.visitor.Visitor",
            "tolok.web.faults.Faults",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(WEB), str(WEB / "signin" / "templates")],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                        "tolok.web.layout.context.layout",
                    ],
                    "builtins": ["tolok.web.look.tags", "django.templatetags.i18n"],
                },
            }
        ],
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "PASSWORD_HASHERS": [
            "django.contrib.auth.hashers.Argon2PasswordHasher",
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        ],
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
                "OPTIONS": {"min_length": 10},
            },
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        ],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "home",
        "ACCOUNT_LOGIN_METHODS": {"email"},
        "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_ADAPTER": "tolok.app.accounts.AccountAdapter",
        "MFA_ADAPTER": "tolok.app.accounts.SecondFactorAdapter",
        "SOCIALACCOUNT_ADAPTER": "tolok.app.accounts.SocialAccountAdapter",
        "ACCOUNT_LOGOUT_ON_GET": False,
        "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
        "ACCOUNT_RATE_LIMITS": {"login_failed": "5/5m/key,20/5m/ip", "login": "60/m/ip"},
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_FORMS": {"login": "tolok.web.signin.forms.SignIn"},
        "ACCOUNT_REAUTHENTICATION_REQUIRED": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ALLAUTH_TRUSTED_PROXY_COUNT": own.proxies,
        "SOCIALACCOUNT_ONLY": False,
        "SOCIALACCOUNT_LOGIN_ON_GET": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_PROVIDERS": {"openid_connect": {"APPS": _sign_ons(own), "OAUTH_PKCE_ENABLED": True}},
        "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
        "SESSION_COOKIE_NAME": "tolok_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_AGE": 14 * 24 * 3600,
        "CSRF_COOKIE_NAME": "tolok_csrf",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_FAILURE_VIEW": "tolok.web.faults.csrf_refused",
        "X_FRAME_OPTIONS": "DENY",
        **_transport(own),
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 5 * 1024 * 1024,
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 1024 * 1024,
        "USE_TZ": True,
        "TIME_ZONE": own.timezone,
        "USE_I18N": True,
        "LANGUAGE_CODE": own.language,
        "LANGUAGES": [item for item in LANGUAGES if item[0] in own.languages],
        "LOCALE_PATHS": [str(compiled())],
        "STATIC_URL": "/static/",
        "STATIC_ROOT": None,
        "WHITENOISE_ROOT": None,
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        **_mail(own),
        "SILENCED_SYSTEM_CHECKS": ["account.W001"],
        "LOGGING": {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"stderr": {"class": "logging.StreamHandler"}},
            "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR"}},
        },
    }


def allowed(own: Settings, hosts: tuple[str, ...]) -> list[str]:
    """The names under which pages are served: this machine's, those given at the start, and ``public_url``'s.

    A request for any other name is refused, so that no link in an invitation can be made to lead elsewhere.
    """
    public = urlsplit(own.public_url).hostname
    return sorted({"localhost", "127.0.0.1", "[::1]", *hosts, *([public] if public else ())})


def _transport(own: Settings) -> dict[str, Any]:
    """What https changes: cookies that go over it alone, and browsers that remember to come by it."""
    found: dict[str, Any] = {}
    if own.public_url:
        found["CSRF_TRUSTED_ORIGINS"] = [own.public_url.rstrip("/")]
    if own.proxies:
        found["SECURE_PROXY_SSL_HEADER"] = ("HTTP_X_FORWARDED_PROTO", "https")
    if own.public_url.startswith("https://"):
        found |= {
            "SESSION_COOKIE_SECURE": True,
            "CSRF_COOKIE_SECURE": True,
            "LANGUAGE_COOKIE_SECURE": True,
            "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https",
        }
    return found


def _mail(own: Settings) -> dict[str, Any]:
    """By which server mail goes; none is sent in clear text over a network."""
    if not own.mail_url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(expanded(own.mail_url))
    host = parts.hostname or "localhost"
    user = unquote(parts.username or "")
    secure = parts.scheme == "smtps"
    near = host in ("localhost", "127.0.0.1")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": parts.port or (465 if secure else 25 if near else 587),
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure and not near,
        "EMAIL_TIMEOUT": 15,
        "DEFAULT_FROM_EMAIL": own.mail_from or (user if "@" in user else f"tolok@{host}"),
    }


def _sign_ons(own: Settings) -> list[dict[str, Any]]:
    """The single sign-ons as the sign-in library wants them; their secrets come from the environment."""
    return [
        {
            "provider_id": item.id,
            "name": item.name,
            "client_id": item.client_id,
            "secret": expanded(item.secret),
            "settings": {"server_url": item.server_url, "oauth_pkce_enabled": True},
        }
        for item in own.sign_on
    ]


def database(folder: Path, url: str) -> dict[str, Any]:
    """Where app rows live: a file of the workspace, or the PostgreSQL database of ``app_url``."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / DATABASE),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = _address(folder, url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise DefinitionError(
            f"app_url cannot be a {parts.scheme or 'nameless'} database.",
            file=str(folder / "tolok.toml"),
            next_step="Leave it empty for a file in the workspace, or give postgresql://user:${PASSWORD}@host/name.",
        )
    if find_spec("psycopg") is None:
        raise WorkspaceError(
            "What people enter is kept on PostgreSQL (app_url), which needs the package psycopg.",
            next_step="Install it: pip install 'tolok[postgres]'",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **dict(parse_qsl(parts.query))},
    }


def _address(folder: Path, url: str) -> SplitResult:
    """The parts of ``app_url``, which may hold a password that no message shows."""
    try:
        parts = urlsplit(expanded(url))
        _ = parts.port  # a port that is no number is refused here
    except ValueError:
        raise DefinitionError(
            "app_url is no address of a database.",
            file=str(folder / "tolok.toml"),
            next_step="Give postgresql://user:${PASSWORD}@host/name; write %40 for an @ in a password.",
        ) from None
    return parts


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what the app's database says into an error that a person can act on, without its password."""
    from django.db import DatabaseError, OperationalError

    try:
        yield
    except OperationalError as error:
        raise WorkspaceError(
            f"The database of what people enter cannot be used: {_said(error)}.",
            next_step="Check whether it runs, and app_url in tolok.toml.",
        ) from None
    except DatabaseError as error:
        raise WorkspaceError(f"The database of what people enter refused: {_said(error)}.") from error


def _said(error: Exception) -> str:
    lines = redacted(str(error)).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _secret(folder: Path) -> str:
    """The key that signs sessions; made once and readable by its owner alone."""
    path = folder / SECRET
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        key = secrets.token_urlsafe(48)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key)
        return key
