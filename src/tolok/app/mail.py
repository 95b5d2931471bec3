"""Mail, where the organisation has a server for it: links to choose a password, and nothing else."""

from __future__ import annotations

import logging
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.app.models import User
from tolok.settings.secrets import redacted

log = logging.getLogger("tolok.web")


def is_on() -> bool:
    """Whether there is a server to send by, and was when this process began: it is set up once."""
    return bool(place.workspace().settings.mail_url) and "dummy" not in settings.EMAIL_BACKEND


def send_link(user: User, link: str, *, wait: bool = False) -> None:
    """Mail a person the link with which they choose a password; beside the request, so that its time tells nothing.

    What cannot be sent is written to the server's log, without the link.
    """
    name = place.workspace().settings.name or "Tolok"
    message = EmailMessage(
        _("Choose your password for %(organisation)s") % {"organisation": name.replace("\n", " ").replace("\r", " ")},
        _(
            "Hello %(name)s,\n\nwith this link you choose your password. It works once, and not for long:\n\n%(link)s\n\n"
            "If you did not ask for it, do nothing: your password stays as it is.\n"
        )
        % {"name": user, "link": link},
        to=[user.email],
    )
    if wait:
        _send(message)
    else:
        Thread(target=_send, args=(message,), daemon=True).start()


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except OSError as error:  # SMTPException is one
        log.error("A link could not be mailed: %s", redacted(str(error)))
