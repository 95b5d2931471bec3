"""Secrets in settings: read from the environment when they are used, and never shown."""

from __future__ import annotations

import os
import re

from tolok.errors import WorkspaceError

_ENVIRONMENT = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):([^\s@]*)@")
_PASSWORD_ARGUMENT = re.compile(r"(?i)\b(password|passwd|pwd|token|secret|api_?key|sslpassword)=[^\s&;]+")


def expanded(text: str) -> str:
    """A text with ``${NAME}`` replaced by the environment's values, for use and never for show."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in os.environ:
            raise WorkspaceError(
                f"The environment variable {name} is not set.", next_step=f"Set it: export {name}=…, then try again."
            )
        return os.environ[name]

    return _ENVIRONMENT.sub(value, text)


def redacted(text: str) -> str:
    """A text without the passwords that it holds, for messages and logs.

    >>> redacted("postgresql://ana:s3cret@db/sales?password=x")
    'postgresql://ana:***@db/sales?password=***'
    """
    return _PASSWORD_ARGUMENT.sub(r"\1=***", _PASSWORD.sub(r"\1:***@", text))
